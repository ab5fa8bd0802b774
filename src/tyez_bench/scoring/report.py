"""Score predictions against a gold set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.native import check_prediction
from tyez_bench.model import Entity, Label, PredictedEntity, Prediction
from tyez_bench.scoring.counts import Counts, TypeCounts, count
from tyez_bench.scoring.matching import Span
from tyez_bench.scoring.measures import f1, precision, recall

LABELS = tuple(str(label) for label in Label)


@dataclass(frozen=True, slots=True)
class Report:
    """What a system scored: exact boundary and type (strict), on the outermost layer of the gold.

    ``ignored`` is the headline: optional gold spans are neither right nor wrong. ``required`` is the same with
    optional spans counted as required.
    """

    system: str
    gold: str
    version: str | None
    fingerprint: str
    ignored: TypeCounts
    required: TypeCounts
    documents: int
    missing: tuple[str, ...]

    def rows(self) -> list[tuple[str, Counts]]:
        """Counts of each of the four types, then of all (micro)."""
        return [
            *((label, self.ignored.row(label)) for label in LABELS),
            ("micro", self.ignored.total),
        ]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {
            "system": self.system,
            "gold": {"name": self.gold, "version": self.version, "fingerprint": self.fingerprint},
            "scheme": "strict",
            "layer": "outermost",
            "optional": "ignore",
            "scores": {name: _row(counts) for name, counts in self.rows()},
            "ignored_gold": self.ignored.ignored_gold,
            "ignored_pred": self.ignored.ignored_predicted,
            "require": _row(self.required.total),
            "documents": self.documents,
            "missing_documents": list(self.missing),
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
    ignored = required = TypeCounts({})
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
        ignored += count(must, found, optional=may)
        required += count([*must, *may], found)
    return Report(
        system=system,
        gold=gold.name,
        version=gold.version,
        fingerprint=gold.fingerprint,
        ignored=ignored,
        required=required,
        documents=len(gold),
        missing=tuple(missing),
    )
