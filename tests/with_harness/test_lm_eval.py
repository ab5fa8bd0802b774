"""The tasks of lm-evaluation-harness with its dummy model, and with one that answers by a rule."""

import json
from pathlib import Path
from typing import Any

import pytest
from lm_eval import simple_evaluate
from lm_eval.api.model import LM
from lm_eval.models.dummy import DummyLM
from lm_eval.tasks import TaskManager

import tyez_bench


class Rule(LM):  # type: ignore[misc]  # without lm_eval there are no types
    """A model that answers by the last text of a prompt."""

    def __init__(self, answers: dict[str, str], heading: str = "原文是:") -> None:
        super().__init__()
        self.answers, self.heading = answers, heading
        self.prompts: list[str] = []

    def generate_until(self, requests: list[Any], disable_tqdm: bool = False) -> list[str]:
        """What the rule says of each text."""
        found = []
        for request in requests:
            prompt, _ = request.args
            self.prompts.append(prompt)
            text = prompt.rpartition(f"{self.heading}\n")[2].rpartition("\n")[0].rpartition("\n")[0]
            found.append(self.answers.get(text, "[]"))
        return found

    def loglikelihood(self, requests: list[Any], disable_tqdm: bool = False) -> list[Any]:
        """Nothing that the tasks ask for."""
        raise AssertionError

    loglikelihood_rolling = loglikelihood


def run(task: str, model: LM, **metadata: Any) -> dict[str, Any]:
    """The figures of a task, from the harness's own function, as its command line calls it."""
    manager = TaskManager(include_path=tyez_bench.lm_eval_path(), include_defaults=False, metadata=metadata or None)
    results = simple_evaluate(model=model, tasks=[task], task_manager=manager)
    found: dict[str, Any] = results["results"][task]
    assert results["higher_is_better"][task] == {"f1": True, "precision": True, "recall": True, "parse_failures": False}
    return {name.removesuffix(",none"): value for name, value in found.items() if name.endswith(",none")}


@pytest.mark.parametrize(("task", "size"), [("tyez_ner", 8), ("tyez_ner_sentences", 91)])
def test_the_dummy_model_says_nothing_that_can_be_read(task: str, size: int) -> None:
    found = run(task, DummyLM())
    assert (found["f1"], found["recall"], found["parse_failures"]) == (0.0, 0.0, size)


def test_f1_is_that_of_the_whole_set_and_no_mean(tmp_path: Path, gold: tyez_bench.Gold) -> None:
    answers = {"万柏林区": "<PLACE>万柏林区</PLACE>", "迎泽区": "<ORG>迎泽区</ORG>", "编者按": "抱歉,我不能。"}
    model = Rule(answers, "The text is:")
    found = run("tyez_ner_sentences", model, language="en", shots=2, pretrained="what was said of the model")
    records = [{"id": s.id, "answer": answers.get(d.text[s.start : s.end], "[]")} for d in gold for s in d.sentences]
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    report = tyez_bench.score(gold, tyez_bench.read_predictions(path, gold, labels="tyez"))
    assert report.figures()["precision"] == 0.5
    assert {name: found[name] for name in report.figures()} == report.figures()
    assert found["parse_failures"] == 1
    # Two examples before the text that is asked about, and the one in the instructions.
    assert {prompt.count("The text is:\n") for prompt in model.prompts} == {3}
    assert all(prompt.startswith("You annotate named entities in Chinese text.") for prompt in model.prompts)
