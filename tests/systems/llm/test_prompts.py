"""Prompts: nothing of the page in them, examples of other documents only, the same ones every time."""

import json
from importlib import resources

import pytest

import tyez_bench
from tyez_bench.io.formats.inline import parse_tags
from tyez_bench.io.record import Sample
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems.llm.options import ANSWERS, LANGUAGES, LEVELS, PARAPHRASES, Asking
from tyez_bench.systems.llm.prompts import answered_with, asked_with, examples, instructions, messages
from tyez_bench.systems.system import UNITS, passages

EVERY = [
    Asking(level=level, language=language, paraphrase=paraphrase, answer=answer)
    for level in LEVELS
    for language in LANGUAGES
    for paraphrase in PARAPHRASES
    for answer in ANSWERS
]


def test_every_prompt_is_whole_and_different() -> None:
    texts = [instructions(asking) for asking in EVERY]
    assert len(set(texts)) == len(EVERY)
    for asking, text in zip(EVERY, texts, strict=True):
        assert "{types}" not in text
        assert "{answer}" not in text
        assert all(name in text for name in ("PLACE", "ORG", "MONEY", "DATE"))
        assert ("<PLACE>…</PLACE>" in text) == (asking.answer == "tags")
        assert ('"occurrence": 1' in text) == (asking.answer == "json")
        assert text == instructions(asking)


def test_no_prompt_has_anything_of_the_page(gold: tyez_bench.Gold) -> None:
    """No name of the gold, nested, optional or alternative, and no six characters that stand on the page."""
    names = {e.text for _, e in gold.entities()}
    names |= {d.text[start:end] for d, e in gold.entities() for start, end in e.alternatives}
    names = {name for name in names if len(name) > 1}
    everything = "\n".join(document.text for document in gold)
    folder = resources.files("tyez_bench.systems.llm") / "prompts"
    files = [file for language in LANGUAGES for file in (folder / language).iterdir()]
    assert len(files) == 16
    for file in files:
        text = file.read_text("utf-8")
        assert [name for name in names if name in text] == []
        runs = {text[at : at + 6] for at in range(len(text) - 5)}
        assert [run for run in runs if run in everything and not run.isascii()] == []


@pytest.mark.parametrize("by", UNITS)
@pytest.mark.parametrize("number", [1, 5])
def test_examples_are_never_of_the_scored_document(gold: tyez_bench.Gold, by: str, number: int) -> None:
    for document in gold:
        found = examples(gold, document.id, number, by)
        assert found == examples(gold, document.id, number, by)
        assert len({sample.id for sample in found}) == number
        for sample in found:
            assert not sample.id.startswith(document.id)
            assert sample.text not in document.text
            assert document.text not in sample.text
            assert sample.text in {passage.text for passage in passages(gold, by)}
            assert sample.spans


def test_examples_are_the_richest_of_each_document_in_turn(gold: tyez_bench.Gold) -> None:
    found = examples(gold, "wanbolin", 8, "sentence")
    order = [sample.id.partition(".")[0] for sample in found]
    ids = [document.id for document in gold]
    assert order == [*ids[3:], *ids[:2], "yingze"]
    types = [len({span.label for span in sample.spans}) for sample in found]
    first, second = found[0], found[7]
    assert (types[0], len(first.spans)) >= (types[7], len(second.spans))
    assert all(sample.surface(span) for sample in found for span in sample.spans)


def test_examples_leave_out_what_the_scored_document_has_too() -> None:
    entity = {"start": 0, "end": 2, "type": "PLACE"}
    texts = {"a": "太原很大。太原", "b": "太原", "c": "山西太原"}
    documents = [
        tyez_bench.Document(
            id=id_,
            text=text,
            entities=(tyez_bench.Entity(id=f"{id_}:0-2", text=text[:2], **entity),),  # type: ignore[arg-type]
        )
        for id_, text in texts.items()
    ]
    gold = tyez_bench.Gold("own", None, "", tuple(documents))
    assert [sample.id for sample in examples(gold, "a", 1, "document")] == ["c"]
    with pytest.raises(UsageError, match="2 examples from other documents than 'a' were asked for, got 1"):
        examples(gold, "a", 2, "document")
    with pytest.raises(UsageError, match="1 examples from other documents than 'b' were asked for, got 0"):
        examples(gold, "b", 1, "document")


def test_examples_have_the_required_outermost_entities() -> None:
    gold = tyez_bench.load()
    (sample,) = examples(gold, "series", 1, "document")
    document: Document = gold[sample.id]
    wanted = [(e.start, e.end, str(e.type)) for e in document.outermost() if e.required]
    assert [(s.start, s.end, s.label) for s in sample.spans] == wanted
    assert len(wanted) < len(document.entities)


def test_a_conversation_shows_the_examples_as_turns() -> None:
    shot = Sample("b", "太原<好>", (Span(0, 2, "PLACE"),))
    found = messages(Asking(), [shot], "a&b")
    assert [m["role"] for m in found] == ["system", "user", "assistant", "user"]
    assert [m["content"] for m in found[1:]] == ["太原&lt;好&gt;", "<PLACE>太原</PLACE>&lt;好&gt;", "a&amp;b"]
    found = messages(Asking(answer="json"), [shot], "a&b")
    assert [m["content"] for m in found[1::2]] == ["太原<好>", "a&b"]
    assert json.loads(found[2]["content"]) == [{"text": "太原", "type": "PLACE", "occurrence": 1}]


def test_what_is_asked_and_answered_with_tags_reads_back() -> None:
    sample = Sample("a", "AT&T <b>太原</b> &lt;", (Span(0, 4, "ORG"), Span(8, 10, "PLACE")))
    assert parse_tags(asked_with(sample.text, "tags"))[0] == sample.text
    copy, spans, problems = parse_tags(answered_with(sample, "tags"))
    assert (copy, tuple(spans), problems) == (sample.text, sample.spans, [])
