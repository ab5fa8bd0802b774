"""The schemes: what counts as right, read off the columns of a table of counts.

strict     boundary and type are the gold's
exact      the boundary is the gold's, whatever the type
partial    a shared character is half right, the gold's boundary wholly, whatever the type
type       a shared character is right when the type is the gold's
tolerant   strict, but a boundary that the gold accepts as an alternative is as good as its own
characters every character with its type is right or wrong by itself

The first, second, third and fourth are those of SemEval-2013 task 9 (Segura-Bedmar et al. 2013).
"""

from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.counts import Column

Table = NDArray[Any]


class Scheme(NamedTuple):
    """Which columns hold what: all and right, on the side of the gold and on that of the predictions.

    ``half`` are the columns, gold and predicted, of what is half right where it is not right.
    """

    summary: str
    gold: Column
    predicted: Column
    gold_right: Column
    predicted_right: Column
    paired: tuple[Column, Column] | None
    half: bool = False


_PAIRED = (Column.GOLD_PAIRED, Column.PREDICTED_PAIRED)

SCHEMES: dict[str, Scheme] = {
    "strict": Scheme("boundary and type", Column.GOLD, Column.PREDICTED, Column.RIGHT, Column.RIGHT, _PAIRED),
    "tolerant": Scheme(
        "boundary, or an accepted alternative, and type",
        Column.TOLERANT_GOLD,
        Column.TOLERANT_PREDICTED,
        Column.TOLERANT_RIGHT,
        Column.TOLERANT_RIGHT,
        (Column.TOLERANT_GOLD_PAIRED, Column.TOLERANT_PREDICTED_PAIRED),
    ),
    "exact": Scheme(
        "boundary", Column.GOLD, Column.PREDICTED, Column.GOLD_BOUNDARY, Column.PREDICTED_BOUNDARY, _PAIRED
    ),
    "partial": Scheme(
        "half for an overlap",
        Column.GOLD,
        Column.PREDICTED,
        Column.GOLD_BOUNDARY,
        Column.PREDICTED_BOUNDARY,
        _PAIRED,
        True,
    ),
    "type": Scheme("an overlap and type", Column.GOLD, Column.PREDICTED, Column.TYPE, Column.TYPE, _PAIRED),
    "characters": Scheme(
        "each character and its type",
        Column.GOLD_CHARACTERS,
        Column.PREDICTED_CHARACTERS,
        Column.RIGHT_CHARACTERS,
        Column.RIGHT_CHARACTERS,
        None,
    ),
}

REQUIRE = Scheme(
    "strict, optional spans required",
    Column.REQUIRED_GOLD,
    Column.REQUIRED_PREDICTED,
    Column.REQUIRED_RIGHT,
    Column.REQUIRED_RIGHT,
    (Column.REQUIRED_GOLD_PAIRED, Column.REQUIRED_PREDICTED_PAIRED),
)


class Counts(Struct, frozen=True):
    """Gold spans and predictions, and how many of each are right (a half counts .5)."""

    gold: int = 0
    predicted: int = 0
    gold_right: float = 0
    predicted_right: float = 0


class Outcome(Struct, frozen=True):
    """Correct, incorrect, partial, missed, spurious (MUC), of one side or of both where they are the same.

    Correct + incorrect + partial + missed = gold, and correct + incorrect + partial + spurious = predictions; for a
    single type the two sides of a pair may stand in different rows, and only the gold's side is told here.
    """

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int


def select(table: Table, scheme: Scheme) -> Table:
    """The four counts of a scheme, (…, 4): gold, predicted, gold right, predicted right, from (…, columns)."""
    right = [table[..., scheme.gold_right], table[..., scheme.predicted_right]]
    if scheme.half and scheme.paired:
        # Counts stand in types too small for their sums.
        right = [
            (full.astype(np.int64) + table[..., paired]) / 2 for full, paired in zip(right, scheme.paired, strict=True)
        ]
    return np.stack([table[..., scheme.gold], table[..., scheme.predicted], *right], axis=-1)


def counts(row: Table, scheme: Scheme) -> Counts:
    """The counts of one row of columns."""
    gold, predicted, gold_right, predicted_right = select(row, scheme).tolist()
    if scheme.half:
        return Counts(int(gold), int(predicted), gold_right, predicted_right)
    return Counts(gold, predicted, gold_right, predicted_right)


def outcome(row: Table, scheme: Scheme) -> Outcome | None:
    """The MUC categories of one row of columns; None for characters, which are not paired."""
    if scheme.paired is None:
        return None
    gold, predicted, right = int(row[scheme.gold]), int(row[scheme.predicted]), int(row[scheme.gold_right])
    gold_paired, predicted_paired = (int(row[column]) for column in scheme.paired)
    between = gold_paired - right
    return Outcome(
        correct=right,
        incorrect=0 if scheme.half else between,
        partial=between if scheme.half else 0,
        missed=gold - gold_paired,
        spurious=predicted - predicted_paired,
    )
