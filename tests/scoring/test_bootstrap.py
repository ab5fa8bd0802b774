"""Intervals: exact on pinned draws, near the truth on known distributions, and never a figure out of nothing."""

import itertools
from pathlib import Path

import numpy as np
import pytest

import tyez_bench
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction
from tyez_bench.scoring import bootstrap as resampling
from tyez_bench.scoring.bootstrap import (
    Interval,
    Sparse,
    bootstrap,
    draw,
    interval,
    intervals,
    measures,
    sparse_intervals,
    sums,
)
from tyez_bench.scoring.counts import Column
from tyez_bench.scoring.schemes import Counts, f1, precision, recall

# Three units: gold, predicted, right.
TABLE = np.array([[2, 1, 1], [0, 3, 0], [1, 1, 1]], dtype=float)


def test_sums_of_pinned_draws() -> None:
    drawn = np.array([[0, 1, 2], [2, 2, 2], [1, 0, 1]], np.int32)
    assert sums(TABLE, drawn).tolist() == [[3, 5, 2], [3, 3, 3], [2, 7, 1]]


def test_the_same_seed_draws_the_same_and_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap(TABLE, number=50, seed=1)
    assert whole.shape == (50, 3)
    assert np.array_equal(whole, bootstrap(TABLE, number=50, seed=1))
    assert not np.array_equal(whole, bootstrap(TABLE, number=50, seed=2))
    monkeypatch.setattr("tyez_bench.scoring.bootstrap._BLOCK", 7)
    blocks = list(draw(3, 50, 1))
    assert [len(block) for block in blocks[:-1]] == [2] * (len(blocks) - 1)
    assert np.array_equal(whole, bootstrap(TABLE, number=50, seed=1))


def test_the_bootstrap_distribution_against_all_possible_draws() -> None:
    """With three units there are 27 equally likely draws: their mean F1 and its interval are known exactly."""
    every = np.array(list(itertools.product(range(3), repeat=3)), np.int32)
    exact = measures(sums(TABLE, every))["f1"]
    drawn = measures(bootstrap(TABLE, number=40_000, seed=3))["f1"]
    assert np.nanmean(drawn) == pytest.approx(np.nanmean(exact), abs=0.005)
    assert np.isnan(exact).sum() == 0
    assert interval(drawn, 0.8) == interval(exact, 0.8)


def test_measures_are_those_of_single_counts() -> None:
    every = itertools.starmap(Counts, itertools.product(range(3), repeat=3))
    cases = [c for c in every if c.right <= min(c.gold, c.predicted)]
    table = np.array([[c.gold, c.predicted, c.right] for c in cases], dtype=float)
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
    assert report.intervals()["micro"] == dict.fromkeys(("precision", "recall", "f1"), Interval(1, 1))
    silent = tyez_bench.score(gold, {})
    assert silent.intervals()["micro"] == {"precision": None, "recall": Interval(0, 0), "f1": Interval(0, 0)}
    assert silent.by_name == Interval(0, 0)


def test_units_are_the_sentences_and_add_up(gold: tyez_bench.Gold) -> None:
    sentences = [s for d in gold for s in d.sentences]
    wrong = {d.id: Prediction(id=d.id, entities=(PredictedEntity(start=0, end=1, type="ORG"),)) for d in gold}
    report = tyez_bench.score(gold, wrong)
    units = report.tables.units.sum(axis=1)
    assert len(units) == len(sentences)
    assert report.unit_ids == tuple(sentence.id for sentence in sentences)
    first = {0, *itertools.accumulate(len(d.sentences) for d in gold.documents[:-1])}
    assert set(np.flatnonzero(units[:, Column.PREDICTED])) == first
    for i, sentence in enumerate(sentences):
        inside = [e for _, e in gold.entities() if e.id.split(":")[0] == sentence.id.split(".")[0]]
        counted = sum(sentence.start <= e.start < sentence.end for e in inside if e.outermost and e.required)
        assert units[i, Column.GOLD] == counted


def test_a_pair_belongs_to_the_sentence_of_its_gold_span() -> None:
    predicted = [(3, 6, "A"), (0, 2, "B"), (8, 9, "B")]
    report = tyez_bench.score_spans([[(5, 8, "A")]], [predicted], starts=[[0, 4]])
    one, two = (
        {t: Counts(*row[:2].tolist()) for t, row in zip("AB", unit, strict=True)} for unit in report.tables.units
    )
    assert one == {"A": Counts(0, 0), "B": Counts(0, 1)}
    assert two == {"A": Counts(1, 1), "B": Counts(0, 1)}


