"""Scores of parts of the gold: by type, document, section, length, and whatever else is known of an entity.

A slice of gold spans has a recall. Where predictions have the property, too (a length, a document), it has a precision
and an F1: a pair belongs to its gold span's slice, a prediction without a partner to its own. By type every prediction
belongs to its own slice, so that slices by type are the rows of the strict scheme.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import UsageError
from tyez_bench.model import Document, Entity, PredictedEntity
from tyez_bench.scoring.arrays import Ints
from tyez_bench.scoring.counting import Case, Matched, match_spans, to_spans
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.resampling import Interval, intervals
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.settings import LABELS

# Whether a name stands, with its type, among the required outermost entities of another document.
SEEN, UNSEEN = "seen", "unseen"

TYPE = "type"

Any_ = Entity | PredictedEntity
Property = Callable[[Document, Any_], str | None]


class Slice(Struct, frozen=True):
    """Strict counts of one value of a property, with the intervals; ``predicted`` is None where only gold has it."""

    name: str
    value: str
    counts: Counts
    intervals: dict[str, Interval | None]
    gold_only: bool

    @property
    def support(self) -> int:
        """How many gold spans it has."""
        return self.counts.gold

    @property
    def figures(self) -> dict[str, float | None]:
        """Recall, and precision and F1 where predictions have the property."""
        found = {"recall": recall(self.counts)}
        if not self.gold_only:
            found |= {"precision": precision(self.counts), "f1": f1(self.counts)}
        return found


def _section(document: Document, entity: Any_) -> str | None:
    for section in document.sections:
        if section.start <= entity.start < section.end:
            return section.role
    return None


def _length(_: Document, entity: Any_) -> str:
    size = entity.end - entity.start
    for low, high in ((1, 2), (3, 4), (5, 8)):
        if size <= high:
            return f"{low}–{high}"
    return "9 and more"


def _digits(document: Document, entity: Any_) -> str:
    surface = document.text[entity.start : entity.end]
    return "with digits" if any(c.isdigit() for c in surface) else "without"


def _nested(document: Document, entity: Any_) -> str | None:
    if not isinstance(entity, Entity):
        return None
    inside = any(other.parent == entity.id for other in document.entities)
    return "with entities inside" if inside else "without"


def _gold_field(name: str) -> Property:
    def value(_: Document, entity: Any_) -> str | None:
        found = getattr(entity, name) if isinstance(entity, Entity) else None
        return None if found is None else str(found)

    return value


# Properties by name; whether predictions have them, too.
PROPERTIES: dict[str, tuple[Property, bool]] = {
    TYPE: (lambda _, entity: str(entity.type), True),
    "document": (lambda document, _: document.id, True),
    "section": (_section, True),
    "length": (_length, True),
    "digits": (_digits, True),
    "nested": (_nested, False),
    "role": (_gold_field("role"), False),
    "rule": (_gold_field("rule"), False),
    "status": (_gold_field("status"), False),
    "code": (_gold_field("code"), False),
    "district": (lambda document, _: document.district.name if document.district else None, True),
}


def _frequency(gold: Gold) -> Property:
    """How often the surface is marked in the gold, in any layer."""
    marked = Counter(entity.text for _, entity in gold.entities())

    def value(document: Document, entity: Any_) -> str:
        number = marked[document.text[entity.start : entity.end]]
        for low, high in ((0, 0), (1, 1), (2, 4), (5, 9)):
            if number <= high:
                return str(low) if low == high else f"{low}–{high}"
        return "10 and more"

    return value


def _unseen(gold: Gold) -> Property:
    """Whether a system that was trained on the other documents can have learned the name, with its type."""
    documents: dict[tuple[str, str], set[str]] = {}
    for document, entity in gold.entities():
        if entity.outermost and entity.required:
            documents.setdefault((entity.text, str(entity.type)), set()).add(document.id)

    def value(document: Document, entity: Any_) -> str:
        key = (document.text[entity.start : entity.end], str(entity.type))
        return SEEN if documents.get(key, set()) - {document.id} else UNSEEN

    return value


# Properties that are made of the whole gold set; whether predictions have them, too.
OF_GOLD: dict[str, tuple[Callable[[Gold], Property], bool]] = {
    "frequency": (_frequency, True),
    "unseen": (_unseen, False),
}
NAMES = (*PROPERTIES, *OF_GOLD)


def slices(report: Report, gold: Gold, cases: Sequence[Case], names: Sequence[str]) -> list[Slice]:
    """Slices by each of the properties ``names``, in order; ``cases`` as of :func:`score.cases_of`.

    Raises UsageError for an unknown property.
    """
    for name in names:
        if name not in NAMES:
            raise UsageError(f"unknown property {name!r} to slice by, expected {', '.join(NAMES)}")
    matched = match_spans(to_spans(cases), tuple(sorted(LABELS)), report.settings.min_overlap)
    found: list[Slice] = []
    for name in names:
        property_, both = PROPERTIES[name] if name in PROPERTIES else _of(gold, name)
        found.extend(_slices(report, cases, matched, name, property_, both))
    return found


def _of(gold: Gold, name: str) -> tuple[Property, bool]:
    make, both = OF_GOLD[name]
    return make(gold), both


def _slices(
    report: Report, cases: Sequence[Case], matched: Matched, name: str, property_: Property, both: bool
) -> list[Slice]:
    of_gold = [property_(case.document, entity) for case in cases for entity in case.gold]
    of_predicted = [property_(case.document, entity) if both else None for case in cases for entity in case.predicted]
    values = sorted({value for value in (*of_gold, *of_predicted) if value is not None}, key=_natural)
    table = _table(matched, of_gold, of_predicted, values, apart=name == TYPE)
    drawn = intervals(table.astype(np.float64), report.settings.draws, report.settings.seed)
    total = table.sum(axis=0)
    return [
        Slice(name, value, Counts(*total[number].tolist()), drawn[number], not both)
        for number, value in enumerate(values)
    ]


def _natural(value: str) -> tuple[int, str]:
    digits = value.split("–", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    return (int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 1000), value


def _table(
    matched: Matched,
    of_gold: Sequence[str | None],
    of_predicted: Sequence[str | None],
    values: Sequence[str],
    *,
    apart: bool,
) -> Ints:
    """Strict counts by unit and value: (units, values, 4); ``apart``: the sides of a pair each under its own value."""
    number = {value: index for index, value in enumerate(values)}
    table = np.zeros((matched.units.number, len(values), 4), np.int64)
    found = matched.plain.outcomes
    right = np.zeros(len(matched.gold), np.bool_)
    paired = found.gold >= 0
    partner = matched.predicted[found.gold[paired]]
    own = matched.gold[paired]
    right[paired] = (own.start == partner.start) & (own.end == partner.end) & (own.type == partner.type)
    for index, value in enumerate(of_gold):
        if value is not None:
            row = table[matched.units.gold[index], number[value]]
            row += (1, int(paired[index] and not apart), int(right[index]), int(right[index]))
    for index, value in enumerate(of_predicted):
        g = found.predicted[index]
        if value is not None and not found.ignored[index] and (apart or g < 0):
            unit = matched.units.predicted[index] if g < 0 else matched.units.gold[g]
            table[unit, number[value], 1] += 1
    return table
