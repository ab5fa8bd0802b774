"""scripts/reading.py: samples of findings without texts, readings of them, and the figures of both."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

import reading
from checks_run import marked
from generated import check_reading
from generated.check_reading import JUDGEMENTS, measured, problems, read_reading, readings, tables, wilson
from tyez_bench.report.table import render
from tyez_bench.scoring.agreement import kappa

# One finding each, by rules about single spans.
TEXTS = (
    "人都知道⟦PLACE|太原市、⟧下雨了。",
    "⟦PLACE|大同，⟧下雨了。",
    "⟦ORG|⟦PLACE|吕梁⟧⟧下雪。天晴。",
    "⟦ORG|太原工具公司，⟧开会，⟦ORG|阳煤集团⟧也来。",
    "⟦PLACE|区⟧里有人。",
    "⟦PLACE|，运城⟧下雨。",
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A set with some findings."""
    path = tmp_path / "own.jsonl"
    path.write_text("".join(marked(f"s{at}", text) + "\n" for at, text in enumerate(TEXTS)), "utf-8")
    return path


def said(capsys: pytest.CaptureFixture[str], code: int, *argv: str | Path) -> str:
    """What the command prints."""
    assert reading.main([str(part) for part in argv]) == code
    out, err = capsys.readouterr()
    return out + err


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def judge(folder: Path, name: str, judgements: list[str]) -> None:
    rows = [{"number": at, "judgement": one, "reason": "so"} for at, one in enumerate(judgements, 1)]
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_a_sample_has_no_text_and_repeats(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        assert said(capsys, 0, "draw", copy, "--seed", "3", "--number", "4", "--output", tmp_path / name) == (
            "4 of 6 findings\n"
        )
    sample = (tmp_path / "a").read_text("utf-8")
    assert sample == (tmp_path / "b").read_text("utf-8")
    assert not any("\u4e00" <= character <= "\u9fff" for character in sample)
    head, *drawn = lines(tmp_path / "a")
    assert head["set"] == "own"
    assert sum(head["findings"].values()) == len(drawn) + len(head["others"]) == 6
    assert [one["number"] for one in drawn] == [1, 2, 3, 4]
    said(capsys, 0, "draw", copy, "--seed", "4", "--output", tmp_path / "all")
    assert {one["place"] for one in lines(tmp_path / "all")[1:]} == {
        *(one["place"] for one in drawn),
        *head["others"],
    }


def test_the_configuration_around_is_not_read(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.tyez-bench.check]\npaths = ["own.jsonl"]\nignore = ["S107"]\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert said(capsys, 0, "draw", copy, "--seed", "3", "--output", tmp_path / "a") == "6 of 6 findings\n"


def test_each_finding_is_shown_with_its_sentence(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, 0, "draw", copy, "--seed", "3", "--output", tmp_path / "a")
    shown = said(capsys, 0, "show", tmp_path / "a", copy)
    assert shown.count("=== ") == 6
    assert "  人都知道⟦PLACE|▶太原市、◀⟧下雨了。\n" in shown
    assert "  ⟦ORG|▶太原工具公司，◀⟧开会，⟦ORG|阳煤集团⟧也来。\n" in shown
    assert "see own.jsonl:3 s2:0-2 ORG\n      ⟦ORG|⟦PLACE|▶吕梁◀⟧⟧下雪。\n" in shown
    assert said(capsys, 0, "show", tmp_path / "a", copy, "--numbers", "2-3").count("=== ") == 2


def test_what_is_still_found(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own"
    sample = folder / "sample.jsonl"
    said(capsys, 0, "draw", copy, "--seed", "3", "--output", sample)
    judge(folder, "reader-A.jsonl", ["true"] * 6)
    assert "of all 6 findings then, 6 stay; there are 6 now" in said(capsys, 0, "verify", sample, copy)
    assert (
        said(capsys, 0, "verify", sample)
        == "own: without a copy of own.jsonl nobody can tell what of it is still found\n"
    )
    # As if the check had found something else then.
    head, *drawn = lines(sample)
    changed = [head, {**drawn[0], "place": "0" * 12}, *drawn[1:]]
    sample.write_text("".join(json.dumps(one) + "\n" for one in changed), "utf-8")
    found = said(capsys, 0, "verify", sample, copy)
    assert "of all 6 findings then, 5 stay" in found
    assert [line.split() for line in found.splitlines() if line.startswith((" all", " true"))] == [
        ["all", "6", "5", "1", "1"],
        ["true", "6", "5", "1"],
    ]
    copy.write_text(copy.read_text("utf-8") + "\n", "utf-8")
    assert "is another version than that of the sample" in said(capsys, 2, "verify", sample, copy)


def test_a_reason_quotes_no_more_than_the_surface(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "own"
    said(capsys, 0, "draw", copy, "--seed", "3", "--output", folder / "sample.jsonl")
    numbers = {one["document"]: one["number"] for one in lines(folder / "sample.jsonl")[1:]}
    row = {"number": numbers["s3"], "judgement": "true", "reason": "太原工具公司， is a firm with a comma"}
    (folder / "reader-A.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert "quotes the text" not in said(capsys, 0, "verify", folder / "sample.jsonl", copy)
    row["reason"] = "太原工具公司开会，阳煤集团也来"
    (folder / "reader-A.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert f"A: the reason of number {numbers['s3']} quotes the text" in said(
        capsys, 0, "verify", folder / "sample.jsonl", copy
    )


def test_tables_of_two_readers(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "sets" / "own"
    said(capsys, 0, "draw", copy, "--seed", "3", "--output", folder / "sample.jsonl")
    one = ["true", "true", "true", "false", "open", "other side"]
    other = ["true", "true", "false", "false", "open", "other side"]
    judge(folder, "reader-A.jsonl", one)
    judge(folder, "reader-B.jsonl", other)
    assert list(problems(tmp_path / "sets")) == ["own: number 3 is judged in 2 ways, and not decided"]
    (folder / "decided.jsonl").write_text('{"number":3,"judgement":"true","reason":"by the set\'s own way"}\n', "utf-8")
    assert list(problems(tmp_path / "sets")) == []
    text = said(capsys, 0, "tables", tmp_path / "sets")
    (whole,) = (line.split(maxsplit=7) for line in text.splitlines() if line.startswith(" all"))
    low, high = wilson(3, 6) or (0, 0)
    assert whole[:7] == ["all", "6", "6", "3", "1", "1", "1"]
    assert whole[7].startswith(f"0.500 ({low:.3f}–{high:.3f})")
    assert f"A, B {'':>13}6                5   0.833 {cohen_kappa_score(one, other):>15.3f}".split() == next(
        line.split() for line in text.splitlines() if line.startswith(" A, B")
    )
    rows = measured(readings(tmp_path / "sets"))
    assert (
        sum(Counter({name: sum(int(row[name.replace(" ", "_")]) for row in rows) for name in JUDGEMENTS}).values()) == 6
    )
    head, *drawn = lines(folder / "sample.jsonl")
    head["purpose"] = "mending"
    (folder / "sample.jsonl").write_text("".join(json.dumps(row) + "\n" for row in (head, *drawn)), "utf-8")
    assert measured(readings(tmp_path / "sets")) == []
    assert "it measures none of them" in render(tables(readings(tmp_path / "sets")))


def test_what_is_not_in_order(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "own"
    said(capsys, 0, "draw", copy, "--seed", "3", "--output", folder / "sample.jsonl")
    assert "own: no reader has judged the sample" in list(problems(tmp_path))
    judge(folder, "reader-A.jsonl", ["true"] * 5)
    assert list(problems(tmp_path)) == ["own: number 6 is not judged by A"]
    assert len(read_reading(folder).judged) == 5
    for row, expected in (
        ({"number": 7, "judgement": "true", "reason": "so"}, "number 7 is not in the sample, expected 1 to 6"),
        ({"number": 1, "judgement": "right", "reason": "so"}, "'right'"),
        ({"number": 1, "judgement": "true", "reason": ""}, "reason"),
    ):
        (folder / "reader-A.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
        (line,) = said(capsys, 2, "tables", tmp_path).splitlines()
        assert "reader-A.jsonl:1" in line
        assert expected in line
    judge(folder, "reader-A.jsonl", ["true"] * 6)
    judge(folder, "decided.jsonl", ["true"])
    assert list(problems(tmp_path)) == ["own: number 1 is decided, though all readers agree"]
    (folder / "sample.jsonl").write_text("", "utf-8")
    assert "is empty" in said(capsys, 2, "tables", tmp_path)


def test_files_that_are_not_those_of_the_sample(copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = tmp_path / "sample.jsonl"
    said(capsys, 0, "draw", copy, "--seed", "3", "--output", sample)
    other = tmp_path / "other.jsonl"
    other.write_bytes(copy.read_bytes())
    assert "own.jsonl: not given, but the sample is of it" in said(capsys, 2, "verify", sample, other)
    assert "the sample is not of this file" in said(capsys, 2, "verify", sample, copy, other)
    assert "two files have one name" in said(capsys, 2, "draw", copy, copy, "--seed", "3", "--output", sample)
    clean = tmp_path / "clean.jsonl"
    clean.write_text(marked("a", "⟦PLACE|太原⟧下雨。") + "\n", "utf-8")
    assert "nothing to draw from" in said(capsys, 2, "draw", clean, "--seed", "3", "--output", tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(("hits", "of"), [(0, 7), (7, 7), (1, 2), (105, 150), (3, 150)])
def test_intervals_are_those_of_scipy(hits: int, of: int) -> None:
    known = binomtest(hits, of).proportion_ci(0.95, "wilson")
    assert wilson(hits, of) == pytest.approx((known.low, known.high), abs=1e-12)
    assert wilson(0, 0) is None


def test_kappa_is_that_of_scikit_learn() -> None:
    one, other = ["true", "false", "true", "open", "true"], ["true", "true", "true", "open", "false"]
    assert kappa(one, other) == pytest.approx(cohen_kappa_score(one, other))


def test_the_readings_of_the_project_are_in_order() -> None:
    assert list(problems()) == []
    for found in check_reading.readings():
        assert found.judged
