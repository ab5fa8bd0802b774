"""What is for programs is UTF-8 in every command, whatever the encoding of the terminal is."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checks_run import REPEAT
from tyez_bench.cli import main

PREDICTED = '{"id":"é","entities":[{"start":0,"end":2,"type":"ORG"}]}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gold set with an id that cp1252 has and characters that it lacks, two passes, and predictions."""
    for name, line in (("gold", REPEAT), ("other", REPEAT.replace("ORG", "PLACE"))):
        (tmp_path / f"{name}.jsonl").write_text(line.replace('"id":"a"', '"id":"é"'), "utf-8")
    for name in ("one", "two"):
        (tmp_path / f"{name}.jsonl").write_text(PREDICTED, "utf-8")
    return tmp_path


def lines(text: str) -> list[object]:
    """Each line as JSON."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("command", "parse"),
    [
        ("check gold.jsonl --output-format json", json.loads),
        ("check gold.jsonl --output-format jsonl", lines),
        ("check gold.jsonl --output-format sarif", json.loads),
        ("check gold.jsonl --output-format junit", ElementTree.fromstring),
        ("check gold.jsonl --output-format github", str),
        ("check gold.jsonl --output-format markdown", str),
        ("suggest gold.jsonl --output-format json", json.loads),
        ("suggest gold.jsonl --output-format jsonl", lines),
        ("explain X602 --output-format json", json.loads),
        ("diff gold.jsonl other.jsonl --output-format json", json.loads),
        ("diff gold.jsonl other.jsonl --output-format markdown", str),
        ("agree gold.jsonl other.jsonl --json --disagreements", json.loads),
        ("agree gold.jsonl other.jsonl --output-format markdown --disagreements", str),
        ("info --gold gold.jsonl --json", json.loads),
        ("info --gold gold.jsonl --output-format latex", str),
        ("score one.jsonl --gold gold.jsonl --json --errors", json.loads),
        ("score one.jsonl --gold gold.jsonl --output-format csv", str),
        ("compare one.jsonl two.jsonl --gold gold.jsonl --json", json.loads),
        ("ceiling char --gold gold.jsonl --json", json.loads),
        ("export --gold gold.jsonl --output-format doccano", lines),
        ("export --gold gold.jsonl --output-format conll --by document", str),
        ("fix spaced.jsonl", str),
    ],
)
def test_it_is_utf_8(
    command: str, parse: Callable[[str], object], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("spaced.jsonl").write_text(REPEAT.replace('"id":"a"', '"id": "é"'), "utf-8")
    outputs = set()
    for encoding in ("cp1252", "utf-8"):
        written = io.BytesIO()
        with monkeypatch.context() as patched:
            for name, stream in (("stdout", written), ("stderr", io.BytesIO())):
                patched.setattr(sys, name, io.TextIOWrapper(stream, encoding))
            assert main(command.split()) in (0, 1)
            sys.stdout.flush()
            outputs.add(written.getvalue())
    (output,) = outputs
    assert parse(output.decode("utf-8"))
    assert b"\\u" not in output


def test_what_is_for_people_is_escaped_where_the_encoding_lacks_it(folder: Path) -> None:
    argv = [sys.executable, "-m", "tyez_bench", "check", "gold.jsonl"]
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(argv, cwd=folder, env=environment, capture_output=True, check=False)
    assert b"He\\u8bf4" in done.stdout
