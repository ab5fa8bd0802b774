"""``tyez-bench score`` on shards: what asks for an engine, what it prints, and what can't be asked for beside it."""

import json
import sys
from pathlib import Path

import pytest

import tyez_bench
from sharded import columns, corpus, lines, said, shards
from tyez_bench.cli import main


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with gold and predictions, in order and in shards."""
    gold, predicted = corpus(80)
    lines(tmp_path / "gold.jsonl", gold)
    columns(tmp_path / "mine.parquet", predicted)
    lines(tmp_path / "mine.jsonl", predicted)
    shards(tmp_path / "gold", gold, 3)
    shards(tmp_path / "mine", predicted, 2, as_columns=True)
    return tmp_path


@pytest.mark.parametrize(
    ("gold", "predictions", "options"),
    [
        ("gold/*.jsonl", "mine.jsonl", []),
        ("gold.jsonl", "mine/part-*", []),
        ("gold", "mine", ["--jobs", "1"]),
        ("gold", "mine", ["--engine", "processes"]),
        ("gold.jsonl", "mine.parquet", ["--units-to", "units"]),
    ],
)
def test_the_report_is_that_of_one_file(
    files: Path,
    gold: str,
    predictions: str,
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(files)
    assert main(["score", "--gold", gold, predictions, "-f", "json", "--seed", "3", *options]) == 0
    settings = tyez_bench.Settings(seed=3)
    whole = tyez_bench.score_files("gold.jsonl", "mine.jsonl", settings=settings)
    data = json.loads(capsys.readouterr().out)
    expected = json.loads(json.dumps(said(whole)))
    assert {name: data[name] for name in expected.keys() - {"of the gold", "headline"}} == {
        name: expected[name] for name in expected.keys() - {"of the gold", "headline"}
    }
    assert data["headline"]["interval"] == expected["headline"]["interval"]
    assert (files / "units").is_dir() == ("units" in options)


def test_the_table_and_thresholds(
    files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    words = ["score", "--gold", "gold", "mine", "mine.jsonl", "--jobs", "1", "--min-f1", "0.99"]
    assert main(words) == 1
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines() if "0.9" in line][:2] == ["mine", "mine.jsonl"]
    assert err.count(" is below 0.99") == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--column", "2"], "--column can't be given with an engine"),
        (["--input-format", "conll"], "--input-format can't be given with an engine"),
        (["--gold-encoding", "bio"], "--gold-encoding can't be given with an engine"),
        (["--errors"], "--errors can't be given with an engine"),
        (["--counts", "-f", "json"], "--counts can't be given with an engine"),
        (["--signature", "x"], "--signature can't be given with an engine"),
        (["--matching", "set"], "an engine keeps no texts"),
        (["--address", "local"], "the address 'local' is for Spark and Ray"),
    ],
)
def test_what_can_not_be_asked_for(
    files: Path, options: list[str], reason: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    assert main(["score", "--gold", "gold", "mine", "--jobs", "1", *options]) == 2
    assert capsys.readouterr().err.startswith(f"tyez-bench: {reason}")


def test_engines_need_files(files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)
    assert main(["score", "mine", "--engine", "processes"]) == 2
    assert "expected --gold FILE" in capsys.readouterr().err
    assert main(["score", "--gold", "gold", "mine", "mine.jsonl", "--units-to", "units"]) == 2
    assert "--units-to holds the counts of one system" in capsys.readouterr().err
    assert main(["score", "--gold", "gold", "no-*.jsonl"]) == 2
    assert capsys.readouterr().err == "tyez-bench: no-*.jsonl: no such files\n"


@pytest.mark.parametrize(("engine", "package"), [("spark", "pyspark"), ("ray", "ray")])
def test_an_engine_that_is_not_installed(
    files: Path, engine: str, package: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("sql", "errors"):
        monkeypatch.setitem(sys.modules, f"{package}.{module}", None)
    monkeypatch.chdir(files)
    assert main(["score", "--gold", "gold", "mine", "--engine", engine]) == 2
    assert capsys.readouterr().err.startswith(f"tyez-bench: {package} is not installed; it comes with: pip install ")
