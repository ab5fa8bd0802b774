"""Several runs of one system as a sheet: means with their range."""

from collections.abc import Sequence

from tyez_bench.render.numbers import figure
from tyez_bench.render.score_sheets import gold_line
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.scoring.measures import MEASURES
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.spread import Spread, spread


def spread_sheet(name: str, reports: Sequence[Report]) -> Sheet:
    """Mean, lowest and highest of each figure over runs of the system ``name``."""
    found = spread(reports)
    rows = [(row, *(cell for measure in MEASURES for cell in _cells(found[row][measure]))) for row in found]
    header = ("", "P", "range", "R", "range", "F1", "range")
    notes = (
        gold_line(reports[0]),
        "range: the lowest and the highest run; – where a figure is undefined in one of the runs",
    )
    return sheet(f"{name}: strict, mean over {len(reports)} runs", header, rows, notes)


def _cells(found: Spread | None) -> tuple[str, str]:
    return (figure(None), "") if found is None else (figure(found.mean), f"{figure(found.low)}–{figure(found.high)}")
