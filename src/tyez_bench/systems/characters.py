"""What a character looks like to a tagger that learns: itself and its neighbours, two on either side.

Nothing is taken from a dictionary or from a gold set's text. Characters count as they are written, without
normalisation; what is beyond an edge of the text is a neighbour of its own kind.
"""

from collections.abc import Hashable, Iterator, Sequence

NUMERALS = frozenset("〇零一二三四五六七八九十百千两")
UNITS = frozenset("年月日元亿万")

# How far a character's neighbours reach.
REACH = 2

# Each feature by name: the offsets of the characters that it is made of, and whether they or their classes.
FEATURES: dict[str, tuple[tuple[int, ...], bool]] = {
    **{f"character {offset:+d}": ((offset,), False) for offset in range(-REACH, REACH + 1)},
    "characters -2 -1": ((-2, -1), False),
    "characters -1 +0": ((-1, 0), False),
    "characters +0 +1": ((0, 1), False),
    "characters +1 +2": ((1, 2), False),
    "characters -1 +1": ((-1, 1), False),
    "class +0": ((0,), True),
    "classes -1 +0": ((-1, 0), True),
    "classes +0 +1": ((0, 1), True),
    "classes -1 +0 +1": ((-1, 0, 1), True),
    "classes -2 -1 +0 +1 +2": ((-2, -1, 0, 1, 2), True),
}


def class_of(character: str) -> str:
    """The class of a character: digit, numeral, unit, letter (Latin), space, mark (punctuation, signs), or other."""
    if character in NUMERALS:
        return "numeral"
    if character in UNITS:
        return "unit"
    if character.isspace():
        return "space"
    if not character.isalnum():
        return "mark"
    # Full-width forms stand apart from their ASCII ones by a fixed distance.
    plain = chr(ord(character) - 0xFEE0) if "！" <= character <= "～" else character
    if plain.isascii():
        return "digit" if plain.isdigit() else "letter"
    return "other"


def features(text: str) -> Iterator[Sequence[Hashable]]:
    """The features of each character of ``text``, one of each kind, in the order of ``FEATURES``."""
    beyond = [""] * REACH
    characters = [*beyond, *text, *beyond]
    classes = [*beyond, *map(class_of, text), *beyond]
    for place in range(REACH, REACH + len(text)):
        yield [
            (number, *((classes if of_classes else characters)[place + offset] for offset in offsets))
            for number, (offsets, of_classes) in enumerate(FEATURES.values())
        ]
