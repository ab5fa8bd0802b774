"""Dates: the TIMEX3 value that the words state, against the day of publication."""

import re
from dataclasses import replace

from tyez_bench.expressions.around import modifier, stripped
from tyez_bench.expressions.calendar import Point, Reference, century, filled, reference_of
from tyez_bench.expressions.numerals import CHINESE, SEPARATOR, number, plain, quantity
from tyez_bench.expressions.periods import duration, each
from tyez_bench.values import Modifier, Timex, TimexType

_REFERENCES = {
    **dict.fromkeys(
        ("目前", "现在", "当前", "眼下", "如今", "近日", "近期", "近来", "日前", "最近", "现阶段", "时下", "当下"),
        "PRESENT_REF",
    ),
    **dict.fromkeys(("过去", "以前", "从前", "以往", "此前", "昔日"), "PAST_REF"),
    **dict.fromkeys(("将来", "未来", "今后", "日后", "往后"), "FUTURE_REF"),
}
_YEARS = {
    **dict.fromkeys(("今年", "本年", "本年度", "今年度"), 0),
    **dict.fromkeys(("去年", "上年", "上一年"), -1),
    "明年": 1,
    "前年": -2,
    "后年": 2,
    # Which year these are hangs on the text.
    **dict.fromkeys(("次年", "当年")),
}
_MONTHS = {"本月": 0, "这个月": 0, "上月": -1, "上个月": -1, "下月": 1, "下个月": 1}
_DAYS = {"今日": 0, "今天": 0, "昨日": -1, "昨天": -1, "明日": 1, "明天": 1, "前天": -2, "前日": -2, "后天": 2}
_WEEKS = {"": 0, "本": 0, "这": 0, "上": -1, "上个": -1, "下": 1, "下个": 1}
_WEEKDAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_TIMES = {
    **dict.fromkeys(("上午", "早上", "早晨", "清晨", "凌晨", "早"), "MO"),
    **dict.fromkeys(("中午", "正午"), "MI"),
    "下午": "AF",
    **dict.fromkeys(("傍晚", "晚上", "晚间", "晚", "当晚"), "EV"),
    **dict.fromkeys(("深夜", "夜里", "夜间", "夜"), "NI"),
}
_EDGES = {
    **dict.fromkeys(("初", "上旬", "伊始", "初期"), Modifier.START),
    **dict.fromkeys(("中", "中旬", "中期"), Modifier.MID),
    **dict.fromkeys(("末", "底", "下旬", "末期"), Modifier.END),
}
_HALVES = {"上半年": "H1", "下半年": "H2"}
_SEASONS = {"春": "SP", "夏": "SU", "秋": "FA", "冬": "WI"}
_C = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"


