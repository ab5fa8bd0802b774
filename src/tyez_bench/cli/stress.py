"""Score systems on the stress suite, or check files of templates."""

import argparse
import json
import os
import sys
from pathlib import Path

from tyez_bench.cli.output import emit
from tyez_bench.cli.reports import labels_beside, natural, positive
from tyez_bench.errors import UsageError, one_line
from tyez_bench.formats.read import How, Predictions, read_predictions, read_source
from tyez_bench.formats.source import Source
from tyez_bench.jsonl import check_target, write_atomic
from tyez_bench.render.markup import markdown
from tyez_bench.render.sheet import Sheet
from tyez_bench.render.text import render
from tyez_bench.scoring.comparison import NUMBER
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.stress.capability import read_capability
from tyez_bench.stress.cases import cases
from tyez_bench.stress.outcomes import Outcome, outcomes
from tyez_bench.stress.suite import PER_CAPABILITY, SEED, Suite, suite
from tyez_bench.stress.validity import findings, problems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "systems", nargs="*", metavar="SYSTEM|FILE", help="systems to run, or predictions for the suite's texts"
    )
    parser.add_argument("--labels", metavar="NAME|FILE", help="the label map (default: on record, else detected)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the predictions of the one system that is run")
    parser.add_argument("--texts", type=Path, metavar="FILE", help="write the suite as a gold set, and stop")
    parser.add_argument("--failures", type=positive, metavar="N", help="show N failures of each capability")
    parser.add_argument("--output", choices=("text", "markdown"), default="text", help="form of the output")
    parser.add_argument("--seed", type=natural, default=SEED, metavar="N", help="fresh cases from the same templates")
    parser.add_argument("--check", nargs="+", type=Path, metavar="FILE", help="check files of templates (TOML)")
    parser.add_argument("--show", type=positive, metavar="N", help="with --check: print N cases, marked")


def run(args: argparse.Namespace) -> int:
    """Score, or check."""
    if args.check:
        if args.systems:
            raise UsageError("--check takes files of templates alone, and no systems")
        return _check(args)
    whole = suite(args.seed)
    if args.texts is not None:
        from tyez_bench.jsonl import encode_lines

        write_atomic(args.texts, encode_lines(whole.gold))
        return 0
    if not args.systems:
        raise UsageError("nothing to do: expected a system, a predictions file, --texts or --check")
    if args.out is not None and len(args.systems) > 1:
        raise UsageError("--out is for one system")
    if args.out is not None:
        check_target(args.out, force=True)
    done = [_scored(name, whole, args) for name in args.systems]
    emit((render if args.output == "text" else markdown)(_sheets(whole, done, args.failures)))
    return 0


Scored = tuple[Report, Predictions, list[Outcome]]


def _scored(name: str, whole: Suite, args: argparse.Namespace) -> Scored:
    if os.path.exists(name):
        predictions = read_predictions(name, whole.gold, labels=args.labels or labels_beside(name))
        title = Path(name).name.removesuffix(".jsonl")
    else:
        from tyez_bench.systems import load_system, request
        from tyez_bench.systems.running import run as run_system
        from tyez_bench.systems.system import Options

        asked = request(name)
        system = load_system(asked, whole.gold, Options(labels=args.labels))
        ran = run_system(asked, system, whole.gold)
        predictions = read_source(Source(name, ran.data), whole.gold, How(labels=system.labels), format=system.format)
        title = system.name or name
        if args.out is not None:
            write_atomic(args.out, ran.data)
            facts = json.dumps(ran.facts, ensure_ascii=False, indent=2) + "\n"
            write_atomic(args.out.with_suffix(".json"), facts.encode())
    report = score(whole.gold, predictions, system=title)
    return report, predictions, outcomes(whole, report, predictions)


def _sheets(whole: Suite, done: list[Scored], failures: int | None) -> list[Sheet]:
    from tyez_bench.render.stress_sheets import differences_sheet, failures_sheet, stress_sheet
    from tyez_bench.stress.rates import differences, rows

    sheets = []
    for report, predictions, found in done:
        sheets.append(stress_sheet(whole, report, rows(whole, report, found)))
        if failures:
            sheets.append(failures_sheet(found, _spans(predictions, report.types), failures))
    for number, (one, _, first) in enumerate(done):
        for other, _, second in done[number + 1 :]:
            sheets.append(differences_sheet(one.system, other.system, differences(whole, first, second, number=NUMBER)))
    return sheets


def _spans(predictions: Predictions, types: tuple[str, ...]) -> dict[str, list[tuple[int, int, str]]]:
    return {
        id_: [(e.start, e.end, e.type.value) for e in found.entities if e.type in types]
        for id_, found in predictions.items()
    }


def _check(args: argparse.Namespace) -> int:
    wrong = 0
    for path in args.check:
        capability = read_capability(path)
        made = cases(capability, PER_CAPABILITY, args.seed)
        said = list(problems(capability, made))
        said += [f"{found.code} {found.document}: {found.message}" for found in findings(capability, made)]
        for line in said:
            print(one_line(f"{path}: {line}"), file=sys.stderr)
        wrong += bool(said)
        if args.show:
            for case in made[:: max(1, len(made) // args.show)]:
                for text in case.texts:
                    spans = [(e.start, e.end, e.type.value) for e in text.entities]
                    emit(f"{text.id}  {_marked(text.text, spans)}\n")
        emit(f"{path.name}: {len(capability.templates)} templates, {len(made)} cases\n")
    return int(wrong > 0)


def _marked(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts = []
    for at in range(len(text) + 1):
        parts.append("⟧" * sum(end == at for _, end, _ in spans))
        parts += [f"⟦{type_}|" for start, _, type_ in spans if start == at]
        parts.append("⏎" if text[at : at + 1] == "\n" else text[at : at + 1])
    return "".join(parts)
