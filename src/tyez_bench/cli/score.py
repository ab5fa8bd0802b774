"""Score predictions (native JSON Lines) against the gold."""

import argparse
import json
import re
import sys

from tyez_bench.cli.output import emit
from tyez_bench.cli.reports import add_file_arguments, score_files
from tyez_bench.errors import one_line
from tyez_bench.render.terminal import reports_text
from tyez_bench.scoring.measures import f1


def share(text: str) -> float:
    """A threshold between 0 and 1."""
    if not re.fullmatch(r"0|1|[01]?\.[0-9]+", text) or float(text) > 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1")
    return float(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "--fail-under",
        type=share,
        metavar="F",
        help="exit 1 unless micro F1 is at least F (0 to 1)",
    )


def run(args: argparse.Namespace) -> int:
    """Score, print, and compare with the threshold."""
    reports = score_files(args.predictions, args.gold)
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
