"""Intervals: exact on pinned draws, near the truth on known distributions, and never a figure out of nothing."""

import itertools

import numpy as np
import pytest

import tyez_bench
from tyez_bench.model import Label, PredictedEntity, Prediction
from tyez_bench.scoring.counts import Counts
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.resampling import Interval, bootstrap, draw, interval, measures, sums

# Three units: gold, predicted, gold right, predicted right.
TABLE = np.array([[2, 1, 1, 1], [0, 3, 0, 0], [1, 1, 1, 1]], dtype=float)


def test_sums_of_pinned_draws() -> None:
    drawn = np.array([[0, 1, 2], [2, 2, 2], [1, 0, 1]])
    assert sums(TABLE, drawn).tolist() == [[3, 5, 2, 2], [3, 3, 3, 3], [2, 7, 1, 1]]


def test_the_same_seed_draws_the_same_and_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap(TABLE, number=50, seed=1)
    assert whole.shape == (50, 4)
    assert np.array_equal(whole, bootstrap(TABLE, number=50, seed=1))
    assert not np.array_equal(whole, bootstrap(TABLE, number=50, seed=2))
    monkeypatch.setattr("tyez_bench.scoring.resampling._BLOCK", 7)
    blocks = list(draw(3, 50, 1))
    assert [len(block) for block in blocks[:-1]] == [2] * (len(blocks) - 1)
    assert np.array_equal(whole, bootstrap(TABLE, number=50, seed=1))


def test_the_bootstrap_distribution_against_all_possible_draws() -> None:
    """With three units there are 27 equally likely draws: their mean F1 and its interval are known exactly."""
    every = np.array(list(itertools.product(range(3), repeat=3)))
    exact = measures(sums(TABLE, every))["f1"]
    drawn = measures(bootstrap(TABLE, number=40_000, seed=3))["f1"]
    assert np.nanmean(drawn) == pytest.approx(np.nanmean(exact), abs=0.005)
    assert np.isnan(exact).sum() == 0
    assert interval(drawn, 0.8) == interval(exact, 0.8)


def test_measures_are_those_of_single_counts() -> None:
    every = itertools.starmap(Counts, itertools.product(range(3), repeat=4))
    cases = [c for c in every if c.gold_right <= c.gold and c.predicted_right <= c.predicted]
    table = np.array([[c.gold, c.predicted, c.gold_right, c.predicted_right] for c in cases], dtype=float)
    found = measures(table)
    for number, counts in enumerate(cases):
        for name, single in (("precision", precision), ("recall", recall), ("f1", f1)):
            expected = single(counts)
            value = found[name][number]
            assert np.isnan(value) if expected is None else value == pytest.approx(expected)


def test_intervals_by_hand() -> None:
    assert interval(np.arange(101) / 100) == Interval(pytest.approx(0.025), pytest.approx(0.975))  # type: ignore[arg-type]
    assert interval(np.array([np.nan, 0.5, np.nan])) == Interval(0.5, 0.5)
    assert interval(np.array([np.nan])) is None


def test_a_perfect_system_has_no_width_and_a_silent_one_no_precision(gold: tyez_bench.Gold) -> None:
    perfect = {
        d.id: Prediction(
            id=d.id,
            entities=tuple(PredictedEntity(start=e.start, end=e.end, type=e.type) for e in d.outermost() if e.required),
        )
        for d in gold
    }
    report = tyez_bench.score(gold, perfect)
    assert report.intervals["micro"] == dict.fromkeys(("precision", "recall", "f1"), Interval(1, 1))
    silent = tyez_bench.score(gold, {})
    assert silent.intervals["micro"] == {"precision": None, "recall": Interval(0, 0), "f1": Interval(0, 0)}
    assert silent.to_dict()["scores"]["micro"]["precision_interval"] is None


def test_units_are_the_sentences_and_add_up(gold: tyez_bench.Gold) -> None:
    sentences = [s for d in gold for s in d.sentences]
    wrong = {d.id: Prediction(id=d.id, entities=(PredictedEntity(start=0, end=1, type=Label.ORG),)) for d in gold}
    report = tyez_bench.score(gold, wrong)
    assert len(report.units) == len(sentences)
    assert sum(unit.total.predicted for unit in report.units) == 8
    first = {0, *itertools.accumulate(len(d.sentences) for d in gold.documents[:-1])}
    assert {i for i, unit in enumerate(report.units) if unit.total.predicted} == first
    for i, sentence in enumerate(sentences):
        inside = [e for _, e in gold.entities() if e.id.split(":")[0] == sentence.id.split(".")[0]]
        counted = sum(sentence.start <= e.start < sentence.end for e in inside if e.outermost and e.required)
        assert report.units[i].total.gold == counted


def test_a_pair_belongs_to_the_sentence_of_its_gold_span() -> None:
    from tyez_bench.scoring.counts import count_units
    from tyez_bench.scoring.matching import Span

    one, two = count_units([Span(5, 8, "A")], [Span(3, 6, "A"), Span(0, 2, "B"), Span(8, 9, "B")], [0, 4])
    assert one.rows == {"B": Counts(predicted=1)}
    assert two.rows == {"A": Counts(gold=1, predicted=1), "B": Counts(predicted=1)}
