"""The columns that are joined: from lines of JSON, and from columns of Parquet, to batches of one schema.

A side (the gold, the predictions) has one row a document or sentence, in any order. Spans are lists beside one another.
What a plain row can't say is in ``record``, the whole record in canonical JSON: nested, optional and normalised
entities, sentences, names without a place. After the rows of a batch comes one that says how many they were, which
makes rows that a join doubled or dropped known at the end; where something is wrong, it says what.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
from msgspec import UNSET

from tyez_bench.files.jsonl import convert, decode_object, encode
from tyez_bench.gold.derived import complete
from tyez_bench.io.formats.native import to_record
from tyez_bench.io.plain import PlainDocument, PlainPrediction, PlainSpan
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.errors import InputError
from tyez_bench.scoring.spans import LIMIT

_OFFSETS, _NAMES = pa.list_(pa.int64()), pa.list_(pa.string())

GOLD = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("text", pa.string()),
        ("starts", _OFFSETS),
        ("ends", _OFFSETS),
        ("types", _NAMES),
        ("record", pa.string()),
        ("rows", pa.int64()),
        ("refused", pa.string()),
    ]
)
PREDICTIONS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        ("predicted_starts", _OFFSETS),
        ("predicted_ends", _OFFSETS),
        ("predicted_types", _NAMES),
        ("predicted_texts", _NAMES),
        ("predicted_record", pa.string()),
        ("predicted_rows", pa.int64()),
        ("predicted_refused", pa.string()),
    ]
)
JOINED = pa.schema([*GOLD, *list(PREDICTIONS)[1:]])

# Rows of a batch: what is decoded, joined and counted at a time.
BATCH = 8192


_GOLD_DECODER, _DECODER = msgspec.json.Decoder(PlainDocument), msgspec.json.Decoder(PlainPrediction)
_KEY_ENDS = re.compile(rb'"[ \t\r\n]*:')
# Before the id of a row that has a number of rows, and is none itself.
_NOBODY = "\0rows of "


class Side(NamedTuple):
    """The gold or the predictions: the schema, and how a line and a row of columns become a row of it."""

    name: str
    schema: pa.Schema

    @property
    def prefix(self) -> str:
        """What the names of its columns begin with."""
        return "predicted_" if self.name == "predictions" else ""

    def of_line(self, line: bytes) -> tuple[Any, ...]:
        """The row of a line. Raises InputError."""
        return _gold_row(line) if self.name == "gold" else _row(line)

    def of_record(self, fields: dict[str, Any]) -> tuple[Any, ...]:
        """The row of a record. Raises InputError."""
        return _gold_of_record(fields) if self.name == "gold" else _of_record(fields)


# Called only where something is wrong.
First = Callable[[], int]

GOLD_SIDE, PREDICTED_SIDE = Side("gold", GOLD), Side("predictions", PREDICTIONS)


def from_lines(lines: Iterable[bytes], side: Side, path: str, first: First | None = None) -> Iterator[pa.RecordBatch]:
    """Batches of the rows of lines, without their line feeds; ``first`` tells the number of the first, where known."""
    return _batches(((line, side.of_line) for line in lines), side, path, first)


def from_table(table: pa.Table | pa.RecordBatch, side: Side, path: str) -> Iterator[pa.RecordBatch]:
    """Batches of the rows of a table: the native fields as columns, or ``starts``, ``ends``, ``types`` in lists."""
    return _batches(((fields, side.of_record) for fields in _records(table, path)), side, path, None)


def _records(table: pa.Table | pa.RecordBatch, path: str) -> Iterator[dict[str, Any]]:
    names = set(table.schema.names)
    lists = {"starts", "ends", "types"}
    if "id" not in names or not ("entities" in names or lists <= names):
        raise InputError(f"has the columns {', '.join(sorted(names))}, expected id, starts, ends, types", path=path)
    for row in table.to_pylist():
        # A column has a value for every row: null is what a record of JSON leaves out.
        fields = {name: _present(value) for name, value in row.items() if value is not None}
        if "entities" not in fields:
            texts = fields.pop("texts", None)
            sides = [fields.pop(name, []) for name in ("starts", "ends", "types")]
            if len({len(side) for side in (*sides, *([] if texts is None else [texts]))}) > 1:
                raise InputError(f"{row['id']}: starts, ends and types differ in length", path=path)
            fields["entities"] = [
                {"start": start, "end": end, "type": type_} | ({} if texts is None else {"text": texts[number]})
                for number, (start, end, type_) in enumerate(zip(*sides, strict=True))
            ]
        yield fields


def _present(value: Any) -> Any:
    """A value of a column without the nulls within it."""
    if isinstance(value, Mapping):
        return {name: _present(one) for name, one in value.items() if one is not None}
    return [_present(one) for one in value] if isinstance(value, list) else value


def _batches(given: Iterable[tuple[Any, Any]], side: Side, path: str, first: First | None) -> Iterator[pa.RecordBatch]:
    rows: list[tuple[Any, ...]] = []
    refused = None
    number = -1
    iterator = iter(given)
    while refused is None:
        try:
            for value, read in iterator:
                number += 1
                rows.append(read(value))
                if len(rows) == BATCH:
                    break
            else:
                break
        except (InputError, UnicodeDecodeError) as error:
            refused = _place(error, path, None if first is None else first() + number)
            break
        yield _batch(rows, side, None)
        rows = []
    yield _batch(rows, side, refused)


def _place(error: Exception, path: str, line: int | None) -> str:
    reason = error.reason if isinstance(error, InputError) else "is not valid UTF-8"
    return str(InputError(reason, path=path, line=line))


def _batch(rows: Sequence[tuple[Any, ...]], side: Side, refused: str | None) -> pa.RecordBatch:
    """The rows, and the one that counts them, whose id is made of the first of theirs: every try makes the same."""
    width = len(side.schema) - 3
    name = f"{_NOBODY}{side.name} {rows[0][0] if rows else refused}"
    columns = [*zip(*rows, strict=True)] if rows else [()] * (width + 1)
    tails = [name, *[None] * width, len(rows), refused]
    heads = [*columns, [None] * len(rows), [None] * len(rows)]
    arrays = [pa.array([*head, tail], field.type) for head, tail, field in zip(heads, tails, side.schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=side.schema)


def _gold_row(line: bytes) -> tuple[Any, ...]:
    try:
        found = _GOLD_DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return _gold_of_record(_object(line))
    text, spans = found.text, found.entities
    if not _are_distinct(line, spans, 3) or not found.id:
        return _gold_of_record(_object(line))
    if len(spans) > 1:
        spans.sort(key=_start)
    before, size = 0, len(text)
    for span in spans:
        if not before <= span.start < span.end <= size or not span.type:
            return _gold_of_record(_object(line))
        if span.text is not UNSET and span.text != text[span.start : span.end]:
            return _gold_of_record(_object(line))
        before = span.end
    return found.id, text, [s.start for s in spans], [s.end for s in spans], [s.type for s in spans], None


def _start(span: PlainSpan) -> int:
    return span.start


def _are_distinct(line: bytes, spans: list[PlainSpan], keys: int) -> bool:
    """Whether the line has as many keys as what was decoded: the decoder takes the last of two equal ones."""
    texts = sum(span.text is not UNSET for span in spans)
    return len(_KEY_ENDS.findall(line)) == keys + 3 * len(spans) + texts


def _object(line: bytes) -> dict[str, Any]:
    if not line.strip():
        raise InputError("empty line, expected a JSON object")
    try:
        return decode_object(line.decode("utf-8"), "", 0)
    except InputError as error:
        raise InputError(error.reason) from None


def _gold_of_record(fields: dict[str, Any]) -> tuple[Any, ...]:
    without = "text" not in fields
    if without:
        # Columns may leave the texts out: there are offsets enough to be sure of the entities alone.
        ends = [
            one["end"] for one in fields.get("entities", ()) if isinstance(one, dict) and type(one.get("end")) is int
        ]
        fields = {**fields, "text": "\0" * max(ends, default=0)}
    try:
        document = convert(complete(fields), Document, path="", line=0)
    except InputError as error:
        raise InputError(error.reason if not without else f"has no text; {error.reason}") from None
    entities = document.entities
    plain = document == Document(id=document.id, text=document.text, entities=tuple(map(_plain, entities)))
    if without and not plain:
        raise InputError(f"{document.id}: has no text, which anything but plain spans needs")
    if plain and all(one.end <= other.start for one, other in pairwise(entities)):
        starts, ends, types = ([getattr(e, name) for e in entities] for name in ("start", "end", "type"))
        return document.id, None if without else document.text, starts, ends, types, None
    return document.id, document.text, None, None, None, encode(document).decode()


def _plain(entity: Entity) -> Entity:
    return Entity(
        id=entity.id, start=entity.start, end=entity.end, text=entity.text, type=entity.type, parent=entity.parent
    )


def _row(line: bytes) -> tuple[Any, ...]:
    try:
        found = _DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return _of_record(_object(line))
    spans = found.entities
    if not _are_distinct(line, spans, 2) or not all(0 <= span.start < span.end <= LIMIT for span in spans):
        return _of_record(_object(line))
    texts = None
    if any(span.text is not UNSET for span in spans):
        texts = [None if span.text is UNSET else span.text for span in spans]
    return found.id, [s.start for s in spans], [s.end for s in spans], [s.type for s in spans], texts, None


def _of_record(fields: dict[str, Any]) -> tuple[Any, ...]:
    try:
        record = to_record(fields, "", 0)
    except InputError as error:
        raise InputError(error.reason) from None
    if record.id is None:
        raise InputError("has no id, which the join needs")
    spans = record.spans
    try:
        entities = [PredictedEntity(start=s.start, end=s.end, type=s.label, text=s.text, value=s.value) for s in spans]
        unlocated = [Unlocated(text=u.text, type=u.label, start=u.start) for u in record.unlocated]
    except ValueError as error:
        raise InputError(f"{record.id}: {error}") from None
    far = next((one.end for one in entities if one.end > LIMIT), None)
    if far is not None:
        raise InputError(f"{record.id}: the offset {far} is out of range")
    if unlocated or any(one.value is not None for one in entities):
        prediction = Prediction(id=record.id, entities=tuple(entities), unlocated=tuple(unlocated))
        return record.id, None, None, None, None, encode(prediction).decode()
    texts = [one.text for one in entities]
    starts, ends, types = ([getattr(e, name) for e in entities] for name in ("start", "end", "type"))
    return record.id, starts, ends, types, texts if any(text is not None for text in texts) else None, None
