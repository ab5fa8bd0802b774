"""Several runs of one system: mean and range of their figures."""

from collections.abc import Sequence

from msgspec import Struct

from tyez_bench.errors import UsageError
from tyez_bench.scoring.comparison import check_comparable
from tyez_bench.scoring.measures import MEASURES
from tyez_bench.scoring.report import Report


class Spread(Struct, frozen=True):
    """The mean, the lowest and the highest of a figure."""

    mean: float
    low: float
    high: float


def spread(reports: Sequence[Report], scheme: str = "strict") -> dict[str, dict[str, Spread | None]]:
    """Precision, recall and F1 of each type and of all (``micro``) over runs of one system.

    The mean is that of the runs' figures. None where a figure is undefined in one of the runs: a mean over the others
    would be of other runs in each cell. Raises UsageError for no run, and for runs that were not scored alike.
    """
    if not reports:
        raise UsageError("no run, and so no mean and no range")
    check_comparable(reports)
    found: dict[str, dict[str, Spread | None]] = {}
    for row, _ in reports[0].rows(scheme):
        figures = [report.figures(row, scheme) for report in reports]
        found[row] = {name: _spread([one[name] for one in figures]) for name in MEASURES}
    return found


def _spread(values: Sequence[float | None]) -> Spread | None:
    told = [value for value in values if value is not None]
    return Spread(sum(told) / len(told), min(told), max(told)) if len(told) == len(values) else None
