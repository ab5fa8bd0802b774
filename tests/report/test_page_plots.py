"""The heat map of the stress suite in the page of a report."""

import json
from pathlib import Path

import html_tree
import pytest
from html_tree import Node

from tyez_bench.cli import main
from tyez_bench.report.table import figure
from tyez_bench.stress.suite import suite

ROOT = Path(__file__).parents[2]
PAGE = str(ROOT / "data" / "predictions" / "jieba.jsonl")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Predictions for the suite: all values, and nothing but the first texts."""
    folder = tmp_path_factory.mktemp("stress")
    found = [str(folder / f"{name}.jsonl") for name in ("values", "little")]
    assert main(["stress", "rules", "--output", found[0]]) == 0
    first = suite().gold.documents[0]
    entities = [{"start": e.start, "end": e.end, "type": e.type} for e in first.outermost()]
    Path(found[1]).write_text(json.dumps({"id": first.id, "entities": entities}) + "\n", "utf-8")
    Path(found[1]).with_suffix(".json").write_text('{"system": "x", "labels": "tyez"}', "utf-8")
    return found


@pytest.fixture(scope="module")
def tree(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The page with both."""
    path = tmp_path_factory.mktemp("report") / "out.html"
    assert main(["report", PAGE, "--stress", *files, "--html", str(path)]) == 0
    return html_tree.read(path.read_bytes())


def test_every_cell_says_what_the_command_prints(
    tree: Node, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stress", *files, "--json"]) == 0
    systems = json.loads(capsys.readouterr().out)["systems"]
    [heat] = tree.find("table", class_="heat")
    head, *rows = heat.find("tr")
    assert [cell.text() for cell in head.find("th")] == ["capability", "values", "little"]
    for row, *lines in zip(rows, *(system["capabilities"] for system in systems), strict=True):
        assert [cell.text() for cell in row.find("th")] == [lines[0]["capability"]]
        for cell, line, system in zip(row.find("td"), lines, systems, strict=True):
            lowest = "↓" if line["capability"] == system["worst"] else ""
            told = "–" if line["rate"] is None else f"{lowest}{figure(line['rate'])} of {line['cases']}"
            assert cell.text() == told
            if line["rate"] is not None:
                assert cell.classes == [f"heat{round(line['rate'] * 10)}"]


def test_constructed_and_transformed_stand_apart(tree: Node) -> None:
    [heat] = tree.find("table", class_="heat")
    first, second = heat.find("tbody")
    names = [[row.find("th")[0].text() for row in body.find("tr")] for body in (first, second)]
    transformed = {case.capability for case in suite().cases if case.transformed}
    assert set(names[1]) == transformed
    assert not set(names[0]) & transformed


def test_the_section_has_a_link_and_a_table_of_each_system(tree: Node) -> None:
    assert tree.find("a", href="#stress")
    captions = [caption.text() for caption in tree.find("caption")]
    assert {"values: stress suite", "little: stress suite"} <= set(captions)


def test_a_page_without_the_suite_has_no_such_section(tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    assert main(["report", PAGE, "--html", str(path)]) == 0
    plain = html_tree.read(path.read_bytes())
    assert not plain.find("a", href="#stress")
    assert not plain.find("table", class_="heat")


def test_predictions_for_other_texts_leave_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.html"
    assert main(["report", PAGE, "--stress", PAGE, "--html", str(out)]) == 2
    assert "unknown document id 'series'" in capsys.readouterr().err
    assert not out.exists()
    assert main(["report", PAGE, "--stress", PAGE, "--png", str(tmp_path / "png")]) == 2
    assert "--stress applies to the page" in capsys.readouterr().err
