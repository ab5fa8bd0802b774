"""The matcher against a brute-force search over all pairings, and by hand."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import order_key
from tyez_bench.scoring.matching import Matching, match, shared
from tyez_bench.scoring.spans import TypedSpan as Span

Pairs = list[tuple[Span, Span]]


@st.composite
def sides(draw: Any) -> tuple[list[Span], list[Span]]:
    """Up to five spans a side, on few characters, so that most things overlap."""
    return _side(draw), _side(draw)


def _side(draw: Any) -> list[Span]:
    span = st.tuples(st.integers(0, 9), st.integers(1, 6), st.sampled_from("AB"))
    found = {Span(start, start + length, type_) for start, length, type_ in draw(st.lists(span, max_size=5))}
    if draw(st.booleans()):
        flat: list[Span] = []
        for one in sorted(found):
            if all(not shared(one, other) for other in flat):
                flat.append(one)
        found = set(flat)
    return list(draw(st.permutations(sorted(found))))


def brute_force(gold: list[Span], predicted: list[Span]) -> Pairs:
    """The best of all pairings of overlapping spans, by the written order of preference."""
    golds, predictions = sorted(gold, key=order_key), sorted(predicted, key=order_key)
    best: tuple[tuple[int, ...], Pairs] | None = None

    def rank(pairs: Pairs) -> tuple[int, ...]:
        partner = dict(pairs)
        return (
            sum(g == p for g, p in pairs),
            sum(g[:2] == p[:2] for g, p in pairs),
            len(pairs),
            sum(g.type == p.type for g, p in pairs),
            sum(shared(g, p) for g, p in pairs),
            *(len(predictions) - predictions.index(partner[g]) if g in partner else 0 for g in golds),
        )

    def extend(index: int, pairs: Pairs) -> None:
        nonlocal best
        if index == len(golds):
            ranked = rank(pairs)
            if best is None or ranked > best[0]:
                best = ranked, list(pairs)
            return
        used = {p for _, p in pairs}
        for prediction in predictions:
            if prediction not in used and shared(golds[index], prediction):
                extend(index + 1, [*pairs, (golds[index], prediction)])
        extend(index + 1, pairs)

    extend(0, [])
    assert best is not None
    return best[1]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(sides())
def test_it_finds_the_best_of_all_pairings(both: tuple[list[Span], list[Span]]) -> None:
    gold, predicted = both
    assert set(match(gold, predicted).pairs) == set(brute_force(gold, predicted))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(sides(), st.randoms(use_true_random=False))
def test_order_does_not_matter_and_nothing_is_lost(both: tuple[list[Span], list[Span]], random: Any) -> None:
    gold, predicted = both
    found = match(gold, predicted)
    assert sorted([g for g, _ in found.pairs] + list(found.missed)) == sorted(gold)
    assert sorted([p for _, p in found.pairs] + list(found.spurious)) == sorted(predicted)
    random.shuffle(gold)
    random.shuffle(predicted)
    assert match(gold, predicted) == found


def spans(*found: tuple[int, int, str]) -> list[Span]:
    """Spans from plain tuples."""
    return [Span(*span) for span in found]


@pytest.mark.parametrize(
    ("gold", "predicted", "pairs"),
    [
        # Identical first, even if another would overlap more.
        ([(0, 2, "A"), (2, 9, "A")], [(0, 2, "A"), (1, 9, "A")], [(0, 0), (1, 1)]),
        # Same boundary before same type.
        ([(0, 4, "A")], [(0, 4, "B"), (0, 3, "A")], [(0, 0)]),
        # Two pairs rather than one, though the one would share more.
        ([(0, 3, "A"), (3, 9, "A")], [(2, 8, "A"), (8, 9, "A")], [(0, 0), (1, 1)]),
        # The same type before more characters.
        ([(0, 6, "A")], [(0, 5, "B"), (5, 6, "A")], [(0, 1)]),
        # One gold, two predictions: one of them is spurious.
        ([(0, 6, "A")], [(0, 2, "A"), (2, 6, "A")], [(0, 1)]),
        # A tie: the first in order.
        ([(0, 6, "A")], [(3, 6, "A"), (0, 3, "A")], [(0, 1)]),
        # Touching is not overlapping.
        ([(0, 3, "A")], [(3, 6, "A")], []),
        ([], [(0, 1, "A")], []),
        ([(0, 1, "A")], [], []),
    ],
)
def test_by_hand(gold: Any, predicted: Any, pairs: list[tuple[int, int]]) -> None:
    golds, predictions = spans(*gold), spans(*predicted)
    found = match(golds, predictions)
    assert found.pairs == tuple((golds[g], predictions[p]) for g, p in pairs)


def test_a_long_chain_and_a_star_are_matched_in_linear_steps() -> None:
    """Each prediction is shifted by one: one component as long as the document."""
    gold = [Span(3 * i, 3 * i + 3, "A") for i in range(20_000)]
    predicted = [Span(3 * i + 1, 3 * i + 4, "A") for i in range(20_000)]
    assert len(match(gold, predicted).pairs) == 20_000
    assert len(match([Span(0, 60_000, "A")], gold).pairs) == 1


def test_a_span_given_twice_is_refused() -> None:
    with pytest.raises(InputError, match="prediction A 0–1 occurs twice"):
        match([], spans((0, 1, "A"), (0, 1, "A")))
    with pytest.raises(InputError, match="gold A 0–1 occurs twice"):
        match(spans((0, 1, "A"), (0, 1, "A")), [])


def test_nothing_to_match() -> None:
    assert match([], []) == Matching((), (), ())
