"""The published tables as files and as pandas data frames."""

import contextlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from tyez_bench.dataset.configs import WORD_SEGMENTERS, table_of
from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.export.columns import Columns, features
from tyez_bench.io.export.rows import Row
from tyez_bench.model.errors import MissingExtraError
from tyez_bench.model.hints import public


def parquet(columns: Columns, rows: Sequence[Row], metadata: dict[str, str]) -> bytes:
    """One Parquet file, with the features that ``datasets`` reads in its schema, and ``metadata`` beside them.

    The same rows give the same bytes with the same version of pyarrow.
    """
    import pyarrow
    import pyarrow.parquet

    schema = features(columns).arrow_schema
    schema = schema.with_metadata({**(schema.metadata or {}), **metadata})
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows), schema=schema), file)
    return file.getvalue()


def json_lines(rows: Sequence[Row]) -> bytes:
    """The rows as JSON, one a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def number_of_bytes(files: dict[str, bytes]) -> dict[str, int]:
    """By name, the size in memory of the table in a Parquet file, as ``datasets`` counts it when it reads it."""
    import tempfile
    from pathlib import Path

    import datasets

    sizes = {}
    with tempfile.TemporaryDirectory() as folder, _without_progress_bars():
        for name, data in files.items():
            path = Path(folder) / f"{name}.parquet"
            path.write_bytes(data)
            builder = datasets.load_dataset_builder("parquet", data_files=str(path), cache_dir=f"{folder}/cache")
            builder.download_and_prepare()
            sizes[name] = builder.info.splits["train"].num_bytes
    return sizes


@contextlib.contextmanager
def _without_progress_bars() -> Iterator[None]:
    from datasets.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    disabled = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if not disabled:
            enable_progress_bars()


if TYPE_CHECKING:
    from pandas import DataFrame


# Those of pandas' types that know a missing value.
_DTYPES = {"string": "string", "int32": "Int64", "bool": "boolean"}


@public
def to_pandas(
    gold: Gold | None = None, config: str = "entities", *, segmenters: tuple[str, ...] = WORD_SEGMENTERS
) -> "DataFrame":
    """A table of a gold set as a pandas data frame.

    The fields of a record stand in columns of their own (``value_amount``, ``district_name``); lists stay lists.
    Columns are of pandas' types that know a missing value, whatever is in them.

    Args:
        gold: the gold set; None: the built-in one.
        config: the table: entities, documents, sentences, tokens or words.
        segmenters: for words, what cuts them.

    Returns:
        The frame, a row an entity (document, sentence …); offsets are half-open code points, amounts decimal strings
        in units of the currency.

    Raises:
        UsageError: a table that a gold set alone does not give.
        MissingExtraError: pandas is not installed (extra hf).

    Example:
        >>> import tyez_bench
        >>> frame = tyez_bench.to_pandas()
        >>> list(frame["text"][:2]), frame["start"].dtype.name
        (['太原一体化经济区域', '太原'], 'Int64')
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("pandas", "hf") from None
    columns, rows = table_of(load() if gold is None else gold, config, segmenters)
    flat = _flat(columns)
    cells = [_cells(columns, row) for row in rows]
    return pandas.DataFrame(
        {
            name: pandas.Series([row[at] for row in cells], dtype=_DTYPES.get(type_, "object"))
            for at, (name, type_) in enumerate(flat.items())
        }
    )


def _flat(columns: Columns) -> dict[str, str]:
    """The names and types of the frame's columns; lists are objects."""
    flat: dict[str, str] = {}
    for name, column in columns.items():
        if isinstance(column.type, dict):
            flat |= {f"{name}_{field}": str(inner.type) for field, inner in column.type.items()}
        else:
            flat[name] = column.type if isinstance(column.type, str) else "object"
    return flat


def _cells(columns: Columns, row: Row) -> list[Any]:
    cells: list[Any] = []
    for name, column in columns.items():
        if isinstance(column.type, dict):
            record = row[name] or {}
            cells += [record.get(field) for field in column.type]
        else:
            cells.append(row[name])
    return cells
