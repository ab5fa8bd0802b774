"""Which configuration is taken, and that a broken one is never a green light."""

from pathlib import Path

import pytest

from checks_run import CLEAN, REPEAT, refused, said


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory with a gold file in it."""
    (tmp_path / "gold.jsonl").write_text(REPEAT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[tool.tyez-bench.check\n", "pyproject.toml: not valid TOML"),
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
    one = said(capsys, 1, "check", "gold.jsonl", "--format", "concise").splitlines()[-1]
    assert "; gold.jsonl: 1 records, 1 entities, " in one
    names = [f"{number}.jsonl" for number in range(6)]
    last = said(capsys, 0, "check", *names, "--format", "concise", "--select", "F").splitlines()[-1]
    assert "; 0.jsonl, 1.jsonl, 2.jsonl, 3.jsonl and 2 more: 6 records" in last
