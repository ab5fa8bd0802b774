"""Where the characters of a text stand in an edited version of it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from tyez_bench.io.align.texts import shared

# A million pairs of characters take about a second.
_BY_CHARACTERS = 1_000_000
_ALTOGETHER = 5_000_000
_PIECE = re.compile(r"[^。！？!?\n]*(?:[。！？!?\n]+|$)")


@lru_cache(maxsize=1)
def places(old: str, new: str) -> dict[int, int]:
    """Where each character of one text stands in the other."""
    # Most of two versions is the same from the beginning and from the end; the matcher is slow on long texts.
    head = shared(old, new)
    tail = shared(old[head:][::-1], new[head:][::-1])
    found = {at: at for at in range(head)}
    for a, b, size in _blocks(old[head : len(old) - tail], new[head : len(new) - tail]):
        found |= {head + a + i: head + b + i for i in range(size)}
    return found | {len(old) - i: len(new) - i for i in range(1, tail + 1)}


def _blocks(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    """What two texts have in common: where it stands in each, and how long it is.

    The matcher takes time by the product of the lengths. Long texts are matched by their sentences first, and what is
    between equal ones by characters where it is short enough; what is not, by the stretches that each of the two has
    once. What is too long without any of these is taken for replaced.
    """
    if len(old) * len(new) <= _BY_CHARACTERS:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        return
    budget = _ALTOGETHER
    for gap in _gaps(_equal_sentences(old, new), len(old), len(new)):
        yield gap.block
        for part in _gaps(_equal_stretches(old, new, gap), gap.old_end, gap.new_end, gap.old, gap.new):
            yield part.block
            size = (part.old_end - part.old) * (part.new_end - part.new)
            if size <= min(_BY_CHARACTERS, budget):
                budget -= size
                before, behind = old[part.old : part.old_end], new[part.new : part.new_end]
                for a, b, length in SequenceMatcher(None, before, behind, autojunk=False).get_matching_blocks():
                    yield part.old + a, part.new + b, length


class _Gap(NamedTuple):
    """What lies between two equal blocks, and the one before it."""

    block: tuple[int, int, int]
    old: int
    new: int
    old_end: int
    new_end: int


def _gaps(
    blocks: Iterable[tuple[int, int, int]], old_end: int, new_end: int, old: int = 0, new: int = 0
) -> Iterator[_Gap]:
    """Each of the blocks with what follows it, and first what comes before all."""
    before = (old, new, 0)
    for block in (*blocks, (old_end, new_end, 0)):
        yield _Gap(before, before[0] + before[2], before[1] + before[2], block[0], block[1])
        before = block


def _equal_sentences(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    at_left, at_right = (list(accumulate(map(len, pieces), initial=0)) for pieces in (left, right))
    for a, b, size in SequenceMatcher(None, left, right).get_matching_blocks():
        yield at_left[a], at_right[b], at_left[a + size] - at_left[a]


def _equal_stretches(old: str, new: str, gap: _Gap) -> list[tuple[int, int, int]]:
    """Stretches that each of the two has once, the most that stand in one order in both; none where it is short.

    The longest increasing subsequence of their places (patience sorting).
    """
    if (gap.old_end - gap.old) * (gap.new_end - gap.new) <= _BY_CHARACTERS:
        return []
    there = _once(new, gap.new, gap.new_end)
    pairs = [(a, there[text]) for text, a in _once(old, gap.old, gap.old_end).items() if text in there]
    # The last pair of the best chain of each length, and what comes before a pair in its chain.
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for number, (_, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before[number] = last[length - 1] if length else -1
        ends[length : length + 1], last[length : length + 1] = [b], [number]
    chain, number = [], last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    found: list[tuple[int, int, int]] = []
    for a, b in reversed(chain):
        first_a, first_b, size = found[-1] if found else (-_STRETCH, -_STRETCH, 0)
        if a - first_a == b - first_b and a <= first_a + size:
            found[-1] = (first_a, first_b, a + _STRETCH - first_a)
        elif a >= first_a + size and b >= first_b + size:
            found.append((a, b, _STRETCH))
    return found


# So many characters in a row stand in most texts once.
_STRETCH = 12


def _once(text: str, start: int, end: int) -> dict[str, int]:
    """The stretches that a part of a text has once, with their places, in order."""
    places = range(start, end - _STRETCH + 1)
    number = Counter(text[at : at + _STRETCH] for at in places)
    return {stretch: at for at in places if number[stretch := text[at : at + _STRETCH]] == 1}
