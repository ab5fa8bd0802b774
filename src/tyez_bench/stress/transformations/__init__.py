"""Transformations that keep labels: their registry."""

from tyez_bench.stress.transformations import characters, names, numerals
from tyez_bench.stress.transformations.base import Transformation

# In the order of the tables.
TRANSFORMATIONS: dict[str, Transformation] = {
    "full-width-punctuation": characters.PUNCTUATION,
    "full-width-digits": characters.DIGITS,
    "traditional": characters.TRADITIONAL,
    "spaces": characters.SPACES,
    "line-breaks": characters.LINE_BREAKS,
    "ocr-outside": characters.OUTSIDE,
    "ocr-inside": characters.INSIDE,
    "numerals": numerals.NUMERALS,
    "names": names.NAMES,
}
__all__ = ["TRANSFORMATIONS", "Transformation"]
