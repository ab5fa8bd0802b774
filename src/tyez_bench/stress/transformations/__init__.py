"""Transformations that keep labels: their registry."""

from tyez_bench.stress.transformations import characters, names
from tyez_bench.stress.transformations.base import Transformation, table

_EDITS = {
    "full-width-punctuation": characters.full_width_punctuation,
    "full-width-digits": characters.full_width_digits,
    "traditional": characters.traditional_characters,
    "spaces": characters.spaces,
    "line-breaks": characters.line_breaks,
    "ocr-outside": characters.misprints_outside,
    "ocr-inside": characters.misprints_inside,
    "numerals": characters.other_numerals,
    "names": names.other_names,
}
# In the order of the tables.
TRANSFORMATIONS: dict[str, Transformation] = {
    name: Transformation(edits=_EDITS[name], **facts) for name, facts in table("suite")["transformations"].items()
}
__all__ = ["TRANSFORMATIONS", "Transformation"]
