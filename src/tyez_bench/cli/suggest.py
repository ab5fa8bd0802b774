"""List what looks like a name, an amount or a date and is not marked. For people to decide; nothing is written."""

import argparse

from tyez_bench.checks.engine import UNMARKED
from tyez_bench.checks.rule import Level
from tyez_bench.cli.check import add_builtin, add_selection, outcome_of
from tyez_bench.cli.output import add_output, emit
from tyez_bench.model.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_selection(parser)
    add_builtin(parser)
    add_output(parser, ("text", "concise", "json", "jsonl", "markdown"))


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    if args.select or args.ignore:
        raise UsageError("suggest has its own rules; check --select takes any")
    from tyez_bench.report import findings_json as findings_data
    from tyez_bench.report.tables import findings

    args.select, args.level = list(UNMARKED), min(args.level, int(Level.OCCURRENCES))
    outcome = outcome_of(args, everything=True)
    forms = {
        "text": findings.in_full,
        "concise": findings.concise,
        "markdown": findings.markdown,
        "json": findings_data.as_json,
        "jsonl": findings_data.as_jsonl,
    }
    emit(forms[args.output_format](outcome), args.output_format)
    return 0
