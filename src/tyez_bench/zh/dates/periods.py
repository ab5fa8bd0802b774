"""Durations and sets, and ranges on the calendar."""

import re
from dataclasses import replace
from decimal import Decimal

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.values import Modifier, Timex, TimexType
from tyez_bench.zh.around import limits
from tyez_bench.zh.dates.calendar import Point, Reference, filled
from tyez_bench.zh.dates.points import parsed
from tyez_bench.zh.money import canonical
from tyez_bench.zh.numerals import NUMERAL, SEPARATOR, number, quantity, read_out

_WORDS = word_lists("tyez_bench.zh", "periods")


def _unit(value: str) -> tuple[str, Decimal, str]:
    """How the length of a unit (PT1H) is written: whether it is a time, how many, and of what."""
    return "T" if "T" in value else "", Decimal(value.strip("PTYMWDHS")), value[-1]


_UNITS = {word: _unit(value) for word, value in _WORDS.meanings("units").items()}
# Half of what has a smaller unit of its own is counted in that.
_HALF_UNITS = _WORDS.meanings("halves")
_UNIT = any_of(_UNITS)
_NUMBER = f"[{NUMERAL}][{NUMERAL}.．点]*"
_DURATION = re.compile(f"(?P<number>{_NUMBER})(?P<more>[余多来])?(?P<unit>{_UNIT})(?P<half>半)?(?P<more2>[余多]|有余)?")
_INSIDE = re.compile(f"(?P<number>{_NUMBER})个(?P<more>[余多来])(?P<unit>{_WORDS.any('counted')})")
_HALF = re.compile(
    f"(?P<number>{_NUMBER})个半(?P<unit>{_WORDS.any('halved')})|半(?P<only>{_WORDS.any('half-of')})(?P<more>多)?"
)
_RANGE = re.compile(f"(?P<low>{_NUMBER})(?P<first>{_UNIT})?{SEPARATOR}(?P<high>{_NUMBER})(?P<unit>{_UNIT})")
_YEARS_AND_MONTHS = re.compile(f"(?P<years>{_NUMBER})年零?(?P<months>{_NUMBER})个月")
_VAGUE = _WORDS.meanings("vague")
_SOME = re.compile(f"[近前]?{_WORDS.any('some')}(?P<unit>{any_of(_VAGUE)})")
_EACH = re.compile(f"每隔?(?P<number>[{NUMERAL}]+)?个?(?P<unit>{_WORDS.any('each')})")
_EACH_UNITS = _WORDS.meanings("each-units")
_SETS, _DURATIONS = _WORDS.meanings("sets"), _WORDS.meanings("durations")


def duration(surface: str) -> Timex | None:
    """A duration: 4个月, 三个半月, 3年到5年, 二十余年, 数年; None for anything else. 10日 is taken for one here."""
    for table, type_ in ((_DURATIONS, TimexType.DURATION), (_SETS, TimexType.SET)):
        if surface in table:
            return Timex(type=type_, value=table[surface])
    some = _SOME.fullmatch(surface)
    if some is not None:
        return Timex(type=TimexType.DURATION, value=_VAGUE[some["unit"]])
    half = _HALF.fullmatch(surface)
    if half is not None:
        found = quantity(half["number"]) if half["number"] else None
        if half["number"] and (found is None or found.upper is not None):
            return None
        size = Decimal("0.5") + (found.lower if found is not None else 0)
        value = _HALF_UNITS.get(half["only"] or "") or _written(size, half["unit"] or half["only"])
        return Timex(type=TimexType.DURATION, value=value, modifier=Modifier.MORE_THAN if half["more"] else None)
    inside = _INSIDE.fullmatch(surface)
    match = _DURATION.fullmatch(surface) if inside is None else None
    if inside is not None:
        return duration(f"{inside['number']}{inside['more']}个{inside['unit']}")
    if match is not None:
        return _duration(match)
    return _range(surface) or _years_and_months(surface)


