"""Other ways to write the same amount or date: Chinese numerals, all digits, another magnitude."""

import random
import re
from collections.abc import Iterator
from decimal import Decimal

from tyez_bench.model.documents import Document, Entity
from tyez_bench.stress.cases import Edit
from tyez_bench.stress.transformations.base import Transformation

_DIGITS = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_AMOUNT = re.compile("(?P<number>[0-9]+(?:[.][0-9]+)?)(?P<magnitude>[万亿])元")
_MAGNITUDES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_OTHER = {"万": "亿", "亿": "万"}
_YEAR = re.compile("[0-9]{4}(?=年)")
_COUNT = re.compile("[0-9]{1,2}(?![0-9])")
_QUARTER = re.compile("[一二三四](?=季度)")


def in_words(number: Decimal) -> str:
    """A number below 10000 in Chinese numerals, digit by digit behind the point. Raises ValueError for another."""
    whole, _, places = f"{number:f}".partition(".")
    if not 0 <= number < 10_000:
        raise ValueError(f"{number} is not below 10000")
    point = "点" + "".join(_DIGITS[int(digit)] for digit in places) if places else ""
    return _whole(whole.lstrip("0")) + point


def _whole(digits: str) -> str:
    words = "".join(
        "零" if digit == "0" else _DIGITS[int(digit)] + _UNITS[len(digits) - 1 - at] for at, digit in enumerate(digits)
    )
    words = re.sub("零+", "零", words).rstrip("零") or "零"
    # 十二, not 一十二, where nothing stands before it.
    return words[1:] if words.startswith("一十") else words


def amounts(surface: str) -> Iterator[tuple[int, int, str]]:
    """What can stand for which part of an amount in digits with a magnitude: words, digits alone, another magnitude."""
    match = _AMOUNT.fullmatch(surface)
    if match is None:
        return
    number, magnitude = Decimal(match["number"]), match["magnitude"]
    if number < 10_000:
        yield *match.span("number"), in_words(number)
    behind = match.end("magnitude")
    total = number * _MAGNITUDES[magnitude]
    if total == total.to_integral_value():
        yield 0, behind, f"{int(total):,}"
    other = (total / _MAGNITUDES[_OTHER[magnitude]]).normalize()
    yield 0, behind, f"{other:f}{_OTHER[magnitude]}"


def dates(surface: str) -> Iterator[tuple[int, int, str]]:
    """What can stand for which parts of a date: all of them are written otherwise together."""
    years = [
        (*match.span(), "".join("〇一二三四五六七八九"[int(d)] for d in match[0])) for match in _YEAR.finditer(surface)
    ]
    taken = {at for start, end, _ in years for at in range(start, end)}
    yield from years
    for match in _COUNT.finditer(surface):
        if match.start() not in taken:
            yield *match.span(), in_words(Decimal(match[0]))
    for match in _QUARTER.finditer(surface):
        yield *match.span(), str(_DIGITS.index(match[0]))


def _edits(document: Document, _: random.Random) -> Iterator[tuple[Edit, ...]]:
    for entity in document.entities:
        if entity.type == "MONEY":
            yield from ((_edit(entity, *part),) for part in amounts(entity.text))
        elif entity.type == "DATE":
            yield tuple(_edit(entity, *part) for part in dates(entity.text))


def _edit(entity: Entity, start: int, end: int, new: str) -> Edit:
    return Edit(entity.start + start, entity.start + end, new)


NUMERALS = Transformation(
    title="Numerals",
    about="An amount or date is written otherwise and means the same: 157.67亿元 as 1576700万元, 8月9日 as 八月九日.",
    change="an amount or date is written with other numerals",
    edits=_edits,
)
