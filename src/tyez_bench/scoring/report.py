"""Score predictions against a gold set."""

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.native import check_prediction
from tyez_bench.model import Entity, Label, PredictedEntity, Prediction
from tyez_bench.scoring.counts import Counts, TypeCounts, count, count_units
from tyez_bench.scoring.matching import Span
from tyez_bench.scoring.measures import f1, precision, recall

if TYPE_CHECKING:
    # numpy is slow to import, and only intervals need it.
    from tyez_bench.scoring.resampling import Interval

LABELS = tuple(str(label) for label in Label)


@dataclass(frozen=True)
class Report:
    """What a system scored: exact boundary and type (strict), on the outermost layer of the gold.

    ``units`` holds the counts of the headline, sentence by sentence (a document without sentences is one unit):
    optional gold spans are neither right nor wrong. ``required`` is the same in one, with optional spans counted as
    required.
    """

    system: str
    gold: str
    version: str | None
    fingerprint: str
    units: tuple[TypeCounts, ...]
    required: TypeCounts
    documents: int
    missing: tuple[str, ...]

    @cached_property
    def ignored(self) -> TypeCounts:
        """The counts of the headline, of all units together."""
        return sum(self.units, TypeCounts({}))

    def rows(self) -> list[tuple[str, Counts]]:
        """Counts of each of the four types, then of all (micro)."""
        return [
            *((label, self.ignored.row(label)) for label in LABELS),
            ("micro", self.ignored.total),
        ]

    @cached_property
    def intervals(self) -> "dict[str, dict[str, Interval | None]]":
        """95 % bootstrap interval of precision, recall and F1 of each row, drawn by sentence."""
        import numpy as np

        from tyez_bench.scoring.resampling import bootstrap, interval, measures

        if not self.units:
            return {name: dict.fromkeys(("precision", "recall", "f1")) for name, _ in self.rows()}
        table = np.array(
            [[astuple(counts) for counts in (*map(unit.row, LABELS), unit.total)] for unit in self.units], dtype=float
        )
        drawn = bootstrap(table.reshape(len(table), -1)).reshape(-1, *table.shape[1:])
        return {
            name: {measure: interval(values) for measure, values in measures(drawn[:, number]).items()}
            for number, (name, _) in enumerate(self.rows())
        }

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        from tyez_bench.scoring.resampling import LEVEL, NUMBER, SEED

        return {
            "system": self.system,
            "gold": {"name": self.gold, "version": self.version, "fingerprint": self.fingerprint},
            "scheme": "strict",
            "layer": "outermost",
            "optional": "ignore",
            "resampling": {
                "unit": "sentence",
                "units": len(self.units),
                "number": NUMBER,
                "seed": SEED,
                "level": LEVEL,
            },
            "scores": {name: {**_row(counts), **self._bounds(name)} for name, counts in self.rows()},
            "ignored_gold": self.ignored.ignored_gold,
            "ignored_pred": self.ignored.ignored_predicted,
            "require": _row(self.required.total),
            "documents": self.documents,
            "missing_documents": list(self.missing),
        }

    def _bounds(self, row: str) -> dict[str, list[float] | None]:
        return {
            f"{measure}_interval": None if found is None else [found.low, found.high]
            for measure, found in self.intervals[row].items()
        }


def _row(counts: Counts) -> dict[str, Any]:
    return {
        "precision": precision(counts),
        "recall": recall(counts),
        "f1": f1(counts),
        "tp": counts.gold_right,
        "fp": counts.false_positives,
        "fn": counts.false_negatives,
        "gold": counts.gold,
        "predicted": counts.predicted,
    }


def spans(entities: Iterable[Entity | PredictedEntity]) -> list[Span]:
    """Entities as spans for the matcher."""
    return [Span(entity.start, entity.end, str(entity.type)) for entity in entities]


def score(gold: Gold, predictions: Mapping[str, Prediction], *, system: str = "predictions") -> Report:
    """Score predictions, by document id, against ``gold``.

    A document without a prediction counts as predicted empty, and is listed as missing. Raises InputError for a
    prediction of a document that the gold lacks, and for one that does not fit its text or overlaps itself.
    """
    if not isinstance(predictions, Mapping):
        raise UsageError(f"expected predictions by document id, got {type(predictions).__name__}")
    for id_, given in predictions.items():
        if id_ not in gold or id_ != given.id:
            raise InputError(f"{system}: unknown document id {id_!r}, or not that of its prediction ({given.id!r})")
        try:
            check_prediction(given, gold[id_])
        except ValueError as error:
            raise InputError(f"{system}: {error}") from None
    units: list[TypeCounts] = []
    required = TypeCounts({})
    missing = []
    for document in gold:
        prediction = predictions.get(document.id)
        if prediction is None:
            missing.append(document.id)
            prediction = Prediction(id=document.id, entities=())
        found = spans(prediction.entities)
        flat = document.outermost()
        must = spans(entity for entity in flat if entity.required)
        may = spans(entity for entity in flat if not entity.required)
        starts = [sentence.start for sentence in document.sentences] or [0]
        units.extend(count_units(must, found, starts, optional=may))
        required += count([*must, *may], found)
    return Report(
        system=system,
        gold=gold.name,
        version=gold.version,
        fingerprint=gold.fingerprint,
        units=tuple(units),
        required=required,
        documents=len(gold),
        missing=tuple(missing),
    )
