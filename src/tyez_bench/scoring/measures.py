"""Precision, recall and F1 from counts. Undefined is None, never 0 by accident."""

from typing import Protocol


class Counted(Protocol):
    """Gold spans and predictions, and how many of each are right."""

    @property
    def gold(self) -> int: ...  # noqa: D102
    @property
    def predicted(self) -> int: ...  # noqa: D102
    @property
    def gold_right(self) -> float: ...  # noqa: D102
    @property
    def predicted_right(self) -> float: ...  # noqa: D102


def precision(counts: Counted) -> float | None:
    """Share of the predictions that are right; None without predictions."""
    return counts.predicted_right / counts.predicted if counts.predicted else None


def recall(counts: Counted) -> float | None:
    """Share of the gold spans that were found; None without gold."""
    return counts.gold_right / counts.gold if counts.gold else None


def f1(counts: Counted) -> float | None:
    """Harmonic mean of precision and recall; None when there are neither gold spans nor predictions.

    With one of the two missing nothing can be right, and F1 is 0. Where as many gold spans as predictions are right, as
    in every row of every scheme, it is 2·TP / (gold + predicted).
    """
    if counts.gold_right == counts.predicted_right:
        spans = counts.gold + counts.predicted
        return 2 * counts.gold_right / spans if spans else None
    p, r = precision(counts) or 0.0, recall(counts) or 0.0
    return 2 * p * r / (p + r) if p + r else 0.0


MEASURES = {"precision": precision, "recall": recall, "f1": f1}
# By measure its value, None where it is undefined.
Figures = dict[str, float | None]
