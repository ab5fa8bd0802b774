"""The gold set and the plots of a report as pictures."""

import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tyez_bench.dataset.statistics import LAYERS, Statistics
from tyez_bench.model.display import strong
from tyez_bench.model.errors import MissingExtraError, one_line
from tyez_bench.report.html.elements import shown
from tyez_bench.report.html.marks import LETTERS, Result, check_shown
from tyez_bench.report.html.plots import Group, error_groups, score_groups, type_groups
from tyez_bench.report.table import figure as in_words
from tyez_bench.scoring.bootstrap import Interval

T = TypeVar("T")

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


def ranking(systems: Sequence[tuple[str, float, Interval | None]]) -> bytes:
    """F1 of systems with its interval, one below the other in their order, as SVG."""
    return _drawn(_by_system, systems, len(systems))


def _by_system(axes: Any, systems: Sequence[tuple[str, float, Interval | None]]) -> None:
    for row, (_, value, interval) in enumerate(systems):
        if interval is not None:
            axes.plot([interval.low, interval.high], [row, row], color=_COLOURS[1], linewidth=5, solid_capstyle="round")
        axes.plot(value, row, "o", color=_COLOURS[0])
        axes.text(1.0, row, in_words(value), ha="right", va="center")
    axes.set_yticks(range(len(systems)), [name for name, _, _ in systems])
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("strict micro F1 over PLACE, ORG, MONEY and DATE, with its 95 % interval")


def _drawn(draw: Callable[[Any, T], None], found: T, bars: int) -> bytes:
    def whole(figure: Any) -> None:
        axes = figure.subplots()
        draw(axes, found)
        axes.spines[["top", "right"]].set_visible(False)

    # Text stays text, so that no font with Chinese characters is needed here; ids are the same in every run.
    settings = {"svg.fonttype": "none", "svg.hashsalt": "tyez"}
    return _image(whole, _BAR * bars + 1.1, "build", settings, format="svg", metadata={"Date": None})


def _image(draw: Callable[[Any], None], height: float, extra: str, settings: dict[str, Any], **how: Any) -> bytes:
    """What ``draw`` draws on a figure. Raises MissingExtraError without matplotlib."""
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("matplotlib", extra) from None
    from matplotlib.figure import Figure

    # Names are names, whatever dollar signs are in them.
    told: Any = {**settings, "font.size": 9, "text.parse_math": False}
    with matplotlib.rc_context(told), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure)
        out = io.BytesIO()
        figure.savefig(out, **how)
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


# Told apart by people who see colours differently, too (Okabe and Ito's palette).
_PLOT_BAR, _DARK = "#56B4E9", "#1b1f23"
_LINE = 0.3
# Dots an inch, and the most that a picture is high, where there are many systems and types: 65,535 is the end of it.
_DOTS = 200
_HIGHEST = 60_000
_LONGEST = 20

# Fonts with Chinese characters, for the names of systems that have any; those that are not installed are passed over.
_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei")


def report_pictures(results: Sequence[Result]) -> dict[str, bytes]:
    """By file name: scores with intervals, F1 by type, errors by kind, confusion matrices.

    Raises MissingExtraError without matplotlib, UsageError as the page does.
    """
    check_shown(results)
    scores, types, errors = score_groups(results), type_groups(results), error_groups(results)
    return {
        "scores.png": _drawn_plot(lambda figure: _groups(figure, scores, "strict micro F1", dots=True), _lines(scores)),
        "types.png": _drawn_plot(lambda figure: _groups(figure, types, "strict F1"), _lines(types)),
        "errors.png": _drawn_plot(lambda figure: _groups(figure, errors, ""), _lines(errors)),
        "confusion.png": _drawn_plot(lambda figure: _confusion(figure, results), 9 * -(-len(results) // _COLUMNS)),
    }


def _lines(groups: Sequence[Group]) -> int:
    return sum(len(group.bars) + 2 for group in groups)


def _drawn_plot(draw: Callable[[Any], None], lines: int) -> bytes:
    try:
        from matplotlib import font_manager
    except ImportError:
        raise MissingExtraError("matplotlib", "pictures") from None
    installed = set(font_manager.get_font_names())
    families = ["DejaVu Sans", *(name for name in _CHINESE if name in installed)]
    height = _LINE * lines + 0.8
    how = {"format": "png", "dpi": min(_DOTS, _HIGHEST / height), "metadata": {"Software": None}}
    return _image(draw, height, "pictures", {"font.family": families}, **how)


def _called(letter: str, name: str) -> str:
    """A system's letter and name, cut where it would leave no room for the drawing."""
    seen = shown(name)
    return f"{letter} {seen if len(seen) <= _LONGEST else seen[: _LONGEST - 1] + '…'}"


def _groups(figure: Any, groups: Sequence[Group], label: str, *, dots: bool = False) -> None:
    """A panel a group, one below the other, with one axis."""
    if not groups:
        figure.text(0.5, 0.5, "no errors", ha="center")
        return
    heights = [len(group.bars) + 1 for group in groups]
    panels = figure.subplots(len(groups), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for axes, group in zip(panels, groups, strict=True):
        for row, bar in enumerate(group.bars):
            if bar.value is not None and not dots:
                axes.barh(row, bar.value, color=_PLOT_BAR, height=0.6)
            if bar.interval is not None:
                axes.plot([bar.interval.low, bar.interval.high], [row, row], color=_DARK, linewidth=2 if dots else 1)
            if bar.second is not None:
                axes.plot([bar.second.low, bar.second.high], [row + 0.25] * 2, color=_DARK, linewidth=0.6)
            if bar.value is not None and dots:
                axes.plot(bar.value, row, "o", color=_DARK)
            axes.text(1.02, row, shown(bar.words), va="center", fontsize=8)
        axes.set_yticks(range(len(group.bars)), [_called(bar.letter, bar.name) for bar in group.bars])
        axes.set_ylim(len(group.bars) - 0.4, -0.6)
        axes.set_xlim(0, 1)
        axes.set_title(group.title, loc="left", fontsize=9, fontweight="bold")
        axes.spines[["top", "right"]].set_visible(False)
    if label:
        panels[-1].set_xlabel(label)
    else:
        # Lengths of bars are relative: the numbers stand beside them.
        panels[-1].set_xticks([])


_COLUMNS = 3


def _confusion(figure: Any, results: Sequence[Result]) -> None:
    """A matrix a system: gold in rows, predictions in columns, counts in the cells."""
    rows = -(-len(results) // _COLUMNS)
    panels = figure.subplots(rows, min(_COLUMNS, len(results)), squeeze=False).ravel()
    for axes in panels[len(results) :]:
        axes.set_axis_off()
    for axes, letter, result in zip(panels, LETTERS, results, strict=False):
        confusion = result.diagnosis.confusion
        names = list(confusion)
        counts = [[confusion[one][other] for other in names] for one in names]
        largest = max(map(max, counts)) or 1
        axes.imshow(counts, cmap="Blues", vmin=0, vmax=1.6 * largest)
        for row, of_row in enumerate(counts):
            for column, count in enumerate(of_row):
                axes.text(column, row, str(count), ha="center", va="center", fontsize=8, color=_DARK)
        axes.set_xticks(range(len(names)), names, rotation=45, ha="right", fontsize=7)
        axes.set_yticks(range(len(names)), names, fontsize=7)
        axes.set_title(_called(letter, result.report.system), fontsize=9)
        axes.set_xlabel("predicted")
        axes.set_ylabel("gold")
