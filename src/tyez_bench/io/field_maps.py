"""Field maps: which members of a JSON record hold its text, its id and its spans, as data; and reading by them.

A map is a TOML file. Those of the package are in ``io/field_maps/``; ``--fields FILE`` takes your own.
A list of keys gives alternatives; a key with dots (``char_interval.start_pos``) is a path to a nested member.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from tyez_bench.files.toml import names_in, own_text, parse_toml
from tyez_bench.io.fields import label_of, shown
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import advice

Keys = tuple[str, ...]
Unit = Literal[
    "code points",
    "UTF-16 code units",
    "UTF-8 bytes",
    "line ends CR LF as one character",
    "line ends as CR LF",
    "grapheme clusters",
    "tokens",
]
Part = Literal["start", "end", "label", "surface", "other"]
OWN = "fields"
"""The format of records that are read by a map of one's own."""
_FOLDER = resources.files("tyez_bench.io") / "field_maps"


class SpanFields(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The members of a span: keys for an object, an order for a list.

    Args:
        start: the first character.
        end: the end, inclusive or exclusive as the map's ``ends`` says.
        length: the number of characters, instead of an end.
        place: one member with start and end, such as ``[7, 9]``.
        indices: one member with the number of every token, such as ``[7, 8]``; a name with gaps is refused.
        label: the type.
        surface: the span's own text, against which the offsets are checked.
        order: the elements of a span that is a list: ``["start", "end", "label"]``.
        passed: members to ignore although they look like offsets.

    """

    start: Keys = ()
    end: Keys = ()
    length: Keys = ()
    place: Keys = ()
    indices: Keys = ()
    label: Keys = ()
    surface: Keys = ()
    order: tuple[Part, ...] = ()
    passed: Keys = ()


class Acceptance(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An annotator's decision about a record: it is read if ``key`` is missing or its value is in ``accept``.

    Records with a value in ``refuse`` are left out and counted; any other value is an error.
    """

    key: str
    accept: tuple[str, ...]
    refuse: tuple[str, ...] = ()


class FieldMap(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How records are read.

    Args:
        name: the format's name.
        title: a description for people.
        source: where the format is documented.
        records: the member with the records, if the file is one object.
        pair: a record is a list of its text and an object with the rest.
        bare: a record may be just a list of spans; the texts are then identified by their order.
        text: the text; a list of strings is tokens.
        id: the id.
        spans: the spans. Without keys, the record itself has them, by label.
        groups: named groups of spans; ``--spans-key`` names one to read instead of the spans.
        optional: the spans may be missing if there are none.
        by_label: the spans are an object with a list of spans for each label.
        tokens: the tokens, for tags; without any, tags are on the characters of the text.
        tags: a tag for each token.
        names: the labels or tags that numbers stand for, from 0.
        annotator: who made the record, for a file with several annotators.
        passed: members to ignore although they look like spans.
        ends: ``exclusive``, ``inclusive``, or detected from the spans' own texts (``surface``), and refused if these
            are inconclusive.
        unit: what offsets count (``code points``, ``UTF-16 code units``, ``UTF-8 bytes``, ``grapheme clusters``,
            ``tokens``, or code points with each line end as one character or as two: ``line ends CR LF as one
            character``, ``line ends as CR LF``).
        unplaced: whether a span without offsets is refused, or read as a ``name`` to be located in the text,
            as is one whose text differs from that at its offsets.
        decision: which records are left out.
        span: the members of a span.

    """

    name: str = ""
    title: str = ""
    source: str = ""
    records: Keys = ()
    pair: bool = False
    bare: bool = False
    text: Keys = ()
    id: Keys = ()
    spans: Keys = ()
    groups: Keys = ()
    optional: bool = False
    by_label: bool = False
    tokens: Keys = ()
    tags: Keys = ()
    names: tuple[str, ...] = ()
    annotator: Keys = ()
    passed: Keys = ()
    ends: Literal["exclusive", "inclusive", "surface"] = "exclusive"
    unit: Unit = "code points"
    unplaced: Literal["refused", "name"] = "refused"
    decision: Acceptance | None = None
    span: SpanFields = SpanFields()

    @property
    def has_lengths(self) -> bool:
        """Whether spans have lengths in the place of ends."""
        return bool(self.span.length) and not self.span.end

    @property
    def read(self) -> Keys:
        """The members of a record that are looked at, or known to hold nothing to be read."""
        own = (*self.text, *self.id, *self.spans, *self.groups, *self.tokens, *self.tags, *self.annotator, *self.passed)
        decision = () if self.decision is None else (self.decision.key,)
        return tuple(dict.fromkeys(key.partition(".")[0] for key in (*own, *decision)))


@cache
def map_names() -> tuple[str, ...]:
    """The names of the maps that come with the package, in alphabetical order."""
    return names_in(_FOLDER)


@cache
def shipped() -> Mapping[str, FieldMap]:
    """The maps that come with the package, by name, in alphabetical order."""
    return {name: _parse((_FOLDER / f"{name}.toml").read_text("utf-8"), f"{name}.toml") for name in map_names()}


def load_field_map(name_or_path: str | Path) -> FieldMap:
    """A map of the package by its name, or one from a TOML file. Raises UsageError or InputError."""
    name = str(name_or_path)
    if name in map_names():
        return shipped()[name]
    return _parse(own_text(name, "field map", map_names()), name)


def _parse(text: str, path: str) -> FieldMap:
    """A map from TOML. Raises InputError."""
    content = parse_toml(text, path)
    try:
        found = msgspec.convert(content, FieldMap)
    except msgspec.ValidationError as error:
        raise InputError(f"is not a field map: {error}", path=path) from None
    problem = _problem(found)
    if problem is not None:
        raise InputError(f"is not a field map: {problem}", path=path)
    return found if found.name else msgspec.structs.replace(found, name=Path(path).stem)


def _problem(found: FieldMap) -> str | None:
    """What is missing in a map, or contradicts itself."""
    span = found.span
    if found.tags:
        return "it has both tags and spans, expected one of them" if found.spans or found.by_label else None
    ends = (bool(span.end) + bool(span.length)) if span.start else 0
    places = bool(ends) + bool(span.place) + bool(span.indices)
    if not (found.spans or found.by_label or found.bare):
        return 'it defines no spans, expected spans = ["KEY"], or tags = ["KEY"]'
    if not places and not {"start", "end"} <= set(span.order):
        return "it defines no offsets, expected [span] with start and end (or length), place, indices or order"
    if not found.by_label and not span.label and "label" not in span.order:
        return "it defines no labels, expected label in [span]"
    if span.indices and found.unit != "tokens":
        return 'indices are numbers of tokens, expected unit = "tokens"'
    if found.ends == "surface" and found.unit == "tokens":
        return "ends can't be detected from texts if offsets count tokens"
    if found.pair and not found.text:
        return "a pair needs a key for its text"
    return None


def member(fields: Mapping[str, Any], key: str) -> tuple[bool, Any]:
    """Whether there is a member under the key, and itself; a key with dots leads into members of members."""
    if key in fields:
        return True, fields[key]
    first, dot, rest = key.partition(".")
    inner = fields.get(first) if dot else None
    if isinstance(inner, Mapping):
        return member(inner, rest)
    # What holds nothing holds no member: a place that is null.
    return bool(dot) and first in fields and inner is None, None


def value_of(fields: Mapping[str, Any], keys: Sequence[str]) -> tuple[str | None, Any]:
    """The first of the keys under which there is something but null, and what; else the first that is there."""
    there = [(key, value) for key in keys for is_there, value in (member(fields, key),) if is_there]
    return next((one for one in there if one[1] is not None), there[0] if there else (None, None))


def groups_in(value: Mapping[str, Any], fields: FieldMap) -> dict[str, Any]:
    """The groups of spans of a record, by name."""
    found = value_of(value, fields.groups)[1] if fields.groups else None
    return dict(found) if isinstance(found, Mapping) else {}


def id_in(value: Mapping[str, Any], fields: FieldMap) -> str | None:
    """The id of a record, a whole number as its digits. Raises ValueError."""
    _, found = value_of(value, fields.id)
    if found is not None and (not isinstance(found, str | int) or isinstance(found, bool)):
        raise ValueError(f"expected a string as id, got {shown(found)}")
    return None if found is None else str(found)


def decided(value: Mapping[str, Any], fields: FieldMap) -> bool:
    """Whether a record is to be read, as somebody decided. Raises ValueError for a decision that is not known."""
    decision = fields.decision
    said = None if decision is None else value.get(decision.key)
    if decision is None or said is None or said in decision.accept:
        return True
    if said in decision.refuse:
        return False
    known = ", ".join((*decision.accept, *decision.refuse))
    raise ValueError(f"{decision.key} is {shown(said)}, expected one of: {known}")


def unpaired(value: Any, fields: FieldMap) -> Any:
    """A record that is a list of its text and an object as an object with both. Raises ValueError."""
    if not fields.pair:
        return value
    if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], Mapping):
        raise ValueError(f"expected a list of a text and an object, got {shown(value)}")
    if any(key in value[1] for key in fields.text):
        raise ValueError(f"has a second text in its object, {shown(value[1])}")
    return {fields.text[0]: value[0], **value[1]}


def name_of(number: int, names: Sequence[str]) -> str:
    """What a number stands for. Raises ValueError."""
    if not 0 <= number < len(names):
        raise ValueError(f"the label {number} has no name, expected 0 to {len(names) - 1}")
    return label_of(names[number])


Rows = Sequence[tuple[int, Any]]


def makers(found: Rows, fields: FieldMap) -> list[str | None]:
    """By record, who made it; None where it does not say, or was set aside."""
    return [_maker(value, fields) for _, value in found]


def _maker(value: Any, fields: FieldMap) -> str | None:
    try:
        record = unpaired(value, fields)
        if not isinstance(record, Mapping) or not decided(record, fields):
            return None
    except ValueError:
        # The reader says what is wrong with it.
        return None
    name = value_of(record, fields.annotator)[1]
    return None if name is None else str(name)


def of_one(found: Rows, fields: FieldMap, annotator: str | None, source: Source) -> Rows:
    """The records of the annotator who is named; all where none is, and nobody annotated the text of another.

    Raises InputError where the one who is named made none, and where none is named and a text has several annotators:
    read together, each would be a text of its own.
    """
    if not fields.annotator:
        return found
    who = makers(found, fields)
    if annotator is not None:
        chosen = [one for one, name in zip(found, who, strict=True) if name == annotator]
        if not chosen:
            known = ", ".join(sorted(set(filter(None, who)))) or "nobody by name"
            raise source.error(f"has no record by {annotator!r}, expected one of: {known}")
        return chosen
    before: dict[str, str] = {}
    for (line, value), name in zip(found, who, strict=True):
        text = value_of(unpaired(value, fields), fields.text or fields.tokens)[1] if name is not None else None
        if name is None or text is None:
            continue
        first = before.setdefault(str(text), name)
        if first != name:
            how = advice("pass {annotator} to read one of them", annotator="NAME")
            raise source.error(f"its text was annotated by {first} and {name}, expected one annotator{how}", line)
    return found
