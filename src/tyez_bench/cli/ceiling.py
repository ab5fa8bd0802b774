"""Tell how many entities have their edges on word edges: the highest recall of a tagger on a segmenter's words."""

import argparse

from tyez_bench.cli.options import add_gold, load_gold
from tyez_bench.cli.output import add_output, emit_json, note, print_tables
from tyez_bench.dataset.statistics import CEILING_LAYERS, ceilings
from tyez_bench.io.export.words import FORMS, Segmenter, load_segmenter
from tyez_bench.model.errors import MissingExtraError

# Those that need no model from elsewhere.
DEFAULT = ("char", "jieba", "thulac", "spacy:char", "spacy:jieba", "spacy:xx")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "segmenters",
        nargs="*",
        metavar="SEGMENTER",
        help=f"any of {', '.join(FORMS)} (default: those installed of {', '.join(DEFAULT)})",
    )
    add_gold(parser, alone=True)
    parser.add_argument("--layer", choices=CEILING_LAYERS, default="outermost", help="which entities")
    add_output(parser)


def run(args: argparse.Namespace) -> int:
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
