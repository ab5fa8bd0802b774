"""Additive counts. Count first, compute later: counts of parts add up to the counts of the whole."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tyez_bench.model import order_key
from tyez_bench.scoring.matching import Span, match, overlaps


@dataclass(frozen=True, slots=True)
class Counts:
    """How many gold spans and predictions there are, and how many of each are right."""

    gold: int = 0
    predicted: int = 0
    gold_right: int = 0
    predicted_right: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.gold + other.gold,
            self.predicted + other.predicted,
            self.gold_right + other.gold_right,
            self.predicted_right + other.predicted_right,
        )

    @property
    def false_negatives(self) -> int:
        """Gold spans that were not found."""
        return self.gold - self.gold_right

    @property
    def false_positives(self) -> int:
        """Predictions that are wrong."""
        return self.predicted - self.predicted_right


@dataclass(frozen=True, slots=True)
class TypeCounts:
    """Counts per type, and how many spans did not count.

    A wrong type is booked in the gold type's row as missed and in the predicted type's row as spurious, so
    that the rows add up to the total.
    """

    rows: dict[str, Counts]
    ignored_gold: int = 0
    ignored_predicted: int = 0

    def __add__(self, other: "TypeCounts") -> "TypeCounts":
        return TypeCounts(
            {type_: self.row(type_) + other.row(type_) for type_ in sorted(self.rows.keys() | other.rows.keys())},
            self.ignored_gold + other.ignored_gold,
            self.ignored_predicted + other.ignored_predicted,
        )

    def row(self, type_: str) -> Counts:
        """Counts of a type; all zero when neither side has it."""
        return self.rows.get(type_, Counts())

    @property
    def total(self) -> Counts:
        """The sum of the rows."""
        return sum(self.rows.values(), Counts())


def count(
    required: Iterable[Span],
    predicted: Iterable[Span],
    *,
    optional: Iterable[Span] = (),
    boundary_only: bool = False,
) -> TypeCounts:
    """Count one document as a whole; see :func:`count_units`."""
    (whole,) = count_units(required, predicted, [0], optional=optional, boundary_only=boundary_only)
    return whole


def count_units(
    required: Iterable[Span],
    predicted: Iterable[Span],
    starts: Sequence[int],
    *,
    optional: Iterable[Span] = (),
    boundary_only: bool = False,
) -> list[TypeCounts]:
    """Count one document, unit by unit; ``starts`` are the offsets at which its units begin, in order.

    strict: a pair is right when boundary and type are equal; ``boundary_only`` (SemEval's exact): when the
    boundary is. A prediction is ignored when it is an optional span, boundary and type, which takes it out of the
    matching; or when it has no partner, and overlaps an optional span of its own type and no required span. An
    optional span is never missed.

    A pair belongs to the unit of its gold span, a prediction without a partner to that of its first character.
    """
    required, optional, predicted = list(required), list(optional), list(predicted)
    hits = set(optional) & set(predicted)
    matching = match(required, [span for span in predicted if span not in hits])
    ignored = _ignored(matching.spurious, required, optional) | hits
    rows: list[dict[str, Counts]] = [{} for _ in starts]

    def unit(span: Span) -> int:
        return max(0, bisect_right(starts, span.start) - 1)

    def book(place: Span, type_: str, counts: Counts) -> None:
        row = rows[unit(place)]
        row[type_] = row.get(type_, Counts()) + counts

    for gold, found in matching.pairs:
        right = int(gold[:2] == found[:2] and (boundary_only or gold.type == found.type))
        book(gold, gold.type, Counts(gold=1, gold_right=right))
        book(gold, found.type, Counts(predicted=1, predicted_right=right))
    for span in matching.missed:
        book(span, span.type, Counts(gold=1))
    for span in matching.spurious:
        if span not in ignored:
            book(span, span.type, Counts(predicted=1))
    ignored_gold = Counter(unit(span) for span in optional)
    ignored_predicted = Counter(unit(span) for span in ignored)
    return [TypeCounts(row, ignored_gold[number], ignored_predicted[number]) for number, row in enumerate(rows)]


def _ignored(spurious: Sequence[Span], required: list[Span], optional: list[Span]) -> set[Span]:
    """The spans that overlap an optional one of their own type and no required one."""
    alone, may, must = (sorted(spans, key=order_key) for spans in (spurious, optional, required))
    near = {alone[p] for o, p in overlaps(may, alone) if may[o].type == alone[p].type}
    return near - {alone[p] for _, p in overlaps(must, alone)}
