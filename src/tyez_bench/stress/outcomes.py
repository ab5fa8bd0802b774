"""What a system's predictions make of each case: passed or not, by the kind of test.

A text is right when its required outermost spans of the system's types are found exactly, and nothing else is (optional
spans are neither right nor wrong). A case of minimum functionality passes when its text is right; the others when both
texts are. So a system that predicts nothing passes no invariance by being unmoved. A directional case whose texts
differ in their values alone can be passed only by a system that gives values, and is not asked of others.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from tyez_bench.model import Document, Entity, PredictedEntity, Prediction
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import SCHEMES, select
from tyez_bench.stress.capability import Kind
from tyez_bench.stress.cases import Case
from tyez_bench.stress.edits import moved
from tyez_bench.stress.suite import Suite


class Outcome(Struct, frozen=True):
    """A case as a system answered it.

    ``passed`` is None where the case asks for nothing that the system's labels can say. ``right`` tells of each text.
    ``consistent``: whether both answers name the same (of invariance alone).
    """

    case: Case
    passed: bool | None
    right: tuple[bool, ...]
    consistent: bool | None = None


def outcomes(suite: Suite, report: Report, predictions: Mapping[str, Prediction]) -> list[Outcome]:
    """Every case of a suite; ``report`` is of the predictions on the suite's texts."""
    rows = [report.tables.types.index(type_) for type_ in report.types]
    counts = select(report.tables.by("document")[:, rows], SCHEMES["strict"]).sum(axis=1, dtype=int)
    # Gold, predicted, and how many of either are right.
    right = {document.id: len(set(row.tolist())) == 1 for document, row in zip(suite.gold, counts, strict=True)}
    valued = any(entity.value is not None for found in predictions.values() for entity in found.entities)
    return [_outcome(case, report.types, right, predictions, valued) for case in suite.cases]


def _outcome(
    case: Case,
    types: Sequence[str],
    right: Mapping[str, bool],
    predictions: Mapping[str, Prediction],
    valued: bool,
) -> Outcome:
    each = tuple(right[text.id] for text in case.texts)
    kind = case.kind
    passed: bool | None = all(each)
    if not _asks(case, types):
        passed = None
    elif kind is Kind.DIRECTIONAL and _changed(case, types, values=False) is False:
        # The values alone change; or, for a system without the type that does, nothing.
        asks = valued and _changed(case, types, values=True)
        passed = all(each) and all(_values_right(t, predictions.get(t.id)) for t in case.texts) if asks else None
    consistent = None
    if kind is Kind.INVARIANCE and passed is not None:
        consistent = _consistent(case, predictions, types)
    return Outcome(case, passed, each, consistent)


def _asks(case: Case, types: Sequence[str]) -> bool:
    """Whether a case has a span of these types, or none of any type."""
    wanted = [e.type for text in case.texts for e in required(text)]
    return not wanted or any(type_ in types for type_ in wanted)


def required(text: Document) -> list[Entity]:
    """The spans that must be found."""
    return [entity for entity in text.outermost() if entity.required]


def _changed(case: Case, types: Sequence[str], *, values: bool) -> bool:
    """Whether the required spans of these types, or their values too, are others in the second text."""
    one, other = (
        Counter((e.text, e.type, str(e.value) if values else "") for e in required(text) if e.type in types)
        for text in case.texts
    )
    return one != other


def _values_right(text: Document, prediction: Prediction | None) -> bool:
    given = {} if prediction is None else {(e.start, e.end, e.type): e.value for e in prediction.entities}
    return all(given.get((e.start, e.end, e.type)) == e.value for e in required(text) if e.value is not None)


def _consistent(case: Case, predictions: Mapping[str, Prediction], types: Sequence[str]) -> bool:
    """Whether both answers name the same: the same strings, or where offsets can be carried along, the same places."""
    one, other = ([e for e in _found(text, predictions) if e.type in types] for text in case.texts)
    if not case.transformed:
        before, after = case.texts
        return Counter((before.text[e.start : e.end], e.type) for e in one) == Counter(
            (after.text[e.start : e.end], e.type) for e in other
        )
    # A boundary inside a part that was rewritten has no counterpart.
    return Counter((moved(e.start, e.end, case.changes), e.type) for e in one) == Counter(
        ((e.start, e.end), e.type) for e in other
    )


def _found(text: Document, predictions: Mapping[str, Prediction]) -> tuple[PredictedEntity, ...]:
    return predictions[text.id].entities if text.id in predictions else ()
