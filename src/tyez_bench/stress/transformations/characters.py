"""Changes of characters: spaces and line feeds, misprints of OCR, traditional and full-width forms, other numerals."""

import random
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from tyez_bench.model.documents import Document, Entity
from tyez_bench.stress.cases import Edit
from tyez_bench.stress.transformations.base import (
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


def spaces(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Single spaces where there were none."""
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


def line_breaks(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Line feeds in a longer sentence."""
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


# A misprint for so many characters outside of spans, up to three of them.
_CHARACTERS_A_MISPRINT = 20
_MOST = 3
# So many characters on either side of a span stay: there stand the words that decide where it ends, and what it is.
_APART = 2


def misprints_outside(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Characters outside of spans misread as others."""
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


def misprints_inside(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    """A character of a name misread as another."""
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


def traditional_characters(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Traditional characters in the place of simplified ones."""
    new = traditional(document.text)
    if new is not None and simplified(new) == document.text:
        pairs = enumerate(zip(document.text, new, strict=True))
        yield tuple(Edit(at, at + 1, there) for at, (here, there) in pairs if here != there)


# The full-width forms of ASCII (U+FF01 to U+FF5E) stand at a fixed distance from it.
_DISTANCE = 0xFEE0
_PUNCTUATION = {sign: chr(ord(sign) + _DISTANCE) for sign in ",;:?!()+/"}
_DIGITS = {sign: chr(ord(sign) + _DISTANCE) for sign in "0123456789."}


def _replaced(document: Document, table: Mapping[str, str]) -> tuple[Edit, ...]:
    return tuple(Edit(at, at + 1, table[sign]) for at, sign in enumerate(document.text) if sign in table)


def full_width_punctuation(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Full-width punctuation in the place of half-width."""
    yield _replaced(document, _PUNCTUATION)


def full_width_digits(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Full-width digits and decimal points."""
    yield _replaced(document, _DIGITS)


_WRITTEN = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_AMOUNT = re.compile("(?P<number>[0-9]+(?:[.][0-9]+)?)(?P<magnitude>[万亿])元")
_MAGNITUDES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_OTHER = {"万": "亿", "亿": "万"}
_YEAR = re.compile("[0-9]{4}(?=年)")
_COUNT = re.compile("[0-9]{1,2}(?![0-9])")
_QUARTER = re.compile("[一二三四](?=季度)")


def in_words(number: Decimal) -> str:
    """A number below 10000 in Chinese numerals, digit by digit behind the point. Raises ValueError for another."""
    whole, _, places = f"{number:f}".partition(".")
    if not 0 <= number < 10_000:
        raise ValueError(f"{number} is not below 10000")
    point = "点" + "".join(_WRITTEN[int(digit)] for digit in places) if places else ""
    return _whole(whole.lstrip("0")) + point


def _whole(digits: str) -> str:
    words = "".join(
        "零" if digit == "0" else _WRITTEN[int(digit)] + _UNITS[len(digits) - 1 - at] for at, digit in enumerate(digits)
    )
    words = re.sub("零+", "零", words).rstrip("零") or "零"
    # 十二, not 一十二, where nothing stands before it.
    return words[1:] if words.startswith("一十") else words


def amounts(surface: str) -> Iterator[tuple[int, int, str]]:
    """What can stand for which part of an amount in digits with a magnitude: words, digits alone, another magnitude."""
    match = _AMOUNT.fullmatch(surface)
    if match is None:
        return
    number, magnitude = Decimal(match["number"]), match["magnitude"]
    if number < 10_000:
        yield *match.span("number"), in_words(number)
    behind = match.end("magnitude")
    total = number * _MAGNITUDES[magnitude]
    if total == total.to_integral_value():
        yield 0, behind, f"{int(total):,}"
    other = (total / _MAGNITUDES[_OTHER[magnitude]]).normalize()
    yield 0, behind, f"{other:f}{_OTHER[magnitude]}"


def dates(surface: str) -> Iterator[tuple[int, int, str]]:
    """What can stand for which parts of a date: all of them are written otherwise together."""
    years = [
        (*match.span(), "".join("〇一二三四五六七八九"[int(d)] for d in match[0])) for match in _YEAR.finditer(surface)
    ]
    taken = {at for start, end, _ in years for at in range(start, end)}
    yield from years
    for match in _COUNT.finditer(surface):
        if match.start() not in taken:
            yield *match.span(), in_words(Decimal(match[0]))
    for match in _QUARTER.finditer(surface):
        yield *match.span(), str(_WRITTEN.index(match[0]))


def other_numerals(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Amounts and dates written otherwise."""
    for entity in document.entities:
        if entity.type == "MONEY":
            yield from ((_edit(entity, *part),) for part in amounts(entity.text))
        elif entity.type == "DATE":
            yield tuple(_edit(entity, *part) for part in dates(entity.text))


def _edit(entity: Entity, start: int, end: int, new: str) -> Edit:
    return Edit(entity.start + start, entity.start + end, new)
