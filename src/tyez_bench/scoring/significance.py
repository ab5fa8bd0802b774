"""Pairs of systems drawn and swapped: the paired tests, their p-values, and what they can tell.

A unit is a row of the counts of both, the first system's three and the second's. As in ``bootstrap.py`` what comes out
follows from the rows, how often each occurs, and the seed.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.model.errors import counted
from tyez_bench.scoring.bootstrap import (
    ENOUGH,
    Array,
    Histogram,
    Interval,
    block_sizes,
    draw,
    interval,
    measures,
)

# Up to so many units, places in the order of the rows are drawn once for all pairs; above, the rows of each pair.
FEW = 10_000


# Differences of F1 are quotients of whole numbers: anything closer than this is equal.
_TINY = 1e-12

# What p must get below for two systems to be told apart.
LEVEL = 0.05

# A difference of this many standard deviations is found in 80 % of the cases, at 5 % two-sided: z(.975) + z(.80).
DETECTABLE = 2.80


class Pair(Struct, frozen=True):
    """The rows of two systems, (first 3, second 3), and -1 where the second system of a comparison stands first.

    Which stands first follows from the counts, so that a comparison is the same from both sides.
    """

    rows: Histogram
    sign: int


def pair_rows(one: Array, other: Array) -> Pair:
    """Two systems by their counts over the same units, (units, 3) each."""
    there, back = Histogram.of(np.hstack([one, other])), Histogram.of(np.hstack([other, one]))
    if _content(back) < _content(there):
        return Pair(back, -1)
    return Pair(there, 1)


def _content(of: Histogram) -> tuple[bytes, bytes]:
    return of.rows.tobytes(), of.sizes.tobytes()


class Resampled(Struct, frozen=True):
    """The differences of F1, second system less first: of each draw, and under each swap."""

    drawn: Array
    swapped: Array


def resample(pairs: Sequence[Pair], *, number: int, seed: int) -> list[Resampled]:
    """Draw and swap the units of pairs of systems; all have as many units."""
    if not pairs:
        return []
    units = pairs[0].rows.units
    if units > FEW:
        return [
            _signed(
                pair, [f1_differences(draw(pair.rows, number, seed))], swapped(pair, _row_swaps(pair, number, seed))
            )
            for pair in pairs
        ]
    tables = [np.repeat(pair.rows.rows, pair.rows.sizes, axis=0) for pair in pairs]
    # One product for all pairs: of one after the other, each would read all draws again.
    every, moves = np.hstack(tables), np.hstack([gains(table) for table in tables])
    drawn = [np.split(weights @ every, len(pairs), axis=1) for weights in _draws(units, number, seed)]
    moved = [np.split(swaps @ moves, len(pairs), axis=1) for swaps in _swaps(units, number, seed)]
    return [
        _signed(pair, list(map(f1_differences, one)), swapped(pair, other))
        for pair, one, other in zip(pairs, zip(*drawn, strict=True), zip(*moved, strict=True), strict=True)
    ]


def _signed(pair: Pair, drawn: Sequence[Array], moved: Array) -> Resampled:
    return Resampled(pair.sign * np.concatenate(drawn), pair.sign * moved)


def f1_differences(counts: Array) -> Array:
    """Differences of F1 from many counts of both systems, (…, 6)."""
    found: Array = f1_of(counts[..., 3:]) - f1_of(counts[..., :3])
    return found


def gains(table: Array) -> Array:
    """What the first system gains, and the second loses, when a unit's answers change places: (units, 3)."""
    found: Array = table[:, 3:] - table[:, :3]
    return found


def swapped(pair: Pair, gained: Iterable[Array]) -> Array:
    """Differences of F1 under swaps, in blocks of (swaps, 3): what the first system gains by each."""
    one, other = np.split(pair.rows.sizes @ pair.rows.rows, 2)
    return np.concatenate([f1_of(other - gain) - f1_of(one + gain) for gain in gained])


def _draws(units: int, number: int, seed: int) -> Iterator[Array]:
    """Yield blocks of draws, (draws, units): how often each unit is drawn."""
    rng = np.random.default_rng(seed)
    for size in block_sizes(units, number):
        drawn = rng.integers(units, size=(size, units), dtype=np.int32)
        # All draws of a block at once: each counts in a stretch of its own.
        drawn += np.arange(size, dtype=np.int32)[:, None] * np.int32(units)
        yield np.bincount(drawn.ravel(), minlength=size * units).reshape(size, units).astype(np.float64)


def _swaps(units: int, number: int, seed: int) -> Iterator[Array]:
    """Yield blocks of swaps, (swaps, units): 1 where the two answers change places."""
    rng = np.random.default_rng(seed)
    for size in block_sizes(units, number):
        yield rng.integers(2, size=(size, units), dtype=np.uint8).astype(np.float64)


def _row_swaps(pair: Pair, number: int, seed: int) -> Iterator[Array]:
    """Yield blocks of what the first system gains, from how many units of each row change places."""
    rng, moves = np.random.default_rng(seed), gains(pair.rows.rows)
    for size in block_sizes(len(moves), number):
        yield rng.binomial(pair.rows.sizes, 0.5, size=(size, len(moves))) @ moves


def f1_of(counts: Array) -> Array:
    """F1 of many counts, (…, 3), with NaN where it is undefined."""
    return measures(counts)["f1"]


class Bootstrapped(Struct, frozen=True):
    """What draws of a difference tell of it: None, and a reason in words, where they tell nothing."""

    interval: Interval | None
    deviation: float | None
    p: float | None
    reason: str | None


def bootstrapped(drawn: Array, observed: float, units: int, differing: int, unit: str) -> Bootstrapped:
    """The interval, the standard deviation and the p-value of a difference from its draws, of two units or more.

    Of draws that all give the same difference the interval has no width, and there is no deviation: they know no other
    difference, which is no certainty that there is none.
    """
    found, deviation = interval(drawn), float(np.nanstd(drawn))
    if not differing:
        return Bootstrapped(found, None, 1.0, f"both have the same counts in every {unit}, and so in every draw")
    if deviation < _TINY:
        return Bootstrapped(found, None, None, "every draw gives this difference, which does not make it certain")
    if units < ENOUGH:
        few = f"{counted(units, unit)} can give no p-value below {least_p(units):g}, and so none below 0.05"
        return Bootstrapped(found, deviation, None, few)
    return Bootstrapped(found, deviation, p_value(np.abs(drawn - np.nanmean(drawn)), observed), None)


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


def detectable(deviation: float | None, units: int) -> float | None:
    """The difference found with 80 % power, from the deviation over the draws; None where no test can get below 5 %."""
    return None if deviation is None or units < ENOUGH else DETECTABLE * deviation


def least_p(units: int) -> float:
    """The smallest two-sided p-value of swaps in so many units: none swapped and all swapped are as extreme."""
    return min(1.0, 2.0 ** (1 - units))