def _duration(match: re.Match[str]) -> Timex | None:
    found = quantity(match["number"])
    if found is None:
        return None
    more = match["more"] or match["more2"]
    modifier = Modifier.APPROX if more == "来" else Modifier.MORE_THAN if more else found.modifier
    if match["unit"] in ("月", "季度") and modifier is None and match["number"] != "两":
        # 15月 and 5季度 are nothing; 两月 and 十余月 are counted.
        return None
    if found.upper is not None:
        bounds = (_written(found.lower, match["unit"]), _written(found.upper, match["unit"]))
        return Timex(type=TimexType.DURATION, lower=bounds[0], upper=bounds[1], modifier=modifier)
    size = found.lower + (Decimal("0.5") if match["half"] else 0)
    return Timex(type=TimexType.DURATION, value=_written(size, match["unit"]), modifier=modifier)


def _range(surface: str) -> Timex | None:
    between = limits(surface)
    if between is not None:
        one, other = (duration(end) for end in between)
        return None if one is None or other is None else _bounds(one.value, other.value)
    match = _RANGE.fullmatch(surface)
    if match is None:
        return None
    if match["first"] is None:
        found = quantity(f"{match['low']}至{match['high']}")
        if found is None or found.upper is None:
            return None
        return _bounds(_written(found.lower, match["unit"]), _written(found.upper, match["unit"]))
    low, high = quantity(match["low"]), quantity(match["high"])
    if low is None or high is None or low.upper is not None or high.upper is not None:
        return None
    return _bounds(_written(low.lower, match["first"]), _written(high.lower, match["unit"]))


def _bounds(lower: str | None, upper: str | None) -> Timex | None:
    if lower is None or upper is None:
        return None
    try:
        return Timex(type=TimexType.DURATION, lower=lower, upper=upper)
    except ValueError:
        return None


def _years_and_months(surface: str) -> Timex | None:
    """3年6个月, 一年零三个月."""
    match = _YEARS_AND_MONTHS.fullmatch(surface)
    if match is None:
        return None
    years, months = number(match["years"]), number(match["months"])
    if years is None or months is None:
        return None
    return Timex(type=TimexType.DURATION, value=f"P{canonical(years)}Y{canonical(months)}M")


def _written(size: Decimal, unit: str) -> str:
    time, times, letter = _UNITS[unit]
    # A half quarter is no number of months that a period is written with, and stays a fraction.
    return f"P{time}{canonical(size * times)}{letter}"


def each(surface: str) -> Timex | None:
    """A set: 每周, 每两年; None for anything else."""
    match = _EACH.fullmatch(surface)
    if match is None:
        return None
    found = quantity(match["number"]) if match["number"] else None
    if match["number"] and (found is None or found.upper is not None):
        return None
    unit = _EACH_UNITS.get(match["unit"], match["unit"])
    return Timex(type=TimexType.SET, value=_written(found.lower if found else Decimal(1), unit))


_N = "0-9一二三四五六七八九十〇零"
_LAST_UNIT = re.compile(f"[{_N}]+(年代|年度?|月份?|日|号|季度)$")
# - is also inside of a date: 2022-08-09至2022-08-12.
_SEPARATORS = (re.compile("至|到|[~～]+"), re.compile(SEPARATOR))
_NEXT_YEAR = re.compile(f"^{_WORDS.any('next-year')}")
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
    unit = _LAST_UNIT.search(right)
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
        other = replace(
            other, year=one.year + (other.month is not None and one.month is not None and other.month < one.month)
        )
    return _calendar_range(filled(one, known), filled(other, known))


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
        return _calendar_range(replace(year, part="Q1"), replace(year, part=f"Q{int(count)}"))
    return _calendar_range(replace(year, month=1), replace(year, month=int(count)))


def _calendar_range(one: Point, other: Point) -> Timex | None:
    lower, upper = one.value(), other.value()
    if lower is None or upper is None:
        return None
    try:
        return Timex(type=TimexType.DATE, lower=lower, upper=upper)
    except ValueError:
        return None
