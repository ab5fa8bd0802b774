"""From the spans of all records to one prediction a document: labels mapped, overlaps refused or dropped."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Literal, NamedTuple

from tyez_bench.corpus.gold import value_misfit
from tyez_bench.errors import InputError
from tyez_bench.formats.record import Record
from tyez_bench.formats.source import Source
from tyez_bench.hints import advice, one_of_two
from tyez_bench.labels import LabelSet
from tyez_bench.model import Document, PredictedEntity, Prediction, Unlocated, order_key
from tyez_bench.values import Money, Timex

Keep = Literal["keep-longest", "keep-first", "keep-one"]
KEEP: Mapping[Keep, Callable[["Found"], tuple[int, ...]]] = {
    "keep-longest": lambda span: (span.start - span.end,),
    "keep-first": lambda span: (),
    "keep-one": lambda span: (),
}
"""Which of two overlapping spans goes first; then the lowest (start, −end, type) does."""
OVERLAP_RULES = tuple(KEEP)
_ONE: Keep = "keep-one"


class Found(NamedTuple):
    """A span in a document, still with the label of the file, and the record that it comes from."""

    start: int
    end: int
    label: str
    type: str
    stated: bool
    value: Money | Timex | None
    record: Record


def merge(
    document: Document,
    spans: list[Found],
    unlocated: list[Unlocated],
    source: Source,
    *,
    labels: LabelSet,
    flat: bool,
    overlaps: Keep | None,
) -> tuple[Prediction, int]:
    """A document's prediction, and how many spans the rule for overlaps dropped.

    Raises InputError for a span that occurs twice, for an overlap where a flat layer is expected and no rule is given,
    and for a value that the type can't carry.
    """

    def name(span: Found) -> str:
        # The type as the score will have it, with the file's label where that is another word.
        label = span.type if span.label == span.type else f"{span.type} ({span.label})"
        return f"{label} {span.start}–{span.end}"

    def error(span: Found, message: str) -> InputError:
        return source.error(f"{document.id}: {message}", span.record.line, span.record.path)

    ordered = sorted(spans, key=lambda span: (*order_key(span), span.label))
    for one, other in pairwise(ordered):
        same = order_key(one) == order_key(other)
        if same and overlaps is None:
            twice = (
                f"{name(one)} occurs twice" if one.label == other.label else f"{name(one)} and {name(other)} are one"
            )
            raise error(_later(one, other), f"{twice}, {document.text[one.start : one.end]!r}{one_of_two()}")
    kept = spans if overlaps is None else keep(spans, overlaps)
    if flat and overlaps in (None, _ONE):
        _check_flat(sorted(kept, key=order_key), document, name, error)
    entities = []
    for span in kept:
        text = document.text[span.start : span.end] if span.stated else None
        problem = value_misfit(span.type, span.value, labels)
        if problem is not None:
            raise error(span, f"{span.start}–{span.end}: {problem}")
        entities.append(PredictedEntity(start=span.start, end=span.end, type=span.type, text=text, value=span.value))
    prediction = Prediction(id=document.id, entities=tuple(entities), unlocated=tuple(unlocated))
    return prediction, len(spans) - len(kept)


def keep(spans: list[Found], rule: Keep) -> list[Found]:
    """The spans that remain, in their order, when each in the rule's order is dropped that overlaps one kept before.

    Under ``keep-one`` those alone are dropped that have the boundary and type of one kept before.
    """
    first = KEEP[rule]
    order = sorted(range(len(spans)), key=lambda i: (*first(spans[i]), *order_key(spans[i]), spans[i].label))
    if rule == _ONE:
        once = {order_key(spans[index]): index for index in reversed(order)}
        return [spans[index] for index in sorted(once.values())]
    taken: list[tuple[int, int]] = []
    kept: set[int] = set()
    for index in order:
        span = spans[index]
        at = bisect_right(taken, (span.start, span.end))
        if (at > 0 and span.start < taken[at - 1][1]) or (at < len(taken) and taken[at][0] < span.end):
            continue
        taken.insert(at, (span.start, span.end))
        kept.add(index)
    return [span for index, span in enumerate(spans) if index in kept]


def _later(one: Found, other: Found) -> Found:
    return other if (other.record.line or 0) >= (one.record.line or 0) else one


def _check_flat(
    ordered: list[Found],
    document: Document,
    name: Callable[[Found], str],
    error: Callable[[Found, str], InputError],
) -> None:
    for one, other in pairwise(ordered):
        if other.start < one.end:
            words = [f"{name(span)} {document.text[span.start : span.end]!r}" for span in (one, other)]
            raise error(
                _later(one, other),
                f"{words[0]} and {words[1]} overlap; expected one flat layer"
                + advice("{overlaps} drops one of two", overlaps="keep-longest|keep-first")
                + advice("{layer} counts both", layer="all"),
            )
