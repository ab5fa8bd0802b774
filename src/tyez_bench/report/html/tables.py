"""Tables in HTML."""

import re
from collections.abc import Iterable

from tyez_bench.report.html.elements import Html, element
from tyez_bench.report.table import Table

# How many shades a table of counts has.
_SHADES = 4

# Of a caption and of a note; what is longer is folded.
_LONGEST = 240

_SIGNATURE = re.compile(r"(.*: )(gold:\S+\|version:\S+)", re.DOTALL)


def html_table(table: Table, *, shaded: bool = False) -> Html:
    """A table with a caption and its notes; ``shaded`` tints counts by their size, the counts stay."""
    largest = max((int(cell) for row in table.rows for cell in row[1:] if cell.isdecimal()), default=0)
    head = element("tr", *(element("th", cell, scope="col") if cell else element("td") for cell in table.header))
    body = [
        element(
            "tr",
            *(
                element("th", cell, scope="row", class_="words")
                if number == 0
                else element("td", cell, class_="words" if number < table.words else _shade(cell, largest, shaded))
                for number, cell in enumerate(row)
            ),
        )
        for row in table.rows
    ]
    title, lines = table.title, table.notes
    if len(title) > _LONGEST:
        title, lines = f"{title[:_LONGEST]}…", (f"title: {title}", *lines)
    caption = element("caption", element("span", title))
    grid = element("table", caption, element("thead", head), element("tbody", *body))
    return scrolled(grid, title, lines)


def scrolled(grid: Html, title: str, lines: Iterable[str]) -> Html:
    """A table that scrolls by itself, and by the keyboard, where it is wider than the screen; its notes below."""
    scroll = element("div", grid, class_="scroll", tabindex=0, role="group", aria_label=title)
    # The script shows it where there is anything to scroll.
    hint = element("p", "Scroll sideways for more →", class_="hint", aria_hidden="true")
    return element("div", hint, scroll, notes(lines), class_="table")


def fold(title: str, *parts: str, heading: str = "", open_: bool = False) -> Html:
    """Parts that a reader opens; ``heading`` is the element that the title is, as ``h3``."""
    head = element(heading, title) if heading else title
    return element("details", element("summary", head), *parts, class_="fold", open=open_)


def _shade(cell: str, largest: int, shaded: bool) -> str | None:
    if not shaded or not cell.isdecimal() or cell == "0":
        return None
    return f"shade{max(1, -(-_SHADES * int(cell) // largest))}"


def notes(lines: Iterable[str]) -> Html:
    """Notes below a table; signatures among them are folded."""
    plain, signatures = [], []
    for line in lines:
        found = _SIGNATURE.fullmatch(line)
        if found is None and len(line) <= 2 * _LONGEST:
            plain.append(element("li", line))
        elif found is None:
            plain.append(element("li", fold(f"{line[:_LONGEST]}…", line)))
        else:
            signatures.append(element("li", found[1], element("code", found[2])))
    parts = [element("ul", *plain)] if plain else []
    if signatures:
        title = "Signature" if len(signatures) == 1 else f"{len(signatures)} signatures"
        parts.append(fold(title, element("ul", *signatures)))
    return element("div", *parts, class_="notes")
