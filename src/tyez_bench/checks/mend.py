"""Safe mends of a gold file: canonical form, and white space at the edges of entities. Nothing else is touched."""

from typing import Any

from tyez_bench.checks.records import canonical, read_raw
from tyez_bench.errors import InputError


def mended(data: bytes, path: str) -> bytes:
    """The file with its safe mends. Raises InputError for a line that is no JSON object: it can't be written anew."""
    lines = []
    for raw in read_raw(data, path):
        if raw.mark:
            continue
        if raw.record is None:
            reason = raw.findings[0].message if raw.findings else "is no JSON object"
            raise InputError(f"{reason}; a file with such a line is not mended", path=path, line=raw.line)
        lines.append(canonical(_trimmed(raw.record)) + b"\n")
    return b"".join(lines)


def _trimmed(record: dict[str, Any]) -> dict[str, Any]:
    text, entities, id_ = record.get("text"), record.get("entities"), record.get("id")
    if not isinstance(text, str) or not isinstance(entities, list):
        return record
    renamed: dict[str, str] = {}
    found = [_entity(entity, text, id_, renamed) for entity in entities]
    for entity in found:
        parent = entity.get("parent") if isinstance(entity, dict) else None
        if isinstance(parent, str) and parent in renamed:
            entity["parent"] = renamed[parent]
    return {**record, "entities": found}


def _entity(entity: Any, text: str, document: object, renamed: dict[str, str]) -> Any:
    """An entity without white space at its edges; as it is where that would not be safe."""
    if not isinstance(entity, dict):
        return entity
    start, end = entity.get("start"), entity.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return dict(entity)
    surface = text[start:end]
    if not surface.strip() or surface == surface.strip() or entity.get("text", surface) != surface:
        return dict(entity)
    new_start = start + len(surface) - len(surface.lstrip())
    new_end = new_start + len(surface.strip())
    changed = {**entity, "start": new_start, "end": new_end}
    if "text" in entity:
        changed["text"] = surface.strip()
    if entity.get("id") == f"{document}:{start}-{end}":
        changed["id"] = renamed[entity["id"]] = f"{document}:{new_start}-{new_end}"
    return changed
