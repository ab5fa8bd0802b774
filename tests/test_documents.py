"""The Python in the documents runs as it stands, in the clone, offline; runs go where the documents write them."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tyez_bench.cli import main
from tyez_bench.systems import SYSTEMS

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"<!-- python: (\w+) -->\n```python\n(.*?)```\n<!-- end -->", re.DOTALL)
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "dataset.md")
BLOCKS = [
    pytest.param(code, id=f"{path.name}-{name}")
    for path in DOCUMENTS
    for name, code in BLOCK.findall(path.read_text("utf-8"))
]


@pytest.mark.parametrize("code", BLOCKS)
def test_python_runs(code: str, tmp_path: Path) -> None:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_block_is_marked(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(re.findall("^```python$", text, re.MULTILINE)) == len(BLOCK.findall(text)) > 0


def _runs() -> list[list[str]]:
    """The command lines of the documents that write predictions."""
    found = []
    for path in (ROOT / "README.md", ROOT / "docs" / "systems.md"):
        for line in re.findall(r"^tyez-bench (run .*)$", path.read_text("utf-8"), re.MULTILINE):
            words = shlex.split(line, comments=True)
            if "--out" in words:
                found.append(words)
    return found


@pytest.mark.parametrize("words", _runs(), ids=" ".join)
def test_runs_go_where_the_documents_write_them(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pasted into an empty directory, with systems in the place of those that take long."""
    monkeypatch.chdir(tmp_path)
    asked = [word for word in words[1:] if word.partition(":")[0] in SYSTEMS]
    assert asked
    systems = ["rules", "jieba", "perceptron"][: len(asked)]
    assert main(["run", *systems, "--out", words[words.index("--out") + 1]]) == 0
    assert len(list(tmp_path.rglob("*.jsonl"))) == len(asked)


def test_a_line_of_the_documents_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ["run", "jieba", "thulac", "--out", "predictions/"] in _runs()
    assert main(["run", "jieba", "thulac", "--out", "predictions/"]) == 0
    names = ["jieba.json", "jieba.jsonl", "thulac.json", "thulac.jsonl"]
    assert sorted(path.name for path in Path("predictions").iterdir()) == names
