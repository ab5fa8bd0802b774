"""Spaces and line feeds that no writer put there: as the text of a PDF has them."""

import random
from collections.abc import Iterator

from tyez_bench.model import Document
from tyez_bench.stress.edits import Edit
from tyez_bench.stress.transformations.choosing import in_any_order, one_of
from tyez_bench.stress.transformations.outside import edges, places
from tyez_bench.stress.transformations.transformation import Transformation

# A space for so many characters, and never more than a few.
_CHARACTERS_A_SPACE = 15
_MOST_SPACES = 8
# A shorter sentence stands in one line, and a line is not much shorter than this.
_LONG_ENOUGH = 26
_LINE = 12
# No line begins with these, or ends with those.
_NOT_FIRST = ",.;:?!、。;)”’—…·+"
_NOT_LAST = "(“‘—…·+"
# Between the two, 区 could only belong to the name before it (B3).
_WHOLE = "区域"


def _spaces(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    text = document.text
    at_edges = edges(document)
    # Behind the full stop it would be a sentence of its own.
    free = [at for at in places(document) if not _indivisible(text, at) and (at < len(text) or at in at_edges)]
    at_edges = [at for at in at_edges if at in free]
    number = min(_MOST_SPACES, max(1, len(text) // _CHARACTERS_A_SPACE))
    # One right at an edge, for it is there that a space can mislead.
    chosen = {one_of(at_edges, chance)} if at_edges else set()
    for at in in_any_order(free, chance):
        if len(chosen) < number:
            chosen.add(at)
    yield tuple(Edit(at, at, " ") for at in sorted(chosen))


def _line_breaks(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    text = document.text
    if len(text) < _LONG_ENOUGH:
        return
    free = [at for at in places(document) if _can_break(text, at)]
    at_edges = [at for at in edges(document) if at in free]
    first_at_edge = chance.random() < 0.5
    number = 1 if chance.random() < 0.5 else 2
    order = in_any_order(at_edges if first_at_edge else [], chance) + in_any_order(free, chance)
    chosen: list[int] = []
    for at in order:
        if len(chosen) < number and all(abs(at - other) >= _LINE for other in chosen):
            chosen.append(at)
    yield tuple(Edit(at, at, "\n") for at in sorted(chosen))


def _can_break(text: str, at: int) -> bool:
    if not _LINE <= at <= len(text) - 2 or _indivisible(text, at):
        return False
    return text[at] not in _NOT_FIRST and text[at - 1] not in _NOT_LAST


def _indivisible(text: str, at: int) -> bool:
    """Whether a place is in the middle of a number, so that two would be read where one was, or of 区域."""
    around = text[max(0, at - 1) : at + 1]
    return around == _WHOLE or (at > 0 and len(around) == 2 and all(sign in "0123456789." for sign in around))


SPACES = Transformation(
    title="Spaces",
    about="Single spaces stand where there were none, as in the text of a PDF: outside of spans and at their edges.",
    change="spaces are put in outside of the spans",
    edits=_spaces,
)
LINE_BREAKS = Transformation(
    title="Line breaks",
    about="A longer sentence is broken into two or three lines, outside of spans and at their edges.",
    change="line feeds are put in outside of the spans",
    edits=_line_breaks,
)
