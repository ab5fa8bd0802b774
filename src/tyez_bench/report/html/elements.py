"""Elements of HTML as text: whatever is not an element already is escaped; and tables, notes and folds made of them."""

import re
import unicodedata
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from tyez_bench.report.table import Table

_VOID = frozenset({"input", "line", "link", "meta", "rect", "circle"})

# Characters that can't be seen, that move others about, or that no file may hold: controls, formats, surrogates.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class Html(str):
    """Text that is HTML already. Only this module makes any from plain text."""

    __slots__ = ()


def shown(text: str) -> str:
    """``text`` as a page can show it: what can't be seen, or reorders what can, is written as its code point.

    A control character, a mark of direction or a lone surrogate becomes ``⟨U+202E⟩``; all else stays.
    """
    if text.isprintable():
        return text
    return "".join(f"⟨U+{ord(c):04X}⟩" if _unseen(c) else c for c in text)


def _unseen(c: str) -> bool:
    # The last two code points of every plane, and 32 others, are no characters.
    code = ord(c)
    return unicodedata.category(c) in _UNSEEN or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


def escaped(text: str) -> Html:
    """Plain text as HTML; HTML as it is."""
    return text if isinstance(text, Html) else Html(escape(shown(text)))


def joined(parts: Iterable[str], between: str = "") -> Html:
    """Parts, plain text among them escaped, one behind the other."""
    return Html(escaped(between).join(escaped(part) for part in parts))


def element(tag: str, /, *children: str, **attributes: str | int | bool | None) -> Html:
    """An element. ``data_start=3`` is the attribute ``data-start="3"``, ``class_`` is ``class``.

    An attribute that is None or False is left out, one that is True has no value.
    """
    opening = [tag]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        word = key.rstrip("_").replace("_", "-")
        opening.append(word if value is True else f'{word}="{escaped(str(value))}"')
    if tag in _VOID:
        return Html(f"<{' '.join(opening)}>")
    return Html(f"<{' '.join(opening)}>{joined(children)}</{tag}>")


def filled(file: str, **parts: str) -> Html:
    """A template of this folder, its lines one behind the other, with these parts; plain text among them is escaped."""
    template = "".join(Path(__file__).with_name(file).read_text("utf-8").splitlines())
    return Html(Template(template).substitute({name: escaped(part) for name, part in parts.items()}))


def drawing(tag: str, /, **attributes: str | int | bool | None) -> Html:
    """An empty element of SVG, which in HTML closes itself."""
    return Html(element(tag, **attributes).removesuffix(">") + "/>")


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
