"""Label Studio: exports in full and minimal, and which of several annotations counts."""

import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.gold.gold import load
from tyez_bench.io.formats import label_studio
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

SMALL = Path(__file__).parents[1] / "broken" / "place" / "gold.jsonl"


def source(*values: Any) -> Source:
    return Source("p.json", json.dumps(values, ensure_ascii=False).encode())


def parse(*values: Any) -> list[Record]:
    return list(label_studio.read(source(*values), Options()))


def region(start: Any, end: Any, *labels: str, text: str | None = None) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels)} | ({} if text is None else {"text": text})
    return {"id": "x", "from_name": "label", "to_name": "text", "type": "labels", "origin": "manual", "value": value}


def task(*results: Any, **fields: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "data": {"text": "在太原市"},
        "annotations": [{"id": 9, "was_cancelled": False, "result": list(results)}],
        "predictions": [],
        "file_upload": "a.txt",
    } | fields


def test_an_export() -> None:
    relation = {"type": "relation", "from_id": "x", "to_id": "y", "direction": "right"}
    choice = {"type": "choices", "value": {"choices": ["a"]}}
    (record,) = parse(task(region(1, 3, "LOC", text="太原"), relation, choice, region(1, 4, "LOC", "GPE")))
    assert (record.id, record.text) == ("1", "在太原市")
    assert record.spans == (Span(1, 3, "LOC", "太原"), Span(1, 4, "LOC"), Span(1, 4, "GPE"))


def test_the_id_of_the_data_goes_first() -> None:
    assert parse(task(data={"text": "太原", "id": "tyez-1"}))[0].id == "tyez-1"


def test_the_only_text_of_the_data() -> None:
    assert parse(task(data={"sentence": "在太原市", "id": "s", "n": 1}))[0].text == "在太原市"
    with pytest.raises(
        InputError, match=r"p.json:1: expected the text under text, or one string in data, got 'a', 'b'"
    ):
        parse(task(data={"a": "x", "b": "y"}))


def test_a_cancelled_annotation_does_not_count() -> None:
    cancelled = {"was_cancelled": True, "result": [region(0, 1, "A")]}
    kept = {"result": [region(1, 3, "LOC")]}
    assert parse(task(annotations=[cancelled, kept]))[0].spans == (Span(1, 3, "LOC"),)
    assert parse(task(annotations=[cancelled], predictions=[kept]))[0].spans == (Span(1, 3, "LOC"),)


def test_completions_of_old_versions() -> None:
    old = {"id": 1, "data": {"text": "在太原市"}, "completions": [{"result": [region(1, 3, "LOC")]}]}
    assert parse(old)[0].spans == (Span(1, 3, "LOC"),)
    assert label_studio.sniff(source(old))


def test_the_minimal_export() -> None:
    first = {"text": "山西", "id": 3, "annotator": 1, "annotation_id": 5, "created_at": "2022", "lead_time": 1.5}
    second = {"id": 4, "text": "在太原市", "ner": [{"start": 1, "end": 3, "text": "太原", "labels": ["LOC"]}]}
    one, two = parse(first, second)
    assert (one.id, one.text, one.spans) == ("3", "山西", ())
    assert (two.id, two.text, two.spans) == ("4", "在太原市", (Span(1, 3, "LOC", "太原"),))
    assert label_studio.sniff(source(first))
    assert label_studio.sniff(source(second))


@pytest.mark.parametrize(
    "value",
    [
        {"id": 1, "text": "太原"},
        {"id": 1, "text": "太原", "label": []},
        {"data": {"text": "太原"}},
        {"data": "太原", "label": [[0, 2, "A"]]},
        {"text": "太原", "entities": [{"start": 0, "end": 2, "entity_group": "A"}]},
        "太原",
    ],
)
def test_what_is_not_an_export(value: Any) -> None:
    assert not label_studio.sniff(source(value))


def test_offsets_of_before_version_1_4() -> None:
    """They count UTF-16 code units: told as a hint, and converted when asked for."""
    gold = load(SMALL)
    export = source(task(region(5, 7, "PLACE", text="太原"), data={"text": "𠮷野家在太原。"}))
    with pytest.raises(InputError, match="is at 4: do the offsets count UTF-16 code units"):
        read_source(export, gold, ReadOptions())
    predictions = read_source(export, gold, ReadOptions(align=True))
    assert [(e.start, e.end) for e in predictions["b"].entities] == [(4, 6)]
    assert predictions.reading.unit == "UTF-16 code units"


def test_numbers_of_tasks_are_not_ids_of_the_gold() -> None:
    gold = tyez_bench.load()
    document = next(iter(gold))
    entity = document.outermost()[0]
    found = task(region(entity.start, entity.end, str(entity.type)), data={"text": document.text})
    predictions = read_source(source(found), gold, ReadOptions(labels="tyez"))
    assert predictions.reading.keyed_by == "text"
    assert [(e.start, e.end) for e in predictions[document.id].entities] == [(entity.start, entity.end)]


def test_spans_under_other_names_are_refused_and_choices_are_not() -> None:
    other = {"type": "other", "value": {"start": 0, "end": 2, "textlabels": ["ORG"]}}
    with pytest.raises(InputError, match="expected a region with start, end and one of labels"):
        parse(task(other))
    with pytest.raises(InputError, match="'extra' has what looks like a span"):
        parse(task(extra=[[0, 2, "ORG"]]))
    choice = {"type": "choices", "value": {"start": 0, "end": 2, "choices": ["x"]}}
    assert parse(task(choice, region(1, 4, "PLACE")))[0].spans == (Span(1, 4, "PLACE"),)
