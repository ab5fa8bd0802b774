"""Dates: the TIMEX3 value that the words state, against the day of publication."""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

import msgspec

from tyez_bench.files.toml import word_lists
from tyez_bench.model.values import Modifier, Timex, TimexType
from tyez_bench.zh.around import COMPARING, Said, said, stripped
from tyez_bench.zh.dates.calendar import Reference, centuries, filled, reference_of, weeks
from tyez_bench.zh.dates.periods import date_range, duration, each, years
from tyez_bench.zh.dates.points import parsed
from tyez_bench.zh.numerals import CHINESE, LONGEST, NUMERAL, closed, plain, quantity, read_out

_WORDS = word_lists("tyez_bench.zh", "values")
_REFERENCES = _WORDS.meanings("references")
# No day of this calendar, or no date at all, stands behind these.
_NOT_BEHIND = re.compile(f"{_WORDS.any('not-behind')}$")
# Words inside of a span that say whether it is counted, as those outside do: 未来五年, 1978年以来, 三年内.
_HEAD = re.compile(f"{_WORDS.any('heads', unless='another-word')}的?(?=[{NUMERAL}数几])")
_TAIL = re.compile(f"(?<=.){_WORDS.any('tails')}$")
# 近三年来 is not nearly three years, and 近三年 may be either.
_BEHIND_NEAR = re.compile(_WORDS.any("behind-near"))
_YEARS_FIRST = re.compile("[0-9一二两三四五六七八九十百半余多来]{1,3}年[^月]*")

# Whether 21年, 10日 and 2000年 count a span of time or name a year or a day, the words around them say.
_NUMBERED = re.compile(f"([0-9]{{1,4}}|[{CHINESE}百十千]{{1,4}})(年|日)")
_REACH = 6
_WITHIN, _SINCE = re.compile("之?内"), re.compile("来|间")
_COUNTED = word_lists("tyez_bench.zh", "counted")
_COUNTS_BEFORE = re.compile(
    f"(?:{_COUNTED.any('counts-before', unless_behind='another-word-before')}|{_COUNTED.any('periods')}为?)的?$"
)
_COUNTS_BEHIND = re.compile(_COUNTED.any("counts-behind", "counts-days-behind", unless="another-word"))
# What lasts for so many years, or is of that year: 20年的历史, 98年的经验.
_LASTS_BEHIND = re.compile(f"的?{_COUNTED.any('lasting')}(?!{_COUNTED.any('not-lasting')})")
# A year or so many years: 21年前, 18年以来.
_LEFT_OPEN_BEHIND = re.compile("之?前(?![后0-9一二两三四五六七八九半]|期)|之?后(?![0-9一二两三四五六七八九]|期)")
_DATED_BEFORE = re.compile(f"{_COUNTED.any('dated-before')}$")
_DATED_BEHIND = re.compile(f"{_COUNTED.any('dated-behind')}|第?[一二三四1-4]季度|前[二两三]季度")
_DAY_COUNTS_BEHIND = re.compile(_COUNTED.any("counts-days-behind", unless="another-word"))
# Four digits count only behind these, or before what lasts for hundreds of years.
_AGES_BEFORE = re.compile(f"{_COUNTED.any('ages-before')}{_COUNTED.any('ages-right-before')}?$")
_AGES_BEHIND = re.compile(
    f"的?{_COUNTED.any('ages-described')}?{_COUNTED.any('ages-behind')}(?!{_COUNTED.any('no-ages')})"
)


class _Meaning(Enum):
    """What a number with 年 or 日 means; EITHER where the words leave it open."""

    SPAN = auto()
    POINT = auto()
    EITHER = auto()


class _Expression(NamedTuple):
    """Where the words of a value stand, and what is said around them."""

    start: int
    end: int
    said: Said | None


def date_readings(
    text: str, start: int = 0, end: int | None = None, *, reference: str | None = None
) -> tuple[Timex, ...]:
    """The TIMEX3 values that the words of ``text[start:end]`` allow; words around them give the modifier.

    10年 without a clue is a year or ten of them. ``reference``: the day of publication as far as it is known (2022,
    2022-08, 2022-08-09).
    """
    whole = closed(text)
    start, end = whole.inside(start), whole.inside(len(text) if end is None else end)
    text, known = whole.text, reference_of(reference)
    if _NOT_BEHIND.search(text, max(0, start - 2), start):
        return ()
    for span in _spans(text, start, end):
        if span.end - span.start > LONGEST:
            continue
        try:
            found = _values(plain(text[span.start : span.end].strip()), known, text, span)
        except (OverflowError, ValueError):
            # A day that is on no calendar, or before the first year or behind the last one that there is.
            continue
        if found:
            return tuple(dict.fromkeys(reading for value in found for reading in _modified(value, text, span)))
    return ()


