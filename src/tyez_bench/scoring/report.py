"""What a system scored: counts, and the figures that follow from them; and reports of parts, which add up."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import structs

from tyez_bench.model.errors import UsageError
from tyez_bench.scoring.bootstrap import Interval, Sparse, reason, reasons, sparse_intervals
from tyez_bench.scoring.counts import Column, Keys, Tables, merge
from tyez_bench.scoring.schemes import (
    MEASURES,
    REQUIRE,
    SCHEMES,
    Counts,
    Figures,
    Outcome,
    Scheme,
    averages,
    counts,
    outcome,
    select,
    summed,
)
from tyez_bench.scoring.scores import Score, score_of, shown_html, shown_text
from tyez_bench.scoring.settings import GoldFacts, Settings
from tyez_bench.scoring.surfaces import surface_counts, surface_interval, surface_units

if TYPE_CHECKING:
    pass


def check_addable(one: "Report", other: "Report") -> None:
    """Raise UsageError for reports that were not made alike, or that share a document."""
    for name in ("system", "gold", "settings", "labels", "reading"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if mine != theirs:
            raise UsageError(f"reports of different {name} don't add up: {mine} and {theirs}")
    if len(np.intersect1d(one.documents, other.documents)):
        raise UsageError("reports that share a document don't add up")


def merge_notes(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Notes of two parts: numbers and tables of numbers add up, words must be the same or stand side by side."""
    merged: dict[str, Any] = dict(one)
    for key, value in other.items():
        if key not in merged or merged[key] is None:
            merged[key] = value
        elif isinstance(value, dict):
            merged[key] = merge_notes(merged[key], value)
        elif isinstance(value, int):
            merged[key] += value
    return merged


if TYPE_CHECKING:
    from pandas import DataFrame

MICRO = "micro"
NO_NAMES = "there are no names without texts"


