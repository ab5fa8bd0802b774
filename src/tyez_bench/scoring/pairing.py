"""Which gold span each prediction is paired with, and in which unit both stand, over a whole block of documents.

The pairing is that of ``matching.py``; what is simple (an exact match, a gold span and a prediction that overlap
nothing but each other) is found for all documents at once, and only the rest is solved component by component.
"""

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.model.errors import InputError, counted
from tyez_bench.scoring.assignment import assign
from tyez_bench.scoring.matching import needed, solve, weigh
from tyez_bench.scoring.spans import (
    Bools,
    Ints,
    Side,
    Spans,
    arrange,
    is_flat,
    join,
    keys,
    lookup,
    overlapping,
    tangles,
    touches,
)


class Pairing(Struct, frozen=True):
    """Gold and predictions under one reading of the gold: as it is, tolerant, or all required.

    The index of the partner of each gold span and of each prediction, −1 without one; which predictions don't count.
    """

    gold: Side
    predicted: Side
    gold_partner: Ints
    predicted_partner: Ints
    ignored: Bools


def pair(
    gold: Side,
    predicted: Side,
    optional: Side,
    others: Side,
    types: Sequence[str],
    share: float = 0.0,
    ids: Sequence[str] = (),
) -> Pairing:
    """Pair ``gold`` with ``predicted``: spans that share a character, or ``share`` of those of the gold span.

    A prediction is ignored when it is one of ``optional`` or of ``others`` (gold outside the counted layer), boundary
    and type: such a one is not matched at all; or when it has no partner, and overlaps an optional span of its own
    type and no gold span. Raises InputError when a side has a span twice, or more overlap one another than can be
    paired; it names the document by its number, or by its id where there are ids.
    """
    gold_key, predicted_key, optional_key, other_key = keys(len(types), gold, predicted, optional, others)
    _refuse_twice(gold, gold_key, "gold", types, ids)
    _refuse_twice(predicted, predicted_key, "predictions", types, ids)
    partner = lookup(gold_key, predicted_key)
    back = np.full(len(predicted), -1, np.int64)
    back[partner[partner >= 0]] = np.flatnonzero(partner >= 0)
    ignored = (lookup(predicted_key, optional_key) >= 0) | (lookup(predicted_key, other_key) >= 0)
    ignored &= back < 0
    left, right = np.flatnonzero(partner < 0), np.flatnonzero((back < 0) & ~ignored)
    left, right = left[gold[left].order()], right[predicted[right].order()]
    for g, p in _overlapping(gold[left], predicted[right], types, share, ids):
        partner[left[g]], back[right[p]] = right[p], left[g]
    if len(optional):
        alone = np.flatnonzero((back < 0) & ~ignored)
        spans = predicted[alone]
        near = np.zeros(len(alone), np.bool_)
        for number in range(len(types)):
            of_type = spans.type == number
            near[of_type] = touches(spans[of_type], optional[optional.type == number])
        ignored[alone] = near & ~touches(spans, gold)
    return Pairing(gold, predicted, partner, back, ignored)


def _refuse_twice(side: Side, key: Ints, name: str, types: Sequence[str], ids: Sequence[str]) -> None:
    order = np.argsort(key, kind="stable")
    twice = np.flatnonzero(key[order][1:] == key[order][:-1])
    if len(twice):
        at = int(order[twice[0]])
        length = int(side.end[at] - side.start[at])
        document = _name(int(side.document[at]), ids)
        raise InputError(
            f"document {document} of the {name}: {types[side.type[at]]} of {counted(length, 'character')} occurs twice"
        )


def _overlapping(
    left: Side, right: Side, types: Sequence[str], share: float, ids: Sequence[str]
) -> list[tuple[Ints, Ints]]:
    """Pairs of what is left after exact matches, as arrays of indices; both sides in order."""
    g, p = overlapping(left, right)
    if share:
        enough = _shared(left[g], right[p]) >= _needed(left, share)[g]
        g, p = g[enough], p[enough]
    lonely = (np.bincount(g, minlength=len(left))[g] == 1) & (np.bincount(p, minlength=len(right))[p] == 1)
    found = [(g[lonely], p[lonely])]
    g, p = g[~lonely], p[~lonely]
    if len(g):
        of_left, of_right = tangles(left, right)
        # Both sides come by start, and so by tangle, as do the pairs.
        of_pair = of_left[g]
        large = np.bincount(of_pair)[of_pair] > _MANY
        for tangle in np.unique(of_pair[large]).tolist():
            mine, theirs, inside = (
                slice(*np.searchsorted(numbers, (tangle, tangle + 1))) for numbers in (of_left, of_right, of_pair)
            )
            if is_flat(left[mine]) and is_flat(right[theirs]):
                large[inside] = False
            else:
                # Solved without a list of the pairs.
                found.append(_tangle(left, right, g[inside], p[inside], ids))
        found.append(_chains_and_knots(left, right, types, g[~large], p[~large]))
    return found


# So many pairs of a tangle are worth arrays of their own.
_MANY = 64


