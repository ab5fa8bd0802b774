"""The gold set in pictures, as SVG: the same numbers give the same bytes with the same version of matplotlib."""

import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from tyez_bench.colours import strong
from tyez_bench.errors import MissingExtraError, one_line
from tyez_bench.views.statistics import LAYERS, Statistics

# Told apart by people who see colours differently, too (Okabe and Ito's palette).
_COLOURS = ("#0072B2", "#56B4E9", "#D55E00", "#E69F00")


def _colours(number: int) -> list[str]:
    """A colour for each of so many labels, no two of them alike."""
    return [*_COLOURS[:number], *map(strong, range(len(_COLOURS), number))]


_NAMES = 15
_WIDTH = 7.5
_BAR = 0.32
# Parts of a bar that are at least this large a share of the longest have their number in them.
_TOLD = 0.025
_BESIDE: dict[str, Any] = {"frameon": False, "loc": "upper left", "bbox_to_anchor": (1, 1)}


def pictures(found: Statistics) -> dict[str, bytes]:
    """By file name: entities by type and layer, by document, their lengths, the most frequent names."""
    return {
        "entities.svg": _drawn(_by_layer, found, len(found.labels)),
        "documents.svg": _drawn(_by_document, found, len(found.by_document)),
        "lengths.svg": _drawn(_by_length, found, 2 * len(found.labels)),
        "names.svg": _drawn(_by_name, found, min(_NAMES, len(found.names))),
    }


def _drawn(draw: Callable[[Any, Statistics], None], found: Statistics, bars: int) -> bytes:
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("matplotlib", "build") from None
    from matplotlib.figure import Figure

    # Text stays text, so that no font with Chinese characters is needed here; ids are the same in every run.
    # Names are names, whatever dollar signs are in them.
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "tyez", "font.size": 9, "text.parse_math": False}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(_WIDTH, _BAR * bars + 1.1), layout="constrained")
        axes = figure.subplots()
        draw(axes, found)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def _stacked(axes: Any, names: Sequence[str], parts: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Horizontal bars, the first name on top, with their parts one behind the other."""
    left = [0] * len(names)
    most = max(map(sum, zip(*(sizes for _, sizes in parts), strict=True)), default=0)
    for (label, sizes), colour in zip(parts, _colours(len(parts)), strict=True):
        axes.barh(names, sizes, left=left, label=label, color=colour)
        for row, size in enumerate(sizes):
            if size >= _TOLD * most:
                axes.text(left[row] + size / 2, row, str(size), ha="center", va="center", color="white", fontsize=8)
        left = [start + size for start, size in zip(left, sizes, strict=True)]
    axes.invert_yaxis()
    axes.set_xlabel("entities")
    _legend(axes)


def _legend(axes: Any) -> None:
    # Of nothing there is no legend.
    if axes.get_legend_handles_labels()[0]:
        axes.legend(**_BESIDE)


def _by_layer(axes: Any, found: Statistics) -> None:
    parts = [(name, [found.count(label, *kind) for label in found.labels]) for name, *kind in LAYERS]
    _stacked(axes, list(found.labels), parts)
    axes.set_title("Entities by type, layer and status", loc="left")


def _by_document(axes: Any, found: Statistics) -> None:
    parts = [(label, [row.required[label] for row in found.by_document]) for label in found.labels]
    _stacked(axes, [one_line(row.id) for row in found.by_document], parts)
    axes.set_title("Required outermost entities by document", loc="left")


def _by_length(axes: Any, found: Statistics) -> None:
    last = max((size for counts in found.sizes.values() for size in counts), default=1)
    left = [0] * last
    for label, colour in zip(found.labels, _colours(len(found.labels)), strict=True):
        counts = [found.sizes[label][size] for size in range(1, last + 1)]
        axes.bar(range(1, last + 1), counts, bottom=left, label=label, color=colour)
        left = [start + count for start, count in zip(left, counts, strict=True)]
    axes.set_xlabel("characters")
    axes.set_ylabel("entities")
    _legend(axes)
    axes.set_title("Lengths of the required outermost entities", loc="left")


def _by_name(axes: Any, found: Statistics) -> None:
    shown = found.names[:_NAMES]
    colours = dict(zip(found.labels, _colours(len(found.labels)), strict=True))
    for label, colour in colours.items():
        rows = [row for row, name in enumerate(shown) if name.type == label]
        if rows:
            axes.barh(rows, [shown[row].times for row in rows], color=colour, label=label)
    axes.set_yticks(range(len(shown)), [one_line(name.text) for name in shown])
    _legend(axes)
    for row, name in enumerate(shown):
        axes.text(name.times, row, f" {name.times}", va="center", fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("times")
    axes.set_title("Most frequent names of the required outermost layer", loc="left")
