"""CLUENER: inclusive ends, names that must fit, and records without a text."""

import json
from typing import Any

import pytest

import tyez_bench
from tyez_bench.errors import InputError
from tyez_bench.formats import cluener
from tyez_bench.formats.read import How, read_source
from tyez_bench.formats.record import Options, RawSpan, Record, Sample
from tyez_bench.formats.source import Source


def source(*values: Any) -> Source:
    return Source("p.json", "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode())


def parse(*values: Any) -> list[Record]:
    return list(cluener.read(source(*values), Options()))


def test_ends_are_inclusive() -> None:
    """A record of the set's own form."""
    (record,) = parse(
        {
            "text": "浙商银行企业信贷部叶老桂",
            "label": {"name": {"叶老桂": [[9, 11]]}, "company": {"浙商银行": [[0, 3]]}},
        }
    )
    assert record == Record(
        1,
        text="浙商银行企业信贷部叶老桂",
        spans=(RawSpan(9, 12, "name", "叶老桂"), RawSpan(0, 4, "company", "浙商银行")),
    )


def test_a_name_at_several_places() -> None:
    (record,) = parse({"id": "a", "text": "太原和太原", "label": {"PLACE": {"太原": [[0, 1], [3, 4]]}}})
    assert [(s.start, s.end) for s in record.spans] == [(0, 2), (3, 5)]


@pytest.mark.parametrize("first", [0, 1])
def test_numbers_without_texts_are_places_in_the_file(first: int) -> None:
    gold = tyez_bench.load()
    numbered = [
        {
            "id": first + number,
            "label": {"PLACE": {e.text: [[e.start, e.end - 1]] for e in d.outermost() if e.type == "PLACE"}},
        }
        for number, d in enumerate(gold)
    ]
    predictions = read_source(source(*numbered), gold, How())
    assert predictions.reading.keyed_by == "position"
    assert sum(len(p.entities) for p in predictions.values()) > 20


def test_numbers_out_of_order_are_no_places() -> None:
    with pytest.raises(InputError, match=r"p.json:2: the record has no text, and its id 2 is not its place"):
        parse({"id": 0, "label": {}}, {"id": 2, "label": {}})
    with pytest.raises(InputError, match=r"p.json:1: the record has no text, and its id 5"):
        parse({"id": 5, "label": {}})


def test_an_exclusive_end_is_told() -> None:
    with pytest.raises(InputError, match="expected the last character's offset as the end"):
        parse({"text": "在太原市", "label": {"PLACE": {"太原": [[1, 3]]}}})


def test_another_name_is_left_to_the_check_against_the_text() -> None:
    (record,) = parse({"text": "在太原市", "label": {"PLACE": {"北京": [[1, 2]]}}})
    assert record.spans == (RawSpan(1, 3, "PLACE", "北京"),)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": "太原", "label": {}}, True),
        ({"id": 0, "label": {"PLACE": {}}}, True),
        ({"label": {}}, False),
        ({"text": "太原", "label": []}, False),
        ({"text": "太原"}, False),
        ([], False),
    ],
)
def test_sniff(value: Any, expected: bool) -> None:
    assert cluener.sniff(source(value)) is expected


def test_what_is_written() -> None:
    data = cluener.write([Sample("a", "太原太原", (RawSpan(0, 2, "P"), RawSpan(2, 4, "P")))])
    assert data.decode() == '{"id": "a", "text": "太原太原", "label": {"P": {"太原": [[0, 1], [2, 3]]}}}\n'
