"""Tokens that are numbered as in CoNLL-U: words, ranges of words that are written together, and empty nodes.

What stands in the text is the words, and in the place of those in a range the range. A word of a range stands where the
range does. Names are on the words; where these have none, and the range has, on the range. Empty nodes (``8.1``) stand
nowhere.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tyez_bench.formats.encodings import OUTSIDE
from tyez_bench.formats.tokens import TokenError

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
        raise TokenError(f"{id_!r} is no number of a token, expected 1, 1-2 or 1.1", row)
    first, sign, last = int(number[1]), number[2], int(number[3] or 0)
    if sign == "-" and last <= first:
        raise TokenError(f"the range {id_} is empty", row)
    return first, sign, last


def _check_range(ids: Sequence[str], inside: range, first: int, row: int) -> None:
    """Raise TokenError unless the words of a range follow it."""
    for number, index in enumerate(inside, first):
        if index >= len(ids) or ids[index] != str(number):
            raise TokenError(f"the word {number} of {ids[row]} does not follow", row)
