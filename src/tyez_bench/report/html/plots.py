"""The plots: words in HTML, so that they wrap and can be read out, and below each its bar or its interval as SVG.

Places are shares of the width: a plot fits any screen and any sheet of paper, and its words keep their size.
"""

from collections.abc import Sequence

from tyez_bench.report.html.elements import Html, drawing, element
from tyez_bench.report.html.series import Bar, Group

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
