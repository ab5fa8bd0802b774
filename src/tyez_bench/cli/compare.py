"""Tell whether systems differ: paired randomisation and bootstrap tests of micro F1."""

import argparse
import json
from dataclasses import asdict
from io import StringIO

from tyez_bench.cli.output import emit
from tyez_bench.cli.reports import add_file_arguments, score_files
from tyez_bench.render.terminal import print_comparisons
from tyez_bench.scoring.comparison import compare


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Score, compare every pair, and print."""
    comparisons = compare(score_files(args.predictions, args.gold))
    if args.json:
        emit(json.dumps([asdict(pair) for pair in comparisons], ensure_ascii=False, indent=2) + "\n")
    else:
        out = StringIO()
        print_comparisons(comparisons, out)
        emit(out.getvalue())
    return 0
