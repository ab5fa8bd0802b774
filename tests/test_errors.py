"""Errors are one line that can be read, whatever is quoted in it, and however much of it."""

import contextlib
import json
import random
from pathlib import Path

import pytest

from hostile_words import PLAIN, WORDS
from readers import READERS, check_errors
from tyez_bench.cli import main
from tyez_bench.model.errors import LONGEST, InputError, cut, one_line, shortened

RECORD = {"id": "a", "text": "太原市委", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]}


@pytest.mark.parametrize("word", WORDS)
def test_one_line_is_the_same_when_it_is_made_again(word: str) -> None:
    line = one_line(word)
    assert one_line(line) == line
    check_errors(line)


@pytest.mark.parametrize("word", [*PLAIN, "a::b", "## 太原", "#[a]", "太原：市委"])
def test_plain_text_is_not_changed(word: str) -> None:
    assert one_line(word) == word
    assert shortened(word) == word


def test_what_is_cut_says_how_long_it_was() -> None:
    assert cut("太" * 120) == "太" * 120
    assert cut("太" * 79 + "原" * 60000) == "太" * 79 + "原… (60079 characters) …" + "原" * 30


@pytest.mark.parametrize("word", ["甲", "甲 乙's", "\x1b'\"", "a b", "\u202e", "\\'", "::error::"])
def test_of_a_long_error_the_reason_stays(word: str) -> None:
    for number in (20_000, 200_000):
        long = word * number
        quoted = shortened(f"p.jsonl:3: the label {long!r} is unknown, expected one of: A, B")
        assert quoted.startswith(f"p.jsonl:3: the label {long!r:.1}{repr(word)[1]}")
        assert quoted.endswith(" is unknown, expected one of: A, B")
        assert f"… ({len(long)} characters) …" in quoted
        assert len(quoted) <= LONGEST
        for message in (
            f"p.jsonl:3: {long}: is unknown",
            f"p.jsonl:3: Object contains unknown field `{long}` - at `$`",
        ):
            line = str(InputError(message))
            assert line.startswith("p.jsonl:3: ")
            assert line.endswith(message[-7:])
            assert " characters) …" in line
            check_errors(line)


def test_any_text_is_shortened_at_once() -> None:
    """No text takes long, whatever quotes and backslashes are in it; the test would not end."""
    draw = random.Random(1)
    texts = ['"\\' * 100_000, "'\\''" * 50_000, "`\\" * 100_000, "'a'a" * 50_000]
    for text in [*texts, *("".join(draw.choices("'\"`\\a 太\x1b", k=100_000)) for _ in range(10))]:
        check_errors(shortened(text))


@pytest.mark.parametrize(
    ("command", "record"),
    [
        ("info --gold FILE", {**RECORD, "id": "WORD", "entities": [{"start": 0, "end": 99, "type": "ORG"}]}),
        ("info --gold FILE --label-set tyez", {**RECORD, "entities": [{"start": 0, "end": 2, "type": "WORD"}]}),
        ("info --gold FILE", {**RECORD, "WORD": 1}),
        ("info --gold FILE", {**RECORD, "entities": [{"start": 0, "end": 2, "text": "WORD", "type": "ORG"}]}),
        ("agree FILE FILE2 --label-set tyez", {**RECORD, "entities": [{"start": 0, "end": 2, "type": "WORD"}]}),
        ("score FILE --input-format native", {"id": "a", "entities": [{"start": 0, "end": 2, "type": "WORD"}]}),
        ("score FILE --input-format native", {"id": "WORD", "entities": []}),
        ("score FILE --input-format hf", [{"entity_group": "WORD", "start": 0, "end": 2, "word": "WORD"}]),
        ("score FILE --input-format native --labels WORD", {"id": "a", "entities": []}),
        ("score FILE --signature WORD", RECORD),
        ("score FILE --min-f1 WORD", RECORD),
        ("explain WORD", RECORD),
        ("run WORD --score", RECORD),
        ("export --output-format WORD", RECORD),
        ("check FILE --select WORD", RECORD),
        ("check FILE --input-format WORD", RECORD),
    ],
)
def test_every_command_says_why_of_a_long_word(
    command: str, record: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of a long word is what is said of a short one, but for the word."""
    monkeypatch.chdir(tmp_path)
    said = []
    for word in ("Zqj", "Zqj" * 20_000):
        Path("FILE").write_text(json.dumps(record).replace("WORD", word) + "\n", "utf-8")
        Path("FILE2").write_text(json.dumps(record).replace("WORD", word) + "\n", "utf-8")
        # Of a wrong argument the parser ends the process.
        with contextlib.suppress(SystemExit):
            assert main([part.replace("WORD", word) for part in command.split()]) == 2
        said.append(capsys.readouterr().err)
        check_errors(said[-1])
    short, long = said
    assert short.count("\n") == long.count("\n") == 1
    before, word, _ = short.partition("Zqj")
    after = short.rpartition("Zqj")[2]
    assert word
    assert long.startswith(before)
    assert long.endswith(after)
    assert "characters) …" in long


def test_findings_of_long_surfaces_are_lines_that_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = "甲 乙's" * 10_000
    path = tmp_path / "gold.jsonl"
    span = {"start": 0, "end": len(long), "type": "ORG", "rule": long}
    path.write_text(json.dumps({"id": long, "text": f"{long}说{long}。", "entities": [span]}) + "\n", "utf-8")
    for form in ("text", "concise", "github", "markdown", "junit", "sarif"):
        assert main(["check", str(path), "--config", str(_empty(tmp_path)), "--output-format", form]) == 1
        found = READERS[form](capsys.readouterr().out)
        assert any("X602" in line for line in found) or form in ("sarif", "github")
        assert any(f"({len(long)} characters)" in line for line in found), form
        assert max(map(len, found)) <= LONGEST + 1


def _empty(folder: Path) -> Path:
    path = folder / "none.toml"
    path.write_text("[tool.tyez-bench.check]\n", "utf-8")
    return path
