"""Precision, recall and F1 from counts. Undefined is None, never 0 by accident."""

from tyez_bench.scoring.counts import Counts


def precision(counts: Counts) -> float | None:
    """Share of the predictions that are right; None without predictions."""
    return counts.predicted_right / counts.predicted if counts.predicted else None


def recall(counts: Counts) -> float | None:
    """Share of the gold spans that were found; None without gold."""
    return counts.gold_right / counts.gold if counts.gold else None


def f1(counts: Counts) -> float | None:
    """Share of all spans, gold and predicted, that are right: the harmonic mean of precision and recall.

    None when there are neither gold spans nor predictions.
    """
    spans = counts.gold + counts.predicted
    return (counts.gold_right + counts.predicted_right) / spans if spans else None
