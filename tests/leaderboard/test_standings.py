"""The committed submissions, scored again: the page's figures, and the same by the command that a row names."""

import json
import re
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.gold.gold import data_dir
from tyez_bench.leaderboard.standings import Standing, read_entries, standings
from tyez_bench.leaderboard.submission import SystemKind
from tyez_bench.report.tables.leaderboard import commands, scores_table
from tyez_bench.scoring.comparison import compare
from tyez_bench.scoring.scores import MICRO

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(gold: tyez_bench.Gold) -> list[Standing]:
    """The committed submissions."""
    return standings(read_entries(data_dir() / "predictions", gold), gold)


def test_every_committed_file_of_predictions_has_a_description(found: list[Standing]) -> None:
    assert {one.entry.name for one in found} == {p.stem for p in (data_dir() / "predictions").glob("*.jsonl")}


def test_the_page_has_the_numbers_to_the_last_digit(found: list[Standing]) -> None:
    """Read back from the page by its own arithmetic, row by row."""
    page = (ROOT / "docs" / "leaderboard.md").read_text("utf-8")
    for one in found:
        row = next(line for line in page.splitlines() if line.startswith(f"| {one.report.system} | 0."))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        counts, whole = one.report.counts(), one.whole.counts()
        own = 2 * counts.right / (counts.gold + counts.predicted)
        assert cells[1] == f"{2 * whole.right / (whole.gold + whole.predicted):.3f}"
        assert cells[4] == f"{own:.3f}"
        assert whole.gold == 142


def test_a_row_s_command_prints_its_figures(found: list[Standing], capsys: pytest.CaptureFixture[str]) -> None:
    for one in found:
        words = one.entry.command.split()
        assert words[:2] == ["tyez-bench", "score"]
        path = str(data_dir() / "predictions" / words[2])
        for more, report in (([], one.report), (["--all-types"], one.whole)):
            assert main(["score", path, *words[3:], *more, "--json"]) == 0
            told = json.loads(capsys.readouterr().out)
            assert told["headline"]["value"] == report.f1
            interval = report.intervals()[MICRO]["f1"]
            assert interval is not None
            assert told["headline"]["interval"] == [interval.low, interval.high]


def test_a_signature_with_all_types_repeats_its_run(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(data_dir() / "predictions" / "jieba.jsonl")
    assert main(["score", path, "--all-types", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "types:PLACE+ORG+MONEY+DATE|labels:pku#" in told["signature"]
    assert main(["score", path, "--signature", told["signature"], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == told
    assert main(["score", path, "--signature", told["signature"], "--all-types"]) == 2
    assert "--all-types can't be combined with --signature" in capsys.readouterr().err


def test_with_all_types_what_a_label_map_lacks_is_missed(gold: tyez_bench.Gold) -> None:
    predictions = tyez_bench.read_predictions(data_dir() / "predictions" / "jieba.jsonl", gold)
    own = tyez_bench.score(gold, predictions)
    every = tyez_bench.score(gold, predictions, settings=tyez_bench.Settings(all_types=True))
    assert own.types == ("PLACE", "ORG")
    for type_ in own.types:
        assert every.counts(type_) == own.counts(type_)
    for type_ in ("MONEY", "DATE"):
        counts = every.counts(type_)
        assert (counts.right, counts.predicted) == (0, 0)
        assert counts.gold == sum(e.type == type_ and e.required for d in gold for e in d.outermost())


def test_letters_are_those_of_the_paired_tests(found: list[Standing]) -> None:
    by_name = {one.report.system: set(one.group) for one in found}
    for pair in compare([one.whole for one in found]):
        assert pair.holm is not None
        assert bool(by_name[pair.a] & by_name[pair.b]) == (pair.holm >= 0.05)


def test_the_best_come_first(found: list[Standing]) -> None:
    scores = [one.whole.f1 or 0 for one in found]
    assert scores == sorted(scores, reverse=True)
    assert found[0].group.startswith("a")


def test_those_made_with_the_page_say_so(found: list[Standing]) -> None:
    for one in found:
        told = one.entry.submission
        assert (told.kind in (SystemKind.TRAINED_ON_GOLD, SystemKind.PAGE_KNOWN)) == (told.contamination == "labels")


def test_a_hostile_description_stays_text(found: list[Standing]) -> None:
    from dataclasses import replace

    from msgspec.structs import replace as replace_fields

    told = replace_fields(found[0].entry.submission, command="echo ```\n# no title\n```", notes="<b>*x*</b>")
    one = replace(found[0], entry=replace_fields(found[0].entry, submission=told))
    text = commands([one])
    assert re.search(r"^````sh\necho ```\n# no title\n```\n.*\n````$", text, re.MULTILINE)
    assert r"\<b\>\*x\*\</b\>" in text


def test_a_system_without_facts_has_no_time(found: list[Standing]) -> None:
    from dataclasses import replace

    from msgspec.structs import replace as replace_fields

    one = replace(found[0], entry=replace_fields(found[0].entry, facts={}))
    assert scores_table("", [one]).rows[0][-1] == "–"
    assert scores_table("", [found[0]]).rows[0][-1] != "–"


@pytest.mark.parametrize(
    ("facts", "map_"),
    [
        ('{"system": "rules", "labels": "values"}', "values"),
        ('{"system": "rules", "labels": "own.toml"}', "tyez"),
        ('{"labels": "values"}', "tyez"),
        ("[]", "tyez"),
        ("no json", "tyez"),
        (None, "tyez"),
    ],
)
def test_the_label_map_on_record_beside_a_file_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: str | None, map_: str
) -> None:
    """So that a file scores what the run that made it scored; --labels goes before."""
    path = tmp_path / "rules.jsonl"
    path.write_bytes((data_dir() / "predictions" / "rules.jsonl").read_bytes())
    if facts is not None:
        path.with_suffix(".json").write_text(facts, "utf-8")
    assert main(["score", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["labels"].startswith(f"{map_}#")
    assert main(["score", str(path), "--labels", "tyez", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["labels"].startswith("tyez#")