def test_every_unit_adds_up_to_the_same(gold: tyez_bench.Gold) -> None:
    """Sentences, documents and names are three ways to cut one whole."""
    report = committed(gold, "jionlp")
    whole = report.tables.units.sum(axis=0)
    for unit, number in (("document", 8), ("name", None)):
        table = report.tables.by(unit)
        assert np.array_equal(table.sum(axis=0), whole)
        assert number is None or len(table) == number
    names = {d.text[e.start : e.end] for d in gold for e in d.outermost()}
    assert len(report.tables.by("name")) >= len(names)
    assert report.by_name is not None
    sentence = report.intervals()["micro"]["f1"]
    assert sentence is not None
    assert report.by_name.high - report.by_name.low > sentence.high - sentence.low


def committed(gold: tyez_bench.Gold, name: str) -> tyez_bench.Report:
    """A report on predictions that are in the repository."""
    path = Path(__file__).parents[2] / "data" / "predictions" / f"{name}.jsonl"
    return tyez_bench.score(gold, tyez_bench.read_predictions(path, gold), system=name)


def test_names_are_drawn_together() -> None:
    """Two names, one three times right, one twice wrong: a draw of two names has all, three or no hits."""
    text = "甲乙甲乙甲"
    entities = tuple(Entity(id=f"d:{i}-{i + 1}", start=i, end=i + 1, text=text[i], type="ORG") for i in range(5))
    gold = Gold("g", None, "f", (Document(id="d", text=text, entities=entities),))
    found = tuple(PredictedEntity(start=i, end=i + 1, type="ORG") for i in (0, 2, 4))
    report = tyez_bench.score(gold, {"d": Prediction(id="d", entities=found)})
    table = report.tables.by("name").sum(axis=1)
    assert sorted(table[:, [Column.GOLD, Column.RIGHT]].tolist()) == [[2, 0], [3, 3]]
    # Draws: both names (F1 3/4), the first twice (1), the second twice (0).
    assert report.by_name == Interval(0, 1)


def places(units: int, rows: int, seed: int) -> tuple[np.ndarray, Sparse]:
    """The same counts as a dense table and by their places, some of which come twice."""
    rng = np.random.default_rng(seed)
    unit, row = rng.integers(units, size=3 * units), rng.integers(rows, size=3 * units)
    counts = rng.integers(0, 3, size=(3 * units, 3))
    dense = np.zeros((units, rows, 3), np.int64)
    np.add.at(dense, (unit, row), counts)
    return dense, Sparse.of(units, rows, unit, row, counts)


@pytest.mark.parametrize(("units", "rows", "kept"), [(7, 3, 1 << 24), (40, 30, 1 << 24), (40, 30, 900), (1, 1, 4)])
def test_intervals_by_places_are_those_of_the_dense_table(
    units: int, rows: int, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dense, sparse = places(units, rows, 1)
    assert sparse.total().tolist() == dense.sum(axis=0).tolist()
    expected = intervals(dense.astype(np.float64), 60, 5)
    monkeypatch.setattr(resampling, "_KEPT", kept)
    assert sparse_intervals(sparse, 60, 5) == expected
    # In blocks of few draws, and with the places of one draw at a time.
    monkeypatch.setattr(resampling, "_BLOCK", 3 * units)
    assert sparse_intervals(sparse, 60, 5) == expected


def test_of_many_units_those_alike_are_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn otherwise, and of the same distribution: the edges are close by."""
    dense, sparse = places(60, 4, 2)
    expected = intervals(dense.astype(np.float64), 4000, 5)
    monkeypatch.setattr(resampling, "MANY", 10)
    found = sparse_intervals(sparse, 4000, 5)
    assert found != expected
    for one, other in zip(found, expected, strict=True):
        for name in one:
            a, b = one[name], other[name]
            assert a is not None
            assert b is not None
            assert (a.low, a.high) == pytest.approx((b.low, b.high), rel=0.06)


def test_no_rows_and_no_units() -> None:
    nothing = np.zeros(0, np.int64)
    assert sparse_intervals(Sparse.of(5, 0, nothing, nothing, np.zeros((0, 3), np.int64)), 10, 1) == []
    assert sparse_intervals(Sparse.of(0, 1, nothing, nothing, np.zeros((0, 3), np.int64)), 10, 1) == [
        {"precision": None, "recall": None, "f1": None}
    ]
