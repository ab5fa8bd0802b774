"""Scoring by text and type alone, as sets and as multisets."""

import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.model.documents import PredictedEntity, Prediction, Unlocated
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.settings import Settings

TEXT = "太原、太原。晋源、目前"


@pytest.fixture
def gold_set(tmp_path: Path) -> tyez_bench.Gold:
    """太原 twice in one sentence; 晋源 and an optional 目前 in the next."""
    record = {
        "id": "d",
        "text": TEXT,
        "sentences": [{"id": "d.s1", "start": 0, "end": 6}, {"id": "d.s2", "start": 6, "end": 11}],
        "entities": [
            {"start": 0, "end": 2, "type": "PLACE"},
            {"start": 3, "end": 5, "type": "PLACE"},
            {"start": 6, "end": 8, "type": "PLACE"},
            {"start": 9, "end": 11, "type": "DATE", "status": "optional"},
        ],
    }
    path = tmp_path / "g.jsonl"
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    return tyez_bench.load(path)


def predict(*texts: tuple[str, str]) -> dict[str, Prediction]:
    """Mentions of a model that gives no positions, and that nobody located."""
    return {"d": Prediction(id="d", entities=(), unlocated=tuple(Unlocated(text=t, type=k) for t, k in texts))}


@pytest.mark.parametrize(
    ("matching", "expected"),
    [("set", Counts(2, 2, 1)), ("multiset", Counts(3, 2, 1))],
)
def test_one_of_two_mentions(gold_set: tyez_bench.Gold, matching: Any, expected: Counts) -> None:
    """太原 once and 晋源 as an ORG."""
    found = predict(("太原", "PLACE"), ("晋源", "ORG"))
    report = tyez_bench.score(gold_set, found, settings=Settings(matching=matching))
    assert report.counts() == expected
    assert report.schemes == ("strict",)
    assert report.surfaces is None
    assert report.by_name is None


def test_a_third_mention_is_wrong_in_a_multiset_alone(gold_set: tyez_bench.Gold) -> None:
    found = predict(*[("太原", "PLACE")] * 3)
    assert tyez_bench.score(gold_set, found, settings=Settings(matching="set")).counts() == Counts(2, 1, 1)
    assert tyez_bench.score(gold_set, found, settings=Settings(matching="multiset")).counts() == Counts(3, 3, 2)


def test_optional_pairs_are_neither_right_nor_wrong(gold_set: tyez_bench.Gold) -> None:
    found = predict(("目前", "DATE"))
    assert tyez_bench.score(gold_set, found, settings=Settings(matching="set")).counts() == Counts(2, 0, 0)
    dropped = Settings(matching="set", optional="drop")
    assert tyez_bench.score(gold_set, found, settings=dropped).counts() == Counts(2, 1, 0)


def test_position_does_not_matter(gold_set: tyez_bench.Gold) -> None:
    """Found in the other place only: wrong by position, right by text."""
    entities = (PredictedEntity(start=3, end=5, type="PLACE"), PredictedEntity(start=6, end=8, type="PLACE"))
    found = {"d": Prediction(id="d", entities=entities)}
    assert tyez_bench.score(gold_set, found, settings=Settings(matching="set")).f1 == 1
    assert tyez_bench.score(gold_set, found).f1 == pytest.approx(4 / 5)
