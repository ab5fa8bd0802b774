"""The figures of the documents, as the commands print them: tables by name, and single figures by name."""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import accumulate

import tyez_bench
from generated import check_reading, noise, stress_reading
from generated.maker import ANNOTATIONS, DATA
from tyez_bench.dataset.statistics import statistics
from tyez_bench.gold.build.adjudication import read_log
from tyez_bench.gold.build.page import EVIDENCE, read_layout, read_page
from tyez_bench.gold.gold import data_dir
from tyez_bench.gold.manifest import read_manifest
from tyez_bench.io.read import read_predictions
from tyez_bench.leaderboard.standings import Standing, read_entries, standings
from tyez_bench.report.table import figure, render
from tyez_bench.report.tables.comparisons import power_table
from tyez_bench.report.tables.gold import agreement_tables, layers_table
from tyez_bench.report.tables.leaderboard import coverage_table, slips_table
from tyez_bench.report.tables.scores import report_tables
from tyez_bench.scoring.agreement import Agreement, alpha, character_labels
from tyez_bench.scoring.comparison import NUMBER, Comparison, compare
from tyez_bench.stress.suite import suite
from tyez_bench.systems import DEFAULT, SYSTEMS


@cache
def reports(names: Iterable[str]) -> list[tyez_bench.Report]:
    """The committed predictions of these systems, scored."""
    gold = tyez_bench.load()
    folder = DATA / "predictions"
    return [
        tyez_bench.score(
            gold, read_predictions(folder / f"{name}.jsonl", gold, labels=SYSTEMS[name].labels), system=name
        )
        for name in names
    ]


@cache
def pairs() -> list[Comparison]:
    """Every pair of the systems that run by default, in the order of the file names of their predictions."""
    return compare(reports(tuple(sorted(DEFAULT))))


@cache
def committed() -> list[Comparison]:
    """Every pair of the committed predictions, over all types, as ``tyez-bench power`` compares them."""
    gold = tyez_bench.load()
    paths = sorted((DATA / "predictions").glob("*.jsonl"))
    settings = tyez_bench.Settings(all_types=True)
    return compare([tyez_bench.score(gold, read_predictions(p, gold), system=p.stem, settings=settings) for p in paths])


@cache
def passes() -> Agreement:
    """The agreement of the two passes."""
    return tyez_bench.agreement(*(tyez_bench.load(data_dir() / "passes" / f"{name}.jsonl") for name in "AB"))


def first() -> str:
    """The first table that ``tyez-bench run lac --score`` prints."""
    return _fenced(render(report_tables(reports(("lac",))[0])[:1]))


def power() -> str:
    """As ``tyez-bench power data/predictions/{jieba,jionlp,thulac}.jsonl`` prints it."""
    return _fenced(render([power_table(pairs(), reports(tuple(sorted(DEFAULT))), NUMBER)]))


def agree() -> str:
    """As ``tyez-bench agree`` prints it."""
    both = [tyez_bench.load(data_dir() / "passes" / f"{name}.jsonl") for name in "AB"]
    return _fenced(render(agreement_tables(passes(), alpha([character_labels(found) for found in both]))))


def counts() -> str:
    """Entities by type, layer and status, as ``tyez-bench info --output-format markdown`` prints them."""
    return render([layers_table(statistics(tyez_bench.load()))], "markdown")


@cache
def leaderboard() -> list[Standing]:
    """The committed submissions, scored."""
    gold = tyez_bench.load()
    return standings(read_entries(DATA / "predictions", gold), gold)


def coverage() -> str:
    """What each system can express, and what of its answers is set aside."""
    return render([coverage_table(leaderboard())], "markdown")


def slips() -> str:
    """The most frequent errors of the systems that run by default."""
    shown = [one for one in leaderboard() if one.entry.name in DEFAULT]
    return render([slips_table(shown, tyez_bench.load(), 5)], "markdown")


def reading() -> str:
    """The second reading of the stress suite."""
    return _fenced(stress_reading.text())


def noise_tables() -> str:
    """How noisy the rules are, and what they find."""
    return f"\n{noise.tables(noise.in_clean_news(), list(noise.slips()))}\n"


def check_readings() -> str:
    """What was judged of the check's findings in sets that are not ours."""
    return f"\n{check_reading.text()}\n"


