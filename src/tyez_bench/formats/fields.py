"""Members of JSON objects, checked: ids, texts, offsets. What they raise says what was expected and what was there."""

import operator
from collections.abc import Iterator, Mapping
from typing import Any

from tyez_bench.errors import InputError
from tyez_bench.formats.record import RawSpan
from tyez_bench.formats.source import Source


def shown(value: object) -> str:
    """A value for an error, cut where it is long."""
    whole = repr(value)
    return whole if len(whole) <= 40 else f"{whole[:40]}…"


def objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and value of each JSON value, all of them objects. Raises InputError."""
    for line, value in source.items():
        if not isinstance(value, dict):
            raise source.error(f"expected a JSON object, got {shown(value)}", line)
        yield line, value


def id_of(fields: Mapping[str, Any], *keys: str) -> str | None:
    """The id under the first of the keys that has one, a whole number as its digits; else None. Raises ValueError."""
    value = next((fields[key] for key in keys if fields.get(key) is not None), None)
    if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
        raise ValueError(f"expected a string as id, got {shown(value)}")
    return None if value is None else str(value)


def text_of(fields: Mapping[str, Any], *keys: str) -> str | None:
    """The text under the first of the keys that is there; None without any. Raises ValueError."""
    key = next((key for key in keys if key in fields), None)
    if key is not None and not isinstance(fields[key], str):
        raise ValueError(f"expected a string as {key}, got {shown(fields[key])}")
    return None if key is None else fields[key]


def whole_number(value: Any, name: str) -> int:
    """The value as an integer, of whatever library. Raises ValueError for fractions and booleans."""
    if not isinstance(value, bool | float):
        try:
            return operator.index(value)
        except TypeError:
            pass
    raise ValueError(f"expected a whole number as {name}, got {shown(value)}")


def label_of(value: Any, name: str = "label") -> str:
    """The value as a label. Raises ValueError."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a string as {name}, got {shown(value)}")
    return value


def span_of(start: Any, end: Any, label: Any, names: tuple[str, str] = ("start", "end")) -> RawSpan:
    """A span from its offsets, half-open, and its label, none of them checked yet. Raises ValueError."""
    span = RawSpan(whole_number(start, names[0]), whole_number(end, names[1]), label_of(label))
    if not 0 <= span.start < span.end:
        raise ValueError(f"{span.label} {span.start}–{span.end} is empty, reversed or negative")
    return span


def first_element(source: Source, *keys: str) -> object:
    """The first element of the first list with any under one of the keys, record by record; None without one."""
    try:
        for _, value in source.items():
            for key in keys:
                found = value.get(key) if isinstance(value, dict) else None
                if isinstance(found, list) and found:
                    return found[0]
    except InputError:
        # The reader says what is wrong.
        return None
    return None
