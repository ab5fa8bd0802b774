"""From tokens to a text: where each token stands.

Where a format has the text itself (``# text = …``), each token is looked for in it, one behind the other, with nothing
but white space between; a token that is not there is refused. Else, or when ``--join`` names a way, tokens are joined:

- ``none``: nothing between tokens.
- ``space``: a blank between tokens.
- ``auto``: nothing where all tokens of a sentence are single characters. In a sentence with Chinese (any full-width
  character but symbols, as emoji are) a blank only between two letters or digits that are not full-width, one of them
  of a longer token. In any other sentence a blank between all tokens.

Predictions do not depend on it: texts of tokens are compared with the gold's without white space.
"""

import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal

from tyez_bench.hints import advice

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
