"""Running models over the gold: functions, spaCy, pipelines; and what goes wrong in them."""

from pathlib import Path
from typing import Any

import pytest
import spacy

import tyez_bench
from tyez_bench.scoring.settings import Settings

NAME = "太原一体化经济区域"


def finder(text: str) -> list[tuple[int, int, str]]:
    """A model that knows one name."""
    found, at = [], text.find(NAME)
    while at >= 0:
        found.append((at, at + len(NAME), "PLACE"))
        at = text.find(NAME, at + 1)
    return found


def test_a_function_by_document_and_by_sentence(gold: tyez_bench.Gold) -> None:
    expected = sum(d.text.count(NAME) for d in gold)
    by_document = tyez_bench.evaluate(finder)
    by_sentence = tyez_bench.evaluate(finder, by="sentence")
    assert by_document.system == "finder"
    assert by_document.counts().predicted == by_sentence.counts().predicted == expected
    assert by_document.rows() == by_sentence.rows()
    assert by_document.surfaces is not None
    # It finds a sixth of the mentions and one name alone.
    assert by_document.surfaces["micro"].predicted == 1


def dicts(text: str) -> list[dict[str, Any]]:
    """As many annotators' exports have it."""
    return [{"start": s, "end": e, "label": t, "text": text[s:e]} for s, e, t in finder(text)]


class Found:
    """A span object."""

    def __init__(self, start: int, end: int, type_: str):
        self.start, self.end, self.type = start, end, type_


def objects(text: str) -> list[Found]:
    """Objects with start, end and type."""
    return [Found(*span) for span in finder(text)]


def pipeline(text: str) -> list[dict[str, Any]]:
    """As a Hugging Face pipeline with aggregation gives it."""
    return [{"entity_group": "LOC", "score": 0.9, "word": text[s:e], "start": s, "end": e} for s, e, _ in finder(text)]


@pytest.mark.parametrize(("model", "labels"), [(dicts, None), (objects, None), (pipeline, "conll03")])
def test_every_shape_of_answer(model: Any, labels: str | None) -> None:
    assert tyez_bench.evaluate(model, labels=labels).counts("PLACE") == tyez_bench.evaluate(finder).counts("PLACE")


def test_a_spacy_pipeline(gold: tyez_bench.Gold) -> None:
    nlp = spacy.blank("zh", meta={"name": "ruler"})
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": NAME}])  # type: ignore[attr-defined]
    report = tyez_bench.evaluate(nlp, labels="ontonotes5", by="sentence", settings=Settings(optional="drop"))
    assert report.system == "ruler"
    assert report.settings.optional == "drop"
    assert report.counts("PLACE") == tyez_bench.evaluate(finder).counts("PLACE")


def test_a_gold_set_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(
        '{"id":"d","text":"在太原一体化经济区域","entities":[{"start":1,"end":10,"type":"PLACE"}]}\n', "utf-8"
    )
    assert tyez_bench.evaluate(finder, tyez_bench.load(path)).f1 == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda text: 1 / 0, "'series': the model failed: ZeroDivisionError"),
        (lambda text: None, "'series': expected spans from the model, got NoneType"),
        (lambda text: "ORG", "expected spans from the model, got str"),
        (lambda text: {"ORG": []}, "expected spans from the model, got dict"),
        (lambda text: [(0, 2)], "is not a span"),
        (lambda text: [(2, 2, "ORG")], "start before end"),
        (lambda text: [("0", 2, "ORG")], "is not a span"),
        (lambda text: [(0, 10**6, "ORG")], "outside the text"),
        (lambda text: [(0, 2, "ORG"), (1, 3, "ORG")], "overlap"),
        (lambda text: [(0, 2, "GIBBERISH")], "unknown label 'GIBBERISH'"),
        (lambda text: [{"start": 0, "end": 2, "label": "ORG", "text": "别的"}], "but its text is '别的'"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(answer: Any, reason: str) -> None:
    with pytest.raises(tyez_bench.InputError) as refused:
        tyez_bench.evaluate(answer)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_by_what_else_is_refused() -> None:
    with pytest.raises(tyez_bench.UsageError, match="by 'page' is neither"):
        tyez_bench.evaluate(finder, by="page")
