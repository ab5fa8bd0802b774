"""doccano: every form its exports took, and what they leave open."""

import json
from typing import Any

import pytest

from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.registry import load_format
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

doccano = load_format("doccano")


def source(*values: Any) -> Source:
    return Source("p.jsonl", "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode())


def parse(*values: Any) -> list[Record]:
    return list(doccano.read(source(*values), Options()))


@pytest.mark.parametrize(
    "value",
    [
        {"id": 7, "text": "在太原市", "label": [[1, 3, "LOC"]], "Comments": []},
        {"id": 7, "data": "在太原市", "label": [[1, 3, "LOC"]], "meta": {}},
        {"id": 7, "text": "在太原市", "labels": [[1, 3, "LOC"]]},
        {"doc_id": 7, "text": "在太原市", "entities": [[1, 3, "LOC"]], "username": "a"},
        {
            "id": 7,
            "text": "在太原市",
            "entities": [{"id": 1, "label": "LOC", "start_offset": 1, "end_offset": 3}],
            "relations": [],
        },
    ],
)
def test_exports_over_the_years(value: dict[str, Any]) -> None:
    assert parse(value) == [Record(1, id="7", text="在太原市", spans=(Span(1, 3, "LOC"),))]
    assert doccano.sniff(source(value))


def test_labels_by_number_are_refused() -> None:
    value = {"id": 7, "text": "太原", "annotations": [{"label": 3, "start_offset": 0, "end_offset": 2, "user": 1}]}
    assert doccano.sniff(source(value))
    with pytest.raises(InputError, match=r"p.jsonl:1: the label is a number \(3\), which only the project can resolve"):
        parse(value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([{"text": "太原", "label": []}], True),
        ([{"text": "太原", "label": []}, {"text": "太原", "label": [[0, 2, "A"]]}], True),
        ([{"text": "太原", "label": ["positive"]}], False),
        ([{"text": "太原", "entities": []}], True),
        ([{"text": "太原", "entities": [["太原", "A"]]}], False),
        ([{"text": "太原", "entities": [["太原", "A", 1]]}], False),
        ([{"text": "太原", "entities": [{"start": 0, "end": 2, "entity_group": "A"}]}], False),
        ([{"id": 1, "entities": [[0, 2, "A"]]}], True),
        ([{"text": "太原", "label": [{"start": 0, "end": 2, "labels": ["A"]}]}], False),
        ([["太原"]], False),
    ],
)
def test_sniff(values: list[Any], expected: bool) -> None:
    assert doccano.sniff(source(*values)) is expected


def test_what_is_written() -> None:
    data = doccano.write([Sample("a", "太原", (Span(0, 2, "P"),))])
    assert data == '{"id": "a", "text": "太原", "label": [[0, 2, "P"]]}\n'.encode()
