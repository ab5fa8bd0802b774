"""Tables as text, Markdown, LaTeX and CSV."""

import csv
import os
import re
import sys
from collections.abc import Iterable, Sequence
from io import StringIO

from tyez_bench.model.errors import one_line
from tyez_bench.report.table import Table
from tyez_bench.scoring.scores import width

# What LaTeX takes for a command or a parameter, or draws as another character.
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
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    "-": "-{}",
    "–": "--",
    "−": "$-$",
    "∅": r"$\emptyset$",
    "…": r"\dots{}",
}
# A hyphen before another would make a dash of both; a single one is a hyphen.
_LATEX_TAKES = re.compile("-(?=-)|[" + re.escape("".join(set(_LATEX) - {"-"})) + "]")

# Words of ASCII: Markdown gives no other character a meaning. A backtick ends code, and a bar the cell of a table.
_WORD = re.compile(r"[!-_a-~]+")
_WORD_OF_A_CELL = re.compile(r"[!-_a-{}~]+")
# What GitHub makes links, mentions, formulas and pictures of however it is escaped, unless it is code.
_LIVE = re.compile(
    r"@|://|\bwww\.|(?<![0-9A-Za-z])(?:#|GH-)[0-9]|/\S*#[0-9]|\$.*\$|:[A-Za-z_][\w+-]*:|:[+-]1:",
    re.IGNORECASE | re.ASCII,
)
# An underscore within a word means nothing, nor does an ampersand that begins no entity.
_MARKDOWN_TAKES = re.compile(r"[\\`*\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
# The beginning of a heading, a list or a rule.
_BLOCK = re.compile(r"^(?:[0-9]{1,9}(?=[.)](?:\s|$))|(?=[-+=#](?:[-+=#\s]|$)))")

# A text that a spreadsheet would calculate (in East Asian ones full-width signs do, too), apostrophes before it or not.
_FORMULA = re.compile(r"'*[-=+@－＝＋＠]")


def markdown(tables: Sequence[Table]) -> str:
    """Tables of GitHub's Markdown, notes as a list."""
    return "\n".join(_markdown(table) for table in tables)


def _markdown(table: Table) -> str:
    rule = [":--" if number < table.words else "--:" for number in range(len(table.header))]
    lines = [f"**{cell(table.title)}**", ""] if table.title else []
    if table.header:
        lines += [row(table.header), "|" + "|".join(rule) + "|", *map(row, table.rows)]
        lines += [""] if table.notes else []
    lines += [f"- {paragraph(note)}" for note in table.notes]
    return "\n".join(lines) + "\n"


def row(cells: Iterable[str]) -> str:
    """A row of a table in Markdown, of plain texts."""
    return "| " + " | ".join(map(cell, cells)) + " |"


def paragraph(text: str) -> str:
    """As :func:`cell`, for a line of its own, where text is no heading and no list either."""
    return _BLOCK.sub(lambda found: found[0] + "\\", _shown(text, _WORD))


def cell(text: str) -> str:
    """Text that Markdown shows as it is.

    Words that GitHub does something with even when they are escaped (``@name`` notifies people; addresses, ``#12``)
    are written as code, where it does nothing.
    """
    return _shown(text, _WORD_OF_A_CELL)


def _shown(text: str, words: re.Pattern[str]) -> str:
    line = one_line(text)
    inner = line.strip()
    # Spaces at an edge would be dropped, and keep a title from being bold.
    start = line.index(inner)
    before, after = ("".join(f"&#{ord(c)};" for c in edge) for edge in (line[:start], line[start + len(inner) :]))
    money = inner.count("$") > 1
    parts, at = [before], 0
    for word in words.finditer(inner):
        if _LIVE.search(word[0]) or (money and "$" in word[0]):
            parts += [_escaped(inner, at, word.start()), f"`{word[0]}`"]
            at = word.end()
    return "".join([*parts, _escaped(inner, at, len(inner)), after])


def _escaped(text: str, start: int, end: int) -> str:
    """From ``start`` to ``end``, with a backslash before what Markdown takes for something."""
    parts, at = [], start
    for found in _MARKDOWN_TAKES.finditer(text, start, end):
        parts += [text[at : found.start()], "\\"]
        at = found.start()
    return "".join([*parts, text[at:end]])


def latex(tables: Sequence[Table]) -> str:
    """A tabular for each table, with the rules of booktabs; title and notes as comments and text below."""
    return "\n".join(_latex(table) for table in tables)


def _latex(table: Table) -> str:
    columns = "l" * table.words + "r" * (len(table.header) - table.words)
    tabular = [
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _latex_row(table.header),
        r"\midrule",
        *map(_latex_row, table.rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    lines = [
        "% " + one_line(table.title),
        *(tabular if table.header else ()),
        *(r"\par\footnotesize " + _latex_text(note) for note in table.notes),
    ]
    return "\n".join(lines) + "\n"


def _latex_row(cells: Sequence[str]) -> str:
    row = " & ".join(map(_latex_text, cells))
    # A rule and the end of a row would take it for their argument, however far behind them it stands.
    guard = "{}" if row.lstrip().startswith(("[", "*")) else ""
    return rf"{guard}{row} \\"


def _latex_text(text: str) -> str:
    return _LATEX_TAKES.sub(lambda found: _LATEX[found[0]], one_line(text))


def comma_separated(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """CSV with a header (RFC 4180, line feeds); None is an empty field, numbers are as Python writes them.

    A text that a spreadsheet would calculate (``=1+1``, ``-0.5`` as a name) has an apostrophe in front. So has one that
    begins with apostrophes and such a sign: where ``'*[-=+@]`` matches, the first apostrophe is not part of the text.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([[_field(value) for value in row] for row in (header, *rows)])
    return out.getvalue()


def _field(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = one_line(value)
    return f"'{text}" if _FORMULA.match(text) else text


__all__ = ["render", "width"]


def render(tables: Sequence[Table]) -> str:
    """All tables, an empty line between two."""
    draw = _rich if _on_a_terminal() else _plain
    return "\n".join(draw(table) for table in tables)


def _on_a_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _plain(table: Table) -> str:
    rows = [[one_line(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = [one_line(table.title)] if table.title else []
    for number, row in enumerate(rows if table.header else ()):
        cells = []
        for column, (cell, size) in enumerate(zip(row, widths, strict=True)):
            space = " " * (size - width(cell))
            cells.append(cell + space if column < table.words else space + cell)
        lines.append((" " + "   ".join(cells)).rstrip())
        if number == 0:
            lines.append(" " + "─" * (sum(widths) + 3 * (len(widths) - 1)))
    lines += map(one_line, table.notes)
    return "\n".join(lines) + "\n"


def _rich(table: Table) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid

    header, *rows = [[one_line(cell) for cell in row] for row in (table.header, *table.rows)]
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, title=None)
    for number, name in enumerate(header):
        grid.add_column(name, justify="left" if number < table.words else "right", no_wrap=True)
    for row in rows:
        style = "bold" if row[0] == "micro" else None
        grid.add_row(*row, style=style)
    # As wide as it must be, so that no figure is cut; a narrower terminal wraps the lines.
    columns = zip(header, *rows, strict=True)
    size = sum(max(map(width, column)) + 3 for column in columns)
    # Drawn into a string: rich would end the process itself when the reader of a pipe goes away.
    canvas = StringIO()
    console = Console(
        file=canvas, force_terminal=True, highlight=False, markup=False, emoji=False, width=size, legacy_windows=False
    )
    if table.header:
        console.print(grid)
    drawn = [line.rstrip() for line in canvas.getvalue().splitlines() if line.strip()]
    title = [one_line(table.title)] if table.title else []
    return "\n".join([*title, *drawn, *map(one_line, table.notes)]) + "\n"
