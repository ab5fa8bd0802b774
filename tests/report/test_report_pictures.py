"""The plots of a report as pictures."""

import struct
import sys
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.cli import main

ROOT = Path(__file__).parents[2]
COMMITTED = [str(ROOT / "data" / "predictions" / f"{name}.jsonl") for name in ("jieba", "jionlp", "thulac")]
NAMES = ["confusion.png", "errors.png", "scores.png", "types.png"]


def drawn(folder: Path) -> dict[str, bytes]:
    """What was written to a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_pictures_are_written_and_the_same_in_every_run(tmp_path: Path) -> None:
    """Into a directory that is there they go beside what is in it."""
    (tmp_path / "two").mkdir()
    for name in ("one", "two"):
        assert main(["report", *COMMITTED, "--png", str(tmp_path / name)]) == 0
    found = drawn(tmp_path / "one")
    assert list(found) == NAMES
    assert found == drawn(tmp_path / "two")
    for data in found.values():
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) > (1000, 300)


@pytest.mark.parametrize(
    "name", ["太原", "$\\frac{1}{2}$", "\u202ea\x01", "长" * 60], ids=["chinese", "formula", "strange", "long"]
)
def test_names_of_systems_are_names(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Formulas, strange characters and long names draw no warning."""
    path = tmp_path / f"{name}.jsonl"
    path.write_text('{"id": "series", "entities": []}\n', "utf-8")
    assert main(["report", str(path), "--png", str(tmp_path / "png")]) == 0
    assert capfd.readouterr() == ("", "")


def test_a_perfect_system_has_pictures_too(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    from tyez_bench.io.formats.native import write_predictions
    from tyez_bench.model.documents import PredictedEntity, Prediction

    predictions = [
        Prediction(
            id=document.id,
            entities=tuple(PredictedEntity(start=e.start, end=e.end, type=e.type) for e in document.outermost()),
        )
        for document in gold
    ]
    write_predictions(tmp_path / "perfect.jsonl", predictions)
    assert main(["report", str(tmp_path / "perfect.jsonl"), "--png", str(tmp_path / "png")]) == 0
    assert list(drawn(tmp_path / "png")) == NAMES


def test_without_matplotlib_one_line_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And nothing is written, neither pictures nor the page."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    out = tmp_path / "out.html"
    assert main(["report", COMMITTED[0], "--html", str(out), "--png", str(tmp_path / "png")]) == 2
    expected = "tyez-bench: matplotlib is not installed; it comes with: pip install 'matplotlib>=3.9'\n"
    assert capsys.readouterr().err == expected
    assert list(tmp_path.iterdir()) == []
