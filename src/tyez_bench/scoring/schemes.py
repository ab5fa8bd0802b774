"""The schemes: what counts as right; precision, recall and F1 of counts, and their means.

strict     boundary and type are the gold's
exact      the boundary is the gold's, whatever the type
partial    a shared character is half right, the gold's boundary wholly, whatever the type
type       a shared character is right when the type is the gold's
tolerant   strict, but a boundary that the gold accepts as an alternative is as good as its own
characters every character with its type is right or wrong by itself

The first, second, third and fourth are those of SemEval-2013 task 9 (Segura-Bedmar et al. 2013).
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.bootstrap import Histogram, Interval
from tyez_bench.scoring.counts import Cells, Count, CountTable
from tyez_bench.scoring.spans import Bools


class Scheme(NamedTuple):
    """Which columns hold what: gold spans, predictions, and the pairs that are right.

    ``paired`` are all pairs, ``in_row`` those that one type's row holds with both sides: a pair of two types is in no
    row of a scheme that asks for the type. Both are None for characters. With ``half``, a pair that is not right is
    half right.
    """

    summary: str
    gold: Count
    predicted: Count
    right: Count
    paired: Count | None
    in_row: Count | None
    half: bool = False


SCHEMES: dict[str, Scheme] = {
    "strict": Scheme("boundary and type", Count.GOLD, Count.PREDICTED, Count.RIGHT, Count.PAIRED, Count.SAME_TYPE),
    "tolerant": Scheme(
        "boundary, or an accepted alternative, and type",
        Count.TOLERANT_GOLD,
        Count.TOLERANT_PREDICTED,
        Count.TOLERANT_RIGHT,
        Count.TOLERANT_PAIRED,
        Count.TOLERANT_SAME_TYPE,
    ),
    "exact": Scheme("boundary", Count.GOLD, Count.BOOKED, Count.SAME_BOUNDARY, Count.PAIRED, Count.PAIRED),
    "partial": Scheme(
        "half for an overlap", Count.GOLD, Count.BOOKED, Count.SAME_BOUNDARY, Count.PAIRED, Count.PAIRED, True
    ),
    "type": Scheme("an overlap and type", Count.GOLD, Count.PREDICTED, Count.SAME_TYPE, Count.PAIRED, Count.SAME_TYPE),
    "characters": Scheme(
        "each character and its type",
        Count.GOLD_CHARACTERS,
        Count.PREDICTED_CHARACTERS,
        Count.RIGHT_CHARACTERS,
        None,
        None,
    ),
}

REQUIRE = Scheme(
    "strict, optional spans required",
    Count.REQUIRED_GOLD,
    Count.REQUIRED_PREDICTED,
    Count.REQUIRED_RIGHT,
    Count.REQUIRED_PAIRED,
    Count.REQUIRED_SAME_TYPE,
)


class Counts(Struct, frozen=True):
    """Gold spans, predictions, and the pairs of them that are right.

    Attributes:
        gold: how many gold spans count.
        predicted: how many predictions count.
        right: how many pairs are right; a half counts .5.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.score_spans([[(0, 2, "PER"), (3, 5, "ORG")]], [[(0, 2, "PER")]]).counts()
        Counts(gold=2, predicted=1, right=1)
    """

    gold: int = 0
    predicted: int = 0
    right: float = 0


class MucCounts(Struct, frozen=True):
    """The categories of MUC.

    Correct + incorrect + partial + missed = gold, and correct + incorrect + partial + spurious = predictions, in every
    row. Where the scheme asks for the type, a pair of two types is incorrect in the total, and missed and spurious in
    the rows of the two types, as its sides stand there one by one.

    Attributes:
        correct: pairs that are right.
        incorrect: pairs that are wrong.
        partial: pairs that are half right.
        missed: gold spans without a partner.
        spurious: predictions without one.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.score_spans([[(0, 2, "PER"), (3, 5, "ORG")]], [[(0, 2, "PER")]]).outcome()
        MucCounts(correct=1, incorrect=0, partial=0, missed=1, spurious=0)
    """

    correct: int
    incorrect: int
    partial: int
    missed: int
    spurious: int


def select(table: CountTable, scheme: Scheme) -> CountTable:
    """The counts of a scheme, (…, 3): gold, predicted, right, from (…, columns)."""
    right = table[..., scheme.right]
    if scheme.half and scheme.paired is not None:
        # Counts stand in types too small for their sums.
        right = (right.astype(np.int64) + table[..., scheme.paired]) / 2
    return np.stack([table[..., scheme.gold], table[..., scheme.predicted], right], axis=-1)


def histograms(cells: Cells, types: Sequence[int], scheme: Scheme, rows: Sequence[int | None]) -> Iterator[Histogram]:
    """For each row, a type or None for all of ``types`` together, how many units have which counts."""
    for row in rows:
        if row is None:
            yield _together(cells, types, scheme)
        else:
            found, times = cells.distinct(cells.type == row)
            yield Histogram.of(select(found, scheme), cells.units, times)


def _together(cells: Cells, types: Sequence[int], scheme: Scheme) -> Histogram:
    chosen = np.zeros(cells.types, np.bool_)
    chosen[list(types)] = True
    blocks = list(cells.blocks())
    if len(blocks) == 1:
        return Histogram.of(_by_unit(cells, blocks[0], chosen, scheme), cells.units)
    parts = [Histogram.of(_by_unit(cells, block, chosen, scheme)) for block in blocks]
    nothing = Histogram.of(np.zeros((0, 3)))
    rows, sizes = (np.concatenate([getattr(one, name) for one in (nothing, *parts)]) for name in ("rows", "sizes"))
    return Histogram.of(rows, cells.units, sizes)


def _by_unit(cells: Cells, block: slice, chosen: Bools, scheme: Scheme) -> CountTable:
    """The counts of the units of some cells that have any of the chosen types, (units, 3)."""
    kept = chosen[cells.type[block]]
    first = np.flatnonzero(np.diff(cells.unit[block][kept], prepend=-1))
    columns = [scheme.gold, scheme.predicted, scheme.right, *([scheme.paired] if scheme.half else [])]
    # A column at a time: of a million units the whole table is large.
    sums = [
        np.add.reduceat(cells.column(column, block)[kept], first, dtype=np.int64) if len(first) else first
        for column in columns
        if column is not None
    ]
    if scheme.half:
        sums[2:] = [(sums[2] + sums[3]) / 2]
    return np.stack(sums, axis=1)


def summed(cells: Cells, types: Sequence[int], scheme: Scheme) -> NDArray[np.float64]:
    """The counts of each unit under a scheme, of some types together: (units, 3)."""
    columns = [scheme.gold, scheme.predicted, scheme.right, *([scheme.paired] if scheme.paired is not None else [])]
    table = cells.by_unit(types, columns).astype(np.float64)
    if scheme.half:
        table[:, 2] = (table[:, 2] + table[:, 3]) / 2
    return table[:, :3]


def counts(row: CountTable, scheme: Scheme) -> Counts:
    """The counts of one row of columns."""
    gold, predicted, right = select(row, scheme).tolist()
    return Counts(int(gold), int(predicted), right)


def outcome(row: CountTable, scheme: Scheme, *, of_type: bool = False) -> MucCounts | None:
    """The MUC categories of the columns of all types, or of one; None for characters, which are not paired."""
    column = scheme.in_row if of_type else scheme.paired
    if column is None:
        return None
    gold, predicted, paired, right = (int(row[c]) for c in (scheme.gold, scheme.predicted, column, scheme.right))
    return MucCounts(
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


def figures_data(counts: Counts) -> dict[str, Any]:
    """Counts, and the figures made from them, as plain data."""
    return {
        "precision": precision(counts),
        "recall": recall(counts),
        "f1": f1(counts),
        "tp": counts.right,
        "fp": counts.predicted - counts.right,
        "fn": counts.gold - counts.right,
        "gold": counts.gold,
        "predicted": counts.predicted,
    }


def bounds_data(interval: Interval | None) -> list[float] | None:
    """An interval as [low, high]."""
    return None if interval is None else [interval.low, interval.high]


def bounded(name: str, interval: Interval | None, reason: str | None) -> dict[str, Any]:
    """An interval under its name; where it is null, why it is, under the same name with ``_reason``."""
    return {name: bounds_data(interval)} | ({} if reason is None else {f"{name}_reason": reason})


def all_bounded(found: Mapping[str, Interval | None], reasons: Mapping[str, str]) -> dict[str, Any]:
    """The intervals of measures, with the reasons."""
    data: dict[str, Any] = {}
    for measure, known in found.items():
        data |= bounded(f"{measure}_interval", known, reasons.get(measure))
    return data


MEASURES = {"precision": precision, "recall": recall, "f1": f1}
# By measure its value, None where it is undefined.
Figures = dict[str, float | None]


def averages(types: Sequence[Counts], documents: Histogram) -> dict[str, Figures]:
    """Means over the types and over the documents that have gold; see :meth:`tyez_bench.Report.averages`."""
    rows = [found for found in types if found.gold]
    texts = [Counts(int(gold), int(predicted), right) for gold, predicted, right in documents.rows.tolist()]
    sizes = [size if found.gold else 0 for found, size in zip(texts, documents.sizes.tolist(), strict=True)]
    return {
        "macro": _mean(rows, [1] * len(rows)),
        "weighted": _mean(rows, [found.gold for found in rows]),
        "documents": _mean(texts, sizes),
    }


def _mean(rows: Sequence[Counts], weights: Sequence[int]) -> Figures:
    """Rounded once, so that the order of the rows does not show."""
    total = sum(weights)
    if not total:
        return dict.fromkeys(MEASURES)
    return {
        name: float(sum(weight * Fraction(measure(row) or 0.0) for row, weight in zip(rows, weights, strict=True)))
        / total
        for name, measure in MEASURES.items()
    }


class Spread(Struct, frozen=True):
    """The mean, the lowest and the highest of a figure."""

    mean: float
    low: float
    high: float


def spread_of(values: Sequence[float | None]) -> Spread | None:
    """The spread of a figure over runs; None where one of them has none."""
    told = [value for value in values if value is not None]
    return Spread(sum(told) / len(told), min(told), max(told)) if len(told) == len(values) else None
