"""Scores without positions: distinct names, and names by text.

A system that knows one frequent name and nothing else has a low surface F1.

set       distinct (text, type) pairs of a sample
multiset  each (text, type) pair as often as it occurs in the sample

A sample is a sentence when the predictions came sentence by sentence, else a document. An optional gold pair is
neither right nor wrong. Only the strict scheme has a meaning here. Such scores are higher than strict ones, and are not
comparable with them: a name that occurs twice and is found once is found (set), and a name found in the wrong place is
right.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.arrays import Ints
from tyez_bench.scoring.bootstrap import Interval, interval, measures
from tyez_bench.scoring.counting import Case
from tyez_bench.scoring.counts import Cells, Column, Keys, Surfaces, Tables
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.settings import Settings

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


def surface_interval(tables: Tables, unit: str, number: int, seed: int) -> Interval | None:
    """Bootstrap interval of surface F1 over all types: the surfaces of a draw are those of the units in it."""
    if tables.surfaces is None:
        return None
    units, sides = _incidence(tables, unit)
    if _counted(sides) < 2:
        return None
    places = _in_order_of_content(units, sides)
    # With indices asked for, unique is spared the import of masked arrays.
    keys, _ = np.unique(np.concatenate([key for key, _ in sides]), return_index=True)
    rng, values = np.random.default_rng(seed), []
    for first in range(0, number, _WORD):
        size = min(_WORD, number - first)
        present = _present(rng, units, size)
        gold, predicted = (_occurring(present[places[where]], key, keys) for key, where in sides)
        counts = np.stack([_draws_with(words)[:size] for words in (gold, predicted, gold & predicted)], axis=-1)
        values.append(measures(counts.astype(np.float64))["f1"])
    return interval(np.concatenate(values))


# So many draws at a time, a bit each.
_WORD = 64
# The bits of each byte.
_BITS = (np.arange(256)[:, None] >> np.arange(8)) & 1


def _present(rng: np.random.Generator, units: int, draws: int) -> Words:
    """For each unit, in which of some draws it is, a bit each, from the lowest."""
    drawn = np.zeros((_WORD, units), np.bool_)
    for row in drawn[:draws]:
        row[rng.integers(units, size=units, dtype=np.int32)] = True
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


def surface_units(tables: Tables, unit: str) -> int:
    """How many units have a surface of the gold or of the predictions; 0 where there are no texts."""
    return 0 if tables.surfaces is None else _counted(_incidence(tables, unit)[1])


def _counted(sides: list[tuple[Keys, Ints]]) -> int:
    # A set: numpy's unique would import masked arrays.
    return len(set().union(*(where.tolist() for _, where in sides)))


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


Pair = tuple[str, str]


def count_by_text(cases: Sequence[Case], labels: LabelSet, settings: Settings, *, sentences: bool) -> Tables:
    """Count by text: the units are samples, sentences or documents."""
    types = tuple(sorted(labels.names))
    rows, unit_document = [], []
    for number, case in enumerate(cases):
        for start, end in _samples(case, sentences):
            rows.append(_count(case, start, end, types, settings))
            unit_document.append(number)
    shape = (len(rows), len(types), len(Column))
    units = np.array(rows, np.int64).reshape(shape)
    return Tables(types, Cells.of_dense(units), np.array(unit_document, np.int64), len(cases))


def _samples(case: Case, sentences: bool) -> list[tuple[int, int]]:
    if sentences and case.document.sentences:
        starts = [sentence.start for sentence in case.document.sentences]
        return list(zip([0, *starts[1:]], [*starts[1:], len(case.document.text) + 1], strict=True))
    return [(0, len(case.document.text) + 1)]


def _count(case: Case, start: int, end: int, types: Sequence[str], settings: Settings) -> list[list[int]]:
    text = case.document.text

    def pairs(entities: Iterable[Entity]) -> Counter[Pair]:
        return Counter((text[e.start : e.end], str(e.type)) for e in entities if start <= e.start < end)

    gold, optional, others = pairs(case.gold), pairs(case.optional), pairs(case.others)
    predicted = Counter((text[e.start : e.end], str(e.type)) for e in case.predicted if start <= e.start < end)
    predicted.update((m.text, str(m.type)) for m in case.unlocated if start <= m.start < end)
    if settings.matching == "set":
        gold, predicted = Counter(dict.fromkeys(gold, 1)), Counter(dict.fromkeys(predicted, 1))
        optional, others = Counter(dict.fromkeys(optional, 1)), Counter(dict.fromkeys(others, 1))
    right = gold & predicted
    ignored = (predicted - gold) & (optional | others)
    rows = np.zeros((len(types), len(Column)), np.int64)
    for column, counted in (
        (Column.GOLD, gold),
        (Column.PREDICTED, predicted - ignored),
        (Column.RIGHT, right),
        (Column.PAIRED, right),
        (Column.SAME_TYPE, right),
        (Column.IGNORED_GOLD, optional),
        (Column.IGNORED_PREDICTED, ignored),
    ):
        for (_, type_), number in counted.items():
            rows[types.index(type_), column] += number
    found: list[list[int]] = rows.tolist()
    return found
