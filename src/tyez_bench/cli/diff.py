"""Tell what changed between two versions of a gold set: entities added, removed, relabelled, moved, changed."""

import argparse
from pathlib import Path

from tyez_bench.cli.output import emit, emit_json
from tyez_bench.corpus.gold import Gold, load, read_gold
from tyez_bench.differences import differences, rename
from tyez_bench.errors import UsageError
from tyez_bench.revisions import read_at, resolve

PATH = Path("annotations/gold.jsonl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", metavar="OLD", help="a gold file, REVISION:FILE, or a git revision (then of --path)")
    parser.add_argument("new", metavar="NEW", nargs="?", help="the same (default: --path as it is now)")
    parser.add_argument("--path", type=Path, default=PATH, metavar="FILE", help=f"gold file of bare revisions ({PATH})")
    parser.add_argument("--output", choices=("text", "json", "markdown"), default="text", help="form of the output")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 when there are differences")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    old = _gold(args.old, args.path)
    new = _gold(args.new, args.path) if args.new is not None else rename(load(args.path), str(args.path))
    found = differences(old, new)
    if args.output == "json":
        emit_json(found.to_dict())
    else:
        from tyez_bench.render.difference_sheets import as_markdown, as_text

        emit((as_markdown if args.output == "markdown" else as_text)(found, old, new), args.output)
    return int(args.exit_code and bool(found))


def _gold(name: str, path: Path) -> Gold:
    """A file, or a file at a revision. Raises UsageError when it is neither."""
    if Path(name).exists():
        return rename(load(name), name)
    revision, colon, file = name.partition(":")
    place = Path(file) if colon else path
    if not revision or not place.absolute().parent.is_dir() or resolve(revision, place.absolute().parent) is None:
        raise UsageError(f"{name}: is neither a file nor a git revision")
    data = read_at(revision, place)
    if data is None:
        raise UsageError(f"{place}: is not there at the revision {revision}")
    return rename(read_gold(data, f"{revision}:{place}"), f"{revision}:{place}" if colon else revision)
