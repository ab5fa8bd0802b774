"""Show the safe fixes of gold files as a diff, or write them."""

import argparse
import difflib
import io
import sys
from pathlib import Path

from tyez_bench.checks.fix import with_fixes
from tyez_bench.checks.project import open_project
from tyez_bench.checks.read import check_readable
from tyez_bench.cli.output import emit
from tyez_bench.files.jsonl import read_bytes, write_atomic
from tyez_bench.io.detect import detect_format, is_gold
from tyez_bench.io.gold import NATIVE
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, UsageError, one_line


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="gold files (default: the project's)")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="configuration (default: the nearest pyproject.toml)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true", help="write the fixed files")
    how.add_argument("--check", action="store_true", help="list the files that would change, without a diff")


def run(args: argparse.Namespace) -> int:
    """Show what would change, and change it; 1 when there is something to change and it is not written."""
    changes: list[tuple[Path, bytes]] = []
    shown: list[str] = []
    terminal = sys.stdout is not None and sys.stdout.isatty()
    project = open_project(args.paths, config=args.config)
    if project.config.offsets not in (None, "code-points"):
        raise UsageError(
            f"the configuration sets offsets to {project.config.offsets}, but only files in code points can be fixed"
        )
    for path, name in project.files():
        check_readable(path, name)
        data = read_bytes(path)
        _check_own_form(Source(name, data))
        fixed = with_fixes(data, name)
        if fixed != data:
            changes.append((path, fixed))
            shown += [f"{one_line(name)}\n"] if args.check else _diff(data, fixed, name, terminal=terminal)
    emit("".join(shown), "text" if terminal else "diff")
    if args.write:
        for path, fixed in changes:
            write_atomic(path, fixed, update=True)
    return int(bool(changes) and not args.write)


def _check_own_form(source: Source) -> None:
    """Raise UsageError for a file in another form than a gold set's of the project: its edges are not looked at."""
    if is_gold(source):
        return
    try:
        form = detect_format(source)
    except InputError:
        # A record that is broken is told by its line.
        form = NATIVE if source.data.lstrip().startswith(b"{") else ""
    if form != NATIVE:
        what = f"is in the format {form}, but " if form else ""
        raise UsageError(
            f"{source.name}: {what}only gold sets in the project's own format can be fixed; "
            "tyez-bench export -f gold converts others"
        )


def _diff(before: bytes, after: bytes, name: str, *, terminal: bool) -> list[str]:
    """What changes, as ``patch`` takes it; for a terminal without control characters."""
    # Split at line feeds only: U+2028 and its like may stand in a text.
    old, new = (io.StringIO(data.decode("utf-8", "replace"), newline="\n").readlines() for data in (before, after))
    lines = []
    for line in difflib.unified_diff(old, new, one_line(name), f"{one_line(name)} (fixed)"):
        content = line.removesuffix("\n")
        lines.append((one_line(content) if terminal else content) + "\n")
        if content == line:
            lines.append("\\ No newline at end of file\n")
    return lines
