"""Where amounts of money and dates stand in running text. Precise rather than complete: they become warnings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tyez_bench.expressions.numerals import SEPARATOR

_A = "0-9０-９"
_C = "〇零○一二两三四五六七八九十百千"
_ARABIC = f"[{_A}]+(?:[,，][{_A}]{{3}})*(?:[.．][{_A}]+)?[余多]?[十百千]*"
_NUMBER = f"(?:{_ARABIC}|[{_C}半]+(?:点[〇零一二三四五六七八九]+)?|[壹贰叁肆伍陆柒捌玖拾佰仟]+)"
_SCALED = f"(?:{_NUMBER}[余多]?[万亿兆]*(?:{_NUMBER}[余多]?[万亿]+)*[余多]?)"
_FOREIGN = "美元|美金|港元|港币|欧元|英镑|日元|韩元|澳元|加元|卢布|新台币|澳门元|瑞士法郎|泰铢|新加坡元"
_CURRENCY = f"(?:元人民币|{_FOREIGN}|元(?![旦素首月宵件器老年气宝])|块钱)"
_SIGN = "(?:人民币|RMB|US\\$|HK\\$|[¥￥€£])"
_MONEY = re.compile(
    f"{_SIGN}\\s?{_SCALED}(?:{_CURRENCY})?|{_SCALED}(?:{_CURRENCY})?(?:{SEPARATOR}){_SCALED}{_CURRENCY}"
    f"|{_SCALED}{_CURRENCY}(?:[{_A}一二三四五六七八九][角毛](?:[{_A}一二三四五六七八九]分)?)?"
)
# What such a number is no amount in front of, and no amount behind.
_NOT_BEFORE = re.compile(f"[{_A}{_C}A-Za-z.．点几数]$")

_YEAR = f"(?:[{_A}]{{4}}|[〇零○一二三四五六七八九]{{4}})年(?!度|产|利|生产|均)"
_RELATIVE_YEAR = "(?:今年|去年|明年|前年|后年|上年)(?!度)"
_MONTH = "(?:1[0-2]|１[０-２]|[1-9１-９]|十[一二]?|[一二三四五六七八九])月(?![球亮饼光色刊薪子老])份?"
_DAY_NUMBER = f"(?:[12１２][{_A}]|3[01]|３[０１]|[1-9１-９]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DAY = f"{_DAY_NUMBER}[日号](?![楼线文院车店馆门机称召令均用常产夜子])"
_PART = "(?:上旬|中旬|下旬|初(?![步级次期心衷中始])|末|底(?![层下部气线色]))"
_POINT = (
    f"(?:(?:{_YEAR}|{_RELATIVE_YEAR})(?:{_MONTH}(?:{_DAY})?|[上下]半年|第?[一二三四1-4]季度|年[初底末中])?{_PART}?"
    f"|{_MONTH}{_DAY}|[{_A}]{{4}}[-/][{_A}]{{1,2}}[-/][{_A}]{{1,2}})"
)
_NUMERAL = f"(?:[{_A}]+(?:[.．][{_A}]+)?|[一二两三四五六七八九十百]+)"
_LENGTH = (
    f"{_NUMERAL}[余多]?(?:年(?![度产级代利生均轻龄画货味会报底初末中])半?|个半?月|个星期|个季度"
    "|周(?![边期末刊岁年围转密到全])|天(?![然气津空下地际山花桥主安美]))"
)
_DATE = re.compile(
    "(?P<absolute>" + _POINT + f"(?:{SEPARATOR}(?:{_POINT}|{_DAY}))?)"
    f"|(?P<relative>(?:今|昨|明)[日天](?!报)|本月(?!刊)|上个?月(?!球)|下个?月(?!球)|[上下]半年|第?[一二三四]季度{_PART}?|年[底末](?!层|会)|年初)"
    "|(?P<set>每(?:年|个?月|周|天|日|季度)(?!均)|逐年|逐月|年年)"
    f"|(?P<duration>{_LENGTH}(?:{SEPARATOR}{_LENGTH})?|连日来?|半年|(?<![一二])近年来)"
    "|(?P<vague>目前|(?<!发)(?<!出)(?<!体)现在|如今|当前|近日|日前|近期|眼下|近来)"
)
_DATE_NOT_BEFORE = re.compile(f"[{_A}第几数A-Za-z]$|[{_A}][.．]$")
_NUMERIC_DATE = re.compile(f"[{_A}{_C}]")
_KINDS = ("absolute", "relative", "set", "duration", "vague")


class Pattern(NamedTuple):
    """An expression in half-open code points. Kinds: money; absolute, relative, duration, set, vague for dates."""

    start: int
    end: int
    kind: str


def find_money(text: str) -> Iterator[Pattern]:
    """The amounts of money in a text: numeral, magnitude and currency; words such as 约 are outside."""
    if not any(sign in text for sign in "元块$¥￥€£镑镑币"):
        return
    for match in _MONEY.finditer(text):
        start = match.start()
        if not (start and _NOT_BEFORE.match(text[start - 1])):
            yield Pattern(start, match.end(), "money")


def find_dates(text: str) -> Iterator[Pattern]:
    """The dates in a text, by kind."""
    for match in _DATE.finditer(text):
        start = match.start()
        if start and _NUMERIC_DATE.match(match[0]) and _DATE_NOT_BEFORE.search(text[max(0, start - 2) : start]):
            continue
        yield Pattern(start, match.end(), next(kind for kind in _KINDS if match[kind]))
