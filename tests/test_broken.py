"""Every broken file, end to end: exit code 2, nothing on standard output, one line on standard error that says why."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tyez_bench.cli import main

BROKEN = Path(__file__).parent / "broken"
CASES = [
    pytest.param(listing.parent, case, id=f"{listing.parent.name}-{number}-{case['file']}")
    for listing in sorted(BROKEN.glob("*/expected.toml"))
    for number, case in enumerate(tomllib.loads(listing.read_text("utf-8"))["case"], 1)
]


@pytest.mark.parametrize(("folder", "case"), CASES)
def test_a_broken_file_is_one_line_and_exit_code_2(
    folder: Path, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert main(["score", case["file"], *case["args"]]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert case["says"] in captured.err


def test_there_are_enough_of_them_and_none_is_forgotten() -> None:
    """Sixty across the formats, and each file of a folder is in its list, itself or as an argument of another."""
    assert len(CASES) >= 60
    for listing in BROKEN.glob("*/expected.toml"):
        cases = tomllib.loads(listing.read_text("utf-8"))["case"]
        named = {name for case in cases for name in (case["file"], *case["args"])}
        there = {path.name for path in listing.parent.iterdir()} - {"expected.toml"}
        assert there == named & there, f"{listing.parent.name}: not listed: {sorted(there - named)}"
