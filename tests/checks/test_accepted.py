"""Entries are stale only where their rule looked at all that it needs; the file changes only when all went well."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from checks_run import BROKEN, REPEAT, refused, said
from tyez_bench.checks.project import check_project

ONE = '{"id":"one","text":"太原今天天气很好。","entities":[{"start":0,"end":2,"text":"太原","type":"PLACE"}]}\n'
TWO = (
    '{"id":"two","text":"北京与太原都很大，、上海也是。",'
    '"entities":[{"start":9,"end":12,"text":"、上海","type":"PLACE"}]}\n'
)
ACCEPT = ("accept", "add", "--reason", "as it is", "--by", "A. Reader", "--date", "2026-11-25")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two files; of the second a finding that the first is needed for, and one that it is not, are accepted."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.tyez-bench.check]\npaths = ["one.jsonl", "two.jsonl"]\naccepted = "accepted.jsonl"\n', "utf-8"
    )
    (tmp_path / "one.jsonl").write_text(ONE, "utf-8")
    (tmp_path / "two.jsonl").write_text(TWO, "utf-8")
    monkeypatch.chdir(tmp_path)
    said(capsys, 0, *ACCEPT, "--select", "X603,S107")
    return tmp_path


def entries(project: Path) -> list[str]:
    """The rules of the entries."""
    return [json.loads(line)["rule"] for line in (project / "accepted.jsonl").read_text("utf-8").splitlines()]


def test_without_the_other_files_nothing_is_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert entries(project) == ["S107", "X603"]
    assert "B901" not in said(capsys, 0, "check", "two.jsonl")
    assert "unless the whole project is checked: a PATH is given" in refused(capsys, "accept", "prune", "two.jsonl")
    assert entries(project) == ["S107", "X603"]
    # What is about a text alone is judged all the same.
    (project / "two.jsonl").write_text(TWO.replace('"start":9', '"start":10').replace('"、上海"', '"上海"'), "utf-8")
    out = said(capsys, 1, "check", "two.jsonl", "--output-format", "concise")
    assert "B901 S107 '、上海' in two: is no longer found" in out
    assert "B901 X603" not in out


def test_a_rule_of_a_higher_level_did_not_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for level in "123":
        assert "B901" not in said(capsys, 0, "check", "--level", level)
        assert said(capsys, 0, "accept", "prune", "--level", level).startswith("0 accepted findings pruned")
    assert entries(project) == ["S107", "X603"]


def test_a_broken_record_makes_no_entry_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "one.jsonl").write_text(ONE.replace('"end":2', '"end":99'), "utf-8")
    out = said(capsys, 1, "check", "--output-format", "concise")
    assert "S101" in out
    assert "B901" not in out
    assert "1 records have errors on levels 1 and 2" in refused(capsys, "accept", "prune")
    assert entries(project) == ["S107", "X603"]


def test_what_fails_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    add = ("accept", "add", "gold.jsonl", "--accepted", "accepted.jsonl", "--by", "A. Reader")
    assert "expected a reason" in refused(capsys, *add)
    assert "no warning matches" in refused(capsys, *add, "--reason", "x", "--select", "S")
    (tmp_path / "gold.jsonl").write_text(BROKEN, "utf-8")
    refused(capsys, *add, "--reason", "x")
    assert not (tmp_path / "accepted.jsonl").exists()
    assert "no such file" in refused(capsys, "check", "gold.jsonl", "--accepted", "accepted.jsonl")
    assert "no such file" in refused(capsys, "accept", "prune", "gold.jsonl", "--accepted", "accepted.jsonl")
    # The first entry makes it.
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    assert said(capsys, 0, *add, "--reason", "x") == "accepted: X602 a '太钢'\n"
    assert entries(tmp_path) == ["X602"]


def test_eight_processes_keep_eight_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"d{number}" for number in range(8)]
    lines = [REPEAT.replace('"a"', f'"{name}"').replace("He", f"He{name}") for name in names]
    lines = [line.replace('"start":3,"end":5,"text":"太钢"', '"start":7,"end":10,"text":"，太钢"') for line in lines]
    (tmp_path / "gold.jsonl").write_text("".join(lines), "utf-8")
    command = [sys.executable, "-m", "tyez_bench", "accept", "add", "gold.jsonl", "--accepted", "accepted.jsonl"]
    command += ["--reason", "r", "--by", "b", "--select", "S107", "--document"]
    running = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for name in names]
    for process in running:
        _, err = process.communicate()
        assert (process.returncode, err) == (0, b"")
    found = [json.loads(line)["document"] for line in (tmp_path / "accepted.jsonl").read_text("utf-8").splitlines()]
    assert found == names
    assert sorted(path.name for path in tmp_path.iterdir()) == ["accepted.jsonl", "gold.jsonl"]
    assert "gold.jsonl" in said(capsys, 0, "check", "gold.jsonl", "--accepted", "accepted.jsonl", "--select", "S107,B")


@pytest.mark.parametrize(
    "day", ["2022-99-99", "2023-02-29", "20221124", "2022-W47-4", "heute", "2022-11-24T10:00", "٢٠٢٢-11-24"]
)
def test_a_day_is_one_of_the_calendar(day: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / "accepted.jsonl").read_bytes()
    assert "argument --date: " in refused(capsys, "accept", "add", "--reason", "r", "--by", "b", "--date", day)
    assert (project / "accepted.jsonl").read_bytes() == before
    (project / "accepted.jsonl").write_bytes(before.replace(b"2026-11-25", day.encode()))
    assert f"accepted.jsonl:1: date: {day!r} is not a day" in refused(capsys, "check")
    (project / "accepted.jsonl").write_bytes(before.replace(b"2026-11-25", b""))
    assert said(capsys, 0, "check").startswith("no findings; 2 accepted")


def test_an_entry_that_changed_while_it_was_judged_stays(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody accepts one more of the same while prune looks: the entry is another by then."""
    (project / "two.jsonl").write_text(TWO.replace('"start":9', '"start":10').replace('"、上海"', '"上海"'), "utf-8")
    path = project / "accepted.jsonl"

    def meanwhile(*given: object, **more: object) -> object:
        outcome = check_project(*given, **more)  # type: ignore[arg-type]
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        lines[0]["n"] = 2
        path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
        return outcome

    monkeypatch.setattr("tyez_bench.cli.accept.check_project", meanwhile)
    assert said(capsys, 0, "accept", "prune") == "0 accepted findings pruned, 2 entries left\n"
    monkeypatch.undo()
    monkeypatch.chdir(project)
    assert said(capsys, 0, "accept", "prune") == "2 accepted findings pruned, 1 entries left\n"
