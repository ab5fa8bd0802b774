"""Misprints of optical character recognition: one character is taken for another that looks like it."""

import random
from collections.abc import Iterator
from functools import cache

from tyez_bench.model import Document
from tyez_bench.stress.edits import Edit
from tyez_bench.stress.transformations.choosing import in_any_order, one_of
from tyez_bench.stress.transformations.outside import characters
from tyez_bench.stress.transformations.tables import table
from tyez_bench.stress.transformations.transformation import Transformation

# A misprint for so many characters outside of spans, up to three of them.
_CHARACTERS_A_MISPRINT = 20
_MOST = 3
# So many characters on either side of a span stay: there stand the words that decide where it ends, and what it is.
_APART = 2


def _outside(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    text = document.text
    alike = _alike("outside")
    kept = _kept(text)
    found = [at for at in characters(document, apart=_APART) if text[at] in alike and at not in kept]
    number = min(_MOST, 1 + len(text) // _CHARACTERS_A_MISPRINT)
    chosen: list[int] = []
    for at in in_any_order(found, chance):
        # Two misprints side by side could not be read any more.
        if len(chosen) < number and all(abs(at - other) > 2 for other in chosen):
            chosen.append(at)
    yield tuple(Edit(at, at + 1, one_of(alike[text[at]], chance)) for at in sorted(chosen))


def _kept(text: str) -> set[int]:
    """Offsets of the words that say whether something is a name or an amount, wherever they stand."""
    found: set[int] = set()
    for word in table("misprints")["kept"]:
        at = text.find(word)
        while at >= 0:
            found.update(range(at, at + len(word)))
            at = text.find(word, at + 1)
    return found


def _inside(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    alike = _alike("inside")
    # Of a name of one character nothing would be left to know it by.
    found = [
        at
        for entity in document.outermost()
        if entity.required and entity.type in ("PLACE", "ORG") and len(entity.text) > 1
        for at in range(entity.start, entity.end)
        if document.text[at] in alike
    ]
    if found:
        at = one_of(found, chance)
        yield (Edit(at, at + 1, one_of(alike[document.text[at]], chance)),)


@cache
def _alike(name: str) -> dict[str, str]:
    """By a character, those that it is taken for."""
    return {pair[0]: pair[1:] for pair in table("misprints")[name].split()}


OUTSIDE = Transformation(
    title="Misprints around names",
    about="One to three characters outside of the spans are misread as others that look like them: 已 as 己, 项 as 顶.",
    change="characters outside of the spans are misread",
    edits=_outside,
)
INSIDE = Transformation(
    title="Misprints in names",
    about="One character of the name of a place or organisation is misread: 太原酒厂 as 太原洒厂.",
    change="a character of a name is misread",
    edits=_inside,
)
