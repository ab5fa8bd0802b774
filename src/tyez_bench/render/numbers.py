"""How figures are written: three decimals, and – for what is undefined."""

from typing import TYPE_CHECKING

from tyez_bench.scoring.numerals import bounds, figure, number

if TYPE_CHECKING:
    from tyez_bench.scoring.resampling import Interval

__all__ = ["bounds", "figure", "number", "p_value", "signed_bounds"]


def signed_bounds(interval: "Interval | None") -> str:
    """An interval of differences as ``−0.012 to +0.345``; – when it is undefined."""
    return "–" if interval is None else f"{interval.low:+.3f} to {interval.high:+.3f}"


def p_value(value: float | None) -> str:
    """A p-value with four decimals; – when it is undefined."""
    return "–" if value is None else f"{value:.4f}"
