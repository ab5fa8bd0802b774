"""From files to texts: gold sets in JSON Lines record by record, every other format through its reader."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tyez_bench.checks.records import line_finding, read_raw
from tyez_bench.checks.rule import Finding
from tyez_bench.checks.structure import typed
from tyez_bench.checks.subject import Text
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.encodings import detect as detect_encoding
from tyez_bench.formats.encodings import is_tag
from tyez_bench.formats.label_maps import LabelMap, closest, detect, fitting, load_map
from tyez_bench.formats.record import Options as ReaderOptions
from tyez_bench.formats.record import Record
from tyez_bench.formats.registry import detect_format, load_format
from tyez_bench.formats.source import Source, open_source
from tyez_bench.jsonl import sha256

GOLD = "gold"
# How many lines may be broken before the file is not taken for a gold set.
_LOOKED_AT = 50
_OTHER_KEYS = ({"label"}, {"labels"}, {"data"}, {"answer"}, {"tags"}, {"tokens"})
_OTHER_ENTITIES = ({"start_offset"}, {"entity_group"}, {"entity"}, {"label"})


@dataclass(frozen=True)
class Loaded:
    """What a file holds: sound texts, findings of the first two levels, and how many records are not sound."""

    path: str
    format: str
    texts: tuple[Text, ...]
    findings: tuple[Finding, ...]
    records: int
    out_of_scope: dict[str, int] = field(default_factory=dict)

    @property
    def skipped(self) -> int:
        """How many records the levels above do not see."""
        return self.records - len(self.texts)


def load_texts(path: Path, shown: str, *, format: str | None = None, labels: str | None = None) -> Loaded:
    """Read a file or directory; ``shown`` is what findings call it.

    A directory that holds ``gold.jsonl`` stands for it. Raises InputError for what can't be read at all, UsageError for
    a format without texts.
    """
    if path.is_dir() and (path / "gold.jsonl").is_file():
        path, shown = path / "gold.jsonl", f"{shown.rstrip('/')}/gold.jsonl"
    source = open_source(path)
    source = Source(shown, source.data, source.is_directory)
    if format == GOLD or (format is None and not source.is_directory and is_gold(source.data)):
        return _gold(source)
    try:
        name = detect_format(source) if format is None else format
    except InputError:
        # Objects that no format knows: what is wrong with them as records of a gold set is the better answer.
        if source.is_directory or source.data.lstrip()[:1] != b"{":
            raise
        return _gold(source)
    return _foreign(source, name, None if labels is None else load_map(labels))


def is_gold(data: bytes) -> bool:
    """Whether a file looks like a gold set in the project's own schema: the first line that is JSON tells."""
    for line in data.split(b"\n")[:_LOOKED_AT]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(record, dict) or not isinstance(record.get("text", ""), str):
            return False
        if any(keys <= record.keys() for keys in _OTHER_KEYS) or "text" not in record:
            return False
        entities = record.get("entities")
        first = entities[0] if isinstance(entities, list) and entities else None
        return not (isinstance(first, dict) and any(keys <= first.keys() for keys in _OTHER_ENTITIES))
    return False


def _gold(source: Source) -> Loaded:
    texts: list[Text] = []
    findings: list[Finding] = []
    records = 0
    for raw in read_raw(source.data, source.name):
        findings += raw.findings
        records += not raw.mark
        if raw.record is not None:
            document, wrong = typed(raw.record, source.name, raw.line)
            findings += wrong
            if document is not None:
                texts.append(Text(source.name, raw.line, document))
    return Loaded(source.name, GOLD, tuple(texts), tuple(findings), records)


def _foreign(source: Source, name: str, given: LabelMap | None) -> Loaded:
    """The records of any format, as gold records; what its reader refuses is a finding."""
    read, findings = _records(source, name)
    observed = {span.label for record in read for span in record.spans}
    label_map = given or _label_map(observed)
    out_of_scope = dict.fromkeys(sorted(label for label in observed if label_map.labels.get(label, label) is None), 0)
    texts = []
    seen: dict[str, int] = {}
    for record in read:
        for span in record.spans:
            if span.label in out_of_scope:
                out_of_scope[span.label] += 1
        raw = _raw(record, label_map, seen)
        document, wrong = typed(raw, record.path or source.name, record.line)
        findings += wrong
        if document is not None:
            texts.append(Text(record.path or source.name, record.line, document, record.id is not None))
    refused = sum(finding.code == "F002" and finding.document is None for finding in findings)
    return Loaded(source.name, name, tuple(texts), tuple(findings), len(read) + refused, out_of_scope)


def _records(source: Source, name: str) -> tuple[list[Record], list[Finding]]:
    """What a format's reader makes of a file, part by part where it refuses the whole (F002).

    Raises UsageError for a format without texts and offsets.
    """
    try:
        return _all(source, name, ReaderOptions()), []
    except InputError as error:
        first = error
    parts = _parts(source, name)
    if len(parts) < 2:
        message = f"{first.reason}; the file was not read"
        return [], [line_finding("F002", message, first.path or source.name, first.line)]
    options = ReaderOptions()
    if name == "conll":
        # Told by all of the file, as one sentence may look like several encodings.
        tags = (re.split("[\t ]", line.rstrip())[-1] for _, line in source.lines() if line.strip())
        options = ReaderOptions(encoding=detect_encoding(tag for tag in tags if is_tag(tag)))
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


def _all(source: Source, name: str, options: ReaderOptions) -> list[Record]:
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
    # A label that no map knows is a finding, and no reason to stop.
    return detect(observed) if fitting(observed) else closest(observed)


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
