"""The score of one row of a report, how figures are written, and a report as people see it where they work."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from msgspec import Struct, structs

from tyez_bench.model.errors import UsageError, counted, one_line
from tyez_bench.scoring.bootstrap import Interval, reason
from tyez_bench.scoring.schemes import MEASURES, Counts, Outcome, f1, precision, recall

if TYPE_CHECKING:
    from tyez_bench.scoring.bootstrap import Interval


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


if TYPE_CHECKING:
    from tyez_bench.scoring.report import Report


class Score(Struct, frozen=True, repr_omit_defaults=True):
    """Counts of a row of a report under a scheme, the figures made from them, and their intervals.

    ``report["strict", "ORG"]`` is that of a type, ``report["strict"]`` that of all types together (the row
    ``micro``), which has those of the types as ``types`` and by ``[]``. Nothing is rounded. Precision, recall and F1
    are those of van Rijsbergen (1979), micro-averaged over spans; the intervals are percentiles of a bootstrap (Efron
    1979) over the report's units.

    Attributes:
        scheme: the name of the scheme, as ``strict``.
        row: the type, or ``micro``.
        counts: gold spans, predictions, and how many of each are right.
        intervals: by measure (``precision``, ``recall``, ``f1``) the 95 % interval, None where there is none.
        reasons: by measure, in words, why it has no interval.
        outcome: the MUC categories (correct, incorrect, partial, missed, spurious); None for characters.
        types: of ``micro``, the scores of the types.

    Example:
        >>> import tyez_bench
        >>> report = tyez_bench.score_spans([[(0, 2, "PER"), (3, 5, "ORG")]], [[(0, 2, "PER"), (3, 4, "ORG")]])
        >>> report["strict", "PER"].f1, report["strict"].tp, report["strict"]["ORG"].fn
        (1.0, 1, 1)
        >>> report["partial"]
        <partial micro: P 0.750, R 0.750, F1 0.750; TP 1.5, FP 0.5, FN 0.5>
    """

    scheme: str
    row: str
    counts: Counts
    intervals: dict[str, Interval | None]
    reasons: dict[str, str]
    outcome: Outcome | None
    types: dict[str, "Score"] = {}

    def __getitem__(self, type_: str) -> "Score":
        """The score of a type, of that of all. Raises UsageError for another name."""
        if type_ not in self.types:
            expected = f", expected {', '.join(self.types)}" if self.types else ""
            raise UsageError(f"{type_!r} is not a type of the row {self.row}{expected}")
        return self.types[type_]

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __repr__(self) -> str:
        found = f"P {figure(self.precision)}, R {figure(self.recall)}, F1 {figure(self.f1)}"
        sure = f" [{bounds(self.interval)}]" if self.interval is not None else ""
        wrong = f"TP {number(self.tp)}, FP {number(self.fp)}, FN {number(self.fn)}"
        return one_line(f"<{self.scheme} {self.row}: {found}{sure}; {wrong}>")

    @property
    def tp(self) -> float:
        """True positives: what is right; under ``partial`` an overlap counts .5."""
        return self.counts.right

    @property
    def fp(self) -> float:
        """False positives: predictions that are not right."""
        return self.counts.predicted - self.counts.right

    @property
    def fn(self) -> float:
        """False negatives: gold spans that were not found."""
        return self.counts.gold - self.counts.right

    @property
    def gold(self) -> int:
        """How many gold spans count; of the scheme ``characters``, how many code points."""
        return self.counts.gold

    @property
    def predicted(self) -> int:
        """How many predictions count; of the scheme ``characters``, how many code points."""
        return self.counts.predicted

    @property
    def precision(self) -> float | None:
        """The share of the predictions that are right, tp / (tp + fp); None without predictions."""
        return precision(self.counts)

    @property
    def recall(self) -> float | None:
        """The share of the gold spans that were found, tp / (tp + fn); None without gold."""
        return recall(self.counts)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, 2·tp / (gold + predicted); None with neither of them."""
        return f1(self.counts)

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of F1; None where ``reasons["f1"]`` says why."""
        return self.intervals["f1"]

    def to_dict(self) -> dict[str, Any]:
        """The row as the JSON report has it."""
        return {
            **figures_data(self.counts),
            **all_bounded(self.intervals, self.reasons),
            **(structs.asdict(self.outcome) if self.outcome else {}),
        }


def score_of(report: "Report", scheme: str, row: str) -> Score:
    """The score of a row of a report, without those of types. Raises as :meth:`tyez_bench.Report.counts`."""
    counted = report.counts(row, scheme)
    drawn, reasons = report.intervals(scheme), report.without_interval(scheme)
    if row in drawn:
        return Score(scheme, row, counted, drawn[row], reasons[row], report.outcome(row, scheme))
    # A label that neither the gold nor the predictions have.
    undefined = {name: str(reason(name, 0, "")) for name in MEASURES}
    return Score(scheme, row, counted, dict.fromkeys(MEASURES), undefined, report.outcome(row, scheme))


def figures_data(counts: Counts) -> dict[str, Any]:
    """Counts, and the figures made from them, as plain data."""
    return {
        "precision": precision(counts),
        "recall": recall(counts),
        "f1": f1(counts),
        "tp": counts.right,
        "fp": counts.predicted - counts.right,
        "fn": counts.gold - counts.right,
        "gold": counts.gold,
        "predicted": counts.predicted,
    }


def bounds_data(interval: Interval | None) -> list[float] | None:
    """An interval as [low, high]."""
    return None if interval is None else [interval.low, interval.high]


def bounded(name: str, interval: Interval | None, reason: str | None) -> dict[str, Any]:
    """An interval under its name; where it is null, why it is, under the same name with ``_reason``."""
    return {name: bounds_data(interval)} | ({} if reason is None else {f"{name}_reason": reason})


def all_bounded(found: Mapping[str, Interval | None], reasons: Mapping[str, str]) -> dict[str, Any]:
    """The intervals of measures, with the reasons."""
    data: dict[str, Any] = {}
    for measure, interval in found.items():
        data |= bounded(f"{measure}_interval", interval, reasons.get(measure))
    return data


if TYPE_CHECKING:
    from tyez_bench.scoring.report import Report

_HEADER = ("", "P", "R", "F1", "95 %", "TP", "FP", "FN")


def shown_text(report: "Report") -> str:
    """The strict scores of a report as a table of characters."""
    rows = [_HEADER, *_rows(report)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *cells in rows:
        padded = [" " * (size - width(cell)) + cell for cell, size in zip(cells, widths[1:], strict=True)]
        lines.append("   ".join([first + " " * (widths[0] - width(first)), *padded]))
    return "\n".join([_title(report), *lines])


def shown_html(report: "Report") -> str:
    """The same as a table of HTML."""
    header = "".join(f"<th>{escape(name)}</th>" for name in _HEADER)
    rows = "".join(
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for first, *cells in _rows(report)
    )
    caption = f"<caption>{escape(_title(report))}</caption>"
    return f"<table>{caption}<thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"


def _title(report: "Report") -> str:
    units = report.tables.number(report.settings.unit)
    gold = report.gold.name if report.gold.version is None else f"{report.gold.name} {report.gold.version}"
    unit = report.unit_word(report.settings.unit) if len(report.documents) else "unit"
    return one_line(f"Report of {report.system} on {gold}: strict, {counted(units, unit)}")


def _rows(report: "Report") -> list[tuple[str, ...]]:
    total = report["strict"]
    return [
        (
            one_line(one.row),
            *map(figure, (one.precision, one.recall, one.f1)),
            bounds(one.interval),
            *map(number, (one.tp, one.fp, one.fn)),
        )
        for one in (*total.types.values(), total)
    ]
