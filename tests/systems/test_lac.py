"""LAC on ONNX Runtime: the model of the package, over sentences that are not the page's, and over the page."""

from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.files.jsonl import encode_lines
from tyez_bench.gold.gold import data_dir
from tyez_bench.io.label_maps import load_map
from tyez_bench.systems import SYSTEMS, load_system, request
from tyez_bench.systems.adapters.lac import TAGS
from tyez_bench.systems.system import Options, Passage, System, passages


@pytest.fixture(scope="module")
def lac() -> System:
    return load_system(request("lac"), tyez_bench.load(), Options())


def found(lac: System, text: str) -> list[tuple[str, str]]:
    """Label and text of what it finds, after checking that its offsets say the same."""
    (record,) = lac.predict([Passage("a", "a", text)])
    assert all(text[e["start"] : e["end"]] == e["text"] for e in record["entities"])
    return [(e["type"], e["text"]) for e in record["entities"]]


def test_names_of_every_kind(lac: System) -> None:
    text = "李雷在上海交通大学附近的黄浦区工作,6月3日的售价是3999元。"
    assert found(lac, text) == [("PER", "李雷"), ("ORG", "上海交通大学"), ("LOC", "黄浦区"), ("TIME", "6月3日")]


def test_white_space_is_not_shown_to_it(lac: System) -> None:
    """Nor is what stands on either side of a line feed, which it would take into a name."""
    assert found(lac, "小米公司在北京发布\nXiaomi 14") == [("ORG", "小米公司"), ("LOC", "北京"), ("nz", "Xiaomi")]
    assert found(lac, "北京\n小米公司") == [("LOC", "北京"), ("ORG", "小米公司")]
    assert found(lac, " \n\u3000李 雷\t在 上海。 \n\n") == [("PER", "李 雷"), ("LOC", "上海")]
    assert found(lac, " \n ") == []


def test_what_it_gives_is_not_joined(lac: System) -> None:
    assert found(lac, "2022-08-09在山西太原上演") == [("LOC", "山西"), ("LOC", "太原")]


def test_the_labels_are_those_of_the_map(lac: System) -> None:
    read = load_map(SYSTEMS["lac"].labels or "").labels
    assert {tag: read[tag] for tag in TAGS if read[tag]} == {"LOC": "PLACE", "ORG": "ORG", "TIME": "DATE"}


def test_the_page_as_it_is_committed(lac: System, gold: tyez_bench.Gold) -> None:
    """On any processor: its closest decision on the page is far wider than the last digits of a sum."""
    made = encode_lines(list(lac.predict(passages(gold, lac.by))))
    assert made == Path(data_dir() / "predictions" / "lac.jsonl").read_bytes()
