"""Whatever goes wrong ends in one line and exit code 2; the rest is for those who ask for it."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tyez_bench.cli import COMMANDS, main
from tyez_bench.cli.commands import SHARED

LONG = "1" * 5000


class Panic(BaseException):
    """As libraries written in other languages raise it."""


ERRORS: list[tuple[BaseException, str, int]] = [
    (ValueError("odd\nand more"), "unexpected ValueError: odd; --traceback shows where", 2),
    (KeyError("x"), "unexpected KeyError: 'x'; --traceback shows where", 2),
    (RecursionError("too deep"), "unexpected RecursionError: too deep; --traceback shows where", 2),
    (SystemExit(1), "unexpected SystemExit: 1; --traceback shows where", 2),
    (SystemExit(0), "unexpected SystemExit: 0; --traceback shows where", 2),
    (Panic("at the disco"), "unexpected Panic: at the disco; --traceback shows where", 2),
    (AssertionError(), "unexpected AssertionError: no reason given; --traceback shows where", 2),
    (MemoryError(), "out of memory for this input and these options", 2),
    (KeyboardInterrupt(), "interrupted", 130),
]
# While arguments are declared, the parser itself ends the process for help and for usage.
WHERE = [
    (*case, where)
    for case in ERRORS
    for where in ("add_arguments", "run")
    if where == "run" or not isinstance(case[0], SystemExit)
]


@pytest.mark.parametrize(("error", "line", "code", "where"), WHERE)
def test_no_exception_ends_as_an_answer(
    error: BaseException,
    line: str,
    code: int,
    where: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(_: object) -> int:
        raise error

    function = {"add_arguments": "add_verify_arguments", "run": "run_verify"}[where]
    monkeypatch.setattr(f"tyez_bench.cli.gold.{function}", fails)
    assert main(["verify"]) == code
    assert capsys.readouterr().err == f"tyez-bench: {line}\n"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("before", [True, False])
def test_every_command_takes_traceback(
    command: str, before: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(args: object) -> int:
        raise ValueError("odd \x1b[31m")

    run = f"run_{command}" if command in SHARED else "run"
    monkeypatch.setattr(f"tyez_bench.cli.{SHARED.get(command, command)}.{run}", fails)
    needed = {"submit": ["x.jsonl"], "score": ["p"], "report": ["p"], "compare": ["p", "q"], "diff": ["a", "b"]}
    words = [command, *needed.get(command, [])]
    if command == "accept":
        words += ["prune"]
    if command == "export":
        words += ["--output-format", "conll"]
    given = ["--traceback", *words] if before else [*words, "--traceback"]
    assert main(given) == 2
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first == "Traceback (most recent call last):"
    assert last == "tyez-bench: unexpected ValueError: odd \\x1b[31m; --traceback shows where"


def refused(folder: Path, *arguments: str) -> str:
    """The one line of a command that could not answer."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    said = err.getvalue()
    assert (code, out.getvalue()) == (2, ""), said
    assert said.count("\n") == 1, said
    assert "unexpected" not in said
    return said.removeprefix("tyez-bench: ").rstrip("\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gold.jsonl").write_text(
        '{"id":"d","text":"东风在南岭。","entities":[{"start":0,"end":2,"type":"ORG"}]}\n', "utf-8"
    )
    (tmp_path / "p.jsonl").write_text('{"id":"d","entities":[{"start":0,"end":2,"type":"ORG"}]}\n', "utf-8")
    return tmp_path


def test_numbers_too_long_to_be_read(folder: Path) -> None:
    (folder / "long.toml").write_text(f"# odd\nn = {LONG}\n", "utf-8")
    (folder / "long.jsonl").write_text(f'{{"id":"d","entities":[],"n":{LONG}}}\n', "utf-8")
    reason = "a number has more than 4,300 digits"
    score = ("score", "p.jsonl", "--gold", "gold.jsonl")
    assert refused(folder, *score, "--labels", "long.toml") == f"long.toml:2: not valid TOML: {reason}"
    assert refused(folder, *score, "--label-set", "long.toml") == f"long.toml:2: not valid TOML: {reason}"
    assert refused(folder, *score, "--fields", "long.toml") == f"long.toml:2: not valid TOML: {reason}"
    assert refused(folder, "stress", "--check", "long.toml") == f"long.toml:2: not valid TOML: {reason}"
    assert refused(folder, "check", "gold.jsonl", "--config", "long.toml").endswith(f":2: not valid TOML: {reason}")
    assert refused(folder, "score", "long.jsonl", "--gold", "gold.jsonl") == f"long.jsonl:1: not valid JSON: {reason}"
    assert "long.jsonl:1: not valid JSON:" in refused(folder, "score", "p.jsonl", "--gold", "long.jsonl")
    given = "gold:g#1|layer:outermost|scheme:strict|optional:ignore|matching:position|types:ORG|version:1|bootstrap:"
    assert "bootstrap is" in refused(folder, *score, "--signature", f"{given}sentence/{LONG}/1")
    assert "bootstrap is" in refused(folder, *score, "--signature", f"{given}sentence/10/{LONG}")
    assert "column is" in refused(folder, *score, "--signature", f"{given}sentence/10/1|column:{LONG}")


