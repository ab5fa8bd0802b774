"""Colours of labels: those of their kind, and generated ones that can be told apart for labels without a kind."""

from collections.abc import Iterable
from colorsys import hls_to_rgb
from zlib import crc32

from tyez_bench.labels import Kind, LabelSet

# The part of the circle between one hue and the next: however many there are, no two are alike (the golden angle).
_STEP = 137.508
# Far from the hues of places and organisations.
_FIRST = 20.0


def classes_of(labels: Iterable[str], label_set: LabelSet) -> dict[str, str]:
    """The class of HTML that colours each label, in order: ``kind-place``, or ``label-3`` for the third label.

    A label is no class itself: it may hold blanks, and be called what a class of the page is called. The first label
    of a kind has the colour of the kind, others have their own.

    >>> from tyez_bench.corpus.label_sets import shipped
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
