"""What the YAML files name: the samples, what an answer counts, and the figures of all answers together."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tyez_bench.integrations.harness import counted, figures, in_one, samples
from tyez_bench.model.errors import InputError
from tyez_bench.systems.llm.options import Asking

Counts = Mapping[str, int]


def dataset(by: str, **metadata: Any) -> dict[str, Any]:
    """The texts with their prompts. ``--metadata`` may have prompt, language, paraphrase, shots and answer."""
    import datasets

    names = {"prompt": "level"} | {name: name for name in ("language", "paraphrase", "shots", "answer")}
    # The harness also hands over what was said of the model.
    asking = Asking(**{field: metadata[name] for name, field in names.items() if name in metadata})
    rows = [
        {"id": one.passage.id, "by": by, "text": one.passage.text, "prompt": in_one(one.messages, asking.language)}
        for one in samples(asking, by)
    ]
    return {"test": datasets.Dataset.from_list(rows)}


def process_results(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, Counts]:
    """The counts of an answer, for each metric the same: the figures are made of their sums.

    Raises InputError for several answers, of which the harness's filter take_first would leave one.
    """
    if len(results) != 1 or not isinstance(results[0], str):
        raise InputError(f"{doc['id']!r}: expected one answer as text, got {len(results)}: {_kinds(results)}")
    found = counted(doc["id"], results[0], doc["by"])
    return dict.fromkeys(("f1", "precision", "recall", "parse_failures"), found)


def _kinds(results: Sequence[object]) -> str:
    return ", ".join(sorted({type(one).__name__ for one in results})) or "none"


def f1(items: Sequence[Counts]) -> float:
    """Strict micro F1 of all answers together."""
    return _figure(items, "f1")


def precision(items: Sequence[Counts]) -> float:
    """Strict micro precision; not a number when nothing was predicted."""
    return _figure(items, "precision")


def recall(items: Sequence[Counts]) -> float:
    """Strict micro recall."""
    return _figure(items, "recall")


def parse_failures(items: Sequence[Counts]) -> float:
    """How many answers name nothing because they could not be read."""
    return _figure(items, "parse_failures")


def _figure(items: Sequence[Counts], name: str) -> float:
    found = figures(items)[name]
    return math.nan if found is None else found
