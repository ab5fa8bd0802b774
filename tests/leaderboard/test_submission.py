"""Submissions: read, checked, and refused in one line."""

import datetime
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.leaderboard.submission import Contamination, SystemKind, read_description, read_entry, template
from tyez_bench.stress.suite import suite

TOLD = {
    "system": "Mine",
    "what": "mine 1.0",
    "kind": "own",
    "training": "nothing",
    "contamination": "none-known",
    "contamination_note": "older than the page",
    "labels": "tyez",
    "command": "python mine.py",
    "made": datetime.date(2026, 11, 1),
    "by": "me",
}


def submit(folder: Path, name: str = "mine", *, predictions: str | None = None, **changed: object) -> Path:
    """Write a submission that predicts nothing, with other fields; None leaves a field out."""
    told = {key: value for key, value in {**TOLD, **changed}.items() if value is not None}
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    if predictions is None:
        lines = [json.dumps({"id": document.id, "entities": []}) for document in tyez_bench.load()]
        predictions = "\n".join(lines) + "\n"
    path.with_suffix(".jsonl").write_text(predictions, "utf-8")
    return path


def perfect() -> str:
    """Predictions of all required outermost entities."""
    return "".join(
        json.dumps(
            {
                "id": document.id,
                "entities": [
                    {"start": e.start, "end": e.end, "type": e.type} for e in document.outermost() if e.required
                ],
            }
        )
        + "\n"
        for document in tyez_bench.load()
    )


def test_a_good_submission_is_fit_for_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["submit", "--check", str(submit(tmp_path, predictions=perfect()))]) == 0
    shown = capsys.readouterr()
    assert "Mine" in shown.out
    assert "1.000" in shown.out
    assert shown.err == "1 of 1 submissions are ready for the table\n"


def test_predictions_for_the_suite_are_for_its_texts_and_leave_none_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = submit(tmp_path, predictions=perfect())
    packed = tmp_path / "stress" / "mine.jsonl.gz"
    packed.parent.mkdir()
    lines = [json.dumps({"id": text.id, "entities": []}) + "\n" for text in suite().gold]
    packed.write_bytes(gzip.compress("".join(lines).encode()))
    assert main(["submit", "--check", str(path)]) == 0
    packed.write_bytes(gzip.compress("".join(lines[2:]).encode()))
    assert main(["submit", "--check", str(path)]) == 1
    assert "stress/mine.jsonl.gz: has no predictions for 2 texts of the suite" in capsys.readouterr().err
    packed.write_bytes(gzip.compress(b'{"id": "series", "entities": []}\n'))
    assert main(["submit", "--check", str(path)]) == 2
    assert "unknown document id 'series'" in capsys.readouterr().err


