"""CLUENER's JSON Lines: ``{"text", "label": {TYPE: {NAME: [[start, end], …]}}}``, optionally with an id.

Ends are inclusive, unlike in other formats: ``[0, 1]`` are two characters. The text may be missing, as in the
predictions for CLUENER's own test set; a numeric id is then the record's position in the file, from 0 or 1, and
records without an id are identified by their order, too.
Other members are ignored, and so are null labels and names: ``datasets`` from 4.0 on writes all labels and names
of the file for every record, null if the record lacks them.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from tyez_bench.io.align.offsets import Offsets, offsets_of
from tyez_bench.io.fields import check_all_read, id_of, label_of, objects, shown, text_of, whole_number
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.spans import Span

_READ = ("id", "text", "label")


def sniff(source: Source) -> bool:
    """Whether the first record is an object with a label that is an object, and a text, an id or nothing beside it."""
    first = None if source.is_directory else source.first
    if not isinstance(first, dict) or not isinstance(first.get("label"), dict):
        return False
    return "text" in first or "id" in first or first.keys() == {"label"}


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a line. Raises InputError."""
    first: int | None = None
    offsets = None if options.offsets is None else offsets_of(options)
    for number, (line, fields) in enumerate(objects(source)):
        try:
            check_all_read(fields, _READ, "cluener")
            id_, text = id_of(fields, "id"), text_of(fields, "text")
            spans = tuple(_spans(fields, text, offsets))
            if text is None and isinstance(fields.get("id"), int):
                first = fields["id"] if first is None and fields["id"] in (0, 1) else first
                if first is None or fields["id"] != first + number:
                    raise ValueError(
                        f"the record has no text, and its id {id_} is not its position in the file, counted from 0 or 1"
                    )
                id_ = None
        except ValueError as error:
            raise source.error(str(error), line) from None
        yield Record(line, id=id_, text=text, spans=spans)


def _spans(fields: dict[str, Any], text: str | None, offsets: Offsets | None) -> Iterator[Span]:
    if "label" not in fields:
        raise ValueError("has no label, expected an object of types")
    for label, names in _members(fields["label"], "label"):
        if names is None:
            continue
        for name, places in _members(names, f"label {label_of(label)!r}"):
            if places is None:
                continue
            if not isinstance(places, list) or not places:
                raise ValueError(f"{label} {name!r}: expected a list of [start, end], got {shown(places)}")
            for place in places:
                if not isinstance(place, list) or len(place) != 2:
                    raise ValueError(f"{label} {name!r}: expected [start, end], got {shown(place)}")
                start, last = whole_number(place[0], "start"), whole_number(place[1], "end")
                if offsets is not None:
                    start, end = offsets._replace(inclusive=True).placed(start, last, label, text)
                    last = end - 1
                yield _span(start, last, label, name, text)


def _members(value: object, what: str) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        raise ValueError(f"expected an object as {what}, got {shown(value)}")
    return value.items()


def _span(start: int, last: int, label: str, name: str, text: str | None) -> Span:
    if not 0 <= start <= last:
        raise ValueError(f"{label} [{start}, {last}] is reversed or negative")
    if text is not None and name and text[start : last + 1] != name and text[start:last] == name:
        raise ValueError(
            f"{label} [{start}, {last}] reads {text[start : last + 1]!r}, but its name is {name!r}: "
            "expected an inclusive end, the offset of the last character"
        )
    return Span(start, last + 1, label, name)


def write(samples: Iterable[Sample]) -> bytes:
    """One object a line; a span's value is not written. Raises ValueError for spans outside the text."""
    lines = []
    for sample in samples:
        labels: dict[str, dict[str, list[list[int]]]] = {}
        for span in sample.spans:
            names = labels.setdefault(label_of(span.label), {})
            names.setdefault(sample.surface(span), []).append([span.start, span.end - 1])
        lines.append(json.dumps({"id": sample.id, "text": sample.text, "label": labels}, ensure_ascii=False) + "\n")
    return "".join(lines).encode()
