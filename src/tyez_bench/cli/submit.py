"""Check submissions for the leaderboard, or print a description to fill in for a predictions file."""

import argparse
import datetime
from pathlib import Path

from tyez_bench.cli.options import add_gold, load_gold
from tyez_bench.cli.output import emit, note, say
from tyez_bench.files.jsonl import read_bytes
from tyez_bench.gold.gold import Gold
from tyez_bench.leaderboard.submission import Entry, file_options, problems, read_entry, read_facts, template
from tyez_bench.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="NAME.jsonl, to print a description for it; with --check NAME.yaml, or a directory of them",
    )
    parser.add_argument("--check", action="store_true", help="check descriptions and predictions, and print their rows")
    add_gold(parser)


def run(args: argparse.Namespace) -> int:
    """Check, or print the template."""
    gold = load_gold(args)
    if args.check:
        return _check([file for path in args.paths for file in _descriptions(path)], gold)
    if len(args.paths) > 1:
        raise UsageError("expected one predictions file to describe, or --check")
    path = args.paths[0]
    if path.suffix != ".jsonl":
        raise UsageError(f"{path}: expected a predictions file NAME.jsonl to describe, or --check")
    read_bytes(path)
    emit(template(path.stem, read_facts(path.with_suffix(".json")), datetime.datetime.now(datetime.UTC).date()), "toml")
    return 0


def _descriptions(path: Path) -> list[Path]:
    if not path.is_dir():
        if path.suffix != ".yaml":
            raise UsageError(f"{path}: expected a description NAME.yaml, or a directory of them")
        return [path]
    found = sorted(path.glob("*.yaml"))
    if not found:
        raise UsageError(f"{path}: has no submissions, expected NAME.yaml with NAME.jsonl next to it")
    return found


def _check(paths: list[Path], gold: Gold) -> int:
    from tyez_bench.leaderboard.standings import standings
    from tyez_bench.report.table import render
    from tyez_bench.report.tables.leaderboard import errors_table, scores_table

    entries, wrong = [], 0
    for path in paths:
        entry = read_entry(path, gold)
        found = [*problems(entry, gold), *_stress_problems(path, entry)]
        for problem in found:
            say(f"{path}: {problem}")
        wrong += bool(found)
        entries.append(entry)
    names = [entry.submission.system for entry in entries]
    for name in sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"two submissions are called {name!r}")
    ordered = standings(entries, gold)
    emit(render([scores_table("F1 of the submissions", ordered), errors_table("kinds of errors", ordered)]))
    note(f"{len(entries) - wrong} of {len(entries)} submissions are ready for the table")
    return int(wrong > 0)


def _stress_problems(path: Path, entry: Entry) -> list[str]:
    """What is wrong with the predictions for the stress suite, where there are any beside."""
    file = path.parent / "stress" / f"{path.stem}.jsonl.gz"
    if not file.is_file():
        return []
    from tyez_bench.cli.stress import score_stress
    from tyez_bench.stress.suite import suite

    missing = score_stress(str(file), suite(), how=file_options(entry.submission, path)).report.missing
    return [f"stress/{file.name}: has no predictions for {len(missing)} texts of the suite"] if missing else []
