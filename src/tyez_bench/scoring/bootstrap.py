"""Bootstrap intervals on additive counts.

A table of counts has a row for each unit that is drawn (a sentence) and a column for each count. A draw takes as
many units as there are, with replacement; its counts are the sums of the rows drawn, and a measure is a function of
such sums (Efron 1979; Bisani and Ney 2004 for error rates). Only counts are resampled, nothing is matched again.

Units with the same counts are drawn together, as a row of a histogram: how many of a draw come from each row is
multinomial, which is the same distribution as drawing them one by one. So an interval follows from the rows, how often
each occurs, and the seed; it does not follow the order of the units, and ten million units are drawn like a thousand.
"""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.settings import DRAWS, SEED
from tyez_bench.scoring.spans import Ints

Array = NDArray[np.float64]

LEVEL = 0.95

# Of fewer units no two-sided p-value of swaps gets below 5 %: the smallest is 2 / 2^units.
ENOUGH = 6

# Numbers drawn at a time: bounds the memory, whatever the number of draws and of rows.
_BLOCK = 1 << 22

# Rows as numbers of one key each: what a key may be, and how many keys are counted without sorting.
_LARGEST_KEY = 1 << 62
_FEW_KEYS = 1 << 16


class Interval(Struct, frozen=True):
    """Percentile interval of a measure.

    Attributes:
        low: its lower bound.
        high: its upper bound.

    Example:
        >>> import tyez_bench
        >>> report = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 12 + [[]] * 8)
        >>> report["strict"].interval.low < report.f1 < report["strict"].interval.high
        True
    """

    low: float
    high: float


class Histogram(Struct, frozen=True):
    """Distinct rows of counts in lexicographic order, (rows, columns), and how many units have each."""

    rows: Array
    sizes: Ints

    @classmethod
    def of(cls, table: NDArray[Any], units: int | None = None, times: Ints | None = None) -> "Histogram":
        """The histogram of a table of whole or half counts, (units, columns).

        Of ``units`` those that the table does not have are without counts. With ``times`` each row stands for so many.

        >>> found = Histogram.of(np.array([[2, 1], [0, 3], [2, 1]]), 5)
        >>> found.rows.tolist(), found.sizes.tolist()
        ([[0.0, 0.0], [0.0, 3.0], [2.0, 1.0]], [2, 1, 2])
        """
        scale = 2 if table.dtype.kind == "f" else 1
        counts = np.rint(table * scale).astype(np.int64)
        without = 0 if units is None else units - (len(table) if times is None else int(times.sum()))
        if without:
            counts = np.concatenate([np.zeros((1, table.shape[1]), np.int64), counts])
            times = None if times is None else np.concatenate([[1], times])
        if not len(counts):
            return cls(counts.astype(np.float64), np.zeros(0, np.int64))
        least = counts.min(axis=0)
        counts -= least
        base = [int(largest) + 1 for largest in counts.max(axis=0)]
        if prod(base) < _LARGEST_KEY:
            key = counts[:, 0]
            for column in range(1, len(base)):
                key = key * base[column] + counts[:, column]
            keys, sizes = _tally(key, prod(base), times)
            rows = np.stack(np.unravel_index(keys, base), axis=1)
            of_nothing = int(np.ravel_multi_index(tuple(-least), base)) if without else 0
            at = int(np.searchsorted(keys, of_nothing))
        else:
            rows, index = np.unique(counts, axis=0, return_inverse=True)
            index = index.reshape(-1)
            sizes = _times(index, len(rows), times)
            at = int(index[0])
        if without:
            sizes[at] += without - 1
        return cls((rows + least) / scale, sizes)

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.sizes.sum())

    def counted_units(self) -> dict[str, int]:
        """How many units each measure rests on, of rows of gold, predicted and right; see :func:`counted_units`."""
        return {name: int(self.sizes[there].sum()) for name, there in _bearing(self.rows).items()}


def _tally(keys: Ints, below: int, times: Ints | None) -> tuple[Ints, Ints]:
    """The distinct keys in order, and how often each occurs, or so many times each."""
    if below <= max(_FEW_KEYS, len(keys)):
        counted = _times(keys, 1, times)
        there = np.flatnonzero(counted)
        return there, counted[there]
    if times is not None:
        found, index = np.unique(keys, return_inverse=True)
        return found, _times(index, len(found), times)
    keys = np.sort(keys)
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[first], np.diff(first, append=len(keys))


def _times(index: Ints, number: int, times: Ints | None) -> Ints:
    found: Ints = np.bincount(index, weights=times, minlength=number).astype(np.int64)
    return found


def draw(histogram: Histogram, number: int, seed: int) -> Array:
    """Counts of ``number`` draws of as many units as there are, (number, columns)."""
    if not histogram.units:
        return np.zeros((0, histogram.rows.shape[1]))
    blocks = [(block, min(_EACH, number - first)) for block, first in enumerate(range(0, number, _EACH))]

    def drawn(block: tuple[int, int]) -> Array:
        found: Array = multinomial(histogram.sizes, block[1], (seed, block[0])) @ histogram.rows
        return found

    if len(blocks) * len(histogram.sizes) < _MANY:
        return np.concatenate([drawn(block) for block in blocks])
    from concurrent.futures import ThreadPoolExecutor

    # Numpy draws without the lock of the interpreter. The blocks are the same whoever draws them.
    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(list(pool.map(drawn, blocks)))


# So many draws have a generator of their own.
_EACH = 250
# From so many rows of all blocks on a second thread is worth its start.
_MANY = 1000


