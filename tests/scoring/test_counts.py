"""Counts against seqeval, nervaluate and scikit-learn on random flat data, and by hand."""

import random
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2
from sklearn.metrics import precision_recall_fscore_support

import tyez_bench
from tyez_bench.scoring import counts
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import SCHEMES, Counts, MucCounts, f1, histograms, outcome, precision, recall
from tyez_bench.scoring.spans import TypedSpan as Span

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


Corpus = list[tuple[list[Span], list[Span]]]


def scored(corpus: Corpus) -> Report:
    """The whole corpus, a document a unit."""
    return tyez_bench.score_spans([gold for gold, _ in corpus], [predicted for _, predicted in corpus])


def test_strict_equals_seqeval_strict(corpus: Corpus) -> None:
    ours = scored(corpus)
    theirs = classification_report(
        [tags(gold) for gold, _ in corpus],
        [tags(predicted) for _, predicted in corpus],
        mode="strict",
        scheme=IOB2,
        output_dict=True,
    )
    averages = ours.averages()
    for name, figures in [
        *((t, ours.figures(t)) for t in TYPES),
        ("micro avg", ours.figures()),
        ("macro avg", averages["macro"]),
        ("weighted avg", averages["weighted"]),
    ]:
        assert figures["precision"] == pytest.approx(theirs[name]["precision"], abs=1e-12)
        assert figures["recall"] == pytest.approx(theirs[name]["recall"], abs=1e-12)
        assert figures["f1"] == pytest.approx(theirs[name]["f1-score"], abs=1e-12)
    assert {t: ours.counts(t).gold for t in TYPES} == {t: theirs[t]["support"] for t in TYPES}


def nervaluates(corpus: Corpus) -> Any:
    """Nervaluate's counts by scheme."""

    def spell(spans: list[Span]) -> list[dict[str, Any]]:
        # nervaluate's ends are inclusive.
        return [{"label": s.type, "start": s.start, "end": s.end - 1} for s in spans]

    evaluator = Evaluator(
        [spell(gold) for gold, _ in corpus],
        [spell(predicted) for _, predicted in corpus],
        tags=list(TYPES),
        loader="dict",
    )
    return evaluator.evaluate()["overall"]


# Our names of their schemes.
NERVALUATE = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}


@pytest.mark.parametrize("scheme", NERVALUATE)
def test_equals_nervaluate_where_order_does_not_matter(corpus: Corpus, scheme: str) -> None:
    """No span overlaps two of the other side here, so that there is nothing to choose."""
    ours = scored(corpus)
    theirs = nervaluates(corpus)[NERVALUATE[scheme]]
    found = outcome(ours.columns(), SCHEMES[scheme])
    assert found is not None
    assert (found.correct, found.incorrect, found.partial, found.missed, found.spurious) == (
        theirs.correct,
        theirs.incorrect,
        theirs.partial,
        theirs.missed,
        theirs.spurious,
    )
    figures = ours.figures(scheme=scheme)
    assert figures["precision"] == pytest.approx(theirs.precision)
    assert figures["recall"] == pytest.approx(theirs.recall)
    assert figures["f1"] == pytest.approx(theirs.f1)
    assert found.incorrect + found.partial > 20


def test_the_six_scenarios_of_semeval() -> None:
    """Right; spurious; missed; other type; other boundary; both. Expected: strict .2, exact .4, type .4, partial .6."""
    corpus: Corpus = [
        ([Span(0, 4, "ORG")], [Span(0, 4, "ORG")]),
        ([], [Span(3, 5, "ORG")]),
        ([Span(3, 5, "ORG")], []),
        ([Span(0, 4, "ORG")], [Span(0, 4, "PLACE")]),
        ([Span(0, 4, "ORG")], [Span(0, 3, "ORG")]),
        ([Span(0, 4, "ORG")], [Span(1, 4, "PLACE")]),
    ]
    report = scored(corpus)
    expected = {
        "strict": (0.2, MucCounts(1, 3, 0, 1, 1)),
        "exact": (0.4, MucCounts(2, 2, 0, 1, 1)),
        "type": (0.4, MucCounts(2, 2, 0, 1, 1)),
        "partial": (0.6, MucCounts(2, 0, 2, 1, 1)),
    }
    for scheme, (value, categories) in expected.items():
        assert report.figures(scheme=scheme)["f1"] == pytest.approx(value)
        assert outcome(report.columns(), SCHEMES[scheme]) == categories


