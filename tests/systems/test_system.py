"""What systems are given and give: passages, sentences in batches, errors with their names, systems put together."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

import tyez_bench
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import (
    Passage,
    System,
    batches,
    by_sentences,
    combine,
    in_batches,
    passages,
    span_record,
    tagging,
)

GIVEN = [
    Passage("a", "a", "一。 二\n\n 三。\u3000"),
    Passage("b", "b", ""),
    Passage("c", "c", " \n"),
    Passage("d", "d", "四。五"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_sentences_are_given_without_white_space_and_spans_come_back_to_the_text(size: int) -> None:
    batches_given: list[list[str]] = []

    def tag(sentences: list[str]) -> list[list[Span]]:
        batches_given.append(sentences)
        return [[Span(0, 1, "X", sentence[0])] for sentence in sentences]

    records = list(by_sentences(tag, size)(GIVEN))
    assert [len(batch) for batch in batches_given[:-1]] == [size] * (len(batches_given) - 1)
    assert [sentence for batch in batches_given for sentence in batch] == ["一。", "二", "三。", "四。", "五"]
    assert [record["id"] for record in records] == ["a", "b", "c", "d"]
    assert [[(e["start"], e["text"]) for e in record["entities"]] for record in records] == [
        [(0, "一"), (3, "二"), (7, "三")],
        [],
        [],
        [(0, "四"), (2, "五")],
    ]
    assert all(p.text[e["start"]] == e["text"] for p, r in zip(GIVEN, records, strict=True) for e in r["entities"])


def test_no_passage_is_cut_before_its_batch() -> None:
    cut: list[str] = []

    def parts(passage: Passage) -> tuple[str, list[int]]:
        cut.append(passage.id)
        return passage.id, [0, 1]

    done: Iterator[str] = in_batches(GIVEN, parts, lambda batch: None, 2)
    assert (next(done), cut) == ("a", ["a"])
    assert list(done) == ["b", "c", "d"]


def test_what_goes_wrong_names_the_passages_of_the_batch() -> None:
    def tag(sentences: list[str]) -> list[list[Span]]:
        if "四。" in sentences:
            raise RuntimeError("\nout of memory\nmore")
        return [[] for _ in sentences]

    with pytest.raises(InputError, match=r"^'a' to 'd': the model failed: RuntimeError: out of memory$"):
        list(by_sentences(tag, 2)(GIVEN))
    with pytest.raises(InputError, match=r"^'d': the model failed"):
        list(by_sentences(tag, 1)(GIVEN))


def test_batches_take_no_more_than_they_need() -> None:
    items = iter(range(5))
    found = batches(items, 2)
    assert next(found) == [0, 1]
    assert next(items) == 2
    assert list(found) == [[3, 4]]


def test_records_are_sorted_and_have_the_id_of_their_passage(gold: tyez_bench.Gold) -> None:
    def last_and_first(text: str) -> list[Span]:
        size = len(text)
        return [Span(size - 1, size, "nt"), Span(0, 1, "nt")]

    given = passages(gold, "sentence")
    records = list(tagging(last_and_first)(given))
    assert [record["id"] for record in records] == [passage.id for passage in given]
    assert all(record["entities"][0]["start"] == 0 for record in records)


def test_passages_are_the_texts_of_documents_and_sentences(gold: tyez_bench.Gold) -> None:
    assert [(p.id, p.document, p.text) for p in passages(gold, "document")] == [(d.id, d.id, d.text) for d in gold]
    sentences = passages(gold, "sentence")
    assert len(sentences) == sum(len(d.sentences) for d in gold)
    for passage in sentences:
        assert passage.text in gold[passage.document].text
        assert passage.id.startswith(f"{passage.document}.s")
    with pytest.raises(UsageError, match="by 'word' is neither of document, sentence"):
        passages(gold, "word")


def test_a_system_that_fails_is_named_with_the_passage(gold: tyez_bench.Gold) -> None:
    def fail(text: str) -> list[Span]:
        raise RuntimeError(f"no\n{text[:2]}")

    with pytest.raises(InputError, match=r"'series': the system failed: RuntimeError: no\\n·太"):
        list(tagging(fail)(passages(gold, "document")))


PASSAGE = Passage("a", "a", "太钢今年投资3亿元在太原")


def system(*spans: tuple[int, int, str], labels: str | None, **more: Any) -> System:
    """A system that always finds these spans."""

    def predict(given: Sequence[Passage]) -> list[dict[str, Any]]:
        return [span_record(p, [Span(s, e, label, p.text[s:e]) for s, e, label in spans]) for p in given]

    return System(predict=predict, labels=labels, **more)


def test_the_second_adds_its_types_in_the_gold_s_labels() -> None:
    words = system((0, 2, "ni"), (2, 4, "t"), (10, 12, "ns"), labels="thulac")
    extractors = system((2, 4, "time"), (6, 9, "money"), (0, 2, "location"), labels="jionlp")
    both = combine("x", [(words.labels, words), (extractors.labels, extractors)])
    assert both.labels == "tyez"
    (record,) = both.predict([PASSAGE])
    assert [(e["start"], e["end"], e["type"]) for e in record["entities"]] == [
        (0, 2, "ORG"),
        (2, 4, "DATE"),
        (6, 9, "MONEY"),
        (10, 12, "PLACE"),
    ]


def test_a_span_that_overlaps_an_earlier_part_s_is_left_out() -> None:
    words = system((0, 4, "ns"), labels="pku")
    extractors = system((2, 4, "time"), (4, 6, "time"), labels="jionlp")
    (record,) = combine("x", [("pku", words), ("jionlp", extractors)]).predict([PASSAGE])
    assert [(e["start"], e["end"], e["type"]) for e in record["entities"]] == [(0, 4, "PLACE"), (4, 6, "DATE")]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (system(labels="thulac"), "adds no type to those before it"),
        (
            system(labels=None, name="py:m:f"),
            "labels of py:m:f are not known in advance; labels=NAME names its label map",
        ),
        (system(labels="jionlp", by="sentence"), "the same passages"),
        (
            system(labels="jionlp", format="llm", name="llm:x"),
            "llm:x gives no spans, but only systems that give spans can be combined",
        ),
    ],
)
def test_what_does_not_go_together(second: System, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        combine("x", [("pku", system(labels="pku")), (second.labels, second)])


def test_each_part_is_read_through_the_map_that_is_named_with_it() -> None:
    words = system((0, 2, "ni"), labels="pku")
    extractors = system((6, 9, "money"), labels=None)
    (record,) = combine("x", [("thulac", words), ("jionlp", extractors)]).predict([PASSAGE])
    assert [e["type"] for e in record["entities"]] == ["ORG", "MONEY"]


def test_settings_of_the_parts_are_kept() -> None:
    parts = [("pku", system(labels="pku", settings={"a": 1})), ("jionlp", system(labels="jionlp"))]
    assert combine("x", parts).settings == {"parts": [{"a": 1}, {}]}