def multinomial(sizes: Ints, number: int, seed: tuple[int, int]) -> Array:
    """How many of the units of each of so many draws come from each row of a histogram, (draws, rows)."""
    units = int(sizes.sum())
    return np.random.default_rng(seed).multinomial(units, sizes / units, size=number).astype(np.float64)


def block_sizes(numbers: int, draws: int) -> Iterator[int]:
    """How many draws of so many numbers to make at a time, so that memory does not grow with the draws."""
    block = max(1, _BLOCK // max(1, numbers))
    for start in range(0, draws, block):
        yield min(block, draws - start)


def bootstrap(table: NDArray[Any], *, number: int = DRAWS, seed: int = SEED) -> Array:
    """Counts of ``number`` draws from a table of counts, (units, columns): (number, columns)."""
    return draw(Histogram.of(table), number, seed)


def interval(values: Array, level: float = LEVEL) -> Interval | None:
    """Percentile interval of the draws' values. Draws where the measure is undefined (NaN) are left out.

    None when it is undefined in all of them. Of draws that can't differ it has no width: see :func:`counted_units`.
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def measures(counts: Array) -> dict[str, Array]:
    """Precision, recall and F1 of many counts, (…, 3): gold, predicted, right.

    As in ``schemes.py``, with NaN for what is undefined.
    """
    gold, predicted, right = np.moveaxis(counts, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(predicted > 0, right / predicted, np.nan)
        recall = np.where(gold > 0, right / gold, np.nan)
        p, r = np.nan_to_num(precision), np.nan_to_num(recall)
        harmonic = np.where(p + r > 0, 2 * p * r / (p + r), 0.0)
    return {"precision": precision, "recall": recall, "f1": np.where(gold + predicted > 0, harmonic, np.nan)}


def counted_units(table: NDArray[Any]) -> list[dict[str, int]]:
    """For each row of (units, rows, 3), how many units each measure rests on: those with a share in what it divides by.

    Of one alone, every draw gives the same figure, however many units without counts there are beside it.
    """
    counted = _bearing(table)
    return [{name: int(units[:, row].sum()) for name, units in counted.items()} for row in range(table.shape[1])]


def _bearing(table: NDArray[Any]) -> dict[str, NDArray[np.bool_]]:
    """By measure, which of (…, 3) have a share in what it divides by."""
    gold, predicted = table[..., 0] > 0, table[..., 1] > 0
    return {"precision": predicted, "recall": gold, "f1": gold | predicted}


_NOTHING = {
    "precision": "nothing is predicted",
    "recall": "the gold has none",
    "f1": "neither the gold nor the predictions have any",
}


def reason(measure: str, units: int, unit: str) -> str | None:
    """Why a measure that rests on so many units has no interval, in words; None where it has one."""
    if units == 0:
        return f"undefined: {_NOTHING[measure]}"
    return one_unit(unit) if units == 1 else None


def reasons(counted: dict[str, int], unit: str) -> dict[str, str]:
    """By measure, from how many units it rests on, why it has no interval; nothing for one that has."""
    return {name: why for name, units in counted.items() if (why := reason(name, units, unit)) is not None}


def one_unit(unit: str) -> str:
    """Why nothing can be drawn from a single unit."""
    return f"it rests on one {unit} alone, and so does every draw"


def intervals(table: NDArray[Any], number: int, seed: int) -> list[dict[str, Interval | None]]:
    """Interval of each measure of each row, from (units, rows, 3); None where it rests on less than two units."""
    units, rows, _ = table.shape
    if not units:
        return [dict.fromkeys(("precision", "recall", "f1")) for _ in range(rows)]
    return [
        row_intervals(Histogram.of(table[:, row]), counted, number, seed)
        for row, counted in enumerate(counted_units(table))
    ]


def row_intervals(histogram: Histogram, counted: dict[str, int], number: int, seed: int) -> dict[str, Interval | None]:
    """Interval of each measure of a row; ``counted`` is how many units each rests on, None below two."""
    if max(counted.values()) < 2:
        return dict.fromkeys(counted)
    drawn = measures(draw(histogram, number, seed))
    return {name: interval(values) if counted[name] > 1 else None for name, values in drawn.items()}


class Sparse(Struct, frozen=True):
    """A table of counts, (units, rows, 3), by the places where it has any: unit, row and the three counts of each.

    No place occurs twice. Memory grows with the places, where a dense table of as many rows as units grows with their
    square.
    """

    units: int
    rows: int
    unit: Ints
    row: Ints
    counts: Ints

    @classmethod
    def of(cls, units: int, rows: int, unit: Ints, row: Ints, counts: Ints) -> "Sparse":
        """From places that may occur several times: their counts add up."""
        place, at = np.unique(row * max(1, units) + unit, return_inverse=True)
        found = np.zeros((len(place), 3), np.int64)
        np.add.at(found, at, counts)
        return cls(units, rows, place % max(1, units), place // max(1, units), found)

    def counted_units(self, row: int) -> dict[str, int]:
        """Of a row, how many units each measure rests on; see :func:`counted_units`."""
        return counted_units(self.places(row)[:, None, :])[0]

    def places(self, row: int) -> Ints:
        """The counts of the places of a row, (places, 3)."""
        # The places come by row.
        low, high = np.searchsorted(self.row, (row, row + 1))
        return self.counts[low:high]

    def total(self) -> Ints:
        """The counts of each row, (rows, 3)."""
        found = np.zeros((self.rows, 3), np.int64)
        np.add.at(found, self.row, self.counts)
        return found


def sparse_intervals(table: Sparse, number: int, seed: int) -> list[dict[str, Interval | None]]:
    """As :func:`intervals`, of a table by its places."""
    return [
        row_intervals(Histogram.of(table.places(row), table.units), table.counted_units(row), number, seed)
        for row in range(table.rows)
    ]
