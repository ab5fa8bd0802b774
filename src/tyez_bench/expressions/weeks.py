"""Weeks and their days: 本周, 上周五, 下周末."""

import re

from tyez_bench.expressions.calendar import Point, Reference
from tyez_bench.values import Timex, TimexType

_SHIFTS = {
    **dict.fromkeys(("本", "这", "这个"), 0),
    **dict.fromkeys(("上", "上个", "上一"), -1),
    **dict.fromkeys(("下", "下个", "下一"), 1),
    "上上": -2,
    "下下": 2,
}
_DAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_SHIFT = "|".join(sorted(_SHIFTS, key=len, reverse=True))
_WEEK = re.compile(f"(?P<shift>{_SHIFT})(?:周|星期|礼拜)(?P<end>末)?")
_DAY = re.compile(f"(?P<shift>{_SHIFT})?(?:周|星期|礼拜)(?P<day>[{''.join(_DAYS)}])")


def weeks(surface: str, known: Reference) -> tuple[Timex, ...]:
    """The readings of a week, its end, or one of its days; none for anything else, and where the day is not known."""
    week = _WEEK.fullmatch(surface)
    if week is not None:
        value = known.week(_SHIFTS[week["shift"]])
        return () if value is None else (_date(value + ("-WE" if week["end"] else "")),)
    day = _DAY.fullmatch(surface)
    if day is None:
        return ()
    if day["shift"] is not None:
        point = weekday(surface, known)
        return () if point is None else (_date(point.value()),)
    # 周五 may be the one of this week, the last one, the next one, or every one.
    number = _DAYS[day["day"]]
    points = (known.weekday(shift, number) for shift in (0, -1, 1))
    return (_date(f"XXXX-WXX-{number}"), *(_date(point.value()) for point in points if point is not None))


def weekday(surface: str, known: Reference) -> Point | None:
    """上周五 as a day of the calendar; None for anything else, and where the day of publication is not known."""
    match = _DAY.fullmatch(surface)
    return (
        None if match is None or match["shift"] is None else known.weekday(_SHIFTS[match["shift"]], _DAYS[match["day"]])
    )


def _date(value: str | None) -> Timex:
    return Timex(type=TimexType.DATE, value=value)
