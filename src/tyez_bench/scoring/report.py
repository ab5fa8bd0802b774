"""What a system scored: counts, and the figures that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct, structs
from msgspec import field as msgspec_field

from tyez_bench.corpus.gold import NATIVE, Gold
from tyez_bench.corpus.label_sets import BUILT_IN, shipped
from tyez_bench.errors import UsageError
from tyez_bench.labels import LabelSet
from tyez_bench.scoring.measures import MEASURES
from tyez_bench.scoring.resampling import Array, Interval, counted_units, intervals, reason
from tyez_bench.scoring.schemes import REQUIRE, SCHEMES, Counts, Outcome, Scheme, counts, outcome, select
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.surfaces import surface_counts, surface_interval, surface_units
from tyez_bench.scoring.tables import Keys, Tables, merge

MICRO = "micro"
NO_NAMES = "there are no names without texts"
Figures = dict[str, float | None]


class GoldFacts(Struct, frozen=True):
    """Which gold: name, version (None for one's own), fingerprint, label set, and how its file was read.

    ``reading`` is as the report's own, ``format`` that of the file, ``out_of_scope``, ``dropped`` and ``rejected``
    what was left out of it, ``changed`` what was read otherwise than it stands there. ``absent`` are labels of a set
    that nobody named which the file has none of. ``places`` says where the documents are whose ids are made up.
    """

    name: str
    version: str | None
    fingerprint: str
    labels: LabelSet = shipped(BUILT_IN)
    reading: dict[str, str] = msgspec_field(default_factory=dict)
    unit: str = "sentence"
    format: str = NATIVE
    out_of_scope: dict[str, int] = msgspec_field(default_factory=dict)
    dropped: int = 0
    rejected: int = 0
    changed: dict[str, int] = msgspec_field(default_factory=dict)
    absent: tuple[str, ...] = ()
    places: dict[str, str] = msgspec_field(default_factory=dict)

    @classmethod
    def of(cls, gold: Gold) -> "GoldFacts":
        """The facts of a gold set."""
        there = gold.present or gold.labels.names  # Without any entity nothing is told of its labels.
        return cls(
            gold.name,
            gold.version,
            gold.fingerprint,
            gold.labels,
            dict(gold.reading),
            gold.unit,
            gold.format,
            dict(gold.out_of_scope),
            gold.dropped,
            gold.rejected,
            dict(gold.changed),
            tuple(label for label in gold.labels.names if gold.open_labels and label not in there),
            dict(gold.places),
        )


@dataclass(frozen=True)
class Report:
    """Counts of a system against a gold set, and figures made from them.

    The headline is strict micro F1 over ``settings.types``. Reports of parts of a gold set add up with ``+``.
    ``reading`` says, for the signature and for people, how the predictions were read (empty for objects).
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
            one, another = getattr(self, name), getattr(other, name)
            if one != another:
                raise UsageError(f"reports of different {name} don't add up: {one} and {another}")
        if len(np.intersect1d(self.documents, other.documents)):
            raise UsageError("reports that share a document don't add up")
        return Report(
            self.system,
            self.gold,
            self.settings,
            merge([self.tables, other.tables]),
            np.concatenate([self.documents, other.documents]),
            self.missing + other.missing,
            self.unit_ids + other.unit_ids,
            self.labels,
            self.reading,
            merge_notes(self.notes, other.notes),
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
        present = self.tables.units.sum(axis=0, dtype=np.int64)[rows].any(axis=1).tolist()
        return self.gold.labels.order(label for label, there in zip(counted, present, strict=True) if there)

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
        by_type = self.tables.units.sum(axis=0, dtype=np.int64)[self._rows]
        return np.concatenate([by_type, by_type.sum(axis=0, keepdims=True)])

    def columns(self, row: str = MICRO) -> np.ndarray:
        """The columns of counts of a type or of all (``micro``).

        Zeros for a label that neither gold nor predictions have. Raises UsageError for one that does not count.
        """
        if row != MICRO and row not in self.types:
            if not self.settings.counts(row) or row not in (*self.gold.labels.names, *self.tables.types):
                raise UsageError(f"{row!r} is no type that counts, expected {', '.join(self.types)}")
            return np.zeros(self.tables.units.shape[-1], np.int64)
        found: np.ndarray = self._sums[-1 if row == MICRO else self.types.index(row)]
        return found

    def counts(self, row: str = MICRO, scheme: str = "strict") -> Counts:
        """The counts of a type or of all under a scheme."""
        return counts(self.columns(row), SCHEMES[scheme])

    def outcome(self, row: str = MICRO, scheme: str = "strict") -> Outcome | None:
        """The MUC categories of a type or of all; None for characters."""
        return outcome(self.columns(row), SCHEMES[scheme], of_type=row != MICRO)

    def rows(self, scheme: str = "strict") -> list[tuple[str, Counts]]:
        """Counts of each type that counts, then of all (micro)."""
        return [(name, self.counts(name, scheme)) for name in (*self.types, MICRO)]

    def figures(self, row: str = MICRO, scheme: str = "strict") -> Figures:
        """Precision, recall and F1."""
        found = self.counts(row, scheme)
        return {name: measure(found) for name, measure in MEASURES.items()}

    @property
    def f1(self) -> float | None:
        """The headline: strict micro F1."""
        return self.figures()["f1"]

    @property
    def required(self) -> Counts:
        """Strict micro counts with optional gold spans as required ones."""
        return counts(self.columns(), REQUIRE)

    def _table(self, scheme: Scheme, unit: str) -> Array:
        """Counts by unit, type (then all) and count: (units, rows, 3)."""
        selected = select(self.tables.by(unit)[:, self._rows], scheme).astype(np.float64)
        return np.concatenate([selected, selected.sum(axis=1, keepdims=True)], axis=1)

    def intervals(self, scheme: str = "strict", unit: str | None = None) -> dict[str, dict[str, Interval | None]]:
        """95 % bootstrap interval of precision, recall and F1 of each row; ``unit`` by default that of the settings.

        None where :meth:`without_interval` says why.
        """
        key = scheme, unit or self.settings.unit
        if key not in self._intervals:
            table = self._table(SCHEMES[scheme], key[1])
            found = intervals(table, self.settings.draws, self.settings.seed)
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
        found: dict[str, dict[str, str]] = {}
        counted = counted_units(self._table(SCHEMES[scheme], unit))
        for row, units in zip((*self.types, MICRO), counted, strict=True):
            reasons = {name: reason(name, number, self.unit_word(unit)) for name, number in units.items()}
            found[row] = {name: why for name, why in reasons.items() if why is not None}
        return found

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
        rows = [found for _, found in self.rows(scheme)[:-1] if found.gold]
        table = self.tables.by("document")[:, self._rows].sum(axis=1, dtype=np.int64)
        documents = [found for row in table if (found := counts(row, SCHEMES[scheme])).gold]
        return {
            "macro": _mean(rows, [1.0] * len(rows)),
            "weighted": _mean(rows, [float(found.gold) for found in rows]),
            "documents": _mean(documents, [1.0] * len(documents)),
        }

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


def _mean(rows: list[Counts], weights: list[float]) -> Figures:
    total = sum(weights)
    if not total:
        return dict.fromkeys(MEASURES)
    return {
        name: sum(weight * (measure(row) or 0.0) for row, weight in zip(rows, weights, strict=True)) / total
        for name, measure in MEASURES.items()
    }


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