FIGURES: dict[str, Callable[[], str]] = {
    "first": first,
    "power": power,
    "agree": agree,
    "counts": counts,
    "coverage": coverage,
    "slips": slips,
    "reading": reading,
    "noise": noise_tables,
    "check_reading": check_readings,
}


def reading_f1() -> float | None:
    """F1 of the second reader against the templates, outermost layer."""
    return float(tyez_bench.agreement(*stress_reading.read()).to_dict()["exact_f1"]["outermost"]["micro"])


def stress_facts() -> dict[str, int]:
    """The sizes of the suite and of its blind reading."""
    whole = suite()
    constructed = sum(not case.transformed for case in whole.cases)
    sample, read = stress_reading.read()
    ids = {(text.title or "").removesuffix(".before").removesuffix(".after") for text in sample}
    return {
        "stress_cases": len(whole.cases),
        "stress_texts": len(whole.gold),
        "stress_constructed": constructed,
        "stress_transformed": len(whole.cases) - constructed,
        "stress_templates": len({(case.capability, case.template) for case in whole.cases if not case.transformed}),
        "reading_cases": len(ids),
        "reading_templates": len({name.rpartition(".")[0] for name in ids}),
        "reading_texts": len(sample),
        "reading_same": stress_reading.same_spans(sample, read),
    }


def names_replaced() -> dict[str, int]:
    """How many places of the page have 太原 for 太忻, by evidence, and how many entities touch such a name."""
    path = ANNOTATIONS / "documents.toml"
    layout = read_layout(path)
    starts = [0, *accumulate(len(line) + 1 for line in read_page(path, layout).split("\n"))]
    names = [one for one in layout.replaced if "太忻" in one.published]
    there = {
        starts[line - 1] + column + at
        for one in names
        for line, column in one.places
        for at in range(len(one.received))
    }
    touching = sum(
        any(document.page_offset(at) in there for at in range(entity.start, entity.end))
        for document in tyez_bench.load()
        for entity in document.entities
    )
    of = {evidence: sum(len(one.places) for one in names if one.evidence == evidence) for evidence in EVIDENCE}
    return {"names_proven": of["proven"], "names_inferred": of["inferred"], "names_entities": touching}


@cache
def facts() -> dict[str, str]:
    """The single figures by name; all are printed by info, agree and power, or counted here from annotations/."""
    gold = tyez_bench.load()
    found = statistics(gold)
    agreed = passes().to_dict()
    smallest = [pair.detectable for pair in committed() if pair.detectable is not None]
    log = [entry for _, entry in read_log(ANNOTATIONS / "adjudication.jsonl")]
    numbers = {
        "documents": len(gold),
        "sentences": found.sentences,
        "characters": found.characters,
        "page_characters": len((ANNOTATIONS / "page" / "page.txt").read_bytes().decode()),
        "entities": found.entities,
        "required_outermost": found.count(None, True, True),
        "distinct_names": len(found.names),
        "optional": found.count(None, None, False),
        "nested": found.count(None, False, None),
        "place_required": found.count("PLACE", True, True),
        "top_name_count": found.names[0].times,
        "with_alternatives": found.attributes["alternative boundary"],
        "with_code": found.attributes["area code"],
        "actors": found.attributes["role actor"],
        "locations": found.attributes["role location"],
        "differences": sum(entry.origin == "difference" for entry in log),
        "log_entries": len(log),
        "errata": sum(entry.origin == "erratum" for entry in log),
        "systems": len(DEFAULT),
        **names_replaced(),
        **{label.lower(): found.count(label) for label in found.gold.labels.names},
        **stress_facts(),
    }
    return {
        "version": str(gold.version),
        "fingerprint": gold.fingerprint[:12],
        "canary": read_manifest(data_dir()).canary,
        "top_name": found.names[0].text,
        "f1_outermost": figure(agreed["exact_f1"]["outermost"]["micro"]),
        "f1_all": figure(agreed["exact_f1"]["all"]["micro"]),
        "kappa": figure(agreed["kappa_characters"]),
        "reading_f1": figure(reading_f1()),
        "power_low": figure(min(smallest)),
        "power_high": figure(max(smallest)),
        **{name: str(number) for name, number in numbers.items()},
    }


def _fenced(text: str) -> str:
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "```\n" + "\n".join(lines) + "\n```\n"
