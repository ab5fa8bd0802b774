"""Tell how large a difference of F1 this gold set can show, from the counts of real systems."""

import argparse

from tyez_bench.cli.compare import compare_and_print
from tyez_bench.cli.reports import add_file_arguments
from tyez_bench.cli.sheets import add_output
from tyez_bench.corpus.gold import data_dir


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser, files="*")
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Score the files, by default the published predictions over all types, and print what each pair could show."""
    published = sorted(str(path) for path in (data_dir() / "predictions").glob("*.jsonl"))
    if not args.predictions and args.signature is None:
        # Some have no type in common.
        args.all_types = True
    return compare_and_print(args, power=True, default=published)
