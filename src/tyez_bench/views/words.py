"""Texts cut into words, and entities on their boundaries. Offsets are half-open code points into the text cut."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from tyez_bench.errors import InputError

Bounds = tuple[int, int]
Segmenter = Callable[[str], Iterable[str]]
"""From a text to its words in order; white space may be left out."""
T = TypeVar("T")

ON_MISALIGNED = ("error", "expand", "contract", "drop")


def place_words(text: str, words: Iterable[str]) -> list[Bounds]:
    """Where the words stand in the text; words of white space alone are left out.

    The words must be the text, in order; white space between them is stepped over. Raises InputError when they are not.
    """
    found = []
    position = 0
    for word in words:
        if not word.strip():
            continue
        start = position
        while not text.startswith(word, start) and start < len(text) and text[start].isspace():
            start += 1
        if not text.startswith(word, start):
            raise InputError(
                f"the segmenter's word {word!r} is not in the text at {position}: {text[position:][:12]!r}"
            )
        position = start + len(word)
        found.append((start, position))
    if text[position:].strip():
        raise InputError(f"the segmenter left out the end of the text: {text[position:][:12]!r}")
    return found


class Moved(NamedTuple, Generic[T]):
    """Something with an edge inside a word, and where it went; None: it was dropped."""

    item: T
    bounds: Bounds
    to: Bounds | None


def snap(
    spans: Iterable[tuple[Bounds, T]], words: Sequence[Bounds], how: str, *, nested: bool = False
) -> tuple[list[tuple[Bounds, T]], list[Moved[T]]]:
    """Spans with both edges on edges of words, in order, and what became of those that had one elsewhere.

    ``expand`` takes the words that the span shares a character with, ``contract`` those that lie in it, ``drop`` leaves
    it out. A span is dropped, too, when no word is left of it, or when another has the words: one that fits comes
    before one that was moved, then the first before the later. Spans that may be ``nested`` can share words, but not
    have the same boundary.
    """
    starts, ends = {start for start, _ in words}, {end for _, end in words}
    fitting: list[tuple[Bounds, T]] = []
    waiting: list[tuple[Bounds, T]] = []
    moved: list[Moved[T]] = []
    for bounds, item in spans:
        fits = bounds[0] in starts and bounds[1] in ends
        (fitting if fits else waiting).append((bounds, item))
    for bounds, item in waiting:
        to = _snapped(bounds, words, how) if how in ("expand", "contract") else None
        if to is not None and any(_collide(to, other, nested) for other, _ in fitting):
            to = None
        if to is not None:
            fitting.append((to, item))
        moved.append(Moved(item, bounds, to))
    return sorted(fitting, key=lambda found: found[0]), moved


def _snapped(bounds: Bounds, words: Sequence[Bounds], how: str) -> Bounds | None:
    starts, ends = [start for start, _ in words], [end for _, end in words]
    if how == "expand":
        first, behind = bisect_right(ends, bounds[0]), bisect_left(starts, bounds[1])
    else:
        first, behind = bisect_left(starts, bounds[0]), bisect_right(ends, bounds[1])
    return (starts[first], ends[behind - 1]) if first < behind else None


def _collide(one: Bounds, other: Bounds, nested: bool) -> bool:
    return one == other if nested else one[0] < other[1] and other[0] < one[1]
