"""Members of a record, as a field map names them. What they raise says what was expected and what was there."""

from collections.abc import Mapping, Sequence
from typing import Any

from tyez_bench.formats.field_maps import FieldMap
from tyez_bench.formats.fields import label_of, shown


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
