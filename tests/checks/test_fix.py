"""Mends are safe: nothing else goes wrong by them; the diff is one; links and modes stay."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from checks_run import said
from tyez_bench.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def place(start: int, end: int, **more: object) -> dict[str, object]:
    """An entity."""
    return {"start": start, "end": end, "type": "PLACE", **more}


def write(folder: Path, text: str, *entities: dict[str, object], **more: object) -> None:
    """A gold set of one record, in canonical form."""
    record = {"id": "a", "text": text, **more, "entities": list(entities)}
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    (folder / "gold.jsonl").write_text(line + "\n", "utf-8")


@pytest.mark.parametrize(
    ("text", "entities", "more"),
    [
        ("太原市 公司", [place(0, 4), place(0, 3)], {}),
        ("北京 市", [place(0, 3, alternatives=[[0, 2]])], {}),
        ("北京 市", [place(0, 3), place(3, 4, alternatives=[[0, 4]])], {}),
        (" 北京市", [place(0, 3), place(1, 4)], {}),
    ],
)
def test_a_fix_makes_nothing_else_wrong(
    text: str,
    entities: list[dict[str, object]],
    more: dict[str, object],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(folder, text, *entities, **more)

    def errors() -> set[str]:
        main(["check", "gold.jsonl", "--select", "F,S", "--output-format", "json"])
        data = json.loads(capsys.readouterr().out)
        return {finding["code"] for finding in data["findings"]}

    before = errors()
    assert main(["fix", "gold.jsonl", "--write"]) == 0
    capsys.readouterr()
    assert errors() <= before


def test_an_edge_that_is_free_is_moved_with_what_names_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inner = place(0, 2, id="a:0-2", parent="a:0-4")
    write(folder, "太原市 好", place(0, 4, id="a:0-4"), inner)
    said(capsys, 0, "fix", "gold.jsonl", "--write")
    (record,) = map(json.loads, (folder / "gold.jsonl").read_text("utf-8").splitlines())
    assert [(e["id"], e["end"], e.get("parent")) for e in record["entities"]] == [
        ("a:0-3", 3, None),
        ("a:0-2", 2, "a:0-3"),
    ]


def test_the_diff_has_the_lines_of_the_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line separators inside a record end no line of it."""
    before = '{"id": "a", "text": "太原\u2028好\x85", "entities": []}\n{"id": "b", "text": "太原"}'
    after = '{"id":"a","text":"太原\u2028好\x85","entities":[]}\n{"id":"b","text":"太原"}\n'
    (folder / "gold.jsonl").write_text(before, "utf-8")
    header, out = said(capsys, 1, "fix", "gold.jsonl").split("@@ -1,2 +1,2 @@\n")
    assert header == "--- gold.jsonl\n+++ gold.jsonl (fixed)\n"
    lines = out.removesuffix("\n").split("\n")
    assert [line[0] for line in lines] == ["-", "-", "\\", "+", "+"]
    assert "\n".join(line[1:] for line in lines[:2]) == before
    assert "".join(f"{line[1:]}\n" for line in lines[3:]) == after


def test_no_control_character_goes_to_a_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "gold.jsonl").write_text('{"id": "a", "text": "太原\u009b31m"}\n', "utf-8")
    assert "\u009b" in said(capsys, 1, "fix", "gold.jsonl")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    out = said(capsys, 1, "fix", "gold.jsonl")
    assert "\u009b" not in out
    assert "太原\\x9b31m" in out


def test_links_and_modes_stay(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "own").mkdir()
    path = folder / "own" / "gold.jsonl"
    path.write_text('{"id": "a", "text": "太原"}\n', "utf-8")
    path.chmod(0o600)
    link = folder / "link.jsonl"
    link.symlink_to("own/gold.jsonl")
    said(capsys, 0, "fix", "link.jsonl", "--write")
    assert os.readlink(link) == "own/gold.jsonl"
    assert path.read_text("utf-8") == '{"id":"a","text":"太原"}\n'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(folder / "own") == ["gold.jsonl"]


@pytest.mark.parametrize(
    ("name", "content", "form"),
    [
        ("d.jsonl", '{"id": 1, "text": "太原市 好", "label": [[0, 4, "PLACE"]]}\n', "doccano"),
        ("c.jsonl", '{"text": "太原好", "label": {"LOC": {"太原": [[0, 1]]}}}\n', "cluener"),
        ("g.conll", "太 B-LOC\n原 I-LOC\n\n", "conll"),
    ],
)
def test_another_form_is_no_gold_set_that_is_fixed(
    name: str, content: str, form: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_text(content, "utf-8")
    for how in ([], ["--check"], ["--write"]):
        assert main(["fix", name, *how]) == 2
        assert f"{name}: is in the format {form}, but only gold sets in the project's own" in capsys.readouterr().err
    assert (folder / name).read_text("utf-8") == content
    # The way that is named.
    assert main(["export", "--gold", name, "--output-format", "gold", "--output", "own.jsonl"]) == 0
    capsys.readouterr()
    said(capsys, 0, "fix", "own.jsonl", "--write")
    record = json.loads((folder / "own.jsonl").read_text("utf-8"))
    assert record["entities"][0]["end"] == (3 if form == "doccano" else 2)
