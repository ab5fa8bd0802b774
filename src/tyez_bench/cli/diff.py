"""Tell what changed between two versions of a gold set: entities added, removed, relabelled, moved, changed."""

import argparse
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from tyez_bench.checks.config import reader_options
from tyez_bench.checks.labelled import Base, Labelled, built_in, read_labelled
from tyez_bench.checks.project import open_project, shown
from tyez_bench.cli.options import TEXTS, add_gold, add_reading, check_one_stdin, load_texts, of_project, reading_of
from tyez_bench.cli.output import add_output, emit, emit_json
from tyez_bench.files.git import resolve, unpack
from tyez_bench.gold.derived import another_id, fingerprint, is_made_up, renamed
from tyez_bench.gold.gold import Gold, labels_of
from tyez_bench.io.gold_documents import WithoutTextsError
from tyez_bench.io.read import FileOptions
from tyez_bench.io.source import STDIN
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.report.reading import file_lines
from tyez_bench.scoring.diff import diff as differences_of
from tyez_bench.scoring.from_files import labels_beside

# A version, and how each of its files was read, by what it is called.
Side = tuple[Gold, dict[str, Labelled]]
Reader = Callable[[Base | None], Side]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", metavar="OLD", help="a gold set, REVISION:FILE, or a git revision (then of --path)")
    parser.add_argument("new", metavar="NEW", nargs="?", help="the same (default: --path as it is now)")
    parser.add_argument(
        "--path", type=Path, metavar="FILE", help="gold set for revisions without a file (default: the project's files)"
    )
    add_reading(parser, "the versions", label_set=True)
    add_gold(parser, help=TEXTS, label_set=False)
    add_output(parser, ("text", "json", "markdown"))
    parser.add_argument("--exit-code", action="store_true", help="exit 1 if there are differences")


def run(args: argparse.Namespace) -> int:
    """Compare and print."""
    check_one_stdin(args.gold, args.old, args.new)
    # A path is given for the configuration's sake: where there is none, two files can be compared all the same.
    project = open_project([args.path or Path(args.old)], reading=of_project(args))
    config = project.config
    paths = [args.path] if args.path is not None else [project.folder / name for name in config.paths]
    how = replace(
        reading_of(args),
        format=config.format,
        labels=config.labels,
        label_set=config.label_set,
        ignore_labels=config.ignore_labels,
        options=reader_options(config),
    )
    readers = [partial(_version, args.old, paths, how), partial(_version, args.new, paths, how)]
    if args.new is None:
        readers[1] = partial(_now, paths, how)
    (old, old_files), (new, new_files) = _both(readers, load_texts(args))
    files = {**old_files, **new_files}
    found = differences_of(old, new)
    if args.output_format == "json":
        read = {name: file.to_dict() for name, file in files.items()}
        emit_json({**found.to_dict(), "reading": read})
    else:
        from tyez_bench.report.tables.gold import diff_markdown, diff_text

        notes = [line for name, file in files.items() for line in file_lines(name, file, empty=False)]
        write = diff_markdown if args.output_format == "markdown" else diff_text
        emit(write(found, old, new, notes), args.output_format)
    return int(args.exit_code and bool(found))


def _both(readers: Sequence[Reader], base: Base | None) -> list[Side]:
    """Both versions; what has no texts is put on those of the other one, of ``base`` or of the built-in gold set."""
    sides: list[Side | None] = []
    for read in readers:
        try:
            sides.append(read(None))
        except WithoutTextsError:
            sides.append(None)
    with_texts = next((side for side in sides if side is not None), None)
    if base is None and with_texts is not None:
        base = Base(with_texts[0], with_texts[0].name)
    return [side or read(base or built_in()) for side, read in zip(sides, readers, strict=True)]


def _version(name: str, paths: Sequence[Path], how: FileOptions, base: Base | None) -> Side:
    """A gold set, or what it was at a revision. Raises UsageError when it is neither."""
    if name == STDIN or os.path.exists(name):
        return _gold(name, [(Path(name), name)], how, base)
    revision, colon, file = name.partition(":")
    if not colon and not _is_revision(name):
        raise UsageError(f"{name}: no such file, and no git revision of that name")
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
        return _gold(name, found, how, base)


def _is_revision(name: str) -> bool:
    try:
        return bool(name) and resolve(name, Path.cwd()) is not None
    except UsageError:
        # There is no git, or no repository: then it was meant for a file.
        return False


def _now(paths: Sequence[Path], how: FileOptions, base: Base | None) -> Side:
    named = [(path, shown(path)) for path in _named(paths)]
    return _gold(", ".join(name for _, name in named), named, how, base)


def _named(paths: Sequence[Path]) -> Sequence[Path]:
    if not paths:
        raise UsageError("a revision names no file: expected --path FILE, or paths in [tool.tyez-bench.check]")
    return paths


def _gold(name: str, files: Sequence[tuple[Path, str]], how: FileOptions, base: Base | None) -> Side:
    """The documents of these files as one gold set, and how each was read; with each path what errors call it."""
    found: dict[str, Document] = {}
    numbers: dict[str, int] = {}
    read: dict[str, Labelled] = {}
    for path, called in files:
        told = replace(how, labels=how.labels or labels_beside(str(path)))
        try:
            # The files of a directory are read by its path.
            file = read_labelled(path, str(path) if path.is_dir() else called, told, base)
        except InputError as error:
            raise InputError(error.reason, path=str(error.path).replace(str(path), called), line=error.line) from None
        read[called] = file
        for document in file.documents:
            if document.id in found:
                # Each file made up its own.
                if not is_made_up(document.id, document.text):
                    raise InputError(f"document id {document.id!r} occurs twice", path=called)
                document = renamed(document, another_id(document.text, found, numbers))
            found[document.id] = document
    documents = tuple(found.values())
    labels = labels_of(documents, how.label_set)
    return Gold(name, None, fingerprint(documents), documents, labels, how.label_set is None), read
