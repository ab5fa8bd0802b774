"""A gold set as pandas data frames."""

from typing import TYPE_CHECKING, Any

from tyez_bench.corpus.gold import Gold, load
from tyez_bench.dataset.configs import WORD_SEGMENTERS, table_of
from tyez_bench.errors import MissingExtraError
from tyez_bench.views.columns import Columns
from tyez_bench.views.rows import Row

if TYPE_CHECKING:
    from pandas import DataFrame


def to_pandas(
    gold: Gold | None = None, config: str = "entities", *, segmenters: tuple[str, ...] = WORD_SEGMENTERS
) -> "DataFrame":
    """A table of the gold (the built-in one) as a frame: entities, documents, sentences, tokens or words.

    The fields of a record stand in columns of their own (``value_amount``, ``district_name``); lists stay lists.
    Columns are of pandas' types that know a missing value. Raises UsageError for a table that a gold set alone does
    not give, MissingExtraError without pandas (extra hf).
    """
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("pandas", "hf") from None
    columns, rows = table_of(gold or load(), config, segmenters)
    frame = pandas.DataFrame([_flat(columns, row) for row in rows], columns=_names(columns))
    return frame.convert_dtypes()


def _flat(columns: Columns, row: Row) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, column in columns.items():
        if isinstance(column.type, dict):
            record = row[name] or {}
            flat |= {f"{name}_{field}": record.get(field) for field in column.type}
        else:
            flat[name] = row[name]
    return flat


def _names(columns: Columns) -> list[str]:
    names: list[str] = []
    for name, column in columns.items():
        names += [f"{name}_{field}" for field in column.type] if isinstance(column.type, dict) else [name]
    return names
