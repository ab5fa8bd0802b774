"""Safe fixes of a gold file: canonical form, and white space at the edges of entities. Nothing else is touched."""

from collections import Counter
from typing import Any

from msgspec import Struct

from tyez_bench.checks.rules.records import read_raw
from tyez_bench.checks.rules.structure import typed
from tyez_bench.files.jsonl import encode
from tyez_bench.gold.derived import with_kind
from tyez_bench.model.documents import District, Document, DocumentDate, Entity, Section, Sentence
from tyez_bench.model.errors import InputError
from tyez_bench.model.values import Money, Timex

_PARTS: dict[type[Struct], dict[str, type[Struct]]] = {
    Document: {
        "district": District,
        "date": DocumentDate,
        "sections": Section,
        "sentences": Sentence,
        "entities": Entity,
    }
}


def with_fixes(data: bytes, path: str) -> bytes:
    """The file with its safe fixes. Raises InputError for a line that is not a JSON object: it can't be rewritten."""
    lines = []
    for raw in read_raw(data, path):
        if raw.mark:
            continue
        if raw.record is None:
            reason = raw.findings[0].message if raw.findings else "is not a JSON object"
            raise InputError(f"{reason}; a file with such a line is not fixed", path=path, line=raw.line)
        lines.append(canonical(_trimmed(raw.record)) + b"\n")
    return b"".join(lines)


def _trimmed(record: dict[str, Any]) -> dict[str, Any]:
    """A record without white space at the edges of its entities, wherever that makes nothing else wrong."""
    text, entities, id_ = record.get("text"), record.get("entities"), record.get("id")
    if not isinstance(text, str) or not isinstance(entities, list):
        return record
    for number, entity in enumerate(entities):
        changed = _entity(entity, text, id_)
        if changed is None:
            continue
        others = record["entities"]
        candidate = {**record, "entities": _replaced(others, number, changed)}
        # The new edges may be those of another entity, of an alternative, of a sentence: that is for people.
        if not _errors(candidate) - _errors(record):
            record = candidate
    return record


def _errors(record: dict[str, Any]) -> Counter[str]:
    _, findings = typed(record, "", None)
    return Counter(finding.code for finding in findings)


def _replaced(entities: list[Any], number: int, changed: dict[str, Any]) -> list[Any]:
    """The entities with another one at ``number``; those in it name it by its new id."""
    old, new = entities[number].get("id"), changed.get("id")
    found = [*entities[:number], changed, *entities[number + 1 :]]
    if old == new:
        return found
    return [{**one, "parent": new} if isinstance(one, dict) and one.get("parent") == old else one for one in found]


def _entity(entity: Any, text: str, document: object) -> dict[str, Any] | None:
    """An entity without white space at its edges; None where there is none, or it can't be told."""
    if not isinstance(entity, dict):
        return None
    start, end = entity.get("start"), entity.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return None
    surface = text[start:end]
    if not surface.strip() or surface == surface.strip() or entity.get("text", surface) != surface:
        return None
    new_start = start + len(surface) - len(surface.lstrip())
    new_end = new_start + len(surface.strip())
    changed = {**entity, "start": new_start, "end": new_end}
    if "text" in entity:
        changed["text"] = surface.strip()
    if entity.get("id") == f"{document}:{start}-{end}":
        changed["id"] = f"{document}:{new_start}-{new_end}"
    return changed


def canonical(record: dict[str, Any]) -> bytes:
    """A record in canonical form: nothing filled in, fields in the order of the schema, entities in their order."""
    return encode(_ordered(record, Document))


def _ordered(value: Any, type_: type[Struct]) -> Any:
    if isinstance(value, list):
        items = [_ordered(item, type_) for item in value]
        return sorted(items, key=_place) if type_ is Entity and all(map(_placed, items)) else items
    if not isinstance(value, dict):
        return value
    names = [name for name in (type_.__struct_config__.tag_field, *type_.__struct_fields__) if name]
    parts = _PARTS.get(type_, {})
    if type_ is Entity and isinstance(value.get("value"), dict):
        parts = {"value": Money if with_kind(value)["value"].get("kind") == "money" else Timex}
    known = {name: value[name] for name in names if name in value}
    return {
        name: _ordered(part, parts[name]) if name in parts else part
        for name, part in {**known, **{k: v for k, v in value.items() if k not in known}}.items()
    }


def _placed(entity: Any) -> bool:
    return isinstance(entity, dict) and all(type(entity.get(name)) is int for name in ("start", "end"))


def _place(entity: dict[str, Any]) -> tuple[int, int, str]:
    return entity["start"], -entity["end"], str(entity.get("type"))
