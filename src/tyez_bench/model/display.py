"""Texts with marked spans for notebooks, and the colours of labels."""

from collections.abc import Iterable
from colorsys import hls_to_rgb
from dataclasses import dataclass
from html import escape
from zlib import crc32

from tyez_bench.model.errors import one_line
from tyez_bench.model.labels import Kind, LabelSet

# The part of the circle between one hue and the next: however many there are, no two are alike (the golden angle).
_STEP = 137.508
# Far from the hues of places and organisations.
_FIRST = 20.0


def classes_of(labels: Iterable[str], label_set: LabelSet) -> dict[str, str]:
    """The class of HTML that colours each label, in order: ``kind-place``, or ``label-3`` for the third label.

    A label is no class itself: it may hold blanks, and be called what a class of the page is called. The first label
    of a kind has the colour of the kind, others have their own.

    >>> from tyez_bench.gold.label_sets import shipped
    >>> classes_of(["LOC", "GPE", "my label"], shipped("ontonotes5"))
    {'LOC': 'kind-place', 'GPE': 'label-2', 'my label': 'label-3'}
    """
    found: dict[str, str] = {}
    taken: set[Kind] = set()
    for number, label in enumerate(labels, 1):
        kind = label_set.kind(label)
        if kind is None or kind in taken:
            found[label] = f"label-{number}"
        else:
            taken.add(kind)
            found[label] = f"kind-{kind}"
    return found


def rules(classes: Iterable[str]) -> str:
    """Rules of style for the generated ones among these classes: text on its tint has a contrast of 4.5 and more."""
    return "".join(
        f".{name}{{--type:light-dark(hsl({hue} 75% 20%),hsl({hue} 75% 78%));"
        f"--tint:light-dark(hsl({hue} 60% 92%),hsl({hue} 40% 16%))}}\n"
        for name in classes
        if name.startswith("label-")
        for hue in [_hue(int(name.removeprefix("label-")))]
    )


def background(label: str) -> str:
    """A background that keeps black text readable, always the same for a label whose set is not known."""
    return _hex(crc32(label.encode("utf-8", "surrogatepass")) % 360, 0.87, 0.6)


def strong(number: int) -> str:
    """The colour of the bars of the label of this number, from 0."""
    return _hex(_hue(number), 0.4, 0.65)


def _hue(number: int) -> int:
    return round((_FIRST + number * _STEP) % 360)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in hls_to_rgb(hue / 360, lightness, saturation))


# Background colours of the built-in labels; others have generated ones.
COLOURS = {"PLACE": "#b7e1cd", "ORG": "#c9daf8", "MONEY": "#ffe599", "DATE": "#f4cccc"}


@dataclass(frozen=True, slots=True)
class Highlight:
    """A span to show: half-open code-point offsets, label, hover text, drawn faint or not."""

    start: int
    end: int
    label: str
    title: str
    faint: bool = False


def highlight(text: str, marks: Iterable[Highlight]) -> str:
    """Return ``text`` as HTML with nested marks. Marks must not cross each other."""
    opening: dict[int, list[Highlight]] = {}
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
