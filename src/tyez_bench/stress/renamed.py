"""Names of the page against the names put in their place: what a system finds because it knows the page.

Taken from the transformation that renames things: the sentence stays, and so do the kind and the level of what is
named. A system that was made without the page has no reason to find one better than the other.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.model import Document, Entity, Prediction
from tyez_bench.scoring.resampling import Interval, bootstrap, interval, one_unit
from tyez_bench.scoring.settings import DRAWS, SEED
from tyez_bench.stress.cases import Case
from tyez_bench.stress.outcomes import required
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.transformations import TRANSFORMATIONS


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
            for before, after in _changed(case, types):
                unit = units.setdefault(case.template, [0, 0, 0])
                unit[0] += _found(case.texts[0], before, predictions)
                unit[1] += _found(case.texts[1], after, predictions)
                unit[2] += 1
    if not units:
        return None
    table = np.array(list(units.values()), np.float64)
    drawn = bootstrap(table, number=draws, seed=seed) if len(units) > 1 else np.zeros((0, 3))
    before_total, after_total, spans = table.sum(axis=0).astype(int).tolist()
    moves = interval((drawn[:, 1] - drawn[:, 0]) / drawn[:, 2])
    return Renamed(spans, before_total, after_total, len(units), moves)


def _changed(case: Case, types: Sequence[str]) -> list[tuple[Entity, Entity]]:
    pairs = zip(*map(required, case.texts), strict=True)
    return [(one, other) for one, other in pairs if one.text != other.text and one.type in types]


def _found(text: Document, entity: Entity, predictions: Mapping[str, Prediction]) -> bool:
    found = predictions[text.id].entities if text.id in predictions else ()
    return any((e.start, e.end, e.type) == (entity.start, entity.end, entity.type) for e in found)
