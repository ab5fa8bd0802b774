"""Exports that annotation tools wrote themselves: told by content, placed by their texts, every span where it was."""

from pathlib import Path

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
