"""Counts against seqeval, nervaluate and scikit-learn on random flat data, and by hand."""

import random
from typing import Any

import pytest
from nervaluate.evaluator import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from sklearn.metrics import precision_recall_fscore_support

from tyez_bench.scoring.counts import Counts, TypeCounts, count
from tyez_bench.scoring.matching import Span
from tyez_bench.scoring.measures import f1, precision, recall

TYPES = ("PLACE", "ORG", "MONEY", "DATE")
LENGTH = 40


def flat(rng: random.Random) -> list[Span]:
    """Random spans that don't overlap."""
    spans = []
    position = rng.randrange(4)
    while position < LENGTH - 4:
        end = position + rng.randint(1, 4)
        spans.append(Span(position, end, rng.choice(TYPES)))
        position = end + rng.choice((0, 0, 1, 3))
    return spans


def perturbed(rng: random.Random, spans: list[Span]) -> list[Span]:
    """A prediction: some spans dropped, some moved at their end, some of another type; still flat."""
    found: list[Span] = []
    for span in spans:
        end = span.end
        if rng.random() < 0.2:
            continue
        if rng.random() < 0.2 and span.end - span.start > 1:
            end -= 1
        found.append(Span(span.start, end, rng.choice(TYPES) if rng.random() < 0.2 else span.type))
    return found


def tags(spans: list[Span]) -> list[str]:
    """The spans as BIO tags."""
    found = ["O"] * LENGTH
    for start, end, type_ in spans:
        found[start:end] = [f"B-{type_}", *[f"I-{type_}"] * (end - start - 1)]
    return found


@pytest.fixture(scope="module")
def corpus() -> list[tuple[list[Span], list[Span]]]:
    """A hundred documents with gold and predictions."""
    rng = random.Random(20220809)
    golds = [flat(rng) for _ in range(100)]
    return [(gold, perturbed(rng, gold)) for gold in golds]


def total(corpus: list[tuple[list[Span], list[Span]]], **how: Any) -> TypeCounts:
    """Counts of the whole corpus."""
    return sum((count(gold, predicted, **how) for gold, predicted in corpus), TypeCounts({}))


def test_strict_equals_seqeval_strict(corpus: list[tuple[list[Span], list[Span]]]) -> None:
    ours = total(corpus)
    theirs = classification_report(
        [tags(gold) for gold, _ in corpus],
        [tags(predicted) for _, predicted in corpus],
        mode="strict",
        scheme=IOB2,
        output_dict=True,
    )
    for name, counts in [*((t, ours.rows[t]) for t in TYPES), ("micro avg", ours.total)]:
        assert precision(counts) == pytest.approx(theirs[name]["precision"], abs=1e-12)
        assert recall(counts) == pytest.approx(theirs[name]["recall"], abs=1e-12)
        assert f1(counts) == pytest.approx(theirs[name]["f1-score"], abs=1e-12)
        assert counts.gold == theirs[name]["support"]


@pytest.mark.parametrize(("scheme", "boundary_only"), [("strict", False), ("exact", True)])
def test_equals_nervaluate(corpus: list[tuple[list[Span], list[Span]]], scheme: str, boundary_only: bool) -> None:
    ours = total(corpus, boundary_only=boundary_only).total

    def spell(spans: list[Span]) -> list[dict[str, Any]]:
        # nervaluate's ends are inclusive.
        return [{"label": s.type, "start": s.start, "end": s.end - 1} for s in spans]

    evaluator = Evaluator(
        [spell(gold) for gold, _ in corpus],
        [spell(predicted) for _, predicted in corpus],
        tags=list(TYPES),
        loader="dict",
    )
    theirs = evaluator.evaluate()["overall"][scheme]
    assert theirs.correct == ours.gold_right == ours.predicted_right
    assert theirs.precision == precision(ours)
    assert theirs.recall == recall(ours)


def test_strict_equals_scikit_learn_on_typed_boundaries(corpus: list[tuple[list[Span], list[Span]]]) -> None:
    """Every span that either side has is a case; each side says its type there, or none."""
    gold_types, predicted_types = [], []
    for gold, predicted in corpus:
        on_gold, on_predicted = ({s[:2]: s.type for s in side} for side in (gold, predicted))
        for boundary in on_gold.keys() | on_predicted.keys():
            gold_types.append(on_gold.get(boundary, "none"))
            predicted_types.append(on_predicted.get(boundary, "none"))
    ours = total(corpus)
    theirs = precision_recall_fscore_support(gold_types, predicted_types, labels=list(TYPES))
    for number, type_ in enumerate(TYPES):
        counts = ours.rows[type_]
        assert precision(counts) == pytest.approx(theirs[0][number], abs=1e-12)
        assert recall(counts) == pytest.approx(theirs[1][number], abs=1e-12)
        assert counts.gold == theirs[3][number]


