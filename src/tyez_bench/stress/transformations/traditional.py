"""Traditional characters: one for each simplified one, as a paper in Taiwan or Hong Kong would print the sentence."""

import random
from collections.abc import Iterator
from functools import cache

from tyez_bench.model import Document
from tyez_bench.stress.edits import Edit
from tyez_bench.stress.transformations.tables import table
from tyez_bench.stress.transformations.transformation import Transformation


def traditional(text: str) -> str | None:
    """The text in traditional characters, as long as it was.

    None where a Chinese character is in no table: whether it differs, and how, nobody has looked at.
    """
    pairs, longest = _pairs()
    parts = []
    at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), 0, -1):
            new = pairs.get(text[at : at + size])
            if new is not None:
                parts.append(new)
                at += size
                break
        else:
            if "\u4e00" <= text[at] <= "\u9fff":
                return None
            parts.append(text[at])
            at += 1
    return "".join(parts)


def simplified(text: str) -> str:
    """The way back, character by character."""
    back = _back()
    return "".join(back.get(character, character) for character in text)


@cache
def _pairs() -> tuple[dict[str, str], int]:
    found = table("traditional")
    pairs = {pair[0]: pair[1] for pair in found["characters"].split()}
    pairs |= {character: character for character in found["same"] if not character.isspace()}
    pairs |= found["phrases"]
    return pairs, max(map(len, pairs))


@cache
def _back() -> dict[str, str]:
    pairs, _ = _pairs()
    return {there: here for old, new in pairs.items() for here, there in zip(old, new, strict=True) if here != there}


def _edits(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    new = traditional(document.text)
    if new is not None and simplified(new) == document.text:
        pairs = enumerate(zip(document.text, new, strict=True))
        yield tuple(Edit(at, at + 1, there) for at, (here, there) in pairs if here != there)


TRADITIONAL = Transformation(
    title="Traditional characters",
    about="Simplified characters become traditional ones, one for one, in names and around them.",
    change="simplified characters become traditional",
    edits=_edits,
)
