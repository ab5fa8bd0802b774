"""Programs and functions as systems, run for real."""

import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.systems import load_system, request
from tyez_bench.systems.system import Passage, RunOptions

GIVEN = [Passage("a.s1", "a", "去太原。"), Passage("a.s2", "a", "𠮷太原市"), Passage("b", "b", "无")]
HEAD = "import json, sys\n"
FIND = HEAD + (
    "for line in sys.stdin.buffer.read().decode('utf-8').splitlines():\n"
    "    at = line.find('太原')\n"
    "    print(json.dumps([] if at < 0 else [{'start': at, 'end': at + 2, 'label': 'PLACE'}]))\n"
)


def program(tmp_path: Path, source: str) -> str:
    """The name of a system that is this Python program."""
    path = tmp_path / "a program.py"
    path.write_text(source, "utf-8")
    return f"cmd:{shlex.join([sys.executable, str(path)])}"


def records(name: str, given: list[Passage] = GIVEN) -> list[dict[str, object]]:
    """What a system answers."""
    return [dict(r) for r in load_system(request(name), tyez_bench.load(), RunOptions()).predict(given)]


def test_a_program_gets_a_line_a_text_and_counts_code_points(tmp_path: Path) -> None:
    assert records(program(tmp_path, FIND)) == [
        {"id": "a.s1", "entities": [{"start": 1, "end": 3, "type": "PLACE"}]},
        {"id": "a.s2", "entities": [{"start": 1, "end": 3, "type": "PLACE"}]},
        {"id": "b", "entities": []},
    ]


def test_a_program_may_answer_line_by_line_in_other_forms(tmp_path: Path) -> None:
    source = HEAD + (
        "for line in sys.stdin:\n    print(json.dumps({'entities': [[0, 1, 'ORG']], 'x': 1}), flush=True)\n"
    )
    assert [r["entities"] for r in records(program(tmp_path, source))] == [[{"start": 0, "end": 1, "type": "ORG"}]] * 3


