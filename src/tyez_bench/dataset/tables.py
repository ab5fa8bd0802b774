"""The tables of the published dataset: title, columns and rows of each, and their files."""

import contextlib
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tyez_bench.gold.build.adjudication import Decision
from tyez_bench.gold.gold import Gold
from tyez_bench.io.export import columns, rows
from tyez_bench.io.export.columns import Columns, features
from tyez_bench.io.export.rows import Row
from tyez_bench.io.export.words import Segmenter, load_segmenter
from tyez_bench.model.errors import UsageError

SPLIT = "test"
DEFAULT = "documents"
# What the words table is cut by: the segmenters whose models come in a package, so that anybody gets the same words.
WORD_SEGMENTERS = ("jieba", "thulac")


@dataclass(frozen=True)
class Sources:
    """All that the tables are made from."""

    gold: Gold
    passes: Mapping[str, Gold] = field(default_factory=dict)
    log: tuple[Decision, ...] = ()
    segmenters: Mapping[str, Segmenter] = field(default_factory=dict)
    stress: tuple[Row, ...] = ()


@dataclass(frozen=True)
class DatasetConfig:
    """A table. ``from_gold`` says whether it can be made of any gold set, without passes and log."""

    title: str
    columns: Columns
    rows: Callable[[Sources], Iterator[Row]]
    from_gold: bool = True


CONFIGS: dict[str, DatasetConfig] = {
    "documents": DatasetConfig(
        "The documents: text, sections, sentences, the way back to the page, entities of all layers",
        columns.DOCUMENTS,
        lambda sources: rows.document_rows(sources.gold),
    ),
    "sentences": DatasetConfig(
        "The same a sentence, with offsets into the sentence and into the document",
        columns.SENTENCES,
        lambda sources: rows.sentence_rows(sources.gold),
    ),
    "entities": DatasetConfig(
        "The entities, one a row, with offsets into the document and on the page",
        columns.ENTITIES,
        lambda sources: rows.entity_rows(sources.gold),
    ),
    "tokens": DatasetConfig(
        "Characters with BIO tags, one sentence a row, for token classification",
        columns.TOKENS,
        lambda sources: rows.token_rows(sources.gold),
    ),
    "words": DatasetConfig(
        f"Words with BIO tags, by segmenter ({', '.join(WORD_SEGMENTERS)}), one sentence a row",
        columns.WORDS,
        lambda sources: rows.word_rows(sources.gold, sources.segmenters),
    ),
    "passes": DatasetConfig(
        "What each of the two annotation passes marked, one document a row",
        columns.PASSES,
        lambda sources: rows.pass_rows(sources.passes),
        from_gold=False,
    ),
    "adjudication": DatasetConfig(
        "The adjudication log: every difference between the passes, both readings, the decision and the reason",
        columns.ADJUDICATION,
        lambda sources: rows.decision_rows(sources.log),
        from_gold=False,
    ),
    "stress": DatasetConfig(
        "The stress suite, kept apart from the page: texts made from templates, and sentences of the page that were "
        "changed, with labels that are right if the templates are",
        columns.STRESS,
        lambda sources: iter(sources.stress),
        from_gold=False,
    ),
}


def find_config(name: str) -> DatasetConfig:
    """A config by name. Raises UsageError."""
    if name not in CONFIGS:
        raise UsageError(f"unknown config {name!r}, expected one of: {', '.join(CONFIGS)}")
    return CONFIGS[name]


def table_of(gold: Gold, config: str, segmenters: tuple[str, ...] = WORD_SEGMENTERS) -> tuple[Columns, list[Row]]:
    """Columns and rows of a table that a gold set alone gives. Raises UsageError for another."""
    found = find_config(config)
    if not found.from_gold:
        raise UsageError(f"the config {config!r} can't be made from a gold set: it has no passes and no log")
    cut = {name: load_segmenter(name) for name in segmenters} if "segmenter" in found.columns else {}
    return found.columns, list(found.rows(Sources(gold, segmenters=cut)))


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
    import datasets

    sizes = {}
    with tempfile.TemporaryDirectory() as folder, without_progress_bars():
        for name, data in files.items():
            path = Path(folder) / f"{name}.parquet"
            path.write_bytes(data)
            builder = datasets.load_dataset_builder("parquet", data_files=str(path), cache_dir=f"{folder}/cache")
            builder.download_and_prepare()
            sizes[name] = builder.info.splits["train"].num_bytes
    return sizes


@contextlib.contextmanager
def without_progress_bars() -> Iterator[None]:
    """``datasets`` silent until the end."""
    from datasets.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    disabled = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if not disabled:
            enable_progress_bars()
