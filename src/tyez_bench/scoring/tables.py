"""Tables of a corpus or of a part of it: counts by unit and by name, values, surfaces; tables of parts add up.

The surfaces are the distinct (type, text) pairs: by them, a system that knows one frequent name and nothing else scores
low.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tyez_bench.scoring.bootstrap import Histogram, Interval, block_sizes, interval, measures
from tyez_bench.scoring.counts import Cells, Count, Keys
from tyez_bench.scoring.schemes import Counts, Scheme, histograms
from tyez_bench.scoring.spans import Ints


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

    def total(self) -> Ints:
        """The counts of each type, over all units."""
        return self.units.total()

    def histograms(
        self, types: Sequence[int], scheme: Scheme, unit: str, rows: Sequence[int | None]
    ) -> Iterator[Histogram]:
        """How many units have which counts under a scheme, for each row: a type, or None for all of ``types``."""
        return histograms(self.by(unit), types, scheme, rows)

    def by(self, unit: str) -> Cells:
        """The counts by sentence, document or name."""
        if unit == "sentence":
            return self.units
        if unit == "name":
            return (
                self.names.table
                if self.names
                else Cells.of_dense(np.zeros((0, self.units.types, len(Count)), np.int64))
            )
        if self.documents == self.units.units:
            # Documents have a unit each, at least.
            return self.units
        return self.units.grouped(self.unit_document, self.documents)


def retyped(tables: Tables, types: tuple[str, ...]) -> Tables:
    """The same counts in a table of more types, sorted like its own."""
    if tables.types == types:
        return tables
    number = np.array([types.index(type_) for type_ in tables.types], np.int32)

    def of(cells: Cells) -> Cells:
        return Cells(cells.units, len(types), cells.unit, number[cells.type], cells.rows, cells.row)

    def renamed(side: Surfaces) -> Surfaces:
        type_ = number[side.type].astype(np.int64)
        # The names of types are one part of the hash, and come off as they went on.
        key = pair_hashes(pair_hashes(side.key, side.type), type_)
        return Surfaces(key, type_, side.unit, side.name)

    return Tables(
        types,
        of(tables.units),
        tables.unit_document,
        tables.documents,
        None if tables.names is None else Names(tables.names.keys, of(tables.names.table)),
        None if tables.surfaces is None else (renamed(tables.surfaces[0]), renamed(tables.surfaces[1])),
        tables.values,
    )


def merge(parts: Sequence[Tables]) -> Tables:
    """Tables of parts, at least one, as the tables of the whole; the units stand in the order of the parts.

    Raises UsageError where the counts by unit were not kept.
    """
    if len(parts) == 1:
        return parts[0]
    for part in parts:
        part.by("sentence")
    before = np.cumsum([0, *(part.documents for part in parts)])
    values: dict[str, ValueCounts] = {}
    for part in parts:
        for type_, counted in part.values.items():
            values[type_] = values.get(type_, ValueCounts()) + counted
    return Tables(
        parts[0].types,
        _merge_cells([part.units for part in parts]),
        np.concatenate([part.unit_document + offset for part, offset in zip(parts, before, strict=False)]),
        int(before[-1]),
        _merge_names([part.names for part in parts]),
        _merge_surfaces(parts),
        values,
    )


def merge_notes(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Notes of two parts: numbers and tables of numbers add up, words must be the same or stand side by side."""
    merged: dict[str, Any] = dict(one)
    for key, value in other.items():
        if key not in merged or merged[key] is None:
            merged[key] = value
        elif isinstance(value, dict):
            merged[key] = merge_notes(merged[key], value)
        elif isinstance(value, int):
            merged[key] += value
    return merged


def _merge_cells(parts: Sequence[Cells]) -> Cells:
    before = np.cumsum([0, *(part.units for part in parts)])
    row = None
    if any(part.row is not None for part in parts):
        rows = np.cumsum([0, *(len(part.rows) for part in parts)])
        row = np.concatenate(
            [
                first + (np.arange(len(part.rows)) if part.row is None else part.row)
                for part, first in zip(parts, rows.tolist(), strict=False)
            ]
        ).astype(np.min_scalar_type(rows[-1]))
    return Cells(
        int(before[-1]),
        parts[0].types,
        np.concatenate([part.unit + np.int32(offset) for part, offset in zip(parts, before, strict=False)]),
        np.concatenate([part.type for part in parts]),
        np.concatenate([part.rows for part in parts]),
        row,
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
    distinct = list(dict.fromkeys(texts))
    digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in distinct]
    found = np.frombuffer(b"".join(digests), ">u8").astype(np.uint64)
    if len(distinct) == len(texts):
        return found
    number = dict(zip(distinct, range(len(distinct)), strict=True))
    return found[np.fromiter(map(number.__getitem__, texts), np.int64, len(texts))]


