"""The stress suite as a heat map: capabilities by systems, and below it every figure."""

from collections.abc import Sequence

from msgspec import Struct

from tyez_bench.report.html.elements import Html, element
from tyez_bench.report.html.tables import fold, html_table, scrolled
from tyez_bench.report.table import figure
from tyez_bench.report.tables.stress import stress_table
from tyez_bench.scoring.report import Report
from tyez_bench.stress.rates import CapabilityRow, worst
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.verdicts import Renamed

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
        "the share of cases passed, of those that ask something that the labels of the system can say; the more, the "
        "stronger the colour; ↓ the lowest of the system",
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
