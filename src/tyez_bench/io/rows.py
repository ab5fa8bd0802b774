"""Records of JSON or Parquet, and their spans, as a field map says where they have what; and which maps they fit."""

import json
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from tyez_bench.io.encodings import spelling_of
from tyez_bench.io.field_maps import (
    FieldMap,
    SpanFields,
    decided,
    groups_in,
    member,
    name_of,
    shipped,
    unpaired,
    value_of,
)
from tyez_bench.io.fields import is_offset, label_of, shown, whole_number
from tyez_bench.io.formats.llm import ANSWERS
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, MissingExtraError, first_line
from tyez_bench.model.hints import advice

_PARQUET = b"PAR1"


def rows(source: Source, fields: FieldMap | None = None) -> Iterator[tuple[int, Any]]:
    """Line (of Parquet: number) and value of each record. Raises InputError.

    Where the map says under which member of one object the records are, and it is there, these.
    """
    for line, value in _table(source) if source.data.startswith(_PARQUET) else _values(source):
        inner = inner_of(value, fields)
        if inner is None:
            yield line, value
        else:
            # Tools for annotation write null for a text that was passed over.
            yield from ((line, one) for one in inner if one is not None)


def inner_of(value: Any, fields: FieldMap | None) -> list[Any] | None:
    """The records that an object holds, as the map says; None where it is a record itself."""
    for key in () if fields is None or not isinstance(value, Mapping) else fields.records:
        _, found = member(value, key)
        if isinstance(found, list) and (not found or any(isinstance(one, Mapping | list) for one in found)):
            return found
    return None


def _values(source: Source) -> Iterator[tuple[int, Any]]:
    items = source.items()
    first = next(items, None)
    if first is not None and isinstance(first[1], str):
        rest = list(items)
        if len(rest) == 1 and isinstance(rest[0][1], Mapping):
            # The only record, a list of its text and an object, and not a list of two records.
            yield first[0], [first[1], rest[0][1]]
            return
        items = iter(rest)
    if first is not None:
        yield first
    yield from items


def _table(source: Source) -> Iterator[tuple[int, Any]]:
    batches = _read(source).to_batches()
    yield from enumerate((row for batch in batches for row in batch.to_pylist()), 1)


def _read(source: Source) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "hf") from None
    try:
        return parquet.read_table(BytesIO(source.data)).combine_chunks()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise source.error(f"is not valid Parquet: {first_line(error)}") from None


def names_of(source: Source, key: str) -> tuple[str, ...]:
    """The names of a column's numbers, as ``datasets`` writes them into Parquet; empty without."""
    if not source.data.startswith(_PARQUET):
        return ()
    said = (_read(source).schema.metadata or {}).get(b"huggingface", b"{}")
    try:
        feature = json.loads(said)["info"]["features"][key]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
    while isinstance(feature, Mapping) and "names" not in feature:
        feature = feature.get("feature")
    if isinstance(feature, list) and feature:
        feature = feature[0]
    names = feature.get("names") if isinstance(feature, Mapping) else None
    return tuple(map(str, names)) if isinstance(names, list) else ()


class StatedSpan(NamedTuple):
    """A span as the file has it; ``end`` as it stands there, ``length``: it is none but a number of characters.

    Without a place (``start`` is None) it is a name.
    """

    start: int | None
    end: int
    label: str
    surface: str | None
    length: bool = False


def span_in(item: Any, label: str | None, fields: FieldMap, key: str) -> StatedSpan:
    """The span that an element of ``key`` is, with the label under which it stands, if it does. Raises ValueError."""
    span = fields.span
    if isinstance(item, list) and span.order:
        if len(item) != len(span.order):
            raise ValueError(f"{key}: expected [{', '.join(span.order)}], got {shown(item)}")
        parts = dict(zip(span.order, item, strict=True))
        said = parts.get("label") if label is None else label
        surface = parts.get("surface")
        return StatedSpan(
            whole_number(parts["start"], "start"),
            whole_number(parts["end"], "end"),
            _label(said, fields),
            surface if isinstance(surface, str) else None,
        )
    if not isinstance(item, Mapping) or not (span.start or span.place or span.indices):
        form = f"[{', '.join(span.order)}]" if span.order else "a span as an object"
        raise ValueError(f"{key}: expected {form}, got {shown(item)}")
    _check_span_read(item, span)
    if label is None:
        label = _label(_needed(item, span.label, span), fields)
    surface = value_of(item, span.surface)[1]
    if surface is not None and not isinstance(surface, str):
        raise ValueError(f"expected a string as the text of a span, got {shown(surface)}")
    start, end, length = _place(item, fields)
    return StatedSpan(start, end, label, surface, length)


