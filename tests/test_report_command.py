"""The command report: what it writes, and what it refuses before it begins."""

from pathlib import Path

import pytest

from tyez_bench.cli import main

ROOT = Path(__file__).parent.parent
JIEBA = str(ROOT / "data" / "predictions" / "jieba.jsonl")


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The one line that a refused command prints."""
    assert main(["report", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tyez-bench: ")
    assert err.count("\n") == 1
    return err.removeprefix("tyez-bench: ").rstrip("\n")


def test_it_writes_the_page_prints_nothing_and_replaces_an_old_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.html"
    out.write_text("old")
    assert main(["report", JIEBA, "--html", str(out)]) == 0
    assert capsys.readouterr() == ("", "")
    assert out.read_bytes().startswith(b"<!DOCTYPE html>\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out.html"]


def test_there_must_be_something_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, JIEBA) == "nothing to write: expected --html FILE, --png DIR, or both"


# The predictions are not there: what is refused is refused before they are looked for.
@pytest.mark.parametrize("name", ["", "no/such/out.html"])
def test_a_place_that_cannot_be_written_is_refused_before_scoring(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = refused(capsys, "nothing.jsonl", "--html", str(tmp_path / name))
    assert "is a directory, expected a file" in line or "no such directory" in line


def test_pictures_need_a_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    line = refused(capsys, "nothing.jsonl", "--png", str(tmp_path / "file"))
    assert line.endswith("is a file, expected a directory to write")


def test_more_systems_than_can_be_read_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    names = [f"{number}.jsonl" for number in range(27)]
    line = refused(capsys, *names, "--html", str(tmp_path / "out.html"))
    limit = "a report shows 1 to 26 systems, because each has a letter in its marks; got 27"
    assert line == f"{limit}; compare takes any number"


@pytest.mark.parametrize("form", ["--html", "--png"])
def test_matching_by_text_is_refused(form: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    line = refused(capsys, JIEBA, "--matching", "set", form, str(tmp_path / "out"))
    assert line == "a report marks positions in the text, which matching by set and multiset ignores"
    assert list(tmp_path.iterdir()) == []


def test_predictions_that_cannot_be_read_leave_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "nowhere", "entities": []}\n')
    refused(capsys, str(bad), "--html", str(tmp_path / "out.html"), "--png", str(tmp_path / "png"))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.jsonl"]


def test_arguments_are_those_of_score(tmp_path: Path) -> None:
    """A signature repeats the run; a gold set of one's own, a layer and a unit are taken."""
    gold, predictions = tmp_path / "own.jsonl", tmp_path / "mine.jsonl"
    gold.write_text(
        '{"id": "a", "text": "太原市委", "entities": [{"start": 0, "end": 4, "type": "ORG"},'
        ' {"start": 0, "end": 3, "type": "PLACE"}]}\n',
        "utf-8",
    )
    predictions.write_text('{"id": "a", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n', "utf-8")
    out = tmp_path / "out.html"
    more = ["--layer", "nested", "--unit", "document", "--draws", "7", "--seed", "3"]
    assert main(["report", str(predictions), "--gold", str(gold), *more, "--html", str(out)]) == 0
    page = out.read_text("utf-8")
    assert "bootstrap:document/7/3" in page
    assert "layer:nested" in page
    line = page.partition("signature: <code>")[2].partition("</code>")[0]
    again = tmp_path / "again.html"
    told = ["--gold", str(gold), "--signature", line, "--html", str(again)]
    assert main(["report", str(predictions), *told]) == 0
    assert again.read_bytes() == out.read_bytes()
