"""Whole runs against other scorers: files in, figures out."""

import json
import random
from pathlib import Path

import pytest
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from tyez_bench.cli import main

TYPES = ("PLACE", "ORG", "MONEY", "DATE")
LENGTH = 30


def legal(rng: random.Random) -> list[str]:
    """BIO tags of a sentence."""
    tags: list[str] = []
    while len(tags) < LENGTH:
        if rng.random() < 0.4:
            tags.append("O")
        else:
            type_ = rng.choice(TYPES)
            tags += [f"B-{type_}", *[f"I-{type_}"] * rng.randrange(4)]
    return tags[:LENGTH]


def illegal(rng: random.Random, tags: list[str]) -> list[str]:
    """The tags with some changed at random, so that chunks begin with I, or change their type."""
    every = ["O", *(f"{prefix}-{type_}" for prefix in "BI" for type_ in TYPES)]
    return [rng.choice(every) if rng.random() < 0.15 else tag for tag in tags]


def entities(tags: list[str]) -> list[dict[str, object]]:
    """The chunks of legal BIO tags, as records of the gold."""
    found: list[dict[str, object]] = []
    for at, tag in enumerate(tags):
        if tag.startswith("B-"):
            found.append({"start": at, "end": at + 1, "type": tag[2:]})
        elif tag.startswith("I-"):
            found[-1]["end"] = at + 1
    return found


@pytest.fixture(scope="module")
def sides() -> tuple[list[list[str]], list[list[str]]]:
    """Gold tags and predicted ones of 200 sentences."""
    rng = random.Random(2000)
    gold = [legal(rng) for _ in range(200)]
    return gold, [illegal(rng, tags) for tags in gold]


@pytest.fixture(scope="module")
def files(
    sides: tuple[list[list[str]], list[list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The same as a gold set of one's own and as columns."""
    folder = tmp_path_factory.mktemp("columns")
    rng = random.Random(7)
    gold, columns = [], []
    for number, (own, predicted) in enumerate(zip(*sides, strict=True)):
        text = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(LENGTH))
        gold.append(json.dumps({"id": f"d{number}", "text": text, "entities": entities(own)}, ensure_ascii=False))
        columns.append("\n".join(f"{character} {tag}" for character, tag in zip(text, predicted, strict=True)))
    (folder / "gold.jsonl").write_text("\n".join(gold) + "\n", "utf-8")
    (folder / "columns.conll").write_text("\n\n".join(columns) + "\n", "utf-8")
    return folder / "gold.jsonl", folder / "columns.conll"


@pytest.mark.parametrize("repair", ["conlleval", "discard"])
def test_illegal_columns_score_as_in_seqeval(
    sides: tuple[list[list[str]], list[list[str]]],
    files: tuple[Path, Path],
    repair: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Its default mode is what conlleval does; its strict mode drops what is illegal."""
    gold, columns = files
    assert main(["score", str(columns), "--gold", str(gold)]) == 2
    assert "--repair conlleval" in capsys.readouterr().err
    assert main(["score", str(columns), "--gold", str(gold), "--repair", repair, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    how = {} if repair == "conlleval" else {"mode": "strict", "scheme": IOB2}
    theirs = classification_report(*sides, output_dict=True, **how)
    for row, name in (("micro", "micro avg"), *((t, t) for t in TYPES)):
        ours = report["scores"][row]
        assert ours["precision"] == pytest.approx(theirs[name]["precision"], abs=1e-12)
        assert ours["recall"] == pytest.approx(theirs[name]["recall"], abs=1e-12)
        assert ours["f1"] == pytest.approx(theirs[name]["f1-score"], abs=1e-12)
        assert ours["gold"] == theirs[name]["support"]
    assert f"repair:{repair}" in report["signature"]
    assert report["reading"]["repaired"] > 0
