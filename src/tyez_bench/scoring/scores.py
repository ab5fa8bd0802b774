"""The score of a row, how figures are written, and the scores that follow from counts by unit."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct, structs

from tyez_bench.model.errors import UsageError, one_line
from tyez_bench.scoring.bootstrap import Interval, reason, reasons, row_intervals
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.schemes import (
    MEASURES,
    REQUIRE,
    SCHEMES,
    Counts,
    Figures,
    MucCounts,
    Scheme,
    all_bounded,
    averages,
    counts,
    f1,
    figures_data,
    outcome,
    precision,
    recall,
)
from tyez_bench.scoring.settings import GoldFacts, Settings
from tyez_bench.scoring.tables import Tables

# What the row of all types together is called.
MICRO = "micro"
# Of a row, by measure, the intervals, and in words why there is none.
Uncertainty = tuple[dict[str, Interval | None], dict[str, str]]

NO_NAMES = "there are no names without texts"


def figure(value: float | None) -> str:
    """A share with three decimals; – when it is undefined."""
    return "–" if value is None else f"{value:.3f}"


def bounds(interval: Interval | None) -> str:
    """An interval as ``0.123–0.456``; – when it is undefined."""
    return "–" if interval is None else f"{interval.low:.3f}–{interval.high:.3f}"


def number(value: float) -> str:
    """A count; halves with one decimal."""
    return str(int(value)) if value == int(value) else f"{value:.1f}"


class Score(Struct, frozen=True, repr_omit_defaults=True):
    """Counts of a row of a report under a scheme, the figures made from them, and their intervals.

    ``report["strict", "ORG"]`` is that of a type, ``report["strict"]`` that of all types together (the row
    ``micro``), which has those of the types as ``types`` and by ``[]``. Nothing is rounded. Precision, recall and F1
    are those of van Rijsbergen (1979), micro-averaged over spans; the intervals are percentiles of a bootstrap (Efron
    1979) over the report's units.

    Attributes:
        scheme: the name of the scheme, as ``strict``.
        row: the type, or ``micro``.
        counts: gold spans, predictions, and how many of each are right.
        intervals: by measure (``precision``, ``recall``, ``f1``) the 95 % interval, None where there is none.
        reasons: by measure, in words, why it has no interval.
        outcome: the MUC categories (correct, incorrect, partial, missed, spurious); None for characters.
        types: of ``micro``, the scores of the types.

    Example:
        >>> import tyez_bench
        >>> report = tyez_bench.score_spans([[(0, 2, "PER"), (3, 5, "ORG")]], [[(0, 2, "PER"), (3, 4, "ORG")]])
        >>> report["strict", "PER"].f1, report["strict"].tp, report["strict"]["ORG"].fn
        (1.0, 1, 1)
        >>> report["partial"]
        <partial micro: P 0.750, R 0.750, F1 0.750; TP 1.5, FP 0.5, FN 0.5>
    """

    scheme: str
    row: str
    counts: Counts
    intervals: dict[str, Interval | None]
    reasons: dict[str, str]
    outcome: MucCounts | None
    types: dict[str, "Score"] = {}

    def __getitem__(self, type_: str) -> "Score":
        """The score of a type, of that of all. Raises UsageError for another name."""
        if type_ not in self.types:
            expected = f", expected {', '.join(self.types)}" if self.types else ""
            raise UsageError(f"{type_!r} is not a type of the row {self.row}{expected}")
        return self.types[type_]

    def __iter__(self) -> Iterator[str]:
        return iter(self.types)

    def __repr__(self) -> str:
        found = f"P {figure(self.precision)}, R {figure(self.recall)}, F1 {figure(self.f1)}"
        sure = f" [{bounds(self.interval)}]" if self.interval is not None else ""
        wrong = f"TP {number(self.tp)}, FP {number(self.fp)}, FN {number(self.fn)}"
        return one_line(f"<{self.scheme} {self.row}: {found}{sure}; {wrong}>")

    @property
    def tp(self) -> float:
        """True positives: what is right; under ``partial`` an overlap counts .5."""
        return self.counts.right

    @property
    def fp(self) -> float:
        """False positives: predictions that are not right."""
        return self.counts.predicted - self.counts.right

    @property
    def fn(self) -> float:
        """False negatives: gold spans that were not found."""
        return self.counts.gold - self.counts.right

    @property
    def gold(self) -> int:
        """How many gold spans count; of the scheme ``characters``, how many code points."""
        return self.counts.gold

    @property
    def predicted(self) -> int:
        """How many predictions count; of the scheme ``characters``, how many code points."""
        return self.counts.predicted

    @property
    def precision(self) -> float | None:
        """The share of the predictions that are right, tp / (tp + fp); None without predictions."""
        return precision(self.counts)

    @property
    def recall(self) -> float | None:
        """The share of the gold spans that were found, tp / (tp + fn); None without gold."""
        return recall(self.counts)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, 2·tp / (gold + predicted); None with neither of them."""
        return f1(self.counts)

    @property
    def interval(self) -> Interval | None:
        """The 95 % interval of F1; None where ``reasons["f1"]`` says why."""
        return self.intervals["f1"]

    def to_dict(self) -> dict[str, Any]:
        """The row as the JSON report has it."""
        return {
            **figures_data(self.counts),
            **all_bounded(self.intervals, self.reasons),
            **(structs.asdict(self.outcome) if self.outcome else {}),
        }


