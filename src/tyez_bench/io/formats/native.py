"""The native format, whole or one line in memory at a time.

A gold set's own records are read as predictions, too; their other fields (sections, status, role, …) are ignored.
A record may have its ``text`` instead of an id; records without both are identified by their order.
Offsets are half-open code points into the text of the id: a document, a sentence, or the page. Names that a
model gave but that are not in the text may be in ``"unlocated": [{"text", "type"}]``. Types may be the labels of
any label set.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec import Struct

from tyez_bench.files.jsonl import convert, decode_object, encode, encode_lines, stream_records, write_atomic
from tyez_bench.gold.derived import with_kind
from tyez_bench.io.align.offsets import Offsets, offsets_of
from tyez_bench.io.align.texts import shift_hint
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.record import Options, RawUnlocated, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import unadvised
from tyez_bench.model.spans import Span, order_key

_NO_OPTIONS = Options()
# What has places beside the entities of a record of a gold set.
_PLACES = ("sections", "sentences", "provenance")


class _Line(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    id: str | None = None
    text: str | None = None
    entities: tuple[Span, ...]
    unlocated: tuple[RawUnlocated, ...] = ()


# What the records of a gold set have beside what is read of a prediction.
_BESIDE = frozenset(Document.__struct_fields__) - {"id", "text", "entities"}
_BESIDE_AN_ENTITY = frozenset(Entity.__struct_fields__) - {"start", "end", "type", "text", "value"}


def sniff(source: Source) -> bool:
    """Whether the records are objects with entities that have a start and a type, and nothing but what a gold set has.

    The first record that has any entities tells; where none has, the first record, which then needs an id and no text.
    """
    if source.is_directory:
        return False
    found = False
    try:
        for _, value in source.items():
            entities = value.get("entities") if isinstance(value, dict) else None
            if not isinstance(entities, list):
                return found
            first = entities[0] if entities else None
            if "text" in value or "id" not in value:
                if first is not None:
                    return _is_of_gold(value, first)
                continue
            if entities:
                if isinstance(first, dict):
                    return {"start", "type"} <= first.keys()
                # Pairs of name and type are a language model's. Whatever else has no keys the reader refuses, in words.
                return not isinstance(first, list) or len(first) != 2
            found = True
    except InputError:
        # The reader says what is wrong.
        return found
    return found


def _is_of_gold(record: dict[str, Any], entity: object) -> bool:
    known = record.keys() <= {*Document.__struct_fields__, "unlocated"}
    return known and isinstance(entity, dict) and {"start", "end", "type"} <= entity.keys() <= _ENTITY


_ENTITY = frozenset(Entity.__struct_fields__)


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a line. Raises InputError."""
    for line, text in source.lines():
        if not text.strip():
            raise source.error("empty line, expected a JSON object", line)
        yield to_record(decode_object(text, source.name, line), source.name, line, options)


def to_record(fields: dict[str, Any], path: str | Path, line: int, options: Options = _NO_OPTIONS) -> Record:
    """A record from the fields of its JSON object. Raises InputError."""
    fields = placed(fields, options, path, line)
    entities = fields.get("entities")
    if "text" in fields:
        fields = {key: value for key, value in fields.items() if key not in _BESIDE}
        if type(fields.get("id")) is int:
            # Of a file that other tools wrote.
            fields["id"] = str(fields["id"])
    if isinstance(entities, list):
        fields["entities"] = [_entity(one) if isinstance(one, dict) else one for one in entities]
    record = convert(fields, _Line, path=path, line=line)
    return Record(line, id=record.id, text=record.text, spans=record.entities, unlocated=record.unlocated)


def placed(fields: dict[str, Any], options: Options, path: str | Path, line: int | None) -> dict[str, Any]:
    """A record whose entities have half-open offsets in code points (without its text: in the unit of the options).

    What is no entity with offsets stays what it is. Raises InputError for one that is nowhere.
    """
    entities, text = fields.get("entities"), fields.get("text")
    if options.offsets is None or not isinstance(entities, list):
        return fields
    offsets, found = offsets_of(options), []
    for one in entities:
        if isinstance(one, dict) and all(type(one.get(key)) is int for key in ("start", "end")):
            try:
                start, end = offsets.placed(
                    one["start"], one["end"], str(one.get("type")), text if isinstance(text, str) else None
                )
            except ValueError as error:
                name = fields.get("id")
                raise InputError(f"{name}: {error}" if name else str(error), path=path, line=line) from None
            one = {**one, "start": start, "end": end}
        found.append(one)
    return {**fields, "entities": found}


