"""Standard streams that are closed or full change neither the data nor the exit code, in any command."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tyez_bench
from forked import forked
from tyez_bench.cli import COMMANDS

PACKAGE = Path(tyez_bench.__file__).parent
SCRIPTS = Path(__file__).parent.parent / "scripts"
PROGRAM = f'exec "{sys.executable}" -m tyez_bench'
ALONE = PACKAGE / "cli" / "output.py"


def shell(command: str, folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        ["bash", "-c", f"{PROGRAM} {command}"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold.jsonl").write_text(
        '{"id":"d","text":"东风在南岭。","entities":[{"start":0,"end":2,"type":"ORG"}]}\n', "utf-8"
    )
    (tmp_path / "p.jsonl").write_text('{"id":"d","entities":[]}\n', "utf-8")
    (tmp_path / "q.jsonl").write_text('{"id":"d","entities":[{"start":0,"end":2,"type":"ORG"}]}\n', "utf-8")
    return tmp_path


# Each says something on standard error.
TALKING = {
    "a threshold": ("score p.jsonl --gold gold.jsonl --min-f1 0.5", 1),
    "notes of an export": ("export --gold gold.jsonl --output-format conll", 0),
    "agreement": ("agree p.jsonl q.jsonl --min-f1 0.5", 2),
    "an error": ("score nosuch.jsonl", 2),
    "usage": ("score p.jsonl --min-f1 7", 2),
    "no command": ("", 2),
}


def test_without_standard_error(folder: Path) -> None:
    commands = [command for command, _ in TALKING.values()]
    as_ever, closed, full = (forked(commands, stderr, folder) for stderr in ("", "2>&-", "2>/dev/full"))
    assert [code for code, _, _ in as_ever] == [code for _, code in TALKING.values()]
    assert "" not in [err for _, _, err in as_ever]
    assert closed == full == [(code, out, "") for code, out, _ in as_ever]


def test_a_file_that_is_written_has_nothing_of_the_notes(folder: Path) -> None:
    """With standard error closed its number would be that of the next file opened."""
    for number, stderr in enumerate(("", "2>&-", "<&- 2>&-", "2>/dev/full")):
        code, out, _ = shell(f"export --gold gold.jsonl --output-format conll --output out{number} {stderr}", folder)
        assert (code, out) == (0, "")
    assert {(folder / f"out{number}").read_bytes() for number in range(4)} == {(folder / "out0").read_bytes()}


@pytest.mark.parametrize(
    ("streams", "reason"),
    [
        ("<&-", "<stdin>: is closed, expected predictions"),
        ("< /dev/null", "<stdin>: is empty, expected predictions"),
    ],
)
def test_without_standard_input(streams: str, reason: str, folder: Path) -> None:
    assert shell(f"score - --gold gold.jsonl {streams}", folder) == (2, "", f"tyez-bench: {reason}\n")


@pytest.mark.parametrize(("stdout", "reason"), [("1>&-", "it is closed"), ("1>/dev/full", "No space left on device")])
def test_without_standard_output(stdout: str, reason: str, folder: Path) -> None:
    commands = ("score p.jsonl --gold gold.jsonl", "--version", "--help", "score --help")
    refused = (2, "", f"tyez-bench: the output can't be written: {reason}\n")
    assert dict(zip(commands, forked(commands, stdout, folder), strict=True)) == dict.fromkeys(commands, refused)
    # As it does when it is started by itself.
    assert shell(f"{commands[0]} {stdout}", folder) == refused


@pytest.mark.parametrize(
    "words",
    [
        ["-m", "tyez_bench", "--help"],
        ["-m", "tyez_bench", "info"],
        [str(SCRIPTS / "regenerate.py"), "--list"],
        [str(SCRIPTS / "benchmark.py"), "--list"],
        [str(SCRIPTS / "passes.py"), "blank"],
        [str(SCRIPTS / "publish.py"), "--help"],
    ],
)
def test_a_reader_that_has_gone_away_is_no_error(words: list[str]) -> None:
    """As ``head``, which reads what it wants and ends."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, *words], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=120)
    os.close(writer)
    assert (done.returncode, done.stderr.decode()) == (0, "")


def test_with_all_of_them_closed(folder: Path) -> None:
    assert shell("score p.jsonl --gold gold.jsonl <&- >&- 2>&-", folder) == (2, "", "")
    assert shell("verify <&- 2>&-", folder)[0] == 0


@pytest.mark.parametrize("stderr", ["2>&-", "2>/dev/full"])
def test_every_command_ends_as_ever_without_standard_error(stderr: str, folder: Path) -> None:
    ended = forked([f"{command} --nonsense" for command in COMMANDS], stderr, folder)
    assert dict(zip(COMMANDS, ended, strict=True)) == dict.fromkeys(COMMANDS, (2, "", ""))


def test_one_function_writes_to_standard_error() -> None:
    """And none prints, here or in a script: what is printed where there is no standard error lands in the data."""
    found = []
    for path in (*PACKAGE.rglob("*.py"), *SCRIPTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and path != ALONE:
                called = ast.unparse(node.func)
                if called in ("print", "warnings.warn", "parser.exit") or called.startswith(
                    (
                        "sys.stderr.write",
                        "sys.stdout.write",
                        "sys.__stderr__",
                        "traceback.print",
                        "logging.warning",
                        "logging.error",
                    )
                ):
                    found.append(f"{path}:{node.lineno}: {called}")
    assert found == []