def test_an_occurrence_that_is_nowhere_counts_as_a_false_prediction(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (2, 9999999999999999999):
        entity = {"text": "东风", "type": "ORG", "occurrence": number}
        (folder / "a.jsonl").write_text(json.dumps({"id": "d", "answer": json.dumps([entity])}) + "\n", "utf-8")
        assert main(["score", str(folder / "a.jsonl"), "--gold", str(folder / "gold.jsonl"), "--json"]) == 0
        scores = json.loads(capsys.readouterr().out)["scores"]["micro"]
        assert (scores["tp"], scores["fp"], scores["fn"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ('{"packages": ["a"]}', "is not the record of a run: Expected `object | null`, got `array` - at `$.packages`"),
        ('{"run": 5}', "is not the record of a run: Expected `object | null`, got `int` - at `$.run`"),
        ('{"labels": []}', "is not the record of a run: Expected `str | null`, got `array` - at `$.labels`"),
        ("[]", "is not the record of a run: Expected `object`, got `array`"),
        (f'{{"run": {LONG}}}', "not valid JSON: a number has more than 4,300 digits"),
        ("[" * 100_000, "not valid JSON: maximum recursion depth exceeded while decoding a JSON array"),
    ],
)
def test_odd_facts_beside_a_submission(folder: Path, facts: str, reason: str) -> None:
    (folder / "p.json").write_text(facts, "utf-8")
    found = refused(folder, "submit", "p.jsonl", "--gold", "gold.jsonl")
    assert found.startswith(f"p.json: {reason}")
    (folder / "p.yaml").write_text(
        "system: s\nwhat: w\nkind: own\ntraining: t\ncontamination: possible\ncontamination_note: n\n"
        "labels: tyez\ncommand: c\nmade: 2026-01-01\nby: b\n",
        "utf-8",
    )
    assert refused(folder, "submit", "--check", "p.yaml", "--gold", "gold.jsonl").startswith(f"p.json: {reason}")


@pytest.mark.parametrize("names", ["role", "code", "role,length", "district,section,rule", "all"])
def test_a_property_that_the_gold_lacks_has_no_rows(
    folder: Path, names: str, capsys: pytest.CaptureFixture[str]
) -> None:
    score = ["score", str(folder / "p.jsonl"), "--gold", str(folder / "gold.jsonl"), "--slices", names]
    assert main([*score, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["slices"]
    properties = {one["property"] for one in found}
    assert properties.isdisjoint({"role", "code", "rule", "district", "section"})
    assert ("length" in properties) == (names in ("all", "role,length"))
    assert main(score) == 0


def test_too_many_draws_are_refused(folder: Path) -> None:
    found = refused(folder, "score", "p.jsonl", "--gold", "gold.jsonl", "--draws", "10000000")
    assert found.startswith("10000000 draws are too many, expected 1000000 at most")


def test_a_working_directory_that_is_gone(folder: Path) -> None:
    for command in ("score p.jsonl", "check", "submit p.jsonl", "fix", "agree a b"):
        (folder / "gone").mkdir()
        whole = f'cd gone && rmdir ../gone && exec "{sys.executable}" -m tyez_bench {command}'
        done = subprocess.run(["bash", "-c", whole], cwd=folder, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done
        assert "the working directory no longer exists" in done.stderr or "no such file" in done.stderr, done


@pytest.mark.parametrize("module", ["tyez_bench.cli", "hints", "numpy", "tables.scores"])
def test_interrupted_while_modules_load(folder: Path, module: str) -> None:
    """From the first module of the command on."""
    code = (
        "import builtins, sys, os, signal; import tyez_bench.__main__ as c; real = builtins.__import__\n"
        "told = []\n"
        "def slow(name, *rest, **more):\n"
        f"    if name.endswith('{module}') and not told: told.append(1); os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *rest, **more)\n"
        "builtins.__import__ = slow; sys.argv = ['tyez-bench', 'score', 'p.jsonl', '--gold', 'gold.jsonl']\n"
        "c.entry_point()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "tyez-bench: interrupted\n")
