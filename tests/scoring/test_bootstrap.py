"""Intervals: exact on pinned draws, near the truth on known distributions, and never a figure out of nothing."""

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction
from tyez_bench.scoring import bootstrap as resampling
from tyez_bench.scoring.bootstrap import (
    Histogram,
    Interval,
    Sparse,
    bootstrap,
    interval,
    intervals,
    measures,
    multinomial,
    sparse_intervals,
)
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.schemes import Counts, f1, precision, recall

# Three units: gold, predicted, right.
TABLE = np.array([[2, 1, 1], [0, 3, 0], [1, 1, 1]], dtype=float)


def test_a_histogram_has_each_row_once_in_order() -> None:
    found = Histogram.of(np.array([[2, 1, 0.5], [0, 3, 0], [2, 1, 0.5], [2, 1, 0]]), 6)
    assert found.rows.tolist() == [[0, 0, 0], [0, 3, 0], [2, 1, 0], [2, 1, 0.5]]
    assert found.sizes.tolist() == [2, 1, 1, 2]
    assert found.units == 6
    moves = Histogram.of(np.array([[-1, 2], [1, 2], [-1, 2]]), 4)
    assert (moves.rows.tolist(), moves.sizes.tolist()) == ([[-1, 2], [0, 0], [1, 2]], [2, 1, 1])


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 3), min_size=1, max_size=30), st.integers(0, 3), st.booleans())
def test_histograms_are_those_of_a_counter(rows: list[tuple[int, int, int]], more: int, large: bool) -> None:
    """With keys of one number, with keys that are counted one by one, and with rows too large for keys."""
    factor = 1 << 40 if large else 1
    table = np.array(rows, np.int64) * factor
    found = Histogram.of(table, len(rows) + more)
    counted = Counter(tuple(factor * value for value in row) for row in rows)
    if more:
        counted[0, 0, 0] += more
    assert list(zip(map(tuple, found.rows.tolist()), found.sizes.tolist(), strict=True)) == sorted(counted.items())


