"""Explain a rule of the check: what it asks for, why, an example of each kind, how to fix it."""

import argparse

from tyez_bench.checks.rule import known_rules, matching
from tyez_bench.cli.output import add_output, emit, emit_json
from tyez_bench.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help="codes, beginnings of codes (X, X6), or names")
    parser.add_argument("--all", action="store_true", help="every rule")
    add_output(parser, ("text", "json", "markdown"))


def run(args: argparse.Namespace) -> int:
    """Print the rules, those that were retired, too."""
    if args.all == bool(args.codes):
        raise UsageError("expected the code of a rule, or --all")
    wanted = set(known_rules()) if args.all else matching(args.codes)
    chosen = [rule for code, rule in known_rules().items() if code in wanted]
    if args.output_format == "json":
        import msgspec

        emit_json(msgspec.to_builtins(chosen))
        return 0
    from tyez_bench.report.tables.findings import as_markdown, as_text

    emit(as_markdown(chosen) if args.output_format == "markdown" else as_text(chosen), args.output_format)
    return 0
