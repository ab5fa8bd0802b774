"""Points and periods on the calendar, as parts: year, half, quarter, month, day, and what can be said of them."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tyez_bench.values import Modifier


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
