"""Marked spans in a text as HTML, for notebooks. Knows texts and offsets, no documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from tyez_bench.colours import background
from tyez_bench.errors import one_line

# Background colours of the built-in labels; others have generated ones.
COLOURS = {"PLACE": "#b7e1cd", "ORG": "#c9daf8", "MONEY": "#ffe599", "DATE": "#f4cccc"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span to show: half-open code-point offsets, label, hover text, drawn faint or not."""

    start: int
    end: int
    label: str
    title: str
    faint: bool = False


def highlight(text: str, marks: Iterable[Mark]) -> str:
    """Return ``text`` as HTML with nested marks. Marks must not cross each other."""
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, int] = {}
    for mark in sorted(marks, key=lambda m: (m.start, -m.end)):
        opening.setdefault(mark.start, []).append(mark)
        closing[mark.end] = closing.get(mark.end, 0) + 1
    parts = ['<div lang="zh" style="line-height:2;white-space:pre-wrap">']
    for position in range(len(text) + 1):
        parts.append("</mark>" * closing.get(position, 0))
        for mark in opening.get(position, []):
            colour = COLOURS.get(mark.label) or background(mark.label)
            edge = "1px dashed #888" if mark.faint else "1px solid #444"
            parts.append(
                f'<mark style="background:{colour};color:#000;border:{edge};border-radius:3px;padding:1px" '
                f'title="{escape(one_line(mark.title))}">'
            )
        if position < len(text):
            c = text[position]
            parts.append("\n" if c == "\n" else escape(one_line(c)))
    parts.append("</div>")
    return "".join(parts)
