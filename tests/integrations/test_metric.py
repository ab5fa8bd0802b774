"""The metric for Hugging Face evaluate, loaded as a user loads it."""

from pathlib import Path
from typing import Any

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

import tyez_bench
from tyez_bench.formats.encodings import TagError

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
    with pytest.raises(TagError):
        metric.compute(predictions=illegal, references=GOLD[:1])
    assert metric.compute(predictions=illegal, references=GOLD[:1], repair="conlleval")["exact_f1"] == 0


def test_the_module_is_inside_the_package() -> None:
    path = Path(tyez_bench.metric_path())
    assert path.is_file()
    assert path.is_relative_to(Path(tyez_bench.__file__).parent)
