"""The Python in the documents runs as it stands, in the clone, offline."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
