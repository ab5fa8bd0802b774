"""Options declared once for every command: how files are read, and where something is written."""

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import structs

from tyez_bench.cli.output import note
from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.offsets import EXPECTED, parse
from tyez_bench.io.align.spans import OVERLAP_RULES
from tyez_bench.io.encodings import ENCODINGS, REPAIRS
from tyez_bench.io.gold import load
from tyez_bench.io.read import FileOptions
from tyez_bench.io.record import JOINS, TOLD, Options
from tyez_bench.io.registry import FORMATS
from tyez_bench.io.source import STDIN
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import asked_about
from tyez_bench.report.reading import counted_words
from tyez_bench.scoring.from_files import READING as SAID_OF_FILES

if TYPE_CHECKING:
    from tyez_bench.checks.labelled import Base


def natural(text: str) -> int:
    """A whole number from 0."""
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    if natural(text) == 0:
        raise argparse.ArgumentTypeError("expected a whole number from 1")
    return int(text)


def column(text: str) -> int | str:
    """A column: its number from 1, or its name."""
    return positive(text) if text.isdigit() else text


def labels(text: str) -> tuple[str, ...]:
    """Labels between commas."""
    return tuple(filter(None, text.split(",")))


def offsets(text: str) -> str:
    """What offsets count."""
    try:
        parse(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _dest(name: str) -> str:
    return name.replace("-", "_")


# Of the gold set beside files that are held against one another.
TEXTS = "gold set with the texts for files that have none (default: another of the files, else the built-in one)"
# What there is of the files and of the gold, as argparse takes it, by name.
_BOTH: dict[str, dict[str, Any]] = {
    "format": {"metavar": "FORMAT", "help": f"one of {', '.join(FORMATS)} (default: auto-detected)"},
    "labels": {"metavar": "NAME|FILE", "help": "the label map (default: auto-detected)"},
    "ignore-labels": {"type": labels, "metavar": "A,B", "help": "labels to leave out, in addition to those of the map"},
    "overlaps": {
        "choices": OVERLAP_RULES,
        "help": "drop overlapping spans by this rule, or (keep-one) only duplicates (default: refuse)",
    },
    "encoding": {"choices": list(ENCODINGS), "help": "the tag encoding of columns (default: auto-detected)"},
    "repair": {"choices": REPAIRS, "help": "how to read illegal tag sequences (default: refuse)"},
    "column": {"type": column, "metavar": "N|NAME", "help": "the tag column, from 1 (default: the last with tags)"},
    "token-column": {
        "type": column,
        "metavar": "N|NAME",
        "help": "the token column (default: the first, or the one after token numbers)",
    },
    "join": {"choices": list(JOINS), "help": "what to put between tokens (default: depends on the format)"},
    "spans-key": {"metavar": "KEY", "help": "read this group of Doc.spans instead of Doc.ents"},
    "fields": {"metavar": "NAME|FILE", "help": "field map for JSON records (default: auto-detected)"},
    "trust": {"choices": ("offsets",), "help": "what to trust if offsets and surfaces differ (default: refuse)"},
    "annotator": {"metavar": "NAME", "help": "whose annotations to read if there are several annotators"},
    "offsets": {
        "type": offsets,
        "metavar": "UNIT",
        "help": f"what offsets count: {EXPECTED} (default: code-points with exclusive ends)",
    },
    "align": {
        "action": "store_true",
        "help": "ignore harmless differences between texts, and convert offsets in other units",
    },
}
# What is called otherwise where it is not behind --gold-.
_SHORT = {"format": "input-format"}
_LABEL_SET: dict[str, Any] = {"metavar": "NAME|FILE", "help": "the label set (default: auto-detected)"}
# The dests of all that says how predictions are read.
READING = ("input_format", *(_dest(name) for name in _BOTH if name != "format"))


def add_reading(
    parser: argparse.ArgumentParser, what: str, *, label_set: bool = False, without: Collection[str] = ()
) -> None:
    """Declare how ``what`` is read.

    ``label_set``: the files are gold sets of which a label set can be said. ``without`` are the options that the
    command has no use for.
    """
    group = parser.add_argument_group(f"reading {what}")
    for name, how in _BOTH.items():
        if name not in without:
            group.add_argument(f"--{_SHORT.get(name, name)}", **how)
    if label_set:
        group.add_argument("--label-set", **_LABEL_SET)


def add_gold(
    parser: argparse.ArgumentParser,
    *,
    help: str = "your gold set (default: the built-in one)",
    alone: bool = False,
    taken: Collection[str] = (),
    label_set: bool = True,
) -> Any:
    """Declare which gold set it is, and how it is read. Returns the group of what says which, one of them at most.

    ``alone``: the gold is all that the command reads, so that its options have their short names, too, but for those
    that are ``taken``.
    """
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--gold", type=Path, metavar="FILE", help=f"{help}: a file in any format, a directory, or - for standard input"
    )
    which.add_argument(
        "--gold-version", metavar="V", help="a version of the built-in gold set (default: the current one)"
    )
    group = parser.add_argument_group("reading the gold")
    for name, how in _BOTH.items():
        short = _SHORT.get(name, name)
        names = [f"--gold-{name}", *([f"--{short}"] if alone and short not in taken else [])]
        group.add_argument(*names, dest=f"gold_{_dest(name)}", **how)
    if label_set:
        group.add_argument("--label-set", dest="gold_label_set", **_LABEL_SET)
    return which


