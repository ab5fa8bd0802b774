"""No command writes over what it reads: every option that writes, against every input that its command takes."""

import argparse
import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import tyez_bench
from checks_run import REPEAT, refused
from tyez_bench.cli import COMMANDS, main
from tyez_bench.cli.commands import functions
from tyez_bench.cli.output import is_output
from tyez_bench.files.in_use import watched
from tyez_bench.files.jsonl import write_all, write_atomic
from tyez_bench.gold.gold import data_dir

PACKAGE = Path(tyez_bench.__file__).parent
PREDICTIONS = Path(__file__).parent.parent / "data" / "predictions" / "rules.jsonl"
LABELS = 'name = "own"\n[labels]\nPLACE = "PLACE"\nORG = "ORG"\nMONEY = "MONEY"\nDATE = "DATE"\n'
CONFIG = """[tool.tyez-bench.check]
paths = ["gold.jsonl"]
accepted = "accepted.jsonl"
labels = "own.toml"
source = "page.txt"
[tool.tyez-bench.check.agreement]
passes = ["a.jsonl", "b.jsonl"]
log = "log.jsonl"
[tool.tyez-bench.check.release]
version = "version.toml:version"
changelog = "CHANGES.md"
"""
ENTRY = {"rule": "X601", "document": "z", "surface": "x", "reason": "r", "by": "b"}

