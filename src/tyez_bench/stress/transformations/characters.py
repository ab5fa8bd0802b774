"""Changes of characters: spaces and line feeds, misprints of OCR, traditional forms, full-width forms."""

import random
from collections.abc import Iterator, Mapping
from functools import cache

from tyez_bench.model.documents import Document
from tyez_bench.stress.cases import Edit
from tyez_bench.stress.transformations.base import (
    Transformation,
    characters,
    edges,
    in_any_order,
    one_of,
    places,
    table,
)

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


# The full-width forms of ASCII (U+FF01 to U+FF5E) stand at a fixed distance from it.
_DISTANCE = 0xFEE0
_PUNCTUATION = {sign: chr(ord(sign) + _DISTANCE) for sign in ",;:?!()+/"}
_DIGITS = {sign: chr(ord(sign) + _DISTANCE) for sign in "0123456789."}


def _replaced(document: Document, table: Mapping[str, str]) -> tuple[Edit, ...]:
    return tuple(Edit(at, at + 1, table[sign]) for at, sign in enumerate(document.text) if sign in table)


def _punctuation(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    yield _replaced(document, _PUNCTUATION)


def _digits(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    yield _replaced(document, _DIGITS)


PUNCTUATION = Transformation(
    title="Full-width punctuation",
    about="The page's half-width commas, semicolons and brackets become full-width, as most newspapers print them.",
    change="half-width punctuation becomes full-width",
    edits=_punctuation,
)
DIGITS = Transformation(
    title="Full-width digits",
    about="Digits and decimal points become full-width, as old typesetting has them.",
    change="half-width digits become full-width",
    edits=_digits,
)
