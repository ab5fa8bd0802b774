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
from hashlib import blake2b
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tyez_bench.scoring.arrays import Bools, Ints, Side, overlapping, unions
from tyez_bench.scoring.outcomes import Outcomes

Keys = NDArray[np.uint64]
# Counts in an unsigned type as small as they allow.
Table = NDArray[Any]


class Column(IntEnum):
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


class Pairing(Struct, frozen=True):
    """Gold, predictions and their outcomes under one reading of the gold: as it is, tolerant, or all required."""

    gold: Side
    predicted: Side
    outcomes: Outcomes


class Units(Struct, frozen=True):
    """The number of the unit of each gold span and of each prediction by itself, and how many units there are."""

    gold: Ints
    predicted: Ints
    number: int


class Cells(Struct, frozen=True):
    """A table of counts, (units, types, columns), by the cells that have any: the unit and the type of each.

    Cells come by unit, then by type, and none comes twice. Memory grows with the cells, where a dense table of
    hundreds of labels would be empty for the most part.
    """

    units: int
    types: int
    unit: NDArray[np.int32]
    type: NDArray[np.int32]
    counts: Table

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
        table = np.zeros((self.units, self.types, len(Column)), np.int64)
        table[self.unit, self.type] = self.counts
        return table

    def total(self) -> Ints:
        """Sums over the units, (types, columns)."""
        return _sums(self.type, self.counts, self.types)

    def by_unit(self, types: Sequence[int], columns: Sequence[Column]) -> Ints:
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


def _sums(row: NDArray[Any], counts: Table, rows: int) -> Ints:
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


def tabulate(
    plain: Pairing,
    tolerant: Pairing,
    required: Pairing,
    optional: Side,
    units: Units,
    optional_unit: Ints,
    types: int,
    lost: Lost | None = None,
) -> Cells:
    """Count by unit and type.

    The gold of ``tolerant`` comes in the order of that of ``plain``; that of ``required`` is it, followed by the
    optional spans. Mentions without a place are spurious everywhere.
    """
    pairings = [plain]
    for pairing in (tolerant, required):
        pairings += [pairing] if pairing is not plain else []
    pairs = [np.flatnonzero(pairing.outcomes.gold >= 0) for pairing in pairings]
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
            every_unit[g] * types + pairing.predicted.type[pairing.outcomes.gold[g]]
            for pairing, g in zip(pairings, pairs, strict=True)
        ),
    )
    gold, predicted, of_optional, of_lost, *crossed = grid.places
    table = np.zeros((len(Column), len(grid.cells)), np.int64)
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
    table[Column.IGNORED_GOLD] = _count(table, of_optional)
    table[Column.IGNORED_PREDICTED] = _count(table, predicted[plain.outcomes.ignored])
    for column in (Column.PREDICTED, Column.TOLERANT_PREDICTED, Column.REQUIRED_PREDICTED, Column.BOOKED):
        table[column] += _count(table, of_lost)
    table[Column.PREDICTED_CHARACTERS] += _count(table, of_lost, lost.length)
    return Cells.of(units.number, types, grid.cells, table.T)


def _count(table: Ints, cell: Places, weight: Ints | None = None) -> Ints:
    return np.bincount(cell, weights=weight, minlength=table.shape[1]).astype(np.int64)


def _book(table: Ints, at: int, pairing: Pairing, g: Ints, gold: Places, predicted: Places, crossed: Places) -> None:
    """Fill the block of a pairing, of which the first column is ``at``; ``g`` are its paired gold spans.

    ``gold`` and ``predicted`` are the cells of the spans, ``crossed`` those of the predicted side of the pairs.
    """
    same = pairing.gold.type[g] == pairing.predicted.type[pairing.outcomes.gold[g]]
    right = same & _same_boundary(pairing, g)
    paired = gold[g]
    table[at] = _count(table, gold)
    table[at + 1] = _count(table, crossed) + _spurious(table, pairing, predicted)
    table[at + 2] = _count(table, paired)
    table[at + 3] = _count(table, paired[same])
    table[at + 4] = _count(table, paired[right])


def _spurious(table: Ints, pairing: Pairing, predicted: Places) -> Ints:
    return _count(table, predicted[(pairing.outcomes.predicted < 0) & ~pairing.outcomes.ignored])


def _same_boundary(pairing: Pairing, g: Ints) -> Bools:
    gold, predicted, p = pairing.gold, pairing.predicted, pairing.outcomes.gold[g]
    same: Bools = (gold.start[g] == predicted.start[p]) & (gold.end[g] == predicted.end[p])
    return same


def _book_schemes(table: Ints, pairing: Pairing, g: Ints, gold: Places, predicted: Places) -> None:
    """Fill the columns of the schemes that don't ask for the type."""
    table[Column.SAME_BOUNDARY] = _count(table, gold[g[_same_boundary(pairing, g)]])
    table[Column.BOOKED] = table[Column.PAIRED] + _spurious(table, pairing, predicted)


