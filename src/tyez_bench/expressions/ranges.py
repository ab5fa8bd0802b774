"""Ranges on the calendar: 8月1日至5日, 2018-2020年, 今年前三季度."""

import re
from dataclasses import replace

from tyez_bench.expressions.calendar import Point, Reference, filled
from tyez_bench.expressions.counted import read_out
from tyez_bench.expressions.numerals import SEPARATOR, number
from tyez_bench.expressions.points import parsed
from tyez_bench.values import Timex, TimexType

_N = "0-9一二三四五六七八九十〇零"
_UNIT = re.compile(f"[{_N}]+(年代|年度?|月份?|日|号|季度)$")
# - is also inside of a date: 2022-08-09至2022-08-12.
_SEPARATORS = (re.compile("至|到|[~～]+"), re.compile(SEPARATOR))
_NEXT_YEAR = re.compile("^(?:次年|翌年|来年)")
_YEARS = re.compile(f"([{_N}两百]+)年?")
_FIRST = re.compile("(.*年)?[前头]([二两三四五六七八九十]|[2-9]|1[01]|十一)个?(季度|月)")


def date_range(surface: str, known: Reference) -> Timex | None:
    """The two ends of a range on the calendar, what one lacks given by the other; None for anything else."""
    for separator in _SEPARATORS:
        parts = separator.split(surface)
        if len(parts) == 2 and all(parts):
            return _between(parts[0], parts[1], known)
    return _first(surface, known)


def years(surface: str) -> tuple[str, str] | None:
    """The numerals of a range of years (10至15年, 2018年到2020年); None for anything else."""
    parts = re.split(SEPARATOR, surface)
    ends = [_YEARS.fullmatch(part) for part in parts]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or not surface.endswith("年"):
        return None
    return ends[0][1], ends[1][1]


def _between(left: str, right: str, known: Reference) -> Timex | None:
    ends = years(f"{left}至{right}")
    if ends is not None and not all(map(read_out, ends)):
        return None
    unit = _UNIT.search(right)
    if unit is not None and re.search(f"[{_N}]$", left):
        left += unit[1]
    next_year = _NEXT_YEAR.match(right)
    one, other = parsed(left, known), parsed(_NEXT_YEAR.sub("", right), known)
    if one is None or other is None or one.time or other.time:
        return None
    if other.month is None and other.day is not None:
        other = replace(other, month=one.month, year=one.year if other.year is None else other.year)
    if next_year is not None:
        other = replace(other, year=None if one.year is None else one.year + 1)
    elif other.year is None and one.year is not None:
        # 2021年11月至3月 ends in the next year.
        other = replace(other, year=one.year + _earlier(other, one))
    return _range(filled(one, known), filled(other, known))


def _earlier(one: Point, other: Point) -> bool:
    """Whether the month of a point comes before that of another one."""
    return one.month is not None and other.month is not None and one.month < other.month


def _first(surface: str, known: Reference) -> Timex | None:
    """前三季度, 今年前7个月: from the beginning of the year."""
    match = _FIRST.fullmatch(surface)
    count = None if match is None else number(match[2])
    if (
        match is None
        or count is None
        or (match[3] == "季度" and count > 4)
        or (match[3] == "月" and "个" not in surface)
    ):
        return None
    year = Point(known.year) if match[1] is None else parsed(match[1], known)
    if year is None or year.part is not None:
        return None
    if match[3] == "季度":
        return _range(replace(year, part="Q1"), replace(year, part=f"Q{int(count)}"))
    return _range(replace(year, month=1), replace(year, month=int(count)))


def _range(one: Point, other: Point) -> Timex | None:
    lower, upper = one.value(), other.value()
    if lower is None or upper is None:
        return None
    try:
        return Timex(type=TimexType.DATE, lower=lower, upper=upper)
    except ValueError:
        return None
