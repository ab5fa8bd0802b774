"""Sheets as Markdown, LaTeX and CSV."""

import csv
import re
from collections.abc import Sequence
from io import StringIO

from tyez_bench.errors import one_line
from tyez_bench.render.sheet import Sheet

_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "–": "--",
    "−": "$-$",
    "∅": r"$\emptyset$",
    "…": r"\dots{}",
}


def markdown(sheets: Sequence[Sheet]) -> str:
    """Tables of GitHub's Markdown, notes as a list."""
    return "\n".join(_markdown(sheet) for sheet in sheets)


def _markdown(sheet: Sheet) -> str:
    def row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell(text) for text in cells) + " |"

    rule = [":--" if number < sheet.words else "--:" for number in range(len(sheet.header))]
    lines = [f"**{cell(sheet.title)}**", ""] if sheet.title else []
    if sheet.header:
        lines += [row(sheet.header), "|" + "|".join(rule) + "|", *map(row, sheet.rows)]
        lines += [""] if sheet.notes else []
    lines += [f"- {cell(note)}" for note in sheet.notes]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Text that Markdown shows as it is."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", one_line(text))


def latex(sheets: Sequence[Sheet]) -> str:
    """A tabular a sheet, with the rules of booktabs; title and notes as comments and text below."""
    return "\n".join(_latex(sheet) for sheet in sheets)


def _latex(sheet: Sheet) -> str:
    def row(cells: Sequence[str]) -> str:
        return " & ".join(_escape(cell) for cell in cells) + r" \\"

    columns = "l" * sheet.words + "r" * (len(sheet.header) - sheet.words)
    table = [
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        row(sheet.header),
        r"\midrule",
        *map(row, sheet.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    lines = [
        "% " + one_line(sheet.title),
        *(table if sheet.header else ()),
        *(r"\par\footnotesize " + _escape(note) for note in sheet.notes),
    ]
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    return "".join(_LATEX.get(c, c) for c in one_line(text))


def comma_separated(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """CSV with a header (RFC 4180, line feeds); None is an empty field."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
