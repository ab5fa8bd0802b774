"""The task of inspect_ai with its mock model: found by its name, asked, counted over the whole set."""

import gc
import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as evaluate
from inspect_ai.model import ChatMessage, GenerateConfig, ModelOutput, ModelUsage, get_model
from inspect_ai.tool import ToolChoice, ToolInfo

import tyez_bench

# What Inspect's own packages have deprecated, and leave open, is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


def run(folder: Path, answer: Any, *, task: str = "tyez_bench/tyez_ner", epochs: int = 1, **arguments: Any) -> Any:
    """Evaluate the task, by its name in the registry, with a model that answers by a function of the conversation."""

    def output(
        messages: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> ModelOutput:
        found = answer(messages)
        found = found if isinstance(found, ModelOutput) else ModelOutput.from_content("mockllm", found)
        # Without it the mock counts tokens with a table that is downloaded.
        found.usage = ModelUsage()
        return found

    model = get_model("mockllm/model", custom_outputs=output)
    logs = evaluate(
        task, model=model, task_args=arguments, epochs=epochs, log_dir=str(folder), display="none", max_samples=1
    )
    # What it left open is found now, and not in another test.
    gc.collect()
    assert logs[0].status == "success", logs[0].error
    return logs[0]


def figures(log: Any) -> dict[str, float]:
    """The metrics of the log."""
    (score,) = log.results.scores
    assert score.name == "strict_spans"
    return {name: metric.value for name, metric in score.metrics.items()}


@pytest.mark.parametrize(("by", "size"), [("document", 8), ("sentence", 91)])
def test_an_unmarked_copy_finds_nothing_and_can_be_read(tmp_path: Path, by: str, size: int) -> None:
    log = run(tmp_path, lambda messages: messages[-1].text, by=by)
    # Precision is undefined, and left out.
    assert figures(log) == {"recall": 0.0, "f1": 0.0, "parse_failures": 0.0}
    assert log.results.total_samples == size


def test_f1_is_that_of_the_whole_set_and_no_mean(tmp_path: Path, gold: tyez_bench.Gold) -> None:
    """One sentence is right, one is wrong, one is refused: what the scorer says of the same answers."""
    answers = {"万柏林区": "<PLACE>万柏林区</PLACE>", "迎泽区": "<ORG>迎泽区</ORG>", "编者按": "抱歉,我不能。"}
    log = run(tmp_path, lambda messages: answers.get(messages[-1].text, "[]"), by="sentence", language="en", shots=2)
    records = [{"id": s.id, "answer": answers.get(d.text[s.start : s.end], "[]")} for d in gold for s in d.sentences]
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    report = tyez_bench.score(gold, tyez_bench.read_predictions(path, gold, labels="tyez"))
    assert report.figures()["precision"] == 0.5
    assert figures(log) == {**report.figures(), "parse_failures": 1.0}
    failed = [sample for sample in log.samples if sample.scores["strict_spans"].reason]
    assert [sample.id for sample in failed] == ["editor-note.s01"]
    assert [message.role for message in log.samples[0].input] == ["system", *["user", "assistant"] * 2, "user"]


def test_epochs_are_counted_together(tmp_path: Path) -> None:
    """Right in one of two epochs: half of the answers' predictions, and of the gold, are right."""
    asked: dict[str, int] = {}

    def answer(messages: list[ChatMessage]) -> str:
        text = messages[-1].text
        asked[text] = asked.get(text, 0) + 1
        return f"<PLACE>{text}</PLACE>" if text == "万柏林区" and asked[text] == 1 else "[]"

    one = figures(run(tmp_path / "one", answer, by="sentence"))
    asked.clear()
    two = figures(run(tmp_path / "two", answer, by="sentence", epochs=2))
    assert one["precision"] == two["precision"] == 1.0
    assert two["recall"] == pytest.approx(one["recall"] / 2)


def test_what_was_cut_off_and_what_was_refused(tmp_path: Path) -> None:
    def answer(messages: list[ChatMessage]) -> ModelOutput:
        text = messages[-1].text
        reason = {"万柏林区": "max_tokens", "迎泽区": "content_filter"}.get(text, "stop")
        return ModelOutput.from_content("mockllm", text, stop_reason=reason)

    assert figures(run(tmp_path, answer, by="sentence"))["parse_failures"] == 2.0
