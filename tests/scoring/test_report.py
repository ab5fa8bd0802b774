"""Scoring predictions against a gold set, by hand-worked examples."""

import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.model import Label, PredictedEntity, Prediction
from tyez_bench.scoring.counts import Counts

TEXT = "甲市乙局说,目前丙县获3万元"
RECORD = {
    "id": "d",
    "text": TEXT,
    "entities": [
        {"start": 0, "end": 4, "type": "ORG"},
        {"start": 0, "end": 2, "type": "PLACE"},
        {"start": 6, "end": 8, "type": "DATE", "status": "optional"},
        {"start": 8, "end": 10, "type": "PLACE"},
        {"start": 11, "end": 14, "type": "MONEY"},
    ],
}


@pytest.fixture
def small(tmp_path: Path) -> tyez_bench.Gold:
    """A gold set of two documents; the second has no entities."""
    path = tmp_path / "small.jsonl"
    records = [RECORD, {"id": "e", "text": "无"}]
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), "utf-8")
    return tyez_bench.load(path)


def predict(*spans: tuple[int, int, str], id_: str = "d") -> dict[str, Prediction]:
    """A prediction for one document."""
    entities = tuple(PredictedEntity(start=s, end=e, type=Label(t)) for s, e, t in spans)
    return {id_: Prediction(id=id_, entities=entities)}


def rows(report: tyez_bench.Report) -> dict[str, tuple[int, int, int]]:
    """TP, FP and FN of each row."""
    return {name: (c.gold_right, c.false_positives, c.false_negatives) for name, c in report.rows()}


def test_nested_gold_is_absent_and_optional_gold_ignored(small: tyez_bench.Gold) -> None:
    perfect = predict((0, 4, "ORG"), (6, 8, "DATE"), (8, 10, "PLACE"), (11, 14, "MONEY"))
    report = tyez_bench.score(small, perfect)
    assert rows(report) == {
        "PLACE": (1, 0, 0),
        "ORG": (1, 0, 0),
        "MONEY": (1, 0, 0),
        "DATE": (0, 0, 0),
        "micro": (3, 0, 0),
    }
    assert report.missing == ("e",)
    assert (report.ignored.ignored_gold, report.ignored.ignored_predicted) == (1, 1)
    assert report.required.total == Counts(4, 4, 4, 4)
    assert report.to_dict()["scores"]["DATE"]["f1"] is None


def test_a_prediction_on_a_nested_span_is_wrong(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, predict((0, 2, "PLACE"), (8, 10, "PLACE"), (10, 14, "MONEY")))
    assert rows(report) == {
        "PLACE": (1, 1, 0),
        "ORG": (0, 0, 1),
        "MONEY": (0, 1, 1),
        "DATE": (0, 0, 0),
        "micro": (1, 2, 2),
    }


def test_no_predictions_at_all(small: tyez_bench.Gold) -> None:
    report = tyez_bench.score(small, {})
    assert rows(report)["micro"] == (0, 0, 3)
    micro = report.to_dict()["scores"]["micro"]
    assert (micro["precision"], micro["recall"], micro["f1"]) == (None, 0, 0)
    assert report.missing == ("d", "e")


def test_a_prediction_where_the_gold_has_nothing_is_spurious(small: tyez_bench.Gold) -> None:
    assert rows(tyez_bench.score(small, predict((0, 1, "ORG"), id_="e")))["micro"] == (0, 1, 3)


def test_an_unknown_document_is_refused(small: tyez_bench.Gold) -> None:
    with pytest.raises(tyez_bench.InputError, match="unknown document id 'f'"):
        tyez_bench.score(small, predict(id_="f"))


@pytest.mark.parametrize("wrong", [(20, 24, "ORG"), (13, 15, "ORG")])
def test_a_prediction_outside_the_text_is_refused(small: tyez_bench.Gold, wrong: Any) -> None:
    with pytest.raises(tyez_bench.InputError, match="outside the text"):
        tyez_bench.score(small, predict(wrong))


def test_predictions_that_are_no_mapping_are_refused(small: tyez_bench.Gold) -> None:
    with pytest.raises(tyez_bench.UsageError, match="expected predictions by document id, got list"):
        tyez_bench.score(small, [])  # type: ignore[arg-type]


def test_a_key_that_is_not_its_predictions_id_is_refused(small: tyez_bench.Gold) -> None:
    with pytest.raises(tyez_bench.InputError, match=r"'d', or not that of its prediction \('e'\)"):
        tyez_bench.score(small, {"d": Prediction(id="e", entities=())})


@pytest.mark.parametrize("other", [(0, 2, "PLACE"), (0, 4, "PLACE"), (3, 5, "ORG")])
def test_overlapping_predictions_are_refused(small: tyez_bench.Gold, other: Any) -> None:
    with pytest.raises(tyez_bench.InputError, match=r"d: .* overlap; expected one flat layer"):
        tyez_bench.score(small, predict((0, 4, "ORG"), other))


def test_the_gold_scored_against_itself_is_perfect(gold: tyez_bench.Gold) -> None:
    predictions = {
        d.id: Prediction(
            id=d.id,
            entities=tuple(PredictedEntity(start=e.start, end=e.end, type=e.type) for e in d.outermost()),
        )
        for d in gold
    }
    report = tyez_bench.score(gold, predictions)
    flat = [e for d in gold for e in d.outermost()]
    required = sum(e.required for e in flat)
    assert report.ignored.total == Counts(required, required, required, required)
    assert report.required.total == Counts(len(flat), len(flat), len(flat), len(flat))
    assert report.ignored.ignored_predicted == report.ignored.ignored_gold == len(flat) - required