def test_strict_equals_scikit_learn_on_typed_boundaries(corpus: Corpus) -> None:
    """Every span that either side has is a case; each side says its type there, or none."""
    gold_types, predicted_types = [], []
    for gold, predicted in corpus:
        on_gold, on_predicted = ({s[:2]: s.type for s in side} for side in (gold, predicted))
        for boundary in on_gold.keys() | on_predicted.keys():
            gold_types.append(on_gold.get(boundary, "none"))
            predicted_types.append(on_predicted.get(boundary, "none"))
    ours = scored(corpus)
    theirs = precision_recall_fscore_support(gold_types, predicted_types, labels=list(TYPES))
    for number, type_ in enumerate(TYPES):
        assert ours.figures(type_)["precision"] == pytest.approx(theirs[0][number], abs=1e-12)
        assert ours.figures(type_)["recall"] == pytest.approx(theirs[1][number], abs=1e-12)
        assert ours.counts(type_).gold == theirs[3][number]


def test_characters_equal_scikit_learn_over_characters(corpus: Corpus) -> None:
    """On flat spans: every character is a case."""
    flat_tags = [
        [tag.rpartition("-")[2] for spans in side for tag in tags(spans)] for side in zip(*corpus, strict=True)
    ]
    theirs = precision_recall_fscore_support(*flat_tags, labels=list(TYPES), average="micro")
    ours = scored(corpus).figures(scheme="characters")
    assert (ours["precision"], ours["recall"], ours["f1"]) == pytest.approx(theirs[:3], abs=1e-12)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(*[st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from("AB")), max_size=6)] * 2),
        max_size=3,
    )
)
def test_characters_of_any_spans_are_sets_of_typed_places(documents: Any) -> None:
    """Nested, crossing, equal in two types: a (document, place, type) is there or not."""
    corpus = [
        tuple([Span(s, s + n, t) for s, n, t in dict.fromkeys(side)] for side in document) for document in documents
    ]
    gold, predicted = (
        {(d, place, s.type) for d, doc in enumerate(corpus) for s in doc[side] for place in range(s.start, s.end)}
        for side in (0, 1)
    )
    report = tyez_bench.score_spans([g for g, _ in corpus], [p for _, p in corpus])
    assert report.counts(scheme="characters") == Counts(len(gold), len(predicted), len(gold & predicted))


def test_characters_by_hand() -> None:
    """Two of three characters found, one too many, and two of another type."""
    report = scored([([Span(0, 3, "A"), Span(5, 7, "B")], [Span(1, 4, "A"), Span(5, 7, "A")])])
    assert report.counts("A", "characters") == Counts(3, 5, 2)
    assert report.counts("B", "characters") == Counts(2, 0, 0)


def test_a_wrong_type_is_booked_in_both_rows() -> None:
    report = scored([([Span(0, 2, "PLACE")], [Span(0, 2, "ORG")])])
    assert dict(report.rows()) == {"PLACE": Counts(1, 0), "ORG": Counts(0, 1), "micro": Counts(1, 1)}


def test_exact_books_the_pair_once_in_the_row_of_the_gold_type() -> None:
    report = scored([([Span(0, 2, "PLACE")], [Span(0, 2, "ORG")])])
    assert dict(report.rows("exact")) == {"PLACE": Counts(1, 1, 1), "ORG": Counts(), "micro": Counts(1, 1, 1)}


def count(required: list[Span], predicted: list[Span], optional: list[Span]) -> tuple[Counts, int, int]:
    """Strict counts of one document, ignored gold spans and predictions."""
    report = tyez_bench.score_spans([required], [predicted], optional=[optional])
    columns = report.columns()
    return report.counts(), int(columns[Count.IGNORED_GOLD]), int(columns[Count.IGNORED_PREDICTED])


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
    assert count(MUST, predicted, MAYBE) == (Counts(gold=2, predicted=wrong), 1, ignored)


def test_an_unpaired_prediction_over_a_required_and_an_optional_span_is_spurious() -> None:
    found, _, _ = count([Span(0, 4, "DATE")], [Span(0, 4, "DATE"), Span(3, 12, "DATE")], MAYBE)
    assert found == Counts(gold=1, predicted=2, right=1)


def test_a_hit_on_an_optional_span_inside_a_required_one_is_ignored() -> None:
    """As 哈工大 in 哈工大机器人集团, when nested spans count too."""
    assert count([Span(0, 8, "ORG")], [Span(0, 3, "ORG")], [Span(0, 3, "ORG")]) == (Counts(gold=1), 1, 1)


def test_undefined_figures_are_none() -> None:
    nothing, only_gold, only_predicted = Counts(), Counts(gold=2), Counts(predicted=2)
    assert (precision(nothing), recall(nothing), f1(nothing)) == (None, None, None)
    assert (precision(only_gold), recall(only_gold), f1(only_gold)) == (None, 0, 0)
    assert (precision(only_predicted), recall(only_predicted), f1(only_predicted)) == (0, None, 0)