# Commands whose answer may go to a file, as they are asked here.
ANSWERS = {
    "score": ["p.jsonl", "--gold", "gold.jsonl", "--draws", "1"],
    "compare": ["p.jsonl", "r.jsonl", "--gold", "gold.jsonl", "--draws", "1"],
    "power": ["p.jsonl", "r.jsonl", "--gold", "gold.jsonl", "--draws", "1"],
    "info": ["--gold", "gold.jsonl"],
    "ceiling": ["char", "--gold", "gold.jsonl"],
    "diff": ["gold.jsonl", "a.jsonl"],
    "agree": ["gold.jsonl", "a.jsonl"],
    "check": ["gold.jsonl", "--select", "F"],
    "suggest": ["gold.jsonl"],
    "explain": ["X602"],
}
# Each way to write, with every input that stands beside it: {} is the place that is written.
WAYS: dict[str, tuple[list[str], list[str]]] = {
    **{
        f"{name} --output": ([name, *words, "--output", "{}"], [word for word in words if word.endswith(".jsonl")])
        for name, words in ANSWERS.items()
        if name != "explain"
    },
    "explain --output": (["explain", "X602", "--output", "{}"], ["gold.jsonl", "own.toml"]),
    "score --units-to": (
        ["score", "p.jsonl", "--gold", "gold.jsonl", "--units-to", "{}"],
        ["p.jsonl", "gold.jsonl", "pyproject.toml"],
    ),
    "check --write": (
        ["check", "--write", "json={}"],
        [
            *("gold.jsonl", "accepted.jsonl", "own.toml", "page.txt", "a.jsonl", "b.jsonl", "log.jsonl"),
            *("version.toml", "CHANGES.md", "pyproject.toml"),
        ],
    ),
    "check --write, named": (
        [
            *("check", "gold.jsonl", "--config", "other.toml", "--accepted", "accepted.jsonl"),
            *("--labels", "own.toml", "--write", "text={}"),
        ],
        ["gold.jsonl", "other.toml", "accepted.jsonl", "own.toml"],
    ),
    "check --write, directory": (["check", "brat", "--write", "json={}"], ["brat/a.txt", "brat/a.ann"]),
    "report --html": (
        ["report", "p.jsonl", "--gold", "gold.jsonl", "--labels", "own.toml", "--stress", "s.jsonl", "--html", "{}"],
        ["p.jsonl", "gold.jsonl", "own.toml", "s.jsonl"],
    ),
    "report --html, facts": (["report", "r.jsonl", "--gold", "gold.jsonl", "--html", "{}"], ["r.jsonl", "r.json"]),
    "export --output": (
        ["export", "--gold", "gold.jsonl", "--output-format", "conll", "--force", "--output", "{}"],
        ["gold.jsonl"],
    ),
    "export --output, built-in": (
        ["export", "--output-format", "conll", "--force", "--output", "{}"],
        [str(data_dir() / "gold.jsonl"), str(data_dir() / "manifest.json"), str(PACKAGE / "model/documents.py")],
    ),
    "export --output, project": (
        ["export", "--output-format", "conll", "--force", "--output", "{}"],
        ["gold.jsonl", "accepted.jsonl", "page.txt", "a.jsonl", "log.jsonl", "CHANGES.md", "pyproject.toml"],
    ),
    "run --output, project": (["run", "rules", "--output", "{}"], ["gold.jsonl", "b.jsonl"]),
    "check --write, other": (
        ["check", "a.jsonl", "--select", "F", "--write", "json={}"],
        ["gold.jsonl", "b.jsonl", "log.jsonl", "version.toml"],
    ),
    "export --output, directory": (
        ["export", "--gold", "texts/gold.txt", "--output-format", "brat", "--force", "--output", "texts"],
        ["texts/gold.txt"],
    ),
    "run --output": (
        ["run", "cmd:python own.jsonl", "--gold", "gold.jsonl", "--labels", "own.toml", "--output", "{}"],
        ["gold.jsonl", "own.jsonl"],
    ),
    "run --output, model": (["run", "spacy:model", "--gold", "gold.jsonl", "--output", "{}"], ["model/meta.jsonl"]),
    "stress --output": (["stress", "rules", "--labels", "own.toml", "--output", "{}"], ["own.toml"]),
    "stress --texts": (["stress", "rules", "--labels", "own.toml", "--texts", "{}"], ["own.toml"]),
    "accept --accepted": (
        ["accept", "add", "gold.jsonl", "--reason", "r", "--by", "b", "--labels", "own.toml", "--accepted", "{}"],
        ["gold.jsonl", "own.toml", "pyproject.toml"],
    ),
    "accept --accepted, prune": (["accept", "prune", "--accepted", "{}"], ["gold.jsonl", "pyproject.toml", "own.toml"]),
}
# What a directory gets can't be told before: pictures are looked at one by one, the cache has names of its own.
OUTPUTS = {
    **{name: {"--output"} for name in ANSWERS},
    "score": {"--output", "--units-to"},
    "check": {"--write", "--output"},
    "report": {"--html", "--png"},
    "export": {"--output"},
    "run": {"--output", "--cache"},
    "stress": {"--output", "--texts"},
    "accept": {"--accepted"},
}
# Arguments that name something to read.
INPUTS = {
    *("predictions", "--gold", "--labels", "--stress", "--config", "--accepted", "--check", "--path"),
    *("--label-set", "--fields", "--gold-labels", "--gold-fields"),
    *("paths", "old", "new", "passes", "folder", "systems", "segmenters"),
}
# What is no path at all, though it is free text.
WORDS = {
    *("--ignore-labels", "--spans-key", "--signature", "--slices", "--words", "--segmenter", "--device", "--base-url"),
    "--address",
    *("--gold-format", "--gold-ignore-labels", "--gold-spans-key", "--annotator", "--gold-annotator"),
    *(
        "--input-format",
        "--output-format",
        "--base",
        "--reason",
        "--by",
        "--document",
        "--surface",
        "--gold-version",
        "codes",
    ),
    *("--select", "--ignore", "--date", "--parameter", "--min-f1", "--min-f1-type", "--paraphrases"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one of everything."""
    monkeypatch.chdir(tmp_path)
    files = {
        "pyproject.toml": CONFIG,
        "other.toml": "durations = 'no'\n",
        "own.toml": LABELS,
        "gold.jsonl": REPEAT,
        "a.jsonl": REPEAT,
        "b.jsonl": REPEAT,
        "p.jsonl": '{"id":"a","entities":[]}\n',
        "r.jsonl": '{"id":"a","entities":[]}\n',
        "r.json": '{"system":"rules","labels":"tyez"}\n',
        "s.jsonl": '{"id":"a","entities":[]}\n',
        "own.jsonl": "import sys\nfor line in sys.stdin: print('[]')\n",
        "log.jsonl": "",
        "accepted.jsonl": json.dumps(ENTRY) + "\n",
        "page.txt": "太钢\n",
        "version.toml": 'version = "1.0"\n',
        "CHANGES.md": "## 1.0\n",
        "brat/a.txt": "太钢和太钢",
        "brat/a.ann": "T1\tORG 0 2\t太钢\n",
        "texts/gold.txt": REPEAT,
        "model/meta.jsonl": "{}\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    # An entry, since an empty log is refused.
    entry = {"id": "e", "document": "a", "start": 0, "end": 2, "text": "He", "origin": "erratum", "a": None, "b": None}
    entry |= {"decision": {"type": "ORG"}, "rule": "O1", "reason": "r"}
    (tmp_path / "log.jsonl").write_text(json.dumps(entry) + "\n", "utf-8")
    return tmp_path


def state(folder: Path) -> dict[str, str]:
    """Every file by its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def plain(target: str) -> str:
    return target


def another_spelling(target: str) -> str:
    return os.path.join("..", Path.cwd().name, ".", target)


def symbolic(target: str) -> str:
    os.symlink(os.path.abspath(target), "link.jsonl")
    return "link.jsonl"


def hard(target: str) -> str:
    os.link(target, "hard.jsonl")
    return "hard.jsonl"


CASES = [
    (way, target, spelt)
    for way, (argv, targets) in WAYS.items()
    for target in targets
    for spelt in (plain, another_spelling, symbolic, hard)
    # A directory that is written as a whole has no other names here; a second name of a file in a model's is outside.
    if spelt in (plain, another_spelling) or ("{}" in " ".join(argv) and "model" not in way)
    if spelt is not hard or not os.path.isabs(target)
]


@pytest.mark.parametrize(("way", "target", "spelt"), CASES)
def test_an_output_never_replaces_an_input(
    way: str, target: str, spelt: Callable[[str], str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv, _ = WAYS[way]
    named = spelt(target)
    before, own = state(here), Path(target).read_bytes()
    said = refused(capsys, *(word.replace("{}", named) for word in argv))
    assert state(here) == before
    assert Path(target).read_bytes() == own
    if not way.startswith("accept --accepted, prune") and target != "accepted.jsonl":
        reasons = ("is an input of this command", "is named in", "is not replaced", "is no record")
        assert any(reason in said for reason in reasons), said


def test_the_same_commands_write_elsewhere(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is the place that is refused above, and nothing else of the command."""
    for number, way in enumerate(("check --write", "check --write, named", "report --html, facts", "run --output")):
        argv, _ = WAYS[way]
        assert main([word.replace("{}", f"new{number}.jsonl") for word in argv]) in (0, 1), capsys.readouterr().err
        assert (here / f"new{number}.jsonl").is_file()
        # A file of the last time is no input.
        assert main([word.replace("{}", f"new{number}.jsonl") for word in argv]) in (0, 1)
    capsys.readouterr()


@pytest.mark.parametrize("second", ["o.json", "./o.json", "O.JSON", "link"])
@pytest.mark.parametrize("there", [True, False])
def test_two_outputs_are_two_files(second: str, there: bool, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if there:
        (here / "o.json").write_text("old", "utf-8")
    os.symlink("o.json", "link")
    argv = ["check", "gold.jsonl", "--write", "json=o.json", "--write", f"text={second}"]
    if there and second == "O.JSON":
        assert main(argv) == 1
        assert (here / "O.JSON").read_text("utf-8") != (here / "o.json").read_text("utf-8")
        return
    assert "is already written by this command" in refused(capsys, *argv)
    assert (here / "o.json").exists() == there
    assert not there or (here / "o.json").read_text("utf-8") == "old"


def test_facts_do_not_replace_the_predictions_that_they_are_of(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected a directory, or a file that ends in .jsonl" in refused(
        capsys, "stress", "rules", "--output", "x.json"
    )
    assert not (here / "x.json").exists()


def test_what_comes_by_the_standard_streams_is_an_input_and_an_output(here: Path) -> None:
    def run(argv: list[str], stdin: str, stdout: str) -> "subprocess.CompletedProcess[str]":
        with open(stdin, encoding="utf-8") as given, open(stdout, "a", encoding="utf-8") as out:
            command = [sys.executable, "-m", "tyez_bench", *argv]
            return subprocess.run(command, stdin=given, stdout=out, stderr=subprocess.PIPE, text=True, check=False)

    before = state(here)
    done = run(["report", "-", "--gold", "gold.jsonl", "--html", "p.jsonl"], "p.jsonl", os.devnull)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "p.jsonl: is an input of this command (<stdin>)" in done.stderr
    assert state(here) == before
    done = run(["check", "gold.jsonl", "--write", "json=out"], "p.jsonl", "out")
    assert done.returncode == 2
    assert "out: is already written by this command" in done.stderr


def test_nothing_is_written_where_one_of_several_is_refused(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(here)
    argv = ["check", "gold.jsonl", "--write", "json=new.json", "--write", "text=gold.jsonl"]
    assert "gold.jsonl: is named in " in refused(capsys, *argv)
    assert "can't be written" in refused(capsys, *argv[:4], "--write", "text=none/x")
    assert state(here) == before


def test_a_library_may_read_change_and_write(here: Path) -> None:
    """What is noted is noted for a command, and no longer."""
    from tyez_bench.files.jsonl import read_bytes

    data = read_bytes("gold.jsonl")
    write_atomic("gold.jsonl", data)
    with watched():
        read_bytes("gold.jsonl")
        with pytest.raises(tyez_bench.UsageError, match="is an input of this command"):
            write_all([("new.jsonl", b"x"), ("gold.jsonl", b"x")])
        assert not (here / "new.jsonl").exists()
    write_atomic("gold.jsonl", data)


def parser_of(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=name)
    functions(name).add_arguments(parser)
    return parser


@pytest.mark.parametrize("name", COMMANDS)
def test_every_argument_is_known_as_an_input_or_an_output(name: str) -> None:
    """An option that is new has to be put into one of the tables above; one that writes, with its ways to write."""
    outputs = set()
    for action in parser_of(name)._actions:
        called = action.option_strings[0] if action.option_strings else action.dest
        if is_output(action):
            outputs.add(called)
        elif action.nargs != 0 and action.choices is None and action.type in (None, Path):
            assert called in INPUTS | WORDS, f"{name} {called}: is it read or written?"
        elif action.nargs != 0 and action.choices is None:
            # Numbers and such: what is made of a word is no path.
            assert called in WORDS or action.metavar not in ("FILE", "DIR", "PATH", "FORM=FILE"), f"{name} {called}"
    assert outputs == OUTPUTS.get(name, set())
    for option in outputs - {"--png", "--cache"}:
        assert any(way.startswith(f"{name} {option}") for way in WAYS), f"{name} {option} has no way to write above"


def test_every_module_writes_by_the_same_means_and_reads_by_those_that_note_it() -> None:
    """write_atomic, write_all and write_directory look at the inputs; what reads by itself notes what it reads."""
    writes = {
        "files/jsonl.py",  # the means themselves
        "files/git.py",  # into a temporary folder
        "dataset/tables.py",  # into the folder that it is given, of scripts/regenerate.py
    }
    reads = {
        *("files/inputs.py", "gold/manifest.py", "systems/models.py"),  # with note_read
        *("systems/runner.py", "systems/llm/model.py", "cli/run_files.py"),  # what runs write themselves
        "systems/adapters/ltp.py",  # a model's folder, which its name stands for
        "checks/parallel.py",  # pipes of its own processes
        "dataset/validate.py",  # of scripts/regenerate.py and scripts/publish.py
    }
    found: dict[str, set[str]] = {"read": set(), "write": set()}
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            if called in ("write_text", "write_bytes", "replace_file", "mkstemp", "fdopen"):
                found["write"].add(name)
            if called == "open" and isinstance(function, ast.Name):
                found["read"].add(name)
            if called in ("read_bytes", "read_text") and isinstance(function, ast.Attribute):
                # What comes with the package is not what the user gave.
                own = ast.unparse(function.value)
                if not any(word in own for word in ("files(", "_FOLDER", "__file__")):
                    found["read"].add(name)
    assert found["write"] <= writes
    assert found["read"] - reads <= {"io/label_maps.py"}, "note_read, or read_bytes of jsonl"


def test_pictures_do_not_replace_inputs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    assert main(["report", "p.jsonl", "--gold", "gold.jsonl", "--png", "drawn"]) == 0
    capsys.readouterr()
    first = sorted((here / "drawn").iterdir())[0]
    shutil.copy("p.jsonl", first)
    before = state(here)
    argv = ["report", str(first), "--input-format", "native", "--gold", "gold.jsonl", "--png", "drawn"]
    assert "is an input of this command" in refused(capsys, *argv)
    assert state(here) == before


@pytest.mark.parametrize("option", [f"{name} {option}" for name in OUTPUTS for option in sorted(OUTPUTS[name])])
def test_no_file_is_named_after_the_standard_output(
    option: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--output -`` means the standard output; where nothing is written there, it is no name of a file either."""
    name, given = option.split()
    action = next(action for action in parser_of(name)._actions if given in action.option_strings)
    assert action.type is not None
    assert callable(action.type)
    word = "json=-" if given == "--write" else "-"
    if name == "export" or action.dest == "answer_file":
        argv = [word for word in WAYS[option][0] if word not in ("--output", "{}")]
        assert main([*argv, "--output", "-"]) in (0, 1)
        answer = capsys.readouterr().out
        assert answer
        assert main([*argv, "--output", "new"]) in (0, 1)
        assert (capsys.readouterr().out, Path("new").read_text("utf-8")) == ("", answer)
    else:
        with pytest.raises(argparse.ArgumentTypeError, match="can't be written to the standard output"):
            action.type(word)
    assert not (here / "-").exists()