def reading_of(args: argparse.Namespace) -> FileOptions:
    """How the files are read."""
    return structs.replace(_said(args, ""), format=args.input_format)


def gold_reading_of(args: argparse.Namespace) -> FileOptions:
    """How the gold is read."""
    return structs.replace(_said(args, "gold_"), format=args.gold_format)


def _said(args: argparse.Namespace, side: str) -> FileOptions:
    """What both sides have options for, whose names begin with ``side``."""
    return FileOptions(
        label_set=getattr(args, f"{side}label_set", None),
        labels=getattr(args, f"{side}labels"),
        ignore_labels=getattr(args, f"{side}ignore_labels") or (),
        align=getattr(args, f"{side}align"),
        overlaps=getattr(args, f"{side}overlaps"),
        options=Options(**{name: getattr(args, f"{side}{name}") for name in TOLD}),
    )


def of_project(args: argparse.Namespace) -> dict[str, Any]:
    """What is said of how the files of a project are read, by the names of the configuration."""
    named = {"format": args.input_format}
    named |= {name: getattr(args, name) for name in ("labels", "label_set", "ignore_labels", *TOLD)}
    return {name: value for name, value in named.items() if value is not None}


def load_gold(args: argparse.Namespace, reading: FileOptions | None = None) -> Gold:
    """The gold set that the arguments name; ``reading`` in the place of what they say of how it is read."""
    reading = reading or gold_reading_of(args)
    if args.gold is None:
        check_named(args)
        return load(version=args.gold_version)
    with asked_about("gold", SAID_OF_FILES):
        gold = load(args.gold, **reading.of_gold())
    left_out = ", ".join(f"{label} {number}" for label, number in gold.out_of_scope.items())
    if left_out:
        note(f"gold {gold.name}: out of scope, left out: {left_out}")
    if gold.changed:
        note(f"gold {gold.name}: {counted_words(gold.changed)}")
    if gold.rejected:
        note(f"gold {gold.name}: {gold.rejected} records rejected or ignored by their annotators, left out")
    if gold.dropped:
        note(f"gold {gold.name}: {gold.dropped} overlapping entities dropped")
    return gold


def load_texts(args: argparse.Namespace) -> "Base | None":
    """The gold set with the texts of files that have none; None where the arguments name none."""
    if args.gold is None and args.gold_version is None:
        check_named(args)
        return None
    from tyez_bench.checks.labelled import Base

    gold = load_gold(args)
    return Base(gold, f"version {gold.version} of the built-in gold set" if args.gold is None else str(args.gold))


def check_named(args: argparse.Namespace) -> None:
    """Raise UsageError for an option that says how a gold set is read where none is named."""
    dests = [f"gold_{_dest(name)}" for name in _BOTH]
    found = next((dest for dest in dests if getattr(args, dest)), None)
    if found is None and getattr(args, "gold_label_set", None) is not None:
        found = "label_set"
    if found is not None and args.gold is None:
        raise UsageError(f"--{found.replace('_', '-')} applies to your own gold set: expected --gold FILE")


def check_one_stdin(*paths: str | Path | None) -> None:
    """Raise UsageError where two files are the standard input: it can be read once."""
    if [str(path) for path in paths].count(STDIN) > 1:
        raise UsageError("- occurs twice: standard input can be read only once, expected a file for the other")
