"""Scores of parts of the gold: by type, document, section, length, and whatever else is known of an entity.

A slice of gold spans has a recall; where predictions have the property, too (a length, a document), a precision and an
F1: a pair belongs to its gold span's slice, a prediction without a partner to its own. By type every prediction belongs
to its own slice: slices by type are the rows of the strict scheme.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import public
from tyez_bench.scoring.bootstrap import Interval, Sparse, reasons, sparse_intervals
from tyez_bench.scoring.counting import Case, names_of, to_spans
from tyez_bench.scoring.pairing import Matched, Units, match_spans
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import Counts, f1, precision, recall
from tyez_bench.scoring.score import cases_for
from tyez_bench.scoring.spans import Ints

# Whether a name stands, with its type, among the required outermost entities of another document.
SEEN, UNSEEN = "seen", "unseen"

TYPE = "type"

Any_ = Entity | PredictedEntity
# Of a document, what tells the value of its entities and predictions.
Property = Callable[[Document], Callable[[Any_], str | None]]


class Slice(Struct, frozen=True):
    """Strict counts of one value of a property, as :func:`tyez_bench.slices` makes them.

    Attributes:
        name: the property, as ``length``.
        value: its value, as ``3–4``.
        counts: gold spans, predictions, and how many are right.
        intervals: by measure the 95 % interval, None where there is none.
        gold_only: whether predictions have no such property, so that there is a recall alone.
        reasons: by measure, in words, why it has no interval.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=3, type="PLACE")
        >>> predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> report = tyez_bench.score(gold, predictions)
        >>> part = tyez_bench.slices(report, gold, predictions, ["length"])[1]
        >>> part.value, part.counts.predicted, part.figures["recall"]
        ('3–4', 1, 0.0)
    """

    name: str
    value: str
    counts: Counts
    intervals: dict[str, Interval | None]
    gold_only: bool
    reasons: dict[str, str]

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


def _section(document: Document) -> Callable[[Any_], str | None]:
    ends = [section.end for section in document.sections]

    def value(entity: Any_) -> str | None:
        # They are in order, and none overlaps another.
        at = bisect_right(ends, entity.start)
        found = document.sections[at] if at < len(ends) else None
        return found.role if found is not None and found.start <= entity.start else None

    return value


def _length(entity: Any_) -> str:
    size = entity.end - entity.start
    for low, high in ((1, 2), (3, 4), (5, 8)):
        if size <= high:
            return f"{low}–{high}"
    return "9 and more"


def _digits(document: Document) -> Callable[[Any_], str]:
    def value(entity: Any_) -> str:
        surface = document.text[entity.start : entity.end]
        return "with digits" if any(c.isdigit() for c in surface) else "without"

    return value


def _nested(document: Document) -> Callable[[Any_], str | None]:
    around = {entity.parent for entity in document.entities}

    def value(entity: Any_) -> str | None:
        if not isinstance(entity, Entity):
            return None
        return "with entities inside" if entity.id in around else "without"

    return value


def _gold_field(name: str) -> Property:
    def value(entity: Any_) -> str | None:
        found = getattr(entity, name) if isinstance(entity, Entity) else None
        return None if found is None else str(found)

    return lambda _: value


def _of_document(name: Callable[[Document], str | None]) -> Property:
    def of(document: Document) -> Callable[[Any_], str | None]:
        found = name(document)
        return lambda _: found

    return of


# Properties by name; whether predictions have them, too.
PROPERTIES: dict[str, tuple[Property, bool]] = {
    TYPE: (lambda _: lambda entity: str(entity.type), True),
    "document": (_of_document(lambda document: document.id), True),
    "section": (_section, True),
    "length": (lambda _: _length, True),
    "digits": (_digits, True),
    "nested": (_nested, False),
    "role": (_gold_field("role"), False),
    "rule": (_gold_field("rule"), False),
    "status": (_gold_field("status"), False),
    "code": (_gold_field("code"), False),
    "district": (_of_document(lambda document: document.district.name if document.district else None), True),
}


def _frequency(gold: Gold) -> Property:
    """How often the surface is marked in the gold, in any layer."""
    marked = Counter(entity.text for _, entity in gold.entities())

    def value(surface: str) -> str:
        number = marked[surface]
        for low, high in ((0, 0), (1, 1), (2, 4), (5, 9)):
            if number <= high:
                return str(low) if low == high else f"{low}–{high}"
        return "10 and more"

    return lambda document: lambda entity: value(document.text[entity.start : entity.end])


def _unseen(gold: Gold) -> Property:
    """Whether a system that was trained on the other documents can have learned the name, with its type."""
    documents: dict[tuple[str, str], set[str]] = {}
    for document, entity in gold.entities():
        if entity.outermost and entity.required:
            documents.setdefault((entity.text, str(entity.type)), set()).add(document.id)

    def value(document: Document, entity: Any_) -> str:
        known = documents.get((document.text[entity.start : entity.end], str(entity.type)), set())
        return SEEN if len(known) > (document.id in known) else UNSEEN

    return lambda document: lambda entity: value(document, entity)


# Properties that are made of the whole gold set; whether predictions have them, too.
OF_GOLD: dict[str, tuple[Callable[[Gold], Property], bool]] = {
    "frequency": (_frequency, True),
    "unseen": (_unseen, False),
}
NAMES = (*PROPERTIES, *OF_GOLD)


@public
def slices(
    report: Report, gold: Gold, predictions: Mapping[str, Prediction], names: Sequence[str] = NAMES
) -> list[Slice]:
    """Strict scores of parts of the gold: by type, document, section, length, and whatever else is known of an entity.

    Args:
        report: what :func:`tyez_bench.score` made of the other two.
        gold: the gold set that was scored against.
        predictions: the predictions that were scored, by document id.
        names: the properties, all by default; ``length`` is in code points.

    Returns:
        A slice for each value of each property, with counts, figures and 95 % intervals. What only gold spans have (a
        role, a rule) has a recall alone.

    Raises:
        UsageError: an unknown property; gold or predictions that are not those of the report.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> found = tyez_bench.PredictedEntity(start=0, end=4, type="PLACE")
        >>> predictions = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> report = tyez_bench.score(gold, predictions)
        >>> found = tyez_bench.slices(report, gold, predictions, ["type"])
        >>> [(part.value, part.counts.right, part.support) for part in found]
        [('DATE', 0, 15), ('MONEY', 0, 10), ('ORG', 0, 26), ('PLACE', 1, 91)]
    """
    return slices_of(report, gold, cases_for(report, gold, predictions), names)


def slices_of(report: Report, gold: Gold, cases: Sequence[Case], names: Sequence[str]) -> list[Slice]:
    """Slices by each of the properties ``names``, in order. Raises UsageError for an unknown property."""
    for name in names:
        if name not in NAMES:
            raise UsageError(f"unknown property {name!r} to slice by, expected {', '.join(NAMES)}")
    matched = match_spans(to_spans(cases), report.tables.types, report.settings.min_overlap)
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
    of_gold = [value for case in cases for value in map(property_(case.document), case.gold)]
    of_predicted: list[str | None] = [None] * len(matched.predicted)
    if both:
        of_predicted = [value for case in cases for value in map(property_(case.document), case.predicted)]
    values = sorted({value for value in (*of_gold, *of_predicted) if value is not None}, key=_natural)
    unit, word = report.settings.unit, report.unit_word(report.settings.unit)
    table = _table(matched, _units(matched, cases, unit), of_gold, of_predicted, values, apart=name == TYPE)
    drawn = sparse_intervals(table, report.settings.draws, report.settings.seed)
    return [
        Slice(name, value, Counts(*counts), found, not both, reasons(table.counted_units(number), word))
        for number, (value, counts, found) in enumerate(zip(values, table.total().tolist(), drawn, strict=True))
    ]


def _units(matched: Matched, cases: Sequence[Case], unit: str) -> Units:
    """What the spans of slices are drawn by, as the report's are."""
    if unit == "document":
        return Units(matched.gold.document, matched.predicted.document, len(cases))
    if unit == "name":
        gold, predicted = names_of(cases, "gold"), names_of(cases, "predicted")
        keys, at = np.unique(np.concatenate([gold, predicted]), return_inverse=True)
        return Units(at[: len(gold)], at[len(gold) :], len(keys))
    return matched.units


