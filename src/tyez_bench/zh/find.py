"""Where amounts of money and dates stand in running text. Precise rather than complete: they become warnings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.zh.numerals import SEPARATOR, closed

_AMOUNTS = word_lists("tyez_bench.zh", "find-money")
_DATES = word_lists("tyez_bench.zh", "find-dates")
_A = "0-9０-９"
_C = "〇零○一二两三四五六七八九十百千"
# Runs of digits are taken whole and never given back: otherwise a long one would be tried in every way to part it.
_ARABIC = f"[{_A}]++(?:[,，][{_A}]{{3}})*(?:[.．][{_A}]++)?[余多]?[十百千]*+"
_NUMBER = f"(?:{_ARABIC}|[{_C}半]++(?:点[〇零一二三四五六七八九]++)?|[壹贰叁肆伍陆柒捌玖拾佰仟]++)"
_SCALED = f"(?:{_NUMBER}[余多]?[万亿兆]*(?:{_NUMBER}[余多]?[万亿]+)*[余多]?)"
_FOREIGN = _AMOUNTS.any("currencies", unless="another-word")
_YUAN = f"元{_AMOUNTS.unless('another-word', '元')}(?:整{_AMOUNTS.unless('another-word', '整')})?"
_CURRENCY = f"(?:元人民币|{_FOREIGN}|{_YUAN}|块钱|人民币)"
_SIGN = _AMOUNTS.any("in-front")
_COIN = any_of("角毛", unless=_AMOUNTS.by_key("another-word"))
_DIGIT = f"[{_A}一二三四五六七八九]"
_MONEY = re.compile(
    f"(?<![{_A}{_C}])(?:{_SIGN}\\s?{_SCALED}(?:{_CURRENCY})?"
    f"|{_SCALED}(?:(?:{_CURRENCY})?(?:{SEPARATOR}){_SCALED}{_CURRENCY}"
    f"|{_CURRENCY}(?:{_DIGIT}{_COIN}(?:{_DIGIT}分)?)?|块{_DIGIT}毛(?:{_DIGIT}分)?))"
)
_CURRENCIES = re.compile("[元块币镑布郎铢$＄¥￥€£]|RMB")
# What such a number is no amount in front of, and no amount behind.
_NOT_BEFORE = re.compile(f"[{_A}{_C}A-Za-z.．点几数第]$")
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
_NUMERAL = f"(?:[{_A}]+(?:[.．][{_A}]+)?|[一二两三四五六七八九十百]+)"
_BEHIND_NUMBER = {word: _DATES.unless("another-word-behind-number", word) for word in "年周天"}
_LENGTH = (
    f"{_NUMERAL}[余多]?(?:年{_BEHIND_NUMBER['年']}半?|个[半多余]?月|个星期|个季度"
    f"|周{_BEHIND_NUMBER['周']}|天{_BEHIND_NUMBER['天']})"
)
_DAY_OF_WEEK = f"[上下本](?:周|星期)[一二三四五六日](?!{_DATES.any('not-behind-weekdays')})"
_EACH = _DATES.any("each", unless="another-word-behind-each")
# What a date begins with: most characters of a text are passed over at once.
_FIRST = "〇零○一二两三四五六七八九十百前上下本第每" + "".join(
    word[0]
    for name in ("relative-years", "relative-days", "relative-months", "ends-of-years", "sets", "lengths", "vague")
    for word in _DATES.words(name)
)
_DATE = re.compile(
    f"(?=[{_A}{_FIRST}])"
    f"(?:(?P<absolute>{_POINT}(?:{SEPARATOR}(?:{_POINT}|{_DAY}))?|{_PERIOD})"
    f"|(?P<relative>{_DATES.any('relative-days', unless='another-word')}"
    f"|{_DATES.any('relative-months', unless='another-word')}{_PART}?|[上下]半年|第?[一二三四]季度{_PART}?"
    f"|{_DATES.any('ends-of-years', unless='another-word')}|{_DAY_OF_WEEK})"
    f"|(?P<set>每隔?(?:{_NUMERAL}(?:年|个月|周|天|日)|{_EACH})(?!均)|{_DATES.any('sets')})"
    f"|(?P<duration>(?:{_NUMERAL}(?:{SEPARATOR}))?{_LENGTH}(?:{SEPARATOR}{_LENGTH})?"
    f"|{_DATES.any('lengths', unless_behind='another-word-before')})"
    f"|(?P<vague>{_DATES.any('vague', unless='another-word', unless_behind='another-word-before')}))"
)
_DATE_NOT_BEFORE = re.compile(f"[{_A}一二三四五六七八九第几数A-Za-z]$|[{_A}][.．]$")
_NUMERIC_DATE = re.compile(f"[{_A}{_C}]")
_KINDS = ("absolute", "relative", "set", "duration", "vague")


class Pattern(NamedTuple):
    """An expression in half-open code points. Kinds: money; absolute, relative, duration, set, vague for dates."""

    start: int
    end: int
    kind: str


def find_money(text: str) -> Iterator[Pattern]:
    """The amounts of money in a text: numeral, magnitude and currency; words such as 约 are outside."""
    if _CURRENCIES.search(text) is None:
        return
    whole = closed(text)
    for match in _MONEY.finditer(whole.text):
        start, end = match.span()
        if start and _NOT_BEFORE.match(whole.text[start - 1]):
            continue
        if end - start > 2 or _NO_AMOUNT.match(whole.text, start) is None:
            yield Pattern(*whole.outside(start, end), "money")


def find_dates(text: str) -> Iterator[Pattern]:
    """The dates in a text, by kind."""
    whole = closed(text)
    for match in _DATE.finditer(whole.text):
        start, end = match.span()
        if start and _NUMERIC_DATE.match(match[0]) and _DATE_NOT_BEFORE.search(whole.text[max(0, start - 2) : start]):
            continue
        yield Pattern(*whole.outside(start, end), next(kind for kind in _KINDS if match[kind]))
