"""The one value that the words of a date state."""

from typing import Any

from tyez_bench.model.values import Timex
from tyez_bench.zh.dates.values import date_readings


def parse_date(text: str, *span: int, **reference: Any) -> Timex | None:
    """None for what is no date, and for dates that the words do not fix."""
    found = date_readings(text, *span, **reference)
    return found[0] if len(found) == 1 else None
