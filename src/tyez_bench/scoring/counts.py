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


def tabulate(
    plain: Pairing, tolerant: Pairing, required: Pairing, optional: Side, units: Units, optional_unit: Ints, types: int
) -> Ints:
    """Count by unit and type: (units, types, columns).

    The gold of ``tolerant`` comes in the order of that of ``plain``; that of ``required`` is it, followed by the
    optional spans.
    """
    table = np.zeros((units.number, types, len(Column)), np.int64)
    _book(table, 0, plain, units)
    every = Units(np.concatenate([units.gold, optional_unit]), units.predicted, units.number)
    for at, pairing, where in ((PAIRING, tolerant, units), (2 * PAIRING, required, every)):
        if pairing is plain:
            table[:, :, at : at + PAIRING] = table[:, :, :PAIRING]
        else:
            _book(table, at, pairing, where)
    _book_schemes(table, plain, units)
    _book_characters(table, plain, units)
    table[:, :, Column.IGNORED_GOLD] = _count(table, optional_unit, optional.type)
    ignored = plain.outcomes.ignored
    table[:, :, Column.IGNORED_PREDICTED] = _count(table, units.predicted[ignored], plain.predicted.type[ignored])
    return table


def _count(table: Ints, unit: Ints, type_: Ints, weight: Ints | None = None) -> Ints:
    units, types, _ = table.shape
    found = np.bincount(unit * types + type_, weights=weight, minlength=units * types)
    return found.astype(np.int64).reshape(units, types)


def _book(table: Ints, at: int, pairing: Pairing, units: Units) -> None:
    """Fill the block of a pairing, of which the first column is ``at``."""
    gold, predicted, found = pairing.gold, pairing.predicted, pairing.outcomes
    g = np.flatnonzero(found.gold >= 0)
    p = found.gold[g]
    where, of_gold, of_predicted = units.gold[g], gold.type[g], predicted.type[p]
    same = of_gold == of_predicted
    right = same & _same_boundary(pairing, g, p)
    table[:, :, at] = _count(table, units.gold, gold.type)
    table[:, :, at + 1] = _count(table, where, of_predicted) + _spurious(table, pairing, units)
    table[:, :, at + 2] = _count(table, where, of_gold)
    table[:, :, at + 3] = _count(table, where[same], of_gold[same])
    table[:, :, at + 4] = _count(table, where[right], of_gold[right])


def _spurious(table: Ints, pairing: Pairing, units: Units) -> Ints:
    alone = (pairing.outcomes.predicted < 0) & ~pairing.outcomes.ignored
    return _count(table, units.predicted[alone], pairing.predicted.type[alone])


def _same_boundary(pairing: Pairing, g: Ints, p: Ints) -> Bools:
    gold, predicted = pairing.gold, pairing.predicted
    same: Bools = (gold.start[g] == predicted.start[p]) & (gold.end[g] == predicted.end[p])
    return same


def _book_schemes(table: Ints, pairing: Pairing, units: Units) -> None:
    """Fill the columns of the schemes that don't ask for the type."""
    g = np.flatnonzero(pairing.outcomes.gold >= 0)
    boundary = g[_same_boundary(pairing, g, pairing.outcomes.gold[g])]
    table[:, :, Column.SAME_BOUNDARY] = _count(table, units.gold[boundary], pairing.gold.type[boundary])
    table[:, :, Column.BOOKED] = table[:, :, Column.PAIRED] + _spurious(table, pairing, units)


def _book_characters(table: Ints, pairing: Pairing, units: Units) -> None:
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
    right = _count(table, units.gold[g][one], gold.type[g][one], shared)
    rest = end - start - np.bincount(other, weights=shared, minlength=len(start)).astype(np.int64)
    table[:, :, Column.GOLD_CHARACTERS] = _count(table, units.gold[g], gold.type[g], gold_end - gold_start)
    table[:, :, Column.RIGHT_CHARACTERS] = right
    table[:, :, Column.PREDICTED_CHARACTERS] = right + _count(
        table, units.predicted[counted][p], predicted.type[p], rest
    )


def add_unlocated(table: Ints, unit: Ints, type_: Ints, length: Ints) -> None:
    """Count mentions that could not be located, in place: spurious everywhere."""
    for column in (Column.PREDICTED, Column.TOLERANT_PREDICTED, Column.REQUIRED_PREDICTED, Column.BOOKED):
        table[:, :, column] += _count(table, unit, type_)
    table[:, :, Column.PREDICTED_CHARACTERS] += _count(table, unit, type_, length)


Keys = NDArray[np.uint64]
# Counts in an unsigned type as small as they allow.
Table = NDArray[Any]


class Names(Struct, frozen=True):
    """Counts by name: a distinct surface, here a 64-bit hash; the table is as that of the units."""

    keys: Keys
    table: Table


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
    units: Table
    unit_document: Ints
    documents: int
    names: Names | None = None
    surfaces: tuple[Surfaces, Surfaces] | None = None
    values: dict[str, ValueCounts] = field(default_factory=dict)

    def by(self, unit: str) -> Table:
        """The counts by sentence, document or name."""
        if unit == "sentence":
            return self.units
        if unit == "name":
            return self.names.table if self.names else self.units[:0]
        table = np.zeros((self.documents, *self.units.shape[1:]), np.int64)
        np.add.at(table, self.unit_document, self.units)
        return table


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
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.unit_document + offset for part, offset in zip(parts, before, strict=False)]),
        int(before[-1]),
        _merge_names([part.names for part in parts]),
        _merge_surfaces(parts),
        values,
    )


def _merge_names(parts: Sequence[Names | None]) -> Names | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    keys, at = np.unique(np.concatenate([part.keys for part in known]), return_inverse=True)
    table = np.zeros((len(keys), *known[0].table.shape[1:]), np.int64)
    np.add.at(table, at, np.concatenate([part.table for part in known]))
    return Names(keys, compact(table))


def _merge_surfaces(parts: Sequence[Tables]) -> tuple[Surfaces, Surfaces] | None:
    known = [part.surfaces for part in parts if part.surfaces is not None]
    if len(known) < len(parts):
        return None
    before = np.cumsum([0, *(len(part.units) for part in parts)])

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
