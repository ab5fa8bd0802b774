"""Two files to a report: what ``tyez-bench score`` does, with the same figures and the same signature."""

import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.gold.gold import data_dir
from tyez_bench.scoring.from_files import system_name

GOLD = "太 B-LOC\n原 I-LOC\n的 O\n\n太 B-ORG\n钢 I-ORG\n"
MINE = "太 B-LOC\n原 I-LOC\n的 B-LOC\n\n太 B-LOC\n钢 I-LOC\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a gold set in columns, and predictions."""
    monkeypatch.chdir(tmp_path)
    Path("gold.conll").write_text(GOLD, "utf-8")
    Path("mine.conll").write_text(MINE, "utf-8")
    Path("map.toml").write_text('[labels]\nLOC = "ORG"\nORG = ""\n', "utf-8")
    return tmp_path


ORG = tyez_bench.Settings(types=None, layer="all", unit="document", draws=50, seed=7)


@pytest.mark.parametrize(
    ("options", "arguments"),
    [
        ([], {}),
        (["--input-format", "conll", "--encoding", "bio"], {"format": "conll", "options": {"encoding": "bio"}}),
        (["--labels", "map.toml"], {"labels": "map.toml"}),
        (["--ignore-labels", "LOC"], {"ignore_labels": ["LOC"]}),
        (["--gold-column", "2", "--gold-format", "conll"], {"gold_format": "conll", "gold_options": {"column": 2}}),
        (
            ["--gold-ignore-labels", "ORG", "--ignore-labels", "ORG"],
            {"gold_ignore_labels": ["ORG"], "ignore_labels": ["ORG"]},
        ),
        (["--layer", "all", "--unit", "document", "--draws", "50", "--seed", "7"], {"settings": ORG}),
    ],
)
def test_the_report_is_that_of_the_command(
    options: list[str], arguments: dict[str, Any], files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "mine.conll", "--gold", "gold.conll", "--json", *options]) == 0
    printed = json.loads(capsys.readouterr().out)
    given: dict[str, Any] = {
        name: tyez_bench.Options(**value) if name.endswith("options") else value for name, value in arguments.items()
    }
    report = tyez_bench.score_files("gold.conll", "mine.conll", **given)
    assert json.loads(json.dumps(report.to_dict())) == printed
    assert report.gold.fingerprint == tyez_bench.load("gold.conll").fingerprint or "ignore" in str(options)


@pytest.mark.parametrize("name", ["jionlp", "thulac", "spacy-ner"])
def test_predictions_for_the_built_in_gold(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the label map on record beside them."""
    path = data_dir() / "predictions" / f"{name}.jsonl"
    assert main(["score", str(path), "--json"]) == 0
    assert json.loads(json.dumps(tyez_bench.score_files(None, path).to_dict())) == json.loads(capsys.readouterr().out)


def test_a_system_is_called_after_its_file_or_as_asked(files: Path) -> None:
    assert tyez_bench.score_files("gold.conll", "mine.conll").system == "mine"
    assert tyez_bench.score_files("gold.conll", "mine.conll", system="ours").system == "ours"
    assert [system_name(path) for path in ("a/b.jsonl.gz", "b", ".gz", "-")] == ["b", "b", ".gz", "stdin"]


def test_progress_is_told(files: Path) -> None:
    done: list[int] = []
    tyez_bench.score_files("gold.conll", "mine.conll", progress=done.append)
    assert done == [2]


def test_the_standard_input_is_one(files: Path) -> None:
    with pytest.raises(tyez_bench.UsageError, match="- occurs twice"):
        tyez_bench.score_files("-", "-")


@pytest.mark.parametrize(
    "more",
    [
        {"gold_format": "conll"},
        {"gold_options": tyez_bench.Options(column=1)},
        {"gold_overlaps": "keep-first"},
        {"gold_ignore_labels": ["ORG"]},
        {"label_set": "msra"},
    ],
)
def test_how_the_built_in_gold_is_read_is_not_to_be_said(more: dict[str, Any], files: Path) -> None:
    with pytest.raises(tyez_bench.UsageError, match="the built-in gold has its own format and labels"):
        tyez_bench.score_files(None, "mine.conll", **more)