def _check_span_read(item: Mapping[str, Any], span: SpanFields) -> None:
    """Raise ValueError when something beside a span looks like offsets, too."""
    known = {
        key.partition(".")[0]
        for keys in (span.start, span.end, span.length, span.place, span.indices, span.label, span.surface, span.passed)
        for key in keys
    }
    other = next((key for key, value in item.items() if key not in known and is_offset(key, value)), None)
    if other is not None:
        raise ValueError(f"the span {shown(item)} also has {other!r}, which looks like an offset but is not read")


def _needed(item: Mapping[str, Any], keys: Sequence[str], span: SpanFields) -> Any:
    """What is under one of the keys. Raises ValueError when nothing is, or different things are."""
    there = [(key, value) for key in keys for is_there, value in (member(item, key),) if is_there]
    if not there:
        all_ = [keys[0] for keys in (span.start, span.end or span.length, span.place, span.indices, span.label) if keys]
        names = f"{', '.join(all_[:-1])} and {all_[-1]}"
        raise ValueError(f"expected an entity with {names}, got no {keys[0]}")
    for key, value in there[1:]:
        if value != there[0][1]:
            raise ValueError(f"the span has {there[0][0]} {shown(there[0][1])} and {key} {shown(value)}")
    return there[0][1]


def _label(value: Any, fields: FieldMap) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        if fields.names:
            return name_of(value, fields.names)
        raise ValueError(
            f"the label is a number ({value}), which only the project can resolve: expected an export with labels by "
            f"name{advice('set names in a file for {fields}', fields=None)}"
        )
    return label_of(value)


def _place(item: Mapping[str, Any], fields: FieldMap) -> tuple[int | None, int, bool]:
    """Start and end as they stand there, and whether the end is a length."""
    span = fields.span
    found, indices = value_of(item, span.indices)
    if found is not None:
        numbers = [whole_number(one, found) for one in indices] if isinstance(indices, list) else []
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise ValueError(f"expected consecutive numbers as {found}, got {shown(indices)}")
        return numbers[0], numbers[-1] + 1, False
    found, place = value_of(item, span.place)
    if found is not None and isinstance(place, list):
        if len(place) != 2:
            raise ValueError(f"expected [start, end] as {found}, got {shown(place)}")
        return whole_number(place[0], "start"), whole_number(place[1], "end"), False
    if not span.start:
        expected = (span.place or span.indices)[0]
        raise ValueError(f"expected a list as {expected}, got {shown(value_of(item, (*span.place, *span.indices))[1])}")
    if fields.unplaced == "name" and value_of(item, span.start)[1] is None:
        return None, 0, False
    start = whole_number(_needed(item, span.start, span), value_of(item, span.start)[0] or "start")
    found, length = value_of(item, span.length)
    if found is not None and not span.end:
        return start, whole_number(length, found), True
    keys = span.end or span.length
    return start, whole_number(_needed(item, keys, span), value_of(item, keys)[0] or "end"), False


def looks_like_span(item: Any, fields: FieldMap, *, labelled: bool = False) -> bool:
    """Whether it has the form of a span of the map; ``labelled``: its label is elsewhere."""
    span = fields.span
    if isinstance(item, list):
        if len(item) != len(span.order):
            return False
        parts = dict(zip(span.order, item, strict=True))
        numbers = any(isinstance(parts.get(key), int) for key in ("start", "end"))
        return numbers and (labelled or isinstance(parts.get("label"), str | int))
    if not isinstance(item, Mapping):
        return False
    has = {name: any(member(item, key)[0] for key in getattr(span, name)) for name in span.__struct_fields__}
    # One whose end is missing has the form, too; the reader says what is missing.
    return (has["start"] or has["place"] or has["indices"]) and (labelled or has["label"])


def tags_in(value: Mapping[str, Any], fields: FieldMap) -> list[str]:
    """The keys of the map under which there are tags: a list of tags, or of numbers."""
    return [key for key in fields.tags if _are_tags(value.get(key))]


