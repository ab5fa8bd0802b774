"""Counts of a corpus or of a part of it: what a report keeps. Parts add up to the whole."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tyez_bench.scoring.arrays import Ints

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
