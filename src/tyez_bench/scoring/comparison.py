"""Whether two systems differ: paired tests on the same units.

Approximate randomisation (Noreen 1989): if the systems were the same, it would not matter which of the two gave a
sentence's answer. The answers are swapped at random, sentence by sentence; p is the share of swaps, the observed
one among them, whose difference of F1 is at least the observed one. Paired bootstrap (Berg-Kirkpatrick, Burkett and
Klein 2012): sentences are drawn with replacement, the same ones for both; it gives the difference its interval, and
p as the share of draws whose difference is off from their mean by at least the observed one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tyez_bench.errors import UsageError
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.resampling import SEED, Array, Interval, block_sizes, draw, interval, measures, sums

NUMBER = 10_000

# Differences of F1 are quotients of whole numbers: anything closer than this is equal.
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class Comparison:
    """System ``a`` against ``b``: difference of micro F1 (b − a), its interval, and the p-values.

    ``holm`` is the p-value of the randomisation test after Holm's correction (1979) for all pairs compared. All are
    None when F1 is undefined for one of the two.
    """

    a: str
    b: str
    difference: float | None
    interval: Interval | None
    randomisation: float | None
    bootstrap: float | None
    holm: float | None = None


def compare(reports: Sequence[Report], *, number: int = NUMBER, seed: int = SEED) -> list[Comparison]:
    """Compare every pair of systems, scored against the same gold. Raises UsageError for other gold or one system."""
    if len(reports) < 2:
        raise UsageError(f"expected at least two systems to compare, got {len(reports)}")
    for report in reports[1:]:
        if report.fingerprint != reports[0].fingerprint:
            raise UsageError(f"{reports[0].system} and {report.system} are scored against different gold")
    found = [_compare(a, b, number, seed) for a, b in combinations(reports, 2)]
    corrected = iter(holm([pair.randomisation for pair in found if pair.randomisation is not None]))
    return [pair if pair.randomisation is None else replace(pair, holm=next(corrected)) for pair in found]


def _table(report: Report) -> Array:
    rows = [astuple(unit.total) for unit in report.units]
    return np.array(rows, dtype=float).reshape(-1, 4)


def _f1(counts: Array) -> Array:
    return measures(counts)["f1"]


def _compare(a: Report, b: Report, number: int, seed: int) -> Comparison:
    one, other = _table(a), _table(b)
    observed = float(_f1(other.sum(axis=0)) - _f1(one.sum(axis=0)))
    if np.isnan(observed):
        return Comparison(a.system, b.system, None, None, None, None)
    drawn = np.concatenate([_f1(sums(other, d)) - _f1(sums(one, d)) for d in draw(len(one), number, seed)])
    swapped = np.concatenate([swapped_differences(one, other, s) for s in _swaps(len(one), number, seed)])
    return Comparison(
        a=a.system,
        b=b.system,
        difference=observed,
        interval=interval(drawn),
        randomisation=p_value(np.abs(swapped), observed),
        bootstrap=p_value(np.abs(drawn - np.nanmean(drawn)), observed),
    )


def _swaps(units: int, number: int, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Yield blocks of swaps, (draws, units): whether the two answers change places."""
    rng = np.random.default_rng(seed)
    for size in block_sizes(units, number):
        yield rng.integers(2, size=(size, units)).astype(bool)


def swapped_differences(one: Array, other: Array, swaps: NDArray[np.bool_]) -> Array:
    """Differences of F1 after each row of swaps, (draws, units), of the counts of two systems, (units, 4)."""
    moved = swaps.astype(np.float64) @ (other - one)
    return _f1(other.sum(axis=0) - moved) - _f1(one.sum(axis=0) + moved)


def p_value(extremes: Array, observed: float) -> float:
    """Share of draws, the observed one among them, that are at least as extreme; undefined draws count as such."""
    at_least = ~(extremes < abs(observed) - _TINY)
    return float((at_least.sum() + 1) / (len(extremes) + 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values after Holm's step-down correction, in the order given."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    corrected = [0.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = largest
    return corrected
