"""Counts of a corpus or of a part of it: what a report keeps. Parts add up to the whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tyez_bench.scoring.arrays import Ints

Keys = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Names:
    """Counts by name: a distinct surface, here a 64-bit hash; the table is as that of the units."""

    keys: Keys
    table: Ints

    def __add__(self, other: "Names") -> "Names":
        keys, at = np.unique(np.concatenate([self.keys, other.keys]), return_inverse=True)
        table = np.zeros((len(keys), *self.table.shape[1:]), np.int64)
        np.add.at(table, at, np.concatenate([self.table, other.table]))
        return Names(keys, table)


@dataclass(frozen=True, slots=True)
class Surfaces:
    """Which distinct (type, text) pairs, as hashes, occur in which unit and under which name, on one side."""

    key: Keys
    type: Ints
    unit: Ints
    name: Keys

    def __add__(self, other: "Surfaces") -> "Surfaces":
        return Surfaces(
            np.concatenate([self.key, other.key]),
            np.concatenate([self.type, other.type]),
            np.concatenate([self.unit, other.unit]),
            np.concatenate([self.name, other.name]),
        )

    def moved(self, units: int) -> "Surfaces":
        """The same, in units that come behind as many others."""
        return Surfaces(self.key, self.type, self.unit + units, self.name)


@dataclass(frozen=True, slots=True)
class ValueCounts:
    """Normalised values on pairs of the same boundary and type.

    All such pairs, those where both sides carry a value, and those where the values are equal.
    """

    pairs: int = 0
    both: int = 0
    equal: int = 0

    def __add__(self, other: "ValueCounts") -> "ValueCounts":
        return ValueCounts(self.pairs + other.pairs, self.both + other.both, self.equal + other.equal)

    @property
    def accuracy(self) -> float | None:
        """Share of equal values; None where there are none to compare."""
        return self.equal / self.both if self.both else None


@dataclass(frozen=True, slots=True)
class Tables:
    """Counts by unit, (units, types, columns), the document of each unit, and what is counted over names.

    ``names`` and ``surfaces`` (gold, predicted) are None where there are no texts.
    """

    types: tuple[str, ...]
    units: Ints
    unit_document: Ints
    documents: int
    names: Names | None = None
    surfaces: tuple[Surfaces, Surfaces] | None = None
    values: dict[str, ValueCounts] = field(default_factory=dict)

    def __add__(self, other: "Tables") -> "Tables":
        names = self.names + other.names if self.names and other.names else None
        surfaces = None
        if self.surfaces and other.surfaces:
            moved = [side.moved(len(self.units)) for side in other.surfaces]
            surfaces = (self.surfaces[0] + moved[0], self.surfaces[1] + moved[1])
        values = {
            type_: self.values.get(type_, ValueCounts()) + other.values.get(type_, ValueCounts())
            for type_ in sorted(self.values.keys() | other.values.keys())
        }
        return Tables(
            self.types,
            np.concatenate([self.units, other.units]),
            np.concatenate([self.unit_document, other.unit_document + self.documents]),
            self.documents + other.documents,
            names,
            surfaces,
            values,
        )

    def by(self, unit: str) -> Ints:
        """The counts by sentence, document or name."""
        if unit == "sentence":
            return self.units
        if unit == "name":
            return self.names.table if self.names else np.zeros((0, *self.units.shape[1:]), np.int64)
        table = np.zeros((self.documents, *self.units.shape[1:]), np.int64)
        np.add.at(table, self.unit_document, self.units)
        return table


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


def total(parts: Iterable[Tables]) -> Tables:
    """All parts together, at least one."""
    first, *rest = parts
    for part in rest:
        first += part
    return first
