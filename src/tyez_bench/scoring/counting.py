"""From spans, or from documents and predictions, to tables of counts."""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct, structs

from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.labels import LabelSet
from tyez_bench.model.values import Money, Timex
from tyez_bench.scoring.arrays import Columns, Ints, Side, Spans, arrange, join
from tyez_bench.scoring.counts import (
    Cells,
    Keys,
    Lost,
    Names,
    Pairing,
    Surfaces,
    Tables,
    Units,
    ValueCounts,
    hashes,
    pair_hashes,
    tabulate,
)
from tyez_bench.scoring.outcomes import Alternatives, accepted, outcomes
from tyez_bench.scoring.settings import Settings, wanted


class Matched(Struct, frozen=True):
    """Spans as arrays, the types that their numbers stand for, their outcomes, and the unit of each by itself."""

    types: tuple[str, ...]
    gold: Side
    predicted: Side
    optional: Side
    plain: Pairing
    tolerant: Pairing
    required: Pairing
    units: Units
    optional_unit: Ints
    unit_document: Ints
    stride: int


def match_spans(spans: Spans, types: Sequence[str] | None, share: float = 0.0) -> Matched:
    """Match all documents at once; ``share`` is ``Settings.min_overlap``.

    Raises InputError for spans that are out of range, twice, or of another type.
    """
    types, stride, (gold, predicted, optional, others) = arrange(
        types, spans.gold, spans.predicted, spans.optional, spans.others
    )
    plain = Pairing(gold, predicted, outcomes(gold, predicted, optional, others, types, share))
    first = np.concatenate([[0], np.cumsum(np.array(spans.gold.sizes, np.int64))])
    alternatives: Alternatives = [
        (int(first[d]) + n, start + d * stride, end + d * stride) for d, n, start, end in spans.alternatives
    ]
    moved = accepted(gold, predicted, alternatives, len(types))
    tolerant = plain
    if moved is not None:
        tolerant = Pairing(moved, predicted, outcomes(moved, predicted, optional, others, types, share))
    required = plain
    if len(optional):
        every = join(gold, optional)
        required = Pairing(every, predicted, outcomes(every, predicted, optional[:0], others, types, share))
    unit_of, unit_document = _units(spans.starts, len(spans.gold.sizes), stride)
    return Matched(
        types=types,
        gold=gold,
        predicted=predicted,
        optional=optional,
        plain=plain,
        tolerant=tolerant,
        required=required,
        units=Units(unit_of(gold), unit_of(predicted), len(unit_document)),
        optional_unit=unit_of(optional),
        unit_document=unit_document,
        stride=stride,
    )


def _units(starts: Sequence[Sequence[int]] | None, documents: int, stride: int) -> tuple[Callable[[Side], Ints], Ints]:
    """How to tell the unit of spans, and the document of each unit."""
    if starts is None:
        return lambda side: side.document, np.arange(documents)
    lengths = np.fromiter((max(1, len(of_document)) for of_document in starts), np.int64, documents)
    unit_document = np.repeat(np.arange(documents), lengths)
    offsets = np.array([start for of_document in starts for start in (of_document or (0,))], np.int64)
    # Starts beyond the last span are drawn back, so that they stay on their own document.
    begin = unit_document * stride + np.minimum(offsets, stride - 1)
    first = np.cumsum(lengths) - lengths
    return (
        lambda side: np.maximum(np.searchsorted(begin, side.start, "right") - 1, first[side.document]),
        unit_document,
    )


def count_matched(matched: Matched, units: Units, optional_unit: Ints, lost: Lost | None = None) -> Cells:
    """The table of counts of what was matched, by any unit."""
    return tabulate(
        matched.plain,
        matched.tolerant,
        matched.required,
        matched.optional,
        units,
        optional_unit,
        len(matched.types),
        lost,
    )


def count_spans(spans: Spans, types: Sequence[str] | None = None, share: float = 0.0) -> Tables:
    """Count spans without texts; ``types`` are by default those that occur, sorted."""
    matched = match_spans(spans, types, share)
    table = count_matched(matched, matched.units, matched.optional_unit)
    return Tables(matched.types, table, matched.unit_document, len(spans.gold.sizes))


class Case(Struct, frozen=True):
    """A document with what was predicted for it, the layer chosen."""

    document: Document
    gold: tuple[Entity, ...]
    optional: tuple[Entity, ...]
    others: tuple[Entity, ...]
    predicted: tuple[PredictedEntity, ...]
    unlocated: tuple[Unlocated, ...]


