"""From files to texts: gold sets in JSON Lines record by record, every other format through its reader."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tyez_bench.checks.records import line_finding, read_raw
from tyez_bench.checks.rule import Finding
from tyez_bench.checks.structure import typed
from tyez_bench.checks.subject import Text
from tyez_bench.errors import InputError, UsageError
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
    """The records of any format, as gold records; what its reader refuses is a finding, and ends the reading."""
    read: list[Record] = []
    findings: list[Finding] = []
    try:
        for record in load_format(name).read(source, ReaderOptions()):
            if record.text is None or record.mentions or record.unlocated:
                lacks = f"records in the format {name} without texts and offsets"
                raise UsageError(f"{source.name}: {lacks} can't be checked as a gold set")
            read.append(record)
    except InputError as error:
        where = error.path or source.name
        findings.append(line_finding("F002", f"{error.reason}; what follows was not read", where, error.line))
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
            texts.append(Text(record.path or source.name, record.line, document))
    return Loaded(source.name, name, tuple(texts), tuple(findings), len(read), out_of_scope)


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
