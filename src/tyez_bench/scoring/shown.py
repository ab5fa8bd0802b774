"""A report as people see it where they work: a short table in the interpreter, and in a notebook."""

from html import escape
from typing import TYPE_CHECKING

from tyez_bench.errors import one_line
from tyez_bench.scoring.numerals import bounds, figure, number, width

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
    units = len(report.tables.by(report.settings.unit))
    gold = report.gold.name if report.gold.version is None else f"{report.gold.name} {report.gold.version}"
    unit = report.unit_word(report.settings.unit) if len(report.documents) else "unit"
    return one_line(f"Report of {report.system} on {gold}: strict, {units} {unit}{'s' * (units != 1)}")


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
