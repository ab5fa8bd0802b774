"""Transformations that keep labels: a module each, and a line in the registry."""

from tyez_bench.stress.transformations import breaks, names, numerals, ocr, traditional, width
from tyez_bench.stress.transformations.transformation import Transformation

# In the order of the tables.
TRANSFORMATIONS: dict[str, Transformation] = {
    "full-width-punctuation": width.PUNCTUATION,
    "full-width-digits": width.DIGITS,
    "traditional": traditional.TRADITIONAL,
    "spaces": breaks.SPACES,
    "line-breaks": breaks.LINE_BREAKS,
    "ocr-outside": ocr.OUTSIDE,
    "ocr-inside": ocr.INSIDE,
    "numerals": numerals.NUMERALS,
    "names": names.NAMES,
}
__all__ = ["TRANSFORMATIONS", "Transformation"]
