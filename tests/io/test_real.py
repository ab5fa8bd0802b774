"""Files that tools wrote themselves: told by content, placed by their texts, every span where it was."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tyez_bench

REAL = Path(__file__).parent / "real"


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("label_studio.json", "label-studio"),
        ("label_studio_min.json", "label-studio"),
        ("doccano.jsonl", "doccano"),
        ("doccano_relations.jsonl", "doccano"),
    ],
)
def test_exports_of_the_gold(gold: tyez_bench.Gold, name: str, format_: str) -> None:
    predictions = tyez_bench.read_predictions(REAL / name, gold)
    assert (predictions.reading.format, predictions.reading.keyed_by) == (format_, "text")
    assert {id_: {(e.start, e.end, e.type) for e in p.entities} for id_, p in predictions.items()} == {
        d.id: {(e.start, e.end, e.type) for e in d.outermost()} for d in gold
    }


# Document, start and end.
Span = tuple[str, int, int]


def of_lac(line: Any, document: str, start: int, text: str) -> Iterator[Span]:
    """LAC's words are the text."""
    words, tags, _ = line
    assert "".join(words) == text
    for word, tag in zip(words, tags, strict=True):
        if tag in ("LOC", "ORG", "TIME"):
            yield document, start, start + len(word)
        start += len(word)


def of_ltp(line: Any, document: str, start: int, text: str) -> Iterator[Span]:
    """LTP's words are the text; these models know names of one word alone."""
    position = len(text) - len(text.lstrip())
    assert "".join(line["cws"]) == text[position:]
    for word, tag in zip(line["cws"], line["ner"], strict=True):
        if tag in ("S-Ns", "S-Ni"):
            yield document, start + position, start + position + len(word.rstrip())
        assert tag in ("S-Ns", "S-Ni", "S-Nh", "O")
        position += len(word)


def of_hanlp(line: Any, document: str, start: int, text: str) -> Iterator[Span]:
    """HanLP says where its words stand."""
    words = line["tok/fine"]
    for _, label, first, behind in line["ner/msra"]:
        assert label in ("NS", "NT")
        yield document, start + words[first][1], start + words[behind - 1][2]


@pytest.mark.parametrize(
    ("name", "by_sentence", "spans_of", "labels"),
    [("lac", False, of_lac, "lac"), ("ltp", False, of_ltp, "ltp"), ("hanlp", True, of_hanlp, "msra")],
)
def test_output_of_taggers(gold: tyez_bench.Gold, name: str, by_sentence: bool, spans_of: Any, labels: str) -> None:
    path = REAL / f"{name}.jsonl"
    documents = [(d.id, 0, d.text) for d in gold]
    sentences = [(d.id, s.start, d.text[s.start : s.end]) for d in gold for s in d.sentences]
    lines = map(json.loads, path.read_text("utf-8").splitlines())
    texts = sentences if by_sentence else documents
    expected = {span for line, text in zip(lines, texts, strict=True) for span in spans_of(line, *text)}
    predictions = tyez_bench.read_predictions(path, gold)
    assert (predictions.reading.format, predictions.label_map.name) == (name, labels)
    assert {(id_, e.start, e.end) for id_, p in predictions.items() for e in p.entities} == expected
    assert len(expected) > 20
    # A document as a whole has line feeds in LAC's names.
    assert (predictions.reading.white_edges > 0) is (name == "lac")
