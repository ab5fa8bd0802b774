"""The commands: what they print, and the exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.formats.native import write_predictions
from tyez_bench.model import PredictedEntity, Prediction
from tyez_bench.scoring.schemes import SCHEMES

ROOT = Path(__file__).parent.parent


@pytest.fixture
def perfect(gold: tyez_bench.Gold, tmp_path: Path) -> Path:
    """Predictions that are the gold's required outermost entities, without the last document's."""
    predictions = [
        Prediction(
            id=document.id,
            entities=tuple(
                PredictedEntity(start=e.start, end=e.end, type=e.type) for e in document.outermost() if e.required
            ),
        )
        for document in gold.documents[:-1]
    ]
    path = tmp_path / "mine.jsonl"
    write_predictions(path, predictions)
    return path


def table_rows(out: str) -> dict[str, list[str]]:
    """The rows of a printed table that hold figures, by their first cell."""
    cells = [line.split() for line in out.splitlines()]
    return {row[0]: row[1:] for row in cells if len(row) > 1 and (row[1] == "–" or row[1].startswith(("0.", "1.")))}


def test_score_prints_a_table(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(perfect)]) == 0
    out = capsys.readouterr().out
    rows = table_rows(out)
    assert rows["MONEY"][:1] == ["1.000"]
    assert list(rows)[:5] == ["PLACE", "ORG", "MONEY", "DATE", "micro"]
    assert [name for name in SCHEMES if name in rows] == list(SCHEMES)
    assert "mine: no predictions for yangqu: counted as empty" in out
    assert f"gold: tyez {tyez_bench.load().version}, sha256 {tyez_bench.load().fingerprint[:12]}" in out
    assert "\x1b" not in out


def test_score_prints_json(perfect: Path, capsys: pytest.CaptureFixture[str], gold: tyez_bench.Gold) -> None:
    assert main(["score", str(perfect), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["missing_documents"] == ["yangqu"]
    assert report["gold"]["fingerprint"] == gold.fingerprint
    assert report["scores"]["micro"]["precision"] == 1
    required = sum(e.required for d in gold for e in d.outermost())
    assert report["scores"]["micro"]["tp"] + report["scores"]["micro"]["fn"] == required


def test_several_files_make_one_table(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = perfect.with_name("other.jsonl")
    other.write_bytes(perfect.read_bytes())
    assert main(["score", str(perfect), str(other)]) == 0
    out = capsys.readouterr().out
    assert list(table_rows(out)) == ["mine", "other"]
    assert main(["score", str(perfect), str(other), "--json"]) == 0
    assert [r["system"] for r in json.loads(capsys.readouterr().out)] == ["mine", "other"]


def test_fail_under(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(perfect), "--fail-under", "0.5"]) == 0
    assert main(["score", str(perfect), "--fail-under", "1"]) == 1
    assert "is under 1" in capsys.readouterr().err


def test_fail_under_fails_when_f1_is_undefined(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, predictions = tmp_path / "gold.jsonl", tmp_path / "p.jsonl"
    gold.write_text('{"id":"d","text":"无"}\n', "utf-8")
    predictions.write_text('{"id":"d","entities":[]}\n', "utf-8")
    assert main(["score", str(predictions), "--gold", str(gold), "--fail-under", "0"]) == 1
    assert "micro F1 – is under" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["-0.1", "1.1", "nan", "much", "0_1", "٠"])
def test_fail_under_takes_a_share(perfect: Path, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(perfect), f"--fail-under={value}"])
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert "is not a share between 0 and 1" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["score", "none.jsonl"], "none.jsonl: no such file"),
        (["score", "."], ".: is a directory"),
        (["score", "x" * 300], "can't be read: File name too long"),
        (["score", "a\0b"], "is no path of a file"),
        (["score", "no\npe"], "no\\npe: no such file"),
        (["run", "jieba", "--out", "p.jsonl"], "p.jsonl: no such directory"),
        (["score", "p.jsonl", "--gold", "none.jsonl"], "none.jsonl: no such file"),
        (["score", "p.jsonl", "p.jsonl"], "given twice"),
        (["run", "hanlp", "--score"], "unknown system 'hanlp', expected one of: jieba, thulac, jionlp"),
        (["run", "jieba"], "nothing to do with the predictions"),
        (["run", "jieba", "--out", "none"], "none: no such directory"),
        (["agree", "p.jsonl"], "expected two passes, got 1"),
        (["agree", "p.jsonl", "none.jsonl"], "p.jsonl:1: "),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p.jsonl").write_text('{"id":"series","entities":[]}\n', "utf-8")
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("tyez-bench: ")
    assert captured.err.count("\n") == 1
    assert reason in captured.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.jsonl"]


def test_agree_on_the_released_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agree"]) == 0
    assert "agreement of A and B" in capsys.readouterr().out
    assert main(["agree", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["exact_f1"]["outermost"]["MONEY"] == 1


def test_version(capsys: pytest.CaptureFixture[str], gold: tyez_bench.Gold) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.endswith(f"gold tyez {gold.version}, sha256 {gold.fingerprint}\n")


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([])
    assert stop.value.code == 2
    assert "expected a command" in capsys.readouterr().err


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_into_a_pipe_that_nobody_reads(perfect: Path, how: list[str]) -> None:
    """The reading end is closed before the command can write."""
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect), *how]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.stdout is not None
    done.stdout.close()
    assert done.wait(timeout=60) == 0
    assert done.stderr is not None
    assert done.stderr.read() == b""
    done.stderr.close()


def test_a_threshold_counts_though_nobody_reads(perfect: Path) -> None:
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect), "--fail-under", "1"]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert done.stdout is not None
    done.stdout.close()
    assert done.wait(timeout=60) == 1


def test_a_closed_output(perfect: Path) -> None:
    command = f'exec "{sys.executable}" -m tyez_bench score "{perfect}" >&-'
    done = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "tyez-bench: the output can't be written: it is closed\n"


def test_a_long_name_cuts_no_figure(perfect: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = perfect.with_name("长" * 60 + ".jsonl")
    long.write_bytes(perfect.read_bytes())
    assert main(["score", str(perfect), str(long)]) == 0
    rows = table_rows(capsys.readouterr().out)
    assert rows["mine"] == rows["长" * 60]
    assert "…" not in "".join(rows["mine"])


def test_onto_a_full_disk(perfect: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "tyez_bench", "score", str(perfect)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "tyez-bench: the output can't be written: No space left on device\n"


def test_where_the_encoding_has_no_chinese(perfect: Path) -> None:
    command = [sys.executable, "-m", "tyez_bench", "score", str(perfect)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert "micro" in done.stdout


def test_rebuilding_gives_what_is_published() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_data.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
