"""Bootstrap intervals on additive counts.

A table of counts has a row for each unit that is drawn (a sentence) and a column for each count. A draw takes as
many units as there are, with replacement; its counts are the sums of the rows drawn, and a measure is a function of
such sums (Efron 1979; Bisani and Ney 2004 for error rates). Only counts are resampled, nothing is matched again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NUMBER = 1000
SEED = 20220809
LEVEL = 0.95

# Units drawn at a time: bounds the memory, whatever the number of draws.
_BLOCK = 1 << 21


@dataclass(frozen=True, slots=True)
class Interval:
    """Percentile interval of a measure."""

    low: float
    high: float


def block_sizes(units: int, number: int) -> Iterator[int]:
    """How many draws to make at a time, so that memory does not grow with their number."""
    block = max(1, _BLOCK // max(1, units))
    for start in range(0, number, block):
        yield min(block, number - start)


def draw(units: int, number: int, seed: int) -> Iterator[NDArray[np.int64]]:
    """Yield blocks of draws, (draws, units): in each row as many unit numbers as there are units."""
    rng = np.random.default_rng(seed)
    for size in block_sizes(units, number):
        yield rng.integers(units, size=(size, units))


def sums(table: Array, drawn: NDArray[np.int64]) -> Array:
    """Sum the rows of ``table``, (units, columns), over each draw: (draws, columns)."""
    draws, units = len(drawn), len(table)
    # How often each unit was drawn, counted for all draws at once.
    shifted = drawn + units * np.arange(draws)[:, None]
    weights = np.bincount(shifted.ravel(), minlength=draws * units).reshape(draws, units)
    result: Array = weights.astype(np.float64) @ table
    return result


def bootstrap(table: Array, *, number: int = NUMBER, seed: int = SEED) -> Array:
    """Counts of ``number`` draws, (number, columns)."""
    return np.concatenate([sums(table, drawn) for drawn in draw(len(table), number, seed)])


def interval(values: Array, level: float = LEVEL) -> Interval | None:
    """Percentile interval of the draws' values. Draws where the measure is undefined (NaN) are left out.

    None when it is undefined in all of them.
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def measures(counts: Array) -> dict[str, Array]:
    """Precision, recall and F1 of many counts, (…, 4): gold, predicted, gold right, predicted right.

    As in ``measures.py``, with NaN for what is undefined.
    """
    gold, predicted, gold_right, predicted_right = np.moveaxis(counts, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(predicted > 0, predicted_right / predicted, np.nan)
        recall = np.where(gold > 0, gold_right / gold, np.nan)
        p, r = np.nan_to_num(precision), np.nan_to_num(recall)
        harmonic = np.where(p + r > 0, 2 * p * r / (p + r), 0.0)
    return {"precision": precision, "recall": recall, "f1": np.where(gold + predicted > 0, harmonic, np.nan)}
