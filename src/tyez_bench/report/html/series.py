"""What the plots show, as groups of bars: the same for the page and for the pictures."""

from collections.abc import Sequence

from msgspec import Struct

from tyez_bench.report.html.marks import LETTERS, Result
from tyez_bench.report.html.outcomes import ERRORS
from tyez_bench.report.table import bounds, figure
from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.comparison import common_types
from tyez_bench.scoring.report import MICRO, Report

# How many types a heading names.
_NAMED = 10


class Bar(Struct, frozen=True):
    """A value from 0 to 1 of a system, its interval, a second interval, and the words beside it.

    ``letter`` and ``name`` are the system's. ``value`` is None where it is undefined.
    """

    letter: str
    name: str
    value: float | None
    words: str
    interval: Interval | None = None
    second: Interval | None = None


class Group(Struct, frozen=True):
    """Bars of all systems under a heading."""

    title: str
    bars: tuple[Bar, ...]


def score_groups(results: Sequence[Result]) -> list[Group]:
    """Strict micro F1 of each system: over the types that all can express, then over each one's own."""
    reports = [result.report for result in results]
    types = common_types(reports)
    groups = []
    if any(report.types != types for report in reports):
        common = [_score(letter, report.narrowed(types)) for letter, report in zip(LETTERS, reports, strict=False)]
        groups.append(Group(f"over the types that all systems can express: {listed(types)}", tuple(common)))
        own = [
            _score(letter, report, f" over {listed(report.types)}")
            for letter, report in zip(LETTERS, reports, strict=False)
        ]
        groups.append(Group("over the types that each can express", tuple(own)))
    else:
        bars = tuple(_score(letter, report) for letter, report in zip(LETTERS, reports, strict=False))
        groups.append(Group(f"over {listed(types)}", bars))
    return groups


def listed(types: Sequence[str]) -> str:
    """Types in a line that can be read; all of them are rows of the tables."""
    more = len(types) - _NAMED
    return f"{', '.join(types[:_NAMED])} and {more} more" if more > 1 else ", ".join(types) or "none"


def _score(letter: str, report: Report, more: str = "") -> Bar:
    drawn = report.intervals()[MICRO]["f1"]
    second = None if report.settings.unit == "name" else report.by_name
    return Bar(letter, report.system, report.f1, f"{figure(report.f1)} ({bounds(drawn)}){more}", drawn, second)


def type_groups(results: Sequence[Result]) -> list[Group]:
    """Strict F1 of each system by type."""
    groups = []
    for type_ in dict.fromkeys(t for result in results for t in result.report.types):
        bars = []
        for letter, result in zip(LETTERS, results, strict=False):
            report = result.report
            if type_ not in report.types:
                bars.append(Bar(letter, report.system, None, _why_not(type_, report)))
                continue
            value, drawn = report.figures(type_)["f1"], report.intervals()[type_]["f1"]
            bars.append(Bar(letter, report.system, value, f"{figure(value)} ({bounds(drawn)})", drawn))
        if any(type_ in result.report.types for result in results):
            groups.append(Group(type_, tuple(bars)))
    return groups


def _why_not(type_: str, report: Report) -> str:
    """Why a system has no figure of a type that another has."""
    unable = type_ in report.gold.labels and not report.settings.counts(type_)
    return "its labels can't express it" if unable else "predicts none, and the gold has none"


def error_groups(results: Sequence[Result]) -> list[Group]:
    """Errors of each kind that occurs; values are shares of the largest number, so that bars compare."""
    largest = max((kind.errors for result in results for kind in result.diagnosis.kinds.values()), default=0) or 1
    groups = []
    for kind in ERRORS:
        bars = []
        for letter, result in zip(LETTERS, results, strict=False):
            found = result.diagnosis.kinds[kind]
            gain = ""
            if found.errors and found.fixed is not None and result.report.f1 is not None:
                gain = f"; F1 without them {figure(found.fixed)} ({found.fixed - result.report.f1:+.3f})"
            bars.append(Bar(letter, result.report.system, found.errors / largest, f"{found.errors}{gain}"))
        if any(bar.value for bar in bars):
            groups.append(Group(kind, tuple(bars)))
    return groups
