"""Comparing with a base revision that was broken, or in another format; and what may grow."""

import contextlib
import json
from pathlib import Path

import pytest

from checks_run import CLEAN, REPEAT, git, refused, said

RELEASE = (
    '[project]\nversion = "1.0.0"\n[tool.tyez-bench.check]\npaths = ["{0}"]\naccepted = "accepted.jsonl"\n'
    '[tool.tyez-bench.check.release]\nversion = "pyproject.toml:project.version"\n'
)
LONE = '{"id":"%s","text":"钢的厂%s","entities":[{"start":0,"end":1,"text":"钢","type":"ORG"}]}\n'
ACCEPT = ("accept", "add", "--reason", "as it is", "--by", "A. Reader", "--date", "2026-11-25")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a repository, nothing committed yet."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(RELEASE.format("gold.jsonl"), "utf-8")
    (tmp_path / "accepted.jsonl").write_text("", "utf-8")
    git(tmp_path, "init", "--quiet")
    return tmp_path


def commit(folder: Path) -> None:
    """Everything as the base."""
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "base")


def codes(capsys: pytest.CaptureFixture[str], code: int) -> list[str]:
    """The codes of the findings against the base."""
    data = json.loads(said(capsys, code, "check", "--base", "HEAD", "--output-format", "json"))
    return [finding["code"] for finding in data["findings"]]


def test_a_change_that_fixes_the_gold_can_be_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sound records of the base are compared with, whatever stands beside them."""
    (folder / "gold.jsonl").write_text(CLEAN + REPEAT.replace('"end":5', '"end":99') + "{\n", "utf-8")
    commit(folder)
    gold = CLEAN + REPEAT.replace("，太钢好", "")
    (folder / "gold.jsonl").write_text(gold, "utf-8")
    # Mended, and that is a change: another version.
    assert codes(capsys, 1) == ["V801"]
    (folder / "gold.jsonl").write_text(gold.replace("太原", "大同"), "utf-8")
    assert sorted(codes(capsys, 1)) == ["V801", "V802"]


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"", b"no format at all\n", b"\x00\x01\n"])
def test_a_base_that_can_not_be_read_is_none(content: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_bytes(content)
    (folder / "accepted.jsonl").write_text("<<<<<<<\n", "utf-8")
    (folder / "pyproject.toml").write_text("[tool\n", "utf-8")
    commit(folder)
    (folder / "gold.jsonl").write_text(CLEAN, "utf-8")
    (folder / "accepted.jsonl").write_text("", "utf-8")
    (folder / "pyproject.toml").write_text(RELEASE.format("gold.jsonl"), "utf-8")
    assert codes(capsys, 0) == []


def test_a_base_in_another_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = '{"id":7,"text":"太钢","label":[[0,2,"ORG"]]}\n'
    (folder / "gold.jsonl").write_text(line, "utf-8")
    commit(folder)
    assert codes(capsys, 0) == []
    (folder / "gold.jsonl").write_text(line.replace("太钢", "宝钢"), "utf-8")
    assert sorted(codes(capsys, 1)) == ["V801", "V802"]


def test_a_base_that_is_a_directory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pyproject.toml").write_text(RELEASE.format("brat"), "utf-8")
    (folder / "brat").mkdir()
    for name in "ab":
        (folder / "brat" / f"{name}.txt").write_text(f"太钢{name}", "utf-8")
        (folder / "brat" / f"{name}.ann").write_text("T1\tORG 0 2\t太钢\n", "utf-8")
    commit(folder)
    assert codes(capsys, 0) == []
    (folder / "brat" / "a.txt").write_text("太钢。", "utf-8")
    assert sorted(codes(capsys, 1)) == ["V801", "V802"]


def test_the_base_is_read_with_the_configured_labels(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """COMPANY is a label of no map that comes with the package."""
    (folder / "own.toml").write_text('expresses = ["ORG"]\n[labels]\nCOMPANY = "ORG"\n', "utf-8")
    config = RELEASE.format("gold.jsonl").replace("accepted = ", 'labels = "own.toml"\naccepted = ')
    (folder / "pyproject.toml").write_text(config, "utf-8")
    (folder / "gold.jsonl").write_text('{"id":7,"text":"太钢","label":[[0,2,"COMPANY"]]}\n', "utf-8")
    commit(folder)
    assert codes(capsys, 0) == []
    (folder / "gold.jsonl").write_text('{"id":7,"text":"太钢","label":[]}\n', "utf-8")
    assert codes(capsys, 1) == ["V801"]
    # Relative to the configuration, as every path in it.
    (folder / "below").mkdir()
    with contextlib.chdir(folder / "below"):
        assert codes(capsys, 1) == ["V801"]


def test_an_unknown_revision_is_refused_whatever_is_configured(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "gold.jsonl").write_text(CLEAN, "utf-8")
    (folder / "pyproject.toml").write_text('[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\n', "utf-8")
    assert "unknown git revision 'nix'" in refused(capsys, "check", "--base", "nix")


def test_lines_are_ended_by_line_feeds_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "x\u2028、上海"
    entity = '{"start":2,"end":5,"text":"、上海","type":"PLACE"}'
    (folder / "gold.jsonl").write_text(f'{{"id":"a","text":"{text}","entities":[{entity}]}}\n', "utf-8")
    said(capsys, 0, *ACCEPT)
    assert "\u2028" in (folder / "accepted.jsonl").read_text("utf-8")
    commit(folder)
    assert codes(capsys, 0) == []


def test_new_documents_bring_their_own_entries(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """B903 is about the documents that the base has: there the number may not grow."""
    (folder / "pyproject.toml").write_text(RELEASE.format("gold.jsonl").partition("[tool.tyez-bench.check.rel")[0])
    (folder / "gold.jsonl").write_text(LONE % ("a", ""), "utf-8")
    said(capsys, 0, *ACCEPT)
    commit(folder)
    (folder / "gold.jsonl").write_text(LONE % ("a", "") + LONE % ("b", "在"), "utf-8")
    said(capsys, 0, *ACCEPT)
    assert codes(capsys, 0) == []


def test_old_documents_may_not_have_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_text(CLEAN + LONE % ("a", ""), "utf-8")
    said(capsys, 0, *ACCEPT)
    commit(folder)
    one = CLEAN.replace('"end":2,"text":"太原"', '"end":1,"text":"太"')
    (folder / "gold.jsonl").write_text(one + LONE % ("b", "在"), "utf-8")
    said(capsys, 0, "accept", "prune")
    said(capsys, 0, *ACCEPT, "--select", "L303")
    # Two entries now, one before; one of the two is of the new document, and that of the document that is gone
    # makes no room for another one.
    out = said(capsys, 1, "check", "--base", "HEAD", "--select", "B903", "--output-format", "concise")
    assert "B903 1 finding accepted in documents that HEAD also has, but only 0 there" in out
