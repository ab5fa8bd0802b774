"""Points and periods on the calendar: as parts; weeks and their days; centuries and decades."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.values import Modifier, Timex, TimexType
from tyez_bench.zh.numerals import number


@dataclass(frozen=True)
class Point:
    """A date as far as words give it. ``part``: H1, Q3, SP; ``time``: T15:30, TMO."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str | None = None
    time: str = ""
    modifier: Modifier | None = None

    def value(self) -> str | None:
        """As TIMEX3, X for what is not known; None for what is on no calendar."""
        year = "XXXX" if self.year is None else f"{self.year:04}"
        if self.month is not None and not 1 <= self.month <= 12:
            return None
        if self.day is not None:
            last = monthrange(self.year or 2000, self.month)[1] if self.month is not None else 31
            if not 1 <= self.day <= last:
                return None
            month = "XX" if self.month is None else f"{self.month:02}"
            return f"{year}-{month}-{self.day:02}{self.time}"
        if self.month is not None:
            return f"{year}-{self.month:02}"
        if self.part is not None:
            return f"{year}-{self.part}"
        return year if self.year is not None else None


@dataclass(frozen=True)
class Reference:
    """The day of publication as far as it is known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def months(self, number: int) -> Point | None:
        """The month that many months later."""
        if self.year is None or self.month is None:
            return None
        index = self.year * 12 + self.month - 1 + number
        return Point(index // 12, index % 12 + 1)

    def quarters(self, number: int) -> Point | None:
        """The quarter that many quarters later."""
        if self.year is None or self.month is None:
            return None
        index = self.year * 4 + (self.month - 1) // 3 + number
        return Point(index // 4, part=f"Q{index % 4 + 1}")

    def days(self, number: int) -> Point | None:
        """The day that many days later; today as finely as it is known."""
        if number == 0:
            return None if self.year is None else Point(self.year, self.month, self.day)
        if self.year is None or self.month is None or self.day is None:
            return None
        day = date(self.year, self.month, self.day) + timedelta(days=number)
        return Point(day.year, day.month, day.day)

    def week(self, number: int) -> str | None:
        """The ISO week that many weeks later."""
        found = self.days(0)
        if found is None or found.day is None or found.month is None or found.year is None:
            return None
        year, week, _ = (date(found.year, found.month, found.day) + timedelta(weeks=number)).isocalendar()
        return f"{year:04}-W{week:02}"

    def weekday(self, weeks: int, day: int) -> Point | None:
        """A day (1 is Monday) of the week that many weeks later."""
        week = self.week(weeks)
        if week is None:
            return None
        found = date.fromisocalendar(int(week[:4]), int(week[6:]), day)
        return Point(found.year, found.month, found.day)


def reference_of(text: str | None) -> Reference:
    """A reference date from TIMEX3 (2022, 2022-08, 2022-08-09); nothing known from anything else."""
    try:
        numbers = [int(part) for part in (text or "").split("-")]
    except ValueError:
        return Reference()
    return Reference(*numbers) if 1 <= len(numbers) <= 3 else Reference()


def century(short: int, reference: Reference) -> int:
    """The year that two digits stand for: the one from 80 years before the reference to 19 after it."""
    if reference.year is None:
        return 2000 + short if short <= 49 else 1900 + short
    first = reference.year - 80
    return first + (short - first) % 100


def filled(point: Point, reference: Reference) -> Point:
    """A point whose year, and month where it has none, are the reference's."""
    if point.year is None:
        point = replace(point, year=reference.year)
        if point.day is not None and point.month is None:
            point = replace(point, month=reference.month)
    return point


_WORDS = word_lists("tyez_bench.zh", "calendar")
_SHIFTS = _WORDS.numbers("weeks")
_DAYS = _WORDS.numbers("weekdays")
_SHIFT = any_of(_SHIFTS)
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


_NUMBER = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_CENTURY = f"(?:(?P<word>上个?|本)|(?P<number>{_NUMBER}))世纪"
_EDGES = {word: Modifier(name) for word, name in _WORDS.meanings("edges").items()}
_DECADE = re.compile(
    f"(?:{_CENTURY}|(?P<hundreds>[0-9]{{2}})(?=[0-9]))?(?P<ten>[0-9]0|[二三四五六七八九]?十)年代(?P<edge>初|中期?|末|后期)?"
)
_AGE = re.compile(f"{_CENTURY}(?P<edge>初|中[叶期]?|末)?")


def centuries(surface: str, known: Reference) -> tuple[Timex, ...]:
    """The readings of a century or a decade; none for anything else."""
    match = _AGE.fullmatch(surface)
    if match is not None:
        hundreds = _hundreds(match, known)
        return () if hundreds is None else (_timex(f"{hundreds:02}", match["edge"]),)
    match = _DECADE.fullmatch(surface)
    if match is None:
        return ()
    ten = int(number(match["ten"]) or 0) // 10
    if match["hundreds"] is not None:
        return (_timex(f"{match['hundreds']}{ten}", match["edge"]),)
    if match["word"] is not None or match["number"] is not None:
        hundreds = _hundreds(match, known)
        return () if hundreds is None else (_timex(f"{hundreds:02}{ten}", match["edge"]),)
    # The twenties alone may be those of this century.
    this = (known.year or 0) // 100
    both = this > 19 and this * 100 + ten * 10 <= (known.year or 0) + 10
    return tuple(_timex(f"{hundreds}{ten}", match["edge"]) for hundreds in ((19, this) if both else (19,)))


def _hundreds(match: re.Match[str], known: Reference) -> int | None:
    """The hundreds of a century's years: 19 for the twentieth."""
    if match["word"] is None:
        return int(number(match["number"]) or 0) - 1
    # Which century is this one hangs on when the text was written.
    return None if known.year is None else known.year // 100 - (match["word"] != "本")


def _timex(value: str, edge: str | None) -> Timex:
    return Timex(type=TimexType.DATE, value=value, modifier=None if edge is None else _EDGES[edge[0]])
