"""Slices: they cut the whole into parts that add up."""

from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.scoring.counting import Case, case
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.slices import NAMES, PROPERTIES, slices

Parts = tuple[Report, list[Case]]


PATH = Path(__file__).parents[2] / "data" / "predictions" / "jionlp.jsonl"


@pytest.fixture(scope="module")
def jionlp(gold: tyez_bench.Gold) -> Parts:
    """JioNLP's report and its cases."""
    predictions = tyez_bench.read_predictions(PATH, gold)
    report = tyez_bench.score(gold, predictions)
    return report, [case(d, predictions[d.id], report.settings) for d in gold]


@pytest.mark.parametrize("name", ["type", "document", "section", "length", "digits", "frequency"])
def test_parts_add_up_to_the_whole(gold: tyez_bench.Gold, jionlp: Parts, name: str) -> None:
    report, cases = jionlp
    found = slices(report, gold, cases, [name])
    whole = report.counts()
    assert len(found) > 1
    for field in ("gold", "predicted", "gold_right", "predicted_right"):
        assert sum(getattr(part.counts, field) for part in found) == getattr(whole, field)


def test_types_recall_is_that_of_the_rows(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    for part in slices(report, gold, cases, ["type"]):
        assert part.figures["recall"] == report.figures(part.value)["recall"]
        assert part.support == report.counts(part.value).gold


def test_each_document_scores_as_it_does_alone(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    predictions = tyez_bench.read_predictions(PATH, gold)
    for part in slices(report, gold, cases, ["document"]):
        alone = tyez_bench.score(gold, predictions, documents=[part.value])
        assert part.figures == alone.figures()
        assert part.intervals["f1"] is not None


def test_what_only_gold_has_has_a_recall_alone(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    entities = [e for d in gold for e in d.outermost() if e.required and e.type in report.types]
    found = slices(report, gold, cases, ["role", "nested"])
    roles = {part.value: part for part in found if part.name == "role"}
    assert {value: part.support for value, part in roles.items()} == {
        role: sum(e.role == role for e in entities) for role in ("actor", "location")
    }
    assert all(set(part.figures) == {"recall"} for part in found)
    inside = {e.parent for d in gold for e in d.entities}
    nested = {part.value: part.support for part in found if part.name == "nested"}
    assert nested["with entities inside"] == sum(e.id in inside for e in entities)
    assert sum(nested.values()) == len(entities)


def test_every_property_can_be_sliced_by_and_no_other(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    assert {part.name for part in slices(report, gold, cases, NAMES)} == set(NAMES)
    assert set(PROPERTIES) < set(NAMES)
    with pytest.raises(tyez_bench.UsageError, match="unknown property 'colour' to slice by, expected type, document"):
        slices(report, gold, cases, ["colour"])
