"""Systems drawn and swapped together: what the paired tests of every pair rest on."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.bootstrap import Array, block_sizes, draw, measures, sums


class Resampled(Struct, frozen=True):
    """Some systems on the same draws and under the same swaps.

    ``f1`` is that of each draw, (draws, systems); ``taken`` is what each swap takes of the counts of each system,
    (swaps, systems, 3), whose totals are ``whole``, (systems, 3).
    """

    f1: Array
    taken: Array
    whole: Array

    def drawn(self, one: int, other: int) -> Array:
        """The differences of F1 over the draws."""
        found: Array = self.f1[:, other] - self.f1[:, one]
        return found

    def swapped(self, one: int, other: int) -> Array:
        """The differences of F1 under the swaps."""
        moved = self.taken[:, other] - self.taken[:, one]
        return f1_of(self.whole[other] - moved) - f1_of(self.whole[one] + moved)


def resample(tables: Sequence[Array], *, number: int, seed: int) -> Resampled:
    """Draw and swap once for all systems, of their counts over the same units, (units, 3) each."""
    units, side = len(tables[0]), np.hstack(list(tables))
    drawn = [f1_of(sums(side, d).reshape(len(d), -1, 3)) for d in draw(units, number, seed)]
    taken = [swapped_counts(tables, swaps) for swaps in _swaps(units, number, seed)]
    return Resampled(np.concatenate(drawn), np.concatenate(taken), side.sum(axis=0).reshape(-1, 3))


def swapped_counts(tables: Sequence[Array], swaps: NDArray[np.bool_]) -> Array:
    """What each row of swaps, (swaps, units), takes of the counts of each system: (swaps, systems, 3)."""
    found: Array = swaps.astype(np.float64) @ np.hstack(list(tables))
    return found.reshape(len(swaps), -1, 3)


def _swaps(units: int, number: int, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Yield blocks of swaps, (draws, units): whether the two answers change places."""
    rng = np.random.default_rng(seed)
    for size in block_sizes(units, number):
        yield rng.integers(2, size=(size, units)).astype(bool)


def f1_of(counts: Array) -> Array:
    """F1 of many counts, (…, 3), with NaN where it is undefined."""
    return measures(counts)["f1"]
