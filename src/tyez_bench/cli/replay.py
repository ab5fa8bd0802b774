"""From a signature to the reading that it asks for: of predictions, and of the gold."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any, cast

from tyez_bench.checks.labelled import How
from tyez_bench.cli.reading import READING, column, gold_reading_of, offsets
from tyez_bench.corpus.label_sets import BUILT_IN, set_names
from tyez_bench.errors import UsageError
from tyez_bench.formats.encodings import ENCODINGS, REPAIRS
from tyez_bench.formats.label_maps import AS_THEY_ARE, load_map, map_names
from tyez_bench.formats.merge import OVERLAP_RULES
from tyez_bench.formats.record import Options
from tyez_bench.formats.registry import FORMATS
from tyez_bench.formats.tokens import JOINS
from tyez_bench.labels import unlisted
from tyez_bench.scoring.signature import NOTHING, Signature, reading_of_gold
from tyez_bench.scoring.signature import READING as FIELDS

# Files of one's own, of which a signature has the hash alone: they are given beside it.
_FILES = ("labels", "fields", "gold_labels", "gold_fields", "gold_label_set")
_ALLOWED = {
    "format": FORMATS,
    "encoding": ENCODINGS,
    "repair": REPAIRS,
    "overlaps": OVERLAP_RULES,
    "join": JOINS,
    "trust": ("offsets",),
}


def check_nothing_beside(args: argparse.Namespace, rules: Iterable[str]) -> None:
    """Raise UsageError for what is said though the signature says it.

    How the gold is read may be said: it may lie there in another format, and its fingerprint tells whether it is the
    same.
    """
    said = [f"--{name.replace('_', '-')}" for name in (*rules, *READING) if getattr(args, name) and name not in _FILES]
    if said:
        raise UsageError(f"{said[0]} can't be given beside --signature, which says it already")


def reading_in(given: Signature, args: argparse.Namespace) -> How:
    """How the predictions were read."""
    said = {name: value for name in FIELDS if (value := getattr(given, name)) != NOTHING}
    name, _, hash_ = given.labels.partition("#")
    own = BUILT_IN if given.labelset == NOTHING and args.gold is not None else given.labelset.partition("#")[0]
    if args.labels is None and name == own:
        # The gold's own labels, whose set may be called as a map is. The map of the built-in labels is theirs, too.
        of_map = name != BUILT_IN and name in map_names() and load_map(name).fingerprint == hash_
        name = name if of_map else AS_THEY_ARE
    return _reading(said, args.fields, labels=args.labels or name)


def gold_reading_in(given: Signature, args: argparse.Namespace) -> How | None:
    """How the gold was read; what the arguments say of it goes first. None for the built-in gold.

    The signature of a gold set in the project's own form says nothing, and neither does this.
    """
    said = gold_reading_of(args)
    if args.gold is None or said != How(label_set=said.label_set, labels=said.labels):
        return None
    name = given.labelset.partition("#")[0]
    told = dict(reading_of_gold(given))
    labels = told.pop("labels", "").partition("#")[0] or None
    found = _reading(told, args.gold_fields, labels=said.labels or labels)
    return How(
        format=found.format,
        label_set=said.label_set or (name if name in set_names() else None),
        labels=found.labels,
        ignore_labels=found.ignore_labels,
        align=found.align,
        overlaps=found.overlaps,
        options=found.options,
    )


def _reading(said: Mapping[str, str], fields: str | None, *, labels: str | None) -> How:
    for name, allowed in _ALLOWED.items():
        if name in said and said[name] not in allowed:
            raise UsageError(f"not a signature: {name} is {said[name]!r}, expected one of {', '.join(allowed)}")
    return How(
        format=said.get("format"),
        labels=labels,
        ignore_labels=unlisted(said.get("ignored", "")),
        align=said.get("align") == "yes",
        overlaps=cast("Any", said.get("overlaps")),
        options=Options(
            encoding=said.get("encoding"),
            repair=said.get("repair"),
            column=_column(said.get("column")),
            token_column=_column(said.get("token_column")),
            join=cast("Any", said.get("join")),
            spans_key=said.get("spans"),
            fields=fields or said.get("fields"),
            trust=said.get("trust"),
            annotator=said.get("annotator"),
            offsets=_offsets(said.get("offsets")),
        ),
    )


def _offsets(text: str | None) -> str | None:
    try:
        return None if text is None else offsets(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"not a signature: {error}") from None


def _column(text: str | None) -> int | str | None:
    try:
        return None if text is None else column(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"not a signature: a column is {text!r}: {error}") from None
