"""Full-width forms of punctuation and digits: one code point for one."""

import random
from collections.abc import Iterator, Mapping

from tyez_bench.model import Document
from tyez_bench.stress.edits import Edit
from tyez_bench.stress.transformations.transformation import Transformation

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
