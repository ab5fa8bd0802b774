"""A run of records whose marks belong elsewhere is one finding."""

import json
from pathlib import Path

import pytest

from checks_run import check_fixture, check_text
from tyez_bench.checks.engine import CheckResult
from tyez_bench.report.tables.findings import summary

FIXTURE = Path(__file__).parent.parent / "rules" / "S116"
NAMES = ("太钢", "汾酒", "太重", "晋能", "海尔", "格力", "华为", "小米", "京东", "苏宁")
VERBS = ("签约", "增产", "招工", "停工", "扩建", "回应", "参展", "迁址")


def records(number: int, moved: range, by: int) -> list[str]:
    """Records with two names each, of which those in a range are moved by some characters."""
    lines = []
    for at in range(number):
        one, other = NAMES[at % len(NAMES)], NAMES[(3 * at + 1) % len(NAMES)]
        text = f"据第{at}号报，{one}昨日{VERBS[at % len(VERBS)]}，{other}今年也{VERBS[(at + 3) % len(VERBS)]}了不少次。"
        shift = by if at in moved else 0
        entities = []
        for name in dict.fromkeys((one, other)):
            start = text.index(name) + shift
            entities.append({"start": start, "end": start + 2, "text": text[start : start + 2], "type": "ORG"})
        lines.append(json.dumps({"id": f"d{at}", "text": text, "entities": entities}, ensure_ascii=False))
    return lines


def runs(folder: Path, lines: list[str]) -> CheckResult:
    """The findings of the one rule."""
    return check_text(folder, *lines, select=["S116"])


@pytest.mark.parametrize("by", [-2, 1, 3])
def test_a_run_that_is_moved_is_one_finding_that_says_the_move(tmp_path: Path, by: int) -> None:
    outcome = runs(tmp_path, records(60, range(20, 30), by))
    (finding,) = outcome.findings
    assert finding.document == "d20"
    assert finding.message.startswith("the marks of 10 records in a row, from here to d29 (line 30), seem to belong")
    assert f"when moved by {-by} character" in finding.message
    assert {where.document for where in finding.related} == {f"d{number}" for number in range(20, 30)}


def test_nothing_else_is_said_of_its_records(tmp_path: Path) -> None:
    outcome = check_text(tmp_path, *records(60, range(20, 30), 3))
    assert not {finding.document for finding in outcome.findings if finding.code != "S116"} & {"d20", "d25", "d29"}
    assert outcome.skipped == 10
    assert "10 records" in summary(outcome)


def test_few_and_scattered_marks_are_no_run(tmp_path: Path) -> None:
    assert runs(tmp_path, records(60, range(20, 22), 3)).findings == ()
    scattered = records(60, range(0), 0)
    for at in range(0, 60, 15):
        scattered[at] = records(60, range(60), 3)[at]
    assert runs(tmp_path, scattered).findings == ()


def test_a_file_that_is_marked_so_throughout_has_no_run(tmp_path: Path) -> None:
    assert runs(tmp_path, records(60, range(60), 3)).findings == ()


def test_the_fixture_points_at_the_first_record(tmp_path: Path) -> None:
    (finding,) = check_fixture(FIXTURE, "bad", tmp_path).findings
    assert (finding.document, finding.surface) == ("b0", "说，")
    assert "of 7 marks 7 begin or end as no name does" in finding.message
