"""The records of a file of JSON or of Parquet, whatever is in them."""

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from tyez_bench.errors import MissingExtraError, first_line
from tyez_bench.formats.field_maps import FieldMap
from tyez_bench.formats.members import member
from tyez_bench.formats.source import Source

_PARQUET = b"PAR1"


def rows(source: Source, fields: FieldMap | None = None) -> Iterator[tuple[int, Any]]:
    """Line (of Parquet: number) and value of each record. Raises InputError.

    Where the map says under which member of one object the records are, and it is there, these.
    """
    for line, value in _table(source) if source.data.startswith(_PARQUET) else _values(source):
        inner = inner_of(value, fields)
        if inner is None:
            yield line, value
        else:
            # Tools for annotation write null for a text that was passed over.
            yield from ((line, one) for one in inner if one is not None)


def inner_of(value: Any, fields: FieldMap | None) -> list[Any] | None:
    """The records that an object holds, as the map says; None where it is a record itself."""
    for key in () if fields is None or not isinstance(value, Mapping) else fields.records:
        _, found = member(value, key)
        if isinstance(found, list) and (not found or any(isinstance(one, Mapping | list) for one in found)):
            return found
    return None


def _values(source: Source) -> Iterator[tuple[int, Any]]:
    items = source.items()
    first = next(items, None)
    if first is not None and isinstance(first[1], str):
        rest = list(items)
        if len(rest) == 1 and isinstance(rest[0][1], Mapping):
            # The only record, a list of its text and an object, and not a list of two records.
            yield first[0], [first[1], rest[0][1]]
            return
        items = iter(rest)
    if first is not None:
        yield first
    yield from items


def _table(source: Source) -> Iterator[tuple[int, Any]]:
    batches = _read(source).to_batches()
    yield from enumerate((row for batch in batches for row in batch.to_pylist()), 1)


def _read(source: Source) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "hf") from None
    try:
        return parquet.read_table(BytesIO(source.data)).combine_chunks()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise source.error(f"is not valid Parquet: {first_line(error)}") from None


def names_of(source: Source, key: str) -> tuple[str, ...]:
    """The names of a column's numbers, as ``datasets`` writes them into Parquet; empty without."""
    if not source.data.startswith(_PARQUET):
        return ()
    said = (_read(source).schema.metadata or {}).get(b"huggingface", b"{}")
    try:
        feature = json.loads(said)["info"]["features"][key]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
    while isinstance(feature, Mapping) and "names" not in feature:
        feature = feature.get("feature")
    if isinstance(feature, list) and feature:
        feature = feature[0]
    names = feature.get("names") if isinstance(feature, Mapping) else None
    return tuple(map(str, names)) if isinstance(names, list) else ()
