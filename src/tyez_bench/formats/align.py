"""From the characters of a record's text to those of the gold's."""

import unicodedata
from typing import NamedTuple

from tyez_bench.errors import MissingExtraError
from tyez_bench.hints import advice


def align_hint() -> str:
    """What to do about a text that is the gold's but for differences that do no harm."""
    return advice("{align} passes over such differences", align=True)


Projection = list[tuple[int, int] | None]
"""For each character of a text the half-open span of the other text that it became; None where it has none there."""


class Folded(NamedTuple):
    """A text reduced to what is compared, and for each character left the index of the one that it comes from."""

    text: str
    owners: list[int]


def whole(text: str) -> Folded:
    """The text as it is."""
    return Folded(text, list(range(len(text))))


def squeezed(text: str) -> Folded:
    """The text without its white space."""
    kept = [(index, c) for index, c in enumerate(text) if not c.isspace()]
    return Folded("".join(c for _, c in kept), [index for index, _ in kept])


def harmless(text: str) -> Folded:
    """The text without what ``--align`` passes over: each character in NFKD, and no white space.

    Full-width and half-width, composed and decomposed forms become the same.
    """
    kept = [
        (index, part)
        for index, c in enumerate(text)
        for part in (c if c.isascii() else unicodedata.normalize("NFKD", c))
        if not part.isspace()
    ]
    return Folded("".join(part for _, part in kept), [index for index, _ in kept])


def project(text: Folded, size: int, gold: Folded) -> Projection:
    """The characters of a text of ``size`` characters on the gold's, both folded. Raises ValueError unless equal."""
    if text.text != gold.text:
        raise ValueError(first_difference(text.text, gold.text))
    found: Projection = [None] * size
    for owner, target in zip(text.owners, gold.owners, strict=True):
        known = found[owner]
        found[owner] = (target, target + 1) if known is None else (known[0], target + 1)
    return found


def copied(text: str, gold: str) -> tuple[Projection, int]:
    """The characters of a model's copy on the gold's, by the fewest edits, and how many these are."""
    if text == gold:
        return [(index, index + 1) for index in range(len(text))], 0
    try:
        from rapidfuzz.distance import Levenshtein
    except ImportError:
        raise MissingExtraError("rapidfuzz", "llm") from None
    found: Projection = [None] * len(text)
    edits = 0
    for step in Levenshtein.opcodes(text, gold):
        if step.tag == "equal":
            for index in range(step.src_end - step.src_start):
                at = step.dest_start + index
                found[step.src_start + index] = (at, at + 1)
        else:
            edits += max(step.src_end - step.src_start, step.dest_end - step.dest_start)
    return found, edits


def is_copy(edits: int, gold: str) -> bool:
    """Whether a text that is so many edits away from the gold's is a copy of it: one with half of it or more."""
    return 2 * edits <= len(gold)


def moved(start: int, end: int, projection: Projection) -> tuple[int, int] | None:
    """Where a span went: from its first to its last character that has a counterpart; None when none has."""
    first = next((place for place in projection[start:end] if place is not None), None)
    last = next((place for place in reversed(projection[start:end]) if place is not None), None)
    return None if first is None or last is None else (first[0], last[1])


def shared(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def first_difference(text: str, gold: str) -> str:
    """The first character in which a record's text and the gold's differ, in words."""
    at = shared(text, gold)
    has, expected = (repr(t[at]) if at < len(t) else "nothing more" for t in (text, gold))
    return f"first difference at character {at} (record has {has}, gold has {expected})"
