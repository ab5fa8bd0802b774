"""The plots: bars and intervals of systems, which the pictures show, too, and how the page draws them; the heat map.

On the page words are HTML, so that they wrap and can be read out, and below each stands its bar or its interval as SVG.
Places are shares of the width: a plot fits any screen and any sheet of paper, and its words keep their size.
"""

from collections.abc import Sequence

from msgspec import Struct

from tyez_bench.report.html.elements import Html, drawing, element, fold, html_table, scrolled
from tyez_bench.report.html.marks import ERRORS, LETTERS, Result
from tyez_bench.report.table import bounds, figure
from tyez_bench.report.tables.stress import stress_table
from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.comparison import common_types
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.scores import MICRO
from tyez_bench.stress.rates import CapabilityRow, worst
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.verdicts import Renamed

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
    drawn = report["strict", MICRO].interval
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
            value, drawn = report.figures(type_)["f1"], report["strict", type_].interval
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


_TICKS = (0, 25, 50, 75, 100)
_HEIGHT = 14


def plot(groups: Sequence[Group], name: str, *, dots: bool = False, axis: bool = True) -> Html:
    """Small multiples: in each a group of horizontal bars, or of dots with their intervals, over an axis from 0 to 1.

    What a drawing shows stands in words above it, and in the tables.
    """
    drawn = [_group(group, dots, axis) for group in groups]
    return element("figure", element("figcaption", name), element("div", *drawn, class_="multiples"), class_="plot")


def _group(group: Group, dots: bool, axis: bool) -> Html:
    rows = []
    for bar in group.bars:
        drawn = _dot(bar) if dots else _bar(bar)
        words = element("span", element("b", bar.letter), f" {bar.name} ", element("span", bar.words, class_="value"))
        # Where nothing is drawn the words say why; without an axis nothing is what none looks like.
        there = drawn and (axis or bar.value)
        shown = [_drawn([*(_ticks() if axis else []), *drawn], _HEIGHT)] if there else []
        rows.append(element("li", words, *shown))
    parts = [element("p", group.title, class_="heading"), element("ul", *rows)]
    return element("div", *parts, *([_drawn(_labels(), 14)] if axis else []), class_="group")


def _drawn(parts: Sequence[Html], height: int) -> Html:
    return element("svg", *parts, width="100%", height=height, aria_hidden="true", focusable="false")


def _ticks() -> list[Html]:
    return [drawing("line", x1=f"{tick}%", x2=f"{tick}%", y1=0, y2=_HEIGHT, class_="tick") for tick in _TICKS]


def _labels() -> list[Html]:
    anchors = {0: "start", 100: "end"}
    return [
        element("text", f"{tick / 100:g}", x=f"{tick}%", y=11, text_anchor=anchors.get(tick, "middle"))
        for tick in _TICKS
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.3f}%"


def _bar(bar: Bar) -> list[Html]:
    parts = []
    if bar.value is not None:
        parts.append(drawing("rect", x=0, y=2, width=_percent(bar.value), height=10, class_="bar"))
        parts.append(drawing("rect", x=0, y=2, width=2, height=10, class_="root"))
    if bar.interval is not None:
        parts.append(_line(bar.interval.low, bar.interval.high, 7, "whisker"))
    return parts


def _dot(bar: Bar) -> list[Html]:
    parts = []
    if bar.interval is not None:
        parts.append(_line(bar.interval.low, bar.interval.high, 6, "interval"))
    if bar.second is not None:
        parts.append(_line(bar.second.low, bar.second.high, 13, "second"))
    if bar.value is not None:
        parts.append(drawing("circle", cx=_percent(bar.value), cy=6, r=5, class_="dot"))
    return parts


def _line(low: float, high: float, y: int, kind: str) -> Html:
    return drawing("line", x1=_percent(low), x2=_percent(high), y1=y, y2=y, class_=kind)


# How many steps the shades have beside none.
_STEPS = 10


class Stressed(Struct, frozen=True):
    """A system on the stress suite."""

    suite: Suite
    report: Report
    rows: Sequence[CapabilityRow]
    renamed: Renamed | None


def heat(systems: Sequence[Stressed]) -> list[Html]:
    """The map, and a table of each system with intervals and kinds of tests."""
    tables = [html_table(stress_table(one.suite, one.report, one.rows, one.renamed)) for one in systems]
    return [_map(systems), fold("Each system as a table", *tables)]


def _map(systems: Sequence[Stressed]) -> Html:
    title = "Cases passed, by capability; below, by transformation of the page's sentences"
    names = [one.report.system for one in systems]
    head = element(
        "tr", element("th", "capability", scope="col"), *(element("th", name, scope="col") for name in names)
    )
    lowest = [worst(one.rows) for one in systems]
    bodies: dict[bool, list[Html]] = {}
    for rows in zip(*(one.rows for one in systems), strict=True):
        cells = [_cell(row, row is least) for row, least in zip(rows, lowest, strict=True)]
        line = element("tr", element("th", rows[0].capability, scope="row", class_="words"), *cells)
        bodies.setdefault(rows[0].transformed, []).append(line)
    grid = element(
        "table",
        element("caption", element("span", title)),
        element("thead", head),
        *(element("tbody", *lines) for lines in bodies.values()),
        class_="heat",
    )
    said = (
        "the share of cases passed, of those that ask for something that the system's labels can express; the more, "
        "the stronger the colour; ↓ the system's lowest",
        "there is no average over the lines",
    )
    return scrolled(grid, title, said)


def _cell(row: CapabilityRow, lowest: bool) -> Html:
    share = row.rate.value
    if share is None:
        return element("td", "–")
    mark = element("span", "↓", role="img", aria_label="the lowest") if lowest else ""
    number = element("small", f" of {row.rate.cases}")
    return element("td", mark, figure(share), number, class_=f"heat{round(share * _STEPS)}")