def _are_tags(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return isinstance(value, list)
    numbers = all(isinstance(tag, int) and not isinstance(tag, bool) for tag in value)
    return numbers or (all(isinstance(tag, str) for tag in value) and spelling_of(value) is not None)


def fitting(source: Source) -> list[str]:
    """The names of the maps of the package whose form the first record with a span has, the more special first.

    Where no record has one, those whose records these may be. Empty for what is neither JSON nor Parquet.
    """
    undecided = dict(sorted(shipped().items(), key=lambda item: (len(item[1].span.start), item[0])))
    found = []
    first: Any = None
    try:
        for number, (_, value) in enumerate(() if source.is_directory else rows(source)):
            first = value if number == 0 else first
            for name, fields in list(undecided.items()):
                answer = _fits(value, fields, first=number == 0)
                if answer is not None:
                    del undecided[name]
                    if answer:
                        found.append(name)
            if not undecided:
                break
    except InputError:
        # The reader says what is wrong.
        pass
    return found or [name for name, fields in undecided.items() if _has_text(first, fields)]


def _has_text(value: Any, fields: FieldMap) -> bool:
    """Whether a record without a span has a text or tokens, by which it can be told from others."""
    value = next(iter(inner_of(value, fields) or [value]))
    if fields.pair and isinstance(value, list):
        return True
    return isinstance(value, Mapping) and value_of(value, (*fields.text, *fields.tokens))[1] is not None


def _fits(value: Any, fields: FieldMap, *, first: bool) -> bool | None:
    """Whether a record is one of the map; None where it has no span that would tell."""
    inner = inner_of(value, fields)
    if inner is not None:
        answers = [
            _fits(one, fields, first=first and not number) for number, one in enumerate(inner) if one is not None
        ]
        return next((answer for answer in answers if answer is not None), None)
    if isinstance(value, list) and fields.bare:
        return looks_like_span(value[0], fields) if value else None
    try:
        value = unpaired(value, fields)
    except ValueError:
        return False
    if not isinstance(value, Mapping):
        return False
    if any(key in value and key not in fields.read for key in ANSWERS):
        # What a model said may name something, too.
        return False
    if fields.bare and looks_like_span(value, fields):
        # A span of the only text: its text is no record's.
        return not any(member(value, key)[0] for key in fields.spans)
    return _tagged(value, fields) if fields.tags else _with_spans(value, fields, first=first)


def _tagged(value: Mapping[str, Any], fields: FieldMap) -> bool | None:
    _, tokens = value_of(value, fields.tokens)
    if not isinstance(tokens if tokens is not None else value_of(value, fields.text)[1], list | str):
        return False
    keys = tags_in(value, fields)
    if not keys:
        return False
    tags = value[keys[0]]
    return True if any(tag not in ("O", "o") for tag in tags) else None


def _with_spans(value: Mapping[str, Any], fields: FieldMap, *, first: bool) -> bool | None:
    if not fields.spans:
        return _by_label(value, fields)
    keys = [key for key in fields.spans if member(value, key)[0]]
    text = value_of(value, fields.text)[1]
    if fields.unit == "tokens":
        # Beside a text, offsets count its characters.
        if not isinstance(text, list) or isinstance(value.get("text"), str):
            return False
    elif not isinstance(text, str | None):
        return False
    if not keys:
        groups = [group for group in groups_in(value, fields).values() if isinstance(group, list) and group]
        if groups:
            return text is not None and looks_like_span(groups[0][0], fields)
        if not first:
            return None
        if not fields.optional or fields.decision is None or fields.decision.key not in value or text is None:
            return False
        try:
            decided(value, fields)
        except ValueError:
            return False
        return None
    told: bool | None = None
    for key in keys:
        items = member(value, key)[1]
        if items is None or items in ([], {}):
            continue
        if fields.by_label:
            answer = _by_label(items, fields)
        else:
            answer = isinstance(items, list) and looks_like_span(items[0], fields)
        if answer:
            return True
        told = answer if answer is not None else told
    return told


def _by_label(items: Any, fields: FieldMap) -> bool | None:
    if not isinstance(items, Mapping) or not all(isinstance(inner, list | None) for inner in items.values()):
        return False
    first = next((one for inner in items.values() for one in inner or ()), None)
    return None if first is None else looks_like_span(first, fields, labelled=True)