def case(document: Document, prediction: Prediction, settings: Settings) -> Case:
    """Choose what counts."""
    chosen = wanted(document, settings)
    predicted = tuple(e for e in prediction.entities if settings.counts(e.type))
    unlocated = tuple(mention for mention in prediction.unlocated if settings.counts(mention.type))
    return Case(document, chosen.gold, chosen.optional, chosen.others, predicted, unlocated)


def to_spans(cases: Sequence[Case]) -> Spans:
    """Documents as spans for the matcher."""
    return Spans(
        gold=Columns.of([case.gold for case in cases]),
        predicted=Columns.of([case.predicted for case in cases]),
        optional=Columns.of([case.optional for case in cases]),
        others=Columns.of([case.others for case in cases]),
        alternatives=[
            (d, n, start, end)
            for d, case in enumerate(cases)
            for n, entity in enumerate(case.gold)
            for start, end in entity.alternatives
        ],
        starts=[[sentence.start for sentence in case.document.sentences] for case in cases],
    )


def count_documents(cases: Sequence[Case], labels: LabelSet, share: float = 0.0) -> Tables:
    """Count documents and their predictions: by sentence, by name and by surface, with the values.

    All labels of the set stand in the table, so that tables of systems with different label maps have the same shape.
    ``share`` is the least share of a gold span that makes an overlap.
    """
    matched = match_spans(to_spans(cases), sorted(labels.names), share)
    gold_names = names_of(cases, "gold")
    predicted_names = names_of(cases, "predicted")
    optional_names = names_of(cases, "optional")
    lost = lost_mentions(cases, matched)
    keys, at = np.unique(np.concatenate([gold_names, predicted_names, optional_names, lost.name]), return_inverse=True)
    cuts = np.cumsum([len(gold_names), len(predicted_names), len(optional_names)])
    in_gold, in_predicted, in_optional, in_lost = np.split(at.astype(np.int64), cuts)
    by_unit = count_matched(matched, matched.units, matched.optional_unit, lost)
    of_names = Units(in_gold, in_predicted, len(keys))
    by_name = count_matched(matched, of_names, in_optional, structs.replace(lost, unit=in_lost))
    return Tables(
        types=matched.types,
        units=by_unit,
        unit_document=matched.unit_document,
        documents=len(cases),
        names=Names(keys, by_name),
        surfaces=_surfaces(matched, gold_names, predicted_names, lost),
        values=_values(cases, labels),
    )


def count_spans_of(cases: Sequence[Case], labels: LabelSet, share: float = 0.0) -> Tables:
    """Count documents by sentence alone: nothing is kept of their texts."""
    matched = match_spans(to_spans(cases), sorted(labels.names), share)
    lost = lost_mentions(cases, matched)
    table = count_matched(matched, matched.units, matched.optional_unit, lost)
    return Tables(matched.types, table, matched.unit_document, len(cases), values=_values(cases, labels))


def names_of(cases: Sequence[Case], side: str) -> Keys:
    """The name of each span of a side (``gold``, ``predicted``, ``optional``), a hash, in the order of the cases."""
    return hashes([c.document.text[e.start : e.end] for c in cases for e in getattr(c, side)])


def lost_mentions(cases: Sequence[Case], matched: Matched) -> Lost:
    """The mentions without a place of the cases that were matched."""
    found = [(d, mention) for d, c in enumerate(cases) for mention in c.unlocated]
    document = np.array([d for d, _ in found], np.int64)
    start = np.array([mention.start for _, mention in found], np.int64)
    unit_of, _ = _units([[s.start for s in c.document.sentences] for c in cases], len(cases), matched.stride)
    number = np.array([matched.types.index(mention.type) for _, mention in found], np.int64)
    place = start.clip(max=matched.stride - 1) + document * matched.stride
    return Lost(
        unit=unit_of(Side(place, place, number, document)),
        type=number,
        length=np.array([len(mention.text) for _, mention in found], np.int64),
        name=hashes([mention.text for _, mention in found]),
    )


def _surfaces(matched: Matched, gold_names: Keys, predicted_names: Keys, lost: Lost) -> tuple[Surfaces, Surfaces]:
    gold, predicted, found = matched.gold, matched.predicted, matched.plain.outcomes
    paired = found.predicted >= 0
    unit = matched.units.predicted.copy()
    unit[paired] = matched.units.gold[found.predicted[paired]]
    name = predicted_names.copy()
    name[paired] = gold_names[found.predicted[paired]]
    counted = ~found.ignored
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


def _values(cases: Sequence[Case], labels: LabelSet) -> dict[str, ValueCounts]:
    """Values on pairs of the same boundary and type, of the labels that carry one."""
    counted: dict[str, ValueCounts] = {}
    valued = labels.valued
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
