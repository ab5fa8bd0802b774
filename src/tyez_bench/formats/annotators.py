"""Who made the records of a file by a field map, where several may have annotated one text."""

from collections.abc import Mapping, Sequence
from typing import Any

from tyez_bench.formats.field_maps import FieldMap
from tyez_bench.formats.members import decided, unpaired, value_of
from tyez_bench.formats.source import Source
from tyez_bench.hints import advice

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
            how = advice("{annotator} reads those of one", annotator="NAME")
            raise source.error(f"its text was annotated by {first} and {name}, expected one annotator{how}", line)
    return found
