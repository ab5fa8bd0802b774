"""The schemes: what counts as right; precision, recall and F1 of counts, and their means.

strict     boundary and type are the gold's
exact      the boundary is the gold's, whatever the type
partial    a shared character is half right, the gold's boundary wholly, whatever the type
type       a shared character is right when the type is the gold's
tolerant   strict, but a boundary that the gold accepts as an alternative is as good as its own
characters every character with its type is right or wrong by itself

The first, second, third and fourth are those of SemEval-2013 task 9 (Segura-Bedmar et al. 2013).
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.counts import Cells, Column, Table


class Scheme(NamedTuple):
    """Which columns hold what: gold spans, predictions, and the pairs that are right.

    ``paired`` are all pairs, ``in_row`` those that one type's row holds with both sides: a pair of two types is in no
    row of a scheme that asks for the type. Both are None for characters. With ``half``, a pair that is not right is
    half right.
    """

    summary: str
    gold: Column
    predicted: Column
    right: Column
    paired: Column | None
    in_row: Column | None
    half: bool = False


SCHEMES: dict[str, Scheme] = {
    "strict": Scheme("boundary and type", Column.GOLD, Column.PREDICTED, Column.RIGHT, Column.PAIRED, Column.SAME_TYPE),
    "tolerant": Scheme(
        "boundary, or an accepted alternative, and type",
        Column.TOLERANT_GOLD,
        Column.TOLERANT_PREDICTED,
        Column.TOLERANT_RIGHT,
        Column.TOLERANT_PAIRED,
        Column.TOLERANT_SAME_TYPE,
    ),
    "exact": Scheme("boundary", Column.GOLD, Column.BOOKED, Column.SAME_BOUNDARY, Column.PAIRED, Column.PAIRED),
    "partial": Scheme(
        "half for an overlap", Column.GOLD, Column.BOOKED, Column.SAME_BOUNDARY, Column.PAIRED, Column.PAIRED, True
    ),
    "type": Scheme(
        "an overlap and type", Column.GOLD, Column.PREDICTED, Column.SAME_TYPE, Column.PAIRED, Column.SAME_TYPE
    ),
    "characters": Scheme(
        "each character and its type",
        Column.GOLD_CHARACTERS,
        Column.PREDICTED_CHARACTERS,
        Column.RIGHT_CHARACTERS,
        None,
        None,
    ),
}

REQUIRE = Scheme(
    "strict, optional spans required",
    Column.REQUIRED_GOLD,
    Column.REQUIRED_PREDICTED,
    Column.REQUIRED_RIGHT,
    Column.REQUIRED_PAIRED,
    Column.REQUIRED_SAME_TYPE,
)


class Counts(Struct, frozen=True):
    """Gold spans, predictions, and the pairs of them that are right (a half counts .5)."""

    gold: int = 0
    predicted: int = 0
    right: float = 0


class Outcome(Struct, frozen=True):
    """Correct, incorrect, partial, missed, spurious (MUC).

    Correct + incorrect + partial + missed = gold, and correct + incorrect + partial + spurious = predictions, in every
    row. Where the scheme asks for the type, a pair of two types is incorrect in the total, and missed and spurious in
    the rows of the two types, as its sides stand there one by one.
    """

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int


def select(table: Table, scheme: Scheme) -> Table:
    """The counts of a scheme, (…, 3): gold, predicted, right, from (…, columns)."""
    right = table[..., scheme.right]
    if scheme.half and scheme.paired is not None:
        # Counts stand in types too small for their sums.
        right = (right.astype(np.int64) + table[..., scheme.paired]) / 2
    return np.stack([table[..., scheme.gold], table[..., scheme.predicted], right], axis=-1)


def summed(cells: Cells, types: Sequence[int], scheme: Scheme) -> NDArray[np.float64]:
    """The counts of each unit under a scheme, of some types together: (units, 3)."""
    columns = [scheme.gold, scheme.predicted, scheme.right, *([scheme.paired] if scheme.paired is not None else [])]
    table = cells.by_unit(types, columns).astype(np.float64)
    if scheme.half:
        table[:, 2] = (table[:, 2] + table[:, 3]) / 2
    return table[:, :3]


def counts(row: Table, scheme: Scheme) -> Counts:
    """The counts of one row of columns."""
    gold, predicted, right = select(row, scheme).tolist()
    return Counts(int(gold), int(predicted), right)


def outcome(row: Table, scheme: Scheme, *, of_type: bool = False) -> Outcome | None:
    """The MUC categories of the columns of all types, or of one; None for characters, which are not paired."""
    column = scheme.in_row if of_type else scheme.paired
    if column is None:
        return None
    gold, predicted, paired, right = (int(row[c]) for c in (scheme.gold, scheme.predicted, column, scheme.right))
    return Outcome(
        correct=right,
        incorrect=0 if scheme.half else paired - right,
        partial=paired - right if scheme.half else 0,
        missed=gold - paired,
        spurious=predicted - paired,
    )


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
