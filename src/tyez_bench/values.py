"""Normalised values of money and dates: ISO 4217 and TIMEX3."""

import re
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
    """TIMEX3 types that occur with days and longer units."""

    DATE = "DATE"
    DURATION = "DURATION"
    SET = "SET"


_AMOUNT = re.compile(r"(0|[1-9]\d*)(\.\d*[1-9])?")
_TIMEX = re.compile(
    r"""(PAST|PRESENT|FUTURE)_REF
      | \d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?|-Q[1-4]|-H[12]|-W[0-5]\d)?
      | P(\d+|X)(Y|M|W|D)""",
    re.VERBOSE,
)


class Money(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="money"):
    """The value of a MONEY entity. A range has a lower and an upper bound and no amount."""

    amount: Annotated[str | None, Meta(description="decimal string in units of the currency (CNY: yuan)")] = None
    currency: Annotated[str, Meta(description="ISO 4217 code", pattern="^[A-Z]{3}$")]
    modifier: Annotated[Modifier | None, Meta(description="from the words around the amount: 约 → APPROX")] = None
    lower: Annotated[str | None, Meta(description="lower bound of a range, as a decimal string")] = None
    upper: Annotated[str | None, Meta(description="upper bound of a range, as a decimal string")] = None

    def __post_init__(self) -> None:
        for amount in (self.amount, self.lower, self.upper):
            if amount is not None and not _AMOUNT.fullmatch(amount):
                raise ValueError(f"{amount!r} is not a decimal amount in canonical form (as 15767000000 or 12.5)")
        _check_range(self.amount, self.lower, self.upper)
        if self.lower is not None and self.upper is not None and Decimal(self.lower) > Decimal(self.upper):
            raise ValueError(f"the lower bound {self.lower} is above the upper bound {self.upper}")


class Timex(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="timex3"):
    """The value of a DATE entity, as TIMEX3. A range has a lower and an upper bound and no value."""

    type: Annotated[TimexType, Meta(description="DATE, DURATION or SET")]
    value: Annotated[str | None, Meta(description="TIMEX3 value: 2022-08-09, 2022-Q3, 2022-H1, P4M, PRESENT_REF")] = (
        None
    )
    modifier: Annotated[Modifier | None, Meta(description="TIMEX3 modifier: 三季度末 → END")] = None
    lower: Annotated[str | None, Meta(description="lower bound of a range, as a TIMEX3 value")] = None
    upper: Annotated[str | None, Meta(description="upper bound of a range, as a TIMEX3 value")] = None

    def __post_init__(self) -> None:
        for value in (self.value, self.lower, self.upper):
            if value is None:
                continue
            if not _TIMEX.fullmatch(value):
                raise ValueError(f"{value!r} is not a TIMEX3 value of a day or longer")
            if value.startswith("P") and value[1] in "0123456789X" and self.type is TimexType.DATE:
                raise ValueError(f"{value!r} is a period, but the TIMEX3 type is DATE")
        _check_range(self.value, self.lower, self.upper)


def _check_range(single: str | None, lower: str | None, upper: str | None) -> None:
    if (lower is None) != (upper is None):
        raise ValueError("a range needs both a lower and an upper bound")
    if (single is None) == (lower is None):
        raise ValueError("expected either a single value or a range, and not both")
