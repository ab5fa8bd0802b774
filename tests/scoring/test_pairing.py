"""Matching whole corpora at once: the pairs of the matcher of a single document, and the rules for optional gold."""

from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.scoring import pairing
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.matching import match, shared
from tyez_bench.scoring.pairing import Matched, match_spans
from tyez_bench.scoring.spans import Spans, keys
from tyez_bench.scoring.spans import TypedSpan as Span

Side = list[list[Span]]


def document(draw: Any, size: int) -> list[Span]:
    """Spans of a document, few characters long; every other time flat."""
    span = st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from("AB"))
    found = sorted({Span(start, start + length, t) for start, length, t in draw(st.lists(span, max_size=size))})
    if draw(st.booleans()):
        flat: list[Span] = []
        for one in found:
            if all(not shared(one, other) for other in flat):
                flat.append(one)
        found = flat
    return list(draw(st.permutations(found)))


@st.composite
def corpora(draw: Any) -> tuple[Side, Side, Side]:
    """Gold, predictions and optional gold of up to four documents; optional spans are no gold spans."""
    number = draw(st.integers(0, 4))
    gold = [document(draw, 5) for _ in range(number)]
    predicted = [document(draw, 5) for _ in range(number)]
    optional = [[s for s in document(draw, 3) if s not in gold[i]] for i in range(number)]
    return gold, predicted, optional


def told(matched: Matched) -> list[tuple[set[tuple[Span, Span]], set[Span]]]:
    """For each document its pairs and its ignored predictions, as offsets."""
    found = matched.plain
    gold, predicted = matched.gold.spans(matched.types), matched.predicted.spans(matched.types)
    documents = 1 + max([-1, *matched.gold.document.tolist(), *matched.predicted.document.tolist()])
    result: list[tuple[set[tuple[Span, Span]], set[Span]]] = [(set(), set()) for _ in range(documents)]

    def back(span: Span, d: int) -> Span:
        return Span(span.start - d * matched.stride, span.end - d * matched.stride, span.type)

    for g, d in enumerate(matched.gold.document.tolist()):
        p = int(found.gold_partner[g])
        if p >= 0:
            assert found.predicted_partner[p] == g
            result[d][0].add((back(gold[g], d), back(predicted[p], d)))
    for p, d in enumerate(matched.predicted.document.tolist()):
        if found.ignored[p]:
            assert found.predicted_partner[p] < 0
            result[d][1].add(back(predicted[p], d))
    return result


def slowly(gold: list[Span], predicted: list[Span], optional: list[Span]) -> tuple[set[tuple[Span, Span]], set[Span]]:
    """The same by the definition, a document at a time."""
    hits = set(optional) & set(predicted)
    found = match(gold, [span for span in predicted if span not in hits])
    near = {
        span
        for span in found.spurious
        if any(shared(span, o) and o.type == span.type for o in optional) and not any(shared(span, g) for g in gold)
    }
    return set(found.pairs), hits | near


@settings(max_examples=250, deadline=None, derandomize=True)
@given(corpora(), st.randoms(use_true_random=False), st.sampled_from((0, 64)))
def test_a_corpus_is_matched_as_its_documents_are(corpus: tuple[Side, Side, Side], random: Any, many: int) -> None:
    """With lists of pairs and, as where these are many, without."""
    gold, predicted, optional = corpus
    with mock.patch.object(pairing, "_MANY", many):
        result = told(match_spans(Spans.plain(gold, predicted, optional), ("A", "B")))
    for d, (g, p, o) in enumerate(zip(gold, predicted, optional, strict=True)):
        expected = slowly(g, p, o)
        assert (result[d] if d < len(result) else (set(), set())) == expected
    for side in corpus:
        for spans in side:
            random.shuffle(spans)
    assert told(match_spans(Spans.plain(gold, predicted, optional), ("A", "B"))) == result


@settings(max_examples=200, deadline=None, derandomize=True)
@given(corpora())
def test_categories_add_up_to_what_is_counted(corpus: tuple[Side, Side, Side]) -> None:
    from tyez_bench.scoring.schemes import SCHEMES, outcome

    gold, predicted, optional = corpus
    report = tyez_bench.score_spans(gold, predicted, optional=optional, types=("A", "B"))
    ignored = int(report.columns()[Count.IGNORED_PREDICTED])
    for scheme in report.schemes:
        found = outcome(report.columns(), SCHEMES[scheme])
        if found is None:
            continue
        counts = report.counts(scheme=scheme)
        assert found.correct + found.incorrect + found.partial + found.missed == counts.gold == sum(map(len, gold))
        assert found.correct + found.incorrect + found.partial + found.spurious == counts.predicted
        assert counts.predicted + ignored == sum(map(len, predicted))
        rows = [report.counts(name, scheme) for name in report.types]
        for field in ("gold", "predicted", "right"):
            assert sum(getattr(row, field) for row in rows) == getattr(counts, field)


