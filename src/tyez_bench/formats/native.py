"""The native format: JSON Lines, ``{"id", "entities": [{"start", "end", "type"}]}``, optional text and value.

Offsets are half-open code points into the document text.
"""

from itertools import pairwise
from pathlib import Path
from typing import Any

from tyez_bench.corpus.gold import Gold, with_kind
from tyez_bench.errors import InputError
from tyez_bench.jsonl import convert, encode_lines, read_records, write_atomic
from tyez_bench.model import Document, Label, Prediction, order_key


def read_predictions(path: str | Path, gold: Gold) -> dict[str, Prediction]:
    """Read predictions for ``gold`` by document id. A document that the file lacks is not in the result.

    Raises InputError, with file and line, for a record that is invalid or does not fit the gold's texts, for
    an unknown or repeated document, and for entities that overlap.
    """
    found: dict[str, Prediction] = {}
    for line, record in read_records(path):
        _check_labels(record, path, line)
        prediction = convert(_complete(record), Prediction, path=path, line=line)
        if prediction.id not in gold:
            raise InputError(f"unknown document id {prediction.id!r}", path=path, line=line)
        if prediction.id in found:
            raise InputError(f"document id {prediction.id!r} occurs twice", path=path, line=line)
        try:
            check_prediction(prediction, gold[prediction.id])
        except ValueError as error:
            raise InputError(str(error), path=path, line=line) from None
        found[prediction.id] = prediction
    return found


def check_prediction(prediction: Prediction, document: Document) -> None:
    """Raise ValueError unless each entity lies in the document's text and reads as it says, and no two overlap.

    The outermost layer is flat: on it no two entities can overlap, whatever their types.
    """
    size = len(document.text)
    for entity in prediction.entities:
        if entity.type not in Label.__members__:
            raise ValueError(f"{prediction.id}: unknown label {entity.type!r}, expected {', '.join(Label)}")
        if entity.end > size:
            hint = _shift_hint(document.text, entity.text, entity.start) if entity.text else ""
            raise ValueError(
                f"{prediction.id}: {entity.type} {entity.start}–{entity.end} is outside the text (0–{size}){hint}"
            )
        surface = document.text[entity.start : entity.end]
        if entity.text is not None and entity.text != surface:
            raise ValueError(
                f"{prediction.id}: {entity.type} {entity.start}–{entity.end} reads {surface!r}, "
                f"but its text is {entity.text!r}{_shift_hint(document.text, entity.text, entity.start)}"
            )
    ordered = sorted(prediction.entities, key=order_key)
    for one, other in pairwise(ordered):
        if order_key(one) == order_key(other):
            raise ValueError(f"{prediction.id}: {one.type} {one.start}–{one.end} occurs twice")
        if other.start < one.end:
            raise ValueError(
                f"{prediction.id}: {one.type} {one.start}–{one.end} {document.text[one.start : one.end]!r} and "
                f"{other.type} {other.start}–{other.end} {document.text[other.start : other.end]!r} overlap; "
                "expected one flat layer"
            )


def _shift_hint(text: str, surface: str, start: int) -> str:
    """Say when the text stands where the offset would lead if it counted another unit."""
    for unit, codec, size in (("UTF-16 code units", "utf-16-le", 2), ("UTF-8 bytes", "utf-8", 1)):
        at = len(text.encode(codec)[: start * size].decode(codec, errors="ignore"))
        if at != start and text.startswith(surface, at):
            return f" (it stands at {at}: are the offsets {unit}, and not code points?)"
    return ""


def write_predictions(path: str | Path, predictions: list[Prediction]) -> None:
    """Write predictions canonically, all or nothing. Raises UsageError."""
    write_atomic(path, encode_lines(predictions))


def _check_labels(record: dict[str, Any], path: str | Path, line: int) -> None:
    entities = record.get("entities")
    for number, entity in enumerate(entities if isinstance(entities, list) else []):
        type_ = entity.get("type") if isinstance(entity, dict) else None
        if isinstance(type_, str) and type_ not in Label.__members__:
            raise InputError(
                f"unknown label {type_!r} at $.entities[{number}], expected {', '.join(Label)}",
                path=path,
                line=line,
            )


def _complete(record: dict[str, Any]) -> dict[str, Any]:
    entities = record.get("entities")
    if not isinstance(entities, list):
        return record
    return {**record, "entities": [with_kind(e) if isinstance(e, dict) else e for e in entities]}
