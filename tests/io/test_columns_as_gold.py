"""Columns as a gold set: texts and offsets of their own, one fingerprint, and runs that repeat."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.io.gold import load
from tyez_bench.io.record import Options

UNER = (
    "# newdoc id = d\n# sent_id = d-1\n# text = 「太原 3 亿元」签约。\n"
    "1\t「\tO\t-\t-\n2\t太原\tB-LOC\t-\tann\n3\t3\tB-MONEY\tB-OTH\tann\n4\t亿元\tI-MONEY\tO\tann\n5\t」\tO\t-\t-\n"
    "6\t签约\tO\t-\t-\n7\t。\tO\t-\t-\n\n# sent_id = d-2\n# text = 在 New York。\n"
    "1\t在\tO\t-\t-\n2\tNew\tB-LOC\t-\tann\n3\tYork\tI-LOC\t-\tann\n4\t。\tO\t-\t-\n"
)
DOCCANO = [
    {"id": "d-1", "text": "「太原 3 亿元」签约。", "label": [[1, 3, "LOC"], [4, 8, "MONEY"]]},
    {"id": "d-2", "text": "在 New York。", "label": [[2, 10, "LOC"]]},
]


@pytest.fixture
def uner(tmp_path: Path) -> Path:
    path = tmp_path / "gold.iob2"
    path.write_text(UNER, encoding="utf-8")
    return path


def test_offsets_are_into_the_text(uner: Path) -> None:
    gold = load(uner)
    assert (gold.format, gold.unit) == ("conll", "sentence")
    assert [(d.id, d.text, [(e.start, e.end, e.text, e.type) for e in d.entities]) for d in gold] == [
        ("d-1", "「太原 3 亿元」签约。", [(1, 3, "太原", "LOC"), (4, 8, "3 亿元", "MONEY")]),
        ("d-2", "在 New York。", [(2, 10, "New York", "LOC")]),
    ]


def test_one_gold_has_one_fingerprint(uner: Path, tmp_path: Path) -> None:
    other = tmp_path / "gold.jsonl"
    other.write_text("".join(json.dumps(record) + "\n" for record in DOCCANO), encoding="utf-8")
    assert load(uner).fingerprint == load(other).fingerprint
    # Without its blanks it is another text.
    assert load(uner, options=Options(join="none")).fingerprint != load(other).fingerprint
    assert load(uner, options=Options(join="none")).reading["join"] == "none"


def test_predictions_in_columns_without_blanks_are_placed(uner: Path, tmp_path: Path) -> None:
    predictions = tmp_path / "p.conll"
    label = {"B": "B-LOC", "I": "I-LOC", "O": "O"}
    sentences = [
        "".join(f"{character} {label[tag]}\n" for character, tag in zip(text, tags, strict=True))
        for text, tags in (("「太原3亿元」签约。", "OBIBIIOOOO"), ("在NewYork。", "OBIIIIIIO"))
    ]
    predictions.write_text("\n".join(sentences), encoding="utf-8")
    found = tyez_bench.read_predictions(predictions, load(uner))
    assert [[(e.start, e.end) for e in found[id_].entities] for id_ in ("d-1", "d-2")] == [[(1, 3), (4, 8)], [(2, 10)]]


def test_a_run_that_names_columns_repeats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gold, predictions = tmp_path / "gold.jsonl", tmp_path / "p.conll"
    gold.write_text('{"id": "a", "text": "太原市", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]}\n', "utf-8")
    predictions.write_text("# global.columns = N FORM NER XPOS\n1 太原 B-PLACE O\n2 市 O O\n", "utf-8")
    arguments = ["score", "--gold", str(gold), str(predictions), "--draws", "20"]
    named = [*arguments, "--column", "NER", "--token-column", "2", "--join", "none"]
    assert main(named) == 0
    printed = capsys.readouterr().out
    line = re.search(r"signature: (\S+)", printed)
    assert line is not None
    assert "|column:NER|token-column:2|join:none|" in line[1]
    assert main([*arguments[:-2], "--signature", line[1]]) == 0
    assert capsys.readouterr().out == printed
    assert main([*arguments[:-2], "--signature", line[1], "--join", "auto"]) == 2
    assert "--join can't be combined with --signature" in capsys.readouterr().err


def test_gold_and_predictions_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the script conlleval reads it: the last column for both sides would be F1 1 whatever the predictions are."""
    both = tmp_path / "both.conll"
    both.write_text("太原 NR B-NP B-LOC B-LOC\n张三 NR B-NP B-PER O\n签约 VV B-VP O O\n", encoding="utf-8")
    assert main(["score", "--gold", str(both), str(both)]) == 2
    assert capsys.readouterr().err == (
        f"tyez-bench: {both}:1: columns 4 and 5 have different tags with the same labels, like gold and predictions; "
        "expected only the gold's; choose it with --gold-column 4\n"
    )
    assert main(["score", "--gold", str(both), "--gold-column", "4", str(both), "--json"]) == 0
    micro = json.loads(capsys.readouterr().out)["scores"]["micro"]
    assert (micro["tp"], micro["fp"], micro["fn"]) == (1, 0, 1)


def test_the_same_tags_twice_are_no_choice(tmp_path: Path) -> None:
    twice = tmp_path / "twice.conll"
    twice.write_text("太原 B-LOC B-LOC\n签约 O O\n", encoding="utf-8")
    assert [entity.type for document in load(twice) for entity in document.entities] == ["LOC"]


@pytest.mark.parametrize(
    "given",
    [
        {"format": "conll"},
        {"labels": "tyez"},
        {"ignore_labels": ["ORG"]},
        {"options": Options(encoding="bio")},
        {"overlaps": "keep-first"},
    ],
)
def test_the_built_in_gold_is_read_as_it_is(given: dict[str, Any]) -> None:
    with pytest.raises(tyez_bench.UsageError, match="options for reading are for files"):
        tyez_bench.load(**given)


def test_predictions_in_several_columns_are_read_from_the_last_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gold and predictions in one file: which column is which, only its owner knows."""
    gold, both = tmp_path / "gold.conll", tmp_path / "both.conll"
    gold.write_text("太 B-PLACE\n原 I-PLACE\n好 O\n", "utf-8")
    both.write_text("太 B-PLACE B-PLACE B-PLACE\n原 I-PLACE O O\n好 O O O\n", "utf-8")
    files = [str(both), "--gold", str(gold), "--draws", "100"]
    said = "columns 2 and 4 have different tags with the same labels, and 4 was read; --column 2 reads another"
    assert main(["score", *files]) == 0
    assert f"\n{said}\n" in capsys.readouterr().out
    assert main(["compare", str(gold), *files]) == 0
    assert f"\nboth: {said}\n" in capsys.readouterr().out
    for column, value in (("2", 1), ("3", 0), ("4", 0)):
        assert main(["score", *files, "--json", "--column", column]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["headline"]["value"] == value
        assert "rivals" not in data["reading"]
    assert tyez_bench.read_predictions(both, load(gold)).reading.rivals == (2, 4)
    # Columns that say the same are no question, and nor is one of other labels.
    both.write_text("太 B-PLACE B-NP B-PLACE\n原 I-PLACE I-NP I-PLACE\n好 O O O\n", "utf-8")
    assert tyez_bench.read_predictions(both, load(gold)).reading.rivals == ()
