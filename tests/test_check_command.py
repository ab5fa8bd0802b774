"""tyez-bench check and its kin on the command line: outputs, exit codes, accepting, mending, comparing with a base."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import tyez_bench
from checks_run import BROKEN, CLEAN, REPEAT, check_text, git, refused, said
from tyez_bench.checks.rule import rules
from tyez_bench.cli import main
from tyez_bench.gold.gold import data_dir

ROOT = Path(__file__).parent.parent


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one warning, in the working directory."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\naccepted = "accepted.jsonl"\n', "utf-8"
    )
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    (tmp_path / "accepted.jsonl").write_text("", "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_gold_is_clean_and_every_accepted_warning_has_its_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    found = json.loads(said(capsys, 0, "check", "--level", "5", "--output-format", "json", "--show-accepted"))
    assert found["accepted"] == len(found["findings"]) > 0
    assert {"A703", "X602", "M407", "F006"} <= set(found["rules"])
    assert found["entities"] == 233
    assert (found["not_run"], said(capsys, 0, "fix", "--check")) == ([], "")
    # From anywhere else: the published files, when they are asked for.
    monkeypatch.chdir(tmp_path)
    assert said(capsys, 0, "check", "--builtin").startswith("no findings; ")
    files = json.loads(said(capsys, 0, "check", "--builtin", "--output-format", "json"))["files"]
    assert files == [str(data_dir() / "gold.jsonl")]
    assert "no findings; " in said(capsys, 0, "suggest", "--builtin")


def test_text_points_at_the_place_by_the_width_of_the_characters(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    lines = said(capsys, 1, "check").splitlines()
    assert lines[0] == "X602 unmarked-in-the-text (warning)  gold.jsonl:1 a:6-8"
    assert lines[2] == "    He说太钢，太钢好。"
    # He is two columns wide, 说太钢， eight.
    assert lines[3] == "    " + " " * 10 + "^^^^"
    assert lines[4] == "    see gold.jsonl:1 a:3-5 ORG 太钢"
    assert lines[-1] == "0 errors, 1 warning; 0 accepted; gold.jsonl: 1 record, 1 entity, 63 rules".replace(
        "63", lines[-1].rsplit(" ", 2)[1]
    )


def test_every_form(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "gold.jsonl").write_text(REPEAT + BROKEN, "utf-8")
    concise = said(capsys, 1, "check", "--output-format", "concise", "--statistics").splitlines()
    assert concise[0].startswith("gold.jsonl:1 a:6-8: X602 ")
    assert concise[1].startswith("gold.jsonl:2 b:0-9: S101 ")
    assert any(line.split() == ["S101", "out-of-range", "error", "1", "0"] for line in concise)
    assert "1 record with errors on levels 1 and 2 skipped above" in concise[-1]

    data = json.loads(said(capsys, 1, "check", "--output-format", "json"))
    assert [f["code"] for f in data["findings"]] == ["X602", "S101"]
    assert (data["errors"], data["warnings"], data["skipped"]) == (1, 1, 1)
    assert data["findings"][0]["related"][0]["start"] == 3
    lines = said(capsys, 1, "check", "--output-format", "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == data["findings"]

    commands = said(capsys, 1, "check", "--output-format", "github").splitlines()
    # Errors first, whatever the order of the places.
    assert commands[0].startswith("::error file=gold.jsonl,line=2,title=S101 out-of-range::PLACE 0–9 is outside")
    assert commands[1].startswith("::warning file=gold.jsonl,line=1,title=X602 ")
    assert "⟦太钢⟧" in commands[1]

    sarif = json.loads(said(capsys, 1, "check", "--output-format", "sarif"))
    (run,) = sarif["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["S101", "X602"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["partialFingerprints"]["tyezBench/v1"]) == 64
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gold.jsonl"

    suites = ElementTree.fromstring(said(capsys, 1, "check", "--output-format", "junit"))
    failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert failed == ["S101 out-of-range", "X602 unmarked-in-the-text"]
    assert int(suites[0].get("tests", "0")) == len(list(suites.iter("testcase"))) > 50

    table = said(capsys, 1, "check", "--output-format", "markdown", "--statistics")
    assert "| S101 out-of-range | gold.jsonl:2 b:0-9 |" in table
    assert "⟦太钢⟧" in table


def test_several_forms_of_one_run(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    argv = ("--statistics", "--write", "sarif=found.sarif", "--write", "markdown=found.md", "--write", "text=found.txt")
    out = said(capsys, 1, "check", "--output-format", "jsonl", *argv)
    assert out == said(capsys, 1, "check", "--output-format", "jsonl")
    for form, name in (("sarif", "found.sarif"), ("markdown", "found.md"), ("text", "found.txt")):
        assert (project / name).read_text("utf-8") == said(capsys, 1, "check", "--output-format", form, "--statistics")
    for bad in ("xml=x", "sarif", "sarif=", "=x"):
        assert "is not FORM=FILE" in refused(capsys, "check", "--write", bad)
    assert "can't be written" in refused(capsys, "check", "--write", "json=none/x")


def test_hostile_texts_stay_text(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    evil = "a\\n::error::b|<script>,x:\\u001b[31m"
    line = REPEAT.replace('"id":"a"', f'"id":"{evil}"')
    (project / "gold.jsonl").write_text(line, "utf-8")
    for form in ("text", "concise", "github", "markdown"):
        out = said(capsys, 1, "check", "--output-format", form)
        assert "\x1b" not in out
        assert not any(line.startswith("::error") for line in out.splitlines())
        assert form != "markdown" or "<script>" not in out
    ElementTree.fromstring(said(capsys, 1, "check", "--output-format", "junit"))


def test_two_runs_give_the_same_bytes_whatever_the_hash_seed(project: Path) -> None:
    (project / "gold.jsonl").write_text(REPEAT + BROKEN, "utf-8")
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "tyez_bench", "check", "--output-format", "json"],
            cwd=project,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_selection_and_levels(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    for argv in (["--ignore", "X6"], ["--level", "3"], ["--select", "S,M"], ["--ignore", "unmarked-in-the-text"]):
        assert said(capsys, 0, "check", *argv).startswith("no findings")
    assert "X602" in said(capsys, 1, "check", "--select", "X602")
    assert "X602" in said(capsys, 0, "check", "--warnings-ok")
    (project / "gold.jsonl").write_text(BROKEN, "utf-8")
    assert "S101" in said(capsys, 1, "check", "--warnings-ok")


def test_accepting_and_pruning(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    assert refused(capsys, "accept", "add", "--reason", "x").endswith("--reason TEXT --by NAME")
    out = said(capsys, 0, "accept", "add", "--reason", "as it is", "--by", "A. Reader", "--date", "2026-11-24")
    assert out == "accepted: X602 a '太钢'\n"
    assert said(capsys, 0, "check").startswith("no findings; 1 accepted")
    assert "accepted: gold.jsonl:1 a:6-8: X602" in said(
        capsys, 0, "check", "--output-format", "concise", "--show-accepted"
    )
    # A line more, and other offsets: still the same finding.
    moved = REPEAT.replace("He说", "昨He说").replace('"start":3,"end":5', '"start":4,"end":6')
    (project / "gold.jsonl").write_text(CLEAN + moved.replace("昨", "今"), "utf-8")
    assert said(capsys, 0, "check").startswith("no findings; 1 accepted")
    # Another character beside it: another finding.
    (project / "gold.jsonl").write_text(REPEAT.replace("，", "、"), "utf-8")
    assert {line[:4] for line in said(capsys, 1, "check").splitlines()} >= {"B901", "X602"}
    (project / "gold.jsonl").write_text(CLEAN + REPEAT, "utf-8")
    assert said(capsys, 0, "check").startswith("no findings; 1 accepted")
    # Marked at last: the entry is stale.
    entity = ',{"start":6,"end":8,"text":"太钢","type":"ORG"}]'
    (project / "gold.jsonl").write_text(REPEAT.replace("]", entity), "utf-8")
    assert "B901 stale-entry (error)  accepted.jsonl:1" in said(capsys, 1, "check")
    # Not so when the rule was not asked for.
    assert said(capsys, 0, "check", "--level", "3").startswith("no findings")
    assert said(capsys, 0, "accept", "prune") == "1 accepted findings pruned, 0 entries left\n"
    assert (project / "accepted.jsonl").read_bytes() == b""
    assert said(capsys, 0, "check").startswith("no findings; 0 accepted")
    (project / "gold.jsonl").write_text(BROKEN, "utf-8")
    assert "errors can't be accepted" in refused(capsys, "accept", "add", "--reason", "x", "--by", "y")


def test_as_many_as_were_accepted_and_no_more(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    said(capsys, 0, "accept", "add", "--reason", "as it is", "--by", "A. Reader")
    twice = REPEAT.replace("太钢好。", "太钢好。He说太钢，太钢好。")
    (project / "gold.jsonl").write_text(twice, "utf-8")
    assert said(capsys, 1, "check", "--output-format", "concise").count("X602") >= 1


def test_the_list_may_not_grow_against_a_base(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "base")
    said(capsys, 0, "accept", "add", "--reason", "as it is", "--by", "A. Reader")
    assert said(capsys, 0, "check").startswith("no findings; 1 accepted")
    assert "1 finding accepted in documents that HEAD also has, but only 0 there" in said(
        capsys, 1, "check", "--base", "HEAD"
    )
    assert refused(capsys, "check", "--base", "nix") == "tyez-bench: unknown git revision 'nix'"
    assert refused(capsys, "check", "--base", "--all").startswith("tyez-bench")


def test_what_can_not_be_answered_is_one_line(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "none.txt").write_text("太原", "utf-8")
    assert "no such file" in refused(capsys, "check", "none.jsonl")
    assert "is not in a known format" in refused(capsys, "check", "none.txt")
    assert "unknown rule" in refused(capsys, "check", "--select", "Q1")
    assert "unknown rule" in refused(capsys, "explain", "Q1")
    assert "expected the code" in refused(capsys, "explain")
    assert "invalid choice" in refused(capsys, "check", "--output-format", "xml")
    (project / "accepted.jsonl").write_text("{}\n", "utf-8")
    assert refused(capsys, "check").startswith("tyez-bench: ")
    (project / "accepted.jsonl").unlink()
    assert "accepted.jsonl: no such file" in refused(capsys, "check")
    for text in ("[tool.tyez-bench.check]\nx = 1\n", '[tool.tyez-bench.check]\ndurations = "perhaps"\n', "[tool\n"):
        (project / "other.toml").write_text(text, "utf-8")
        assert "other.toml" in refused(capsys, "check", "--config", "other.toml")
    (project / "predictions.jsonl").write_text('{"id":"a","entities":[{"start":0,"end":2,"type":"ORG"}]}\n', "utf-8")
    assert "without texts" in refused(capsys, "check", "predictions.jsonl")


def test_explaining(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, 0, "explain", "X602").startswith("X602 unmarked-in-the-text\n")
    assert said(capsys, 0, "explain", "x602") == said(capsys, 0, "explain", "X602")
    everything = json.loads(said(capsys, 0, "explain", "--all", "--output-format", "json"))
    assert [rule["code"] for rule in everything if rule["retired"] is None] == list(rules())
    assert [rule["code"] for rule in everything if rule["retired"] is not None] == ["F005"]
    assert "\n  Retired: since 1.7.0 the form of a file is checked by" in said(capsys, 0, "explain", "F005")
    page = said(capsys, 0, "explain", "--all", "--output-format", "markdown")
    assert (ROOT / "docs" / "rules.md").read_text("utf-8").endswith(page)


def test_mending_shows_first_and_writes_when_told(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    path = project / "gold.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"text": "\xe5\xa4\xaa\xe5\x8e\x9f \xe5\xa5\xbd", "id": "a", '
        b'"entities": [{"id":"a:0-3","start": 0, "end": 3, "text":"\xe5\xa4\xaa\xe5\x8e\x9f ","type": "PLACE"}]}\r'
    )
    found = json.loads(said(capsys, 1, "check", "--output-format", "json"))["findings"]
    assert {finding["code"] for finding in found} == {"F001", "S106"}
    before = path.read_bytes()
    assert "+++ gold.jsonl (fixed)" in said(capsys, 1, "fix")
    assert path.read_bytes() == before
    assert "太原" in said(capsys, 0, "fix", "--write")
    assert path.read_text("utf-8") == (
        '{"id":"a","text":"太原 好","entities":[{"id":"a:0-2","start":0,"end":2,"text":"太原","type":"PLACE"}]}\n'
    )
    assert said(capsys, 0, "fix") == ""
    assert said(capsys, 0, "check").startswith("no findings")
    # What is wrong beyond mending stays as it is.
    odd = '{"id":"a","text":"太原 好","entities":[{"start":0,"end":3,"type":"PLACE","parent":[1]}]}\n'
    path.write_text(odd, "utf-8")
    said(capsys, 0, "fix", "--write")
    assert path.read_text("utf-8") == odd.replace('"end":3', '"end":2')
    path.write_text("{]\n", "utf-8")
    assert "is not fixed" in refused(capsys, "fix", "--write")
    assert path.read_text("utf-8") == "{]\n"


def test_the_form_of_a_file_is_no_error_of_its_labels(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """What json.dumps writes, in text mode on any system: spaces, another order, CR LF, no line feed at the end."""
    path = project / "gold.jsonl"
    path.write_bytes(
        json.dumps({"text": "太原好", "id": "a", "entities": [{"type": "PLACE", "end": 2, "start": 0}]}).encode()
        + b"\r\n"
        + json.dumps({"entities": [], "text": "今天", "id": "b"}, ensure_ascii=False).encode()
    )
    before = path.read_bytes()
    assert said(capsys, 0, "check").startswith("no findings")
    assert said(capsys, 1, "fix", "--check") == "gold.jsonl\n"
    assert path.read_bytes() == before
    assert "not allowed with" in refused(capsys, "fix", "--check", "--write")
    said(capsys, 0, "fix", "--write")
    assert said(capsys, 0, "fix", "--check") == ""
    assert [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()] == ["a", "b"]


def test_a_retired_rule_may_still_be_named(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    word = "F005 not-canonical is no longer a rule: since 1.7.0 the form of a file is checked by tyez-bench fix"
    config = (project / "pyproject.toml").read_text("utf-8")
    (project / "pyproject.toml").write_text(config + 'ignore = ["F005", "X602"]\n', "utf-8")
    assert main(["check"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("no findings")
    assert (err.count("\n"), err.startswith(word)) == (1, True)
    assert main(["check", "--ignore", "not-canonical"]) == 0
    assert capsys.readouterr().err.startswith(word)
    # A beginning of codes names what there is.
    (project / "pyproject.toml").write_text(config, "utf-8")
    assert said(capsys, 0, "check", "--ignore", "F,X")
    assert "no rule was run" in (alone := refused(capsys, "check", "--select", "F005"))
    assert word in alone


EMPTY = {
    "empty.conll": "-DOCSTART- -X- O O\n\n",
    "array.json": "[]",
    "blank.jsonl": "\n",
    "zero.jsonl": "",
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_file_without_records_is_no_green_light(name: str, capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / name).write_text(EMPTY[name], "utf-8")
    if name == "blank.jsonl":
        assert "empty, expected" in refused(capsys, "check", name)
    assert main(["check", name]) != 0
    capsys.readouterr()
    # Beside one that has some, too.
    assert main(["check", "gold.jsonl", name, "--ignore", "X602"]) != 0


def test_nothing_looked_at_is_no_green_light(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    (project / "none").mkdir()
    for path in ("none", "nothing*.jsonl", "none/x.jsonl"):
        refused(capsys, "check", path)
    assert "no rule was run" in refused(capsys, "check", "--ignore", "F,S,C,L,M,D,P,X,A,V,B")
    assert "no rule was run" in refused(capsys, "check", "--level", "1", "--select", "X602")
    assert "no rule was run" in refused(capsys, "check", "gold.jsonl", "--select", "A,V")
    (project / "gold.jsonl").write_text(BROKEN, "utf-8")
    assert "0 of 1 records could be checked" in refused(capsys, "check", "--ignore", "S101")
    assert "0 of 1 records could be checked" in refused(capsys, "check", "--select", "X")
    (project / "gold.jsonl").write_text(BROKEN + CLEAN, "utf-8")
    assert said(capsys, 1, "check", "--ignore", "S101").startswith("no findings in 1 of 2 records")
    for paths in ("[]", '["nothing.jsonl"]', '["none"]', '["*.jsonl"]'):
        (project / "pyproject.toml").write_text(f"[tool.tyez-bench.check]\npaths = {paths}\n", "utf-8")
        refused(capsys, "check")
    (project / "pyproject.toml").unlink()
    for command in ("check", "suggest", "fix"):
        line = refused(capsys, command)
        assert line.split(": ")[2:] == [
            "has no [tool.tyez-bench.check], and no path is given",
            "nothing to check" + ("" if command == "fix" else "; --builtin checks the built-in gold"),
        ]
    assert "expected no PATH and no configuration" in refused(capsys, "check", "--builtin", "gold.jsonl")
    with pytest.raises(tyez_bench.UsageError, match=r"nothing to check$"):
        tyez_bench.check()
    assert tyez_bench.check(builtin=True).records == 8


def test_a_label_map_reads_gold_sets_too(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """F004 advises it."""
    spans = [(0, 2, "PERSON", "p", None), (0, 1, "ORG", "o", "p"), (3, 5, "GPE", "g", None), (2, 3, "SLIP", "s", None)]
    entities: list[dict[str, object]] = [
        {"id": id_, "start": start, "end": end, "type": label, "parent": parent}
        for start, end, label, id_, parent in spans
    ]

    def write() -> None:
        record = {"id": "a", "text": "王明在太原", "entities": entities}
        (project / "gold.jsonl").write_text(json.dumps(record) + "\n", "utf-8")

    write()
    told = ["--output-format", "json", "--select", "F004"]
    found = json.loads(said(capsys, 1, "check", *told, "--label-set", "tyez"))
    assert [one["message"].split()[2] for one in found["findings"]] == ["'PERSON',", "'SLIP',", "'GPE',"]
    # Nobody said that there are no other labels.
    assert main(["check", *told]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["findings"] == []
    assert "is unknown, so rules that need it skip them: SLIP; --label-set FILE defines it" in err
    found = json.loads(said(capsys, 1, "check", "--output-format", "json", "--select", "F,S", "--labels", "ontonotes5"))
    assert [one["message"].split()[2] for one in found["findings"]] == ["'SLIP',"]
    assert found["out_of_scope"] == {"PERSON": 1}
    entities.pop()
    write()
    assert "out of scope: PERSON 1" in said(capsys, 0, "check", "--labels", "ontonotes5", "--select", "F,S")


def test_suggestions_write_nothing_and_are_no_failure(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    before = {path: path.read_bytes() for path in project.iterdir()}
    assert "X602" in said(capsys, 0, "suggest")
    assert {path: path.read_bytes() for path in project.iterdir()} == before


def test_suggestions_for_a_text_that_nothing_is_marked_in(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    text = "8月9日太原市投资5亿元，太原酒厂有限责任公司今年开工，工期三年。"
    (project / "gold.jsonl").write_text(f'{{"id":"a","text":"{text}","entities":[]}}\n', "utf-8")
    found = json.loads(said(capsys, 0, "suggest", "--output-format", "json"))["findings"]
    assert {(one["code"], one["surface"]) for one in found} >= {
        ("D505", "8月9日"),
        ("D507", "三年"),
        ("P304", "太原市"),
        ("M406", "5亿元"),
        ("L307", "太原酒厂有限责任公司"),
    }
    # A set that marks no such things is not wrong for it.
    assert said(capsys, 0, "check").startswith("no findings")
    config = (project / "pyproject.toml").read_text("utf-8")
    (project / "pyproject.toml").write_text(config + 'durations = "no"\n', "utf-8")
    found = json.loads(said(capsys, 0, "suggest", "--output-format", "json"))["findings"]
    assert "三年" not in {one["surface"] for one in found}


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("a.conll", "太\tB-ORG\n钢\tI-ORG\n和\tO\n太\tO\n钢\tO\n\n", {"X602"}),
        ("a.jsonl", '{"text":"太钢和太钢","label":[[0,2,"ORG"]]}\n', {"X602"}),
        ("b.jsonl", '{"text":"太钢和太钢","label":{"company":{"太钢":[[0,1]]}}}\n', {"X602"}),
        ("c.txt", "<ORG>太钢</ORG>和太钢\n", {"X602"}),
        ("d.jsonl", '{"text":"太钢","label":[[0,9,"ORG"]]}\n', {"S101"}),
        ("f.jsonl", '{"text":"太钢","label":[[0,2,"ORG"]]}\n{"text":"太钢","label":[[2,0,"ORG"]]}\n', {"F002"}),
        ("e.jsonl", '{"text":"太钢","label":[[0,2,"PERSON"]]}\n', set()),
    ],
)
def test_gold_sets_in_other_formats(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: str, codes: set[str]
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    argv = ["check", str(tmp_path / name), "--output-format", "json"]
    labels = [] if name != "e.jsonl" else ["--labels", "ontonotes5"]
    assert main([*argv, *labels]) == int(bool(codes))
    data = json.loads(capsys.readouterr().out)
    assert {finding["code"] for finding in data["findings"]} == codes
    assert data["out_of_scope"] == ({"PERSON": 1} if name == "e.jsonl" else {})


def test_a_low_level_hides_nothing_of_other_records(tmp_path: Path) -> None:
    outcome = check_text(tmp_path, BROKEN.strip(), REPEAT.strip())
    assert {finding.code for finding in outcome.findings} == {"S101", "X602"}
    assert outcome.skipped == 1


def test_a_bad_part_of_a_file_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sentences of columns, lines of JSON: what the reader refuses is named, the rest is read."""
    good = "太\tB-ORG\n钢\tI-ORG\n和\tO\n太\tO\n钢\tO\n\n"
    (tmp_path / "a.conll").write_text(good + "太\tO\n钢\tI-ORG\n\n" + good.replace("和", "与"), "utf-8")
    lines = ['{"text":"太钢和太钢","label":[[0,2,"ORG"]]}', '{"text":"太钢","label":[[2,0,"ORG"]]}']
    (tmp_path / "b.jsonl").write_text("\n".join([*lines, lines[0].replace("和", "与")]) + "\n", "utf-8")
    for name, bad, second in (("a.conll", 8, 10), ("b.jsonl", 2, 3)):
        assert main(["check", str(tmp_path / name), "--output-format", "json"]) == 1
        data = json.loads(capsys.readouterr().out)
        assert [(f["code"], f["line"]) for f in data["findings"]] == [("X602", 1), ("F002", bad)]
        assert [place["line"] for place in data["findings"][0]["places"]] == [second]
        assert (data["records"], data["skipped"]) == (3, 1)


