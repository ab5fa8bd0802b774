"""From the records of a file to the documents of a gold set: labels chosen, spans checked, missing ids made."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from tyez_bench.gold.derived import complete_ids, entity_id, with_entities
from tyez_bench.io.align.spans import Candidate, Keep, keep, span_problem
from tyez_bench.io.align.texts import differs_in_blanks, in_code_points
from tyez_bench.io.label_maps import LabelMap, left_out, shown
from tyez_bench.io.record import Fidelity, Record
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import one_of_two
from tyez_bench.model.spans import Span

_HALF = re.compile("[\ud800-\udfff]")


class WithoutTextsError(UsageError):
    """The records of a file have no texts and offsets of their own: they need the gold that they are for."""


def lacking(record: Record) -> str:
    """What a record lacks that one of a gold set has, in words; empty when it has all. A model's copy is no text."""
    if record.text is None or record.fidelity is Fidelity.COPIED:
        return "texts"
    return "offsets" if record.mentions or record.unlocated else ""


class Choice(NamedTuple):
    """What becomes of labels, of what overlaps, and of offsets; the counters count, by label."""

    label_map: LabelMap | None
    ignored: frozenset[str]
    overlaps: Keep | None
    out_of_scope: Counter[str]
    dropped: Counter[str]
    moved: Counter[str]
    align: bool

    def kept(self, spans: list[Candidate]) -> list[Candidate]:
        """What the rule for overlaps keeps; what it drops is counted."""
        if self.overlaps is None:
            return spans
        found = keep(spans, self.overlaps)
        self.dropped.update(Counter(span.type for span in spans) - Counter(span.type for span in found))
        return found

    def aligned(self, spans: tuple[Span, ...], text: str) -> tuple[Span, ...]:
        """The spans in code points, where they are to be aligned; those that are moved are counted."""
        if not self.align:
            return spans
        shifted = in_code_points(text, spans)
        if shifted is not None:
            self.moved.update(s.label for s, t in zip(spans, shifted[1], strict=True) if s != t)
            spans = shifted[1]
        return tuple(replace(span, text=None) if differs_in_blanks(text, span) else span for span in spans)

    def label(self, label: str, source: Source, record: Record) -> str | None:
        """The gold's label for that of the file; None for one that is out of scope, which is counted.

        What the map leads to may stand in the file as it is.
        """
        known: Mapping[str, str | None] = {} if self.label_map is None else self.label_map.labels
        if self.label_map is not None and label not in (*known, *self.label_map.expresses, *self.ignored):
            raise source.error(
                f"unknown label {label!r}, expected {shown(known)} (label map {self.label_map.name})"
                + left_out([label]),
                record.line,
                record.path,
            )
        found = None if label in self.ignored else known.get(label, label)
        if found is None:
            self.out_of_scope[label] += 1
        return found


def documents_of(records: list[Record], source: Source, reading: Choice) -> list[Document]:
    """The documents of the records, with ids that are made up where they have none."""
    found: dict[str, Document] = {}
    ids = complete_ids((record.id, record.text or "") for record in records)
    for number, (record, id_) in enumerate(zip(records, ids, strict=True), 1):
        if id_ in found:
            raise source.error(f"id {id_!r} occurs twice", record.line, record.path)
        try:
            found[id_] = _document(id_, record, source, reading)
        except ValueError as error:
            where = "" if record.line is not None else f"{record.id or f'record {number}'}: "
            raise source.error(f"{where}{error}", record.line, record.path) from None
    return list(found.values())


def _document(id_: str, record: Record, source: Source, reading: Choice) -> Document:
    text = record.text or ""
    if any(_HALF.search(part) for part in (id_, text, *(span.label for span in record.spans))):
        # JSON can write it, and nothing can encode it.
        raise ValueError("has half of a surrogate pair, which is not a character")
    raws = reading.aligned(record.spans, text)
    spans = [
        Candidate(span, label, record)
        for span in raws
        if (label := reading.label(span.label, source, record)) is not None
    ]
    for raw in raws:
        problem = span_problem(raw, text)
        if problem is not None:
            raise ValueError(problem)
    ordered = sorted(reading.kept(spans), key=Candidate.order)
    entities = []
    for number, (candidate, span) in enumerate((one, one.span) for one in ordered):
        second = number > 0 and ordered[number - 1].order()[:2] == candidate.order()[:2]
        entities.append(
            Entity(
                id=entity_id(id_, span.start, span.end, candidate.type if second else None),
                start=span.start,
                end=span.end,
                text=text[span.start : span.end],
                type=candidate.type,
                value=span.value,
            )
        )
    for one, other in pairwise(ordered):
        if one.order() == other.order():
            start, end = one.span.start, one.span.end
            raise ValueError(f"{one.type} {start}–{end} {text[start:end]!r} occurs twice{one_of_two()}")
    return with_entities(Document(id=id_, text=text), entities)
