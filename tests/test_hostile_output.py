"""Every command in every form, over words that try to be more than text; read by other people's parsers.

A word may be shown with escapes, and is shown: what an output drops or changes in silence is found, too.
"""

import argparse
import csv
import datetime
import io
import json
import re
import shlex
import unicodedata
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from hostile_words import FORMULA, NAME, PLAIN, WORDS, gold, predictions
from readers import READERS, check_errors, check_lines, elements
from tyez_bench.cli import COMMANDS, main
from tyez_bench.cli.commands import functions
from tyez_bench.gold.gold import load
from tyez_bench.leaderboard.standings import standings
from tyez_bench.leaderboard.submission import read_entry
from tyez_bench.model.errors import one_line
from tyez_bench.report.table import comma_separated
from tyez_bench.report.tables.leaderboard import commands
from tyez_bench.stress.suite import suite

ROOT = Path(__file__).parent.parent

ALL = (*WORDS, *PLAIN)
# Commands with the forms of their output, none for one form alone; the files that they take are made below. ``IDS``
# says that every word is shown in a cell or a line of its own.
IDS = "ids"
CASES = [
    ("score", "one other --gold gold --errors 200 --slices document", ("text", "json", "markdown", "latex"), IDS),
    ("score", "one formula --gold gold", ("csv",), ""),
    ("compare", "one other --gold gold --draws 20", ("text", "json", "markdown", "latex"), ""),
    ("power", "one other --gold gold --draws 20", ("text", "json", "markdown", "latex"), ""),
    ("info", "--gold gold --names 200", ("text", "json", "markdown", "latex"), IDS),
    ("ceiling", "char --gold gold", ("text", "json", "markdown", "latex"), ""),
    ("agree", "gold places --disagreements", ("text", "json", "markdown"), ""),
    ("diff", "gold places", ("text", "json", "markdown"), ""),
    (
        "check",
        "gold --statistics --show-accepted --config none",
        ("text", "concise", "json", "jsonl", "github", "sarif", "junit", "markdown"),
        "",
    ),
    ("suggest", "gold --config none", ("text", "concise", "json", "jsonl", "markdown"), ""),
    ("explain", "--all", ("text", "json", "markdown"), ""),
    ("stress", "stress --failures 1", ("text", "json", "markdown", "latex"), ""),
]
FORMS = [
    pytest.param(command, words, form, shows, id=f"{command}-{form}")
    for command, words, forms, shows in CASES
    for form in forms
]
# Commands that have one form, with a test of their own below.
ALONE = ("accept", "fix", "report", "run", "submit", "systems", "verify")
# What is written for another program exactly as it is; tests/views and tests/formats read it back.
AS_IT_IS = ("export",)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """By the words of ``CASES``: a gold set, another one, predictions for it and for the suite, a configuration."""
    folder = tmp_path_factory.mktemp("hostile")
    none = folder / "none.toml"
    none.write_text("[tool.tyez-bench.check]\n", "utf-8")
    stress = folder / "stress"
    stress.mkdir()
    return {
        "gold": gold(folder, f"{NAME}gold", ALL),
        "places": gold(folder, f"{NAME}places", ALL, type_="PLACE"),
        "one": predictions(folder, NAME, ALL),
        "other": predictions(folder, f"{NAME}other", ALL),
        "formula": predictions(folder, FORMULA, ALL),
        "stress": predictions(stress, f"{NAME}stress", (next(iter(suite().gold)).id,)),
        "none": none,
    }