class Scores:
    """What a report says of its counts by unit alone: the scores made from them, over the types that count."""

    gold: GoldFacts
    settings: Settings
    tables: Tables

    @property
    def schemes(self) -> tuple[str, ...]:
        """The schemes that have a meaning for these settings."""
        return tuple(SCHEMES) if self.settings.matching == "position" else ("strict",)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The types that count and that gold or predictions have, in the order of the rows.

        The labels of the gold in its set's order, then those that only predictions have.
        """
        present = {label: any(row) for label, row in zip(self.tables.types, self._totals.tolist(), strict=True)}
        return self.gold.labels.order(label for label in present if present[label] and self.settings.counts(label))

    @property
    def only_predicted(self) -> dict[str, int]:
        """The types that predictions have and the gold has not, with the number of predictions.

        The gold has those of a label set that was named, else those of its file.
        """
        strange = [label for label in self.types if label not in self.gold.labels or label in self.gold.absent]
        return {label: self.counts(label).predicted for label in strange}

    @cached_property
    def _totals(self) -> np.ndarray:
        """Columns of each type of the tables, summed over units."""
        return self.tables.total()

    @cached_property
    def _rows(self) -> list[int]:
        return [self.tables.types.index(type_) for type_ in self.types]

    @cached_property
    def _sums(self) -> np.ndarray:
        """Columns of each type, then of all, summed over units."""
        by_type = self._totals[self._rows]
        return np.concatenate([by_type, by_type.sum(axis=0, keepdims=True)])

    def columns(self, row: str = MICRO) -> np.ndarray:
        """The columns of counts of a type or of all (``micro``).

        Zeros for a label that neither gold nor predictions have. Raises UsageError for one that does not count.
        """
        if row != MICRO and row not in self.types:
            if not self.settings.counts(row) or row not in (*self.gold.labels.names, *self.tables.types):
                raise UsageError(f"{row!r} is not a type that counts, expected {', '.join(self.types)}")
            return np.zeros(len(Count), np.int64)
        found: np.ndarray = self._sums[-1 if row == MICRO else self.types.index(row)]
        return found

    def counts(self, row: str = MICRO, scheme: str = "strict") -> Counts:
        """The counts of a type or of all under a scheme."""
        return counts(self.columns(row), self._scheme(scheme))

    def _scheme(self, name: str) -> Scheme:
        if name not in self.schemes:
            raise UsageError(f"unknown scheme {name!r}, expected one of {', '.join(self.schemes)}")
        return SCHEMES[name]

    def outcome(self, row: str = MICRO, scheme: str = "strict") -> MucCounts | None:
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
                return self._score(scheme, row)
            case str(scheme):
                types = {row: self._score(scheme, row) for row in self.types}
                return structs.replace(self._score(scheme, MICRO), types=types)
        raise UsageError(f"{key!r}: expected a scheme, or a scheme and a type, as report['strict', 'ORG']")

    def _score(self, scheme: str, row: str) -> Score:
        found = self.counts(row, scheme)
        if row in (*self.types, MICRO):
            ((drawn, why),) = self._resampled(scheme, None, (row,)).values()
        else:
            # A label that neither the gold nor the predictions have.
            drawn, why = dict.fromkeys(MEASURES), {name: str(reason(name, 0, "")) for name in MEASURES}
        return Score(scheme, row, found, drawn, why, self.outcome(row, scheme))

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

    @property
    def required(self) -> Counts:
        """Strict micro counts with optional gold spans as required ones."""
        return counts(self.columns(), REQUIRE)

    def intervals(self, scheme: str = "strict", unit: str | None = None) -> dict[str, dict[str, Interval | None]]:
        """95 % bootstrap interval of precision, recall and F1 of each row; ``unit`` by default that of the settings.

        None where :meth:`without_interval` says why.
        """
        return {row: drawn for row, (drawn, _) in self._resampled(scheme, unit).items()}

    def without_interval(self, scheme: str = "strict", unit: str | None = None) -> dict[str, dict[str, str]]:
        """Why a measure of a row has no interval, in words, for those that have none.

        Either it is undefined, or it rests on a single unit: one sentence, document or name can't be resampled.
        """
        return {row: why for row, (_, why) in self._resampled(scheme, unit).items()}

    def _resampled(
        self, scheme: str, unit: str | None = None, rows: tuple[str, ...] | None = None
    ) -> dict[str, Uncertainty]:
        """Of all rows, or of some, the intervals, and why there is none. A row is drawn once, when it is asked for."""
        unit, rows = unit or self.settings.unit, (*self.types, MICRO) if rows is None else rows
        known = self._known.setdefault((scheme, unit), {})
        if missing := [row for row in rows if row not in known]:
            numbers = [None if row == MICRO else self.tables.types.index(row) for row in missing]
            histograms = self.tables.histograms(self._rows, self._scheme(scheme), unit, numbers)
            for row, histogram in zip(missing, histograms, strict=True):
                counted = histogram.counted_units()
                drawn = row_intervals(histogram, counted, self.settings.draws, self.settings.seed)
                nameless = unit == "name" and self.tables.names is None
                why = dict.fromkeys(MEASURES, NO_NAMES) if nameless else reasons(counted, self.unit_word(unit))
                known[row] = drawn, why
        return {row: known[row] for row in rows}

    @cached_property
    def _known(self) -> dict[tuple[str, str], dict[str, Uncertainty]]:
        return {}

    def unit_word(self, unit: str) -> str:
        """What a unit is called: by text, what is drawn by sentence is a sample, be it a sentence or a document.

        By position it is what the gold's file has in the place of sentences, as a record.
        """
        if unit != "sentence":
            return unit
        return self.gold.unit if self.settings.matching == "position" else "sample"

    @property
    def by_name(self) -> Interval | None:
        """Interval of the headline when names are drawn: errors repeat with the name. None without texts."""
        if self.tables.names is None:
            return None
        drawn, _ = self._resampled("strict", "name", (MICRO,))[MICRO]
        return drawn["f1"]

    def averages(self, scheme: str = "strict") -> dict[str, Figures]:
        """Means of precision, recall and F1.

        ``macro``: over the types that have gold; ``weighted``: the same, weighted by their gold spans;
        ``documents``: over the documents that have gold. A precision that is undefined there (nothing predicted) is 0
        in the mean; a mean over nothing is None.
        """
        (documents,) = self.tables.histograms(self._rows, SCHEMES[scheme], "document", [None])
        return averages([found for _, found in self.rows(scheme)[:-1]], documents)
