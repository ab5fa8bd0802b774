"""One span of a record, as a field map says where it has what."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tyez_bench.io.field_maps import FieldMap, SpanFields, member, name_of, value_of
from tyez_bench.io.fields import is_offset, label_of, shown, whole_number
from tyez_bench.model.hints import advice


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
    odd = next((key for key, value in item.items() if key not in known and is_offset(key, value)), None)
    if odd is not None:
        raise ValueError(f"the span {shown(item)} has {odd!r} beside it, which looks like an offset and is not read")


def _needed(item: Mapping[str, Any], keys: Sequence[str], span: SpanFields) -> Any:
    """What is under one of the keys. Raises ValueError when nothing is, or different things are."""
    there = [(key, value) for key in keys for is_there, value in (member(item, key),) if is_there]
    if not there:
        all_ = [keys[0] for keys in (span.start, span.end or span.length, span.place, span.indices, span.label) if keys]
        names = f"{', '.join(all_[:-1])} and {all_[-1]}"
        raise ValueError(f"expected an entity with {names}, got none as {keys[0]}")
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
            f"name{advice('names in a file of {fields} say what numbers stand for', fields=None)}"
        )
    return label_of(value)


def _place(item: Mapping[str, Any], fields: FieldMap) -> tuple[int | None, int, bool]:
    """Start and end as they stand there, and whether the end is a length."""
    span = fields.span
    found, indices = value_of(item, span.indices)
    if found is not None:
        numbers = [whole_number(one, found) for one in indices] if isinstance(indices, list) else []
        if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            raise ValueError(f"expected numbers without gaps as {found}, got {shown(indices)}")
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
