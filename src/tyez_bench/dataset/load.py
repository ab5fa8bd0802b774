"""Loading the published tables, or those of any gold set, with Hugging Face's ``datasets``."""

import io
from typing import TYPE_CHECKING, Any

from tyez_bench.corpus.gold import Gold, data_dir, load_published
from tyez_bench.corpus.manifest import read_manifest, read_verified
from tyez_bench.dataset.configs import DEFAULT, SPLIT, WORD_SEGMENTERS, find_config, table_of
from tyez_bench.errors import MissingExtraError, UsageError
from tyez_bench.hints import public
from tyez_bench.views.columns import Columns, features
from tyez_bench.views.rows import Row

if TYPE_CHECKING:
    from pathlib import Path

    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

CARD = "README.md"


@public
def load_dataset(
    config: str = DEFAULT,
    split: str | None = None,
    *,
    streaming: bool = False,
    version: str | None = None,
) -> "DatasetDict | Dataset | IterableDatasetDict | IterableDataset":
    """Load a config of the built-in dataset, offline and verified; as ``datasets.load_dataset`` does.

    Without ``split`` a dictionary with the one split ``test``, with ``split="test"`` the table itself. ``version`` asks
    for an earlier version of the gold. Raises UsageError for a config, split or version that there is not, InputError
    for files that are not those on record, MissingExtraError without ``datasets`` (extra hf).
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
        raise UsageError(f"the config {config!r} is there in version {manifest.version} only")
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
    """A table of any gold set: documents, sentences, entities, tokens, or words cut by ``segmenters``.

    Raises UsageError for a table that a gold set alone does not give; for segmenters as
    :func:`tyez_bench.views.segmenters.load_segmenter`.
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
