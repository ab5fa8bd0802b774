"""One-to-one matching of gold and predicted spans within a document.

The pairing does not depend on the order of either list. Preferences, one after the other:

1. same boundary and type;
2. same boundary;
3. the largest number of overlapping pairs;
4. the most pairs of the same type;
5. the most shared characters;
6. what is still tied: gold spans in the order (start, −end, type) each take the first prediction in
   that order that an optimal pairing allows.

The same matcher serves for systems, for annotators and for versions of the gold.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt, prod

import numpy as np
from msgspec import Struct

from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import order_key
from tyez_bench.scoring.assignment import LARGEST, NONE, assign
from tyez_bench.scoring.spans import Ints, TypedSpan

# So many pairs of spans that hang together take some hundred megabytes and a second.
MOST_PAIRS = 1 << 24
# Up to so many, all matchings are tried.
FEW = 6


class Matching(Struct, frozen=True):
    """Pairs (gold, predicted), the gold spans without a partner, the predictions without one."""

    pairs: tuple[tuple[TypedSpan, TypedSpan], ...]
    missed: tuple[TypedSpan, ...]
    spurious: tuple[TypedSpan, ...]


Edge = tuple[int, int]
Weight = tuple[int, int, int, int]


def match(gold: Iterable[TypedSpan], predicted: Iterable[TypedSpan]) -> Matching:
    """Match spans of one document. Raises InputError when a side has the same span twice."""
    golds, predictions = _distinct(gold, "gold"), _distinct(predicted, "prediction")
    exact = set(golds) & set(predictions)
    pairs = [(span, span) for span in exact]
    left = sorted(set(golds) - exact, key=order_key)
    right = sorted(set(predictions) - exact, key=order_key)
    pairs.extend((left[g], right[p]) for g, p in solve(overlaps(left, right), left, right))
    pairs.sort(key=lambda pair: (order_key(pair[0]), order_key(pair[1])))
    paired_gold = {g for g, _ in pairs}
    paired_predicted = {p for _, p in pairs}
    return Matching(
        pairs=tuple(pairs),
        missed=tuple(span for span in left if span not in paired_gold),
        spurious=tuple(span for span in right if span not in paired_predicted),
    )


def solve(edges: list[Edge], left: Sequence[TypedSpan], right: Sequence[TypedSpan]) -> list[Edge]:
    """The best pairs among overlapping ones, by the preferences above; no two share a span.

    ``edges`` are pairs of indices into ``left`` and ``right``, both in order and without exact matches.
    """
    chosen: list[Edge] = []
    for component in components(edges):
        by = _solve_chain if _is_chain(component, left, right) else _solve_all if len(component) <= FEW else _solve_knot
        chosen.extend(by(component, left, right))
    return chosen


def shared(one: TypedSpan, other: TypedSpan) -> int:
    """How many characters two spans share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _distinct(spans: Iterable[TypedSpan], side: str) -> list[TypedSpan]:
    found = list(spans)
    if len(set(found)) < len(found):
        twice = next(span for span in found if found.count(span) > 1)
        raise InputError(f"{side} {twice.type} {twice.start}–{twice.end} occurs twice")
    return found


def _weight(gold: TypedSpan, predicted: TypedSpan) -> Weight:
    same_boundary = (gold.start, gold.end) == (predicted.start, predicted.end)
    return int(same_boundary), 1, int(gold.type == predicted.type), shared(gold, predicted)


