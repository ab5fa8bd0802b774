"""The Python in the documents runs as it stands, in the clone, offline; runs go where the documents write them."""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.cli import COMMANDS, main
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


def test_the_results_in_the_comments_of_the_readme_are_what_the_lines_give(monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``report.f1, report.precision  # (0.4191…, 0.4071…)``; what is in words is not compared."""
    monkeypatch.chdir(ROOT)
    code = dict(BLOCK.findall(DOCUMENTS[0].read_text("utf-8")))["score"]
    names: dict[str, object] = {}
    compared = 0
    for line in code.splitlines():
        statement, _, comment = line.partition("  # ")
        try:
            value = repr(eval(statement, names))
        except SyntaxError:
            exec(statement, names)
            continue
        numbers = re.findall(r"[0-9]+\.[0-9]+|[0-9]+(?= documents|,)", comment)
        there = re.findall(r"[0-9]+(?:\.[0-9]+)?", value)
        for number in numbers:
            assert any(given.startswith(number) or round(float(given), 3) == float(number) for given in there), line
            compared += 1
    assert compared >= 6


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
            if "--output" in words:
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
    assert main(["run", *systems, "--output", words[words.index("--output") + 1]]) == 0
    assert len(list(tmp_path.rglob("*.jsonl"))) == len(asked)


def test_a_line_of_the_documents_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ["run", "jieba", "thulac", "--output", "predictions/"] in _runs()
    assert main(["run", "jieba", "thulac", "--output", "predictions/"]) == 0
    names = ["jieba.json", "jieba.jsonl", "thulac.json", "thulac.jsonl"]
    assert sorted(path.name for path in Path("predictions").iterdir()) == names


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _files(path: Path) -> dict[str, str]:
    """The files that a page writes down."""
    return dict(re.findall(r"<!-- file: (\S+) -->\n```\w*\n(.*?)```\n", path.read_text("utf-8"), re.DOTALL))


@pytest.mark.parametrize(
    "path", [path for path in PAGES if "```pycon" in path.read_text("utf-8")], ids=lambda path: path.name
)
def test_python_gives_what_stands_below_it(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder with the page's files."""
    monkeypatch.chdir(tmp_path)
    for name, text in _files(path).items():
        Path(name).write_text(text, "utf-8")
    failed, tried = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_nothing_that_is_pasted_has_a_placeholder(path: Path) -> None:
    blocks = re.findall(r"^ *```\w+\n(.*?)^ *```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert [block for block in blocks if re.search(r"\b(OWNER|USER|REPO|COMMIT)\b", block)] == []


@pytest.mark.parametrize("address", ["https://github.com/someone/bench.git", "git@github.com:someone/bench"])
def test_what_ci_takes_is_printed_with_the_commit_of_the_clone(address: str, tmp_path: Path) -> None:
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(tmp_path)]
    for words in (["init", "-q"], ["remote", "add", "origin", address], ["commit", "-q", "--allow-empty", "-m", "x"]):
        subprocess.run([*git, *words], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    text = (ROOT / "docs" / "check.md").read_text("utf-8")
    printed = {
        name: subprocess.run(["bash", "-ec", block], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
        for name, block in re.findall(r"<!-- (action|pre-commit) -->\n```sh\n(.*?)```", text, re.DOTALL)
    }
    assert f"- uses: someone/bench@{commit}\n" in printed["action"]
    assert f"  - repo: {address}\n    rev: {commit}\n" in printed["pre-commit"]


def test_every_public_name_has_a_place_in_the_pages_of_the_library() -> None:
    pages = "".join(path.read_text("utf-8") for path in sorted((ROOT / "docs" / "api").glob("*.md")))
    described = re.findall(r"^\.\. auto\w+:: (\w+)$", pages, re.MULTILINE)
    assert sorted(described) == sorted(set(tyez_bench.__all__) - {"__version__"})


def test_every_command_has_its_page() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "cli").glob("*.md")}
    assert pages == {*COMMANDS, "index"}
