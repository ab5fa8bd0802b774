"""Tell what changed between two versions of a gold set: entities added, removed, relabelled, moved, changed."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tyez_bench.checks.config import Config
from tyez_bench.checks.project import open_project, shown
from tyez_bench.checks.read import load_texts
from tyez_bench.cli.output import emit, emit_json
from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, UsageError
from tyez_bench.gold.diff import differences
from tyez_bench.jsonl import encode_lines, sha256
from tyez_bench.model import Document
from tyez_bench.revisions import resolve, unpack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", metavar="OLD", help="a gold set, REVISION:FILE, or a git revision (then of --path)")
    parser.add_argument("new", metavar="NEW", nargs="?", help="the same (default: --path as it is now)")
    parser.add_argument(
        "--path", type=Path, metavar="FILE", help="gold set of bare revisions (default: the project's files)"
    )
    parser.add_argument("--input-format", metavar="FORMAT", help="format of the files (default: told by the content)")
    parser.add_argument("--labels", metavar="MAP", help="label map (default: told by the labels)")
    parser.add_argument("--output", choices=("text", "json", "markdown"), default="text", help="form of the output")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 when there are differences")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    # A path is given for the configuration's sake: where there is none, two files can be compared all the same.
    project = open_project([args.path or Path(args.old)], format=args.input_format, labels=args.labels)
    config = project.config
    paths = [args.path] if args.path is not None else [project.folder / name for name in config.paths]
    old = _version(args.old, paths, config)
    new = _now(paths, config) if args.new is None else _version(args.new, paths, config)
    found = differences(old, new)
    if args.output == "json":
        emit_json(found.to_dict())
    else:
        from tyez_bench.render.difference_sheets import as_markdown, as_text

        emit((as_markdown if args.output == "markdown" else as_text)(found, old, new), args.output)
    return int(args.exit_code and bool(found))


def _version(name: str, paths: Sequence[Path], config: Config) -> Gold:
    """A gold set, or what it was at a revision. Raises UsageError when it is neither."""
    if os.path.exists(name):
        return _gold(name, [(Path(name), name)], config)
    revision, colon, file = name.partition(":")
    places = [Path(file)] if colon else _named(paths)
    for place in places:
        parent = place.absolute().parent
        if not revision or not parent.is_dir() or resolve(revision, parent) is None:
            raise UsageError(f"{name}: is neither a file nor a git revision")
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for number, place in enumerate(places):
            scratch = Path(folder) / str(number)
            scratch.mkdir()
            unpacked = unpack(revision, place, scratch)
            if unpacked is not None:
                found.append((unpacked, f"{revision}:{shown(place)}"))
        # What was not there yet is empty, and all of it is new. A slip in a name is there at no time.
        if not found and not any(map(os.path.exists, places)):
            raise UsageError(f"{', '.join(map(shown, places))}: is not there at the revision {revision}")
        return _gold(name, found, config)


def _now(paths: Sequence[Path], config: Config) -> Gold:
    named = [(path, shown(path)) for path in _named(paths)]
    return _gold(", ".join(name for _, name in named), named, config)


def _named(paths: Sequence[Path]) -> Sequence[Path]:
    if not paths:
        raise UsageError("a revision names no file: expected --path FILE, or paths in [tool.tyez-bench.check]")
    return paths


def _gold(name: str, files: Sequence[tuple[Path, str]], config: Config) -> Gold:
    """The documents of these files as one gold set; with each path what errors call it."""
    found: dict[str, Document] = {}
    for path, called in files:
        # The files of a directory are read by its path.
        loaded = load_texts(path, str(path) if path.is_dir() else called, format=config.format, labels=config.labels)
        if loaded.reason is not None:
            place = loaded.reason.path.replace(str(path), called)
            raise InputError(loaded.reason.message, path=place, line=loaded.reason.line)
        for text in loaded.texts:
            if text.document.id in found:
                raise InputError(f"document id {text.document.id!r} occurs twice", path=called, line=text.line)
            found[text.document.id] = text.document
    documents = tuple(found.values())
    return Gold(name, None, sha256(encode_lines(documents)), documents)
