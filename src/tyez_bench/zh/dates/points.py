"""Points and periods on the calendar by their parts: year, half, quarter, season, month, day, time of the day."""

import re
from dataclasses import replace

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.values import Modifier
from tyez_bench.zh.dates.calendar import Point, Reference, century, weekday
from tyez_bench.zh.numerals import CHINESE, number

_WORDS = word_lists("tyez_bench.zh", "points")
_YEARS: dict[str, int | None] = {**_WORDS.numbers("years"), **dict.fromkeys(_WORDS.words("unknown-years"))}
_MONTHS, _QUARTERS = _WORDS.numbers("months"), _WORDS.numbers("quarters")
_DAYS, _SHORT_DAYS = _WORDS.numbers("days"), _WORDS.numbers("short-days")
_TIMES = _WORDS.meanings("times")
# The hours that such a time of the day counts from twelve on. Other hours under twelve it has not got
# (晚上12点 and 夜里2点 may be those of the next day), but the morning, and noon at eleven.
_AFTER_NOON = {"MI": range(1, 3), "AF": range(1, 12), "EV": range(5, 12), "NI": range(6, 12)}
_EDGES = {word: Modifier(name) for word, name in _WORDS.meanings("edges").items()}
_HALVES, _SEASONS = _WORDS.meanings("halves"), _WORDS.meanings("seasons")
_C = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"

_CLOCK = (
    f"(?:(?P<hour>{_C}|[零〇])(?:时|点钟?|:)"
    f"(?:(?P<minute>[0-9]{{1,2}}|[{CHINESE}十]{{1,3}})分?|(?P<halfhour>半))?(?:许)?)?"
)
_POINT = re.compile(
    f"(?P<year>(?:公元)?[0-9]{{3,4}}年度?|[{CHINESE}]{{4}}年度?|[’'`‘]?[0-9]{{2}}年|[{CHINESE}]{{2}}年|{any_of(_YEARS)}|全年)?(?:的|全年)?"
    f"(?:(?P<half>{any_of(_HALVES)})|第?(?P<quarter>[1-4一二三四])季度|(?P<season>{any_of(_SEASONS)})(?P<seasonal>[季天])?"
    f"|(?P<month>0?{_C})月份?|(?P<relative>{any_of(_MONTHS)})|(?P<first>首季度?|年|月))?"
    f"(?:(?P<day>0?{_C})[日号])?(?P<edge>{any_of(_EDGES)})?(?P<time>{any_of(_TIMES)})?{_CLOCK}"
)
_DAY = re.compile(
    f"(?:(?P<day>{any_of(_DAYS)})(?P<time>{any_of(_TIMES)})?|(?P<short>{any_of(_SHORT_DAYS)})(?P<part>[早晨晚夜])){_CLOCK}"
)
_NUMERIC = re.compile(
    "([0-9]{4})([-/.])([0-9]{1,2})\\2([0-9]{1,2})"
    "(?:[ T]([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?|([0-9]{4})[-/]([0-9]{1,2})"
)
_QUARTER = re.compile("([0-9]{4})?年?Q([1-4])", re.IGNORECASE)
# 去冬 began in the last year; in which one 今冬 began hangs on the month.
_SEASON = re.compile("([今去])([春夏秋])|去(冬)")
# 8月9日(星期二) is 8月9日.
_WEEKDAY = re.compile("(?<=[日号])\\s*(?:[(（](?:星期|周)[一二三四五六日天][)）]|(?:星期|周)[一二三四五六日天])")


