"""Scoring file against file: the same counts as in memory, and nothing but counts kept."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import tyez_bench
from tyez_bench.scoring.from_files import score_stream

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "data" / "gold.jsonl"


@pytest.mark.parametrize(("name", "labels"), [("jieba", "pku"), ("jionlp", "jionlp")])
def test_it_counts_as_in_memory(gold: tyez_bench.Gold, name: str, labels: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ROOT / "data" / "predictions" / f"{name}.jsonl"
    whole = tyez_bench.score(gold, tyez_bench.read_predictions(path, gold, labels=labels), system=name)
    monkeypatch.setattr("tyez_bench.scoring.from_files.CHUNK", 3)
    done: list[int] = []
    streamed = score_stream(GOLD, path, labels=labels, progress=done.append)
    assert done == [3, 6]
    assert streamed.system == name
    assert streamed.gold.fingerprint == gold.fingerprint
    assert [streamed.rows(s) for s in streamed.schemes] == [whole.rows(s) for s in whole.schemes]
    assert streamed.intervals() == whole.intervals()
    assert streamed.averages() == whole.averages()
    assert (streamed.surfaces, streamed.by_name) == (None, None)
    assert streamed.documents.tolist() == whole.documents.tolist()


def write(path: Path, *records: Any) -> Path:
    """A file of JSON Lines, packed where its name says so."""
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    with gzip.open(path, "wt", encoding="utf-8") if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        file.write(text)
    return path


def documents(*ids: str) -> list[dict[str, Any]]:
    """Gold records of one entity each."""
    return [{"id": id_, "text": "甲市", "entities": [{"start": 0, "end": 2, "type": "PLACE"}]} for id_ in ids]


def predicted(id_: str, end: int = 2, type_: str = "PLACE") -> dict[str, Any]:
    """A prediction, by default a perfect one."""
    return {"id": id_, "entities": [{"start": 0, "end": end, "type": type_}]}


def test_gzip_and_documents_left_out(tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl.gz", *documents("a", "b", "c"))
    report = score_stream(gold, write(tmp_path / "p.jsonl.gz", predicted("a"), predicted("c")))
    assert (report.system, report.gold.name) == ("p", "g")
    assert report.missing == ("b",)
    assert report.counts().right == 2


@pytest.mark.parametrize(
    ("gold", "predictions", "reason"),
    [
        (
            documents("a", "b"),
            [predicted("b"), predicted("a")],
            "p.jsonl:2: document id 'a' is not in the gold",
        ),
        (documents("a"), [predicted("z")], "p.jsonl:1: document id 'z' is not in the gold"),
        (documents("a", "a"), [], "g.jsonl:2: document id 'a' occurs twice"),
        (
            documents("a"),
            [predicted("a", end=3)],
            "p.jsonl:1: a: PLACE 0–3 is outside",
        ),
        (
            documents("a"),
            [predicted("a", type_="X")],
            "p.jsonl:1: unknown label 'X'",
        ),
        (documents("a"), [[]], "p.jsonl:1: expected a JSON object, got list"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, gold: Any, predictions: Any, reason: str) -> None:
    files = write(tmp_path / "g.jsonl", *gold), write(tmp_path / "p.jsonl", *(predictions or [predicted("a")]))
    with pytest.raises(tyez_bench.InputError) as refused:
        score_stream(*files)
    assert reason in str(refused.value)


def test_files_that_can_not_be_read(tmp_path: Path) -> None:
    gold = write(tmp_path / "g.jsonl", *documents("a"))
    empty, cut, broken = tmp_path / "e.jsonl", tmp_path / "c.jsonl.gz", tmp_path / "b.jsonl"
    empty.write_bytes(b"")
    cut.write_bytes(gzip.compress(b'{"id":"a","entities":[]}\n' * 1000)[:-20])
    broken.write_bytes(b'{"id":"a","entities":[]}\n\xff\n')
    for path, reason in [
        (empty, "e.jsonl: is empty"),
        (cut, "c.jsonl.gz"),
        (broken, "b.jsonl:2: byte 0xff is not valid UTF-8"),
        (tmp_path / "none", "none: no such file"),
        (tmp_path, "is a directory"),
    ]:
        with pytest.raises(tyez_bench.InputError) as refused:
            score_stream(gold, path)
        assert reason in str(refused.value)
