"""Sheets as tables of HTML."""

import re
from collections.abc import Iterable

from tyez_bench.render.report_page.html import Html, element, joined
from tyez_bench.render.sheet import Sheet

# How many shades a table of counts has.
_SHADES = 4

_SIGNATURE = re.compile(r"(.*: )(gold:\S+\|version:\S+)", re.DOTALL)


def table(sheet: Sheet, *, shaded: bool = False) -> Html:
    """A sheet as a table with a caption and its notes; ``shaded`` tints counts by their size, the counts stay."""
    largest = max((int(cell) for row in sheet.rows for cell in row[1:] if cell.isdecimal()), default=0)
    head = element("tr", *(element("th", cell, scope="col") if cell else element("td") for cell in sheet.header))
    body = [
        element(
            "tr",
            *(
                element("th", cell, scope="row", class_="words")
                if number == 0
                else element("td", cell, class_="words" if number < sheet.words else _shade(cell, largest, shaded))
                for number, cell in enumerate(row)
            ),
        )
        for row in sheet.rows
    ]
    grid = element(
        "table", element("caption", element("span", sheet.title)), element("thead", head), element("tbody", *body)
    )
    # What is wider than the screen scrolls by itself, and by the keyboard.
    scroll = element("div", grid, class_="scroll", tabindex=0, role="group", aria_label=sheet.title)
    return element("div", scroll, notes(sheet.notes), class_="sheet")


def _shade(cell: str, largest: int, shaded: bool) -> str | None:
    if not shaded or not cell.isdecimal() or cell == "0":
        return None
    return f"shade{max(1, -(-_SHADES * int(cell) // largest))}"


def notes(lines: Iterable[str]) -> Html:
    """Notes below a table; a signature among them is code."""
    return element("ul", *(element("li", _note(line)) for line in lines), class_="notes")


def _note(line: str) -> str:
    found = _SIGNATURE.fullmatch(line)
    return joined([found[1], element("code", found[2])]) if found else line
