"""Slices: they cut the whole into parts that add up."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tyez_bench
from tyez_bench.gold.gold import read_gold
from tyez_bench.model.documents import Entity
from tyez_bench.scoring.bootstrap import intervals
from tyez_bench.scoring.counting import Case, case
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import cases_of
from tyez_bench.scoring.slices import NAMES, PROPERTIES, slices_of

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
    found = slices_of(report, gold, cases, [name])
    whole = report.counts()
    assert len(found) > 1
    for field in ("gold", "predicted", "right"):
        assert sum(getattr(part.counts, field) for part in found) == getattr(whole, field)


@pytest.mark.parametrize("system", ["jionlp", "spacy-ner"])
def test_types_are_the_rows(gold: tyez_bench.Gold, system: str) -> None:
    """With their intervals; spaCy's pipeline names things with the types of others."""
    predictions = tyez_bench.read_predictions(PATH.with_name(f"{system}.jsonl"), gold)
    report = tyez_bench.score(gold, predictions)
    found = slices_of(report, gold, cases_of(gold, predictions, report.settings), ["type"])
    assert {part.value: part.counts for part in found} == dict(report.rows()[:-1])
    assert {part.value: part.intervals for part in found} == {t: report.intervals()[t] for t in report.types}
    crossing = report.outcome(), [report.outcome(type_) for type_ in report.types]
    if system == "spacy-ner":
        assert crossing[0] is not None
        assert crossing[0].incorrect > sum(row.incorrect for row in crossing[1] if row)


def test_each_document_scores_as_it_does_alone(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    predictions = tyez_bench.read_predictions(PATH, gold)
    for part in slices_of(report, gold, cases, ["document"]):
        alone = tyez_bench.score(gold, predictions, documents=[part.value])
        assert part.figures == alone.figures()
        # A document of one sentence has nothing to draw from.
        assert (part.intervals["f1"] is None) == (len(gold[part.value].sentences) == 1)
        assert ("f1" in part.reasons) == (part.intervals["f1"] is None)


def test_what_only_gold_has_has_a_recall_alone(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    entities = [e for d in gold for e in d.outermost() if e.required and e.type in report.types]
    found = slices_of(report, gold, cases, ["role", "nested"])
    roles = {part.value: part for part in found if part.name == "role"}
    assert {value: part.support for value, part in roles.items()} == {
        role: sum(e.role == role for e in entities) for role in ("actor", "location")
    }
    assert all(set(part.figures) == {"recall"} for part in found)
    inside = {e.parent for d in gold for e in d.entities}
    nested = {part.value: part.support for part in found if part.name == "nested"}
    assert nested["with entities inside"] == sum(e.id in inside for e in entities)
    assert sum(nested.values()) == len(entities)


def test_unseen_is_what_no_other_document_has(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    """Against counting by hand: the names of the other documents, sentence by sentence."""
    report, cases = jionlp
    names = {d.id: {(e.text, e.type) for e in d.outermost() if e.required} for d in gold}
    tables: dict[str, list[list[int]]] = {"seen": [], "unseen": []}
    for one in cases:
        others = set().union(*(found for id_, found in names.items() if id_ != one.document.id))
        predicted = {(e.start, e.end, e.type) for e in one.predicted}
        for sentence in one.document.sentences:
            for value, rows in tables.items():
                here = [
                    e
                    for e in names_in(one, sentence.start, sentence.end, report)
                    if ((e.text, e.type) in others) == (value == "seen")
                ]
                right = sum((e.start, e.end, e.type) in predicted for e in here)
                rows.append([len(here), 0, right])
    found = {part.value: part for part in slices_of(report, gold, cases, ["unseen"])}
    assert found.keys() == tables.keys()
    for value, rows in tables.items():
        table = np.array(rows, np.float64)
        part = found[value]
        assert (part.support, part.counts.right) == (table[:, 0].sum(), table[:, 2].sum())
        (expected,) = intervals(table[:, None, :], report.settings.draws, report.settings.seed)
        drawn, near = part.intervals["recall"], expected["recall"]
        assert drawn is not None
        assert near is not None
        # The rows of the slice have pairs, too, and so other draws of the same distribution.
        assert (drawn.low, drawn.high) == pytest.approx((near.low, near.high), abs=0.02)
        assert part.figures == {"recall": table[:, 2].sum() / table[:, 0].sum()}


def names_in(one: Case, start: int, end: int, report: Report) -> list[Entity]:
    """What a system can be asked for between two offsets."""
    return [
        e
        for e in one.document.outermost()
        if e.required and str(e.type) in report.types and start <= e.start and e.end <= end
    ]


def test_a_name_is_seen_with_its_type_on_the_outermost_layer_of_another_document() -> None:
    texts: dict[str, tuple[str, list[tuple[int | str, ...]]]] = {
        "a": ("太钢与北京和北京", [(0, 2, "ORG"), (3, 5, "PLACE"), (6, 8, "PLACE")]),
        "b": ("北京大学、太钢、今年", [(0, 4, "ORG"), (0, 2, "PLACE"), (5, 7, "PLACE"), (8, 10, "DATE", "optional")]),
        "c": ("太钢在今年", [(0, 2, "ORG"), (3, 5, "DATE")]),
    }
    lines = []
    for id_, (text, spans) in texts.items():
        entities = [dict(zip(("start", "end", "type", "status"), span, strict=False)) for span in spans]
        lines.append(json.dumps({"id": id_, "text": text, "entities": entities}))
    gold = read_gold("\n".join(lines).encode(), "names")
    report = tyez_bench.score(gold, {})
    seen, unseen = slices_of(report, gold, cases_of(gold, {}, report.settings), ["unseen"])
    # 太钢 is seen in a and c. 北京 (twice in one document, nested in another), 太钢 of another type, and 今年
    # (optional elsewhere) are not.
    assert (seen.value, seen.support) == ("seen", 2)
    assert (unseen.value, unseen.support) == ("unseen", 5)


def test_every_property_can_be_sliced_by_and_no_other(gold: tyez_bench.Gold, jionlp: Parts) -> None:
    report, cases = jionlp
    assert {part.name for part in slices_of(report, gold, cases, NAMES)} == set(NAMES)
    assert set(PROPERTIES) < set(NAMES)
    with pytest.raises(tyez_bench.UsageError, match="unknown property 'colour' to slice by, expected type, document"):
        slices_of(report, gold, cases, ["colour"])


@pytest.mark.parametrize("layer", ["outermost", "nested", "all"])
@pytest.mark.parametrize("system", ["jionlp", "spacy-ner", "thulac"])
def test_the_cases_are_found_by_themselves(gold: tyez_bench.Gold, system: str, layer: Any) -> None:
    predictions = tyez_bench.read_predictions(PATH.with_name(f"{system}.jsonl"), gold)
    report = tyez_bench.score(gold, predictions, settings=tyez_bench.Settings(layer=layer, draws=10))
    found = tyez_bench.slices(report, gold, predictions)
    assert found == slices_of(report, gold, cases_of(gold, predictions, report.settings), NAMES)
    assert {part.name for part in found} <= set(NAMES)
    assert tyez_bench.slices(report, gold, predictions, ["type"]) == [part for part in found if part.name == "type"]
