"""From any other format to records of a gold set: raw, as they may be wrong."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from tyez_bench.checks.records import line_finding
from tyez_bench.checks.rule import Finding
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats import brat
from tyez_bench.formats.encodings import detect as detect_encoding
from tyez_bench.formats.encodings import is_tag
from tyez_bench.formats.label_maps import LabelMap, closest, detect, fitting
from tyez_bench.formats.record import Options, Record
from tyez_bench.formats.registry import load_format
from tyez_bench.formats.source import Source
from tyez_bench.jsonl import sha256


class RawRecord(NamedTuple):
    """A record of a gold set, not looked at yet. ``named``: its id is the file's, and not made of the text."""

    record: dict[str, Any]
    path: str | None
    line: int | None
    named: bool


class Read(NamedTuple):
    """The records of a file, a finding (F002) for each part that its reader refuses, and the labels left out."""

    records: list[RawRecord]
    findings: list[Finding]
    out_of_scope: dict[str, int]


def as_gold_records(source: Source, name: str, given: LabelMap | None) -> Read:
    """The records of a file in the format ``name``. Raises UsageError for a format without texts and offsets."""
    read, findings = _records(source, name)
    observed = {span.label for record in read for span in record.spans}
    label_map = given or _label_map(observed)
    out_of_scope = dict.fromkeys(sorted(label for label in observed if label_map.labels.get(label, label) is None), 0)
    records = []
    seen: dict[str, int] = {}
    for record in read:
        for span in record.spans:
            if span.label in out_of_scope:
                out_of_scope[span.label] += 1
        raw = _raw(record, label_map, seen)
        records.append(RawRecord(raw, record.path, record.line, record.id is not None))
    return Read(records, findings, out_of_scope)


def relabelled(record: dict[str, Any], labels: LabelMap, out_of_scope: dict[str, int]) -> dict[str, Any]:
    """A record of a gold set with the types that a label map gives its labels.

    What the map sets aside is left out, and counted in ``out_of_scope``; labels that it does not know stay.
    """
    entities = record.get("entities")
    if not isinstance(entities, list):
        return record
    kept: list[Any] = []
    gone: set[str] = set()
    for entity in entities:
        label = entity.get("type") if isinstance(entity, dict) else None
        type_ = labels.labels.get(label, label) if isinstance(label, str) else label
        if label is not None and type_ is None:
            out_of_scope[label] = out_of_scope.get(label, 0) + 1
            gone |= {entity["id"]} if isinstance(entity.get("id"), str) else set()
        else:
            kept.append(entity if type_ == label else {**entity, "type": str(type_)})
    # Whether nested or not, what lay in an entity that is left out lies in it no more.
    return {**record, "entities": [_without_parent(entity, gone) for entity in kept]}


def _without_parent(entity: Any, gone: set[str]) -> Any:
    if not isinstance(entity, dict) or not isinstance(entity.get("parent"), str) or entity["parent"] not in gone:
        return entity
    return {name: value for name, value in entity.items() if name != "parent"}


def _records(source: Source, name: str) -> tuple[list[Record], list[Finding]]:
    """What a format's reader makes of a file, part by part where it refuses the whole (F002).

    Raises UsageError for a format without texts and offsets.
    """
    try:
        return _all(source, name, Options()), []
    except InputError as error:
        first = error
    if source.is_directory and name == "brat":
        return _pairs(source)
    parts = _parts(source, name)
    if len(parts) < 2:
        message = f"{first.reason}; the file was not read"
        return [], [line_finding("F002", message, first.path or source.name, first.line)]
    options = Options()
    if name == "conll":
        # Told by all of the file, as one sentence may look like several encodings.
        tags = (re.split("[\t ]", line.rstrip())[-1] for _, line in source.lines() if line.strip())
        options = Options(encoding=detect_encoding(tag for tag in tags if is_tag(tag)))
    records: list[Record] = []
    findings: list[Finding] = []
    for before, data in parts:
        try:
            found = _all(Source(source.name, data), name, options)
        except InputError as error:
            line = None if error.line is None else error.line + before
            findings.append(line_finding("F002", error.reason, source.name, line))
            continue
        records += [replace(record, line=None if record.line is None else record.line + before) for record in found]
    return records, findings


def _pairs(source: Source) -> tuple[list[Record], list[Finding]]:
    """The documents of a brat directory that can be read."""
    records: list[Record] = []
    findings: list[Finding] = []
    for one in brat.read_each(source):
        if isinstance(one, InputError):
            findings.append(line_finding("F002", one.reason, one.path or source.name, one.line))
        else:
            records.append(one)
    return records, findings


def _all(source: Source, name: str, options: Options) -> list[Record]:
    records = []
    for record in load_format(name).read(source, options):
        if record.text is None or record.mentions or record.unlocated:
            lacks = f"records in the format {name} without texts and offsets"
            raise UsageError(f"{source.name}: {lacks} can't be checked as a gold set")
        records.append(record)
    return records


def _parts(source: Source, name: str) -> list[tuple[int, bytes]]:
    """The lines of JSON Lines, or the sentences of columns, each with the number of lines before it; else the whole."""
    whole = [(0, source.data)]
    if source.is_directory or name in ("docbin", "label-studio") or source.data.lstrip()[:1] == b"[":
        return whole
    lines = source.data.split(b"\n")
    if name != "conll":
        return [(number, line) for number, line in enumerate(lines) if line.strip()]
    parts, begin = [], 0
    for number, line in enumerate([*lines, b""]):
        if not line.strip():
            if number > begin:
                parts.append((begin, b"\n".join(lines[begin:number]) + b"\n"))
            begin = number + 1
    return parts


def _label_map(observed: set[str]) -> LabelMap:
    """The map by which the labels are read. Raises UsageError where maps that fit read them differently."""
    maps = fitting(observed)
    if not maps:
        # A label that no map knows is a finding, and no reason to stop.
        return closest(observed)
    # What else a scheme could express is of no account here.
    readings = {tuple(found.labels[label] for label in sorted(observed)) for found in maps}
    return maps[0] if len(readings) == 1 else detect(observed)


def _raw(record: Record, label_map: LabelMap, seen: dict[str, int]) -> dict[str, Any]:
    text = record.text or ""
    id_ = record.id
    if id_ is None:
        # By content, so that what is accepted stays so when lines are moved.
        id_ = sha256(text.encode("utf-8", "surrogatepass"))[:12]
        seen[id_] = seen.get(id_, 0) + 1
        id_ += f"-{seen[id_]}" if seen[id_] > 1 else ""
    return {"id": id_, "text": text, "entities": list(_entities(record, label_map))}


def _entities(record: Record, label_map: LabelMap) -> Iterator[dict[str, Any]]:
    for span in record.spans:
        type_ = label_map.labels.get(span.label, span.label)
        if type_ is None:
            continue
        entity: dict[str, Any] = {"start": span.start, "end": span.end, "type": str(type_)}
        if span.text is not None:
            entity["text"] = span.text
        yield entity
