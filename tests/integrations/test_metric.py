"""The metric for Hugging Face evaluate, loaded as a user loads it."""

from pathlib import Path
from typing import Any

import datasets
import evaluate
import numpy as np
import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

import tyez_bench
from tyez_bench.model.errors import InputError

GOLD = [["B-ORG", "I-ORG", "O", "B-PLACE"], ["O", "B-DATE"], ["B-ORG", "O"]]
PREDICTED = [["B-ORG", "I-ORG", "O", "B-ORG"], ["B-DATE", "I-DATE"], ["B-ORG", "O"]]


@pytest.fixture(scope="module")
def metric(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The metric module, in a cache of its own."""
    patch = pytest.MonkeyPatch()
    cache = tmp_path_factory.mktemp("cache")
    for name in ("HF_HOME", "HF_MODULES_CACHE"):
        patch.setenv(name, str(cache / name))
    patch.setenv("HF_HUB_OFFLINE", "1")
    import datasets.config
    import evaluate.config

    for module in (datasets.config, evaluate.config):
        patch.setattr(module, "HF_MODULES_CACHE", str(cache), raising=False)
    yield evaluate.load(tyez_bench.metric_path(), cache_dir=str(cache))
    patch.undo()


def test_tags_are_scored_as_seqeval_strict_scores_them(metric: Any) -> None:
    ours = metric.compute(predictions=PREDICTED, references=GOLD)
    theirs = classification_report(GOLD, PREDICTED, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    assert ours["f1"] == pytest.approx(theirs["micro avg"]["f1-score"])
    assert ours["ORG"]["f1"] == pytest.approx(theirs["ORG"]["f1-score"])
    assert ours["ORG"]["number"] == theirs["ORG"]["support"]
    assert ours["partial_f1"] > ours["f1"]
    low, high = ours["f1_interval"]
    assert low <= ours["f1"] <= high


def test_a_single_sentence_has_no_interval(metric: Any) -> None:
    one = metric.compute(predictions=PREDICTED[:1], references=GOLD[:1])
    assert one["f1_interval"] is None
    assert one["f1_interval_reason"] == "it rests on one sentence alone, and so does every draw"
    assert "f1_interval_reason" not in metric.compute(predictions=PREDICTED, references=GOLD)


def test_spans_and_batches(metric: Any) -> None:
    span = {"start": 0, "end": 2, "type": "ORG"}
    metric.add_batch(predictions=[[span]], references=[[span]])
    metric.add_batch(predictions=[[]], references=[[{**span, "type": "DATE"}]])
    result = metric.compute()
    assert (result["precision"], result["recall"]) == (1, 0.5)


def test_illegal_tags_are_refused_unless_repaired(metric: Any) -> None:
    illegal = [["I-ORG", "O", "O", "O"]]
    with pytest.raises(
        InputError, match=r"sentence 1 of predictions, token 1: I-ORG .* illegal in bio.*; pass repair='conll"
    ):
        metric.compute(predictions=illegal, references=GOLD[:1])
    assert metric.compute(predictions=illegal, references=GOLD[:1], repair="conlleval")["exact_f1"] == 0


def test_the_module_is_inside_the_package() -> None:
    path = Path(tyez_bench.metric_path())
    assert path.is_file()
    assert path.is_relative_to(Path(tyez_bench.__file__).parent)


SPAN = {"start": 0, "end": 2, "type": "ORG"}


@pytest.mark.parametrize(
    ("predictions", "references", "precision", "recall"),
    [
        ([[], [SPAN]], [[], [SPAN]], 1, 1),
        ([[], [], []], [[], [], [SPAN]], None, 0),
        ([[], []], [[], []], None, None),
        ([[], ["B-ORG", "O"]], [[], ["B-ORG", "O"]], 1, 1),
        ([["O"], ["B-ORG"]], [["O"], ["O"]], 0, None),
        ([[{**SPAN, "text": "太钢", "score": 0.5}]], [[SPAN]], 1, 1),
        ([[{**SPAN, "end": np.int64(2)}]], ([SPAN],), 1, 1),
        (np.array([["B-ORG", "O"]]), np.array([["B-ORG", "B-ORG"]]), 1, 0.5),
        ([{"start": [0, 3], "end": [2, 4], "type": ["ORG", "DATE"]}], [[SPAN]], 0.5, 1),
    ],
)
def test_sentences_in_every_shape(
    metric: Any, predictions: Any, references: Any, precision: float | None, recall: float | None
) -> None:
    """An empty sentence is one of tags as well as of spans, wherever it stands."""
    result = metric.compute(predictions=predictions, references=references)
    assert (result["precision"], result["recall"]) == (precision, recall)
    assert "O" not in result


def test_columns_of_datasets(metric: Any) -> None:
    rows = {
        "tags": [["O"], ["B-ORG", "I-ORG"]],
        "spans": [[], [SPAN]],
        "lists": [{"start": [], "end": [], "type": []}, {"start": [0], "end": [2], "type": ["ORG"]}],
    }
    table = datasets.Dataset.from_dict(rows)
    for name in rows:
        assert metric.compute(predictions=table[name], references=table[name])["ORG"]["f1"] == 1
    assert metric.compute(predictions=table["spans"], references=table["lists"])["f1"] == 1


def test_one_at_a_time_and_with_others(metric: Any) -> None:
    for predicted, reference in (([], []), ([SPAN], [SPAN]), ([SPAN], [])):
        metric.add(prediction=predicted, reference=reference)
    assert metric.compute()["precision"] == 0.5
    both = evaluate.combine({"a": metric, "b": metric}, force_prefix=True)
    assert both.compute(predictions=[[], [SPAN]], references=[[], [SPAN]])["b_f1"] == 1


@pytest.mark.parametrize(
    ("predictions", "references", "reason"),
    [
        (
            [["O"], ["B-ORG"]],
            [["O"], ["B-ORG", "O"]],
            "sentence 2: 1 tag in predictions, 2 in references; expected one for each token",
        ),
        ([[]], [["O"]], "sentence 1: 0 tags in predictions, 1 in references"),
        ([["O", "O"]], [[]], "sentence 1: 2 tags in predictions, 0 in references"),
        (
            [[], [SPAN, {"start": 3, "end": 4, "label": "ORG"}]],
            [[], []],
            "sentence 2 of predictions: item 2 has no key 'type', expected start, end and type; "
            "its keys: 'start', 'end', 'label'",
        ),
        ([[SPAN]], [[{"end": 2, "type": "ORG"}]], "sentence 1 of references: item 1 has no key 'start'"),
        ([{"start": [0], "type": ["ORG"]}], [[]], "sentence 1 of predictions has no key 'end'"),
        (
            [{"start": [0], "end": [2, 3], "type": ["ORG"]}],
            [[]],
            "expected the same number of each key, got 1 of 'start', 2 of 'end', 1 of 'type'",
        ),
        ([SPAN], [[]], "sentence 1 of predictions: 'start': expected a list, got int"),
        ([["O"], [SPAN]], [["O"], []], "sentence 2 of predictions has spans, and others have tags"),
        (
            [["O", SPAN]],
            [["O", "O"]],
            "sentence 1 of predictions: item 2 is of type dict, expected a tag like the others",
        ),
        ([[SPAN, "O"]], [["O", "O"]], "sentence 1 of predictions: item 1 is of type dict"),
        (["O B-ORG"], [["O", "O"]], "sentence 1 of predictions: expected a list, got str"),
        ("O", [["O"]], "predictions: expected a list, got str"),
        (SPAN, [[SPAN]], "predictions: expected a list, got dict"),
        ([None], [[]], "sentence 1 of predictions: expected a list, got NoneType"),
        ([[None]], [[]], "item 1: expected a tag, or a span with start, end and type, got NoneType"),
        (None, [[]], "predictions are missing"),
        ([[]], None, "references are missing"),
        ([[3, 0]], [[3, 0]], "item 1: expected a tag, or a span with start, end and type, got int"),
        ([[(0, 2, "ORG")]], [[SPAN]], "item 1: expected a tag, or a span with start, end and type, got tuple"),
        ([[]], [[{**SPAN, "start": 0.0}]], "sentence 1 of references: item 1: 'start' is 0.0, expected a whole number"),
        ([[]], [[{**SPAN, "start": True}]], "'start' is True, expected a whole number"),
        ([[]], [[{**SPAN, "end": None}]], "'end' is None, expected a whole number"),
        ([[]], [[{**SPAN, "end": "2"}]], "'end' is '2', expected a whole number"),
        ([[]], [[{**SPAN, "end": 0}]], "span 0–0 is empty, reversed or out of range"),
        ([[]], [[{**SPAN, "end": 10**30}]], "is empty, reversed or out of range"),
        ([[]], [[{**SPAN, "type": None}]], "'type' is None, expected a label as text"),
        ([[]], [[{**SPAN, "type": ""}]], "'type' is '', expected a label as text"),
        ([[]], [[{**SPAN, "type": "\ud800"}]], "has half of a surrogate pair"),
        ([[]], [[SPAN, SPAN]], "sentence 1 of references: the ORG 0–2 occurs twice"),
        (
            [[], []],
            [[]],
            "the same number of sentences on both sides, got 2 of predictions and 1 of references",
        ),
        ([["ORG"]], [["O"]], "sentence 1 of predictions, token 1: 'ORG' is not a tag of the encoding bio"),
    ],
)
def test_what_is_no_sentence_is_refused_with_its_number(
    metric: Any, predictions: Any, references: Any, reason: str
) -> None:
    with pytest.raises(InputError) as refused:
        metric.compute(predictions=predictions, references=references)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)
    # Nothing of it is left for the next.
    assert metric.compute(predictions=[[SPAN]], references=[[SPAN]])["ORG"]["number"] == 1


def test_sentences_are_numbered_over_all_that_was_added(metric: Any) -> None:
    metric.add(prediction=[], reference=[])
    metric.add_batch(predictions=[[], [SPAN]], references=[[], [SPAN]])
    with pytest.raises(InputError, match="sentence 4 of predictions: item 1 has no key 'start'"):
        metric.add(prediction=[{}], reference=[])
    assert metric.compute()["f1"] == 1
    with pytest.raises(InputError, match="sentence 1 of references"):
        metric.add(prediction=[], reference=None)
