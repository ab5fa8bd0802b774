"""The words of the command line: the same in every command, the old ones, quiet, and the help."""

import argparse
import re
import shlex
import shutil
from pathlib import Path

import pytest

from checks_run import REPEAT
from tyez_bench.cli import COMMANDS, main, parsers
from tyez_bench.cli.commands import EXAMPLES, GROUPS, OLD
from tyez_bench.cli.parser import renewed
from tyez_bench.gold.gold import data_dir

PREDICTED = '{"id":"a","entities":[{"start":0,"end":2,"type":"ORG"}]}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a gold set, an older one, two passes, and predictions."""
    monkeypatch.chdir(tmp_path)
    for name in ("gold", "old", "A"):
        (tmp_path / f"{name}.jsonl").write_text(REPEAT, "utf-8")
    (tmp_path / "B.jsonl").write_text(REPEAT.replace("ORG", "PLACE"), "utf-8")
    for name, system in (("mine", "jionlp"), ("theirs", "jieba")):
        shutil.copy(data_dir() / "predictions" / f"{system}.jsonl", tmp_path / f"{name}.jsonl")
    (tmp_path / "p.jsonl").write_text(PREDICTED, "utf-8")
    return tmp_path


def options(command: str) -> dict[str, argparse.Action]:
    """The options of a command, by what is written."""
    return parsers(command)[1][command]._option_string_actions


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    """The exit code of a command, and what it prints on both streams."""
    try:
        code = main(argv)
    except SystemExit as end:
        code = int(str(end.code))
    return code, *capsys.readouterr()


# --- the same words


@pytest.mark.parametrize("command", COMMANDS)
def test_a_word_means_the_same_in_every_command(command: str) -> None:
    found = options(command)
    pairs = (("--output-format", "-f"), ("--output", "-o"), ("--quiet", "-q"))
    assert [pair for pair in pairs if found.get(pair[0]) is not found.get(pair[1])] == []
    assert "--quiet" in found
    # The form is never where a file is meant, nor the other way round.
    assert not found.keys() & {"--format", "--out", "--track", "--fail-under", "--fail-under-type", "--version"}
    assert "--output" not in found or found["--output"].metavar in ("FILE", "PATH")
    assert ("--min-f1" in found) == (command in ("score", "agree"))
    forms = found["--output-format"].choices or () if "--output-format" in found else ()
    assert ("--json" in found) == ("json" in forms)


@pytest.mark.parametrize(("command", "old"), [(command, old) for command, names in OLD.items() for old in names])
def test_an_old_name_is_in_no_help_and_leads_to_a_new_one(command: str, old: str) -> None:
    new = OLD[command][old]
    assert new.now in options(command)
    assert new.values or old not in options(command)
    if new.values:
        assert set(options(command)[new.now].choices or ()) <= {*new.values}
    value = next(iter(new.values), "x")
    for words in ([old, value], [f"{old}={value}"]):
        found, notes = renewed(command, [command, *words])
        assert found == [command, *(word.replace(old, new.now, 1) for word in words)]
        assert len(notes) == 1
        assert notes[0].startswith(
            f"{old} {value} is now {new.now} {value}" if new.values else f"{old} is now {new.now}"
        )
    assert not re.search(rf"{old}(?![\w-])", parsers(command)[1][command].format_help()) or new.values


@pytest.mark.parametrize(
    ("old", "new", "notes"),
    [
        ("score mine.jsonl --fail-under 0.9", "score mine.jsonl --min-f1 0.9", ["--fail-under is now --min-f1"]),
        (
            "score mine.jsonl --fail-under-type DATE=1 --fail-under-type=MONEY=1 --format native",
            "score mine.jsonl --min-f1-type DATE=1 --min-f1-type MONEY=1 --input-format native",
            ["--fail-under-type is now --min-f1-type", "--format is now --input-format"],
        ),
        (
            "check gold.jsonl --format concise",
            "check gold.jsonl --output-format concise",
            ["--format is now --output-format"],
        ),
        (
            "info --gold gold.jsonl --output=latex",
            "info --gold gold.jsonl -f latex",
            ["--output latex is now --output-format latex; a file of that name is ./latex"],
        ),
        (
            "diff gold.jsonl --output json B.jsonl",
            "diff gold.jsonl B.jsonl --json",
            ["--output json is now --output-format json; a file of that name is ./json"],
        ),
        ("explain X602 --format markdown", "explain X602 -fmarkdown", ["--format is now --output-format"]),
    ],
)
def test_old_names_do_what_they_did_and_say_so_once(
    old: str, new: str, notes: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, *new.split())
    assert told(capsys, *old.split()) == (code, out, "".join(f"tyez-bench: {note}\n" for note in notes) + err)
    # Quiet says nothing of it, but why the answer is no.
    _, quiet_out, quiet_err = told(capsys, *old.split(), "--quiet")
    assert quiet_out == out
    assert "is now" not in quiet_err
    assert ("under" in quiet_err) == ("under" in err)
    assert not (here / "latex").exists()
    assert not (here / "json").exists()


