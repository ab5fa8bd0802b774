"""scripts/passes.py: what annotators start from, and what is made of their passes."""

import json
import sys
from pathlib import Path

import pytest

import passes
from tyez_bench.gold.gold import data_dir

ANNOTATIONS = Path(__file__).parents[2] / "annotations"


def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What the command prints."""
    monkeypatch.setattr(sys, "argv", ["passes.py", *arguments])
    assert passes.main() == code
    out, err = capsys.readouterr()
    assert (err == "") == (code == 0)
    return out if code == 0 else err


def test_a_pass_from_blank_to_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text(printed(monkeypatch, capsys, "blank"), "utf-8")
    assert printed(monkeypatch, capsys, "check", str(mine)) == f"{mine}: well-formed; \n"
    records = [json.loads(line) for line in printed(monkeypatch, capsys, "jsonl", str(mine)).splitlines()]
    gold = [json.loads(line) for line in (data_dir() / "gold.jsonl").read_text("utf-8").splitlines()]
    assert [(r["id"], r["text"], r["entities"]) for r in records] == [(d["id"], d["text"], []) for d in gold]
    known = ANNOTATIONS / "passes" / "A.txt"
    assert printed(monkeypatch, capsys, "jsonl", str(known)) == (data_dir() / "passes" / "A.jsonl").read_text("utf-8")
    mine.write_text(mine.read_text("utf-8").replace("太原", "大原", 1), "utf-8")
    assert printed(monkeypatch, capsys, "check", str(mine), code=2).startswith(f"{mine}:")


def test_the_differences_are_those_of_the_logs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = [json.loads(line) for line in (ANNOTATIONS / "adjudication.jsonl").read_text("utf-8").splitlines()]
    found = [json.loads(line) for line in printed(monkeypatch, capsys, "differences").splitlines()]
    keys = ("document", "start", "end", "text")
    decided = {tuple(entry[key] for key in keys) for entry in log if entry["origin"] == "difference"}
    assert {tuple(entry[key] for key in keys) for entry in found} == decided
    # Each behind its text, which may have several lines.
    lines = printed(monkeypatch, capsys, "stress-differences").splitlines()
    entries = [json.loads(line) for line in lines if line.startswith('{"id":')]
    decisions = (ANNOTATIONS / "stress" / "decisions.jsonl").read_text("utf-8").splitlines()
    assert {entry["id"] for entry in entries} == {json.loads(line)["id"] for line in decisions}


def test_a_sample_has_the_same_texts_blank_and_with_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = printed(monkeypatch, capsys, "stress-sample", str(tmp_path))
    sample = [json.loads(line) for line in (tmp_path / "sample.jsonl").read_text("utf-8").splitlines()]
    assert said == f"{passes.CASES} cases, {len(sample)} texts\n"
    blank = "".join(f"=== {text['id']}\n{text['text']}\n" for text in sample)
    assert (tmp_path / "blank.txt").read_text("utf-8") == blank
    assert len({text["id"] for text in sample}) == len(sample)
