"""Accept warnings that were looked at, with the reason, or prune what is no longer found."""

import argparse
from datetime import date

from tyez_bench.checks.accepted import add, prune, read_accepted, written
from tyez_bench.checks.project import check_project, open_project
from tyez_bench.checks.rule import Level, Severity
from tyez_bench.cli.check import add_selection
from tyez_bench.cli.output import emit
from tyez_bench.errors import UsageError
from tyez_bench.jsonl import write_atomic


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
    if not path.exists() and args.what == "add":
        # The first one makes the file.
        write_atomic(path, b"")
    entries = [entry for _, entry in read_accepted(path)]
    outcome = check_project(project, level=Level(args.level), select=args.select, ignore=args.ignore)
    if args.what == "prune":
        stale = {
            entry.key
            for line, entry in read_accepted(path)
            if any(f.code == "B901" and f.line == line for f in outcome.findings)
        }
        kept = prune(entries, outcome.accepted, stale)
        write_atomic(path, written(kept))
        emit(
            f"{sum(e.n for e in entries) - sum(e.n for e in kept)} accepted findings pruned, {len(kept)} entries left\n"
        )
        return 0
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
    write_atomic(path, written(add(entries, chosen, reason=args.reason, by=args.by, date=day)))
    emit("".join(f"accepted: {f.code} {f.document or f.path} {f.surface!r}\n" for f in chosen))
    return 0
