"""Results of token-classification pipelines: aggregated, tag by tag, in memory and in files."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.io.detect import detect_format
from tyez_bench.io.formats import hf_pipeline
from tyez_bench.io.formats.hf_pipeline import read, sniff, spans_of, write
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

REAL = Path(__file__).parent / "real"


def source(value: Any, *, lines: bool = False) -> Source:
    """A file of one JSON value, or of JSON Lines."""
    text = "\n".join(map(json.dumps, value)) if lines else json.dumps(value)
    return Source("f.json", text.encode())


def records(value: Any, *, lines: bool = False) -> list[Record]:
    """What is read from it."""
    made = source(value, lines=lines)
    assert sniff(made)
    return list(read(made, Options()))


def group(start: int, end: int, label: str = "LOC") -> dict[str, Any]:
    """An aggregated item."""
    return {"entity_group": label, "score": 0.5, "start": start, "end": end}


def token(start: int, end: int, tag: str, index: int | None = None) -> dict[str, Any]:
    """An un-aggregated item."""
    return {"entity": tag, "score": 0.5, "index": index, "start": start, "end": end}


def test_one_result_and_several() -> None:
    assert records([group(0, 2), group(3, 4, "ORG")]) == [Record(1, spans=(Span(0, 2, "LOC"), Span(3, 4, "ORG")))]
    several = [[group(0, 2)], [], [group(1, 2)]]
    expected = [(Span(0, 2, "LOC"),), (), (Span(1, 2, "LOC"),)]
    assert [r.spans for r in records(several)] == expected
    assert [r.spans for r in records(several, lines=True)] == expected
    assert [r.line for r in records(several, lines=True)] == [1, 2, 3]
    assert [r.spans for r in records([[], [group(1, 2)]])] == [(), (Span(1, 2, "LOC"),)]
    # An empty list alone is of no format; named, it is one result without entities.
    assert not sniff(source([]))
    assert list(read(source([]), Options())) == [Record(1)]


def test_objects_around_results() -> None:
    (record,) = records([{"id": 7, "text": "太原市", "entities": [group(0, 2)]}], lines=True)
    assert (record.id, record.text, record.spans) == ("7", "太原市", (Span(0, 2, "LOC"),))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        # As written by BIO tags with neighbouring tokens.
        ([token(0, 1, "B-LOC", 1), token(1, 2, "I-LOC", 2)], [(0, 2, "LOC")]),
        ([token(0, 1, "B-LOC", 1), token(1, 2, "B-LOC", 2)], [(0, 1, "LOC"), (1, 2, "LOC")]),
        # O tokens are left out by the pipeline: a gap in the index ends the entity, though the characters touch.
        ([token(0, 1, "B-LOC", 1), token(1, 2, "I-LOC", 3)], [(0, 1, "LOC"), (1, 2, "LOC")]),
        # An I that follows nothing, or another label, begins an entity.
        ([token(0, 1, "I-LOC", 1), token(1, 2, "I-ORG", 2)], [(0, 1, "LOC"), (1, 2, "ORG")]),
        # White space between neighbouring tokens belongs to the entity.
        ([token(0, 2, "B-LOC", 1), token(3, 5, "I-LOC", 2)], [(0, 5, "LOC")]),
        # Without an index the characters decide; without the text they must touch.
        ([token(0, 2, "B-LOC"), token(2, 3, "I-LOC"), token(5, 6, "I-LOC")], [(0, 3, "LOC"), (5, 6, "LOC")]),
        # BIOES, and labels without a prefix.
        ([token(0, 1, "S-LOC", 1), token(1, 2, "S-LOC", 2)], [(0, 1, "LOC"), (1, 2, "LOC")]),
        ([token(0, 1, "B-LOC", 1), token(1, 2, "E-LOC", 2)], [(0, 2, "LOC")]),
        ([token(0, 1, "LOC", 1), token(1, 2, "LOC", 2)], [(0, 2, "LOC")]),
        (
            [token(0, 1, "B-GPE-LOC", 1), token(1, 2, "O", 2), token(2, 3, "I-GPE-LOC", 3)],
            [(0, 1, "GPE-LOC"), (2, 3, "GPE-LOC")],
        ),
        ([token(0, 1, "LABEL_1", 1)], [(0, 1, "LABEL_1")]),
        # A group that is called after a tag was not stripped of it.
        ([group(0, 1, "B-LOC")], [(0, 1, "LOC")]),
        ([group(0, 1, "X-LOC")], [(0, 1, "X-LOC")]),
    ],
)
def test_tokens_are_joined(items: list[dict[str, Any]], expected: list[tuple[int, int, str]]) -> None:
    assert [(s.start, s.end, s.label) for s in records(items)[0].spans] == expected


def test_one_place_with_a_word_and_without() -> None:
    """Spans are put in order by their places alone: what has no word can't be compared with what has one."""
    one, other = records([group(0, 2), {**group(0, 2), "word": "太原"}])[0].spans
    assert (one.word, other.word) == (None, "太原")
    assert (one.start, one.end, one.label) == (other.start, other.end, other.label) == (0, 2, "LOC")


def test_in_memory_with_the_text() -> None:
    items = [token(0, 2, "B-LOC"), token(3, 4, "I-LOC")]
    assert spans_of(items, "太原 市", "d") == [Span(0, 4, "LOC")]
    assert spans_of(items, "太原的市", "d") == [Span(0, 2, "LOC"), Span(3, 4, "LOC")]
    with pytest.raises(tyez_bench.InputError, match="'d': I-LOC 3–4 is outside the text"):
        spans_of(items, "太原市", "d")


