"""SARIF as GitHub takes it: a value of its own for every result, a region, an address of any file name."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from checks_run import REPEAT, said
from tyez_bench.checks.rule import rules

PAIR = '{{"id":"{0}","text":"{1}","entities":[{{"start":0,"end":2,"text":"太钢","type":"ORG"}}]}}\n'


def gold(name: str) -> str:
    """A record with four marks that begin with a comma, two of which have the same characters around."""
    text = "太钢" + "的人和，太钢的事都好" * 4
    starts = [at for at, character in enumerate(text) if character == "，"]
    entities = [{"start": start, "end": start + 3, "type": "ORG"} for start in starts]
    return json.dumps({"id": name, "text": text, "entities": entities}, ensure_ascii=False) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def results(capsys: pytest.CaptureFixture[str], code: int, *argv: str) -> list[dict[str, Any]]:
    """The results of a run."""
    (run,) = json.loads(said(capsys, code, "check", *argv, "--output-format", "sarif"))["runs"]
    return list(run["results"])


def fingerprint(result: dict[str, Any]) -> str:
    """The value that GitHub looks at."""
    return str(result["partialFingerprints"]["primaryLocationLineHash"])


def test_every_result_has_a_value_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = gold("a")
    (folder / "gold.jsonl").write_text(lines, "utf-8")
    values = [fingerprint(result) for result in results(capsys, 1, "gold.jsonl", "--select", "S107")]
    assert len(values) == len(set(values)) == 4
    # The second and the third have the same characters around: they are numbered.
    assert values[1].rpartition(":")[0] == values[2].rpartition(":")[0] != values[0].rpartition(":")[0]
    assert [value.rpartition(":")[2] for value in values] == ["1", "1", "2", "1"]
    # Lines and offsets are not part of it.
    (folder / "gold.jsonl").write_text(PAIR.format("b", "太钢") + lines, "utf-8")
    assert [fingerprint(result) for result in results(capsys, 1, "gold.jsonl", "--select", "S107")] == values


def test_accepted_results_keep_their_numbers_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_text(gold("a"), "utf-8")
    entry = {"rule": "S107", "document": "a", "surface": "，太钢", "label": "ORG", "before": "好的人和", "n": 1}
    found = json.loads(said(capsys, 1, "check", "gold.jsonl", "--select", "S107", "--output-format", "json"))[
        "findings"
    ][1]
    entry |= {"before": found["before"], "after": found["after"], "reason": "as it is", "by": "A. Reader"}
    (folder / "accepted.jsonl").write_text(json.dumps(entry) + "\n", "utf-8")
    argv = ("gold.jsonl", "--select", "S107", "--accepted", "accepted.jsonl")
    known = results(capsys, 1, *argv)
    assert [("suppressions" in result, fingerprint(result)[-1]) for result in known] == [
        (False, "1"),
        (False, "2"),
        (False, "1"),
        (True, "1"),
    ]


def test_a_rule_has_its_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_text(PAIR.format("a", "太钢的人和太钢"), "utf-8")
    (run,) = json.loads(said(capsys, 1, "check", "gold.jsonl", "--output-format", "sarif"))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["properties"]["page"] == rules()[rule["id"]].page
    assert rule["help"]["markdown"] == f"```text\n{said(capsys, 0, 'explain', rule['id'])}```\n"
    (found,) = json.loads(said(capsys, 1, "check", "gold.jsonl", "--output-format", "json"))["findings"]
    assert found["page"] == rule["properties"]["page"]
    lines = said(capsys, 1, "check", "gold.jsonl").splitlines()
    assert lines[-2] == f"more about these rules: tyez-bench explain {rule['id']}"


def test_what_is_about_a_file_points_at_its_first_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "check.toml").write_text('paths = ["gold.jsonl"]\nsizes = { "gold.jsonl" = 9 }\n', "utf-8")
    (folder / "gold.jsonl").write_text(REPEAT, "utf-8")
    one = next(r for r in results(capsys, 1, "--config", "check.toml") if r["ruleId"] == "F007")
    assert one["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}


def test_a_file_name_that_is_no_utf_8(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsdecode(b"\xff %.jsonl")
    (folder / name).write_text(REPEAT, "utf-8")
    (one,) = results(capsys, 1, name)
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "%FF%20%25.jsonl"
