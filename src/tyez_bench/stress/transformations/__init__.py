"""Transformations that keep labels: a module each, and a line in the registry."""

from tyez_bench.stress.transformations import characters as breaks
from tyez_bench.stress.transformations import characters as ocr
from tyez_bench.stress.transformations import characters as traditional
from tyez_bench.stress.transformations import characters as width
from tyez_bench.stress.transformations import names, numerals
from tyez_bench.stress.transformations.base import Transformation

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
