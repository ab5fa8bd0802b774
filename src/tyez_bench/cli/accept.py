"""Accept warnings that were looked at, with the reason, or prune what is no longer found."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tyez_bench.checks.accepted import Entry, add, prune, read_accepted, written
from tyez_bench.checks.project import check_project, open_project
from tyez_bench.checks.rule import Level, Severity
from tyez_bench.checks.run import Outcome
from tyez_bench.cli.check import add_selection
from tyez_bench.cli.output import emit
from tyez_bench.errors import UsageError, shortened
from tyez_bench.jsonl import write_atomic

Lines = Sequence[tuple[int, Entry]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=("add", "prune"), help="add what is found now, or remove what no longer is")
    add_selection(parser)
    parser.add_argument("--reason", default="", metavar="TEXT", help="add: why it is right as it is")
    parser.add_argument("--by", default="", metavar="NAME", help="add: who looked at it")
    parser.add_argument("--document", metavar="ID", help="add: only findings in this document")
    parser.add_argument("--surface", metavar="TEXT", help="add: only findings about this surface")
    parser.add_argument("--date", metavar="DAY", help="add: when (default: today)")


def run(args: argparse.Namespace) -> int:
    """Change the file of accepted findings, and say how."""
    project = open_project(
        args.paths, config=args.config, accepted=args.accepted, format=args.input_format, labels=args.labels
    )
    path = project.accepted_path()
    if path is None:
        raise UsageError("expected --accepted FILE, or accepted in [tool.tyez-bench.check]")
    # The first entry makes the file.
    first = args.what == "add" and not path.exists()
    lines = () if first else read_accepted(path)
    outcome = check_project(
        project.without_accepted() if first else project,
        level=Level(args.level),
        select=args.select,
        ignore=args.ignore,
    )
    return _add(args, path, lines, outcome) if args.what == "add" else _prune(path, lines, outcome)


def _prune(path: Path, lines: Lines, outcome: Outcome) -> int:
    if not outcome.complete:
        skipped = f"{outcome.skipped} records have errors on levels 1 and 2" if outcome.skipped else "a PATH is given"
        raise UsageError(f"nothing is pruned unless all of the project is looked at: {skipped}")
    stale_lines = {finding.line for finding in outcome.findings if finding.code == "B901"}
    entries = [entry for _, entry in lines]
    kept = prune(entries, outcome.accepted, {entry.key for line, entry in lines if line in stale_lines})
    write_atomic(path, written(kept))
    number = sum(entry.n for entry in entries) - sum(entry.n for entry in kept)
    emit(f"{number} accepted findings pruned, {len(kept)} entries left\n")
    return 0


def _add(args: argparse.Namespace, path: Path, lines: Lines, outcome: Outcome) -> int:
    chosen = [
        finding
        for finding in outcome.findings
        if (args.document is None or finding.document == args.document)
        and (args.surface is None or finding.surface == args.surface)
        and finding.rule.severity is Severity.WARNING
    ]
    if not chosen:
        raise UsageError("no warning is found that these arguments choose; errors can't be accepted")
    day = args.date or date.today().isoformat()
    entries = [entry for _, entry in lines]
    write_atomic(path, written(add(entries, chosen, reason=args.reason, by=args.by, date=day)))
    emit("".join(shortened(f"accepted: {f.code} {f.document or f.path} {f.surface!r}") + "\n" for f in chosen))
    return 0
