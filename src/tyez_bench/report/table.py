"""Tables with a title and notes: what every output for people is made of, and its writers.

``render`` is where a writer is chosen. The writers are our own, since no library serves every form. What tabulate
(0.10) draws as Markdown has its bars unescaped, so that a name with one takes two cells; a row of its LaTeX that begins
with a bracket is read as the argument of the rule above, and two hyphens, the minus sign and ∅ are left as they are;
white space at the edge of a name is dropped; there is no CSV. rich (15) draws text alone, at a millisecond a row, where
a table by document may have ten thousand. So the texts of cells would have to be made by us for either, and what they
would do is to pad and to join them.
"""

import csv
import os
import re
import sys
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from msgspec import Struct

from tyez_bench.model.errors import one_line
from tyez_bench.scoring.report import width
from tyez_bench.scoring.scores import bounds, figure, number

if TYPE_CHECKING:
    from tyez_bench.scoring.bootstrap import Interval

__all__ = ["bounds", "figure", "number", "width"]


class Table(Struct, frozen=True):
    """A table: the first ``words`` columns are words, the others figures; notes stand below it.

    Without a header there is no table, and title and notes stand alone.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    words: int = 1


def table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = (), words: int = 1
) -> Table:
    """A table from any sequences."""
    return Table(title, tuple(header), tuple(tuple(row) for row in rows), tuple(notes), words)


def signed_bounds(interval: "Interval | None") -> str:
    """An interval of differences as ``−0.012 to +0.345``; – when it is undefined."""
    return "–" if interval is None else f"{interval.low:+.3f} to {interval.high:+.3f}"


def p_value(value: float | None) -> str:
    """A p-value with four decimals; – when it is undefined."""
    return "–" if value is None else f"{value:.4f}"


def render(tables: Iterable[Table], form: str = "text") -> str:
    """Tables in a form (``text``, ``markdown``, ``latex``), an empty line between two."""
    return "\n".join(map(_WRITERS[form], tables))


def _text(table: Table) -> str:
    """Columns between spaces, of the width that a terminal gives them; on one, the header and the total are bold."""
    rows = [[one_line(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    bold = _on_a_terminal()
    lines = [one_line(table.title)] if table.title else []
    for at, row in enumerate(rows if table.header else ()):
        cells = []
        for column, (cell, size) in enumerate(zip(row, widths, strict=True)):
            space = " " * (size - width(cell))
            cells.append(cell + space if column < table.words else space + cell)
        line = (" " + "   ".join(cells)).rstrip()
        lines.append(f"\x1b[1m{line}\x1b[0m" if bold and (at == 0 or row[0] == "micro") else line)
        if at == 0:
            lines.append(" " + "─" * (sum(widths) + 3 * (len(widths) - 1)))
    lines += map(one_line, table.notes)
    return "\n".join(lines) + "\n"


def _on_a_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


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


def _markdown(table: Table) -> str:
    """A table of GitHub's Markdown, notes as a list."""
    rule = [":--" if at < table.words else "--:" for at in range(len(table.header))]
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


# What LaTeX takes for a command or a parameter, or draws as another character.
_LATEX = {
    **{sign: rf"\{sign}" for sign in "&%$#_{}"},
    "\\": r"\textbackslash{}",
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


def _latex(table: Table) -> str:
    """A tabular with the rules of booktabs; title and notes as a comment and text below."""
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


# A text that a spreadsheet would calculate (in East Asian ones full-width signs do, too), apostrophes before it or not.
_FORMULA = re.compile(r"'*[-=+@－＝＋＠]")


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


_WRITERS = {"text": _text, "markdown": _markdown, "latex": _latex}
