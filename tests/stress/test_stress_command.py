"""The command: systems run and compared, predictions read, texts written."""

import json
from pathlib import Path

import pytest

from tyez_bench.cli import main
from tyez_bench.corpus.gold import load
from tyez_bench.stress.suite import CAPABILITIES, suite


def test_systems_are_run_compared_and_their_failures_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", "rules", "jieba", "--failures", "1"]) == 0
    shown = capsys.readouterr().out
    assert "rules: stress suite" in shown
    assert "jieba − rules" in shown
    assert shown.count("worst: ") == 2
    for name in CAPABILITIES:
        assert f" {name} " in shown
    assert f"sha256 {suite().gold.fingerprint[:12]}" in shown


def test_texts_are_a_gold_set_and_perfect_answers_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = tmp_path / "texts.jsonl"
    assert main(["stress", "--texts", str(texts), "--seed", "5"]) == 0
    gold = load(texts)
    assert [document.text for document in gold] == [document.text for document in suite(5).gold]
    predictions = tmp_path / "perfect.jsonl"
    with predictions.open("w", encoding="utf-8") as file:
        for document in gold:
            entities = [
                {"start": e.start, "end": e.end, "type": e.type, "value": _plain(e.value)}
                for e in document.outermost()
                if e.required
            ]
            file.write(json.dumps({"id": document.id, "entities": entities}, ensure_ascii=False) + "\n")
    assert main(["stress", str(predictions), "--seed", "5", "--output", "markdown"]) == 0
    rows = [
        line
        for line in capsys.readouterr().out.splitlines()
        if line.startswith(tuple(f"| {n} |" for n in CAPABILITIES))
    ]
    assert len(rows) == len(CAPABILITIES)
    assert all(row.split("|")[3].strip() == "1.000" for row in rows)


def _plain(value: object) -> object:
    import msgspec

    found = msgspec.to_builtins(value)
    return {k: v for k, v in found.items() if v is not None and k != "kind"} if isinstance(found, dict) else None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to do: expected a system, a predictions file, --texts or --check"),
        (["nobody"], "unknown system 'nobody'"),
        (["rules", "jieba", "--out", "p.jsonl"], "--out is for one system"),
        (["rules", "--check", "a.toml"], "--check takes files of templates alone"),
    ],
)
def test_what_makes_no_sense(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stress", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_predictions_are_written_and_scored_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rules.jsonl"
    assert main(["stress", "rules", "--out", str(path)]) == 0
    first = capsys.readouterr().out
    assert main(["stress", str(path)]) == 0
    assert capsys.readouterr().out == first
