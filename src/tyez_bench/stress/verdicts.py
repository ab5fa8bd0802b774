"""What a system's predictions make of each case, and of names put in the place of the page's.

A text is right when its required outermost spans of the system's types are found exactly, and nothing else is (optional
spans are neither right nor wrong). A case of minimum functionality passes when its text is right; the others when both
texts are. So a system that predicts nothing passes no invariance by being unmoved. A directional case whose texts
differ in their values alone can be passed only by a system that gives values, and is not asked of others.

Taken from the transformation that renames things: the sentence stays, and so do the kind and the level of what is
named. A system that was made without the page has no reason to find one better than the other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction
from tyez_bench.scoring.bootstrap import Interval, bootstrap, interval, one_unit
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import SCHEMES, summed
from tyez_bench.scoring.settings import DRAWS, SEED
from tyez_bench.stress.capability import CaseKind
from tyez_bench.stress.cases import StressCase, moved
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.transformations import TRANSFORMATIONS


class Verdict(Struct, frozen=True):
    """A case as a system answered it.

    ``passed`` is None where the case asks for nothing that the system's labels can say. ``right`` tells of each text.
    ``consistent``: whether both answers name the same (of invariance alone).
    """

    case: StressCase
    passed: bool | None
    right: tuple[bool, ...]
    consistent: bool | None = None


def verdicts(suite: Suite, report: Report, predictions: Mapping[str, Prediction]) -> list[Verdict]:
    """Every case of a suite; ``report`` is of the predictions on the suite's texts."""
    rows = [report.tables.types.index(type_) for type_ in report.types]
    counts = summed(report.tables.by("document"), rows, SCHEMES["strict"]).astype(int)
    # Gold, predicted, and how many of either are right.
    right = {document.id: len(set(row.tolist())) == 1 for document, row in zip(suite.gold, counts, strict=True)}
    valued = any(entity.value is not None for found in predictions.values() for entity in found.entities)
    return [_verdict(case, report.types, right, predictions, valued) for case in suite.cases]


def _verdict(
    case: StressCase,
    types: Sequence[str],
    right: Mapping[str, bool],
    predictions: Mapping[str, Prediction],
    valued: bool,
) -> Verdict:
    each = tuple(right[text.id] for text in case.texts)
    kind = case.kind
    passed: bool | None = all(each)
    if not _asks(case, types):
        passed = None
    elif kind is CaseKind.DIRECTIONAL and _changed(case, types, values=False) is False:
        # The values alone change; or, for a system without the type that does, nothing.
        asks = valued and _changed(case, types, values=True)
        passed = all(each) and all(_values_right(t, predictions.get(t.id)) for t in case.texts) if asks else None
    consistent = None
    if kind is CaseKind.INVARIANCE and passed is not None:
        consistent = _consistent(case, predictions, types)
    return Verdict(case, passed, each, consistent)


def _asks(case: StressCase, types: Sequence[str]) -> bool:
    """Whether a case has a span of these types, or none of any type."""
    wanted = [e.type for text in case.texts for e in required(text)]
    return not wanted or any(type_ in types for type_ in wanted)


def required(text: Document) -> list[Entity]:
    """The spans that must be found."""
    return [entity for entity in text.outermost() if entity.required]


def _changed(case: StressCase, types: Sequence[str], *, values: bool) -> bool:
    """Whether the required spans of these types, or their values too, are others in the second text."""
    one, other = (
        Counter((e.text, e.type, str(e.value) if values else "") for e in required(text) if e.type in types)
        for text in case.texts
    )
    return one != other


def _values_right(text: Document, prediction: Prediction | None) -> bool:
    given = {} if prediction is None else {(e.start, e.end, e.type): e.value for e in prediction.entities}
    return all(given.get((e.start, e.end, e.type)) == e.value for e in required(text) if e.value is not None)


def _consistent(case: StressCase, predictions: Mapping[str, Prediction], types: Sequence[str]) -> bool:
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


class Renamed(Struct, frozen=True):
    """Strict recall of the spans whose text was changed, before and after; the interval is drawn by sentence.

    There is none of a single sentence, and ``reason`` says so.
    """

    spans: int
    found_before: int
    found_after: int
    sentences: int
    interval: Interval | None

    @property
    def reason(self) -> str | None:
        """Why there is no interval, in words; None where there is one."""
        return one_unit("sentence") if self.interval is None else None

    @property
    def before(self) -> float:
        """Recall of the names of the page."""
        return self.found_before / self.spans

    @property
    def after(self) -> float:
        """Recall of the names in their place."""
        return self.found_after / self.spans

    @property
    def difference(self) -> float:
        """How much less is found of the other names; ``interval`` is that of this."""
        return self.after - self.before


def renamed(
    suite: Suite,
    predictions: Mapping[str, Prediction],
    types: Sequence[str],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Renamed | None:
    """The comparison over the whole suite; None where no span of these types was renamed."""
    units: dict[str, list[int]] = {}
    for case in suite.cases:
        if case.transformed and TRANSFORMATIONS[case.capability].renames:
            for before, after in _changed_names(case, types):
                unit = units.setdefault(case.template, [0, 0, 0])
                unit[0] += _found_names(case.texts[0], before, predictions)
                unit[1] += _found_names(case.texts[1], after, predictions)
                unit[2] += 1
    if not units:
        return None
    table = np.array(list(units.values()), np.float64)
    drawn = bootstrap(table, number=draws, seed=seed) if len(units) > 1 else np.zeros((0, 3))
    before_total, after_total, spans = table.sum(axis=0).astype(int).tolist()
    moves = interval((drawn[:, 1] - drawn[:, 0]) / drawn[:, 2])
    return Renamed(spans, before_total, after_total, len(units), moves)


def _changed_names(case: StressCase, types: Sequence[str]) -> list[tuple[Entity, Entity]]:
    pairs = zip(*map(required, case.texts), strict=True)
    return [(one, other) for one, other in pairs if one.text != other.text and one.type in types]


def _found_names(text: Document, entity: Entity, predictions: Mapping[str, Prediction]) -> bool:
    wanted = entity.start, entity.end, entity.type
    return any((e.start, e.end, e.type) == wanted for e in _found(text, predictions))