def _any(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_POINT = re.compile(
    f"(?P<year>(?:公元)?[0-9]{{4}}年度?|[{CHINESE}]{{4}}年度?|[’'`‘]?[0-9]{{2}}年|[{CHINESE}]{{2}}年|{_any(_YEARS)}|全年)?"
    f"(?:(?P<half>{_any(_HALVES)})|第?(?P<quarter>[1-4一二三四])季度|(?P<season>[春夏秋冬])[季天]"
    f"|(?P<month>{_C})月份?|(?P<relative>{_any(_MONTHS)})|(?P<first>首季|年|月))?"
    f"(?:(?P<day>{_C})[日号])?(?P<edge>{_any(_EDGES)})?"
    f"(?P<time>{_any(_TIMES)})?(?:(?P<hour>{_C})(?:时|点钟?|:)(?:(?P<minute>[0-9]{{1,2}}|[{CHINESE}十]{{1,3}})分?|(?P<halfhour>半))?(?:许)?)?"
)
_DAY = re.compile(
    f"(?P<day>{_any(_DAYS)})(?P<time>{_any(_TIMES)})?(?:(?P<hour>{_C})(?:时|点钟?|:)(?:(?P<minute>[0-9]{{1,2}})分?|(?P<halfhour>半))?)?"
)
_NUMERIC = re.compile("([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})|([0-9]{4})[-/]([0-9]{1,2})")
_QUARTER = re.compile("([0-9]{4})?年?Q([1-4])", re.IGNORECASE)
_WEEKDAY = re.compile("(上个|下个|上|下|本|这)?(?:周|星期|礼拜)([一二三四五六日天])")
_WEEK = re.compile("(上个|下个|上|下|本|这)(?:一)?(?:周|星期|礼拜)")
_DECADE = re.compile(
    "(?:(?P<century>上世纪|本世纪|二十世纪|20世纪|二十一世纪|21世纪|十九世纪|19世纪))?(?P<ten>[1-9]0|[二三四五六七八九]?十)年代(?P<edge>初|中期?|末|后期)?"
)
_CENTURY = re.compile("(?:(?P<word>上|本)|(?P<number>[0-9]{1,2}|[一二十]{1,3}))世纪(?P<edge>初|中叶?|末)?")
# What counts 21年 as a span of time.
_COUNTS_BEFORE = re.compile(
    "(?:了|时隔|历时|长达|近|约|超过|为期|已有|整整|过去|过去的|这|最近|最近的|连续|未来|今后)$"
)
_COUNTS_BEHIND = re.compile("(?:来|间|后|前|以来|之久|时间|期|多|之内|内|之后)")
_ORDINAL = "第"


def parse_date(text: str, start: int = 0, end: int | None = None, *, reference: str | None = None) -> Timex | None:
    """The TIMEX3 value of the expression ``text[start:end]``; words around it give the modifier.

    ``reference``: the day of publication as far as it is known (2022, 2022-08, 2022-08-09). None for what is no date,
    and for dates that the words do not fix.
    """
    end = len(text) if end is None else end
    known = reference_of(reference)
    if text[:start].endswith(_ORDINAL):
        return None
    around = modifier(text, start, end)
    whole = _value(plain(text[start:end].strip()), known, text, start, end)
    if whole is None:
        start, end, own = stripped(text, start, end)
        whole = _value(plain(text[start:end].strip()), known, text, start, end)
        around = own or around
    if whole is None or whole.modifier is not None or around is None or whole.value in _REFERENCES.values():
        return whole
    return Timex(type=whole.type, value=whole.value, lower=whole.lower, upper=whole.upper, modifier=around)


def _value(surface: str, known: Reference, text: str, start: int, end: int) -> Timex | None:
    if surface in _REFERENCES:
        return Timex(type=TimexType.DATE, value=_REFERENCES[surface])
    found = each(surface) or _counted(surface, text, start, end) or _point(surface, known)
    return found or _range(surface, known) or duration(surface)


def _counted(surface: str, text: str, start: int, end: int) -> Timex | None:
    """21年 and 10日 as spans of time, where the words around, or the form, count them."""
    match = re.fullmatch(f"([0-9]{{1,3}}|[{CHINESE}百十]{{1,3}})(年|日)", surface)
    if match is None:
        return (
            duration(surface)
            if re.match("(?:[0-9一二两三四五六七八九十百半余多来]{1,3})年", surface) and "月" not in surface
            else None
        )
    digits, unit = match[1], match[2]
    counted = _COUNTS_BEFORE.search(text, max(0, start - 4), start) or _COUNTS_BEHIND.match(text, end)
    if unit == "日":
        return duration(surface) if counted or len(digits) > 2 else None
    # Two Arabic digits, or two Chinese ones side by side, are a year (21年, 二一年); 3年, 十年, 100年 a span of time.
    # 三五年, though, is three to five.
    is_year = re.fullmatch(f"[0-9]{{2}}|[{CHINESE}]{{2}}", digits) is not None and not _neighbours(digits)
    return duration(surface) if counted or not is_year else None


def _neighbours(digits: str) -> bool:
    found = quantity(digits)
    return found is not None and found.upper is not None


def _range(surface: str, known: Reference) -> Timex | None:
    """8月1日至5日, 2018-2020年, 1至3月: what one end lacks the other one gives."""
    parts = re.split(SEPARATOR, surface)
    if len(parts) != 2 or not all(parts):
        return None
    left, right = parts
    unit = re.search("[0-9一二三四五六七八九十〇零]+(年代|年|月份?|日|号|季度)$", right)
    if unit is not None and re.search("[0-9一二三四五六七八九十〇零]$", left):
        left += unit[1]
    one, other = _parsed(left, known), _parsed(right, known)
    if one is None or other is None or one.time or other.time:
        return None
    if other.year is None and one.year is not None:
        other = replace(other, year=one.year)
    if other.month is None and other.day is not None:
        other = replace(other, month=one.month)
    values = filled(one, known).value(), filled(other, known).value()
    if None in values or ("十" not in left and "年" in right and "年" not in parts[0] and len(parts[0]) < 2):
        return None
    if re.fullmatch("[0-9一二两三四五六七八九十]年", right) or (
        re.fullmatch("[0-9一二两三四五六七八九十]年?", parts[0]) and "年" in right
    ):
        return None
    try:
        return Timex(type=TimexType.DATE, lower=values[0], upper=values[1])
    except ValueError:
        return None


def _point(surface: str, known: Reference) -> Timex | None:
    special = _special(surface, known)
    if special is not None:
        return special
    point = _parsed(surface, known)
    if point is None:
        return None
    value = filled(point, known).value()
    if value is None:
        return None
    type_ = TimexType.TIME if point.time else TimexType.DATE
    return Timex(type=type_, value=value, modifier=point.modifier)


def _special(surface: str, known: Reference) -> Timex | None:
    """Weeks, weekdays, decades and centuries, which are no year with months and days."""
    weekday, week = _WEEKDAY.fullmatch(surface), _WEEK.fullmatch(surface)
    decade, age = _DECADE.fullmatch(surface), _CENTURY.fullmatch(surface)
    if weekday is not None:
        number_ = _WEEKDAYS[weekday[2]]
        day = known.weekday(_WEEKS[weekday[1] or ""], number_)
        return Timex(type=TimexType.DATE, value=f"XXXX-WXX-{number_}" if day is None else day.value())
    if week is not None:
        value = known.week(_WEEKS[week[1]])
        return None if value is None else Timex(type=TimexType.DATE, value=value)
    if decade is not None:
        ten = number(decade["ten"])
        name = (decade["century"] or "").removesuffix("世纪")
        hundreds = {
            "": "19",
            "上": "19",
            "本": "20",
            "二十": "19",
            "20": "19",
            "二十一": "20",
            "21": "20",
            "十九": "18",
            "19": "18",
        }[name]
        return (
            None
            if ten is None
            else Timex(type=TimexType.DATE, value=f"{hundreds}{int(ten) // 10}", modifier=_edge(decade["edge"]))
        )
    if age is not None:
        count = number(age["number"]) if age["number"] else None
        hundreds = {"上": "19", "本": "20"}.get(age["word"] or "", "")
        value = hundreds or (None if count is None else f"{int(count) - 1:02}")
        return None if value is None else Timex(type=TimexType.DATE, value=value, modifier=_edge(age["edge"]))
    return None


def _edge(word: str | None) -> Modifier | None:
    return None if word is None else {"初": Modifier.START, "中": Modifier.MID}.get(word[0], Modifier.END)


def _parsed(surface: str, known: Reference) -> Point | None:
    """A point by its parts, with the year only where the words give it."""
    numeric, quarter = _NUMERIC.fullmatch(surface), _QUARTER.fullmatch(surface)
    if numeric is not None:
        year, _, month, day, other_year, other_month = numeric.groups()
        return Point(int(year), int(month), int(day)) if year else Point(int(other_year), int(other_month))
    if quarter is not None:
        return Point(int(quarter[1]) if quarter[1] else None, part=f"Q{quarter[2]}")
    near = _DAY.fullmatch(surface)
    if near is not None:
        day_ = known.days(_DAYS[near["day"]])
        return None if day_ is None else _with_time(day_, near)
    match = _POINT.fullmatch(surface)
    if match is None or not any(
        match[name] for name in ("year", "half", "quarter", "season", "month", "relative", "first", "day")
    ):
        return None
    return _from_parts(match, known)


def _from_parts(match: re.Match[str], known: Reference) -> Point | None:
    year, point = match["year"], Point()
    if year is not None:
        found = _year(year, known)
        if found is None:
            return None
        point = replace(point, year=found)
    if match["first"] is not None:
        # 年初, 年底: of the year of publication.
        if match["first"] in "年月" and (match["edge"] is None or match["day"] or (match["first"] == "月" and year)):
            return None
        if match["first"] == "首季":
            point = replace(point, part="Q1")
        elif match["first"] == "年" and point.year is None:
            if known.year is None:
                return None
            point = replace(point, year=known.year)
    for name, table in (("half", _HALVES), ("season", _SEASONS)):
        if match[name] is not None:
            point = replace(point, part=table[match[name]])
    if match["quarter"] is not None:
        point = replace(point, part=f"Q{int(number(match['quarter']) or 0)}")
    if match["month"] is not None:
        point = replace(point, month=int(number(match["month"]) or 0))
    if match["relative"] is not None or match["first"] == "月":
        # 月底 is that of the month of publication.
        month = known.months(_MONTHS.get(match["relative"] or "", 0))
        if month is None:
            return None
        point = replace(point, year=month.year, month=month.month)
    if match["day"] is not None:
        if point.part is not None or (point.year is not None and point.month is None):
            return None
        point = replace(point, day=int(number(match["day"]) or 0))
    if match["edge"] is not None:
        if point.day is not None or ("旬" in match["edge"] and point.month is None):
            return None
        point = replace(point, modifier=_EDGES[match["edge"]])
    return _with_time(point, match)


def _with_time(point: Point, match: re.Match[str]) -> Point | None:
    """A point with the time of the day; None for a time without a day, or on no clock."""
    name, hour = match["time"], match["hour"]
    if name is None and hour is None:
        return point
    if point.day is None:
        return None
    if hour is None:
        return replace(point, time=f"T{_TIMES[name]}")
    hours = int(number(hour) or 0)
    minutes = 30 if match["halfhour"] else int(number(match["minute"] or "0") or 0)
    if name is not None and _TIMES[name] in ("AF", "EV", "NI") and hours < 12:
        hours += 12
    if hours > 24 or minutes > 59:
        return None
    return replace(point, time=f"T{hours:02}:{minutes:02}")


def _year(words: str, known: Reference) -> int | None:
    if words == "全年":
        return known.year
    if words in _YEARS:
        shift = _YEARS[words]
        return None if shift is None or known.year is None else known.year + shift
    digits = re.sub("公元|年度?|[’'`‘]", "", words)
    found = number(digits)
    if found is None:
        return None
    return century(int(found), known) if len(digits) == 2 else int(found)
