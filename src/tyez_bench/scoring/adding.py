"""Reports of parts of a gold set: which add up, and how what is said beside the counts does."""

from typing import TYPE_CHECKING, Any

import numpy as np

from tyez_bench.errors import UsageError

if TYPE_CHECKING:
    from tyez_bench.scoring.report import Report


def check_addable(one: "Report", other: "Report") -> None:
    """Raise UsageError for reports that were not made alike, or that share a document."""
    for name in ("system", "gold", "settings", "labels", "reading"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs:
            raise UsageError(f"reports of different {name} don't add up: {mine} and {theirs}")
    if len(np.intersect1d(one.documents, other.documents)):
        raise UsageError("reports that share a document don't add up")


def merge_notes(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Notes of two parts: numbers and tables of numbers add up, words must be the same or stand side by side."""
    merged: dict[str, Any] = dict(one)
    for key, value in other.items():
        if key not in merged or merged[key] is None:
            merged[key] = value
        elif isinstance(value, dict):
            merged[key] = merge_notes(merged[key], value)
        elif isinstance(value, int):
            merged[key] += value
    return merged
