"""Run NER systems over the gold's texts; score them, write their predictions, or both."""

import argparse
import json
import os
import sys
from pathlib import Path

from tyez_bench.cli.output import emit
from tyez_bench.corpus.gold import load
from tyez_bench.errors import UsageError
from tyez_bench.formats.native import write
from tyez_bench.formats.read import How, read_source
from tyez_bench.formats.source import Source
from tyez_bench.jsonl import encode_lines, sha256, write_atomic
from tyez_bench.render.text import render
from tyez_bench.scoring.score import score
from tyez_bench.systems import SYSTEMS, predict, tagger, versions


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help=f"any of {', '.join(SYSTEMS)} (default: all)")
    parser.add_argument("--score", action="store_true", help="score the predictions and print the table")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write DIR/SYSTEM.jsonl, and DIR/SYSTEM.json with the versions",
    )
    parser.add_argument(
        "--gold",
        type=Path,
        metavar="FILE",
        help="texts of a gold set of your own (default: the built-in one)",
    )


def run(args: argparse.Namespace) -> int:
    """Run, write and score."""
    if not args.score and args.out is None:
        raise UsageError("nothing to do with the predictions: expected --score, --out DIR, or both")
    names = list(dict.fromkeys(args.systems)) or list(SYSTEMS)
    if args.out is not None:
        _check_writable(args.out, names)
    gold = load(args.gold)
    # Unknown names and missing packages are told before the first slow start.
    used = {name: versions(name) for name in names}
    written: dict[str, bytes] = {}
    for name in names:
        if sys.stderr.isatty():
            print(f"{name} …", file=sys.stderr)
        written[name] = write(predict(tagger(name), gold))
    # Reading checks every prediction; nothing is written before all of them are right.
    reports = []
    for name, data in written.items():
        predictions = read_source(Source(name, data), gold, How(labels=SYSTEMS[name].labels), format="native")
        reports.append(score(gold, predictions, system=name))
    if args.out is not None:
        texts = sha256(encode_lines({"id": document.id, "text": document.text} for document in gold))
        for name in names:
            write_atomic(args.out / f"{name}.jsonl", written[name])
            facts = {
                "system": name,
                "packages": used[name],
                "labels": SYSTEMS[name].labels,
                "texts": {"gold": gold.name, "sha256": texts},
            }
            write_atomic(args.out / f"{name}.json", (json.dumps(facts, indent=2) + "\n").encode())
    if args.score:
        from tyez_bench.render.score_sheets import report_sheets, several_sheet

        emit(render(report_sheets(reports[0]) if len(reports) == 1 else [several_sheet(reports)]))
    return 0


def _check_writable(folder: Path, names: list[str]) -> None:
    """Raise UsageError, before the slow start, where the files could not be written at the end."""
    if not os.path.isdir(folder):
        raise UsageError(f"{folder}: no such directory")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"{folder}: can't be written")
    for name in names:
        for path in (folder / f"{name}.jsonl", folder / f"{name}.json"):
            if path.is_dir():
                raise UsageError(f"{path}: is a directory, expected a file to write")