def pair_hashes(names: Keys, types: Ints) -> Keys:
    """A hash of each (type, name) pair."""
    # An odd constant (2⁶⁴ by the golden ratio) spreads the types over the whole range.
    return names ^ ((types.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))


Words = NDArray[np.uint64]

_64_BITS = (1 << 64) - 1
# Spreads what is summed over the whole range: 2⁶⁴ by the golden ratio.
_ODD = 0x9E3779B97F4A7C15


def surface_counts(tables: Tables) -> list[Counts]:
    """Counts of each type, then of all; empty where there are no texts."""
    if tables.surfaces is None:
        return []
    gold, predicted = (dict(zip(side.key.tolist(), side.type.tolist(), strict=True)) for side in tables.surfaces)
    rows = np.zeros((len(tables.types) + 1, 3), np.int64)
    for column, keys in enumerate((gold.keys(), predicted.keys(), gold.keys() & predicted.keys())):
        either = gold | predicted
        for key in keys:
            rows[either[key], column] += 1
            rows[-1, column] += 1
    return [Counts(int(g), int(p), int(right)) for g, p, right in rows]


def surface_interval(tables: Tables, unit: str, number: int, seed: int) -> tuple[Interval | None, int]:
    """Bootstrap interval of surface F1 over all types, and how many units have a surface at all.

    The surfaces of a draw are those of the units in it. None of fewer than two units, and where there are no texts.
    """
    if tables.surfaces is None:
        return None, 0
    units, sides = _incidence(tables, unit)
    counted = len(np.unique(np.concatenate([where for _, where in sides])))
    if counted < 2:
        return None, counted
    places = _in_order_of_content(units, sides)
    keys = np.unique(np.concatenate([key for key, _ in sides]))
    rng, values = np.random.default_rng(seed), []
    for first in range(0, number, _WORD):
        size = min(_WORD, number - first)
        present = _present(rng, units, size)
        gold, predicted = (_occurring(present[places[where]], key, keys) for key, where in sides)
        counts = np.stack([_draws_with(words)[:size] for words in (gold, predicted, gold & predicted)], axis=-1)
        values.append(measures(counts.astype(np.float64))["f1"])
    return interval(np.concatenate(values)), counted


# So many draws at a time, a bit each.
_WORD = 64
# The bits of each byte.
_BITS = (np.arange(256)[:, None] >> np.arange(8)) & 1


def _present(rng: np.random.Generator, units: int, draws: int) -> Words:
    """For each unit, in which of some draws it is, a bit each, from the lowest."""
    drawn = np.zeros((_WORD, units), np.bool_)
    first = 0
    # Several draws at a time, with the same numbers as one after the other.
    for size in block_sizes(units, draws):
        drawn[np.arange(first, first + size)[:, None], rng.integers(units, size=(size, units), dtype=np.int32)] = True
        first += size
    return np.ascontiguousarray(np.packbits(drawn, axis=0, bitorder="little").T).view("<u8")[:, 0]


def _in_order_of_content(units: int, sides: list[tuple[Keys, Ints]]) -> Ints:
    """The place of each unit when they stand by their surfaces: what is drawn does not rest on their order."""
    content = np.zeros(units, np.uint64)
    for factor, (key, where) in zip((_ODD, _ODD * 3), sides, strict=True):
        np.add.at(content, where, key * np.uint64(factor & _64_BITS))
    places = np.empty(units, np.int64)
    places[np.argsort(content, kind="stable")] = np.arange(units)
    return places


def _occurring(present: Words, key: Keys, keys: Keys) -> Words:
    """In which draws each of ``keys`` occurs, from those that have each place of ``key``, which is in order."""
    found = np.zeros(len(keys), np.uint64)
    if len(key):
        first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        found[np.searchsorted(keys, key[first])] = np.bitwise_or.reduceat(present, first)
    return found


def _draws_with(words: Words) -> Ints:
    """How many of the words have each bit, from the lowest."""
    octets = words.astype("<u8").view(np.uint8).reshape(-1, 8)
    found: Ints = np.concatenate([np.bincount(octets[:, n], minlength=256) @ _BITS for n in range(8)])
    return found


def _incidence(tables: Tables, unit: str) -> tuple[int, list[tuple[Keys, Ints]]]:
    """Number of units; on each side keys in order, with the unit of each."""
    assert tables.surfaces is not None
    found = []
    units = tables.number(unit)
    for side in tables.surfaces:
        where = _unit_of(tables, side, unit)
        order = np.argsort(side.key, kind="stable")
        found.append((side.key[order], where[order]))
    return units, found


def _unit_of(tables: Tables, side: Surfaces, unit: str) -> Ints:
    if unit == "name":
        assert tables.names is not None
        return np.searchsorted(tables.names.keys, side.name)
    return tables.unit_document[side.unit] if unit == "document" else side.unit