def test_counts_of_pinned_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows in order are (0, 3, 0), (1, 1, 1), (2, 1, 1)."""
    pinned = {0: [[1.0, 1, 1], [0, 3, 0]], 1: [[2.0, 0, 1]]}
    monkeypatch.setattr(resampling, "_EACH", 2)
    monkeypatch.setattr(resampling, "multinomial", lambda sizes, number, seed: np.array(pinned[seed[1]]))
    assert bootstrap(TABLE, number=3).tolist() == [[3, 5, 2], [3, 3, 3], [2, 7, 1]]


def test_the_same_seed_draws_the_same_on_one_thread_and_on_two(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bootstrap(TABLE, number=600, seed=1)
    assert whole.shape == (600, 3)
    assert np.array_equal(whole, bootstrap(TABLE, number=600, seed=1))
    assert not np.array_equal(whole, bootstrap(TABLE, number=600, seed=2))
    assert not np.array_equal(whole[:250], whole[250:500])
    monkeypatch.setattr(resampling, "_MANY", 1)
    assert np.array_equal(whole, bootstrap(TABLE, number=600, seed=1))


def test_each_draw_has_as_many_units_as_there_are() -> None:
    drawn = multinomial(np.array([700, 250, 50]), 4000, (3, 0))
    assert (drawn.sum(axis=1) == 1000).all()
    assert drawn.mean(axis=0) == pytest.approx([700, 250, 50], rel=0.01)
    # Of a multinomial n·p·(1 - p).
    assert drawn.var(axis=0) == pytest.approx([210, 187.5, 47.5], rel=0.1)


def test_the_bootstrap_distribution_against_all_possible_draws() -> None:
    """With three units there are 27 equally likely draws: their mean F1 and its interval are known exactly."""
    every = np.array([TABLE[list(draw)].sum(axis=0) for draw in itertools.product(range(3), repeat=3)])
    exact = measures(every)["f1"]
    drawn = measures(bootstrap(TABLE, number=40_000, seed=3))["f1"]
    assert np.nanmean(drawn) == pytest.approx(np.nanmean(exact), abs=0.005)
    assert np.isnan(exact).sum() == 0
    assert interval(drawn, 0.8) == interval(exact, 0.8)


@settings(max_examples=30)
@given(st.data())
def test_intervals_do_not_follow_the_order_of_the_units(data: st.DataObject) -> None:
    """Of the schemes, by name, of surfaces, and of differences: a permutation changes no bit."""
    texts = data.draw(st.lists(st.text("甲乙", min_size=1, max_size=4), min_size=2, max_size=6))

    def spans(text: str) -> set[tuple[int, int, str]]:
        starts = st.integers(0, len(text) - 1)
        found = data.draw(st.dictionaries(starts, st.sampled_from(("ORG", "PLACE")), max_size=3))
        return {(start, start + 1, type_) for start, type_ in found.items()}

    cases = [(f"d{n}", text, [spans(text) for _ in range(3)]) for n, text in enumerate(texts)]

    def reports(order: Sequence[tuple[str, str, list[set[tuple[int, int, str]]]]]) -> list[tyez_bench.Report]:
        documents = tuple(
            Document(
                id=id_,
                text=text,
                entities=tuple(
                    Entity(id=f"{id_}:{start}-{end}:{type_}", start=start, end=end, text=text[start:end], type=type_)
                    for start, end, type_ in sorted(sides[0])
                ),
            )
            for id_, text, sides in order
        )
        gold = Gold("g", None, "f", documents)
        return [
            tyez_bench.score(
                gold,
                {
                    id_: Prediction(
                        id=id_, entities=tuple(PredictedEntity(start=s, end=e, type=t) for s, e, t in sorted(sides[n]))
                    )
                    for id_, _, sides in order
                },
                system=str(n),
                settings=tyez_bench.Settings(draws=50),
            )
            for n in (1, 2)
        ]

    straight, shuffled = reports(cases), reports(data.draw(st.permutations(cases)))
    for one, other in zip(straight, shuffled, strict=True):
        assert one.by_name == other.by_name
        assert one.surface_interval == other.surface_interval
        for scheme in one.schemes:
            assert one.intervals(scheme) == other.intervals(scheme)
    assert tyez_bench.compare(straight, number=50) == tyez_bench.compare(shuffled, number=50)


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
    units = report.tables.units.dense().sum(axis=1)
    assert len(units) == len(sentences)
    assert report.unit_ids == tuple(sentence.id for sentence in sentences)
    first = {0, *itertools.accumulate(len(d.sentences) for d in gold.documents[:-1])}
    assert set(np.flatnonzero(units[:, Count.PREDICTED])) == first
    for i, sentence in enumerate(sentences):
        inside = [e for _, e in gold.entities() if e.id.split(":")[0] == sentence.id.split(".")[0]]
        counted = sum(sentence.start <= e.start < sentence.end for e in inside if e.outermost and e.required)
        assert units[i, Count.GOLD] == counted


def test_a_pair_belongs_to_the_sentence_of_its_gold_span() -> None:
    predicted = [(3, 6, "A"), (0, 2, "B"), (8, 9, "B")]
    report = tyez_bench.score_spans([[(5, 8, "A")]], [predicted], starts=[[0, 4]])
    one, two = (
        {t: Counts(*row[:2].tolist()) for t, row in zip("AB", unit, strict=True)}
        for unit in report.tables.units.dense()
    )
    assert one == {"A": Counts(0, 0), "B": Counts(0, 1)}
    assert two == {"A": Counts(1, 1), "B": Counts(0, 1)}


def test_every_unit_adds_up_to_the_same(gold: tyez_bench.Gold) -> None:
    """Sentences, documents and names are three ways to cut one whole."""
    report = committed(gold, "jionlp")
    whole = report.tables.units.total()
    for unit, number in (("document", 8), ("name", None)):
        table = report.tables.by(unit).dense()
        assert np.array_equal(table.sum(axis=0), whole)
        assert number is None or len(table) == number
    names = {d.text[e.start : e.end] for d in gold for e in d.outermost()}
    assert report.tables.number("name") >= len(names)
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
    table = report.tables.by("name").dense().sum(axis=1)
    assert sorted(table[:, [Count.GOLD, Count.RIGHT]].tolist()) == [[2, 0], [3, 3]]
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


@pytest.mark.parametrize(("units", "rows"), [(7, 3), (40, 30), (1, 1)])
def test_intervals_by_places_are_those_of_the_dense_table(units: int, rows: int) -> None:
    dense, sparse = places(units, rows, 1)
    assert sparse.total().tolist() == dense.sum(axis=0).tolist()
    assert sparse_intervals(sparse, 60, 5) == intervals(dense.astype(np.float64), 60, 5)


def test_no_rows_and_no_units() -> None:
    nothing = np.zeros(0, np.int64)
    assert sparse_intervals(Sparse.of(5, 0, nothing, nothing, np.zeros((0, 3), np.int64)), 10, 1) == []
    assert sparse_intervals(Sparse.of(0, 1, nothing, nothing, np.zeros((0, 3), np.int64)), 10, 1) == [
        {"precision": None, "recall": None, "f1": None}
    ]
