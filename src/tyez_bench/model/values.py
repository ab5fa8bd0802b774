"""Normalised values of money and dates: ISO 4217 and TIMEX3."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct


class Modifier(StrEnum):
    """TIMEX3 modifiers, used for money and for dates."""

    START = "START"
    MID = "MID"
    END = "END"
    APPROX = "APPROX"
    LESS_THAN = "LESS_THAN"
    MORE_THAN = "MORE_THAN"
    EQUAL_OR_LESS = "EQUAL_OR_LESS"
    EQUAL_OR_MORE = "EQUAL_OR_MORE"


class TimexType(StrEnum):
    """TIMEX3 types. The gold has no TIME: it marks nothing shorter than a day."""

    DATE = "DATE"
    TIME = "TIME"
    DURATION = "DURATION"
    SET = "SET"


_CALENDAR = (
    r"[0-9X]{2,4}(-([0-9X]{2}(-[0-9X]{2})?|Q[1-4X]|H[12X]|W[0-9X]{2}(-[1-7]|-WE)?|SP|SU|FA|WI))?"
    r"(T([0-9X]{2}(:[0-9X]{2}){0,2}|MO|MI|AF|EV|NI))?"
)
_PERIOD = r"P(([0-9]+(\.[0-9]+)?|X)[YMWD])+|P([0-9]+[YMWD])*T(([0-9]+(\.[0-9]+)?|X)[HMS])+"
_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[0-9]{4}-([0-9]{2})(?!-)")
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")

_AMOUNT = r"^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"
_TIMEX = rf"^((PAST|PRESENT|FUTURE)_REF|{_CALENDAR}|{_PERIOD})$"

# The patterns are for the JSON Schema; the types below check them themselves, and say what is wrong in words.
Amount = Annotated[str, Meta(extra_json_schema={"pattern": _AMOUNT})]
TimexValue = Annotated[str, Meta(extra_json_schema={"pattern": _TIMEX})]


class Money(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="money"):
    """The value of a MONEY entity. A range has a lower and an upper bound and no amount.

    Amounts are decimal strings in units of the currency (CNY: yuan, not fen): 1.5亿元 is 150000000. Raises ValueError
    for an amount that is not in canonical form, and for a range without both bounds.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.load()["wanbolin"].entities[2].value
        Money(amount='15767000000', currency='CNY', modifier=None, lower=None, upper=None)
    """

    amount: Annotated[
        Amount | None, Meta(description="decimal string in units of the currency (CNY: yuan), as 15767000000 or 12.5")
    ] = None
    currency: Annotated[str, Meta(description="ISO 4217 code", pattern="^[A-Z]{3}$", max_length=3)]
    modifier: Annotated[Modifier | None, Meta(description="from the words around the amount: 约 → APPROX")] = None
    lower: Annotated[Amount | None, Meta(description="lower bound of a range")] = None
    upper: Annotated[Amount | None, Meta(description="upper bound of a range")] = None

    def __post_init__(self) -> None:
        for amount in (self.amount, self.lower, self.upper):
            if amount is not None and not re.fullmatch(_AMOUNT, amount):
                raise ValueError(f"{amount!r} is not a decimal amount in canonical form (as 15767000000 or 12.5)")
        _check_range(self.amount, self.lower, self.upper)
        if self.lower is not None and self.upper is not None and Decimal(self.lower) > Decimal(self.upper):
            raise ValueError(f"the lower bound {self.lower} is above the upper bound {self.upper}")


class Timex(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="timex3"):
    """The value of a DATE entity, as TIMEX3. A range has a lower and an upper bound and no value.

    TIMEX3 is that of TimeML 1.2.1 (Pustejovsky et al. 2003; ISO 24617-1). Raises ValueError for what is no TIMEX3
    value, is on no calendar, or is not of its type.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.load()["wanbolin"].entities[1].value.value
        '2022-H1'
    """

    type: Annotated[TimexType, Meta(description="DATE, DURATION or SET; TIME in predictions")]
    value: Annotated[TimexValue | None, Meta(description="2022-08-09, 2022-Q3, 2022-H1, P4M, PRESENT_REF")] = None
    modifier: Annotated[Modifier | None, Meta(description="三季度末 → END")] = None
    lower: Annotated[TimexValue | None, Meta(description="lower bound of a range")] = None
    upper: Annotated[TimexValue | None, Meta(description="upper bound of a range")] = None

    def __post_init__(self) -> None:
        for value in (self.value, self.lower, self.upper):
            if value is not None:
                _check_timex(self.type, value)
        _check_range(self.value, self.lower, self.upper)
        if self.lower is not None and self.upper is not None and _later(self.lower, self.upper):
            raise ValueError(f"the lower bound {self.lower} is behind the upper bound {self.upper}")


def _check_timex(type_: TimexType, value: str) -> None:
    """Raise ValueError for what is no TIMEX3 value, is on no calendar, or is not of its type."""
    if not re.fullmatch(_TIMEX, value):
        raise ValueError(f"{value!r} is not a TIMEX3 value")
    period = re.match(r"P[0-9XT]", value) is not None
    if period and type_ in (TimexType.DATE, TimexType.TIME):
        raise ValueError(f"{value!r} is a period, but the TIMEX3 type is {type_}")
    if not period and type_ is TimexType.DURATION:
        raise ValueError(f"{value!r} is no period, but the TIMEX3 type is DURATION")
    try:
        if _FULL_DATE.match(value):
            date.fromisoformat(value[:10])
        elif month := _MONTH.match(value):
            date(2000, int(month[1]), 1)
        elif week := _WEEK.match(value):
            date.fromisocalendar(int(week[1]), int(week[2]), 1)
    except ValueError:
        raise ValueError(f"{value!r} does not exist on any calendar") from None


def check_calendar(value: str) -> None:
    """Raise ValueError unless it is a year, a month or a day of the calendar, as 2022, 2022-08 or 2022-08-09."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value):
        raise ValueError(f"{value!r} is not a year, month or day, expected one such as 2022, 2022-08 or 2022-08-09")
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError:
        raise ValueError(f"{value!r} does not exist on any calendar") from None


def _later(one: str, other: str) -> bool:
    """Whether ``one`` is later or longer, as far as two values of the same form show it."""
    numbers = [[int(digits) for digits in re.findall("[0-9]+", value)] for value in (one, other)]
    same_form = re.sub("[0-9]+", "0", one) == re.sub("[0-9]+", "0", other)
    return same_form and numbers[0] > numbers[1]


def _check_range(single: str | None, lower: str | None, upper: str | None) -> None:
    if (lower is None) != (upper is None):
        raise ValueError("a range needs both a lower and an upper bound")
    if (single is None) == (lower is None):
        raise ValueError("expected either a single value or a range, and not both")
