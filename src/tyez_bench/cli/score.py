"""Score predictions (native JSON Lines) against the gold."""

import argparse
import json
import re
import sys
from pathlib import Path

from tyez_bench.cli.output import emit
from tyez_bench.corpus.gold import load
from tyez_bench.errors import UsageError, one_line
from tyez_bench.formats.native import read_predictions
from tyez_bench.render.terminal import reports_text
from tyez_bench.scoring.measures import f1
from tyez_bench.scoring.report import score


def share(text: str) -> float:
    """A threshold between 0 and 1."""
    if not re.fullmatch(r"0|1|[01]?\.[0-9]+", text) or float(text) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return float(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("predictions", nargs="+", type=Path, help="predictions; several files make one table")
    parser.add_argument(
        "--gold",
        type=Path,
        metavar="FILE",
        help="a gold set of your own (default: the built-in one)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON; several files: a list")
    parser.add_argument(
        "--fail-under",
        type=share,
        metavar="F",
        help="exit 1 unless micro F1 is at least F (0 to 1)",
    )


def run(args: argparse.Namespace) -> int:
    """Score, print, and compare with the threshold."""
    gold = load(args.gold)
    names = [path.stem for path in args.predictions]
    if len(set(names)) < len(names):
        names = [str(path) for path in args.predictions]
    if len({path.absolute() for path in args.predictions}) < len(names):
        raise UsageError("the same predictions file is given twice")
    reports = [
        score(gold, read_predictions(path, gold), system=name)
        for path, name in zip(args.predictions, names, strict=True)
    ]
    if args.json:
        data = [report.to_dict() for report in reports]
        emit(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=2) + "\n")
    else:
        emit(reports_text(reports))
    failed = False
    for report in reports if args.fail_under is not None else []:
        value = f1(report.ignored.total)
        if value is None or value < args.fail_under:
            failed = True
            shown = "–" if value is None else value
            print(one_line(f"{report.system}: micro F1 {shown} is under {args.fail_under}"), file=sys.stderr)
    return int(failed)
