"""CLUENER: inclusive ends, names that must fit, and records without a text."""

import json
from pathlib import Path
from typing import Any

import datasets
import pytest

import tyez_bench
from tyez_bench.io.detect import detect_format
from tyez_bench.io.formats import cluener
from tyez_bench.io.gold import load_source
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source, open_source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span


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
        spans=(Span(9, 12, "name", "叶老桂"), Span(0, 4, "company", "浙商银行")),
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
    predictions = read_source(source(*numbered), gold, ReadOptions())
    assert predictions.reading.keyed_by == "position"
    assert sum(len(p.entities) for p in predictions.values()) > 20


def test_numbers_out_of_order_are_no_places() -> None:
    with pytest.raises(InputError, match=r"p.json:2: the record has no text, and its id 2 is not its position"):
        parse({"id": 0, "label": {}}, {"id": 2, "label": {}})
    with pytest.raises(InputError, match=r"p.json:1: the record has no text, and its id 5"):
        parse({"id": 5, "label": {}})


def test_an_exclusive_end_is_told() -> None:
    with pytest.raises(InputError, match="expected an inclusive end"):
        parse({"text": "在太原市", "label": {"PLACE": {"太原": [[1, 3]]}}})


def test_nulls_are_labels_and_names_that_a_record_lacks(tmp_path: Path) -> None:
    """As datasets writes them: every record has all labels and all names of the file."""
    rows = [
        {"text": "浙商银行叶老桂", "label": {"name": {"叶老桂": [[4, 6]]}, "company": {"浙商银行": [[0, 3]]}}},
        {"text": "太原和张三", "label": {"address": {"太原": [[0, 1]]}, "name": {"张三": [[3, 4]]}}},
        {"text": "无", "label": {}},
    ]
    plain, written = tmp_path / "plain.json", tmp_path / "written.json"
    plain.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    datasets.Dataset.from_list(rows).to_json(written, force_ascii=False)
    text = written.read_text("utf-8")
    assert '"name":{"叶老桂":null,"张三":[[3,4]]}' in text
    assert '"address":null' in text

    def spans(path: Path) -> list[set[Span]]:
        assert cluener.sniff(open_source(path))
        return [set(record.spans) for record in cluener.read(open_source(path), Options())]

    assert spans(written) == spans(plain)
    assert [len(found) for found in spans(written)] == [2, 2, 0]


@pytest.mark.parametrize("label", [None, {"PLACE": [[0, 1]]}, {"PLACE": {"太原": 0}}, {"PLACE": {"太原": [None]}}])
def test_other_nulls_are_refused(label: Any) -> None:
    with pytest.raises(InputError, match=r"p.json:1: .*expected"):
        parse({"text": "太原", "label": label})


def test_another_name_is_left_to_the_check_against_the_text() -> None:
    (record,) = parse({"text": "在太原市", "label": {"PLACE": {"北京": [[1, 2]]}}})
    assert record.spans == (Span(1, 3, "PLACE", "北京"),)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": "太原", "label": {}}, True),
        ({"id": 0, "label": {"PLACE": {}}}, True),
        ({"label": {}}, True),
        ({"text": "太原", "label": []}, False),
        ({"text": "太原"}, False),
        ([], False),
    ],
)
def test_sniff(value: Any, expected: bool) -> None:
    assert cluener.sniff(source(value)) is expected


def test_what_is_written() -> None:
    data = cluener.write([Sample("a", "太原太原", (Span(0, 2, "P"), Span(2, 4, "P")))])
    assert data.decode() == '{"id": "a", "text": "太原太原", "label": {"P": {"太原": [[0, 1], [2, 3]]}}}\n'


def test_predictions_without_id_and_text_are_told_by_their_order() -> None:
    """As the baseline writes them."""
    texts = [{"text": "太原好", "label": {"address": {"太原": [[0, 1]]}}}, {"text": "好", "label": {}}]
    gold = load_source(source(*texts), "g")
    bare = source(*({"label": one["label"]} for one in texts))
    assert detect_format(bare) == "cluener"
    found = read_source(bare, gold, ReadOptions())
    assert found.reading.keyed_by == "position"
    assert [[(e.start, e.end) for e in found[d.id].entities] for d in gold] == [[(0, 2)], []]
