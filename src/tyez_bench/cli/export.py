"""Write a gold set in the formats of other tools."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from tyez_bench.cli.options import add_gold, check_named, load_gold, natural
from tyez_bench.cli.output import emit, note, output_or_stdout
from tyez_bench.files.in_use import check_output_folder
from tyez_bench.files.jsonl import check_target, write_atomic, write_directory
from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.files import ENCODINGS, FORMATS, LAYERS, OPTIONAL, Exported, check, export
from tyez_bench.io.export.rows import UNITS
from tyez_bench.io.export.words import FORMS, ON_MISALIGNED
from tyez_bench.io.registry import DIRECTORIES
from tyez_bench.model.errors import UsageError

_OPTIONS = ("layer", "optional", "by", "words", "encoding", "on_misaligned", "comments")
# Not text, and so not for the standard output.
_BINARY = ("docbin",)
# What a directory of brat's has in it.
_REPLACED = (".txt", ".ann", ".conf")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--output-format", "-f", required=True, metavar="FORMAT", help=f"one of {', '.join(FORMATS)}")
    parser.add_argument(
        "--output",
        "-o",
        type=output_or_stdout,
        metavar="PATH",
        help="file or (brat) directory (default, and -: standard output)",
    )
    parser.add_argument("--force", action="store_true", help="overwrite existing files")
    which = add_gold(parser, alone=True, taken=("encoding",))
    which.add_argument("--stress", action="store_true", help="write the texts of the stress suite")
    parser.add_argument("--seed", type=natural, metavar="N", help="with --stress: new cases from the same templates")
    what = parser.add_argument_group("what is written")
    what.add_argument("--layer", choices=LAYERS, help="which entities (default: outermost); a DocBin has all")
    what.add_argument("--optional", choices=OPTIONAL, help="how optional entities are treated (default: drop)")
    what.add_argument("--by", choices=UNITS, help="what a record is (default: sentence for conll, else document)")
    tokens = parser.add_argument_group("tokens of conll and docbin")
    tokens.add_argument("--encoding", choices=ENCODINGS, help="the tags of conll (default: bio)")
    tokens.add_argument(
        "--comments",
        action="store_true",
        help="write a line '# id = X' before each sentence of conll; most readers treat it as a token",
    )
    tokens.add_argument("--words", metavar="SEGMENTER", help=f"any of {', '.join(FORMS)} (default: char)")
    tokens.add_argument(
        "--on-misaligned",
        choices=ON_MISALIGNED,
        help="how entities with an edge inside a word are treated (default: error); each is named",
    )


def run(args: argparse.Namespace) -> int:
    """Export, write, and say what is not in it."""
    options = {name: getattr(args, name) for name in _OPTIONS}
    if args.output_format not in FORMATS:
        raise UsageError(f"unknown format {args.output_format!r}, expected one of: {', '.join(FORMATS)}")
    check(args.output_format, **options)
    if args.seed is not None and not args.stress:
        raise UsageError("--seed applies to the stress suite: expected --stress")
    directory = args.output_format in DIRECTORIES
    if str(args.output) == "-":
        args.output = None
    if args.output is None and (directory or args.output_format in _BINARY):
        kind = "a directory" if directory else "not text"
        raise UsageError(f"the format {args.output_format} is {kind}: expected --output PATH")
    if args.output is not None:
        # Told before the work begins.
        check_target(args.output, directory=directory, force=args.force)
        if directory and args.output.is_dir():
            check_output_folder(args.output)
            _check_replaceable(args.output)
    found = export(_gold(args), args.output_format, **options)
    if args.output is None:
        emit(bytes(found.data).decode() if isinstance(found.data, bytes) else "", args.output_format)
    elif isinstance(found.data, bytes):
        write_atomic(args.output, found.data)
    else:
        write_directory(args.output, found.data)
    for line in _notes(found):
        note(line)
    return 0


def _gold(args: argparse.Namespace) -> Gold:
    if args.stress:
        check_named(args)
        from tyez_bench.stress.suite import SEED, suite

        return suite(SEED if args.seed is None else args.seed).gold
    return load_gold(args)


def _check_replaceable(folder: Path) -> None:
    """Raise UsageError for a directory with anything in it but texts and annotations: it is somebody's."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() or path.suffix not in _REPLACED:
            raise UsageError(f"{folder}: is not replaced, since it also contains {path.name!r}")


def _notes(found: Exported) -> list[str]:
    parts = ", ".join(f"{number} {name}" for name, number in found.left_out.items())
    left_out = f"; left out: {parts} (--layer, --optional)" if parts else ""
    cut = f"{len(found.misaligned)} entities have an edge inside a word:"
    return [
        f"{found.spans} entities written{left_out}",
        *([f"not in the file: {_numbers(found.lost)}"] if found.lost else []),
        *([f"read differently by some tools: {_numbers(found.risks)}"] if found.risks else []),
        *([cut, *map(str, found.misaligned)] if found.misaligned else []),
    ]


def _numbers(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{number} {name}" for name, number in counts.items())
