"""The characters of many texts as one stream, and where each stands in another one.

White space is left out: it is what texts that are broken in other places differ in. What the streams have in common is
found by exact runs: from both ends, then around stretches that each side has once, in whatever order, then, in the
short gaps between them, by the matcher of sequences. All but the last takes time by the length.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.scoring.spans import Bools, Ints

Codes = NDArray[np.uint32]
# No white space has a higher code point.
_WHITE = np.array([code for code in range(0x3001) if chr(code).isspace()], np.uint32)
# So many characters in a row stand in most texts once; then fewer, between those.
_STRETCHES = (16, 6)
# A gap of so many pairs of characters is matched by characters at once, larger ones while the budget lasts.
_SHORT = 400
_LONG = 1_000_000
_ALTOGETHER = 5_000_000
# An odd number without a pattern in its bits.
_FACTOR = 0x9E3779B97F4A7C15


class Stream(Struct, frozen=True):
    """Texts without their white space, one behind the other.

    ``codes`` are the code points, ``places`` where each of them stands in the texts put together with their white
    space, ``starts`` where each text begins there, and, last, where all end; ``owners`` the number of each one's text.
    """

    codes: Codes
    places: Ints
    starts: Ints
    owners: Ints

    def edges(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """The indices of the first and the last character of spans of all texts; reversed for one of white space."""
        return np.searchsorted(self.places, starts), np.searchsorted(self.places, ends) - 1

    def broken(self) -> Bools:
        """Whether a text begins at each character, and one behind the last."""
        found = np.ones(len(self.codes) + 1, np.bool_)
        found[1:-1] = self.owners[1:] != self.owners[:-1]
        return found


def stream_of(texts: Sequence[str]) -> Stream:
    """The texts as one stream."""
    starts = np.fromiter(accumulate(map(len, texts), initial=0), np.int64, len(texts) + 1)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    places = np.flatnonzero(~np.isin(codes, _WHITE))
    owners = np.searchsorted(starts, places, "right") - 1
    return Stream(codes[places], places, starts, owners)


def counterparts(old: Stream, new: Stream) -> tuple[Ints, Bools]:
    """The index in ``new`` of each character of ``old``, −1 where it has none, each at most once.

    And which of these were found by runs, not one by one in a gap.
    """
    return _Search(old, new).run()


class _Search:
    def __init__(self, old: Stream, new: Stream) -> None:
        self.old, self.new = old.codes, new.codes
        self.broken = old.broken(), new.broken()
        self.there = np.full(len(self.old), -1, np.int64)
        self.taken = np.zeros(len(self.new), np.bool_)
        self.by_run = np.zeros(len(self.old), np.bool_)
        self.budget = _ALTOGETHER

    def run(self) -> tuple[Ints, Bools]:
        regions = [(0, len(self.old), 0, len(self.new))]
        while regions:
            region = self._trimmed(*regions.pop())
            if region is not None:
                regions += self._within(*region)
        return self.there, self.by_run

    def _put(self, a: int, b: int, size: int, *, by_run: bool = True) -> None:
        self.there[a : a + size] = np.arange(b, b + size)
        self.taken[b : b + size] = True
        self.by_run[a : a + size] = by_run

    def _trimmed(self, a: int, a_end: int, b: int, b_end: int) -> tuple[int, int, int, int] | None:
        """What is left of a region without what both sides have at its beginning and its end."""
        size = self._certain(_same(self.old[a:a_end], self.new[b:b_end]), a, b, 1)
        self._put(a, b, size)
        a, b = a + size, b + size
        size = self._certain(_same(self.old[a:a_end][::-1], self.new[b:b_end][::-1]), a_end, b_end, -1)
        self._put(a_end - size, b_end - size, size)
        a_end, b_end = a_end - size, b_end - size
        return (a, a_end, b, b_end) if a < a_end and b < b_end and (a_end - a) * (b_end - b) > 1 else None

    def _certain(self, size: int, a: int, b: int, step: int) -> int:
        """How much of what both streams have at their beginning or end is no chance; all of it between two runs.

        Where documents stand in another order, others may go on with the same few characters behind a common break.
        """
        if a not in (0, len(self.old)) or b not in (0, len(self.new)) or size == min(len(self.old), len(self.new)):
            return size
        steps = range(max(0, size - _STRETCHES[0]), size)
        return next(
            (at for at in reversed(steps) if self.broken[0][a + step * at] & self.broken[1][b + step * at]), size
        )

    def _both_broken(self, at: int, shift: int) -> bool:
        return bool(self.broken[0][at] and self.broken[1][at + shift])

    def _within(self, a: int, a_end: int, b: int, b_end: int) -> list[tuple[int, int, int, int]]:
        """Match what lies in a region. The gaps that are left to be looked at."""
        pairs = (a_end - a) * (b_end - b)
        if pairs > _SHORT:
            for length in _STRETCHES:
                found = self._runs(a, a_end, b, b_end, length)
                if found:
                    return list(_gaps(found, a, a_end, b, b_end))
        if pairs <= _SHORT or pairs <= min(_LONG, self.budget):
            self.budget -= pairs if pairs > _SHORT else 0
            one, other = self.old[a:a_end].tolist(), self.new[b:b_end].tolist()
            for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
                self._put(a + block.a, b + block.b, block.size, by_run=False)
        return []

    def _runs(self, a: int, a_end: int, b: int, b_end: int, length: int) -> list[tuple[int, int, int]]:
        """The longest exact runs around stretches that each side of a region has once, the longest first."""
        left, right = _once(self.old[a:a_end], length), _once(self.new[b:b_end], length)
        _, at_left, at_right = np.intersect1d(left[0], right[0], assume_unique=True, return_indices=True)
        places, others = left[1][at_left] + a, right[1][at_right] + b
        if not len(places):
            return []
        order = np.argsort(places)
        places, others = places[order], others[order]
        # Stretches side by side at the same distance are of one run, or of several with edits between them.
        first = np.flatnonzero(np.diff(others - places, prepend=np.iinfo(np.int64).min))
        last = np.append(first[1:], len(places)) - 1
        runs = zip(
            places[first].tolist(), (places[last] + length).tolist(), (others - places)[first].tolist(), strict=True
        )
        # What is certain comes first: drawing out one run takes nothing from another.
        found = [run for begin, end, shift in sorted(runs, key=_size) for run in self._put_equal(begin, end, shift)]
        drawn = [self._drawn_out(*run, (a, a_end, b, b_end)) for run in sorted(found, key=_size)]
        return sorted(drawn)

    def _put_equal(self, begin: int, end: int, shift: int) -> Iterator[tuple[int, int, int]]:
        """Pair the equal characters at one distance from each other; the runs, with the distance."""
        free = (self.there[begin:end] < 0) & ~self.taken[begin + shift : end + shift]
        equal = np.concatenate(
            [[False], free & (self.old[begin:end] == self.new[begin + shift : end + shift]), [False]]
        )
        edges = (begin + np.flatnonzero(equal[1:] != equal[:-1])).tolist()
        for from_, to in zip(edges[::2], edges[1::2], strict=True):
            # The same few characters before or behind a common break may be of others.
            near = range(max(from_, to - _STRETCHES[0]), to + 1)
            stop = next((at for at in reversed(near) if self._both_broken(at, shift)), to)
            near = range(from_, min(stop, from_ + _STRETCHES[0]) + 1)
            start = next((at for at in near if self._both_broken(at, shift)), from_)
            if start == stop:
                continue
            self._put(start, start + shift, stop - start)
            yield start, stop, shift

    def _drawn_out(self, begin: int, end: int, shift: int, region: tuple[int, int, int, int]) -> tuple[int, int, int]:
        """A run with what is equal on either side of it: where it begins on both sides, and how long it is.

        It ends where both sides are broken: what stands behind that may be anything.
        """
        a, a_end, b, b_end = region
        low, high = max(a, b - shift), min(a_end, b_end - shift)
        begin -= self._reach(begin - 1, low - 1, shift, -1)
        end += self._reach(end, high, shift, 1)
        self._put(begin, begin + shift, end - begin)
        return begin, begin + shift, end - begin

    def _reach(self, at: int, limit: int, shift: int, step: int) -> int:
        """How many characters from a place on are the same, and free on both sides."""
        reached, width = 0, 32
        while at != limit:
            size = min(width, abs(limit - at))
            here = slice(at, at + size) if step > 0 else slice(at - size + 1, at + 1)
            beside = slice(here.start + shift, here.stop + shift)
            fits = (self.old[here] == self.new[beside]) & (self.there[here] < 0) & ~self.taken[beside]
            # A character behind a break is not reached from before it, nor one before it from behind.
            ahead = int(step < 0)
            fits &= ~(
                self.broken[0][here.start + ahead : here.stop + ahead]
                & self.broken[1][beside.start + ahead : beside.stop + ahead]
            )
            wrong = np.flatnonzero(~fits[::step])
            if len(wrong):
                return reached + int(wrong[0])
            reached, at, width = reached + size, at + step * size, 2 * width
        return reached


def _size(run: tuple[int, int, int]) -> int:
    """For the longest first."""
    return run[0] - run[1]


def _gaps(
    runs: Sequence[tuple[int, int, int]], a: int, a_end: int, b: int, b_end: int
) -> Iterator[tuple[int, int, int, int]]:
    """What lies between runs that follow one another on both sides, and before the first and behind the last."""
    by_new = sorted(range(len(runs)), key=lambda number: runs[number][1])
    rank = [0] * len(runs)
    for place, number in enumerate(by_new):
        rank[number] = place
    bounds = [(a, b, 0), *runs, (a_end, b_end, 0)]
    ranks = [-1, *rank, len(runs)]
    for number in range(len(bounds) - 1):
        one, other = bounds[number], bounds[number + 1]
        if ranks[number + 1] == ranks[number] + 1:
            yield one[0] + one[2], other[0], one[1] + one[2], other[1]


def _same(one: Codes, other: Codes) -> int:
    """How many characters two streams have in common at their beginning."""
    at, width, size = 0, 64, min(len(one), len(other))
    while at < size:
        stop = min(at + width, size)
        wrong = np.flatnonzero(one[at:stop] != other[at:stop])
        if len(wrong):
            return at + int(wrong[0])
        at, width = stop, 2 * width
    return size


def _once(codes: Codes, length: int) -> tuple[NDArray[np.uint64], Ints]:
    """The stretches of a length that stand in a stream once, as hashes, and their places."""
    number = len(codes) - length + 1
    if number < 1:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    hashes = np.zeros(number, np.uint64)
    factor = np.uint64(_FACTOR)
    for at in range(length):
        hashes = hashes * factor + codes[at : at + number]
    found, places, times = np.unique(hashes, return_index=True, return_counts=True)
    return found[times == 1], places[times == 1].astype(np.int64)
