"""Samples for evaluation harnesses, and that their counts add up to the scorer's own."""

import json
from typing import Any

import pytest

import tyez_bench
from tyez_bench.integrations.harness import counted, figures, in_one, samples
from tyez_bench.integrations.lm_eval_tasks import utils
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.source import Source
from tyez_bench.systems.llm.options import Asking
from tyez_bench.systems.system import UNITS

# A model that marks whatever has one of these words, and refuses whatever has 图片.
WORDS = {
    "太原一体化经济区域": "PLACE",
    "万柏林区": "ORG",
    "今年上半年": "DATE",
    "目前": "DATE",
    "太原": "PLACE",
    "亿元": "MONEY",
}


def answer(text: str) -> str:
    if "图片" in text and len(text) < 100:
        return "抱歉。"
    return json.dumps([{"text": word, "type": type_} for word, type_ in WORDS.items() if word in text])


@pytest.mark.parametrize("by", UNITS)
def test_counts_of_samples_add_up_to_the_score_of_the_whole(gold: tyez_bench.Gold, by: str) -> None:
    asked = [one.passage for one in samples(Asking(), by)]
    found = figures(counted(one.id, answer(one.text), by) for one in asked)
    records = [{"id": one.id, "answer": answer(one.text)} for one in asked]
    data = "\n".join(json.dumps(record) for record in records).encode()
    report = tyez_bench.score(gold, read_source(Source("p", data), gold, ReadOptions(labels="tyez")))
    assert {name: found[name] for name in report.figures()} == report.figures()
    assert report.f1
    assert report.f1 < 1
    assert found["parse_failures"] == sum(record["answer"] == "抱歉。" for record in records)
    assert (found["parse_failures"] or 0) > 0 or by == "document"


def test_an_answer_that_was_cut_off_fails_only_when_it_names_nothing() -> None:
    cut = '[{"text": "万柏林区", "type": "PLACE"}, {"te'
    right = {"gold": 1, "predicted": 1, "right": 1, "failed": 0}
    assert counted("wanbolin.s01", cut, "sentence", "length") == right
    assert counted("wanbolin.s01", "万柏林区", "sentence", "length") == {
        **right,
        "predicted": 0,
        "right": 0,
        "failed": 1,
    }
    assert counted("wanbolin.s01", "万柏林区", "sentence") == {**right, "predicted": 0, "right": 0}
    assert counted("wanbolin.s01", "\ud83d<ORG>万柏林区</ORG>", "sentence") == {**right, "right": 0}


def test_figures_that_are_undefined_are_none() -> None:
    assert figures([]) == {"precision": None, "recall": None, "f1": None, "parse_failures": 0}


def test_a_conversation_in_one_text() -> None:
    turns = [("system", "做。"), ("user", "太原"), ("assistant", "<PLACE>太原</PLACE>"), ("user", "山西")]
    conversation = [{"role": role, "content": content} for role, content in turns]
    assert in_one(conversation, "zh") == (
        "做。\n\n原文是:\n太原\n回答是:\n<PLACE>太原</PLACE>\n\n原文是:\n山西\n回答是:\n"
    )
    assert in_one(conversation[:1] + conversation[3:], "en") == "做。\n\nThe text is:\n山西\nThe answer is:\n"


@pytest.mark.parametrize(("answers", "got"), [([], "0: none"), (["a", "b"], "2: str"), ([["a"]], "1: list")])
def test_one_answer_is_counted_and_no_other_number(answers: list[Any], got: str) -> None:
    with pytest.raises(tyez_bench.InputError, match=f"'series': expected one answer as text, got {got}"):
        utils.process_results({"id": "series", "by": "document"}, answers)