def in_code_points(fields: dict[str, Any], options: Options, path: str | Path, line: int | None) -> dict[str, Any]:
    """A record of a gold set whose entities are in code points. Raises InputError as :func:`placed` does.

    And where the record has other places than those of entities: these are code points by the schema.
    """
    if offsets_of(options) == Offsets():
        return fields
    entities = fields.get("entities")
    found = [one for one in entities if isinstance(one, dict)] if isinstance(entities, list) else []
    others = [name for name in _PLACES if fields.get(name)]
    others += ["alternatives"] * any(one.get("alternatives") for one in found)
    if others:
        raise InputError(
            f"has {others[0]}, which are places in code points by the schema of gold sets, "
            f"but offsets were given as {options.offsets}",
            path=path,
            line=line,
        )
    if isinstance(entities, list):
        # Ids are made of offsets, and name parents.
        without = [
            {key: value for key, value in one.items() if key not in ("id", "parent")} if isinstance(one, dict) else one
            for one in entities
        ]
        fields = {**fields, "entities": without}
    return placed(fields, options, path, line)


def source_in_code_points(source: Source, options: Options) -> Source:
    """A gold set whose entities are in code points; lines that are no JSON objects stay. Raises InputError."""
    if offsets_of(options) == Offsets():
        return source
    lines = source.data.split(b"\n")
    for number, line in enumerate(lines, 1):
        # What is wrong with a line otherwise is said where it is read.
        try:
            record = decode_object(line.decode("utf-8"), source.name, number)
        except (InputError, UnicodeDecodeError):
            continue
        lines[number - 1] = encode(in_code_points(record, options, source.name, number))
    return Source(source.name, b"\n".join(lines))


def _entity(entity: dict[str, Any]) -> dict[str, Any]:
    if not _BESIDE_AN_ENTITY.isdisjoint(entity):
        entity = {key: value for key, value in entity.items() if key not in _BESIDE_AN_ENTITY}
    return with_kind(entity)


def write(samples: Iterable[Sample]) -> bytes:
    """One sample a line; its text is not written, the id stands for it. Raises ValueError."""
    return encode_lines(
        _Line(
            id=sample.id,
            entities=tuple(Span(s.start, s.end, s.label, s.text, s.value) for s in sample.spans),
        )
        for sample in samples
    )


def write_predictions(path: str | Path, predictions: list[Prediction]) -> None:
    """Write predictions canonically, all or nothing. Raises UsageError."""
    write_atomic(path, encode_lines(predictions))


def _hint(entity: PredictedEntity, document: Document) -> str:
    # Predictions that are handed over have no reader that could be told anything.
    with unadvised("align", "offsets"):
        return shift_hint(document.text, entity.text, entity.start, entity.end)


def check_prediction(prediction: Prediction, document: Document, *, flat: bool = True) -> None:
    """Raise ValueError unless each entity lies in the document's text and reads as it says, and none occurs twice.

    Where a flat layer is asked for, no two may overlap either, whatever their types.
    """
    size = len(document.text)
    for entity in prediction.entities:
        if entity.end > size:
            raise ValueError(
                f"{prediction.id}: {entity.type} {entity.start}–{entity.end} is outside the text (0–{size})"
                f"{_hint(entity, document)}"
            )
        surface = document.text[entity.start : entity.end]
        if entity.text is not None and entity.text != surface:
            raise ValueError(
                f"{prediction.id}: {entity.type} {entity.start}–{entity.end} reads {surface!r}, "
                f"but its text is {entity.text!r}{_hint(entity, document)}"
            )
    ordered = sorted(prediction.entities, key=order_key)
    for one, other in pairwise(ordered):
        if order_key(one) == order_key(other):
            raise ValueError(f"{prediction.id}: {one.type} {one.start}–{one.end} occurs twice")
        if flat and other.start < one.end:
            raise ValueError(
                f"{prediction.id}: {one.type} {one.start}–{one.end} {document.text[one.start : one.end]!r} and "
                f"{other.type} {other.start}–{other.end} {document.text[other.start : other.end]!r} overlap; "
                "expected one flat layer"
            )


def stream_predictions(path: Path, labels: LabelMap) -> Iterator[tuple[int, Prediction]]:
    """Yield line and prediction. Labels out of the map's scope are left out. Raises InputError for unknown ones."""
    for line, fields in stream_records(path):
        record = to_record(fields, path, line)
        assert record.id is not None
        try:
            entities = tuple(
                PredictedEntity(start=s.start, end=s.end, type=type_, text=s.text, value=s.value)
                for s in record.spans
                if (type_ := _type(s.label, labels))
            )
            unlocated = tuple(
                Unlocated(text=u.text, type=type_, start=u.start)
                for u in record.unlocated
                if (type_ := _type(u.label, labels))
            )
            yield line, Prediction(id=record.id, entities=entities, unlocated=unlocated)
        except ValueError as error:
            raise InputError(str(error), path=path, line=line) from None


def _type(label: str, labels: LabelMap) -> str | None:
    try:
        return labels.target(label)
    except KeyError:
        known = ", ".join(labels.labels)
        raise ValueError(f"unknown label {label!r}, expected {known} (label map {labels.name})") from None
