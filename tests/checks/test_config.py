"""Which configuration is taken, and that a broken one is never a green light."""

from pathlib import Path

import pytest

from checks_run import CLEAN, REPEAT, refused, said
from tyez_bench.checks.config import read_config


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with a gold file in it."""
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[tool.tyez-bench.check\n", "pyproject.toml:1: not valid TOML"),
        ("[tool.tyez_bench.check]\n", "[tool.tyez_bench], expected [tool.tyez-bench.check]"),
        ("[tool.Tyez-Bench.check]\n", "[tool.Tyez-Bench], expected [tool.tyez-bench.check]"),
        ("[tool.tyez-bench.chek]\n", "[tool.tyez-bench.chek], expected [tool.tyez-bench.check]"),
        ("[tool]\ntyez-bench = 1\n[project]\nname = 'x'\n", "[tool.tyez-bench], expected"),
        ("[project]\nname = 'x'\n", "has no [tool.tyez-bench.check], and no path is given"),
        ("", "has no [tool.tyez-bench.check], and no path is given"),
    ],
)
def test_a_project_without_a_sound_table_is_not_the_built_in_gold(
    content: str, reason: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pyproject.toml").write_text(content, "utf-8")
    for command in ("check", "suggest", "fix"):
        assert reason in refused(capsys, command)


def test_what_is_wrong_with_the_nearest_configuration_is_told_with_a_path_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pyproject.toml").write_text('[tool.tyez_bench.check]\nignore = ["X602"]\n', "utf-8")
    assert "expected [tool.tyez-bench.check]" in refused(capsys, "check", "gold.jsonl")
    # A project that says nothing about its gold: the defaults.
    for content in ("[project]\nname = 'x'\n", ""):
        (folder / "pyproject.toml").write_text(content, "utf-8")
        assert "X602" in said(capsys, 1, "check", "gold.jsonl")


def test_the_summary_names_what_was_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(6):
        (folder / f"{number}.jsonl").write_text(
            CLEAN.replace("c", f"c{number}").replace("太原", f"太{number}"), "utf-8"
        )
    one = said(capsys, 1, "check", "gold.jsonl", "--output-format", "concise").splitlines()[-1]
    assert "; gold.jsonl: 1 record, 1 entity, " in one
    names = [f"{number}.jsonl" for number in range(6)]
    last = said(capsys, 0, "check", *names, "--output-format", "concise", "--select", "F").splitlines()[-1]
    assert "; 0.jsonl, 1.jsonl, 2.jsonl, 3.jsonl and 2 more: 6 records" in last


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('types-of-rules = { P = "" }', "types-of-rules: P is '', expected PLACE, ORG, MONEY, DATE"),
        ('types-of-rules = { P = "PALCE" }', "types-of-rules: P is 'PALCE'"),
        ('types-of-rules = { P = "PLACE??" }', "types-of-rules: P is 'PLACE??'"),
        ('allow = { "法国" = ["PLACE", "OGR"] }', "allow: 法国 is 'OGR'"),
        ("agreement = { passes = [], floors = { PLCE = 0.9 } }", "agreement.floors: 'PLCE'"),
    ],
)
def test_labels_that_there_are_not_are_refused(
    content: str, reason: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "check.toml").write_text(content + "\n", "utf-8")
    assert reason in refused(capsys, "check", "gold.jsonl", "--config", "check.toml")


def test_labels_that_there_are_are_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "check.toml").write_text(
        'paths = ["gold.jsonl"]\nignore = ["X602"]\ntypes-of-rules = { P = "PLACE", O1 = "ORG!", O2 = "ORG?" }\n'
        'allow = { "法国" = ["PLACE", "ORG"] }\n'
        "agreement = { passes = [], least = 0, floors = { micro = 0.9, DATE = 0.9 } }\n",
        "utf-8",
    )
    assert said(capsys, 0, "check", "--config", "check.toml").startswith("no findings")


@pytest.mark.parametrize("pattern", ["({}", "[{}]", "{}人+", "太钢*{}", "\\\\{}"])
def test_patterns_in_which_a_name_is_none_are_no_regular_expressions(
    pattern: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "check.toml").write_text(f'not-names = ["{pattern}"]\n', "utf-8")
    assert "X602" in said(capsys, 1, "check", "gold.jsonl", "--config", "check.toml")
    around = pattern.replace("\\\\", "\\").replace("{}", "太钢")
    written = around.replace("\\", "\\\\")
    text = f'{{"id":"a","text":"太钢与{written}。","entities":[{{"start":0,"end":2,"text":"太钢","type":"ORG"}}]}}\n'
    (folder / "gold.jsonl").write_text(text, "utf-8")
    assert said(capsys, 0, "check", "gold.jsonl", "--config", "check.toml").startswith("no findings")


def test_the_documented_configuration_is_one(folder: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "check.md").read_text("utf-8")
    block = page.partition("```toml\n")[2].partition("```")[0]
    (folder / "pyproject.toml").write_text(block, "utf-8")
    config = read_config(folder / "pyproject.toml")
    assert config.allow == {"法国": ["PLACE", "ORG"]}
    assert config.agreement is not None
    assert config.release is not None