def test_a_program_that_says_much_on_standard_error_is_not_stopped_by_it(tmp_path: Path) -> None:
    source = HEAD + "sys.stderr.write('x' * 1_000_000)\nfor line in sys.stdin:\n    print('[]')\n"
    assert len(records(program(tmp_path, source))) == 3


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("print('[]')\n", "ended after 1 of 3 answers, expected one per line"),
        ("sys.stdin.read()\nprint('[]\\n' * 4)\n", "answered with more lines than the 3"),
        ("sys.stdin.read()\nraise SystemExit('no model\\nat all')\n", "ended with exit code 1 after 0 of 3 answers"),
        ("sys.stdin.read()\nraise SystemExit('no model\\nat all')\n", "expected one per line: at all"),
        ("print('x')\n", "answer 1 of the command, for 'a.s1', is not JSON"),
        ("print('{}')\n", "for 'a.s1': expected a list of spans, or entities"),
        ("print('[[1, 1, \"ORG\"]]')\n", "'a.s1': (1, 1, 'ORG') is not a span".replace("(", "[").replace(")", "]")),
        ('print(\'[{"start": 0.5, "end": 1, "label": "ORG"}]\')\n', "is not a span"),
    ],
)
def test_programs_that_answer_wrongly(tmp_path: Path, source: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        records(program(tmp_path, HEAD + source))
    assert said in str(caught.value)


def test_what_is_no_program() -> None:
    with pytest.raises(UsageError, match="no-such-program: can't be started: No such file"):
        records("cmd:no-such-program -x")
    with pytest.raises(UsageError, match="is not a command line: No closing quotation"):
        records("cmd:'a")


def test_a_text_of_several_lines_is_no_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'a' has a line break"):
        records(program(tmp_path, FIND), [Passage("a", "a", "一\n二")])


def test_a_program_is_run_scored_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "own.jsonl"
    assert main(["run", program(tmp_path, FIND), "--output", str(out), "--score"]) == 0
    shown = capsys.readouterr()
    assert "strict" in shown.out
    assert "91 sentences in" in shown.err
    assert main(["score", str(out), "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert scored["system"] == "own"
    sentences = [document.text[s.start : s.end] for document in tyez_bench.load() for s in document.sentences]
    assert scored["scores"]["PLACE"]["predicted"] == sum("太原" in sentence for sentence in sentences)
    facts = json.loads((tmp_path / "own.json").read_text("utf-8"))
    assert facts["settings"]["command"] == [sys.executable, str(tmp_path / "a program.py")]
    assert facts["run"]["passages"] == 91
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a program.py", "own.json", "own.jsonl"]


def test_a_program_that_fails_in_the_middle_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same command; what it is about is the world around it, that was mended."""
    (tmp_path / "broken").write_text("", "utf-8")
    source = HEAD + (
        "import pathlib\n"
        "broken = pathlib.Path(__file__).with_name('broken').exists()\n"
        "for number, line in enumerate(sys.stdin):\n"
        "    if broken and number == 40:\n"
        "        raise SystemExit('out of memory')\n"
        "    print('[]', flush=True)\n"
    )
    command = ["run", program(tmp_path, source), "--output", str(tmp_path / "p.jsonl"), "--labels", "tyez"]
    assert main(command) == 2
    assert "out of memory; 39 of 91 are kept in" in capsys.readouterr().err
    assert not (tmp_path / "p.jsonl").exists()
    (tmp_path / "broken").unlink()
    assert main(command) == 0
    assert len((tmp_path / "p.jsonl").read_text("utf-8").splitlines()) == 91


def test_a_function_of_a_module_in_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "class Model:\n    @staticmethod\n    def tag(text):\n        return [(0, 1, 'ORG')]\n\n\nnumber = 1\n"
    (tmp_path / "my_model_of_a_test.py").write_text(source, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert records("py:my_model_of_a_test:Model.tag")[0]["entities"] == [{"start": 0, "end": 1, "type": "ORG"}]
    for name, said in (
        ("py:my_model_of_a_test:number", "is int, expected a function"),
        ("py:my_model_of_a_test:none", "can't be imported: AttributeError"),
        ("py:no_such_module_of_a_test:x", "can't be imported: ModuleNotFoundError"),
        ("py:my_model_of_a_test", "expected py:MODULE:FUNCTION"),
    ):
        with pytest.raises(UsageError, match=said):
            records(name)


@pytest.mark.parametrize("end", ["raise SystemExit(3)", "print('[]')"], ids=["fails at its end", "a line too many"])
def test_a_program_that_fails_at_its_end_fails_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], end: str
) -> None:
    source = HEAD + f"for line in sys.stdin:\n    print('[]', flush=True)\n{end}\n"
    command = ["run", program(tmp_path, source), "--output", str(tmp_path / "p.jsonl"), "--labels", "tyez"]
    for _ in range(3):
        assert main(command) == 2
        assert "90 of 91 are kept in" in capsys.readouterr().err
    assert not (tmp_path / "p.jsonl").exists()


def test_a_program_that_was_changed_does_not_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = HEAD + "for number, line in enumerate(sys.stdin):\n    print('[]' if number < 9 else 'x', flush=True)\n"
    name = program(tmp_path, source)
    command = ["run", name, "--output", str(tmp_path / "p.jsonl"), "--labels", "tyez"]
    assert main(command) == 2
    program(tmp_path, source.replace("9", "99"))
    assert main(command) == 2
    assert "is of a run with another settings" in capsys.readouterr().err
    assert main([*command, "--fresh"]) == 0


def test_two_programs_of_the_same_name_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrapper and the program that it starts may both be called main.py."""
    paths = [tmp_path / folder / "main.py" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.write_text("", "utf-8")
    name = f"cmd:{shlex.join([sys.executable, *map(str, paths)])}"

    def settings() -> object:
        return load_system(request(name), tyez_bench.load(), RunOptions()).settings

    before = settings()
    paths[0].write_text("pass\n", "utf-8")
    assert settings() != before


def test_a_program_s_file_that_can_t_be_read_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = program(tmp_path, FIND)

    def refuse(*_: object) -> object:
        raise PermissionError(13, "Permission denied")

    # Whoever runs the tests may be allowed to read everything.
    monkeypatch.setattr(hashlib, "file_digest", refuse)
    assert main(["run", name, "--score"]) == 2
    assert "can't be read: Permission denied" in capsys.readouterr().err


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_run_that_is_ended_ends_its_program_and_says_what_is_kept(tmp_path: Path, sent: int) -> None:
    source = HEAD + (
        "import os, pathlib, time\n"
        "for number, line in enumerate(sys.stdin):\n"
        "    if number == 5:\n"
        "        pathlib.Path(__file__).with_name('pid').write_text(str(os.getpid()))\n"
        "        time.sleep(60)\n"
        "    print('[]', flush=True)\n"
    )
    out = tmp_path / "p.jsonl"
    command = [sys.executable, "-m", "tyez_bench", "run", program(tmp_path, source), "--output", str(out)]
    # Started in the background of a shell, the tests ignore SIGINT, and so would what they start.
    run = subprocess.Popen(
        [*command, "--labels", "tyez"],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text() != "")
    until(lambda: (tmp_path / "p.jsonl.part").read_bytes().count(b"\n") == 5)
    run.send_signal(sent)
    try:
        _, error = run.communicate(timeout=30)
    finally:
        run.kill()
        run.wait()
    assert run.returncode == 130
    assert error == f"tyez-bench: interrupted; 4 of 91 are kept in {out}.part\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def until(true: Callable[[], bool]) -> None:
    """Wait for what another process does, at most half a minute."""
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


MODELS = """
import sys

print("a word at the beginning")

def generator(text):
    yield (0, 1, "PLACE")
    raise ValueError("half way")

def leaves(text):
    sys.exit(0)

def half(text):
    return [{"start": 0, "end": 1, "label": "PLACE", "text": "\\ud800"}]

def item(text):
    return [{"entity_group": "\\ud800", "start": 0, "end": 1, "word": "x"}]

class Doc:
    def __init__(self, label):
        self.ents = [self]
        self.start_char, self.end_char, self.label_, self.text = 0, 1, label, "x"

def document(text):
    return Doc("\\ud800")

def overlapping(text):
    print("a word")
    return [(0, 2, "PLACE"), (1, 3, "ORG")] if len(text) > 3 else []

def foreign(text):
    return [(0, 1, "PLACE"), (1, 2, "ANIMAL")] if len(text) > 3 else []
"""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a module of functions that go wrong, to stand in."""
    (tmp_path / "models_of_a_test.py").write_text(MODELS, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "models_of_a_test", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("generator", "failed: ValueError: half way"),
        ("leaves", "failed: SystemExit: 0"),
        ("half", "has half of a surrogate pair"),
        ("item", "has half of a surrogate pair"),
        ("document", "has half of a surrogate pair"),
    ],
)
def test_functions_that_go_wrong_say_so_in_one_line(
    models: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    assert main(["run", f"py:models_of_a_test:{name}", "--score"]) == 2
    error = capsys.readouterr().err.removeprefix("a word at the beginning\n")
    assert said in error
    assert error.count("\n") == 1


def test_overlapping_spans_are_kept_and_scored_by_a_rule(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", "py:models_of_a_test:overlapping", "--output", "p.jsonl", "--score"]
    assert main(command) == 2
    shown = capsys.readouterr()
    assert "--overlaps keep-longest" in shown.err
    assert "the predictions are kept in p.jsonl.part; --fresh starts over" in shown.err
    assert "a word" not in shown.out
    assert main([*command, "--overlaps", "keep-longest"]) == 0
    shown = capsys.readouterr()
    assert "a word" not in shown.out
    assert "8 of 8 are kept, resuming" in shown.err


def test_a_function_that_was_changed_does_not_go_on(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is changed, and the command repeated, as in a shell: in a process of its own each time."""
    source = "def find(text):\n    return [(0, 1, 'PLACE')] if '杏花岭' not in text else 1 / 0\n"
    command = [sys.executable, "-m", "tyez_bench", "run", "py:changed:find", "--by", "sentence", "--output", "p.jsonl"]

    def done() -> tuple[int, str]:
        run = subprocess.run(command, capture_output=True, text=True)
        return run.returncode, run.stderr

    (models / "changed.py").write_text(source, "utf-8")
    assert "failed: ZeroDivisionError" in done()[1]
    # The same function goes on, and fails again.
    code, error = done()
    assert code == 2
    assert "are kept, resuming" in error
    (models / "changed.py").write_text(source.replace("1 / 0", "[]"), "utf-8")
    code, error = done()
    assert code == 2
    assert "is of a run with another settings" in error
    command.append("--fresh")
    assert done()[0] == 0


def test_labels_out_of_scope_can_be_named(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["run", "py:models_of_a_test:foreign", "--output", "p.jsonl"]
    assert main(command) == 2
    assert main([*command, "--ignore-labels", "ANIMAL"]) == 0


def test_a_model_and_another_system_go_together(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The label map that is named is for the part whose own is not known; the model may come first."""
    (models / "places.py").write_text("def find(text):\n    return [(0, 1, 'LOC')]\n", "utf-8")
    assert main(["run", "py:places:find+rules", "--labels", "msra", "--output", "p.jsonl"]) == 0
    found = [json.loads(line) for line in Path("p.jsonl").read_text("utf-8").splitlines()]
    assert {entity["type"] for record in found for entity in record["entities"]} == {"PLACE", "MONEY", "DATE"}
    assert main(["run", "rules+perceptron", "--by", "sentence", "--output", "q.jsonl"]) == 0
    assert len(Path("q.jsonl").read_text("utf-8").splitlines()) == 91