def parsed(surface: str, known: Reference) -> Point | None:
    """A point by its parts, with the year only where the words give it; None for anything else."""
    numeric, quarter, season = _NUMERIC.fullmatch(surface), _QUARTER.fullmatch(surface), _SEASON.fullmatch(surface)
    if numeric is not None:
        return _numeric(numeric)
    if quarter is not None:
        return Point(int(quarter[1]) if quarter[1] else None, part=f"Q{quarter[2]}")
    if season is not None:
        year = None if known.year is None else known.year - (season[0][0] == "去")
        return None if year is None else Point(year, part=_SEASONS[season[2] or season[3]])
    if surface in _QUARTERS:
        return known.quarters(_QUARTERS[surface])
    surface = _WEEKDAY.sub("", surface)
    near = _DAY.fullmatch(surface)
    if near is not None:
        shift = _DAYS[near["day"]] if near["day"] else _SHORT_DAYS[near["short"]]
        day = known.days(shift)
        return None if day is None else _with_time(day, near, near["time"] or near["part"])
    match = _POINT.fullmatch(surface)
    if match is None or not any(
        match[name] for name in ("year", "half", "quarter", "season", "month", "relative", "first", "day")
    ):
        return weekday(surface, known)
    return _from_parts(match, known)


def _numeric(match: re.Match[str]) -> Point:
    year, _, month, day, clock, other_year, other_month = match.groups()
    if not year:
        return Point(int(other_year), int(other_month))
    return Point(int(year), int(month), int(day), time=f"T{clock:0>5}" if clock else "")


def _from_parts(match: re.Match[str], known: Reference) -> Point | None:
    point: Point | None = Point()
    if match["year"] is not None:
        year = _year(match["year"], known)
        point = None if year is None else Point(year)
    for add in (_with_first, _with_part, _with_month, _with_day):
        point = None if point is None else add(point, match, known)
    return None if point is None else _with_time(point, match, match["time"])


def _with_first(point: Point, match: re.Match[str], known: Reference) -> Point | None:
    """年初, 年底 are those of the year of publication; 首季 is its first quarter."""
    first = match["first"]
    if first is None:
        return point
    if first in "年月" and (match["edge"] is None or match["day"] or (first == "月" and match["year"])):
        return None
    if first.startswith("首季"):
        return replace(point, part="Q1")
    if first == "年" and point.year is None:
        return None if known.year is None else replace(point, year=known.year)
    return point


def _with_part(point: Point, match: re.Match[str], known: Reference) -> Point | None:
    if match["half"] is not None:
        return replace(point, part=_HALVES[match["half"]])
    if match["quarter"] is not None:
        return replace(point, part=f"Q{int(number(match['quarter']) or 0)}")
    if match["season"] is None:
        return point
    # 秋 is a season behind a year only.
    named = match["seasonal"] is not None or match["year"] is not None
    return replace(point, part=_SEASONS[match["season"]]) if named else None


def _with_month(point: Point, match: re.Match[str], known: Reference) -> Point | None:
    if match["month"] is not None:
        return replace(point, month=int(number(match["month"]) or 0))
    if match["relative"] is None and match["first"] != "月":
        return point
    # 月底 is that of the month of publication.
    month = known.months(_MONTHS.get(match["relative"] or "", 0))
    return None if month is None else replace(point, year=month.year, month=month.month)


def _with_day(point: Point, match: re.Match[str], known: Reference) -> Point | None:
    if match["day"] is not None:
        if point.part is not None or (point.year is not None and point.month is None):
            return None
        point = replace(point, day=int(number(match["day"]) or 0))
    if match["edge"] is not None:
        if point.day is not None or ("旬" in match["edge"] and point.month is None):
            return None
        point = replace(point, modifier=_EDGES[match["edge"]])
    return point


def _with_time(point: Point, match: re.Match[str], name: str | None) -> Point | None:
    """A point with the time of the day; None for a time without a day, and for an hour that may be two or none."""
    hour = match["hour"]
    if name is None and hour is None:
        return point
    if point.day is None:
        return None
    part = None if name is None else _TIMES[name]
    if hour is None:
        return replace(point, time=f"T{part}")
    hours = int(number(hour) or 0)
    minutes = 30 if match["halfhour"] else int(number(match["minute"] or "0") or 0)
    if part in _AFTER_NOON:
        if hours in _AFTER_NOON[part]:
            hours += 12
        elif hours < 11 or (hours == 12 and part in ("EV", "NI")):
            return None
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
