"""Loading the published tables, or those of any gold set, with Hugging Face's ``datasets``."""

from typing import TYPE_CHECKING, Any

from tyez_bench.corpus.gold import Gold, data_dir, load_published
from tyez_bench.corpus.manifest import read_manifest, verify
from tyez_bench.dataset.configs import DEFAULT, SPLIT, WORD_SEGMENTERS, find_config, table_of
from tyez_bench.errors import MissingExtraError, UsageError
from tyez_bench.views.columns import features

if TYPE_CHECKING:
    from pathlib import Path

    from datasets import Dataset, DatasetDict, IterableDataset, IterableDatasetDict

CARD = "README.md"


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
    release = manifest.release(version or manifest.version)
    if release.fingerprint == manifest.fingerprint:
        verify(folder, manifest, [CARD, f"{config}/{SPLIT}.parquet"])
        return datasets.load_dataset(str(folder), config, split=split, streaming=streaming)
    if not found.from_gold:
        raise UsageError(f"the config {config!r} is there in version {manifest.version} only")
    table = to_dataset(load_published(folder, release.version), config)
    one = table.to_iterable_dataset() if streaming else table
    kind = datasets.IterableDatasetDict if streaming else datasets.DatasetDict
    return one if split else kind({SPLIT: one})


def to_dataset(gold: Gold, config: str = DEFAULT, *, segmenters: tuple[str, ...] = WORD_SEGMENTERS) -> "Dataset":
    """A table of any gold set: documents, sentences, entities, tokens, or words cut by ``segmenters``.

    Raises UsageError for a table that a gold set alone does not give; for segmenters as
    :func:`tyez_bench.views.segmenters.load_segmenter`.
    """
    datasets = _datasets()
    columns, rows = table_of(gold, config, segmenters)
    return datasets.Dataset.from_list(rows, features=features(columns), split=SPLIT)


def _datasets() -> Any:
    try:
        import datasets
    except ImportError:
        raise MissingExtraError("datasets", "hf") from None
    return datasets