def test_numpys_numbers_are_numbers() -> None:
    import numpy as np

    item = {"entity_group": "LOC", "start": np.int64(0), "end": np.int64(2)}
    assert spans_of([item], "太原", "d") == [Span(0, 2, "LOC")]


@given(
    st.lists(st.tuples(st.text(min_size=4, max_size=9), st.integers(0, 2), st.integers(1, 2)), min_size=1, max_size=4)
)
def test_what_is_written_is_read(drawn: list[tuple[str, int, int]]) -> None:
    samples = [
        Sample(str(n), text, (Span(start, start + length, "LOC"),)) for n, (text, start, length) in enumerate(drawn)
    ]
    made = Source("f.jsonl", write(samples))
    assert sniff(made)
    again = [(r.id, r.text, tuple(Span(s.start, s.end, s.label) for s in r.spans)) for r in read(made, Options())]
    assert again == [(s.id, s.text, s.spans) for s in samples]


@pytest.mark.parametrize("kind", ["simple", "none"])
def test_the_output_of_a_real_pipeline(gold: tyez_bench.Gold, kind: str) -> None:
    """A tiny model with random weights, run by sentence; ``tests/with_torch`` makes the files and runs it anew."""
    path = REAL / f"hf_{kind}.json"
    read_back = tyez_bench.read_predictions(path, gold, labels="conll03")
    assert read_back.reading.keyed_by == "position"
    assert sum(len(p.entities) for p in read_back.values()) > 20
    report = tyez_bench.score(gold, read_back)
    assert report.types == ("PLACE", "ORG")


def test_aggregated_or_not_is_the_same(gold: tyez_bench.Gold) -> None:
    """The pipeline's own simple aggregation, and ours of its tokens."""
    one, other = (
        tyez_bench.read_predictions(REAL / f"hf_{kind}.json", gold, labels="conll03") for kind in ("simple", "none")
    )
    assert dict(one) == dict(other)


def named(label: str, start: int, end: int, word: str) -> dict[str, Any]:
    return {"entity_group": label, "score": 0.9, "word": word, "start": start, "end": end}


def spans_in(value: Any) -> list[list[tuple[int, int, str]]]:
    found = Source("p.json", json.dumps(value).encode())
    assert detect_format(found) == "hf"
    return [[(s.start, s.end, s.label) for s in r.spans] for r in hf_pipeline.read(found, Options())]


def test_groups_that_are_called_after_tags_are_joined() -> None:
    value = [[named("B-ORG", 0, 1, "太"), named("I-ORG", 1, 5, "原 市 政 府"), named("B-ORG", 5, 6, "省")]]
    assert spans_in(value) == [[(0, 5, "ORG"), (5, 6, "ORG")]]
    # A label may look like a tag where no other does.
    assert spans_in([[named("E-MAIL", 0, 1, "a"), named("LOC", 2, 3, "b")]]) == [[(0, 1, "E-MAIL"), (2, 3, "LOC")]]


def test_groups_called_o_are_none_and_a_list_more_is_passed_over() -> None:
    assert spans_in([[named("O", 0, 2, "好 好"), named("LOC", 2, 4, "太 原")]]) == [[(2, 4, "LOC")]]
    assert spans_in([[[named("LOC", 0, 2, "太 原")], []]]) == [[(0, 2, "LOC")], []]
    assert spans_in([[[named("LOC", 0, 2, "太 原")]], [[]]]) == [[(0, 2, "LOC")], []]


def test_offsets_into_words_joined_by_blanks_are_refused() -> None:
    gold = load_source(Source("g", '{"id": "a", "text": "在太原市签约很多年"}\n'.encode()), "g")
    for value in (
        [[named("LOC", 2, 7, "太 原 市")]],
        [
            [
                {"entity": "B-LOC", "word": "太", "start": 2, "end": 3, "index": 2},
                {"entity": "I-LOC", "word": "原", "start": 4, "end": 5, "index": 3},
            ]
        ],
    ):
        with pytest.raises(InputError, match=r"its word is '太 ?原.*is_split_into_words=True"):
            read_source(Source("p", json.dumps(value).encode()), gold, ReadOptions())
    # A tokenizer's pieces, case, unknown characters and bytes are no other words.
    text = load_source(Source("g", '{"id": "a", "text": "在Apple公司和𠮷野家"}\n'.encode()), "g")
    same = [[named("ORG", 1, 8, "##apple 公 司"), named("ORG", 9, 12, "[UNK] 野 家"), named("X", 8, 9, "åĴĮ")]]
    assert len(read_source(Source("p", json.dumps(same).encode()), text, ReadOptions())["a"].entities) == 3


def test_names_broken_by_the_aggregation_of_other_tags_are_told() -> None:
    """What transformers makes of B-LOC E-LOC: two groups called LOC."""
    gold = load_source(Source("g", '{"id": "a", "text": "在太原和晋祠"}\n'.encode()), "g")
    value = [[named("LOC", 1, 2, "太"), named("LOC", 2, 3, "原"), named("LOC", 4, 5, "晋"), named("LOC", 5, 6, "祠")]]
    assert read_source(Source("p", json.dumps(value).encode()), gold, ReadOptions()).reading.notes["touching"] == 4
    whole = [[named("LOC", 1, 3, "太 原"), named("LOC", 4, 6, "晋 祠")]]
    assert "touching" not in read_source(Source("p", json.dumps(whole).encode()), gold, ReadOptions()).reading.notes


@pytest.mark.parametrize("value", [[[[], {"start": 0}]], [[[], "x"]], [[[[5]]]], [[5]]])
def test_lists_of_other_things_are_no_results(value: Any) -> None:
    assert not sniff(Source("p", json.dumps(value).encode()))
