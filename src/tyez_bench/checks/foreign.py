"""From any other format to records of a gold set: raw, as they may be wrong."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from tyez_bench.checks.records import line_finding
from tyez_bench.checks.rule import Finding
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.label_maps import LabelMap
from tyez_bench.formats.record import Fidelity, Options, RawSpan, Record
from tyez_bench.formats.registry import PART_BY_PART, load_by_part, load_format
from tyez_bench.formats.source import Source
from tyez_bench.jsonl import sha256


class RawRecord(NamedTuple):
    """A record of a gold set, not looked at yet. ``named``: its id is the file's, and not made of the text.

    ``aside``: the spans of its labels that are out of scope.
    """

    record: dict[str, Any]
    path: str | None
    line: int | None
    named: bool
    aside: tuple[tuple[int, int], ...] = ()


class WithoutTextsError(UsageError):
    """The records of a file have no texts and offsets of their own: they need the gold that they are for."""


class Read(NamedTuple):
    """The records of a file, a finding (F002) for each part that its reader refuses, and the labels left out."""

    records: list[RawRecord]
    findings: list[Finding]
    out_of_scope: dict[str, int]


def as_gold_records(source: Source, name: str, given: LabelMap | None, ignored: frozenset[str] = frozenset()) -> Read:
    """The records of a file in the format ``name``, without the labels ``ignored``. Raises WithoutTextsError."""
    read, findings = _records(source, name)
    out_of_scope: Counter[str] = Counter()
    records = []
    seen: dict[str, int] = {}
    for record in read:
        raw, aside = mapped(_raw(record, seen), given, ignored, out_of_scope)
        records.append(RawRecord(raw, record.path, record.line, record.id is not None, aside))
    return Read(records, findings, dict(sorted(out_of_scope.items())))


def mapped(
    record: dict[str, Any], labels: LabelMap | None, ignored: frozenset[str], out_of_scope: Counter[str]
) -> tuple[dict[str, Any], tuple[tuple[int, int], ...]]:
    """A raw record with its labels as the map reads them, and the spans that are out of scope, which are counted.

    Labels that the map does not know, and whatever is no entity with a label, stay as they are.
    """
    entities = record.get("entities")
    if not isinstance(entities, list) or (labels is None and not ignored):
        return record, ()
    known: Mapping[str, Any] = {} if labels is None else labels.labels
    kept: list[Any] = []
    aside: list[tuple[int, int]] = []
    for entity in entities:
        label = entity.get("type") if isinstance(entity, dict) else None
        if not isinstance(label, str):
            kept.append(entity)
        elif label in ignored or known.get(label, label) is None:
            out_of_scope[label] += 1
            if all(type(entity.get(name)) is int for name in ("start", "end")):
                aside.append((entity["start"], entity["end"]))
        else:
            kept.append({**entity, "type": known.get(label, label)})
    if len(kept) < len(entities):
        # What was around one may be gone; without it the parents follow from the boundaries.
        kept = [{k: v for k, v in one.items() if k != "parent"} if isinstance(one, dict) else one for one in kept]
    return {**record, "entities": kept}, tuple(aside)


def _records(source: Source, name: str) -> tuple[list[Record], list[Finding]]:
    """What a format's reader makes of a file, part by part where it refuses the whole (F002).

    Raises WithoutTextsError.
    """
    try:
        return _all(source, name, Options()), []
    except InputError as error:
        first = error
    if name in PART_BY_PART:
        return _each(source, name, first)
    parts = _parts(source, name)
    if len(parts) < 2:
        message = f"{first.reason}; the file was not read"
        return [], [line_finding("F002", message, first.path or source.name, first.line)]
    records: list[Record] = []
    findings: list[Finding] = []
    for before, data in parts:
        try:
            found = _all(Source(source.name, data), name, Options())
        except InputError as error:
            line = None if error.line is None else error.line + before
            findings.append(line_finding("F002", error.reason, source.name, line))
            continue
        records += [replace(record, line=None if record.line is None else record.line + before) for record in found]
    return records, findings


def _each(source: Source, name: str, first: InputError) -> tuple[list[Record], list[Finding]]:
    """The parts of a file or directory that can be read; ``first`` is what is wrong with it."""
    records: list[Record] = []
    findings: list[Finding] = []
    try:
        for one in load_by_part(name).read_each(source, Options()):
            if isinstance(one, InputError):
                findings.append(line_finding("F002", one.reason, one.path or source.name, one.line))
            else:
                records.append(one)
    except InputError:
        message = f"{first.reason}; the file was not read"
        return [], [line_finding("F002", message, first.path or source.name, first.line)]
    return records, findings


def _all(source: Source, name: str, options: Options) -> list[Record]:
    records = []
    for record in load_format(name).read(source, options):
        if record.rejected:
            continue
        if lacks := _lacking(record):
            raise WithoutTextsError(f"{source.name}: records in the format {name} without {lacks} are no gold set")
        records.append(record)
    return records


def _lacking(record: Record) -> str:
    """What a record lacks that one of a gold set has, in words; empty when it has all. A model's copy is no text."""
    if record.text is None or record.fidelity is Fidelity.COPIED:
        return "texts"
    return "offsets" if record.mentions or record.unlocated else ""


def _parts(source: Source, name: str) -> list[tuple[int, bytes]]:
    """The lines of JSON Lines, each with the number of lines before it; else the whole."""
    whole = [(0, source.data)]
    if source.is_directory or name in ("docbin", "label-studio") or source.data.lstrip()[:1] == b"[":
        return whole
    return [(number, line) for number, line in enumerate(source.data.split(b"\n")) if line.strip()]


def _raw(record: Record, seen: dict[str, int]) -> dict[str, Any]:
    text = record.text or ""
    id_ = record.id
    if id_ is None:
        # By content, so that what is accepted stays so when lines are moved.
        id_ = sha256(text.encode("utf-8", "surrogatepass"))[:12]
        seen[id_] = seen.get(id_, 0) + 1
        id_ += f"-{seen[id_]}" if seen[id_] > 1 else ""
    return {"id": id_, "text": text, "entities": [_entity(span) for span in record.spans]}


def _entity(span: RawSpan) -> dict[str, Any]:
    entity: dict[str, Any] = {"start": span.start, "end": span.end, "type": span.label}
    return entity if span.text is None else {**entity, "text": span.text}