def _name(document: int, ids: Sequence[str]) -> str:
    return repr(ids[document]) if ids else str(document)


def _tangle(left: Side, right: Side, g: Ints, p: Ints, ids: Sequence[str]) -> tuple[Ints, Ints]:
    """The best pairs of one tangle, as indices; ``g`` and ``p`` are those of the pairs that overlap."""
    rows, columns = np.flatnonzero(np.bincount(g)), np.flatnonzero(np.bincount(p))
    row, column = np.searchsorted(rows, g), np.searchsorted(columns, p)
    one, other = (np.stack([side.start, side.end, side.type], axis=1) for side in (left[rows], right[columns]))
    try:
        chosen = assign(weigh(one, other, row, column))
    except InputError as error:
        raise InputError(f"document {_name(int(left.document[g[0]]), ids)}: {error}") from None
    paired = chosen >= 0
    return rows[paired], columns[chosen[paired]]


def _chains_and_knots(left: Side, right: Side, types: Sequence[str], g: Ints, p: Ints) -> tuple[Ints, Ints]:
    """The best pairs of what overlaps little, as indices."""
    if not len(g):
        return g, p
    some, others = np.flatnonzero(np.bincount(g)), np.flatnonzero(np.bincount(p))
    edges = list(zip(np.searchsorted(some, g).tolist(), np.searchsorted(others, p).tolist(), strict=True))
    pairs = np.array(solve(edges, left[some].spans(types), right[others].spans(types)), np.int64).reshape(-1, 2)
    return some[pairs[:, 0]], others[pairs[:, 1]]


def _shared(one: Side, other: Side) -> Ints:
    return np.minimum(one.end, other.end) - np.maximum(one.start, other.start)


def _needed(side: Side, share: float) -> Ints:
    lengths, at = np.unique(side.end - side.start, return_inverse=True)
    return np.array([needed(length, share) for length in lengths.tolist()], np.int64)[at]


def accepted(gold: Side, predicted: Side, alternatives: Sequence[tuple[int, int, int]], types: int) -> Side | None:
    """The gold spans, moved to the accepted alternative boundary where that is what was predicted.

    ``alternatives`` are (index of the gold span, start, end), positions. Only gold spans that were not matched exactly
    move, only to predictions that match nothing exactly, each to another one, and as many as can be. None when none
    moves.
    """
    if not alternatives:
        return None
    index, start, end = (np.array(column, np.int64) for column in zip(*alternatives, strict=True))
    wanted = Side(start, end, gold.type[index], gold.document[index])
    gold_key, predicted_key, wanted_key = keys(types, gold, predicted, wanted)
    exact, hit = lookup(gold_key, predicted_key), lookup(wanted_key, predicted_key)
    taken = np.zeros(len(predicted), np.bool_)
    taken[exact[exact >= 0]] = True
    possible = (exact[index] < 0) & (hit >= 0)
    possible[possible] = ~taken[hit[possible]]
    choices: dict[int, list[int]] = {}
    for g, p in sorted(zip(index[possible].tolist(), hit[possible].tolist(), strict=True)):
        choices.setdefault(g, []).append(p)
    if not choices:
        return None
    moved = Side(gold.start.copy(), gold.end.copy(), gold.type, gold.document)
    for p, g in _assign(choices).items():
        moved.start[g], moved.end[g] = predicted.start[p], predicted.end[p]
    return moved


def _assign(choices: dict[int, list[int]]) -> dict[int, int]:
    """Gold span of each prediction taken: as many as possible, by augmenting paths (Berge 1957), in order."""
    holder: dict[int, int] = {}

    def place(g: int, tried: set[int]) -> bool:
        for p in choices[g]:
            if p not in tried:
                tried.add(p)
                if p not in holder or place(holder[p], tried):
                    holder[p] = g
                    return True
        return False

    for g in choices:
        place(g, set())
    return holder


class Units(Struct, frozen=True):
    """The number of the unit of each gold span and of each prediction by itself, and how many units there are."""

    gold: Ints
    predicted: Ints
    number: int


class Matched(Struct, frozen=True):
    """Spans as arrays, the types that their numbers stand for, their partners, and the unit of each by itself."""

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
    plain = pair(gold, predicted, optional, others, types, share, spans.ids)
    first = np.concatenate([[0], np.cumsum(np.array(spans.gold.sizes, np.int64))])
    alternatives = [
        (int(first[d]) + n, start + d * stride, end + d * stride) for d, n, start, end in spans.alternatives
    ]
    moved = accepted(gold, predicted, alternatives, len(types))
    tolerant = plain
    if moved is not None:
        tolerant = pair(moved, predicted, optional, others, types, share, spans.ids)
    required = plain
    if len(optional):
        required = pair(join(gold, optional), predicted, optional[:0], others, types, share, spans.ids)
    unit_of, unit_document = units_of(spans.starts, len(spans.gold.sizes), stride)
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


def units_of(
    starts: Sequence[Sequence[int]] | None, documents: int, stride: int
) -> tuple[Callable[[Side], Ints], Ints]:
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
