"""Means of precision, recall and F1, beside the figures of all spans together."""

from collections.abc import Sequence

from tyez_bench.scoring.measures import MEASURES, Figures
from tyez_bench.scoring.schemes import Counts


def averages(types: Sequence[Counts], documents: Sequence[Counts]) -> dict[str, Figures]:
    """Means over the types and over the documents that have gold; see :meth:`tyez_bench.Report.averages`."""
    rows = [found for found in types if found.gold]
    texts = [found for found in documents if found.gold]
    return {
        "macro": _mean(rows, [1.0] * len(rows)),
        "weighted": _mean(rows, [float(found.gold) for found in rows]),
        "documents": _mean(texts, [1.0] * len(texts)),
    }


def _mean(rows: Sequence[Counts], weights: Sequence[float]) -> Figures:
    total = sum(weights)
    if not total:
        return dict.fromkeys(MEASURES)
    return {
        name: sum(weight * (measure(row) or 0.0) for row, weight in zip(rows, weights, strict=True)) / total
        for name, measure in MEASURES.items()
    }