def needed(length: int, share: float) -> int:
    """How many characters a prediction must share with a gold span of ``length`` to overlap it: at least one.

    The share is taken as it is written, in decimals: of 100 characters, 0.29 are 29.
    """
    part = length * Fraction(str(share))
    return max(1, -(-part.numerator // part.denominator))


def overlaps(left: Sequence[TypedSpan], right: Sequence[TypedSpan], share: float = 0.0) -> list[Edge]:
    """Indices of the pairs that share a character, or ``share`` of those of the left span; both come by start."""
    edges = _touching(left, right)
    if not share:
        return edges
    return [(g, p) for g, p in edges if shared(left[g], right[p]) >= needed(left[g].end - left[g].start, share)]


def _touching(left: Sequence[TypedSpan], right: Sequence[TypedSpan]) -> list[Edge]:
    edges: list[Edge] = []
    active: list[int] = []
    following = 0
    for g, gold in enumerate(left):
        while following < len(right) and right[following].start < gold.end:
            active.append(following)
            following += 1
        # Gold spans come by start: a prediction that ends before this one is done with.
        active = [p for p in active if right[p].end > gold.start]
        edges.extend((g, p) for p in active if right[p].start < gold.end)
    return edges


def components(edges: list[Edge]) -> list[list[Edge]]:
    """Overlapping pairs, grouped so that no span occurs in two groups; each group in order."""
    group_of: dict[tuple[str, int], list[Edge]] = {}
    for g, p in edges:
        at_gold, at_predicted = group_of.get(("g", g)), group_of.get(("p", p))
        group = at_gold or at_predicted or []
        group.append((g, p))
        group_of["g", g] = group_of["p", p] = group
        if at_gold and at_predicted and at_gold is not at_predicted:
            # The smaller group moves, so that no edge moves often.
            small, large = sorted((at_gold, at_predicted), key=len)
            large.extend(small)
            for gold_index, predicted_index in small:
                group_of["g", gold_index] = group_of["p", predicted_index] = large
    return [sorted(group) for group in {id(group): group for group in group_of.values()}.values()]


def _is_chain(edges: list[Edge], left: Sequence[TypedSpan], right: Sequence[TypedSpan]) -> bool:
    """Whether the spans of a component don't overlap within their own side.

    Then the pairs, in order, form a path in which only neighbours share a span.
    """
    for side, indices in (
        (left, sorted({g for g, _ in edges})),
        (right, sorted({p for _, p in edges})),
    ):
        for one, other in pairwise(indices):
            if side[other].start < side[one].end:
                return False
    return True


def _solve_chain(edges: list[Edge], left: Sequence[TypedSpan], right: Sequence[TypedSpan]) -> list[Edge]:
    """Best matching of a chain in linear time, by the best that each tail of the chain can give."""
    weights = [_weight(left[g], right[p]) for g, p in edges]
    # Behind edge i, the first that shares neither span with it. Those that share one come in a row, right behind.
    after = [len(edges)] * len(edges)
    end_of_gold = end_of_predicted = len(edges)
    for i in range(len(edges) - 1, -1, -1):
        if i + 1 < len(edges):
            end_of_gold = end_of_gold if edges[i + 1][0] == edges[i][0] else i + 1
            end_of_predicted = end_of_predicted if edges[i + 1][1] == edges[i][1] else i + 1
        after[i] = max(end_of_gold, end_of_predicted)
    best: list[Weight] = [(0, 0, 0, 0)] * (len(edges) + 1)
    for i in range(len(edges) - 1, -1, -1):
        best[i] = max(best[i + 1], _add(weights[i], best[after[i]]))
    chosen: list[Edge] = []
    i = 0
    while i < len(edges):
        # Taking an edge as soon as that is optimal is what the tie rule asks for.
        if _add(weights[i], best[after[i]]) == best[i]:
            chosen.append(edges[i])
            i = after[i]
        else:
            i += 1
    return chosen


def _add(one: Weight, other: Weight) -> Weight:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3]


def _solve_all(edges: list[Edge], left: Sequence[TypedSpan], right: Sequence[TypedSpan]) -> list[Edge]:
    """Best matching of a few pairs, by trying all."""
    weight = {edge: _weight(left[edge[0]], right[edge[1]]) for edge in edges}
    of_row = [[edge for edge in edges if edge[0] == g] for g in sorted({g for g, _ in edges})]
    best: tuple[Weight, list[Edge]] = ((0, 0, 0, 0), [])

    def choose(row: int, total: Weight, chosen: list[Edge], taken: frozenset[int]) -> None:
        nonlocal best
        if row == len(of_row):
            # In the order of the tie rule: of equal ones the first stays.
            if total > best[0]:
                best = total, chosen
            return
        for edge in of_row[row]:
            if edge[1] not in taken:
                choose(row + 1, _add(total, weight[edge]), [*chosen, edge], taken | {edge[1]})
        choose(row + 1, total, chosen, taken)

    choose(0, (0, 0, 0, 0), [], frozenset())
    return best[1]


def _solve_knot(edges: list[Edge], left: Sequence[TypedSpan], right: Sequence[TypedSpan]) -> list[Edge]:
    """Best matching of any component."""
    number: dict[str, int] = {}

    def bounds(side: Sequence[TypedSpan], places: list[int]) -> Ints:
        spans = [side[place] for place in places]
        return np.array([(s.start, s.end, number.setdefault(s.type, len(number))) for s in spans], np.int64)

    rows, columns = sorted({g for g, _ in edges}), sorted({p for _, p in edges})
    g, p = np.array(edges, np.int64).T
    weights = weigh(bounds(left, rows), bounds(right, columns), np.searchsorted(rows, g), np.searchsorted(columns, p))
    return [(g, columns[column]) for g, column in zip(rows, assign(weights).tolist(), strict=True) if column >= 0]


def weigh(left: Ints, right: Ints, g: Ints, p: Ints) -> Ints:
    """The weights of pairs of ``left`` and ``right``, (spans, 3): start, end and number of the type; (left, right).

    ``g`` and ``p`` are the indices of the pairs. The preferences are digits of one number: each is worth more than all
    that come after it can add up to. Raises InputError for more than numbers of 64 bits can hold.
    """
    blocks = [slice(first, first + _BLOCK) for first in range(0, len(g), _BLOCK)]
    most = np.zeros(len(left), np.int64)
    for block in blocks:
        np.maximum.at(most, g[block], _shared(left[g[block]], right[p[block]]))
    number = min(len(left), len(right))
    bases = [number + 1, number + 1, int(most.sum()) + 1]
    if (number + 1) * prod(bases) > LARGEST or len(left) * len(right) > MOST_PAIRS:
        raise InputError(
            f"{len(left)} gold spans and {len(right)} predictions overlap one another, "
            f"expected at most {isqrt(MOST_PAIRS)} of each in one group"
        )
    found = np.full((len(left), len(right)), NONE, np.int64)
    for block in blocks:
        one, other = left[g[block]], right[p[block]]
        value = (one[:, :2] == other[:, :2]).all(axis=1).astype(np.int64)
        for base, digit in zip(bases, (1, one[:, 2] == other[:, 2], _shared(one, other)), strict=True):
            value = value * base + digit
        found[g[block], p[block]] = value
    return found


# Pairs at a time: bounds the memory.
_BLOCK = 1 << 18


def _shared(one: Ints, other: Ints) -> Ints:
    return np.minimum(one[:, 1], other[:, 1]) - np.maximum(one[:, 0], other[:, 0])
