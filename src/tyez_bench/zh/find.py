"""Where amounts of money and dates stand in running text. Precise rather than complete: they become warnings."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tyez_bench.zh.numerals import SEPARATOR, closed

_A = "0-9０-９"
_C = "〇零○一二两三四五六七八九十百千"
# Runs of digits are taken whole and never given back: otherwise a long one would be tried in every way to part it.
_ARABIC = f"[{_A}]++(?:[,，][{_A}]{{3}})*(?:[.．][{_A}]++)?[余多]?[十百千]*+"
_NUMBER = f"(?:{_ARABIC}|[{_C}半]++(?:点[〇零一二三四五六七八九]++)?|[壹贰叁肆伍陆柒捌玖拾佰仟]++)"
_SCALED = f"(?:{_NUMBER}[余多]?[万亿兆]*(?:{_NUMBER}[余多]?[万亿]+)*[余多]?)"
_FOREIGN = (
    "美元|美金|港元|港币|欧元(?!区)|英镑|日元(?![旦素])|韩元|澳元|澳大利亚元|加元|加拿大元|卢布|新台币|澳门元|瑞士法郎|泰铢"
    "|新加坡元"
)
_YUAN = "元(?![旦素首月宵件器老年气宝])(?:整(?![数体个治顿理合改洁容形齐]))?"
_CURRENCY = f"(?:元人民币|{_FOREIGN}|{_YUAN}|块钱|人民币)"
_SIGN = "(?:人民币|RMB|US\\$|HK\\$|NT\\$|[$＄¥￥€£])"
_DIGIT = f"[{_A}一二三四五六七八九]"
_MONEY = re.compile(
    f"(?<![{_A}{_C}])(?:{_SIGN}\\s?{_SCALED}(?:{_CURRENCY})?"
    f"|{_SCALED}(?:(?:{_CURRENCY})?(?:{SEPARATOR}){_SCALED}{_CURRENCY}"
    f"|{_CURRENCY}(?:{_DIGIT}[角毛](?![债形洲])(?:{_DIGIT}分)?)?|块{_DIGIT}毛(?:{_DIGIT}分)?))"
)
_CURRENCIES = re.compile("[元块币镑布郎铢$＄¥￥€£]|RMB")
# What such a number is no amount in front of, and no amount behind.
_NOT_BEFORE = re.compile(f"[{_A}{_C}A-Za-z.．点几数第]$")
# One, two, three 元 are parts of a whole in these, and names.
_NO_AMOUNT = re.compile(
    "[一二三四五六七八九]元(?:[里桥区论化制组猪音]|结构|[一二]次|催化|材料|锂|正极|电池|乙丙|共聚|对立|悖论|牛奶|食品|杂交"
    "|母猪|期权|及第|复始|股份|集团|乳业|三角债)|[1-9]元(?:音|里村)|[百千]元机(?!票)"
)

_YEAR = (
    f"(?:[12１２][{_A}]{{3}}|[〇零○一二三四五六七八九]{{4}})年"
    "(?![度鉴均代]|会(?![议计展有更被同员不是出继将])|的?(?:悠久)?历史(?![最新]))"
)
_RELATIVE_YEAR = "(?:今年|去年(?![轻龄])|明年|前年|后年|上年)(?!度)"
_MONTH_NUMBER = "(?:1[0-2]|１[０-２]|0?[1-9]|０?[１-９]|十[一二]?|[一二三四五六七八九])"
_NO_MONTH = "(?![球亮饼光色刊薪子老龄])"
_MONTH = f"{_MONTH_NUMBER}月{_NO_MONTH}份?"
_DAY_NUMBER = (
    f"(?:[12１２][{_A}]|3[01]|３[０１]|0?[1-9]|０?[１-９]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
)
_DAY = f"{_DAY_NUMBER}(?:日|号(?![楼线文院车店馆门机称召令均用常产夜子]))"
_PART = "(?:上旬|中旬|下旬|初(?![步级次期心衷中始一二三四五六七八九十])|末|底(?![层下部气线色]))"
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
_LENGTH = (
    f"{_NUMERAL}[余多]?(?:年(?![度鉴产级代利生均轻龄画货味会报底初末中])半?|个[半多余]?月|个星期|个季度"
    "|周(?![边期末刊岁年围转密到全])|天(?![然气津空下地际山花桥主安美]))"
)
# What a date begins with: most characters of a text are passed over at once.
_FIRST = "〇零○一二两三四五六七八九十百今去昨明前后上下本第年每逐连半近目现如当日眼"
_DATE = re.compile(
    f"(?=[{_A}{_FIRST}])"
    f"(?:(?P<absolute>{_POINT}(?:{SEPARATOR}(?:{_POINT}|{_DAY}))?|{_PERIOD})"
    "|(?P<relative>今日(?!报|头条)|昨日(?!报|重现)|明日(?!报|之星)|[今昨明]天"
    f"|(?:本月(?!刊)|[上下]个?月(?!球)){_PART}?|[上下]半年|第?[一二三四]季度{_PART}?|年[底末](?!层|会)|年初(?!步|[一二三四五六七八九十])"
    "|[上下本](?:周|星期)[一二三四五六日](?![共直些个批系次时般场天名家位轮届人起均常报年点]))"
    f"|(?P<set>每隔?(?:{_NUMERAL}(?:年|个月|周|天|日)|年|个?月(?!球)|周(?![年刊报])|天(?!然)|日(?!报)|季度)(?!均)|逐年|逐月|年年)"
    f"|(?P<duration>(?:{_NUMERAL}(?:{SEPARATOR}))?{_LENGTH}(?:{SEPARATOR}{_LENGTH})?|连日来?|半年|(?<![一二])近年来)"
    "|(?P<vague>目前|(?<![发出体表呈实展显浮再重])现在|如今|当前|近日|(?<![0-9０-９一二三四五六七八九十])日前(?!后)|近期|眼下|近来))"
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
