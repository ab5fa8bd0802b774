"""Money and dates by the patterns of the consistency check.

The patterns were written with the page known: what they score on it says little of what they would score elsewhere.
Durations, sets and vague dates are left out, as the gold has them as optional.
"""

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import Options, System, tagging
from tyez_bench.zh.find import find_dates, find_money

# Kinds of dates that are always entities.
KINDS = ("absolute", "relative")


def load(argument: str, gold: Gold, options: Options) -> System:
    """The patterns as a system."""
    return System(predict=tagging(tag), by=options.by or "document")


def tag(text: str) -> list[Span]:
    """Amounts of money, and dates that do not overlap one."""
    money = [Span(p.start, p.end, "MONEY", text[p.start : p.end]) for p in find_money(text)]
    dates = [Span(p.start, p.end, "DATE", text[p.start : p.end]) for p in find_dates(text) if p.kind in KINDS]
    return money + [d for d in dates if not any(d.start < m.end and m.start < d.end for m in money)]
