"""Assignment: against trying every matching, the tie rule among them, and what is too large."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.model.errors import InputError
from tyez_bench.scoring import matching
from tyez_bench.scoring.assignment import NONE, Ints, assign


@st.composite
def tables(draw: st.DrawFn) -> Ints:
    """Weights of up to four rows and columns, with many ties and gaps."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    weight = st.sampled_from((NONE, 1, 1, 2, 3))
    line = st.lists(weight, min_size=columns, max_size=columns)
    return np.array(draw(st.lists(line, min_size=rows, max_size=rows)), np.int64)


def best(weights: Ints) -> list[int]:
    """The largest sum, then the earliest column of the first row, of the second, and so on; none is last."""
    rows, columns = weights.shape
    found: list[tuple[int, list[int], tuple[int, ...]]] = []
    for chosen in itertools.product((*range(columns), -1), repeat=rows):
        pairs = [(row, column) for row, column in enumerate(chosen) if column >= 0]
        if len({column for _, column in pairs}) < len(pairs) or any(weights[pair] == NONE for pair in pairs):
            continue
        found.append((-sum(int(weights[pair]) for pair in pairs), [c if c >= 0 else columns for c in chosen], chosen))
    return list(min(found)[2])


@given(tables())
def test_it_is_the_best_of_all_matchings(weights: Ints) -> None:
    assert assign(weights).tolist() == best(weights)


def test_by_hand() -> None:
    assert assign(np.array([[2, 3, 1], [1, 2, 1], [1, NONE, NONE], [2, 1, 3]])).tolist() == [0, 1, -1, 2]
    assert assign(np.full((2, 3), NONE)).tolist() == [-1, -1]
    assert assign(np.ones((500, 400), np.int64)).tolist() == [*range(400), *[-1] * 100]


def test_more_than_can_be_paired_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_PAIRS", 100)
    gold = [(0, 100 + n, "A") for n in range(12)]
    predicted = [(1, 101 + n, "A") for n in range(12)]
    with pytest.raises(InputError, match=r"document 1: 12 gold spans and 12 predictions overlap .* at most 10 of each"):
        tyez_bench.score_spans([[], gold], [[], predicted])


def test_the_document_is_named_by_its_id(gold: tyez_bench.Gold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_PAIRS", 30)
    found = [
        tyez_bench.PredictedEntity(start=start, end=end, type="PLACE") for start in range(4) for end in range(5, 60)
    ]
    settings = tyez_bench.Settings(layer="all")
    predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=tuple(found))}
    with pytest.raises(InputError, match=r"document 'wanbolin': [0-9]+ gold spans and [0-9]+ predictions overlap"):
        tyez_bench.score(gold, predictions, settings=settings)
