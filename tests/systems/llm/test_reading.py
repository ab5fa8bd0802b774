"""Answers of every kind: what is read of each, and that none makes the predictions unreadable."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Prediction
from tyez_bench.systems.llm.endpoint import Completion
from tyez_bench.systems.llm.reading import Answer, readable, record
from tyez_bench.systems.system import Passage

TEXT = "太原市政府在山西太原"
LIST = '[{"text": "太原市政府", "type": "ORG"}, {"text": "山西", "type": "PLACE"}]'
TAGS = "<ORG>太原市政府</ORG>在<PLACE>山西</PLACE>太原"


def completion(content: str, **more: Any) -> Completion:
    return Completion(**{"content": content, "finish": "stop", **more})


def predicted(found: dict[str, Any], text: str = TEXT) -> Prediction:
    """What the reader of predictions makes of a record."""
    gold = tyez_bench.Gold("own", None, "", (tyez_bench.Document(id="a", text=text),))
    data = json.dumps(found, ensure_ascii=False).encode()
    return read_source(Source("p.jsonl", data), gold, ReadOptions(labels="tyez"), format="llm")["a"]


@pytest.mark.parametrize(
    "raw",
    [
        TAGS,
        LIST,
        f"```json\n{LIST}\n```",
        f"<think>先看<ORG>…</think>\n{TAGS}",
        f"<think>先看[1]</think>{LIST}",
        f"好的:\n{TAGS}",
        TAGS.replace("太原市", "太源市"),
    ],
)
def test_what_the_reader_takes_stays_as_it_came(raw: str) -> None:
    assert readable(TEXT, raw) == Answer(raw, 2)
    found = record(Passage("a", "a", TEXT), completion(raw))
    assert "raw" not in found
    spans = {(e.start, e.end, str(e.type)) for e in predicted(found).entities}
    assert spans == {(0, 5, "ORG"), (6, 8, "PLACE")}


@pytest.mark.parametrize("raw", [TEXT, "[]", "太原市政府在山西", '{"ORG": []}'])
def test_nothing_found_is_an_answer(raw: str) -> None:
    assert readable(TEXT, raw) == Answer(raw, 0)


@pytest.mark.parametrize(
    ("raw", "said", "names"),
    [
        # Of nested tags the outer one, as was asked for.
        ("<ORG><PLACE>太原</PLACE>市政府</ORG>在山西太原", "<ORG>太原市政府</ORG>在山西太原", 1),
        ("<ORG><ORG>太原市政府</ORG></ORG>在山西太原", "<ORG>太原市政府</ORG>在山西太原", 1),
        # Tags of other types.
        ("<GPE>太原</GPE>市政府在<PLACE>山西</PLACE>太原", "太原市政府在<PLACE>山西</PLACE>太原", 1),
        ("<PERSON><PLACE>太原</PLACE></PERSON>市政府在山西太原", "<PLACE>太原</PLACE>市政府在山西太原", 1),
        # Places that overlap, or one twice.
        (
            '[{"text": "太原", "type": "ORG", "occurrence": 1}, {"text": "太原市", "type": "PLACE", "occurrence": 1}]',
            [{"text": "太原市", "type": "PLACE", "occurrence": 1}],
            1,
        ),
        (
            '[{"text": "太原", "type": "ORG", "occurrence": 2}, {"text": "太原", "type": "PLACE", "occurrence": 2}]',
            [{"text": "太原", "type": "ORG", "occurrence": 2}],
            1,
        ),
        # Other types, in JSON that has tags in a text.
        (
            '[{"text": "胡</b>", "type": "PERSON"}, {"text": "山西", "type": "PLACE"}]',
            [{"text": "山西", "type": "PLACE", "occurrence": 1}],
            1,
        ),
        # What is nowhere, or nowhere free, still counts as false.
        (
            '{"PERSON": ["胡"], "PLACE": ["上海", "山西", "山西"]}',
            [
                {"text": "上海", "type": "PLACE", "occurrence": 1},
                {"text": "山西", "type": "PLACE", "occurrence": 1},
                {"text": "山西", "type": "PLACE", "occurrence": 2},
            ],
            3,
        ),
        # Whole objects of broken JSON.
        (
            '```json\n{"entities": [{"text": "太原市政府", "type": "ORG"}, {"text": "山西", "ty',
            [{"text": "太原市政府", "type": "ORG", "occurrence": 1}],
            1,
        ),
        (
            '[{"text": "山西", "type": "PLACE"}, {"text": "太原", "type": null}]',
            [{"text": "山西", "type": "PLACE", "occurrence": 1}],
            1,
        ),
        (f"先 {LIST[:-1]}]\n后 {LIST}", None, 4),
    ],
)
def test_what_can_be_read_stands_beside_the_answer_as_it_came(raw: str, said: Any, names: int) -> None:
    found = record(Passage("a", "a", TEXT), completion(raw))
    assert found["raw"] == raw
    assert found["problem"] == "mended"
    assert found["names"] == names
    if said is not None:
        assert found["answer"] == said
    prediction = predicted(found)
    assert len(prediction.entities) + len(prediction.unlocated) == names


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("抱歉,我无法完成这个请求。", "抱歉,我无法完成这个请求。"),
        ("[{'text': '太原'}]", ""),
        ('[{"text": "太原"', ""),
        ("[5]", ""),
        ("```json\n[坏\n``` <ORG>太原</ORG>", "```json\n[坏\n``` <ORG>太原</ORG>"),
        ('```json\n["坏\n``` <ORG>太原</ORG>', ""),
        ("[" * 5000, ""),
        ('{"a":' * 1500, ""),
        ("太原" * 6000, ""),
    ],
)
def test_what_can_not_be_read_names_nothing_and_is_kept(raw: str, said: str) -> None:
    found = record(Passage("a", "a", TEXT), completion(raw))
    assert found.get("raw", found["answer"]) == raw
    assert found["answer"] == said
    if "<ORG>" in said:
        assert found["problem"] is None
    else:
        assert (found["problem"], found["names"]) == ("unparsable", 0)
    predicted(found)


@pytest.mark.parametrize(
    ("told", "problem", "names"),
    [
        (completion(TAGS, finish="length"), "truncated", 2),
        (completion("<ORG>太原市政", finish="length"), "truncated", 0),
        (completion('[{"text": "山西", "type": "PLACE"}, {"te', finish="length"), "truncated", 1),
        (completion("", finish="length"), "truncated", 0),
        (completion("", refusal="I can't."), "refused", 0),
        (completion(TAGS, refusal="I can't."), "refused", 2),
        (completion("", finish="content_filter"), "refused", 0),
        (completion(""), "empty", 0),
        (completion(" \n"), "empty", 0),
        (completion("<think>太原?</think>\n"), "empty", 0),
    ],
)
def test_what_the_endpoint_says_of_an_answer(told: Completion, problem: str, names: int) -> None:
    found = record(Passage("a", "a", TEXT), told)
    assert (found["problem"], found["names"]) == (problem, names)
    assert found.get("raw", found["answer"]) == told.content
    assert found.get("refusal") == told.refusal
    prediction = predicted(found)
    assert len(prediction.entities) + len(prediction.unlocated) == names


PIECES = (
    *("太原", "市政府", "在", "山西", "\n", "```", "```json\n", "“", '"', ",", ":", "[", "]", "{", "}", "[]", "null"),
    *("<ORG>", "</ORG>", "<PLACE>", "</PLACE>", "<X>", "</X>", "</think>", "<", "&lt;", TAGS),
    *('"text"', '"type"', '"PLACE"', '"occurrence": 1', '{"text": "太原市", "type": "ORG"}', LIST),
    '{"text": "太原", "type": "PLACE", "occurrence": 1}',
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from([None, "length", "stop"]))
def test_no_answer_makes_the_predictions_unreadable(raw: str, finish: str | None) -> None:
    found = record(Passage("a", "a", TEXT), completion(raw, finish=finish))
    assert found.get("raw", found["answer"]) == raw
    prediction = predicted(found)
    assert len(prediction.entities) + len(prediction.unlocated) == found["names"]


def test_case_does_not_matter() -> None:
    """Small models write the tags as they like."""
    assert readable(TEXT, TAGS.replace("ORG", "org").replace("PLACE", "Place")) == Answer(TAGS, 2, "mended")
    found = readable(TEXT, LIST.replace("ORG", "org"))
    assert (found.names, found.problem) == (2, "mended")


@pytest.mark.parametrize("finish", ["stop", "length"])
def test_names_in_a_thought_without_an_end_are_no_answer(finish: str) -> None:
    raw = f"<think>先看{TAGS}"
    found = record(Passage("a", "a", TEXT), completion(raw, finish=finish))
    assert predicted(found).entities == ()
    assert found["names"] == 0
    assert found["problem"] == ("empty" if finish == "stop" else "truncated")


@pytest.mark.parametrize("raw", ["<PLACE>太原市政府在山西太原", "太原市政府</ORG>在<PLACE>山西</PLACE>太原"])
def test_tags_without_a_counterpart_are_told(raw: str) -> None:
    assert readable(TEXT, raw).problem == "mended"