def test_rows_of_exact_by_hand() -> None:
    """Gold A, B; both found with their boundaries as A, and one more A: row A has P 1/2 and R 1, row B P and R 1."""
    gold = [Span(0, 1, "A"), Span(2, 3, "B")]
    report = scored([(gold, [Span(0, 1, "A"), Span(2, 3, "A"), Span(5, 6, "A")])])
    assert report.counts("A", "exact") == Counts(gold=1, predicted=2, right=1)
    assert report.figures("A", "exact")["f1"] == pytest.approx(2 / 3)
    assert report.figures("B", "exact") == {"precision": 1, "recall": 1, "f1": 1}
    assert report.figures(scheme="exact")["f1"] == pytest.approx(4 / 5)


def test_f1_by_hand() -> None:
    counts = Counts(gold=4, predicted=2, right=1)
    assert (precision(counts), recall(counts)) == (0.5, 0.25)
    assert f1(counts) == pytest.approx(2 * 0.5 * 0.25 / 0.75)


def test_counts_of_parts_add_up(corpus: Corpus) -> None:
    parts = scored(corpus[:30]) + scored(corpus[30:])
    whole = scored(corpus)
    assert all(parts.rows(scheme) == whole.rows(scheme) for scheme in whole.schemes)
    assert parts.intervals() == whole.intervals()


def test_shuffling_changes_nothing(corpus: Corpus) -> None:
    rng = random.Random(5)
    shuffled = [(rng.sample(gold, len(gold)), rng.sample(predicted, len(predicted))) for gold, predicted in corpus]
    assert np.array_equal(scored(corpus).tables.units.dense(), scored(shuffled).tables.units.dense())


def test_many_optional_spans_are_looked_up_in_linear_steps() -> None:
    required = [Span(10 * i, 10 * i + 2, "A") for i in range(20_000)]
    optional = [Span(10 * i + 3, 10 * i + 6, "A") for i in range(20_000)]
    predicted = [Span(10 * i + 4, 10 * i + 5, "A") for i in range(20_000)]
    assert count(required, predicted, optional)[2] == 20_000


NUMBERS = st.sampled_from((0, 0, 1, 2, 300, 70_000))
TABLES = st.lists(st.lists(st.lists(NUMBERS, min_size=2, max_size=2), max_size=4), min_size=1, max_size=4)


@given(TABLES, st.integers(0, 3), st.sampled_from((1, 2, 1 << 18)), st.booleans())
def test_rows_that_are_kept_once_are_the_same_counts(
    parts: list[list[list[int]]], known: int, block: int, alike: bool
) -> None:
    """Whatever is looked for, however many cells at a time, and where all rows have one hash."""
    tables = []
    for part in parts:
        table = np.zeros((len(part), 2, len(Count)), np.int64)
        for column in (Count.GOLD, Count.PREDICTED, Count.GOLD_CHARACTERS):
            table[:, :, column] = np.array(part, np.int64).reshape(-1, 2) * (1 + column % 2)
        tables.append(table)
    factors = np.zeros(len(Count), np.uint64) if alike else counts._FACTORS
    with (
        mock.patch.object(counts, "_KNOWN", known),
        mock.patch.object(counts, "_BLOCK", block),
        mock.patch.object(counts, "_FACTORS", factors),
    ):
        grown = counts.GrowingCells(3)
        for table in tables:
            grown.add(counts.Cells.of_dense(table), np.array([0, 2]))
        cells = grown.cells()
        joined = np.concatenate(tables)
        whole = np.zeros((len(joined), 3, len(Count)), np.int64)
        whole[:, [0, 2]] = joined
        plain = counts.Cells.of_dense(whole)
        assert cells.units == plain.units
        assert np.array_equal(cells.dense(), whole)
        assert np.array_equal(cells.total(), whole.sum(axis=0))
        assert np.array_equal(cells.by_unit([0, 2], [Count.GOLD]), plain.by_unit([0, 2], [Count.GOLD]))
        for name in ("strict", "partial"):
            for types in ([0, 2], [2]):
                rows = [*types, None]
                both = (histograms(each, types, SCHEMES[name], rows) for each in (cells, plain))
                for one, other in zip(*both, strict=True):
                    assert (one.rows.tolist(), one.sizes.tolist()) == (other.rows.tolist(), other.sizes.tolist())


def test_sentences_share_their_rows() -> None:
    table = np.zeros((500, 1, len(Count)), np.int64)
    table[:, 0, Count.GOLD] = np.arange(500) % 5 + 1
    grown = counts.GrowingCells(1)
    for _ in range(4):
        grown.add(counts.Cells.of_dense(table), np.array([0]))
    cells = grown.cells()
    assert (len(cells.rows), len(cells.counts), cells.units) == (5, 2000, 2000)
