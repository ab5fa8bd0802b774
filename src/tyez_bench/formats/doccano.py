"""doccano's JSON Lines: ``{"id", "text", "label": [[start, end, TYPE], …]}``, half-open, as exported over the years.

The text is under ``text`` or ``data``; the spans under ``label``, ``labels`` or ``entities``, as lists or, where
relations are annotated, as objects ``{"label", "start_offset", "end_offset"}``. Other members (relations, comments,
metadata) are passed over. The oldest exports name labels by numbers, which only the project can resolve: refused.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tyez_bench.formats.fields import first_element, id_of, label_of, objects, shown, span_of, text_of
from tyez_bench.formats.record import Options, RawSpan, Record, Sample
from tyez_bench.formats.source import Source
from tyez_bench.formats.unread import check_all_read

_TEXTS = ("text", "data")
_SPANS = ("label", "labels", "entities", "annotations")
_OFFSETS = ("start_offset", "end_offset")


def sniff(source: Source) -> bool:
    """Whether it has texts and triples of offsets and label, or objects with a ``start_offset``.

    Where no record has a span, a ``label`` or ``labels`` that is a list tells, and no sign of Label Studio.
    """
    first = None if source.is_directory else source.first
    if not isinstance(first, dict) or not any(isinstance(first.get(key), str) for key in _TEXTS):
        return False
    if not any(isinstance(first.get(key), list) for key in _SPANS):
        return False
    element = first_element(source, *_SPANS)
    if element is None:
        return "annotation_id" not in first and any(key in first for key in ("label", "labels"))
    if isinstance(element, dict):
        return _OFFSETS[0] in element
    return isinstance(element, list) and len(element) == 3 and not isinstance(element[0], str)


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a line. Raises InputError."""
    for line, fields in objects(source):
        try:
            check_all_read(fields, (*_TEXTS, *_SPANS, "id", "doc_id"), "doccano")
            text = text_of(fields, *_TEXTS)
            if text is None:
                raise ValueError("has no text, expected a string as text")
            yield Record(line, id=id_of(fields, "id", "doc_id"), text=text, spans=tuple(_spans(fields)))
        except ValueError as error:
            raise source.error(str(error), line) from None


def _spans(fields: dict[str, Any]) -> Iterator[RawSpan]:
    keys = [key for key in _SPANS if key in fields]
    if len(keys) != 1:
        found = " and ".join(keys) or "none of them"
        raise ValueError(f"expected the spans under one of {', '.join(_SPANS)}, got {found}")
    items = fields[keys[0]]
    if not isinstance(items, list):
        raise ValueError(f"expected a list of [start, end, label] as {keys[0]}, got {shown(items)}")
    for item in items:
        if isinstance(item, dict):
            yield _from_object(item)
        elif isinstance(item, list) and len(item) == 3:
            yield span_of(*item)
        else:
            raise ValueError(f"{keys[0]}: expected [start, end, label], got {shown(item)}")


def _from_object(item: dict[str, Any]) -> RawSpan:
    missing = next((key for key in (*_OFFSETS, "label") if key not in item), None)
    if missing is not None:
        raise ValueError(f"expected an entity with start_offset, end_offset and label, got none as {missing}")
    if isinstance(item["label"], int):
        raise ValueError(
            f"the label is a number ({item['label']}), which only the project can resolve: "
            "expected an export with labels by name"
        )
    return span_of(item["start_offset"], item["end_offset"], item["label"], ("start_offset", "end_offset"))


def write(samples: Iterable[Sample]) -> bytes:
    """One object a line; a span's value is not written. Raises ValueError for spans outside the text."""
    records = ({"id": s.id, "text": s.text, "label": [_written(span, s) for span in s.spans]} for s in samples)
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def _written(span: RawSpan, sample: Sample) -> list[int | str]:
    sample.surface(span)
    return [span.start, span.end, label_of(span.label)]
