"""Scoring by text and type, without positions, as some evaluations of language models do.

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

from tyez_bench.labels import LabelSet
from tyez_bench.model import Entity
from tyez_bench.scoring.counting import Case
from tyez_bench.scoring.counts import Column
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.tables import Tables, compact

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
    return Tables(types, compact(units), np.array(unit_document, np.int64), len(cases))


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