def best_tolerant(gold: list[Span], alternatives: dict[int, set[tuple[int, int]]], predicted: list[Span]) -> int:
    """The most gold spans that can be found, by any one-to-one choice (no gold span is an alternative of another)."""
    best = 0

    def extend(index: int, used: frozenset[Span], right: int) -> None:
        nonlocal best
        if index == len(gold):
            best = max(best, right)
            return
        extend(index + 1, used, right)
        own = gold[index]
        for boundary in {own[:2], *alternatives.get(index, ())}:
            span = Span(boundary[0], boundary[1], own.type)
            if span in predicted and span not in used:
                extend(index + 1, used | {span}, right + 1)

    extend(0, frozenset(), 0)
    return best


@settings(max_examples=200, deadline=None, derandomize=True)
@given(corpora(), st.data())
def test_tolerant_finds_as_many_as_can_be(corpus: tuple[Side, Side, Side], data: Any) -> None:
    gold, predicted, _ = corpus
    alternatives = []
    by_document: list[dict[int, set[tuple[int, int]]]] = [{} for _ in gold]
    for d, spans in enumerate(gold):
        for n, span in enumerate(spans):
            for start, end in data.draw(st.lists(st.tuples(st.integers(-1, 1), st.integers(-1, 1)), max_size=2)):
                boundary = max(0, span.start + start), span.end + end
                if boundary[0] < boundary[1] and boundary[0] < span.end and span.start < boundary[1]:
                    if Span(boundary[0], boundary[1], span.type) in spans:
                        continue
                    by_document[d].setdefault(n, set()).add(boundary)
        for n, boundaries in by_document[d].items():
            alternatives += [(d, n, *boundary) for boundary in sorted(boundaries)]
    report = tyez_bench.score_spans(gold, predicted, alternatives=alternatives, types=("A", "B"))
    expected = sum(best_tolerant(g, by_document[d], predicted[d]) for d, g in enumerate(gold))
    assert report.counts(scheme="tolerant").right == expected
    assert report.counts(scheme="tolerant").gold == report.counts().gold
    assert report.counts(scheme="tolerant").right >= report.counts().right


def test_tolerant_by_hand() -> None:
    """An alternative is as good as the boundary itself; a second hit on the same gold span is spurious."""
    gold, accepted = [[(2, 6, "ORG")]], [(0, 0, 2, 4)]
    one = tyez_bench.score_spans(gold, [[(2, 4, "ORG")]], alternatives=accepted)
    assert (one.counts().right, one.counts(scheme="tolerant").right) == (0, 1)
    two = tyez_bench.score_spans(gold, [[(2, 4, "ORG"), (2, 6, "ORG")]], alternatives=accepted)
    counts = two.counts(scheme="tolerant")
    assert (counts.right, counts.predicted) == (1, 2)
    typed = tyez_bench.score_spans(gold, [[(2, 4, "PLACE")]], alternatives=accepted)
    assert typed.counts(scheme="tolerant").right == 0
    # The alternative is found though another prediction shares more with the gold span.
    near = tyez_bench.score_spans(gold, [[(2, 4, "ORG"), (4, 9, "ORG")]], alternatives=accepted)
    assert near.counts(scheme="tolerant").right == 1


def test_hits_outside_the_counted_layer_are_ignored() -> None:
    report = tyez_bench.score_spans([[(0, 2, "A")]], [[(0, 4, "A"), (0, 2, "A"), (0, 3, "A")]], others=[[(0, 4, "A")]])
    assert (report.counts().right, report.counts().predicted) == (1, 2)


def test_offsets_far_out_are_told_apart() -> None:
    """Products of such offsets do not fit 64 bits."""
    far = 1 << 39
    gold = [[(far, far + far // 2, "A"), (0, far, "A")], [(3, 4, "B")]]
    report = tyez_bench.score_spans(gold, [[(far, far + far // 2, "A"), (1, far, "A")], [(3, 4, "B")]])
    assert (report.counts().right, report.counts().predicted) == (2, 3)
    sides = match_spans(Spans.plain(gold, gold), None)
    one, other = keys(2, sides.gold, sides.predicted)
    assert np.array_equal(one, other)
    assert len(set(one.tolist())) == 3


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        ([(2, 2, "A")], "document 0: span 2–2 is empty, reversed or out of range"),
        ([(3, 2, "A")], "reversed"),
        ([(-1, 2, "A")], "reversed"),
        ([(0, 1 << 41, "A")], "out of range"),
        ([(0, 1 << 70, "A")], "out of range"),
        ([(0.5, 2, "A")], "expected whole numbers as offsets, got float"),
        ([(False, True, "A")], "expected whole numbers as offsets, got bool"),
        ([("0", 2, "A")], "expected whole numbers as offsets, got str"),
        ([(0, 2)], "expected spans as"),
        ([(0, 2, "A"), (0, 2, "A")], " A of 2 characters occurs twice"),
    ],
)
def test_bad_spans_are_refused(spans: Any, reason: str) -> None:
    with pytest.raises(tyez_bench.InputError, match=reason):
        tyez_bench.score_spans([spans], [[]])


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(tyez_bench.UsageError, match="1 lists of gold spans, but 2 of predictions"):
        tyez_bench.score_spans([[]], [[], []])