def test_a_wrong_type_is_booked_in_both_rows() -> None:
    found = count([Span(0, 2, "PLACE")], [Span(0, 2, "ORG")])
    assert found.rows == {"PLACE": Counts(gold=1), "ORG": Counts(predicted=1)}
    assert found.total == Counts(gold=1, predicted=1)


def test_boundary_only_books_the_hit_for_recall_and_for_precision() -> None:
    found = count([Span(0, 2, "PLACE")], [Span(0, 2, "ORG")], boundary_only=True)
    assert found.rows == {"PLACE": Counts(gold=1, gold_right=1), "ORG": Counts(predicted=1, predicted_right=1)}
    assert f1(found.total) == 1


MAYBE = [Span(10, 14, "DATE")]
MUST = [Span(0, 4, "DATE"), Span(14, 16, "DATE")]


@pytest.mark.parametrize(
    ("predicted", "wrong", "ignored"),
    [
        ([Span(10, 14, "DATE")], 0, 1),  # the optional span itself
        ([Span(11, 13, "DATE")], 0, 1),  # overlaps it, same type
        ([Span(9, 12, "DATE"), Span(12, 14, "DATE")], 0, 2),  # two of them
        ([Span(10, 14, "ORG")], 1, 0),  # another type
        ([Span(4, 10, "DATE")], 1, 0),  # only touches it
        ([Span(12, 15, "DATE")], 1, 0),  # overlaps a required one too: paired with that
        ([], 0, 0),
    ],
)
def test_optional_spans_are_neither_right_nor_wrong(predicted: list[Span], wrong: int, ignored: int) -> None:
    found = count(MUST, predicted, optional=MAYBE)
    assert found.total == Counts(gold=2, predicted=wrong)
    assert (found.ignored_gold, found.ignored_predicted) == (1, ignored)


def test_an_unpaired_prediction_over_a_required_and_an_optional_span_is_spurious() -> None:
    found = count([Span(0, 4, "DATE")], [Span(0, 4, "DATE"), Span(3, 12, "DATE")], optional=MAYBE)
    assert found.total == Counts(gold=1, predicted=2, gold_right=1, predicted_right=1)


def test_a_hit_on_an_optional_span_inside_a_required_one_is_ignored() -> None:
    """As 哈工大 in 哈工大机器人集团, when nested spans count too."""
    found = count([Span(0, 8, "ORG")], [Span(0, 3, "ORG")], optional=[Span(0, 3, "ORG")])
    assert found.total == Counts(gold=1)
    assert found.ignored_predicted == 1


def test_undefined_figures_are_none() -> None:
    nothing, only_gold, only_predicted = Counts(), Counts(gold=2), Counts(predicted=2)
    assert (precision(nothing), recall(nothing), f1(nothing)) == (None, None, None)
    assert (precision(only_gold), recall(only_gold), f1(only_gold)) == (None, 0, 0)
    assert (precision(only_predicted), recall(only_predicted), f1(only_predicted)) == (0, None, 0)


def test_f1_of_a_row_whose_hits_differ_is_the_harmonic_mean() -> None:
    """Gold A, B; both found with their boundaries as A, and one more A: row A has P 2/3 and R 1, row B no P and R 1."""
    gold = [Span(0, 1, "A"), Span(2, 3, "B")]
    found = count(gold, [Span(0, 1, "A"), Span(2, 3, "A"), Span(5, 6, "A")], boundary_only=True)
    assert found.rows["A"] == Counts(gold=1, predicted=3, gold_right=1, predicted_right=2)
    assert f1(found.rows["A"]) == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert f1(found.rows["B"]) == 0
    assert f1(found.total) == pytest.approx(4 / 5)


def test_f1_by_hand() -> None:
    counts = Counts(gold=4, predicted=2, gold_right=1, predicted_right=1)
    assert (precision(counts), recall(counts)) == (0.5, 0.25)
    assert f1(counts) == pytest.approx(2 * 0.5 * 0.25 / 0.75)


def test_counts_of_parts_add_up(corpus: list[tuple[list[Span], list[Span]]]) -> None:
    assert total(corpus[:30]) + total(corpus[30:]) == total(corpus)
    assert sum((total(corpus).rows[t] for t in TYPES), Counts()) == total(corpus).total
