"""Sentences cover their sections and end where the rule says."""

import pytest

import tyez_bench
from tyez_bench.gold.derived import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一。二", ["一。", "二"]),
        ("“一。”二。", ["“一。”", "二。"]),
        ("“一!”(二?)三", ["“一!”", "(二?)", "三"]),
        ("一……二;三:四,五", ["一……二;三:四,五"]),
        ("真的吗?!真的。", ["真的吗?!", "真的。"]),
        ("没有句号", ["没有句号"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in split_sentences(text, 0, len(text))] == expected


def test_sentences_cover_all_but_the_line_feeds(gold: tyez_bench.Gold) -> None:
    for document in gold:
        covered = {i for sentence in document.sentences for i in range(sentence.start, sentence.end)}
        assert {document.text[i] for i in range(len(document.text)) if i not in covered} <= {"\n"}
        assert len(covered) == sum(sentence.end - sentence.start for sentence in document.sentences)
        assert len(covered) == len(document.text) - document.text.count("\n")


def test_no_sentence_cuts_an_entity(gold: tyez_bench.Gold) -> None:
    for document, entity in gold.entities():
        around = [s for s in document.sentences if s.start <= entity.start and entity.end <= s.end]
        assert len(around) == 1