def run(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What a command prints; it answers, and what it says beside that is short."""
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    check_errors(err)
    assert code in (0, 1), err
    return out


@pytest.mark.parametrize(("command", "words", "form", "shows"), FORMS)
def test_words_are_words(
    command: str, words: str, form: str, shows: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(capsys, command, *(files.get(word, word) for word in words.split()), "--output-format", form)
    found = READERS[form](out)
    assert found
    if shows and form != "json":
        known = set(map(str.strip, found))
        assert [word for word in ALL if one_line(word).strip() not in known] == []


@pytest.mark.parametrize("command", [case[0] for case in CASES if "text" in case[2]])
def test_words_are_words_on_a_terminal(
    command: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where headers are bold: nothing in a word is taken for markup or an emoji."""
    monkeypatch.setattr("tyez_bench.report.table._on_a_terminal", lambda: True)
    (words,) = (words for name, words, forms, _ in CASES if name == command and "text" in forms)
    out = re.sub(r"\x1b\[[0-9;]*m", "", run(capsys, command, *(files.get(word, word) for word in words.split())))
    READERS["text"](out)
    for word in ("[red]a[/red]", "[/]", ":smile:"):
        assert command not in ("score", "info") or any(f" {word} " in f"{line} " for line in out.split("\n"))


def options(command: str) -> dict[str, argparse.Action]:
    """The options of a command, by what is written."""
    parser = argparse.ArgumentParser()
    functions(command).add_arguments(parser)
    return {name: action for action in parser._actions for name in action.option_strings}


@pytest.mark.parametrize("command", COMMANDS)
def test_no_form_is_forgotten(command: str) -> None:
    """A new command, or a new form of one, needs a line above."""
    given = options(command)
    action = given.get("--output-format")
    forms = set() if action is None or command in AS_IT_IS else set(action.choices or ())
    tested = {form for name, _, forms, _ in CASES if name == command for form in forms}
    if command in ALONE or command in AS_IT_IS:
        assert not tested
    else:
        assert tested == forms
        assert forms


def word_of(word: str) -> str:
    """A word as it is shown behind others."""
    return one_line(f"x {word}")[1:]


def test_accepting_names_what_is_accepted(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = ("--reason", NAME, "--by", NAME, "--accepted", tmp_path / "accepted.jsonl", "--config", files["none"])
    out = run(capsys, "accept", "add", files["gold"], *by)
    lines = READERS["text"](out)
    assert [word for word in ALL if word == word.strip() and not any(word_of(word) in line for line in lines)] == []
    # Kept as it was said.
    assert json.loads((tmp_path / "accepted.jsonl").read_text("utf-8").split("\n")[0])["reason"] == NAME


def test_cases_of_templates_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "src" / "tyez_bench" / "stress" / "capabilities" / "areas.toml").read_text("utf-8")
    path = tmp_path / f"{NAME}.toml"
    for word in WORDS[::8]:
        if not re.search(r"[⟦⟧{}|\s]", word) and word.strip() == word:
            hostile = text.replace("浙江省⟧", f"{json.dumps(word)[1:-1]}⟧")
            path.write_text(hostile.replace("\\ud", "\\uD"), "utf-8")
            code = main(["stress", "--check", str(path), "--show", "400"])
            out, err = capsys.readouterr()
            check_errors(err)
            READERS["text"](out)
            assert code == 2 or one_line(word)[:3] in out, (word, err)


def test_a_run_over_a_gold_set_of_ones_own(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert READERS["text"](run(capsys, "run", "rules", "--gold", files["gold"], "--score"))


def test_lists_and_records_of_the_project_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("systems", "verify"):
        assert READERS["text"](run(capsys, command))


def test_a_description_to_fill_in(files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The name of a file ends no comment, and is a word of the command."""
    name = files["one"].name
    facts = {"system": NAME, "packages": {NAME: NAME}, "labels": NAME}
    files["one"].with_suffix(".json").write_text(json.dumps(facts), "utf-8")
    try:
        out = run(capsys, "submit", files["one"])
    finally:
        files["one"].with_suffix(".json").unlink()
    assert READERS["yaml"](out)
    found = yaml.safe_load(out)
    assert found["what"] == f"{NAME} {NAME}"
    assert found["labels"] == NAME
    assert shlex.split(found["command"]) == ["tyez-bench", "run", NAME, "--output", name]


def test_submissions_in_a_table(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    predicted = predictions(tmp_path, NAME, ALL)
    told = {"system": "@user `a` ::error::\x1b|", "what": NAME, "kind": "own", "training": NAME, "labels": "tyez"}
    told |= {"contamination": "none-known", "contamination_note": NAME, "command": f"{NAME}```", "by": NAME}
    made = {"made": datetime.date(2026, 1, 1), "notes": f"# {NAME}", "url": "https://a.example/`", "hardware": NAME}
    path = predicted.with_suffix(".yaml")
    path.write_text(yaml.safe_dump(told | made), "utf-8")
    READERS["text"](run(capsys, "submit", "--check", path, "--gold", files["gold"]))
    of = load(files["gold"])
    (standing,) = standings([read_entry(path, of)], of)
    page = commands([standing])
    (fence,) = [token for token in MarkdownIt().parse(page) if token.type == "fence"]
    *_, last = fence.content.splitlines()
    assert shlex.split(last)[:2] == ["tyez-bench", "score"]
    check_lines(page)
    before, _, after = page.partition(fence.content)
    READERS["markdown"](before.rpartition("\n")[0].rpartition("\n")[0])
    READERS["markdown"](after.partition("\n")[2])


def test_the_page_of_a_report(files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    assert run(capsys, "report", files["one"], files["other"], "--gold", files["gold"], "--html", page) == ""
    text = page.read_text("utf-8")
    found = elements(text)
    assert [tag for tag, _ in found].count("script") == 1
    assert not [names for tag, names in found if tag in ("img", "base", "iframe") or any(n[:2] == "on" for n in names)]
    assert all(not str(names.get("href", "#")).strip() or str(names.get("href", "#"))[0] == "#" for _, names in found)
    # The words of the page; its script and its style are ours.
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"]


def test_documents_in_a_notebook(files: dict[str, Path]) -> None:
    """Marked spans are all that there is of HTML, and nothing in a text moves the rest about."""
    of = load(files["gold"])
    check_lines(repr(of))
    for document in of:
        page = document._repr_html_()
        assert {tag for tag, _ in elements(page)} == {"div", "mark"}
        check_lines(f"{document!r} {document.entities[0]!r}")
        assert not [c for c in page if not c.isprintable() and c not in "\n\u3000"]


def test_fixes_on_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = gold(tmp_path, NAME, ALL)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert main(["fix", str(path)]) == 1
    READERS["text"](capsys.readouterr().out)


@pytest.mark.parametrize("word", PLAIN)
def test_plain_words_stay_as_they_are(word: str, files: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "markdown"):
        lines = run(capsys, "info", "--gold", files["gold"], "--output-format", form).split("\n")
        assert any(re.match(rf"(\| | ){re.escape(word)}( \||  )", line) for line in lines), form


def test_a_number_in_csv_is_a_number_and_a_name_a_text(
    files: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [NAME, *(word for word in WORDS if "/" not in word and "\0" not in word)]
    folder = files["one"].parent / "names"
    folder.mkdir(exist_ok=True)
    paths = [predictions(folder, name, ALL[:3]) for name in names]
    rows = list(
        csv.reader(
            io.StringIO(run(capsys, "score", *paths, "--gold", files["gold"], "--draws", "1", "--output-format", "csv"))
        )
    )
    read = {re.sub(r"^'(?='*[-=+@－＝＋＠])", "", row[0]) for row in rows[1:]}
    assert {one_line(name) for name in names} <= read
    assert all(float(field) >= 0 for row in rows[1:] for field in row[3:13] if field)
    assert comma_separated(["a"], [[-0.5], ["-0.5"], [None], ["'-0.5"]]) == "a\n-0.5\n'-0.5\n\"\"\n''-0.5\n"
