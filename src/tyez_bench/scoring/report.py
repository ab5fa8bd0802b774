"""What a system scored: counts, and the figures that follow from them; and reports of parts, which add up.

The plain data of a report is described in docs/report-format.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import numpy as np
from msgspec import structs

from tyez_bench.model.errors import MissingExtraError, UsageError, counted, one_line
from tyez_bench.scoring.bootstrap import LEVEL, Interval, reason
from tyez_bench.scoring.counts import Count, Keys
from tyez_bench.scoring.schemes import Counts, bounded, figures_data
from tyez_bench.scoring.scores import MICRO, Score, Scores, bounds, figure, number
from tyez_bench.scoring.settings import GoldFacts, Settings, Signature
from tyez_bench.scoring.tables import Tables, merge, merge_notes, surface_counts, surface_interval

if TYPE_CHECKING:
    from pandas import DataFrame

REPORT_SCHEMA = "tyez-bench/report/2"


@dataclass(frozen=True, repr=False)
class Report(Scores):
    """Counts of a system against a gold set, and figures made from them.

    The headline is strict micro F1 over ``settings.types``; ``precision``, ``recall`` and ``f1`` are its figures.
    ``report["strict", "ORG"]`` is the :class:`~tyez_bench.Score` of a type under a scheme, ``report["strict"]`` that of
    all types. Reports of parts of a gold set add up with ``+``. Counts are additive and exact, nothing is rounded.

    Attributes:
        system: what the system is called.
        gold: which gold set: name, version, fingerprint, label set.
        settings: what counted, and how intervals are drawn.
        tables: counts by unit, type and column: (units, types, columns).
        documents: hashes of the ids of the documents.
        missing: ids of those without a prediction, which count as predicted empty.
        unit_ids: ids of the units (sentences, or documents without any); empty where the gold was streamed.
        labels: the label map and its hash; ``-`` for predictions that came as objects.
        reading: how the predictions were read, as the signature has it.
        notes: what was left out or changed then.

    Example:
        >>> import tyez_bench
        >>> report = tyez_bench.score_spans([[(0, 2, "PER"), (3, 5, "ORG")]], [[(0, 2, "PER"), (3, 4, "ORG")]])
        >>> report
        Report of predictions on spans: strict, 1 unit
                    P       R      F1   95 %   TP   FP   FN
        ORG     0.000   0.000   0.000      –    0    1    1
        PER     1.000   1.000   1.000      –    1    0    0
        micro   0.500   0.500   0.500      –    1    1    1
        >>> report.f1, report["partial", "ORG"].f1, report["strict"]["PER"].tp
        (0.5, 0.5, 1)

    """

    system: str
    gold: GoldFacts
    settings: Settings
    tables: Tables
    documents: Keys
    missing: tuple[str, ...] = ()
    unit_ids: tuple[str, ...] = ()
    labels: str = "-"
    reading: dict[str, str] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def __add__(self, other: object) -> "Report":
        """The report of both parts. Raises UsageError where they were not made alike or share a document."""
        if not isinstance(other, Report):
            return NotImplemented
        for name in ("system", "gold", "settings", "labels", "reading"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                raise UsageError(f"reports of different {name} can't be added: {mine} and {theirs}")
        if len(np.intersect1d(self.documents, other.documents)):
            raise UsageError("reports that share a document can't be added")
        return replace(
            self,
            tables=merge([self.tables, other.tables]),
            documents=np.concatenate([self.documents, other.documents]),
            missing=self.missing + other.missing,
            unit_ids=self.unit_ids + other.unit_ids,
            notes=merge_notes(self.notes, other.notes),
        )

    def __radd__(self, other: object) -> "Report":
        """``sum`` begins with 0."""
        return self if other == 0 else NotImplemented

    def narrowed(self, types: Iterable[str]) -> "Report":
        """The same counts, of fewer types; only the strict scheme keeps its meaning (a pair may lose one side)."""
        wanted = tuple(type_ for type_ in self.types if type_ in set(types))
        return replace(self, settings=structs.replace(self.settings, types=wanted))

    @cached_property
    def surfaces(self) -> dict[str, Counts] | None:
        """Distinct (type, text) pairs: counts by type and of all; None without texts."""
        found = surface_counts(self.tables)
        if not found:
            return None
        rows = [found[row] for row in self._rows]
        return dict(zip((*self.types, MICRO), [*rows, found[-1]], strict=True))

    @property
    def surface_interval(self) -> Interval | None:
        """95 % bootstrap interval of surface F1 over all types."""
        return self._surface[0]

    @cached_property
    def _surface(self) -> tuple[Interval | None, int]:
        return surface_interval(self.tables, self.settings.unit, self.settings.draws, self.settings.seed)

    @property
    def without_surface_interval(self) -> str | None:
        """Why :attr:`surface_interval` is None, in words; None where there is one."""
        return reason("f1", self._surface[1], self.unit_word(self.settings.unit))

    @cached_property
    def signature(self) -> Signature:
        """What the figures depend on besides the predictions: written out, one line that repeats them."""
        return Signature.of(self.gold, self.settings, self.types, self.labels, self.reading)

    def __repr__(self) -> str:
        return _shown_text(self._title(), self["strict"])

    def _repr_html_(self) -> str:
        return _shown_html(self._title(), self["strict"])

    def _title(self) -> str:
        units = self.tables.number(self.settings.unit)
        gold = self.gold.name if self.gold.version is None else f"{self.gold.name} {self.gold.version}"
        unit = self.unit_word(self.settings.unit) if len(self.documents) else "unit"
        return one_line(f"Report of {self.system} on {gold}: strict, {counted(units, unit)}")

    def to_dict(self, *, counts: bool = False) -> dict[str, Any]:
        """The report as plain data: what ``tyez-bench score`` prints as JSON.

        Args:
            counts: with the counts of every unit, from which others can resample.

        """
        total, settings = self.columns(), self.settings
        scores = {name: {**self[name].types, MICRO: self[name]} for name in self.schemes}
        schemes = {name: {row: one.to_dict() for row, one in rows.items()} for name, rows in scores.items()}
        _, nameless = self._resampled("strict", "name", (MICRO,))[MICRO]
        data: dict[str, Any] = {
            "schema": REPORT_SCHEMA,
            "signature": str(self.signature),
            "system": self.system,
            "gold": self.gold.to_dict(),
            "layer": settings.layer,
            "optional": settings.optional,
            "matching": settings.matching,
            "min_overlap": settings.min_overlap,
            "types": list(self.types),
            "only_predicted": self.only_predicted,
            "labels": self.labels,
            "reading": {**self.reading, **self.notes},
            "resampling": {
                "unit": settings.unit,
                "units": self.tables.number(settings.unit),
                "number": settings.draws,
                "seed": settings.seed,
                "level": LEVEL,
            },
            "headline": {
                "measure": "strict/f1/micro",
                "value": self.f1,
                **bounded("interval", scores["strict"][MICRO].interval, scores["strict"][MICRO].reasons.get("f1")),
                **bounded("interval_by_name", self.by_name, nameless.get("f1")),
            },
            "scores": schemes.pop("strict"),
            "schemes": schemes,
            "averages": self.averages(),
            "ignored_gold": int(total[Count.IGNORED_GOLD]),
            "ignored_pred": int(total[Count.IGNORED_PREDICTED]),
            "require": figures_data(self.required),
            "surface": None,
            "values": {
                type_: {**structs.asdict(found), "accuracy": found.accuracy}
                for type_, found in self.tables.values.items()
            },
            "documents": self.tables.documents,
            "missing_documents": list(self.missing),
        }
        if self.surfaces is not None:
            data["surface"] = {name: figures_data(found) for name, found in self.surfaces.items()}
            data["surface"][MICRO] |= bounded("f1_interval", self.surface_interval, self.without_surface_interval)
        if counts:
            data["counts"] = {
                "unit": "sentence",
                "ids": list(self.unit_ids),
                "types": list(self.tables.types),
                "columns": [column.name.lower() for column in Count],
                "table": self.tables.by("sentence").dense().tolist(),
            }
        return data

    def to_rows(self) -> list[list[object]]:
        """The rows of the CSV, one for each scheme and type, under the columns of ``CSV_HEADER``."""
        strange, line = self.only_predicted, str(self.signature)
        totals = [self[scheme] for scheme in self.schemes]
        scores = [one for total in totals for one in (*total.types.values(), total)]
        return [[self.system, *_csv_row(one), one.row in strange, line] for one in scores]

    def to_frame(self) -> "DataFrame":
        """A row for each scheme and type, as the CSV has them; the signature is in ``frame.attrs["signature"]``.

        Raises:
            MissingExtraError: pandas is not installed.

        """
        return _frame(self.to_rows())


# Of the columns of a frame: figures that are undefined are NaN, also where all of a column are.
_DTYPES = {
    **dict.fromkeys(("system", "scheme", "row"), "string"),
    **dict.fromkeys(("precision", "recall", "f1", "f1_low", "f1_high", "tp", "fp", "fn"), "float64"),
    **dict.fromkeys(("gold", "predicted"), "int64"),
    "only_predicted": "bool",
}
CSV_HEADER = [
    "system",
    "scheme",
    "row",
    "precision",
    "recall",
    "f1",
    "f1_low",
    "f1_high",
    "tp",
    "fp",
    "fn",
    "gold",
    "predicted",
    "only_predicted",
    "signature",
]


def _csv_row(score: Score) -> list[object]:
    """What a score gives to a row of the CSV: from ``scheme`` to ``predicted``."""
    interval = score.interval
    bounds = (None, None) if interval is None else (interval.low, interval.high)
    first, *counts = (
        (score.precision, score.recall, score.f1),
        score.tp,
        score.fp,
        score.fn,
        score.gold,
        score.predicted,
    )
    return [score.scheme, score.row, *first, *bounds, *counts]


def _frame(rows: Sequence[Sequence[object]]) -> "DataFrame":
    """The rows of the CSV as a pandas data frame, the signature among its ``attrs``. Raises MissingExtraError."""
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("pandas", "hf") from None
    columns = dict(zip(CSV_HEADER, zip(*rows, strict=True), strict=True))
    line = columns.pop("signature")[0]
    found = pandas.DataFrame({name: pandas.Series(values, dtype=_DTYPES[name]) for name, values in columns.items()})
    found.attrs["signature"] = line
    return found


_HEADER = ("", "P", "R", "F1", "95 %", "TP", "FP", "FN")


def width(text: str) -> int:
    """Columns that a text takes on a terminal: wide characters take two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _shown_text(title: str, total: Score) -> str:
    """The score of all types and those of each as a table of characters."""
    rows = [_HEADER, *_rows(total)]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *cells in rows:
        padded = [" " * (size - width(cell)) + cell for cell, size in zip(cells, widths[1:], strict=True)]
        lines.append("   ".join([first + " " * (widths[0] - width(first)), *padded]))
    return "\n".join([title, *lines])


def _shown_html(title: str, total: Score) -> str:
    """The same as a table of HTML."""
    # Imported here: for notebooks alone.
    from html import escape

    header = "".join(f"<th>{escape(name)}</th>" for name in _HEADER)
    rows = "".join(
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for first, *cells in _rows(total)
    )
    caption = f"<caption>{escape(title)}</caption>"
    return f"<table>{caption}<thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>"


def _rows(total: Score) -> list[tuple[str, ...]]:
    return [
        (
            one_line(one.row),
            *map(figure, (one.precision, one.recall, one.f1)),
            bounds(one.interval),
            *map(number, (one.tp, one.fp, one.fn)),
        )
        for one in (*total.types.values(), total)
    ]
