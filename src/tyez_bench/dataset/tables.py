"""The tables as files: Parquet, and JSON Lines of the same rows."""

import contextlib
import io
import json
from collections.abc import Iterator, Sequence

from tyez_bench.views.columns import Columns, features
from tyez_bench.views.rows import Row


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
