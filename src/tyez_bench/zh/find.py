"""Where amounts of money and dates stand in running text. Precise rather than complete: they become warnings."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tyez_bench.files.toml import word_lists
from tyez_bench.zh.amounts import CLEAR, FOUND
from tyez_bench.zh.characters import simplified
from tyez_bench.zh.money import reads
from tyez_bench.zh.numerals import NUMERAL, SEPARATOR, closed

_AMOUNTS = word_lists("tyez_bench.zh", "find-money")
_DATES = word_lists("tyez_bench.zh", "find-dates")
_A = "0-9０-９"
_C = "〇零○一二两三四五六七八九十百千"
_SHORT = 40
# One of these stands in each amount.
IN_EACH_AMOUNT = re.compile(f"[{re.escape(_AMOUNTS.characters('in-each'))}]")
_IN_NUMBERS = re.compile(f"[{NUMERAL}]")
# One, two, three 元 are parts of a whole in these, and names.
_NO_AMOUNT = re.compile(
    f"[一二三四五六七八九]元{_AMOUNTS.any('not-behind-one')}|[1-9]元{_AMOUNTS.any('not-behind-one-in-digits')}"
    f"|[百千]元{_AMOUNTS.any('not-behind-hundreds', unless='another-word')}"
)

_YEAR = (
    f"(?:[12１２][{_A}]{{3}}|[〇零○一二三四五六七八九]{{4}})年"
    f"(?!{_DATES.any('not-behind-years', unless='years-all-the-same')})"
)
_RELATIVE_YEAR = f"{_DATES.any('relative-years', unless='another-word')}(?!度)"
_MONTH_NUMBER = "(?:1[0-2]|１[０-２]|0?[1-9]|０?[１-９]|十[一二]?|[一二三四五六七八九])"
_NO_MONTH = f"(?!{_DATES.any('not-behind-months')})"
_MONTH = f"{_MONTH_NUMBER}月{_NO_MONTH}份?"
_DAY_NUMBER = (
    f"(?:[12１２][{_A}]|3[01]|３[０１]|0?[1-9]|０?[１-９]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_DAY = f"{_DAY_NUMBER}(?:日|号{_DATES.unless('another-word', '号')})"
_PART = _DATES.any("parts-of-months", unless="another-word")
_CENTURY = "(?:上个?|本|[12][0-9]|二?十[一二三四五六七八九]?)世纪"
_MONTHS = f"{_MONTH_NUMBER}月?(?:{SEPARATOR}){_MONTH}(?!大)"
_FIRST_MONTHS = "前(?:[2-9]|1[01]|[二两三四五六七八九十]|十一)个月"
_FIRST_QUARTERS = "(?<![以之此])前[二两三]个?季度"
_IN_A_YEAR = (
    f"{_MONTHS}|{_MONTH}(?:{_DAY})?|[上下]半年|第?[一二三四1-4]季度|年[初底末中]|{_FIRST_QUARTERS}|{_FIRST_MONTHS}"
)
_POINT = (
    f"(?:(?:{_YEAR}|{_RELATIVE_YEAR})(?:{_IN_A_YEAR})?{_PART}?"
    f"|{_MONTH}{_DAY}|[{_A}]{{4}}[-/][{_A}]{{1,2}}[-/][{_A}]{{1,2}})"
)
# What is written like nothing else even without a year.
_PERIOD = (
    f"{_MONTHS}|{_MONTH}(?:{_PART}|(?<=份))|{_FIRST_QUARTERS}|[12][{_A}]{{3}}(?:{SEPARATOR}){_YEAR}"
    "|(?:19|20)[0-9]{2}\\.[01]?[0-9]\\.[0-3]?[0-9](?![.0-9])"
    f"|(?:{_CENTURY}(?:[1-9]0|[二三四五六七八九]?十)|[12][0-9]{{2}}0)年代(?:初|末|中期|后期)?"
)
# The first year of a school, and its first class: 三年一班.
_NO_CLASS = f"(?![{_A}一二三四五六七八九十]{{1,2}}班)"
# All around, unless it goes on as a length of time does.
_NOT_AROUND = f"(?!四周{_DATES.unless('four-weeks', '四周')})"
_NUMERAL = f"(?:[{_A}]+(?:[.．][{_A}]+)?|[一二两三四五六七八九十百]+)"
_BEHIND_NUMBER = {word: _DATES.unless("another-word-behind-number", word) for word in "年周天"}
_LENGTH = (
    f"{_NUMERAL}[余多]?(?:年{_BEHIND_NUMBER['年']}{_NO_CLASS}半?|个[半多余]?月|个星期|个季度"
    f"|周{_BEHIND_NUMBER['周']}|天{_BEHIND_NUMBER['天']})"
)
_DAY_OF_WEEK = f"[上下本](?:周|星期)[一二三四五六日](?!{_DATES.any('not-behind-weekdays')})"
_EACH = _DATES.any("each", unless="another-word-behind-each")
# What a date begins with: most characters of a text are passed over at once.
_BY_THEMSELVES = [
    word
    for name in ("relative-years", "relative-days", "relative-months", "ends-of-years", "sets", "lengths", "vague")
    for word in _DATES.words(name)
]
_FIRST = "〇零○一二两三四五六七八九十百前上下本第每" + "".join(word[0] for word in _BY_THEMSELVES)
_BEGINS_DATES = re.compile(f"[{_A}{_FIRST}]")
# Each date has one of these characters, or is of digits alone; and in front of it nothing but numerals and such: most
# numbers are told from dates by that.
_UNITS = "年月日号周季天期世"
_TELLING = _UNITS + "".join(word[0] for word in _BY_THEMSELVES if not set(word) & set(_UNITS))
_IN_FRONT = f"{_A}{_C}前上下本第每隔个半余多星.．至到—–―－~～\\-" + "".join(
    sorted({*"".join(_BY_THEMSELVES)} - {*_TELLING})
)
_SOON = f"(?=[{_IN_FRONT}]*[{_TELLING}]|[{_A}]{{4}}[-/]|[{_A}]{{4}}\\.)"
_DATE = re.compile(
    f"(?=[{_A}{_FIRST}]){_SOON}"
    f"(?:(?P<absolute>{_POINT}(?:{SEPARATOR}(?:{_POINT}|{_DAY}))?|{_PERIOD})"
    f"|(?P<relative>{_DATES.any('relative-days', unless='another-word')}"
    f"|{_DATES.any('relative-months', unless='another-word')}{_PART}?|[上下]半年|第?[一二三四]季度{_PART}?"
    f"|{_DATES.any('ends-of-years', unless='another-word')}|{_DAY_OF_WEEK})"
    f"|(?P<set>每隔?(?:{_NUMERAL}(?:年|个月|周|天|日)|{_EACH})(?!均)|{_DATES.any('sets')})"
    f"|(?P<duration>{_NOT_AROUND}(?:{_NUMERAL}(?:{SEPARATOR}))?{_LENGTH}(?:{SEPARATOR}{_LENGTH})?"
    f"|{_DATES.any('lengths', unless='another-word', unless_behind='another-word-before')})"
    f"|(?P<vague>{_DATES.any('vague', unless='another-word', unless_behind='another-word-before')}))"
)
_DATE_NOT_BEFORE = re.compile(f"[{_A}一二三四五六七八九第几数A-Za-z]$|[{_A}][.．]$")
_NUMERIC_DATE = re.compile(f"[{_A}{_C}]")


class Pattern(NamedTuple):
    """An expression in half-open code points. Kinds: money; absolute, relative, duration, set, vague for dates."""

    start: int
    end: int
    kind: str


def find_money(text: str) -> Iterator[Pattern]:
    """The amounts of money in a text: numeral, magnitude and currency; words such as 约 are outside."""
    if IN_EACH_AMOUNT.search(text) is None:
        return
    if 2 < len(text) < _SHORT and CLEAR.fullmatch(text) is not None and "两" not in text:
        # As most marks of an amount are. 点两 is no decimal in running text.
        yield Pattern(0, len(text), "money")
        return
    whole = closed(text)
    at = 0
    while (match := FOUND.search(whole.text, at)) is not None:
        found: tuple[int, int] | None = match.span()
        if not _is_amount(whole.text, *match.span()):
            found = next((part for part in _parts(match) if _is_amount(whole.text, *part)), None)
        if found is None:
            at = match.end()
        else:
            at = found[1]
            yield Pattern(*whole.outside(*found), "money")


def _is_amount(text: str, start: int, end: int) -> bool:
    return reads(text, start, end) and (end - start > 2 or _NO_AMOUNT.match(text, start) is None)


def _parts(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Where the amount may stand in what looks like one: what is no range is its first part, or its second."""
    start, end = match.span()
    if match["second"] is not None:
        start = match.start("second")
        yield start, end
    elif match.lastgroup is not None and match.start(match.lastgroup) < end:
        end = match.start(match.lastgroup)
        yield start, end
    number = _IN_NUMBERS.search(match.string, start, end)
    if number is not None and number.start() > start:
        # The name in front is not that of the amount: 人民币300万美元.
        yield number.start(), end


def is_amount(surface: str) -> bool:
    """Whether all of a surface is one amount of money in running text."""
    return any(found.end - found.start == len(surface) for found in find_money(surface))


def may_begin_date(surface: str) -> bool:
    """Whether a date may begin where a surface does: that most names are none is told by their first character."""
    return _BEGINS_DATES.match(simplified(surface[:1])) is not None


# A set has few dates, and each of them often.
@lru_cache(1 << 14)
def whole_date(surface: str) -> str | None:
    """The kind of a surface that is one date from end to end; None for any other."""
    if not may_begin_date(surface):
        return None
    return next((found.kind for found in find_dates(surface) if found.end - found.start == len(surface)), None)


def find_dates(text: str) -> Iterator[Pattern]:
    """The dates in a text, by kind."""
    whole = closed(text)
    for match in _DATE.finditer(whole.text):
        start, end = match.span()
        if start and _NUMERIC_DATE.match(match[0]) and _DATE_NOT_BEFORE.search(whole.text[max(0, start - 2) : start]):
            continue
        yield Pattern(*whole.outside(start, end), match.lastgroup or "")
