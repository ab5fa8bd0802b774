"""What a run writes and where: nothing that is not its own is written over."""

import os
from pathlib import Path

import pytest

from tyez_bench.cli import main

OWN = '{"id":"a","text":"今年获3万元","entities":[]}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_gold_set_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.jsonl").write_text(OWN, "utf-8")
    assert main(["run", "rules", "--gold", "own.jsonl", "--out", "own.jsonl"]) == 2
    assert "own.jsonl: is the gold set, and would be written over" in capsys.readouterr().err
    os.link("own.jsonl", "other.jsonl")
    assert main(["run", "rules", "--gold", "own.jsonl", "--out", "other.jsonl"]) == 2
    assert Path("own.jsonl").read_text("utf-8") == OWN


def test_a_file_beside_it_that_is_no_record_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("p.json").write_text('{"my": "notes"}', "utf-8")
    assert main(["run", "rules", "--out", "p.jsonl"]) == 2
    assert "p.json: is no record of a run" in capsys.readouterr().err
    assert Path("p.json").read_text("utf-8") == '{"my": "notes"}'
    Path("p.json").unlink()
    assert main(["run", "rules", "--out", "p.jsonl"]) == 0
    assert main(["run", "rules", "--out", "p.jsonl"]) == 0


def test_a_directory_is_made_where_it_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules", "--out", "new/"]) == 0
    assert sorted(path.name for path in Path("new").iterdir()) == ["rules.json", "rules.jsonl"]
    assert main(["run", "rules", "jieba", "--out", "several"]) == 0
    assert len(list(Path("several").iterdir())) == 4
    assert main(["run", "rules", "--out", "none/new/"]) == 2
    assert "none/new: can't be made: No such file or directory" in capsys.readouterr().err


def test_what_is_no_regular_file_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe")
    os.symlink("pipe", "p.jsonl")
    Path("p.json").unlink(missing_ok=True)
    assert main(["run", "rules", "--out", "p.jsonl"]) == 2
    assert "p.jsonl: is no regular file, expected one to write" in capsys.readouterr().err
    assert Path("pipe").is_fifo()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--device", "cuda"], "rules takes no --device"),
        (["--segmenter", "char"], "rules takes no --segmenter"),
        (["--runs", "3"], "rules takes no --runs, which is for language models"),
        (["--cache", "foo"], "rules takes no --cache, which is for language models"),
    ],
)
def test_options_that_a_system_does_not_take(more: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules", "--score", *more]) == 2
    assert said in capsys.readouterr().err


def test_what_a_system_is_given_at_a_time_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules", "--score", "--by", "sentence"]) == 0
    assert "91 sentences in" in capsys.readouterr().err
