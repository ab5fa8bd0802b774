"""doccano's JSON Lines: ``{"id", "text", "label": [[start, end, TYPE], …]}``, half-open, as exported over the years.

The text is under ``text`` or ``data``; the spans under ``label``, ``labels`` or ``entities``, as lists or, where
relations are annotated, as objects ``{"label", "start_offset", "end_offset"}``. Other members (relations, comments,
metadata) are passed over. The oldest exports name labels by numbers, which only the project can resolve: refused.
It is read by the field map of that name.
"""

import json
from collections.abc import Iterable, Iterator

from tyez_bench.io.field_maps import shipped
from tyez_bench.io.fields import label_of
from tyez_bench.io.formats.mapped import read as read_by
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.registry import fitting
from tyez_bench.io.source import Source
from tyez_bench.model.spans import Span

_NAME = "doccano"


def sniff(source: Source) -> bool:
    """Whether the first record with a span has it as a triple, or as an object with a ``start_offset``."""
    return _NAME in fitting(source)


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a line. Raises InputError."""
    return read_by(shipped()[_NAME], source, options)


def write(samples: Iterable[Sample]) -> bytes:
    """One object a line; a span's value is not written. Raises ValueError for spans outside the text."""
    records = ({"id": s.id, "text": s.text, "label": [_written(span, s) for span in s.spans]} for s in samples)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _written(span: Span, sample: Sample) -> list[int | str]:
    sample.surface(span)
    return [span.start, span.end, label_of(span.label)]
