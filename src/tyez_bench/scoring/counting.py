"""From spans, or from documents and predictions, to tables of counts: by position, or by text alone.

By text, the gold and the predictions of a sample are compared without their positions:

set       distinct (text, type) pairs of a sample
multiset  each (text, type) pair as often as it occurs in the sample

A sample is a sentence when the predictions came sentence by sentence, else a document. An optional gold pair is
neither right nor wrong. Only the strict scheme has a meaning here. Such scores are higher than strict ones, and are not
comparable with them: a name that occurs twice and is found once is found (set), and a name found in the wrong place is
right.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence

import numpy as np
from msgspec import Struct, structs

from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.labels import LabelSet
from tyez_bench.model.values import Money, Timex
from tyez_bench.scoring.counts import Cells, Count, Keys, Lost, tabulate
from tyez_bench.scoring.pairing import Matched, Units, match_spans, units_of
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.spans import Ints, Side, SpanColumns, Spans
from tyez_bench.scoring.tables import Names, Surfaces, Tables, ValueCounts, hashes, pair_hashes


def count_spans(spans: Spans, types: Sequence[str] | None = None, share: float = 0.0) -> Tables:
    """Count spans without texts; ``types`` are by default those that occur, sorted."""
    matched = match_spans(spans, types, share)
    table = tabulate(matched, matched.units, matched.optional_unit)
    return Tables(matched.types, table, matched.unit_document, len(spans.gold.sizes))


class Case(Struct, frozen=True):
    """A document with what counts of it and of its predictions.

    ``gold`` must be found; ``optional`` is neither right nor wrong; ``others`` are outside the counted layer, and an
    exact hit on one is ignored.
    """

    document: Document
    gold: tuple[Entity, ...]
    optional: tuple[Entity, ...]
    others: tuple[Entity, ...]
    predicted: tuple[PredictedEntity, ...]
    unlocated: tuple[Unlocated, ...]


def case(document: Document, prediction: Prediction, settings: Settings) -> Case:
    """Choose what counts."""
    counted = [e for e in document.entities if settings.counts(e.type)]
    if settings.layer != "all":
        counted = [e for e in counted if e.outermost == (settings.layer == "outermost")]
    return Case(
        document,
        gold=tuple(e for e in counted if e.required or settings.optional == "require"),
        optional=tuple(e for e in counted if not e.required) if settings.optional == "ignore" else (),
        others=tuple(e for e in document.entities if e.outermost) if settings.layer == "nested" else (),
        predicted=tuple(e for e in prediction.entities if settings.counts(e.type)),
        unlocated=tuple(mention for mention in prediction.unlocated if settings.counts(mention.type)),
    )


def to_spans(cases: Sequence[Case]) -> Spans:
    """Documents as spans for the matcher."""
    return Spans(
        gold=SpanColumns.of([case.gold for case in cases]),
        predicted=SpanColumns.of([case.predicted for case in cases]),
        optional=SpanColumns.of([case.optional for case in cases]),
        others=SpanColumns.of([case.others for case in cases]),
        alternatives=[
            (d, n, start, end)
            for d, case in enumerate(cases)
            for n, entity in enumerate(case.gold)
            for start, end in entity.alternatives
        ],
        starts=[[sentence.start for sentence in case.document.sentences] for case in cases],
        ids=[case.document.id for case in cases],
    )


def count_documents(cases: Sequence[Case], labels: LabelSet, share: float = 0.0) -> Tables:
    """Count documents and their predictions: by sentence, by name and by surface, with the values.

    All labels of the set stand in the table, so that tables of systems with different label maps have the same shape.
    ``share`` is the least share of a gold span that makes an overlap.
    """
    matched = match_spans(to_spans(cases), sorted(labels.names), share)
    gold, predicted, optional = (names_of(cases, side) for side in ("gold", "predicted", "optional"))
    return _count_names(
        matched,
        gold,
        predicted,
        optional,
        lost_mentions(cases, matched),
        len(cases),
        count_values(cases, labels.valued),
    )


def count_columns(spans: Spans, types: Sequence[str], share: float, gold_names: Keys, predicted_names: Keys) -> Tables:
    """As :func:`count_documents`, from columns of spans with their names, without values and optional spans."""
    matched, nothing = match_spans(spans, types, share), np.zeros(0, np.int64)
    no_names = nothing.astype(np.uint64)
    lost = Lost(nothing, nothing, nothing, no_names)
    return _count_names(matched, gold_names, predicted_names, no_names, lost, len(spans.gold.sizes), {})


def _count_names(
    matched: Matched,
    gold_names: Keys,
    predicted_names: Keys,
    optional_names: Keys,
    lost: Lost,
    documents: int,
    values: dict[str, ValueCounts],
) -> Tables:
    keys, at = np.unique(np.concatenate([gold_names, predicted_names, optional_names, lost.name]), return_inverse=True)
    cuts = np.cumsum([len(gold_names), len(predicted_names), len(optional_names)])
    in_gold, in_predicted, in_optional, in_lost = np.split(at.astype(np.int64), cuts)
    by_unit = tabulate(matched, matched.units, matched.optional_unit, lost)
    of_names = Units(in_gold, in_predicted, len(keys))
    by_name = tabulate(matched, of_names, in_optional, structs.replace(lost, unit=in_lost))
    return Tables(
        types=matched.types,
        units=by_unit,
        unit_document=matched.unit_document,
        documents=documents,
        names=Names(keys, by_name),
        surfaces=_surfaces(matched, gold_names, predicted_names, lost),
        values=values,
    )


def count_spans_of(cases: Sequence[Case], labels: LabelSet, share: float = 0.0) -> Tables:
    """Count documents by sentence alone: nothing is kept of their texts."""
    matched = match_spans(to_spans(cases), sorted(labels.names), share)
    lost = lost_mentions(cases, matched)
    table = tabulate(matched, matched.units, matched.optional_unit, lost)
    return Tables(matched.types, table, matched.unit_document, len(cases), values=count_values(cases, labels.valued))


def names_of(cases: Sequence[Case], side: str) -> Keys:
    """The name of each span of a side (``gold``, ``predicted``, ``optional``), a hash, in the order of the cases."""
    return hashes([c.document.text[e.start : e.end] for c in cases for e in getattr(c, side)])


def lost_mentions(cases: Sequence[Case], matched: Matched) -> Lost:
    """The mentions without a place of the cases that were matched."""
    found = [(d, mention) for d, c in enumerate(cases) for mention in c.unlocated]
    document = np.array([d for d, _ in found], np.int64)
    start = np.array([mention.start for _, mention in found], np.int64)
    unit_of, _ = units_of([[s.start for s in c.document.sentences] for c in cases], len(cases), matched.stride)
    number = np.array([matched.types.index(mention.type) for _, mention in found], np.int64)
    place = start.clip(max=matched.stride - 1) + document * matched.stride
    return Lost(
        unit=unit_of(Side(place, place, number, document)),
        type=number,
        length=np.array([len(mention.text) for _, mention in found], np.int64),
        name=hashes([mention.text for _, mention in found]),
    )


def _surfaces(matched: Matched, gold_names: Keys, predicted_names: Keys, lost: Lost) -> tuple[Surfaces, Surfaces]:
    gold, predicted, partner = matched.gold, matched.predicted, matched.plain.predicted_partner
    paired = partner >= 0
    unit = matched.units.predicted.copy()
    unit[paired] = matched.units.gold[partner[paired]]
    name = predicted_names.copy()
    name[paired] = gold_names[partner[paired]]
    counted = ~matched.plain.ignored
    type_ = np.concatenate([predicted.type[counted], lost.type])
    surface = np.concatenate([predicted_names[counted], lost.name])
    return (
        _distinct(pair_hashes(gold_names, gold.type), gold.type, matched.units.gold, gold_names),
        _distinct(
            pair_hashes(surface, type_),
            type_,
            np.concatenate([unit[counted], lost.unit]),
            np.concatenate([name[counted], lost.name]),
        ),
    )


def _distinct(key: Keys, type_: Ints, unit: Ints, name: Keys) -> Surfaces:
    """Each surface once a unit and name."""
    order = np.lexsort((name, unit, key))
    key, type_, unit, name = key[order], type_[order], unit[order], name[order]
    fresh = np.ones(len(key), np.bool_)
    fresh[1:] = (key[1:] != key[:-1]) | (unit[1:] != unit[:-1]) | (name[1:] != name[:-1])
    return Surfaces(key[fresh], type_[fresh], unit[fresh], name[fresh])


def count_values(cases: Sequence[Case], valued: Container[str]) -> dict[str, ValueCounts]:
    """Values on pairs of the same boundary and type, of the labels that carry one by their set, or do so there."""
    counted: dict[str, ValueCounts] = {}
    for c in cases:
        if not any(e.value is not None for e in c.predicted):
            continue
        by_place = {(e.start, e.end, e.type): e.value for e in c.gold}
        for entity in c.predicted:
            key = (entity.start, entity.end, entity.type)
            if key not in by_place:
                continue
            # Where the set does not say what a label names, a value says so.
            if entity.type not in valued and entity.value is None and by_place[key] is None:
                continue
            gold, both = by_place[key], by_place[key] is not None and entity.value is not None
            equal = both and same_value(gold, entity.value)
            more = ValueCounts(1, int(both), int(equal))
            counted[entity.type] = counted.get(entity.type, ValueCounts()) + more
    return counted


def same_value(one: Money | Timex | None, other: Money | Timex | None) -> bool:
    """Amount (as a number) and currency equal; or TIMEX3 type, value and modifier."""
    if isinstance(one, Money) and isinstance(other, Money):
        # Amounts are decimal strings in canonical form: equal numbers are equal strings.
        return (one.amount, one.lower, one.upper, one.currency) == (
            other.amount,
            other.lower,
            other.upper,
            other.currency,
        )
    if isinstance(one, Timex) and isinstance(other, Timex):
        return _timex(one) == _timex(other)
    return False


def _timex(value: Timex) -> tuple[str | None, ...]:
    return value.type, value.value, value.lower, value.upper, value.modifier


def count_by_text(cases: Sequence[Case], labels: LabelSet, settings: Settings, *, sentences: bool) -> Tables:
    """Count by text: the units are samples, sentences or documents."""
    types = tuple(sorted(labels.names))
    rows, unit_document = [], []
    for number, case in enumerate(cases):
        for start, end in _samples(case, sentences):
            rows.append(_count(case, start, end, types, settings))
            unit_document.append(number)
    shape = (len(rows), len(types), len(Count))
    units = np.array(rows, np.int64).reshape(shape)
    return Tables(types, Cells.of_dense(units), np.array(unit_document, np.int64), len(cases))


def _samples(case: Case, sentences: bool) -> list[tuple[int, int]]:
    if sentences and case.document.sentences:
        starts = [sentence.start for sentence in case.document.sentences]
        return list(zip([0, *starts[1:]], [*starts[1:], len(case.document.text) + 1], strict=True))
    return [(0, len(case.document.text) + 1)]


def _count(case: Case, start: int, end: int, types: Sequence[str], settings: Settings) -> list[list[int]]:
    text = case.document.text

    def pairs(entities: Iterable[Entity]) -> Counter[tuple[str, str]]:
        return Counter((text[e.start : e.end], str(e.type)) for e in entities if start <= e.start < end)

    gold, optional, others = pairs(case.gold), pairs(case.optional), pairs(case.others)
    predicted = Counter((text[e.start : e.end], str(e.type)) for e in case.predicted if start <= e.start < end)
    predicted.update((m.text, str(m.type)) for m in case.unlocated if start <= m.start < end)
    if settings.matching == "set":
        gold, predicted = Counter(dict.fromkeys(gold, 1)), Counter(dict.fromkeys(predicted, 1))
        optional, others = Counter(dict.fromkeys(optional, 1)), Counter(dict.fromkeys(others, 1))
    right = gold & predicted
    ignored = (predicted - gold) & (optional | others)
    rows = np.zeros((len(types), len(Count)), np.int64)
    for column, counted in (
        (Count.GOLD, gold),
        (Count.PREDICTED, predicted - ignored),
        (Count.RIGHT, right),
        (Count.PAIRED, right),
        (Count.SAME_TYPE, right),
        (Count.IGNORED_GOLD, optional),
        (Count.IGNORED_PREDICTED, ignored),
    ):
        for (_, type_), number in counted.items():
            rows[types.index(type_), column] += number
    found: list[list[int]] = rows.tolist()
    return found
