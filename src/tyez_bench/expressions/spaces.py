"""Spaces that printing sets between numbers and their units: 1.5 亿元, 2021 年 12 月 31 日."""

import re
from typing import NamedTuple

_DIGIT = "0-9０-９"
# What may be left out without joining two numbers: digits keep the spaces between them (2022-08-09 09:30).
_SPACE = re.compile(
    f"(?<=[{_DIGIT}])[ \u00a0\u2009]+(?=[年月日号时分天个周季万亿千百余多元美港欧英日韩人])"
    f"|(?<=[年月日第万亿多余约近超逾过到至])[ \u00a0\u2009]+(?=[{_DIGIT}])"
    "|(?<=[万亿多余])[ \u00a0\u2009]+(?=[万亿元美港欧英日韩人])"
    "|(?<=[日号])[ \u00a0\u2009]+(?=[(（]?(?:星期|周)|[上下中]午|[早晚凌])"
)


class Closed(NamedTuple):
    """A text without such spaces, and where each character of it, and its end, was; None where none was left out."""

    text: str
    places: list[int] | None

    def inside(self, offset: int) -> int:
        """An offset of the text as it was, in this one."""
        return offset if self.places is None else sum(place < offset for place in self.places[:-1])

    def outside(self, start: int, end: int) -> tuple[int, int]:
        """A span of this text, in the text as it was."""
        return (start, end) if self.places is None else (self.places[start], self.places[end - 1] + 1)


def closed(text: str) -> Closed:
    """The text without the spaces between numbers and units."""
    if " " not in text and "\u00a0" not in text and "\u2009" not in text:
        return Closed(text, None)
    left_out = [range(*match.span()) for match in _SPACE.finditer(text)]
    if not left_out:
        return Closed(text, None)
    gone = {place for places in left_out for place in places}
    places = [place for place in range(len(text)) if place not in gone]
    return Closed("".join(text[place] for place in places), [*places, len(text)])