def _spans(text: str, start: int, end: int) -> Iterator[_Expression]:
    """The expression, then without modifiers at its edges, then without what says that it is counted."""
    around = said(text, start, end)
    yield _Expression(start, end, around)
    start, end, own = stripped(text, start, end)
    around = own or around
    if own is not None:
        yield _Expression(start, end, around)
    tail = _TAIL.search(text, start, end)
    head = _HEAD.match(text, start, end if tail is None else tail.start())
    if head is not None:
        yield _Expression(head.end(), end, around)
    if tail is not None:
        yield _Expression(start, tail.start(), around)
        if head is not None:
            yield _Expression(head.end(), tail.start(), around)


def _values(surface: str, known: Reference, text: str, span: _Expression) -> tuple[Timex, ...]:
    if surface in _REFERENCES:
        return (Timex(type=TimexType.DATE, value=_REFERENCES[surface]),)
    set_ = each(surface)
    if set_ is not None:
        return (set_,)
    meant = _meaning(surface, text, span.start, span.end, span.said, known)
    if meant is not None:
        return _meant(surface, meant, known)
    ends = years(surface)
    if ends is not None:
        return _years(surface, ends, known, text, span)
    found = duration(surface) if _YEARS_FIRST.fullmatch(surface) else None
    if found is not None:
        return (found,)
    return (
        weeks(surface, known)
        or centuries(surface, known)
        or _given(_point(surface, known))
        or _given(date_range(surface, known), _months_before(surface))
        or _given(duration(surface))
    )


def _given(*values: Timex | None) -> tuple[Timex, ...]:
    return tuple(value for value in values if value is not None)


def _meant(surface: str, meant: _Meaning, known: Reference) -> tuple[Timex, ...]:
    point = None if meant is _Meaning.SPAN else _point(surface, known)
    span = None if meant is _Meaning.POINT else duration(surface)
    return _given(point, span)


def _years(surface: str, ends: tuple[str, str], known: Reference, text: str, span: _Expression) -> tuple[Timex, ...]:
    """2018-2020年 are years, 5至10年 a span of time; 10至15年 may be either, and 98至02年 can't be counted."""
    low, high = ends
    if not (read_out(low) and read_out(high)):
        return _given(duration(surface))
    points = date_range(surface, known)
    if len(low) == 4 or low[0] in "0〇零" or low > high:
        return _given(points)
    counted = span.said is not None or _counts(text, span.start, span.end)
    return _given(None if counted else points, duration(surface))


def _months_before(surface: str) -> Timex | None:
    """前三个月 without a year may be the last three."""
    return duration(surface[1:]) if re.fullmatch("前[^年季]+个月", surface) else None


def _point(surface: str, known: Reference) -> Timex | None:
    point = parsed(surface, known)
    value = None if point is None else filled(point, known).value()
    if point is None or value is None:
        return None
    return Timex(type=TimexType.TIME if point.time else TimexType.DATE, value=value, modifier=point.modifier)


def _modified(value: Timex, text: str, span: _Expression) -> tuple[Timex, ...]:
    """A value with the modifier around it; both, with and without, where that may be said of it or not."""
    if value.modifier is not None or value.value in _REFERENCES.values():
        return (value,)
    counted = value.type is not TimexType.DATE and value.type is not TimexType.TIME
    if span.said is None:
        within = counted and _WITHIN.match(text, span.end) is not None
        return (value, msgspec.structs.replace(value, modifier=Modifier.EQUAL_OR_LESS)) if within else (value,)
    modified = msgspec.structs.replace(value, modifier=span.said.modifier)
    if counted and span.said.word == "近":
        return (value,) if _BEHIND_NEAR.match(text, span.end) else (value, modified)
    # Of a year, only 约 is said: 超2019年同期 is more than in that year.
    return (modified,) if counted or span.said.modifier is Modifier.APPROX else (value, modified)