@dataclass(frozen=True, repr=False)
class Report:
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
        check_addable(self, other)
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

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes that have a meaning for these settings."""
        return tuple(SCHEMES) if self.settings.matching == "position" else ("strict",)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The types that count and that gold or predictions have, in the order of the rows.

        The labels of the gold in its set's order, then those that only predictions have.
        """
        counted = [label for label in self.tables.types if self.settings.counts(label)]
        rows = [self.tables.types.index(label) for label in counted]
        present = self.tables.units.total()[rows].tolist()
        return self.gold.labels.order(label for label, row in zip(counted, present, strict=True) if any(row))

    @property
    def only_predicted(self) -> dict[str, int]:
        """The types that predictions have and the gold has not, with the number of predictions.

        The gold has those of a label set that was named, else those of its file.
        """
        strange = [label for label in self.types if label not in self.gold.labels or label in self.gold.absent]
        return {label: self.counts(label).predicted for label in strange}

    @cached_property
    def _rows(self) -> list[int]:
        return [self.tables.types.index(type_) for type_ in self.types]

    @cached_property
    def _sums(self) -> np.ndarray:
        """Columns of each type, then of all, summed over units."""
        by_type = self.tables.units.total()[self._rows]
        return np.concatenate([by_type, by_type.sum(axis=0, keepdims=True)])

    def columns(self, row: str = MICRO) -> np.ndarray:
        """The columns of counts of a type or of all (``micro``).

        Zeros for a label that neither gold nor predictions have. Raises UsageError for one that does not count.
        """
        if row != MICRO and row not in self.types:
            if not self.settings.counts(row) or row not in (*self.gold.labels.names, *self.tables.types):
                raise UsageError(f"{row!r} is not a type that counts, expected {', '.join(self.types)}")
            return np.zeros(len(Column), np.int64)
        found: np.ndarray = self._sums[-1 if row == MICRO else self.types.index(row)]
        return found

    def counts(self, row: str = MICRO, scheme: str = "strict") -> Counts:
        """The counts of a type or of all under a scheme."""
        return counts(self.columns(row), self._scheme(scheme))

    def _scheme(self, name: str) -> Scheme:
        if name not in self.schemes:
            raise UsageError(f"unknown scheme {name!r}, expected one of {', '.join(self.schemes)}")
        return SCHEMES[name]

    def outcome(self, row: str = MICRO, scheme: str = "strict") -> Outcome | None:
        """The MUC categories of a type or of all; None for characters."""
        return outcome(self.columns(row), self._scheme(scheme), of_type=row != MICRO)

    def rows(self, scheme: str = "strict") -> list[tuple[str, Counts]]:
        """Counts of each type that counts, then of all (micro)."""
        return [(name, self.counts(name, scheme)) for name in (*self.types, MICRO)]

    def figures(self, row: str = MICRO, scheme: str = "strict") -> Figures:
        """Precision, recall and F1."""
        found = self.counts(row, scheme)
        return {name: measure(found) for name, measure in MEASURES.items()}

    def __getitem__(self, key: "str | tuple[str, str]") -> Score:
        """The score of all types under a scheme, ``report["strict"]``, or of one, ``report["strict", "ORG"]``.

        Raises UsageError for a scheme or a type that the report has not.
        """
        match key:
            case str(scheme), str(row):
                return score_of(self, scheme, row)
            case str(scheme):
                types = {row: score_of(self, scheme, row) for row in self.types}
                return structs.replace(score_of(self, scheme, MICRO), types=types)
        raise UsageError(f"{key!r}: expected a scheme, or a scheme and a type, as report['strict', 'ORG']")

    @property
    def precision(self) -> float | None:
        """Strict micro precision: the share of the predictions that are right; None without predictions."""
        return self.figures()["precision"]

    @property
    def recall(self) -> float | None:
        """Strict micro recall: the share of the gold spans that were found; None without gold."""
        return self.figures()["recall"]

    @property
    def f1(self) -> float | None:
        """The headline: strict micro F1; None when there are neither gold spans nor predictions."""
        return self.figures()["f1"]

    def __repr__(self) -> str:
        return shown_text(self)

    def _repr_html_(self) -> str:
        return shown_html(self)

    def to_dict(self, *, counts: bool = False) -> dict[str, Any]:
        """The report as plain data: what ``tyez-bench score`` prints as JSON.

        Args:
            counts: with the counts of every unit, from which others can resample.

        """
        from tyez_bench.scoring.report_data import report_data

        return report_data(self, counts=counts)

    def to_frame(self) -> "DataFrame":
        """A row for each scheme and type, as the CSV has them; the signature is in ``frame.attrs["signature"]``.

        Raises:
            MissingExtraError: pandas is not installed.

        """
        from tyez_bench.scoring.report_data import report_frame

        return report_frame(self)

    @property
    def required(self) -> Counts:
        """Strict micro counts with optional gold spans as required ones."""
        return counts(self.columns(), REQUIRE)

    def _table(self, scheme: Scheme, unit: str) -> Sparse:
        """Counts by unit, type (then all) and count: (units, rows, 3)."""
        cells = self.tables.by(unit).of_types(self._rows)
        selected = select(cells.counts, scheme).astype(np.float64)
        first = np.flatnonzero(np.diff(cells.unit, prepend=-1))
        every = np.add.reduceat(selected, first, axis=0) if len(first) else selected
        order = np.argsort(cells.type, kind="stable")
        return Sparse(
            cells.units,
            cells.types + 1,
            np.concatenate([cells.unit[order], cells.unit[first]]),
            np.concatenate([cells.type[order], np.full(len(first), cells.types)]),
            np.concatenate([selected[order], every]),
        )

    def intervals(self, scheme: str = "strict", unit: str | None = None) -> dict[str, dict[str, Interval | None]]:
        """95 % bootstrap interval of precision, recall and F1 of each row; ``unit`` by default that of the settings.

        None where :meth:`without_interval` says why.
        """
        key = scheme, unit or self.settings.unit
        if key not in self._intervals:
            table = self._table(self._scheme(scheme), key[1])
            found = sparse_intervals(table, self.settings.draws, self.settings.seed)
            self._intervals[key] = dict(zip((*self.types, MICRO), found, strict=True))
        return self._intervals[key]

    def unit_word(self, unit: str) -> str:
        """What a unit is called: by text, what is drawn by sentence is a sample, be it a sentence or a document.

        By position it is what the gold's file has in the place of sentences, as a record.
        """
        if unit != "sentence":
            return unit
        return self.gold.unit if self.settings.matching == "position" else "sample"

    def without_interval(self, scheme: str = "strict", unit: str | None = None) -> dict[str, dict[str, str]]:
        """Why a measure of a row has no interval, in words, for those that have none.

        Either it is undefined, or it rests on a single unit: one sentence, document or name can't be resampled.
        """
        unit = unit or self.settings.unit
        if unit == "name" and self.tables.names is None:
            return {row: dict.fromkeys(MEASURES, NO_NAMES) for row in (*self.types, MICRO)}
        table, word = self._table(self._scheme(scheme), unit), self.unit_word(unit)
        return {row: reasons(table.counted_units(n), word) for n, row in enumerate((*self.types, MICRO))}

    @cached_property
    def _intervals(self) -> dict[tuple[str, str], dict[str, dict[str, Interval | None]]]:
        return {}

    @property
    def by_name(self) -> Interval | None:
        """Interval of the headline when names are drawn: errors repeat with the name. None without texts."""
        return self.intervals(unit="name")[MICRO]["f1"] if self.tables.names is not None else None

    def averages(self, scheme: str = "strict") -> dict[str, Figures]:
        """Means of precision, recall and F1.

        ``macro``: over the types that have gold; ``weighted``: the same, weighted by their gold spans;
        ``documents``: over the documents that have gold. A precision that is undefined there (nothing predicted) is 0
        in the mean; a mean over nothing is None.
        """
        table = summed(self.tables.by("document"), self._rows, SCHEMES[scheme])
        texts = [Counts(int(gold), int(predicted), right) for gold, predicted, right in table.tolist()]
        return averages([found for _, found in self.rows(scheme)[:-1]], texts)

    @cached_property
    def surfaces(self) -> dict[str, Counts] | None:
        """Distinct (type, text) pairs: counts by type and of all; None without texts."""
        found = surface_counts(self.tables)
        if not found:
            return None
        rows = [found[row] for row in self._rows]
        return dict(zip((*self.types, MICRO), [*rows, found[-1]], strict=True))

    @cached_property
    def surface_interval(self) -> Interval | None:
        """95 % bootstrap interval of surface F1 over all types."""
        return surface_interval(self.tables, self.settings.unit, self.settings.draws, self.settings.seed)

    @property
    def without_surface_interval(self) -> str | None:
        """Why :attr:`surface_interval` is None, in words; None where there is one."""
        unit = self.settings.unit
        return reason("f1", surface_units(self.tables, unit), self.unit_word(unit))
