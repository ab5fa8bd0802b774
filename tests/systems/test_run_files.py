"""What a run writes and where: nothing that is not its own is written over."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tyez_bench.cli import main
from tyez_bench.cli.run_files import watched

PREDICTIONS = Path(__file__).parents[2] / "data" / "predictions" / "jieba.jsonl"
OWN = '{"id":"a","text":"今年获3万元","entities":[]}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_gold_set_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.jsonl").write_text(OWN, "utf-8")
    assert main(["run", "rules", "--gold", "own.jsonl", "--output", "own.jsonl"]) == 2
    assert "own.jsonl: is an input of this command, and would be overwritten" in capsys.readouterr().err
    os.link("own.jsonl", "other.jsonl")
    assert main(["run", "rules", "--gold", "own.jsonl", "--output", "other.jsonl"]) == 2
    assert Path("own.jsonl").read_text("utf-8") == OWN


def test_a_file_beside_it_that_is_no_record_is_not_written_over(capsys: pytest.CaptureFixture[str]) -> None:
    Path("p.json").write_text('{"my": "notes"}', "utf-8")
    assert main(["run", "rules", "--output", "p.jsonl"]) == 2
    assert "p.json: is not a record of a run" in capsys.readouterr().err
    assert Path("p.json").read_text("utf-8") == '{"my": "notes"}'
    Path("p.json").unlink()
    assert main(["run", "rules", "--output", "p.jsonl"]) == 0
    assert main(["run", "rules", "--output", "p.jsonl"]) == 0


def test_a_directory_is_made_where_it_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules", "--output", "new/"]) == 0
    assert sorted(path.name for path in Path("new").iterdir()) == ["rules.json", "rules.jsonl"]
    assert main(["run", "rules", "jieba", "--output", "several"]) == 0
    assert len(list(Path("several").iterdir())) == 4
    assert main(["run", "rules", "--output", "none/new/"]) == 2
    assert "none/new: can't be made: No such file or directory" in capsys.readouterr().err


def test_what_is_no_regular_file_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo("pipe")
    for name in ("p.jsonl", "p.json", "p.jsonl.part"):
        os.symlink("pipe", name)
        assert main(["run", "rules", "--output", "p.jsonl"]) == 2
        assert f"{name}: is not a regular file, expected one to write" in capsys.readouterr().err
        Path(name).unlink()
        # It is said before anything is predicted.
        assert [path.name for path in Path().iterdir()] == ["pipe"]
    assert main(["report", str(PREDICTIONS), "--html", "pipe"]) == 2
    assert "pipe: is not a regular file, expected one to write" in capsys.readouterr().err
    assert Path("pipe").is_fifo()


def test_what_can_t_be_said_is_no_reason_to_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error is a pipe that nobody reads any more."""
    out, into = os.pipe()
    os.close(out)
    with os.fdopen(into, "w", closefd=False) as gone:
        monkeypatch.setattr(sys, "stderr", gone)
        assert main(["run", "rules", "jieba", "--output", "new/"]) == 0
    assert len(list(Path("new").iterdir())) == 4


def test_a_label_map_that_no_part_takes_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "jieba+rules", "--labels", "msra", "--score"]) == 2
    assert "jieba+rules does not take --labels: its parts have their own maps" in capsys.readouterr().err


def test_parts_with_other_passages_are_told_what_helps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules+perceptron", "--score"]) == 2
    assert "--by document|sentence" in capsys.readouterr().err


def test_a_run_that_was_told_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    """As nohup starts it: the signal is ignored, and stays so."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with watched("x"):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--device", "cuda"], "rules does not take --device"),
        (["--segmenter", "char"], "rules does not take --segmenter"),
        (["--runs", "3"], "rules does not take --runs, which is for language models"),
        (["--cache", "foo"], "rules does not take --cache, which is for language models"),
    ],
)
def test_options_that_a_system_does_not_take(more: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules", "--score", *more]) == 2
    assert said in capsys.readouterr().err


def test_what_a_system_is_given_at_a_time_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rules", "--score", "--by", "sentence"]) == 0
    assert "91 sentences in" in capsys.readouterr().err
