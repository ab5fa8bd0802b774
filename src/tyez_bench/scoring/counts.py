"""Additive counts, and their tables by part of a corpus.

A table of counts has the shape (units, types, columns). A unit is a sentence, a document or a name. A pair belongs to
the unit of its gold span, a prediction without a partner to its own. In the row of a type stand the gold spans of that
type and the predictions of that type. What asks for the type books a pair of two types on its gold side in the gold
type's row and on its predicted side in the predicted type's; what does not books it once, in the gold type's row
(``BOOKED``). Either way rows add up to the total, and what is right of the gold is as much as what is right of the
predictions, in every row.
"""

from collections.abc import Iterator, Sequence
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
    hundreds of labels would be empty for the most part. ``rows`` are the counts, (rows, columns), ``row`` says which of
    them each cell has; without it each has its own, in order.
    """

    units: int
    types: int
    unit: NDArray[np.int32]
    type: NDArray[np.integer[Any]]
    rows: CountTable
    row: NDArray[np.unsignedinteger[Any]] | None = None

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

    @property
    def counts(self) -> CountTable:
        """The counts of each cell, (cells, columns)."""
        return self.rows if self.row is None else self.rows[self.row]

    def column(self, column: int, which: Bools | slice = slice(None)) -> NDArray[Any]:
        """One column of counts, of all cells or of some."""
        found = self.rows[:, column]
        return found[which] if self.row is None else found[self.row[which]]

    def distinct(self, which: Bools) -> tuple[CountTable, Ints | None]:
        """The counts of some cells, and how many of these have each; None where each is one cell's."""
        if self.row is None:
            return self.rows[which], None
        times = np.bincount(self.row[which], minlength=len(self.rows))
        there = np.flatnonzero(times)
        return self.rows[there], times[there]

    def blocks(self) -> Iterator[slice]:
        """All cells, so many at a time that few arrays are large, those of a unit together."""
        first = 0
        while first < len(self.unit):
            behind = first + _BLOCK
            if behind < len(self.unit):
                behind = int(np.searchsorted(self.unit, self.unit[behind - 1], "right"))
            yield slice(first, behind)
            first = behind

    def dense(self) -> Ints:
        """The dense table, (units, types, columns)."""
        table = np.zeros((self.units, self.types, len(Count)), np.int64)
        table[self.unit, self.type] = self.counts
        return table

    def total(self) -> Ints:
        """Sums over the units, (types, columns)."""
        found = np.zeros((self.types, len(Count)), np.int64)
        for block in self.blocks():
            found += self._sums(self.type[block], self.types, block)
        return found

    def by_unit(self, types: Sequence[int], columns: Sequence[Count]) -> Ints:
        """Some columns of each unit, of some types together: (units, columns)."""
        chosen = np.zeros(self.types, np.bool_)
        chosen[list(types)] = True
        kept = chosen[self.type]
        return self._sums(self.unit[kept], self.units, kept, columns)

    def grouped(self, group: Ints, number: int) -> "Cells":
        """Sums over groups of units: ``group`` has that of each unit, ``number`` is how many there are."""
        grid = Grid.of(number * self.types, group[self.unit] * self.types + self.type)
        return Cells.of(number, self.types, grid.cells, self._sums(grid.places[0], len(grid.cells)))

    def _sums(
        self,
        group: NDArray[Any],
        groups: int,
        which: Bools | slice = slice(None),
        columns: Sequence[Count] = tuple(Count),
    ) -> Ints:
        """Sums of some columns of some cells, over those of the same group: (groups, columns)."""
        found = np.empty((groups, len(columns)), np.int64)
        for at, column in enumerate(columns):
            found[:, at] = np.bincount(group, weights=self.column(column, which), minlength=groups)
        return found


# So many cells are worked on at a time where arrays of numbers of 64 bits are made of them.
_BLOCK = 1 << 18


class GrowingCells:
    """Cells of parts, one after the other, in arrays that grow in place: parts and a copy of all would be double.

    Sentences have few counts that differ: those that occur are kept once, and each cell says which it has.
    """

    def __init__(self, types: int) -> None:
        self.units, self.types = 0, types
        self._unit = np.zeros(0, np.int32)
        self._type = np.zeros(0, np.min_scalar_type(types))
        self._row: NDArray[Any] = np.zeros(0, np.uint16)
        self._rows: CountTable = np.zeros((0, len(Count)), np.uint8)
        # Hashes of the rows that are looked for, in order, and their numbers.
        self._keys = np.zeros(0, np.uint64)
        self._numbers = np.zeros(0, np.int64)

    def add(self, cells: Cells, number: Ints) -> None:
        """Append a part, whose types have these numbers here."""
        row = self._rows_of(cells.counts)
        if len(self._rows) > np.iinfo(self._row.dtype).max:
            self._row = self._row.astype(np.uint32)
        append(self._unit, cells.unit + np.int32(self.units))
        append(self._type, number[cells.type])
        append(self._row, row)
        self.units += cells.units

    def _rows_of(self, counts: CountTable) -> Ints:
        """The number of the row that each cell has; rows that were not there are added."""
        keys = _row_keys(counts)
        found = np.full(len(keys), -1, np.int64)
        if len(self._keys):
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            found = self._numbers[at]
            # Rows of one hash need not be the same.
            found[(self._rows[found] != counts).any(axis=1)] = -1
        new = np.flatnonzero(found < 0)
        if len(new):
            rows, index = counts[new], np.arange(len(new))
            if len(self._keys) < _KNOWN:
                rows, index = np.unique(rows, axis=0, return_inverse=True)
            found[new] = len(self._rows) + index.reshape(-1)
            self._add_rows(rows)
        return found

    def _add_rows(self, rows: CountTable) -> None:
        first = len(self._rows)
        if rows.dtype.itemsize > self._rows.dtype.itemsize:
            self._rows = self._rows.astype(rows.dtype)
        append(self._rows, rows)
        # Of very many, as long documents have them, the rest stands there as often as it occurs.
        if len(self._keys) < _KNOWN:
            keys = np.concatenate([self._keys, _row_keys(rows)])
            order = np.argsort(keys, kind="stable")
            self._keys = keys[order]
            self._numbers = np.concatenate([self._numbers, np.arange(first, len(self._rows))])[order]

    def cells(self) -> Cells:
        """The cells of all parts; nothing can be added then."""
        return Cells(self.units, self.types, self._unit, self._type, self._rows, self._row)


# So many different rows are looked for.
_KNOWN = 1 << 16
# What the columns of a row are multiplied with for its hash: odd numbers without a pattern in their bits.
_FACTORS = np.cumprod(np.full(len(Count), 0x9E3779B97F4A7C15, np.uint64))


def _row_keys(counts: CountTable) -> Keys:
    return np.asarray(counts.astype(np.uint64) @ _FACTORS, np.uint64)


def append(grown: NDArray[Any], more: NDArray[Any]) -> None:
    """Make an array longer, in its place where there is room: nothing else may look at it."""
    first = len(grown)
    grown.resize((first + len(more), *grown.shape[1:]), refcheck=False)
    grown[first:] = more


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
