"""The plots of a report as PNG: the same figures as on the page, for slides and papers."""

import io
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from tyez_bench.errors import MissingExtraError
from tyez_bench.render.report_page.html import shown
from tyez_bench.render.report_page.marks import LETTERS, Result, check_shown
from tyez_bench.render.report_page.series import Group, error_groups, score_groups, type_groups

# Told apart by people who see colours differently, too (Okabe and Ito's palette).
_BAR, _DARK = "#56B4E9", "#1b1f23"
_WIDTH = 7.5
_LINE = 0.3
_DOTS = 200
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
        "scores.png": _drawn(lambda figure: _groups(figure, scores, "strict micro F1", dots=True), _lines(scores)),
        "types.png": _drawn(lambda figure: _groups(figure, types, "strict F1"), _lines(types)),
        "errors.png": _drawn(lambda figure: _groups(figure, errors, ""), _lines(errors)),
        "confusion.png": _drawn(lambda figure: _confusion(figure, results), 9 * -(-len(results) // _COLUMNS)),
    }


def _lines(groups: Sequence[Group]) -> int:
    return sum(len(group.bars) + 2 for group in groups)


def _drawn(draw: Callable[[Any], None], lines: int) -> bytes:
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("matplotlib", "pictures") from None
    from matplotlib import font_manager
    from matplotlib.figure import Figure

    installed = set(font_manager.get_font_names())
    families = ["DejaVu Sans", *(name for name in _CHINESE if name in installed)]
    # Names are names, whatever dollar signs are in them.
    settings: Any = {"font.family": families, "font.size": 9, "text.parse_math": False}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(_WIDTH, _LINE * lines + 0.8), layout="constrained")
        draw(figure)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=_DOTS, metadata={"Software": None})
    return out.getvalue()


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
                axes.barh(row, bar.value, color=_BAR, height=0.6)
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