def _meaning(surface: str, text: str, start: int, end: int, said: Said | None, known: Reference) -> _Meaning | None:
    """What the surface of ``text[start:end]`` means; None for what is no number with 年 or 日.

    ``said``: the modifier around it, which a quantity has, and a year has not.
    """
    match = _NUMBERED.fullmatch(surface)
    if match is None:
        return None
    digits, unit = match[1], match[2]
    if unit == "日":
        return _day(digits, text, start, end, said)
    if not read_out(digits):
        # 3年, 十年, 100年; 618年 may be the year.
        year = re.fullmatch("[0-9]{2}[1-9]", digits) is not None and not _counts(text, start, end)
        return _Meaning.EITHER if year else _Meaning.SPAN
    if len(digits) == 4:
        return _long(digits, text, start, end, said, known)
    return _short(digits, text, start, end, said)


def _counts(text: str, start: int, end: int) -> bool:
    return _before(_COUNTS_BEFORE, text, start) or _COUNTS_BEHIND.match(text, end) is not None


def _before(pattern: re.Pattern[str], text: str, start: int) -> bool:
    return pattern.search(text, max(0, start - _REACH), start) is not None


def _short(digits: str, text: str, start: int, end: int, said: Said | None) -> _Meaning:
    """Two digits are a year, unless something counts them; ten, twenty and so on are a year only behind 于 and such."""
    tens = digits.isascii() and digits[1] == "0" and digits[0] != "0"
    dated = _before(_DATED_BEFORE, text, start)
    named = _DATED_BEHIND.match(text, end) is not None
    if _counts(text, start, end):
        return _Meaning.EITHER if named else _Meaning.SPAN
    if said is not None:
        # 超21年同期 is more than in that year; 98年左右 is about that year.
        compared = said.modifier is Modifier.APPROX if said.behind else said.word in COMPARING
        open_ = named or (compared and not tens)
        return _Meaning.EITHER if open_ else _Meaning.SPAN
    if text.startswith("以来", end):
        return _Meaning.EITHER
    if _LASTS_BEHIND.match(text, end) is not None:
        return _Meaning.SPAN if tens and not dated else _Meaning.EITHER
    if _LEFT_OPEN_BEHIND.match(text, end) is not None:
        return _Meaning.EITHER if dated else _Meaning.SPAN
    return _Meaning.EITHER if tens and not (dated or named) else _Meaning.POINT


def _long(digits: str, text: str, start: int, end: int, said: Said | None, known: Reference) -> _Meaning:
    """Four digits are a year, unless they are hundreds and counted, or far in the future."""
    found = quantity(digits)
    value = int(found.lower) if found is not None else 0
    hundreds = value % 100 == 0
    if _before(_AGES_BEFORE, text, start) or (hundreds and _AGES_BEHIND.match(text, end) is not None):
        return _Meaning.SPAN
    if value > (known.year or 2100) + 100 and not _before(_DATED_BEFORE, text, start):
        return _Meaning.SPAN if hundreds else _Meaning.EITHER
    if not hundreds or (said is None and _SINCE.match(text, end) is None):
        return _Meaning.POINT
    recent = 1900 <= value <= 2100
    if said is not None and said.modifier is Modifier.APPROX:
        return _Meaning.POINT if recent and said.behind else _Meaning.EITHER
    return _Meaning.EITHER if recent and (said is None or said.word != "近") else _Meaning.SPAN


def _day(digits: str, text: str, start: int, end: int, said: Said | None) -> _Meaning:
    found = quantity(digits)
    if found is None or found.lower > 31 or (len(digits) > 2 and digits.isascii()):
        return _Meaning.SPAN
    if _DAY_COUNTS_BEHIND.match(text, end) is not None:
        return _Meaning.SPAN
    if _before(_DATED_BEFORE, text, start) or text.startswith("以来", end):
        return _Meaning.POINT
    if _before(_COUNTS_BEFORE, text, start):
        return _Meaning.SPAN
    if said is not None:
        return _Meaning.EITHER if said.behind and said.modifier is Modifier.APPROX else _Meaning.SPAN
    return _Meaning.EITHER if _LEFT_OPEN_BEHIND.match(text, end) is not None else _Meaning.POINT
