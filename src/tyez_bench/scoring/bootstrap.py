"""Bootstrap intervals on additive counts.

A table of counts has a row for each unit that is drawn (a sentence) and a column for each count. A draw takes as
many units as there are, with replacement; its counts are the sums of the rows drawn, and a measure is a function of
such sums (Efron 1979; Bisani and Ney 2004 for error rates). Only counts are resampled, nothing is matched again.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.settings import DRAWS, SEED

Array = NDArray[np.float64]

LEVEL = 0.95

# Above so many units, those with the same counts are drawn together.
MANY = 100_000

# Below so many units, draws are counted together.
_FEW = 2000

# Of fewer units no two-sided p-value of swaps gets below 5 %: the smallest is 2 / 2^units.
ENOUGH = 6

# Units drawn at a time: bounds the memory, whatever the number of draws.
_BLOCK = 1 << 20

# Counts of draws kept at a time: bounds the memory, whatever the number of rows.
_KEPT = 3 << 22

Ints = NDArray[np.int64]


class Interval(Struct, frozen=True):
    """Percentile interval of a measure."""

    low: float
    high: float


def block_sizes(units: int, number: int) -> Iterator[int]:
    """How many draws to make at a time, so that memory does not grow with their number."""
    block = max(1, _BLOCK // max(1, units))
    for start in range(0, number, block):
        yield min(block, number - start)


def draw(units: int, number: int, seed: int) -> Iterator[NDArray[np.int32]]:
    """Yield blocks of draws, (draws, units): in each row as many unit numbers as there are units."""
    rng = np.random.default_rng(seed)
    for size in block_sizes(units, number):
        yield rng.integers(units, size=(size, units), dtype=np.int32)


def weights(drawn: NDArray[np.int32]) -> Array:
    """How often each unit was drawn, (draws, units)."""
    draws, units = drawn.shape
    if units < _FEW:
        # All draws at once: each counts in a stretch of its own.
        shifted = drawn + units * np.arange(draws)[:, None]
        return np.bincount(shifted.ravel(), minlength=draws * units).reshape(draws, units).astype(np.float64)
    result = np.empty((draws, units), np.float64)
    for row, indices in zip(result, drawn, strict=True):
        row[:] = np.bincount(indices, minlength=units)
    return result


def sums(table: Array, drawn: NDArray[np.int32]) -> Array:
    """Sum the rows of ``table``, (units, columns), over each draw: (draws, columns)."""
    result: Array = weights(drawn) @ table
    return result


def bootstrap(table: Array, *, number: int = DRAWS, seed: int = SEED) -> Array:
    """Counts of ``number`` draws, (number, columns).

    From so many units on that drawing them one by one takes long, units with the same counts are drawn together: how
    many come from each group is multinomial, which is the same distribution.
    """
    if not len(table):
        return np.zeros((0, table.shape[1]))
    if len(table) > MANY:
        rows, size = np.unique(table, axis=0, return_counts=True)
        drawn = np.random.default_rng(seed).multinomial(len(table), size / len(table), size=number)
        return drawn @ rows
    if len(table) * number <= _BLOCK:
        result: Array = _known_weights(len(table), number, seed) @ table
        return result
    return np.concatenate([sums(table, drawn) for drawn in ahead(draw(len(table), number, seed))])


def ahead(blocks: Iterator[NDArray[np.int32]]) -> Iterator[NDArray[np.int32]]:
    """The same blocks in the same order, the next one drawn while the last is counted: numpy draws without the GIL."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block


@lru_cache(maxsize=2)
def _known_weights(units: int, number: int, seed: int) -> Array:
    """The weights of all draws, kept: every scheme of a report is drawn alike."""
    (drawn,) = draw(units, number, seed)
    return weights(drawn)


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

    As in ``measures.py``, with NaN for what is undefined.
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
    gold, predicted = table[..., 0] > 0, table[..., 1] > 0
    counted = {"precision": predicted, "recall": gold, "f1": gold | predicted}
    return [{name: int(units[:, row].sum()) for name, units in counted.items()} for row in range(table.shape[1])]


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


def reasons(table: NDArray[Any], unit: str) -> list[dict[str, str]]:
    """For each row of (units, rows, 4), by measure, why it has no interval; nothing for one that has."""
    return [
        {name: why for name, units in row.items() if (why := reason(name, units, unit)) is not None}
        for row in counted_units(table)
    ]


