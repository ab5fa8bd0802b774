"""Print what is in a gold set, in numbers."""

import argparse

from tyez_bench.cli.options import add_gold, load_gold, natural
from tyez_bench.cli.output import add_output, emit_json, print_tables
from tyez_bench.dataset.statistics import statistics


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    asked = parser.add_mutually_exclusive_group()
    add_gold(parser, alone=True, beside=asked)
    asked.add_argument("--gold-version", metavar="V", help="a version of the built-in one (default: the present)")
    parser.add_argument("--names", type=natural, default=10, metavar="N", help="how many names to list")
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Count and print."""
    found = statistics(load_gold(args))
    if args.output_format == "json":
        data = found.to_dict()
        data["names"] = data["names"][: args.names]
        emit_json(data)
        return 0
    from tyez_bench.report.tables.gold import info_tables

    print_tables(info_tables(found, args.names), args.output_format)
    return 0
