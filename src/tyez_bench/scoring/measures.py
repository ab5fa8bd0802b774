"""Precision, recall and F1 from counts. Undefined is None, never 0 by accident."""

from typing import Protocol


class Counted(Protocol):
    """Gold spans, predictions, and the pairs that are right."""

    @property
    def gold(self) -> int: ...  # noqa: D102
    @property
    def predicted(self) -> int: ...  # noqa: D102
    @property
    def right(self) -> float: ...  # noqa: D102


def precision(counts: Counted) -> float | None:
    """Share of the predictions that are right; None without predictions."""
    return counts.right / counts.predicted if counts.predicted else None


def recall(counts: Counted) -> float | None:
    """Share of the gold spans that were found; None without gold."""
    return counts.right / counts.gold if counts.gold else None


def f1(counts: Counted) -> float | None:
    """Harmonic mean of precision and recall; None when there are neither gold spans nor predictions.

    With one of the two missing nothing can be right, and F1 is 0.
    """
    spans = counts.gold + counts.predicted
    return 2 * counts.right / spans if spans else None


MEASURES = {"precision": precision, "recall": recall, "f1": f1}
# By measure its value, None where it is undefined.
Figures = dict[str, float | None]
