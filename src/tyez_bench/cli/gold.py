"""What a gold set holds: in numbers, under words; and whether the published files are those on record."""

import argparse
from pathlib import Path

from tyez_bench.cli.options import add_gold, load_gold, natural
from tyez_bench.cli.output import add_output, emit, emit_json, note, print_tables
from tyez_bench.dataset.statistics import CEILING_LAYERS, ceilings, statistics
from tyez_bench.gold.gold import data_dir, load_published
from tyez_bench.gold.manifest import read_manifest, verify
from tyez_bench.io.export.words import FORMS, Segmenter, load_segmenter
from tyez_bench.model.errors import MissingExtraError, one_line

# Those that need no model from elsewhere.
DEFAULT = ("char", "jieba", "thulac", "spacy:char", "spacy:jieba", "spacy:xx")


def add_info_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of info."""
    add_gold(parser, alone=True)
    parser.add_argument("--names", type=natural, default=10, metavar="N", help="how many names to list")
    add_output(parser)


def run_info(args: argparse.Namespace) -> int:
    """Count and print."""
    found = statistics(load_gold(args))
    if args.output_format == "json":
        data = found.to_dict()
        data["names"] = data["names"][: args.names]
        emit_json(data)
        return 0
    from tyez_bench.report.tables.gold import info_tables

    print_tables(info_tables(found, args.names), args.output_format)
    return 0


def add_ceiling_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ceiling."""
    parser.add_argument(
        "segmenters",
        nargs="*",
        metavar="SEGMENTER",
        help=f"any of {', '.join(FORMS)} (default: those installed of {', '.join(DEFAULT)})",
    )
    add_gold(parser, alone=True)
    parser.add_argument("--layer", choices=CEILING_LAYERS, default="outermost", help="which entities")
    add_output(parser)


def run_ceiling(args: argparse.Namespace) -> int:
    """Cut and print."""
    gold = load_gold(args)
    segmenters = {name: load_segmenter(name) for name in args.segmenters} if args.segmenters else _installed()
    found = ceilings(gold, segmenters, layer=args.layer)
    if args.output_format == "json":
        data = [
            {
                "segmenter": one.segmenter,
                "layer": args.layer,
                "words": one.words,
                "gold": {label: one.gold[label] for label in one.gold},
                "held": {label: one.held[label] for label in one.gold},
                "ceiling": one.share(),
                "by_type": {label: one.share(label) for label in one.gold},
                "cut": [entity.id for _, entity in one.cut],
            }
            for one in found
        ]
        emit_json(data)
        return 0
    from tyez_bench.report.tables.gold import ceiling_table

    print_tables([ceiling_table(found, args.layer)], args.output_format)
    return 0


def _installed() -> dict[str, Segmenter]:
    """The default segmenters whose packages there are; the others are named on stderr."""
    found = {}
    for name in DEFAULT:
        try:
            found[name] = load_segmenter(name)
        except MissingExtraError as error:
            note(f"{name} is left out: {error}")
    return found


def add_verify_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of verify."""
    parser.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="a published directory (default: the built-in data)"
    )


def run_verify(args: argparse.Namespace) -> int:
    """Check every file, and every version of the gold."""
    folder = args.folder or data_dir()
    manifest = read_manifest(folder)
    verify(folder, manifest)
    for release in manifest.releases:
        load_published(folder, release.version)
    versions = ", ".join(release.version for release in manifest.releases)
    counted = f"{len(manifest.files)} files match their checksums"
    emit(one_line(f"{manifest.name} {manifest.version}: {counted}; versions {versions}") + "\n")
    return 0
