"""The native format, one line in memory at a time."""

from collections.abc import Iterator
from pathlib import Path

from tyez_bench.errors import InputError
from tyez_bench.formats.label_maps import LabelMap
from tyez_bench.formats.native import to_record
from tyez_bench.jsonl import stream_records
from tyez_bench.model import PredictedEntity, Prediction, Unlocated


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
