"""The build, the card's last corners, and the commands on gold sets with little or strange things in them."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from xml.etree import ElementTree

import pytest
import yaml

import regenerate
import tyez_bench
from generated import data as build
from tyez_bench.cli import main
from tyez_bench.dataset.statistics import statistics
from tyez_bench.gold.gold import data_dir
from tyez_bench.model.errors import one_line
from tyez_bench.report.pictures import pictures

DATA = data_dir()
ROOT = DATA.parent
CARD = (DATA / "README.md").read_text("utf-8")


def test_what_is_built_is_all_that_is_there() -> None:
    first = build.make()
    assert [path.name for path in first if first[path] != path.read_bytes()] == []
    inside = {path.relative_to(DATA).as_posix() for path in first if path.is_relative_to(DATA)}
    assert inside == {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["CITATION.cff"])
def test_a_changed_source_is_noticed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A root with nothing in it but what is copied, and what is made."""
    for folder in ("data", "annotations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for copied in ("pyproject.toml", *build.COPIED):
        shutil.copy(ROOT / copied, tmp_path)
    (tmp_path / name).write_bytes((ROOT / name).read_bytes() + b"# changed\n")
    for module in (build, regenerate):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(build, "DATA", tmp_path / "data")
    monkeypatch.setattr(build, "ANNOTATIONS", tmp_path / "annotations")
    assert regenerate.main(["data", "--check"]) == 1
    out, err = capfd.readouterr()
    *lines, advice = err.splitlines()
    stale = {line.partition(":")[0] for line in lines}
    assert out == ""
    assert f"data/{name}: -0 +1 lines, first at line " in err
    assert advice == "to write what is generated: python scripts/regenerate.py data"
    assert {f"data/{name}", "data/manifest.json"} <= stale
    assert not {path for path in stale if path.endswith((".parquet", ".jsonl"))}


def test_the_licence_link_is_one_that_the_hub_takes() -> None:
    link = yaml.safe_load(CARD.split("---\n")[1])["license_link"]
    assert link in ("LICENSE", "LICENSE.md") or urlparse(link).scheme == "https"


def test_tables_have_as_many_cells_as_columns() -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", CARD, re.MULTILINE)
    assert len(tables) > 10
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table.splitlines()[0]


def write(tmp_path: Path, *records: object) -> Path:
    """A gold set of somebody's own."""
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What a command prints."""
    assert main(list(argv)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_the_numbers_of_info_counted_again(capsys: pytest.CaptureFixture[str]) -> None:
    documents = [json.loads(line) for line in (DATA / "gold.jsonl").read_text("utf-8").splitlines()]
    entities = [entity for document in documents for entity in document["entities"]]
    found = json.loads(printed(capsys, "info", "--json", "--names", "1000"))
    layers = Counter((e["type"], f"{'nested' if e['parent'] else 'outermost'}, {e['status']}") for e in entities)
    assert {(type_, name): n for type_, of in found["entities"].items() for name, n in of.items() if n} == layers
    flat = [e for e in entities if not e["parent"] and e["status"] == "required"]
    names = Counter((e["type"], e["text"]) for e in flat)
    assert {(name["type"], name["text"]): name["times"] for name in found["names"]} == names
    assert [name["times"] for name in found["names"]] == sorted(names.values(), reverse=True)
    assert found["sentences"] == sum(len(document["sentences"]) for document in documents)
    assert found["characters"] == sum(len(document["text"].replace("\n", "")) for document in documents)
    for type_, lengths in found["lengths"].items():
        sizes = sorted(len(e["text"]) for e in flat if e["type"] == type_)
        assert (lengths["shortest"], lengths["longest"]) == (sizes[0], sizes[-1])
        assert lengths["mean"] == pytest.approx(sum(sizes) / len(sizes), abs=0.005)
    assert found["attributes"]["area code"] == sum(e["code"] is not None for e in entities)
    assert found["attributes"]["alternative boundary"] == sum(bool(e["alternatives"]) for e in entities)
    assert sum(found["depths"].values()) == len(entities)


def figures(text: str) -> list[str]:
    """The numbers of an output, in order."""
    return re.findall(r"\d+(?:\.\d+)?", text)


@pytest.mark.parametrize("command", [["info"], ["ceiling", "char", "spacy:xx"], ["ceiling", "jieba", "--layer", "all"]])
def test_every_form_has_the_same_figures(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text, markdown, latex = (
        figures(printed(capsys, *command, "--output-format", form)) for form in ("text", "markdown", "latex")
    )
    assert text == markdown == latex
    assert len(text) > 10
    assert printed(capsys, *command, "--json") == printed(capsys, *command, "--output-format", "json")


@pytest.mark.parametrize(
    "record",
    [{"id": "d", "text": ""}, {"id": "d", "text": "无"}, {"id": "d", "text": "\n", "entities": []}],
)
@pytest.mark.parametrize("form", ["text", "json", "markdown", "latex"])
def test_gold_sets_with_next_to_nothing(
    record: dict[str, Any], form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(tmp_path, record))
    assert "own" in printed(capsys, "info", "--gold", path, "--names", "0", "--output-format", form)
    told = printed(capsys, "ceiling", "char", "--gold", path, "--output-format", form)
    assert ('"ceiling": null' if form == "json" else "--" if form == "latex" else "–") in told


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["info", "--names", "-1"], "'-1' is not a whole number from 0"),
        (["info", "--output-format", "csv"], "invalid choice: 'csv'"),
        (["info", "--gold", "x.jsonl", "--gold-version", "1.0.0"], "not allowed with argument --gold"),
        (["ceiling", "--layer", "inner"], "invalid choice: 'inner'"),
        (["verify", "one", "two"], "unrecognized arguments: two"),
    ],
)
def test_wrong_use(argv: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(argv)
    out, err = capsys.readouterr()
    assert (stop.value.code, out, err.count("\n")) == (2, "", 1)
    assert reason in err


def test_verify_of_what_is_no_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    for folder in ("file", "none", "x" * 300, "a\0b", "a\nb"):
        assert main(["verify", str(tmp_path / folder)]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert "manifest.json: " in err


@pytest.mark.parametrize(
    "name",
    [
        "a<b>&c",
        "太原\u2028市",
        "A$B$",
        r"$\frac$",
        "a\x0bb",
    ],
)
@pytest.mark.filterwarnings("ignore:Glyph")
def test_pictures_of_names_with_strange_characters(name: str, tmp_path: Path) -> None:
    path = write(tmp_path, {"id": "d", "text": name, "entities": [{"start": 0, "end": len(name), "type": "PLACE"}]})
    found = pictures(statistics(tyez_bench.load(path)))
    assert sorted(found) == ["documents.svg", "entities.svg", "lengths.svg", "names.svg"]
    texts = ["".join(ElementTree.fromstring(data).itertext()) for data in found.values()]
    # What is no character of XML, or of a line, is written as an escape.
    assert one_line(name) in "".join(texts)