def test_a_description_says_what_offsets_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold = tyez_bench.load()
    records = [json.loads(line) for line in perfect().splitlines()]
    for record in records:
        for span in record["entities"]:
            span["end"] -= 1
    predictions = "".join(json.dumps(record) + "\n" for record in records)
    path = submit(tmp_path, predictions=predictions, offsets="inclusive")
    entry = read_entry(path, gold)
    assert tyez_bench.score(gold, entry.predictions).f1 == 1.0
    assert entry.command == "tyez-bench score mine.jsonl --labels tyez --offsets inclusive"
    assert main(["submit", "--check", str(path)]) == 0
    capsys.readouterr()
    path = submit(tmp_path, predictions=predictions, offsets="miles")
    assert main(["submit", "--check", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"tyez-bench: {path}: offsets are 'miles', expected one of code-points, ")


def test_fields_are_typed(tmp_path: Path) -> None:
    found = read_description(submit(tmp_path, url="https://example.org", runs=["a.jsonl"]))
    assert (found.kind, found.contamination) == (SystemKind.OWN, Contamination.NONE_KNOWN)
    assert (found.made, found.runs) == (datetime.date(2026, 11, 1), ("a.jsonl",))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"system": None}, "missing required field `system`"),
        ({"system": ""}, "`$.system`"),
        ({"system": "x" * 61}, "`$.system`"),
        ({"kind": "good"}, "'good' - at `$.kind`"),
        ({"contamination": False}, "at `$.contamination`"),
        ({"made": "yesterday"}, "at `$.made`"),
        ({"score": 1}, "unknown field `score`"),
        ({"by": "  "}, "`$.by`"),
        ({"labels": "nope"}, "unknown label map 'nope'"),
        ({"runs": ["none.jsonl"]}, "none.jsonl: no such file"),
        ({"runs": ["mine.jsonl"]}, "runs: expected the names of other files beside it, each once"),
        ({"runs": ["a.jsonl", "a.jsonl"]}, "runs: expected the names of other files beside it, each once"),
        ({"runs": ["../a.jsonl"]}, "runs: expected the names of other files beside it, each once"),
    ],
)
def test_descriptions_that_say_too_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: dict[str, object], said: str
) -> None:
    assert main(["submit", "--check", str(submit(tmp_path, **changed))]) == 2  # type: ignore[arg-type]
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "bad.yaml:1: not valid YAML: "),
        ("a: 1\na: 2\n", "bad.yaml:2: not valid YAML: the key 'a' occurs twice"),
        ("- a\n", "bad.yaml: expected fields (system, what, kind"),
        ("x: !!python/object/apply:os.getcwd []\n", "bad.yaml:1: not valid YAML: could not determine a constructor"),
        ("a: 2026-13-45\n", "bad.yaml: not valid YAML: month must be in 1..12"),
        ("[" * 3000, "bad.yaml: not valid YAML: nested too deeply"),
        ("? [1, 2]\n: x\n", "bad.yaml:1: not valid YAML: found unhashable key"),
    ],
)
def test_what_is_no_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text, "utf-8")
    assert main(["submit", "--check", str(path)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_what_does_not_belong_in_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that is wrong, a line each, and exit code 1."""
    some = '{"id": "wanbolin", "entities": []}\n'
    path = submit(tmp_path, predictions=some, kind="trained-on-gold", made=datetime.date(2199, 1, 1))
    path.with_suffix(".json").write_text('{"texts": {"sha256": "0"}}', "utf-8")
    assert main(["submit", "--check", str(path)]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in errors[1:-1]] == [
        f"was made on texts other than those of tyez {tyez_bench.load().version}",
        "is trained on the gold: its contamination is 'labels'",
        "was made on 2199-01-01, which is in the future",
    ]
    assert "has no predictions for" in errors[0]
    missing = {document.id for document in tyez_bench.load()} - {"wanbolin"}
    assert all(id_ in errors[0] for id_ in missing)
    assert errors[-1] == "0 of 1 submissions are ready for the table"


def test_missing_sentences_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [sentence.id for document in tyez_bench.load() for sentence in document.sentences]
    lines = "".join(json.dumps({"id": id_, "entities": []}) + "\n" for id_ in ids[:-1])
    assert main(["submit", "--check", str(submit(tmp_path, predictions=lines))]) == 1
    assert "has no predictions for 1 sentence" in capsys.readouterr().err


def test_several_runs_have_mean_and_range(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "again.jsonl").write_text(perfect(), "utf-8")
    submit(tmp_path, predictions=perfect().replace('"PLACE"', '"ORG"'), runs=["again.jsonl"])
    assert main(["submit", "--check", str(tmp_path)]) == 0
    gold = tyez_bench.load()
    places = sum(e.type == "PLACE" for d in gold for e in d.outermost() if e.required)
    right = 1 - places / sum(e.required for d in gold for e in d.outermost())
    line = f"Mine: 2 runs, F1 {(1 + right) / 2:.3f} ({right:.3f}–1.000)"
    assert line in capsys.readouterr().out


def test_two_of_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    submit(tmp_path, "one")
    submit(tmp_path, "two")
    assert main(["submit", "--check", str(tmp_path)]) == 2
    assert "two submissions are called 'Mine'" in capsys.readouterr().err


def test_the_template_is_a_description(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what the runner wrote beside the predictions already in it."""
    path = submit(tmp_path).with_suffix(".jsonl")
    facts = {"system": "hf:some/model", "packages": {"transformers": "5.0"}, "labels": "msra"}
    path.with_suffix(".json").write_text(json.dumps(facts), "utf-8")
    assert main(["submit", str(path)]) == 0
    shown = capsys.readouterr().out
    (tmp_path / "t.yaml").write_text(shown, "utf-8")
    found = read_description(tmp_path / "t.yaml")
    assert (found.system, found.what, found.labels) == ("hf:some/model", "transformers 5.0", "msra")
    assert found.command == "tyez-bench run 'hf:some/model' --output mine.jsonl"
    assert template("x", {}, datetime.date(2026, 1, 2)).startswith("# x.yaml: beside x.jsonl")


def test_the_template_for_a_language_model_asks_for_what_the_facts_lack(tmp_path: Path) -> None:
    facts = {"system": "llm:some", "packages": {"rapidfuzz": "3.0"}, "labels": "tyez", "llm": {"answers": 8}}
    (tmp_path / "t.yaml").write_text(template("some", facts, datetime.date(2026, 1, 2)), "utf-8")
    found = read_description(tmp_path / "t.yaml")
    assert found.kind is SystemKind.LANGUAGE_MODEL
    assert "rapidfuzz" not in found.what
    assert found.command == "tyez-bench run 'llm:some' --base-url URL … --output some.jsonl"


@pytest.mark.parametrize("facts", [{}, {"system": "llm:some", "llm": {"answers": 8}}], ids=["plain", "llm"])
def test_a_template_that_is_not_filled_in_is_refused_by_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facts: dict[str, Any]
) -> None:
    path = submit(tmp_path)
    path.write_text(template("mine", facts, datetime.date(2026, 1, 2)), "utf-8")
    assert main(["submit", "--check", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    fields = ["what", "training", "contamination_note", "command", "by"]
    assert [line.split(": ")[1] for line in lines[:-1]] == fields
    assert f"{path}: by: still says 'who', which the template asks to fill in" in lines
    assert lines[-1] == "0 of 1 submissions are ready for the table"
    # What is filled in is no longer named.
    submit(tmp_path, by="who")
    assert main(["submit", "--check", str(path)]) == 1
    assert [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()[:-1]] == ["by"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["submit", "a.jsonl", "b.jsonl"], "expected one predictions file to describe, or --check"),
        (["submit", "a.yaml"], "a.yaml: expected a predictions file NAME.jsonl"),
        (["submit", "none.jsonl"], "none.jsonl: no such file"),
        (["submit", "--check", "a.jsonl"], "a.jsonl: expected a description NAME.yaml"),
        (["submit", "--check", "none.yaml"], "none.yaml: no such file"),
        (["submit", "--check", "."], ".: has no submissions"),
    ],
)
def test_paths_that_are_none(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
