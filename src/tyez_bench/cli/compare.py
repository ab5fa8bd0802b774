"""Tell whether systems differ: paired randomisation and bootstrap tests of micro F1."""

import argparse

from tyez_bench.cli.output import add_output, emit_json, print_tables
from tyez_bench.cli.reports import add_file_arguments, score_files
from tyez_bench.scoring.settings import SEED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Score, compare every pair, and print."""
    return compare_and_print(args, power=False)


def draws_and_seed(args: argparse.Namespace) -> tuple[int, int]:
    """How many draws the tests make, and their seed."""
    from tyez_bench.scoring.comparison import NUMBER

    return args.draws or NUMBER, SEED if args.seed is None else args.seed


def compare_and_print(args: argparse.Namespace, *, power: bool, default: list[str] | None = None) -> int:
    """Score the files, compare every pair of systems, and print the tests, or what they could show at all."""
    from tyez_bench.scoring.comparison import compare

    reports = [one.report for one in score_files(args, default)]
    number, seed = draws_and_seed(args)
    comparisons = compare(reports, number=number, seed=seed)
    if args.output_format == "json":
        from tyez_bench.report.json import comparison_data

        emit_json(comparison_data(comparisons, reports, number))
        return 0
    from tyez_bench.report.tables.comparisons import comparison_table, power_table

    print_tables([(power_table if power else comparison_table)(comparisons, reports, number)], args.output_format)
    return 0
