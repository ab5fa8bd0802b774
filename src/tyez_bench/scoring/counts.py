"""Additive counts, and their tables by part of a corpus.

A table of counts has the shape (units, types, columns). A unit is a sentence, a document or a name. A pair belongs to
the unit of its gold span, a prediction without a partner to its own. In the row of a type stand the gold spans of that
type and the predictions of that type. What asks for the type books a pair of two types on its gold side in the gold
type's row and on its predicted side in the predicted type's; what does not books it once, in the gold type's row
(``BOOKED``). Either way rows add up to the total, and what is right of the gold is as much as what is right of the
predictions, in every row.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.pairing import Matched, Pairing, Units
from tyez_bench.scoring.spans import Bools, Ints, Side, overlapping, unions

Keys = NDArray[np.uint64]
# Counts in an unsigned type as small as they allow.
CountTable = NDArray[Any]


class Count(IntEnum):
    """The columns of a table of counts. Those of a pairing come in blocks of the same order."""

    GOLD = 0
    PREDICTED = 1
    PAIRED = 2
    """Pairs, in the row of the gold type."""
    SAME_TYPE = 3
    """Pairs of the same type."""
    RIGHT = 4
    """Pairs of the same boundary and type."""

    TOLERANT_GOLD = 5
    TOLERANT_PREDICTED = 6
    TOLERANT_PAIRED = 7
    TOLERANT_SAME_TYPE = 8
    TOLERANT_RIGHT = 9

    REQUIRED_GOLD = 10
    REQUIRED_PREDICTED = 11
    REQUIRED_PAIRED = 12
    REQUIRED_SAME_TYPE = 13
    REQUIRED_RIGHT = 14
    """With optional gold spans as required ones."""

    SAME_BOUNDARY = 15
    """Pairs of the same boundary, in the row of the gold type."""
    BOOKED = 16
    """Predictions: those that are paired in the row of the gold type, the others in that of their own."""

    GOLD_CHARACTERS = 17
    PREDICTED_CHARACTERS = 18
    RIGHT_CHARACTERS = 19

    IGNORED_GOLD = 20
    IGNORED_PREDICTED = 21


PAIRING = 5
"""How many columns the block of a pairing has."""


def compact(table: Ints) -> CountTable:
    """The same counts in the smallest unsigned type that holds them: a million sentences fit in memory."""
    largest = int(table.max()) if table.size else 0
    return table.astype(np.min_scalar_type(largest))


class Cells(Struct, frozen=True):
    """A table of counts, (units, types, columns), by the cells that have any: the unit and the type of each.

    Cells come by unit, then by type, and none comes twice. Memory grows with the cells, where a dense table of
    hundreds of labels would be empty for the most part.
    """

    units: int
    types: int
    unit: NDArray[np.int32]
    type: NDArray[np.integer[Any]]
    counts: CountTable

    @classmethod
    def of(cls, units: int, types: int, cell: Ints, counts: Ints) -> "Cells":
        """From the number of each cell, unit · types + type, in order, and its counts, (cells, columns)."""
        unit, type_ = np.divmod(cell, max(1, types))
        return cls(units, types, unit.astype(np.int32), type_.astype(np.int32), compact(counts))

    @classmethod
    def of_dense(cls, table: Ints) -> "Cells":
        """From a dense table, (units, types, columns)."""
        units, types, columns = table.shape
        rows = table.reshape(-1, columns)
        cell = np.flatnonzero(rows.any(axis=1))
        return cls.of(units, types, cell, rows[cell])

    def dense(self) -> Ints:
        """The dense table, (units, types, columns)."""
        table = np.zeros((self.units, self.types, len(Count)), np.int64)
        table[self.unit, self.type] = self.counts
        return table

    def total(self) -> Ints:
        """Sums over the units, (types, columns)."""
        return _sums(self.type, self.counts, self.types)

    def by_unit(self, types: Sequence[int], columns: Sequence[Count]) -> Ints:
        """Some columns of each unit, of some types together: (units, columns)."""
        chosen = np.zeros(self.types, np.bool_)
        chosen[list(types)] = True
        kept = chosen[self.type]
        return _sums(self.unit[kept], self.counts[kept][:, list(columns)], self.units)

    def of_types(self, types: Sequence[int]) -> "Cells":
        """The cells of some types, which are numbered in the order given."""
        row = np.full(self.types, -1, np.int32)
        row[list(types)] = np.arange(len(types), dtype=np.int32)
        found = row[self.type]
        kept = found >= 0
        unit, type_, counts = self.unit[kept], found[kept], self.counts[kept]
        order = np.lexsort((type_, unit))
        return Cells(self.units, len(types), unit[order], type_[order], counts[order])

    def grouped(self, group: Ints, number: int) -> "Cells":
        """Sums over groups of units: ``group`` has that of each unit, ``number`` is how many there are."""
        grid = Grid.of(number * self.types, group[self.unit] * self.types + self.type)
        return Cells.of(number, self.types, grid.cells, _sums(grid.places[0], self.counts, len(grid.cells)))


class GrowingCells:
    """Cells of parts, one after the other, in arrays that grow in place: parts and a copy of all would be double.

    A cell takes as few bytes as its numbers need.
    """

    def __init__(self, types: int) -> None:
        self.units, self.types = 0, types
        self._unit = np.zeros(0, np.int32)
        self._type = np.zeros(0, np.min_scalar_type(types))
        self._counts: CountTable = np.zeros((0, len(Count)), np.uint8)

    def add(self, cells: Cells, number: Ints) -> None:
        """Append a part, whose types have these numbers here."""
        unit, type_, counts = self._unit, self._type, self._counts
        if cells.counts.dtype.itemsize > counts.dtype.itemsize:
            self._counts = counts = counts.astype(cells.counts.dtype)
        first, behind = len(unit), len(unit) + len(cells.unit)
        unit.resize(behind, refcheck=False)
        type_.resize(behind, refcheck=False)
        counts.resize((behind, counts.shape[1]), refcheck=False)
        unit[first:] = cells.unit + np.int32(self.units)
        type_[first:] = number[cells.type]
        counts[first:] = cells.counts
        self.units += cells.units

    def cells(self) -> Cells:
        """The cells of all parts; nothing can be added then."""
        return Cells(self.units, self.types, self._unit, self._type, self._counts)


# Numbers of cells among those that there are.
Places = NDArray[np.integer[Any]]


class Grid(Struct, frozen=True):
    """The cells that occur among some numbers of cells, in order, and the places of those numbers among them."""

    cells: Ints
    places: tuple[Places, ...]

    @classmethod
    def of(cls, number: int, *cells: Ints) -> "Grid":
        """``number`` is how many cells there could be."""
        if number > max(_DENSE, 4 * sum(map(len, cells))):
            every = np.sort(np.concatenate(cells))
            there = every[np.concatenate([[True], every[1:] != every[:-1]])] if len(every) else every
            return cls(there, tuple(np.searchsorted(there, one) for one in cells))
        marked = np.zeros(number, np.bool_)
        for one in cells:
            marked[one] = True
        there = np.flatnonzero(marked)
        place = np.empty(number, np.int32)
        place[there] = np.arange(len(there), dtype=np.int32)
        return cls(there, tuple(place[one] for one in cells))


# So many possible cells are looked up in a table; of more, those that occur are searched for.
_DENSE = 1 << 22


def _sums(row: NDArray[Any], counts: CountTable, rows: int) -> Ints:
    """Sums of counts, (…, columns), over those of the same row."""
    found = np.empty((rows, counts.shape[1]), np.int64)
    for column in range(counts.shape[1]):
        found[:, column] = np.bincount(row, weights=counts[:, column], minlength=rows)
    return found


class Lost(Struct, frozen=True):
    """Mentions without a place."""

    unit: Ints
    type: Ints
    length: Ints
    name: Keys


def tabulate(matched: Matched, units: Units, optional_unit: Ints, lost: Lost | None = None) -> Cells:
    """Count what was matched by any unit, and by type.

    The gold of ``tolerant`` comes in the order of that of ``plain``; that of ``required`` is it, followed by the
    optional spans. Mentions without a place are spurious everywhere.
    """
    plain, tolerant, required = matched.plain, matched.tolerant, matched.required
    optional, types = matched.optional, len(matched.types)
    pairings = [plain]
    for pairing in (tolerant, required):
        pairings += [pairing] if pairing is not plain else []
    pairs = [np.flatnonzero(pairing.gold_partner >= 0) for pairing in pairings]
    every_unit = np.concatenate([units.gold, optional_unit])
    nothing = np.zeros(0, np.int64)
    lost = lost or Lost(nothing, nothing, nothing, nothing.astype(np.uint64))
    grid = Grid.of(
        units.number * types,
        units.gold * types + plain.gold.type,
        units.predicted * types + plain.predicted.type,
        optional_unit * types + optional.type,
        lost.unit * types + lost.type,
        # The predicted side of a pair, in the unit of its gold span.
        *(
            every_unit[g] * types + pairing.predicted.type[pairing.gold_partner[g]]
            for pairing, g in zip(pairings, pairs, strict=True)
        ),
    )
    gold, predicted, of_optional, of_lost, *crossed = grid.places
    table = np.zeros((len(Count), len(grid.cells)), np.int64)
    every = np.concatenate([gold, of_optional])
    at = {id(pairing): n for n, pairing in enumerate(pairings)}
    for block, pairing in zip((0, PAIRING, 2 * PAIRING), (plain, tolerant, required), strict=True):
        number = at[id(pairing)]
        if block and not number:
            table[block : block + PAIRING] = table[:PAIRING]
        else:
            where = every if pairing is required and len(pairing.gold) > len(gold) else gold
            _book(table, block, pairing, pairs[number], where, predicted, crossed[number])
    _book_schemes(table, plain, pairs[0], gold, predicted)
    _book_characters(table, plain, gold, predicted)
    table[Count.IGNORED_GOLD] = _count(table, of_optional)
    table[Count.IGNORED_PREDICTED] = _count(table, predicted[plain.ignored])
    for column in (Count.PREDICTED, Count.TOLERANT_PREDICTED, Count.REQUIRED_PREDICTED, Count.BOOKED):
        table[column] += _count(table, of_lost)
    table[Count.PREDICTED_CHARACTERS] += _count(table, of_lost, lost.length)
    return Cells.of(units.number, types, grid.cells, table.T)


def _count(table: Ints, cell: Places, weight: Ints | None = None) -> Ints:
    return np.bincount(cell, weights=weight, minlength=table.shape[1]).astype(np.int64)


def _book(table: Ints, at: int, pairing: Pairing, g: Ints, gold: Places, predicted: Places, crossed: Places) -> None:
    """Fill the block of a pairing, of which the first column is ``at``; ``g`` are its paired gold spans.

    ``gold`` and ``predicted`` are the cells of the spans, ``crossed`` those of the predicted side of the pairs.
    """
    same = pairing.gold.type[g] == pairing.predicted.type[pairing.gold_partner[g]]
    right = same & _same_boundary(pairing, g)
    paired = gold[g]
    table[at] = _count(table, gold)
    table[at + 1] = _count(table, crossed) + _spurious(table, pairing, predicted)
    table[at + 2] = _count(table, paired)
    table[at + 3] = _count(table, paired[same])
    table[at + 4] = _count(table, paired[right])


def _spurious(table: Ints, pairing: Pairing, predicted: Places) -> Ints:
    return _count(table, predicted[(pairing.predicted_partner < 0) & ~pairing.ignored])


def _same_boundary(pairing: Pairing, g: Ints) -> Bools:
    gold, predicted, p = pairing.gold, pairing.predicted, pairing.gold_partner[g]
    same: Bools = (gold.start[g] == predicted.start[p]) & (gold.end[g] == predicted.end[p])
    return same


def _book_schemes(table: Ints, pairing: Pairing, g: Ints, gold: Places, predicted: Places) -> None:
    """Fill the columns of the schemes that don't ask for the type."""
    table[Count.SAME_BOUNDARY] = _count(table, gold[g[_same_boundary(pairing, g)]])
    table[Count.BOOKED] = table[Count.PAIRED] + _spurious(table, pairing, predicted)


