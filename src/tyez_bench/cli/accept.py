"""Accept reviewed warnings, with the reason, or prune stale entries."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tyez_bench.checks.accepted import AcceptedEntry, add, apart, day, prune, read_accepted, written
from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.project import check_project, open_project
from tyez_bench.checks.rule import Level, Severity
from tyez_bench.cli.check import add_selection
from tyez_bench.cli.options import of_project
from tyez_bench.cli.output import emit, note, output_path
from tyez_bench.files.in_use import check_outputs, note_read, updating
from tyez_bench.files.jsonl import write_atomic
from tyez_bench.model.errors import UsageError, shortened

Lines = Sequence[tuple[int, AcceptedEntry]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what", choices=("add", "prune"), help="add current findings, or remove entries whose finding is gone"
    )
    add_selection(parser, output_path)
    parser.add_argument("--reason", default="", metavar="TEXT", help="add: why the label is right as it is")
    parser.add_argument("--by", default="", metavar="NAME", help="add: who reviewed it")
    parser.add_argument("--document", metavar="ID", help="add: only findings in this document")
    parser.add_argument("--surface", metavar="TEXT", help="add: only findings with this surface")
    parser.add_argument("--date", type=_day, metavar="DAY", help="add: when, such as 2026-11-24 (default: today)")


def _day(text: str) -> str:
    try:
        return day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """Change the file of accepted findings, and say how."""
    project = open_project(args.paths, config=args.config, accepted=args.accepted, reading=of_project(args))
    path = project.accepted_path()
    if path is None:
        raise UsageError("expected --accepted FILE, or accepted in [tool.tyez-bench.check]")
    for read, _ in project.files():
        note_read(read)
    check_outputs(path)
    # What is accepted already is told apart when it is written: others may add to it meanwhile.
    lines = () if args.what == "add" else read_accepted(path)
    outcome = check_project(
        project.without_accepted() if args.what == "add" else project,
        level=Level(args.level),
        select=args.select,
        ignore=args.ignore,
    )
    for line in outcome.notes:
        note(line)
    with updating(path):
        return _add(args, path, outcome) if args.what == "add" else _prune(path, lines, outcome)


def _prune(path: Path, lines: Lines, outcome: CheckResult) -> int:
    if not outcome.complete:
        skipped = f"{outcome.skipped} records have errors on levels 1 and 2" if outcome.skipped else "a PATH is given"
        raise UsageError(f"nothing is pruned unless the whole project is checked: {skipped}")
    stale_lines = {finding.line for finding in outcome.findings if finding.code == "B901"}
    stale = [entry for line, entry in lines if line in stale_lines]
    entries = [entry for _, entry in read_accepted(path)]
    # An entry that was changed since it was judged stays.
    kept = prune(entries, outcome.accepted, {entry.key for entry in stale if entry in entries})
    write_atomic(path, written(kept), update=True)
    number = sum(entry.n for entry in entries) - sum(entry.n for entry in kept)
    emit(f"{number} accepted findings pruned, {len(kept)} entries left\n")
    return 0


def _add(args: argparse.Namespace, path: Path, outcome: CheckResult) -> int:
    # The first entry makes the file.
    entries = [entry for _, entry in read_accepted(path)] if path.exists() else []
    # Each place is accepted by itself: a further one of the same name is a finding again.
    standing, _ = apart([one for finding in outcome.findings for one in finding.each()], entries)
    chosen = [
        finding
        for finding in standing
        if (args.document is None or finding.document == args.document)
        and (args.surface is None or finding.surface == args.surface)
        and finding.rule.severity is Severity.WARNING
    ]
    if not chosen:
        raise UsageError("no warning matches these arguments; errors can't be accepted")
    when = args.date or date.today().isoformat()
    write_atomic(path, written(add(entries, chosen, reason=args.reason, by=args.by, date=when)), update=True)
    emit("".join(shortened(f"accepted: {f.code} {f.document or f.path} {f.surface!r}") + "\n" for f in chosen))
    return 0