def _book_characters(table: Ints, pairing: Pairing, gold_cell: Places, predicted_cell: Places) -> None:
    """Characters with their types: a character in two spans of a type counts once, in spans of two types twice."""
    gold, counted = pairing.gold, np.flatnonzero(~pairing.outcomes.ignored)
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
    table[Column.GOLD_CHARACTERS] = _count(table, gold_cell[g], gold_end - gold_start)
    table[Column.RIGHT_CHARACTERS] = right
    table[Column.PREDICTED_CHARACTERS] = right + _count(table, predicted_cell[counted][p], rest)


class Names(Struct, frozen=True):
    """Counts by name: a distinct surface, here a 64-bit hash; the table is as that of the units."""

    keys: Keys
    table: Cells


class Surfaces(Struct, frozen=True):
    """Which distinct (type, text) pairs, as hashes, occur in which unit and under which name, on one side."""

    key: Keys
    type: Ints
    unit: Ints
    name: Keys


class ValueCounts(Struct, frozen=True):
    """Normalised values on pairs of the same boundary and type.

    All such pairs, those where both sides carry a value, and those where the values are equal.
    """

    pairs: int = 0
    both: int = 0
    equal: int = 0

    def __add__(self, other: object) -> "ValueCounts":
        if not isinstance(other, ValueCounts):
            return NotImplemented
        return ValueCounts(self.pairs + other.pairs, self.both + other.both, self.equal + other.equal)

    def __radd__(self, other: object) -> "ValueCounts":
        """``sum`` begins with 0."""
        return self if other == 0 else NotImplemented

    @property
    def accuracy(self) -> float | None:
        """Share of equal values; None where there are none to compare."""
        return self.equal / self.both if self.both else None


class Tables(Struct, frozen=True):
    """Counts by unit, (units, types, columns), the document of each unit, and what is counted over names.

    ``names`` and ``surfaces`` (gold, predicted) are None where there are no texts.
    """

    types: tuple[str, ...]
    units: Cells
    unit_document: Ints
    documents: int
    names: Names | None = None
    surfaces: tuple[Surfaces, Surfaces] | None = None
    values: dict[str, ValueCounts] = field(default_factory=dict)

    def number(self, unit: str) -> int:
        """How many sentences, documents or names there are."""
        if unit == "name":
            return len(self.names.keys) if self.names else 0
        return self.documents if unit == "document" else self.units.units

    def by(self, unit: str) -> Cells:
        """The counts by sentence, document or name."""
        if unit == "sentence":
            return self.units
        if unit == "name":
            return (
                self.names.table
                if self.names
                else Cells.of_dense(np.zeros((0, self.units.types, len(Column)), np.int64))
            )
        return self.units.grouped(self.unit_document, self.documents)


def compact(table: Ints) -> Table:
    """The same counts in the smallest unsigned type that holds them: a million sentences fit in memory."""
    largest = int(table.max()) if table.size else 0
    return table.astype(np.min_scalar_type(largest))


def merge(parts: Sequence[Tables]) -> Tables:
    """Tables of parts, at least one, as the tables of the whole; the units stand in the order of the parts."""
    first = parts[0]
    before = np.cumsum([0, *(part.documents for part in parts)])
    values: dict[str, ValueCounts] = {}
    for part in parts:
        for type_, counted in part.values.items():
            values[type_] = values.get(type_, ValueCounts()) + counted
    return Tables(
        first.types,
        _merge_cells([part.units for part in parts]),
        np.concatenate([part.unit_document + offset for part, offset in zip(parts, before, strict=False)]),
        int(before[-1]),
        _merge_names([part.names for part in parts]),
        _merge_surfaces(parts),
        values,
    )


def _merge_cells(parts: Sequence[Cells]) -> Cells:
    before = np.cumsum([0, *(part.units for part in parts)])
    return Cells(
        int(before[-1]),
        parts[0].types,
        np.concatenate([part.unit + np.int32(offset) for part, offset in zip(parts, before, strict=False)]),
        np.concatenate([part.type for part in parts]),
        np.concatenate([part.counts for part in parts]),
    )


def _merge_names(parts: Sequence[Names | None]) -> Names | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    keys, at = np.unique(np.concatenate([part.keys for part in known]), return_inverse=True)
    return Names(keys, _merge_cells([part.table for part in known]).grouped(at, len(keys)))


def _merge_surfaces(parts: Sequence[Tables]) -> tuple[Surfaces, Surfaces] | None:
    known = [part.surfaces for part in parts if part.surfaces is not None]
    if len(known) < len(parts):
        return None
    before = np.cumsum([0, *(part.units.units for part in parts)])

    def side(number: int) -> Surfaces:
        sides = [pair[number] for pair in known]
        return Surfaces(
            np.concatenate([s.key for s in sides]),
            np.concatenate([s.type for s in sides]),
            np.concatenate([s.unit + offset for s, offset in zip(sides, before, strict=False)]),
            np.concatenate([s.name for s in sides]),
        )

    return side(0), side(1)


def hashes(texts: Sequence[str]) -> Keys:
    """A 64-bit hash of each text (BLAKE2b), the same in every process."""
    known = {text: _hash(text) for text in set(texts)}
    return np.fromiter((known[text] for text in texts), np.uint64, len(texts))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def pair_hashes(names: Keys, types: Ints) -> Keys:
    """A hash of each (type, name) pair."""
    # An odd constant (2⁶⁴ by the golden ratio) spreads the types over the whole range.
    return names ^ ((types.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))
