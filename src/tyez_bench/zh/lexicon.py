"""Words of the language with what they are, and where words end around a place of a text.

The words and their frequencies are of jieba 0.42.1, the table of characters is of OpenCC: see ``SOURCES.md``.
"""

import gzip
import math
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from tyez_bench.zh.characters import simplified

ORDINARY = "word"
# An ordinary word that is as rare as this in the dictionary may well be a name that it does not know as one.
RARE = 64
# jieba's tags of names, of pronouns and conjunctions, and of numerals.
TAGS = {
    "ns": "place",
    "nt": "organisation",
    "nz": "name",
    "nr": "person",
    "nrt": "person",
    "nrfg": "person",
    "r": "function",
    "c": "function",
    "p": "function",
    "u": "function",
    "uj": "function",
    "ud": "function",
    "ul": "function",
    "uv": "function",
    "uz": "function",
    "ug": "function",
    "d": "function",
    "f": "function",
    "m": "numeral",
    # Adjectives end a noun phrase as verbs do.
    "v": "verb",
    "a": "verb",
    "j": "name",
}
NAMES = frozenset(("place", "organisation", "name", "person"))
# No word is longer.
_LONGEST = 8
# The logarithm of the share of a character that is no word: less than that of the rarest one.
_UNKNOWN = -21.0


class Word(NamedTuple):
    """A word in a text: half-open code points, and what it is; None for what is not in the lexicon."""

    start: int
    end: int
    kind: str | None


@cache
def _groups() -> list[tuple[str, int, list[str]]]:
    """Words by kind and magnitude: how often each of them is there, as a power of two."""
    packed = files("tyez_bench.zh").joinpath("lexicon.txt.gz").read_bytes()
    lines = (line.split(" ") for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return [(kind, int(power), found) for kind, power, *found in lines]


@cache
def _total() -> float:
    return sum(len(found) * 2.0**power for _, power, found in _groups())


@cache
def _lexicon() -> dict[str, tuple[str, float]]:
    """Each word's kind, and the logarithm of its share of all words."""
    every, words = math.log(_total()), dict[str, tuple[str, float]]()
    for kind, power, found in _groups():
        words |= dict.fromkeys(found, (kind, power * math.log(2) - every))
    return words


def kind_of(word: str) -> str | None:
    """What a word is: a kind of name, ``function``, ``numeral``, ``verb``, ``word``; None for what is rare or unknown.

    >>> kind_of("太原"), kind_of("因为"), kind_of("臺灣"), kind_of("启睿"), kind_of("太钢")
    ('place', 'function', 'place', None, None)
    """
    found = _lexicon().get(simplified(word))
    return None if found is None or (found[0] in (ORDINARY, "verb") and found[1] < _rare()) else found[0]


@cache
def _rare() -> float:
    return math.log(RARE / _total())


def word_behind(text: str, at: int) -> Word | None:
    """The longest word that begins at a place; None where none does."""
    part = simplified(text[at : at + _LONGEST])
    return next(
        (Word(at, at + n, _lexicon()[part[:n]][0]) for n in range(len(part), 0, -1) if part[:n] in _lexicon()), None
    )


def word_before(text: str, at: int) -> Word | None:
    """The longest word that ends at a place; None where none does."""
    part = simplified(text[max(0, at - _LONGEST) : at])
    return next(
        (Word(at - n, at, _lexicon()[part[-n:]][0]) for n in range(len(part), 0, -1) if part[-n:] in _lexicon()), None
    )


def words(text: str, start: int, end: int) -> list[Word]:
    """The words of a part of a text, by the most probable way to cut it; a character that is no word stands alone.

    >>> [ "发展中国家很多"[word.start : word.end] for word in words("发展中国家很多", 0, 7)]
    ['发展中国家', '很多']
    """
    part, lexicon = simplified(text[start:end]), _lexicon()
    size = len(part)
    best = [0.0] * (size + 1)
    step = [1] * size
    for at in range(size - 1, -1, -1):
        single = lexicon.get(part[at])
        best[at] = best[at + 1] + (_UNKNOWN if single is None else single[1])
        for stop in range(at + 2, min(size, at + _LONGEST) + 1):
            known = lexicon.get(part[at:stop])
            if known is not None and known[1] + best[stop] > best[at]:
                best[at], step[at] = known[1] + best[stop], stop - at
    found, at = [], 0
    while at < size:
        known = lexicon.get(part[at : at + step[at]])
        found.append(Word(start + at, start + at + step[at], None if known is None else known[0]))
        at += step[at]
    return found


def is_cut(text: str, start: int, end: int) -> bool:
    """Whether the words of a text do not begin and end where a span does.

    >>> is_cut("发展中国家很多", 2, 4), is_cut("在中国很多", 1, 3)
    (True, False)
    """
    found = words(text, max(0, start - _LONGEST), min(len(text), end + _LONGEST))
    edges = {edge for word in found for edge in word[:2]}
    return start not in edges or end not in edges