def test_what_was_a_form_is_a_file_by_its_path(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer, _ = told(capsys, "info", "--gold", "gold.jsonl")
    assert told(capsys, "info", "--gold", "gold.jsonl", "--output", "./json") == (0, "", "")
    assert (here / "json").read_text("utf-8") == answer
    # The old meaning stands where there is such a file, too: it is not lost.
    assert told(capsys, "info", "--gold", "gold.jsonl", "--output", "json")[1].startswith("{")
    assert (here / "json").read_text("utf-8") == answer
    assert told(capsys, "info", "--gold", "gold.jsonl", "--output", "csv")[0] == 2
    assert not (here / "csv").exists()


def test_predictions_and_forms_of_the_stress_suite(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There --out was a file when --output was the form."""
    code, out, err = told(capsys, "stress", "rules", "--out", "made.jsonl", "--output", "json")
    assert (code, out[:1]) == (0, "{")
    assert err.splitlines()[0] == "tyez-bench: --out is now --output"
    assert (here / "made.jsonl").stat().st_size > 1000


def test_behind_two_dashes_nothing_is_an_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert renewed("score", ["score", "--", "--format", "x"]) == (["score", "--", "--format", "x"], [])
    assert "--format: no such file" in told(capsys, "score", "--", "--format")[2]


# --- a file for the answer, and quiet


def test_a_file_gets_the_answer_or_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, answer, _ = told(capsys, "score", "mine.jsonl", "-f", "csv")
    code, out, err = told(capsys, "score", "mine.jsonl", "-f", "csv", "-o", "answer", "--min-f1", "1")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert (here / "answer").read_bytes() == answer.encode()
    assert told(capsys, "score", "mine.jsonl", "-o", "answer", "--labels", "none")[0] == 2
    assert (here / "answer").read_bytes() == answer.encode()
    for argv in (["mine.jsonl", "-o", "mine.jsonl"], ["mine.jsonl", "-o", "none/x"], ["mine.jsonl", "-o", "."]):
        assert told(capsys, "score", *argv)[:2] == (2, "")
    assert told(capsys, "check", "gold.jsonl", "--write", "json=twice", "-o", "twice")[0] == 2
    assert not (here / "twice").exists()


def test_quiet_keeps_errors_and_reasons(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (["-q", "export"], ["export", "-q"], ["--quiet", "export"]):
        code, out, err = told(capsys, *place, "-f", "conll")
        assert (code, err) == (0, "")
        assert out == told(capsys, "export", "-f", "conll")[1]
    assert "entities written" in told(capsys, "export", "-f", "conll")[2]
    assert told(capsys, "-q", "score", "mine.jsonl", "--min-f1", "1")[2].endswith("is below 1.0\n")
    assert told(capsys, "-q", "score", "none.jsonl")[2] == "tyez-bench: none.jsonl: no such file\n"
    assert told(capsys, "-q", "run", "rules", "-o", "r.jsonl")[1:] == ("", "")
    assert told(capsys, "run", "rules", "-o", "r.jsonl")[2].startswith("rules: ")


# --- help and errors


def test_the_help_has_every_command_in_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--help")
    assert code == 0
    assert list(GROUPS) == ["Score", "Run", "Gold", "Check"]
    for title, group in GROUPS.items():
        (section,) = re.findall(rf"^{title}:\n((?:  .*\n)+)", out, re.MULTILINE)
        assert re.findall(r"^  (\w+) ", section, re.MULTILINE) == list(group)
    assert sum(map(len, GROUPS.values())) == len(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example_that_runs(
    command: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = told(capsys, command, "--help")
    assert code == 0
    example = out.splitlines()[-1].strip()
    assert example == EXAMPLES[command]
    program, *words = shlex.split(example)
    assert (program, words[0]) == ("tyez-bench", command)
    code, out, err = told(capsys, *words)
    assert code in (0, 1), err
    assert out or "-o" in words or "--html" in words or command == "fix"
    assert "is now" not in err


def test_defaults_are_in_the_help_once(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        text = " ".join(told(capsys, command, "--help")[1].split())
        assert not re.search(r"\(default: [^)]*\) \(default", text), command
    run = " ".join(told(capsys, "run", "--help")[1].split())
    for shown in ("texts per batch (default: 8)", "of the prompt (default: zh)", "request (default: 5)"):
        assert shown in run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("score p --output-formats x", "score: unrecognized arguments: --output-formats x; did you mean"),
        ("score p --fail-unde 1", "score: unrecognized arguments: --fail-unde 1; did you mean --min-f1"),
        ("info --qiet", "info: unrecognized arguments: --qiet; did you mean --quiet? (see tyez-bench info --help)"),
        ("check --such", "check: unrecognized arguments: --such (see tyez-bench check --help)"),
        ("verify one two", "verify: unrecognized arguments: two (see tyez-bench verify --help)"),
        ("score p --min-f1 2", "(see tyez-bench score --help)"),
        ("scroe p", "(choose from 'score', 'report', "),
        ("scroe p", "; did you mean score? (see tyez-bench --help)"),
        ("nothing p", "'suggest') (see tyez-bench --help)"),
        ("score p --layer outer-most", "; did you mean outermost? (see tyez-bench score --help)"),
        ("score p --layer 'x'", "'nested', 'all') (see tyez-bench score --help)"),
        ("score -f mardkown p", "; did you mean markdown? (see tyez-bench score --help)"),
        ("--such", "tyez-bench: unrecognized arguments: --such (see tyez-bench --help)"),
    ],
)
def test_a_wrong_option_leads_to_the_help_of_its_command(
    words: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, *words.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