def _book_characters(table: Ints, pairing: Pairing, gold_cell: Places, predicted_cell: Places) -> None:
    """Characters with their types: a character in two spans of a type counts once, in spans of two types twice."""
    gold, counted = pairing.gold, np.flatnonzero(~pairing.ignored)
    predicted = pairing.predicted[counted]
    shift = 1 + max((int(side.end.max()) for side in (gold, predicted) if len(side)), default=0)
    gold_start, gold_end, g = unions(gold, shift)
    start, end, p = unions(predicted, shift)
    nowhere = np.zeros(0, np.int64)
    one, other = overlapping(Side(gold_start, gold_end, nowhere, nowhere), Side(start, end, nowhere, nowhere))
    shared = np.minimum(gold_end[one], end[other]) - np.maximum(gold_start[one], start[other])
    # A predicted character that the gold has, too, belongs to the unit of the gold span.
    right = _count(table, gold_cell[g][one], shared)
    rest = end - start - np.bincount(other, weights=shared, minlength=len(start)).astype(np.int64)
    table[Count.GOLD_CHARACTERS] = _count(table, gold_cell[g], gold_end - gold_start)
    table[Count.RIGHT_CHARACTERS] = right
    table[Count.PREDICTED_CHARACTERS] = right + _count(table, predicted_cell[counted][p], rest)
