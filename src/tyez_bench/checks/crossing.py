"""What a span crosses, in time that grows little faster than the number of spans."""

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import add
from typing import Any

Crossed = tuple[dict[str, Any] | None, int]


def crossings(entities: list[dict[str, Any]]) -> Iterator[Crossed]:
    """For each raw entity, by (start, −end): the first that it crosses, and how many more.

    An entity crosses those that begin before it and end inside of it.
    """
    ends = sorted({entity["end"] for entity in entities})
    place = {end: at for at, end in enumerate(ends)}
    # By end: how many entities, the number of the first of them.
    number = _Tree(len(ends), add, 0)
    first = _Tree(len(ends), min, len(entities))
    # What begins at one place crosses nothing that begins there.
    waiting: list[tuple[int, int]] = []
    begin, beyond = -1, 0
    for bounds, group in groupby(enumerate(entities), lambda pair: (pair[1]["start"], pair[1]["end"])):
        start, at = bounds[0], place[bounds[1]]
        members = [index for index, _ in group]
        if start != begin:
            for index, end in waiting:
                number.put(end, 1)
                first.put(end, index)
            waiting, begin = [], start
            while beyond < len(ends) and ends[beyond] <= start:
                beyond += 1
        crossed = first.of(beyond, at)
        found: Crossed = (
            entities[crossed] if crossed < len(entities) else None,
            max(0, number.of(beyond, at) - 1),
        )
        for index in members:
            waiting.append((index, at))
            yield found


class _Tree:
    """Values at places from 0, and what an operation makes of all of those in a range (a segment tree)."""

    def __init__(self, size: int, operation: Callable[[int, int], int], nothing: int):
        self._size, self._operation, self._nothing = size, operation, nothing
        self._values = [nothing] * (2 * size)

    def put(self, place: int, value: int) -> None:
        """Add a value at a place."""
        at = place + self._size
        while at:
            self._values[at] = self._operation(self._values[at], value)
            at //= 2

    def of(self, low: int, high: int) -> int:
        """What the values from ``low`` up to ``high``, without it, make together."""
        found, low, high = self._nothing, low + self._size, high + self._size
        while low < high:
            if low % 2:
                found = self._operation(found, self._values[low])
                low += 1
            if high % 2:
                high -= 1
                found = self._operation(found, self._values[high])
            low, high = low // 2, high // 2
        return found