def test_texts_without_ids_may_be_the_same_in_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("train.conll", "test.conll"):
        (tmp_path / name).write_text("太\tB-ORG\n钢\tI-ORG\n\n", "utf-8")
    assert (
        main(["check", *(str(tmp_path / name) for name in ("train.conll", "test.conll")), "--output-format", "json"])
        == 1
    )
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [finding["code"] for finding in found] == ["X606"]


def test_a_changed_gold_needs_a_version_and_a_changelog(capsys: pytest.CaptureFixture[str], project: Path) -> None:
    """V801 to V803 against a base revision."""
    (project / "pyproject.toml").write_text(
        '[project]\nversion = "1.0.0"\n[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\nignore = ["X602"]\n'
        '[tool.tyez-bench.check.agreement]\npasses = []\nleast = 0\nlog = "log.jsonl"\n'
        '[tool.tyez-bench.check.release]\nversion = "pyproject.toml:project.version"\nchangelog = "CHANGES.md"\n',
        "utf-8",
    )
    entry = {"id": "e1", "document": "a", "start": 3, "end": 5, "text": "太钢", "origin": "erratum"}
    entry |= {"a": None, "b": None, "decision": {"type": "ORG"}, "rule": "O1", "reason": "It is a firm."}
    (project / "log.jsonl").write_text(json.dumps(entry) + "\n", "utf-8")
    (project / "CHANGES.md").write_text("## 1.0.0\n", "utf-8")
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "base")
    base = ("check", "--base", "HEAD", "--output-format", "concise")
    assert said(capsys, 0, *base).startswith("no findings")

    marked = REPEAT.replace("]", ',{"start":6,"end":8,"text":"太钢","type":"ORG"}]')
    (project / "gold.jsonl").write_text(marked, "utf-8")
    out = said(capsys, 1, *base)
    assert "V801 the gold differs from that of HEAD, but the version is 1.0.0 in both" in out
    assert "a:6-8: V803 ORG '太钢' is new since HEAD, and the log does not say why" in out
    config = (project / "pyproject.toml").read_text("utf-8")
    (project / "pyproject.toml").write_text(config.replace("1.0.0", "1.0.1"), "utf-8")
    out = said(capsys, 1, *base)
    assert "V801 the gold differs from that of HEAD, but the changelog does not" in out
    assert "V801 the changelog has no heading for version 1.0.1" in out
    (project / "CHANGES.md").write_text("## 1.0.1\n\n## 1.0.0\n", "utf-8")
    second = {**entry, "id": "e2", "start": 6, "end": 8}
    (project / "log.jsonl").write_text(json.dumps(entry) + "\n" + json.dumps(second) + "\n", "utf-8")
    assert said(capsys, 0, *base).startswith("no findings")
    (project / "gold.jsonl").write_text(CLEAN, "utf-8")
    assert "V802 document 'a' of HEAD is missing" in said(capsys, 1, *base)
