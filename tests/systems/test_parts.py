"""Passages in parts: batches across passages, answers in the order of the passages, errors with their names."""

import logging
import sys
import warnings
from collections.abc import Iterator

import pytest

from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span
from tyez_bench.systems.quiet import quiet, unwarned
from tyez_bench.systems.system import Passage
from tyez_bench.systems.windows import batches, by_sentences, in_batches

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


def test_other_libraries_are_quiet_inside_only(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("tyez_test")
    with quiet():
        print("out")
        print("bar", file=sys.stderr)
        log.error("inside")
        warnings.warn("inside", stacklevel=1)
    with unwarned():
        print("bar of the command", file=sys.stderr)
        log.error("inside")
        warnings.warn("inside", stacklevel=1)
    log.error("outside")
    assert capsys.readouterr() == ("", "bar of the command\n")
    assert caplog.messages == ["outside"]
    with pytest.warns(UserWarning, match="outside"):
        warnings.warn("outside", stacklevel=1)
