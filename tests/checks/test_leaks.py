"""Texts that several files share, whatever their ids; and records that no rule saw."""

from pathlib import Path

import pytest

from checks_run import BROKEN, CLEAN, marked, said
from tyez_bench.checks.config import Config
from tyez_bench.checks.project import Project, check_project
from tyez_bench.checks.rules.leaks import Leak
from tyez_bench.report.findings_json import as_json
from tyez_bench.report.tables.findings import summary


def write(folder: Path, name: str, *lines: str) -> Path:
    """A file of records."""
    path = folder / name
    path.write_text("".join(line.rstrip("\n") + "\n" for line in lines), "utf-8")
    return path


def test_the_summary_says_what_two_files_share(tmp_path: Path) -> None:
    """Both number their records from 1, and one of the test texts is refused for its id: it is a leak all the same."""
    train = write(tmp_path, "train.jsonl", *(marked(str(n), f"⟦ORG|太钢⟧签约{'了' * n}。") for n in range(4)))
    test = write(
        tmp_path,
        "test.jsonl",
        marked("0", "⟦ORG|汾酒⟧增产。"),
        marked("1", "⟦ORG|太钢⟧签约了了。"),
        marked("1", "⟦ORG|太钢⟧签约。"),
    )
    outcome = check_project(Project(Config(), tmp_path, (train, test)))
    assert [finding.code for finding in outcome.findings] == ["X606", "F003", "X606"]
    assert outcome.leaks == (Leak(str(test), str(train), 2, 3),)
    assert f"2 of 3 texts of {test} (66.7 %) stand in {train}, too" in summary(outcome)
    assert '"leaks"' in as_json(outcome)


def test_files_with_the_same_ids_and_other_texts_share_nothing(tmp_path: Path) -> None:
    one, other = (write(tmp_path, f"{n}.jsonl", marked("0", f"⟦ORG|{n}⟧签约。")) for n in ("太钢", "汾酒"))
    outcome = check_project(Project(Config(), tmp_path, (one, other)))
    assert outcome.findings == ()
    assert outcome.leaks == ()


def test_records_that_no_selected_rule_speaks_of_are_not_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "gold.jsonl", CLEAN, BROKEN)
    out = said(capsys, 1, "check", "gold.jsonl", "--select", "X602", "--output-format", "concise")
    assert out.startswith("no findings in 1 of 2 records; 0 accepted; ")
    assert out.endswith("the rules that say why are not selected\n")
    write(tmp_path, "gold.jsonl", CLEAN)
    assert said(capsys, 0, "check", "gold.jsonl", "--output-format", "concise").startswith("no findings; ")
