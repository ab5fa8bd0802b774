"""From tokens, plain or numbered, to a text.

If a format has the text itself (``# text = …``), the tokens are located in it in order, with only
white space between; a token that is not found is refused. Else, or if ``--join`` is given, tokens are joined:

- ``none``: nothing between tokens.
- ``space``: a space between tokens.
- ``auto``: nothing if all tokens of a sentence are single characters. In a sentence with Chinese (any full-width
  character except symbols such as emoji) a space only between two letters or digits that are not full-width, one of
  them in a longer token. In any other sentence a space between all tokens.

Predictions don't depend on it: texts made of tokens are compared with the gold's without white space.

The text consists of the words, with a range in the place of its words. A word of a range is at the range's
position. Names are on the words, or, if these have none and the range has, on the range. Empty nodes (``8.1``) are
not in the text.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from tyez_bench.io.encodings import OUTSIDE
from tyez_bench.model.hints import advice

Join = Literal["none", "space", "auto"]
JOINS: tuple[Join, ...] = ("none", "space", "auto")
Bounds = tuple[int, int]


class TokenError(ValueError):
    """A token is not where the text goes on; ``index`` is its number, from 0."""

    def __init__(self, message: str, index: int):
        super().__init__(message)
        self.index = index


def joined(tokens: Sequence[str], join: Join = "auto") -> tuple[str, list[Bounds]]:
    """The text of tokens, and where each stands in it, half-open.

    >>> joined(["New", "York", "的", "人"])
    ('New York的人', [(0, 3), (4, 8), (8, 9), (9, 10)])
    """
    gaps = _gaps(tokens) if join == "auto" else [join == "space"] * (len(tokens) - 1)
    if True not in gaps:
        ends = list(accumulate(map(len, tokens)))
        return "".join(tokens), list(zip([0, *ends], ends, strict=False))
    return with_gaps(tokens, gaps)


def with_gaps(tokens: Sequence[str], gaps: Sequence[bool]) -> tuple[str, list[Bounds]]:
    """The text of tokens with a blank behind those that have a gap (the last one's is not looked at)."""
    parts: list[str] = []
    bounds: list[Bounds] = []
    at = 0
    for index, token in enumerate(tokens):
        if index and gaps[index - 1]:
            parts.append(" ")
            at += 1
        parts.append(token)
        bounds.append((at, at + len(token)))
        at += len(token)
    return "".join(parts), bounds


def located(tokens: Sequence[str], text: str) -> list[Bounds]:
    """Where tokens stand in a text that consists of them and white space. Raises TokenError for the first that differs.

    >>> located(["3", "亿", "元"], "3 亿元")
    [(0, 1), (2, 3), (3, 4)]
    """
    bounds: list[Bounds] = []
    at = 0
    for index, token in enumerate(tokens):
        if not text.startswith(token, at):
            at = _skipped(text, at)
            if not text.startswith(token, at):
                goes_on = f"goes on with {_short(text[at:])}" if at < len(text) else "has ended"
                raise TokenError(f"the token {token!r} is not in the text, which {goes_on}", index)
        bounds.append((at, at + len(token)))
        at += len(token)
    if text[at:].strip():
        raise TokenError(f"the text goes on behind the last token, with {_short(text[at:].lstrip())}", len(tokens) - 1)
    return bounds


def not_there(error: TokenError, line: int) -> str:
    """What is wrong with the tokens of a text that a comment in this line gives, and the way on."""
    return f"{error} (# text, line {line})" + advice("{join} joins the tokens instead", join="auto")


def is_wide(character: str) -> bool:
    """Whether a character is full-width, as Chinese and its punctuation are; emoji stand in any language."""
    if character.isascii() or unicodedata.east_asian_width(character) not in "WF":
        return False
    return unicodedata.category(character) not in ("So", "Sk")


def _gaps(tokens: Sequence[str]) -> list[bool]:
    if len("".join(tokens)) == len(tokens):
        return [False] * (len(tokens) - 1)
    if not any(is_wide(character) for token in tokens for character in token):
        return [True] * (len(tokens) - 1)
    return [
        len(one) + len(other) > 2 and _is_narrow(one[-1]) and _is_narrow(other[0]) for one, other in pairwise(tokens)
    ]


def _is_narrow(character: str) -> bool:
    return character.isalnum() and not is_wide(character)


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _short(text: str) -> str:
    return repr(text if len(text) <= 10 else text[:10] + "…")


NUMBER = re.compile("([0-9]{1,9})(?:([-.])([0-9]{1,9}))?")
"""A token's number, that of a range (``3-4``) or of an empty node (``8.1``)."""
_NOTHING = frozenset((OUTSIDE, OUTSIDE.lower(), "_", "-", ""))


class Words(NamedTuple):
    """What the text is made of, and the tags.

    ``forms`` are the tokens of the text with their rows; for each tag ``places`` has the number of its form, and
    ``rows`` that of its row.
    """

    forms: list[str]
    form_rows: list[int]
    tags: list[str]
    places: list[int]
    rows: list[int]


def words_of(ids: Sequence[str], forms: Sequence[str], tags: Sequence[str]) -> Words:
    """The words of a sentence, row by row. Raises TokenError, with the row, for what can't be read."""
    found = Words([], [], [], [], [])
    row = 0
    while row < len(ids):
        first, sign, last = _parsed(ids[row], row)
        if sign == ".":
            if tags[row] not in _NOTHING:
                raise TokenError(f"the empty node {ids[row]} has the tag {tags[row]!r}, and stands nowhere", row)
            row += 1
            continue
        size = last - first + 1 if sign == "-" else 0
        inside = range(row + 1, row + 1 + size) if size else range(row, row + 1)
        _check_range(ids, inside, first, row)
        if size and all(tags[index] in _NOTHING for index in inside):
            # The range stands for its words.
            tagged = [row]
        else:
            tagged = list(inside)
            if size and tags[row] not in _NOTHING:
                raise TokenError(f"both the range {ids[row]} and a word of it have a tag of a name", row)
        for index in tagged:
            tag = tags[index]
            found.tags.append(OUTSIDE if size and tag in _NOTHING else tag)
            found.places.append(len(found.forms))
            found.rows.append(index)
        found.forms.append(forms[row])
        found.form_rows.append(row)
        row = inside.stop
    return found


def _parsed(id_: str, row: int) -> tuple[int, str | None, int]:
    number = NUMBER.fullmatch(id_)
    if number is None:
        raise TokenError(f"{id_!r} is not the number of a token, expected 1, 1-2 or 1.1", row)
    first, sign, last = int(number[1]), number[2], int(number[3] or 0)
    if sign == "-" and last <= first:
        raise TokenError(f"the range {id_} is empty", row)
    return first, sign, last


def _check_range(ids: Sequence[str], inside: range, first: int, row: int) -> None:
    """Raise TokenError unless the words of a range follow it."""
    for number, index in enumerate(inside, first):
        if index >= len(ids) or ids[index] != str(number):
            raise TokenError(f"the word {number} of {ids[row]} does not follow", row)