def one_unit(unit: str) -> str:
    """Why nothing can be drawn from a single unit."""
    return f"it rests on one {unit} alone, and so does every draw"


def intervals(table: Array, number: int, seed: int) -> list[dict[str, Interval | None]]:
    """Interval of each measure of each row, from (units, rows, 3); None where it rests on less than two units."""
    units, rows, _ = table.shape
    if not units:
        return [dict.fromkeys(("precision", "recall", "f1")) for _ in range(rows)]
    drawn = bootstrap(table.reshape(units, -1), number=number, seed=seed).reshape(-1, rows, 3)
    return [
        {name: interval(values) if counted[name] > 1 else None for name, values in measures(drawn[:, row]).items()}
        for row, counted in enumerate(counted_units(table))
    ]


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
        # The places come by row.
        low, high = np.searchsorted(self.row, (row, row + 1))
        return counted_units(self.counts[low:high, None, :])[0]

    def total(self) -> Ints:
        """The counts of each row, (rows, 3)."""
        found = np.zeros((self.rows, 3), np.int64)
        np.add.at(found, self.row, self.counts)
        return found


def sparse_intervals(table: Sparse, number: int, seed: int) -> list[dict[str, Interval | None]]:
    """As :func:`intervals`, of a table by its places."""
    found: list[dict[str, Interval | None]] = []
    step = max(1, _KEPT // (3 * number))
    for first in range(0, table.rows, step):
        rows = min(step, table.rows - first)
        # The places come by row.
        low, high = np.searchsorted(table.row, (first, first + rows))
        unit, row, counts = table.unit[low:high], table.row[low:high] - first, table.counts[low:high]
        drawn = _drawn_places(table.units, unit, row, counts, rows, number, seed)
        for at in range(rows):
            counted, values = table.counted_units(first + at), measures(drawn[:, at])
            found.append({name: interval(values[name]) if counted[name] > 1 else None for name in values})
    return found


def _drawn_places(units: int, unit: Ints, row: Ints, counts: Ints, rows: int, number: int, seed: int) -> Array:
    """Counts of each draw, (number, rows, 3), from places that come by row."""
    drawn = np.zeros((number, rows, 3))
    if not len(unit):
        return drawn
    if units > MANY:
        group, size = _alike(unit, row, counts)
        # As in bootstrap, units with the same counts are drawn together; the first place of a group stands for it.
        _, kept = np.unique(np.column_stack([row, group]), axis=0, return_index=True)
        row, counts, column = row[kept], counts[kept], group[kept]
        blocks = _group_weights(units, size, number, seed)
    else:
        column = unit
        blocks = _unit_weights(units, number, seed)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    done = 0
    for block in blocks:
        # So many draws at a time that the places of all of them fit.
        parts = min(len(block), -(-len(block) * len(row) // _BLOCK))
        for part in np.array_split(block, parts):
            picked = part[:, column]
            for count in range(3):
                drawn[done : done + len(part), row[starts], count] = np.add.reduceat(
                    picked * counts[:, count], starts, axis=1
                )
            done += len(part)
    return drawn


def _unit_weights(units: int, number: int, seed: int) -> Iterator[Array]:
    if units * number <= _BLOCK:
        yield _known_weights(units, number, seed)
    else:
        yield from map(weights, draw(units, number, seed))


def _group_weights(units: int, size: Ints, number: int, seed: int) -> Iterator[Array]:
    """How many units were drawn from groups of these sizes, (draws, groups); the other units have no counts."""
    rng = np.random.default_rng(seed)
    shares = np.append(size, units - size.sum()) / units
    for draws in block_sizes(len(shares), number):
        yield rng.multinomial(units, shares, size=draws)[:, :-1].astype(np.float64)


def _alike(unit: Ints, row: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """For each place the number of its unit's group, which has the same counts in the same rows; the groups' sizes."""
    order = np.argsort(unit, kind="stable")
    cuts = np.flatnonzero(np.diff(unit[order])) + 1
    content = np.column_stack([row, counts])[order]
    known: dict[bytes, int] = {}
    groups = [known.setdefault(part.tobytes(), len(known)) for part in np.split(content, cuts)]
    lengths = np.diff(np.concatenate([[0], cuts, [len(unit)]]))
    found = np.empty(len(unit), np.int64)
    found[order] = np.repeat(groups, lengths)
    return found, np.bincount(groups, minlength=len(known))
