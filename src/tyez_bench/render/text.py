"""Sheets as text: drawn by rich on a terminal, in plain characters elsewhere."""

import os
import sys
from collections.abc import Sequence
from io import StringIO

from tyez_bench.errors import one_line
from tyez_bench.render.sheet import Sheet
from tyez_bench.scoring.numerals import width

__all__ = ["render", "width"]


def render(sheets: Sequence[Sheet]) -> str:
    """All sheets, an empty line between two."""
    draw = _rich if _on_a_terminal() else _plain
    return "\n".join(draw(sheet) for sheet in sheets)


def _on_a_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _plain(sheet: Sheet) -> str:
    rows = [[one_line(cell) for cell in row] for row in (sheet.header, *sheet.rows)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [one_line(sheet.title)] if sheet.title else []
    for number, row in enumerate(rows if sheet.header else ()):
        cells = []
        for column, (cell, size) in enumerate(zip(row, widths, strict=True)):
            space = " " * (size - width(cell))
            cells.append(cell + space if column < sheet.words else space + cell)
        lines.append((" " + "   ".join(cells)).rstrip())
        if number == 0:
            lines.append(" " + "─" * (sum(widths) + 3 * (len(widths) - 1)))
    lines += map(one_line, sheet.notes)
    return "\n".join(lines) + "\n"


def _rich(sheet: Sheet) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    header, *rows = [[one_line(cell) for cell in row] for row in (sheet.header, *sheet.rows)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=None)
    for number, name in enumerate(header):
        table.add_column(name, justify="left" if number < sheet.words else "right", no_wrap=True)
    for row in rows:
        style = "bold" if row[0] == "micro" else None
        table.add_row(*row, style=style)
    # As wide as it must be, so that no figure is cut; a narrower terminal wraps the lines.
    columns = zip(header, *rows, strict=True)
    size = sum(max(map(width, column)) + 3 for column in columns)
    # Drawn into a string: rich would end the process itself when the reader of a pipe goes away.
    canvas = StringIO()
    console = Console(
        file=canvas, force_terminal=True, highlight=False, markup=False, emoji=False, width=size, legacy_windows=False
    )
    if sheet.header:
        console.print(table)
    drawn = [line.rstrip() for line in canvas.getvalue().splitlines() if line.strip()]
    title = [one_line(sheet.title)] if sheet.title else []
    return "\n".join([*title, *drawn, *map(one_line, sheet.notes)]) + "\n"