def _natural(value: str) -> tuple[int, str]:
    digits = value.split("–", maxsplit=1)[0].split(" ", maxsplit=1)[0]
    return (int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 1000), value


def _table(
    matched: Matched,
    units: Units,
    of_gold: Sequence[str | None],
    of_predicted: Sequence[str | None],
    values: Sequence[str],
    *,
    apart: bool,
) -> Sparse:
    """Strict counts by unit and value: (units, values, 3); ``apart``: the sides of a pair each under its own value."""
    number = {value: index for index, value in enumerate(values)}
    found = matched.plain
    right = np.zeros(len(matched.gold), np.bool_)
    paired = found.gold_partner >= 0
    partner = matched.predicted[found.gold_partner[paired]]
    own = matched.gold[paired]
    right[paired] = (own.start == partner.start) & (own.end == partner.end) & (own.type == partner.type)
    gold_row = _rows(of_gold, number)
    predicted_row = _rows(of_predicted, number)
    has_gold = gold_row >= 0
    spurious = found.predicted_partner < 0
    booked = (predicted_row >= 0) & ~found.ignored & (spurious | apart)
    # A pair belongs to the unit of its gold span.
    unit = units.predicted.copy()
    unit[~spurious] = units.gold[found.predicted_partner[~spurious]]
    one, nothing = np.ones(booked.sum(), np.int64), np.zeros(booked.sum(), np.int64)
    of_pairs = np.column_stack([np.ones(len(right), np.int64), paired & (not apart), right])[has_gold]
    return Sparse.of(
        units.number,
        len(values),
        np.concatenate([units.gold[has_gold], unit[booked]]),
        np.concatenate([gold_row[has_gold], predicted_row[booked]]),
        np.concatenate([of_pairs, np.column_stack([nothing, one, nothing])]),
    )


def _rows(of_spans: Sequence[str | None], number: Mapping[str, int]) -> Ints:
    """The row of each span's value; −1 for those without one."""
    return np.array([-1 if value is None else number[value] for value in of_spans], np.int64)
