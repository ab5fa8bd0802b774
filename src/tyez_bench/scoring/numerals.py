"""How figures are written: three decimals, and – for what is undefined."""

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from tyez_bench.scoring.resampling import Interval


def figure(value: float | None) -> str:
    """A share with three decimals; – when it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def bounds(interval: "Interval | None") -> str:
    """An interval as ``0.123–0.456``; – when it is undefined."""
    return "–" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}"


def number(value: float) -> str:
    """A count; halves with one decimal."""
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def width(text: str) -> int:
    """Columns that a text takes on a terminal: wide characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
