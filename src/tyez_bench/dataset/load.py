"""The published tables, or those of any gold set, for Hugging Face's ``datasets`` and for pandas."""

import io
from typing import TYPE_CHECKING, Any

from tyez_bench.dataset.tables import DEFAULT, SPLIT, WORD_SEGMENTERS, find_config, table_of
from tyez_bench.gold.gold import Gold, data_dir, load, load_published
from tyez_bench.gold.manifest import read_manifest, read_verified
from tyez_bench.io.export.columns import Columns, features
from tyez_bench.io.export.rows import Row
from tyez_bench.model.errors import MissingExtraError, UsageError
from tyez_bench.model.hints import public

if TYPE_CHECKING:
    from pathlib import Path

    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict
    from pandas import DataFrame

# Those of pandas' types that know a missing value.
_DTYPES = {"string": "string", "int32": "Int64", "bool": "boolean"}


@public
def load_dataset(
    config: str = DEFAULT, split: str | None = None, *, streaming: bool = False, version: str | None = None
) -> "DatasetDict | Dataset | IterableDatasetDict | IterableDataset":
    """Load a config of the built-in dataset, offline and verified, as ``datasets.load_dataset`` does.

    Args:
        config: the table: documents, sentences, entities, tokens and so on.
        split: ``test`` for the table itself; None: a dictionary with that one split.
        streaming: as an iterable dataset.
        version: an earlier version of the gold; None: the present one.

    Returns:
        What ``datasets.load_dataset`` would return.

    Raises:
        UsageError: an unknown config, split or version.
        InputError: files that are not those on record.
        MissingExtraError: ``datasets`` is not installed (extra hf).

    Example:
        >>> import tyez_bench
        >>> len(tyez_bench.load_dataset("tokens", split="test"))
        91
    """
    return load_tables(data_dir(), config, split, streaming=streaming, version=version)


def load_tables(
    folder: "Path",
    config: str = DEFAULT,
    split: str | None = None,
    *,
    streaming: bool = False,
    version: str | None = None,
) -> "DatasetDict | Dataset | IterableDatasetDict | IterableDataset":
    """As :func:`load_dataset`, from a published directory."""
    datasets = _datasets()
    found = find_config(config)
    if split not in (None, SPLIT):
        raise UsageError(f"unknown split {split!r}, expected {SPLIT!r}: the set is for testing only")
    manifest = read_manifest(folder)
    release = manifest.release(manifest.version if version is None else version)
    if release.fingerprint == manifest.fingerprint:
        rows = _rows(read_verified(folder, manifest, f"{config}/{SPLIT}.parquet"))
    elif found.from_gold:
        _, rows = table_of(load_published(folder, release.version), config)
    else:
        raise UsageError(f"the config {config!r} is only available in version {manifest.version}")
    info = datasets.DatasetInfo(
        features=features(found.columns), dataset_name=manifest.name, config_name=config, version=release.version
    )
    table = _table(found.columns, rows, info)
    one = table.to_iterable_dataset() if streaming else table
    kind = datasets.IterableDatasetDict if streaming else datasets.DatasetDict
    return one if split else kind({SPLIT: one})


def _rows(data: bytes) -> list[Row]:
    """The rows of a Parquet file that was read and checked: what is loaded is what was checked, past any cache."""
    import pyarrow.parquet

    rows: list[Row] = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    return rows


def _table(columns: Columns, rows: list[Row], info: Any = None) -> "Dataset":
    from datasets import Dataset

    kinds = info.features if info is not None else features(columns)
    if not rows:
        return Dataset.from_dict({name: [] for name in columns}, features=kinds, info=info, split=SPLIT)
    return Dataset.from_list(rows, features=kinds, info=info, split=SPLIT)


@public
def to_dataset(gold: Gold, config: str = DEFAULT, *, segmenters: tuple[str, ...] = WORD_SEGMENTERS) -> "Dataset":
    """A table of any gold set as a Hugging Face dataset.

    Args:
        gold: the gold set.
        config: the table: documents, sentences, entities, tokens or words.
        segmenters: for words, what cuts them.

    Returns:
        The table; offsets are half-open code points.

    Raises:
        UsageError: a table that a gold set alone does not give, an unknown segmenter.
        MissingExtraError: ``datasets`` or a segmenter is not installed.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.to_dataset(tyez_bench.load(), "documents")["id"][:2]
        ['series', 'editor-note']
    """
    _datasets()
    columns, rows = table_of(gold, config, segmenters)
    return _table(columns, rows)


def _datasets() -> Any:
    try:
        import datasets
    except ImportError:
        raise MissingExtraError("datasets", "hf") from None
    return datasets


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
