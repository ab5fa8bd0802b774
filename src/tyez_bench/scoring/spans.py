"""Spans of many documents as arrays, so that whole corpora are matched and counted at once.

A position is an offset on one long line on which the documents stand one after the other, far enough apart that no
span of one touches a span of another. Types are numbers: indices into a sorted tuple of type names.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Typed

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# What is sensible as an offset: keeps sums of positions far from the end of 64 bits.
LIMIT = 1 << 40


class TypedSpan(NamedTuple):
    """A typed span of a diagnosis: half-open code-point offsets.

    Attributes:
        start: the offset of its first character.
        end: the offset behind its last.
        type: its label.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.TypedSpan(0, 4, "PLACE").type
        'PLACE'
    """

    start: int
    end: int
    type: str


class Side(Struct, frozen=True):
    """The gold spans, or the predictions, of a block of documents: positions, type numbers, document numbers."""

    start: Ints
    end: Ints
    type: Ints
    document: Ints

    def __len__(self) -> int:
        return len(self.start)

    def __getitem__(self, which: Ints | Bools | slice) -> "Side":
        """Some of the spans, by index, mask or slice."""
        return Side(self.start[which], self.end[which], self.type[which], self.document[which])

    def order(self) -> Ints:
        """Indices of the spans in the order (start, −end, type)."""
        return np.lexsort((self.type, -self.end, self.start))

    def spans(self, types: Sequence[str], stride: int = 0) -> list[TypedSpan]:
        """As spans for the matcher; offsets are positions, or with a stride those into the documents."""
        start, end = self.start - self.document * stride, self.end - self.document * stride
        names = [types[type_] for type_ in self.type.tolist()]
        return list(map(TypedSpan, start.tolist(), end.tolist(), names))


def join(one: Side, other: Side) -> Side:
    """The spans of both."""
    return Side(
        np.concatenate([one.start, other.start]),
        np.concatenate([one.end, other.end]),
        np.concatenate([one.type, other.type]),
        np.concatenate([one.document, other.document]),
    )


Triples = Sequence[Sequence[tuple[int, int, str]]]


class SpanColumns(NamedTuple):
    """The spans of a side of documents, one document after the other; ``sizes`` says how many each has.

    Offsets come as they were given, or as arrays.
    """

    sizes: list[int]
    starts: list[Any] | Ints
    ends: list[Any] | Ints
    types: list[Any]

    @classmethod
    def of(cls, side: Sequence[Sequence[Typed]]) -> "SpanColumns":
        """From entities: a sequence for each document."""
        spans = list(chain.from_iterable(side))
        return cls(list(map(len, side)), [s.start for s in spans], [s.end for s in spans], [s.type for s in spans])

    @classmethod
    def plain(cls, side: Triples) -> "SpanColumns":
        """From (start, end, type): a sequence for each document."""
        # Everything in one list, start, end, type, start …: much faster than span by span.
        flat: list[Any] = list(chain.from_iterable(chain.from_iterable(side)))
        return cls(list(map(len, side)), flat[0::3], flat[1::3], flat[2::3])


class Spans(Struct, frozen=True):
    """Gold and predictions of some documents, as columns of as many documents each.

    ``alternatives`` are (number of the document, of the gold span in it, start, end). ``starts`` are the offsets at
    which the units of each document begin; None makes each document one unit. ``ids`` are what errors
    name documents by.
    """

    gold: SpanColumns
    predicted: SpanColumns
    optional: SpanColumns
    others: SpanColumns
    alternatives: Sequence[tuple[int, int, int, int]] = ()
    starts: Sequence[Sequence[int]] | None = None
    ids: Sequence[str] = ()

    @classmethod
    def plain(
        cls,
        gold: Triples,
        predicted: Triples,
        optional: Triples | None = None,
        others: Triples | None = None,
        alternatives: Sequence[tuple[int, int, int, int]] = (),
        starts: Sequence[Sequence[int]] | None = None,
    ) -> "Spans":
        """From a list of (start, end, type) for each document; all lists are as long."""
        nothing: Triples = [()] * len(gold)
        return cls(
            gold=SpanColumns.plain(gold),
            predicted=SpanColumns.plain(predicted),
            optional=SpanColumns.plain(optional or nothing),
            others=SpanColumns.plain(others or nothing),
            alternatives=alternatives,
            starts=starts,
        )


def arrange(types: Sequence[str] | None, *sides: SpanColumns) -> tuple[tuple[str, ...], int, list[Side]]:
    """Put the spans of documents, side by side, on one line.

    Returns the types (those given, or those that occur, sorted), the distance between the beginnings of two documents,
    and the sides. Raises InputError for a span that is empty, reversed, out of reach, or of a type
    that is not among ``types``.
    """
    if types is None:
        types = sorted(set().union(*(side.types for side in sides)))
    number = {type_: index for index, type_ in enumerate(types)}
    raw = [_numbers(side, number) for side in sides]
    stride = 1 + max((int(end.max()) for _, _, end, _ in raw if len(end)), default=0)
    return (
        tuple(types),
        stride,
        [
            Side(start + document * stride, end + document * stride, type_, document)
            for document, start, end, type_ in raw
        ],
    )


def _numbers(side: SpanColumns, number: dict[str, int]) -> tuple[Ints, Ints, Ints, Ints]:
    sizes, starts, ends, types = side
    document = np.repeat(np.arange(len(sizes)), np.array(sizes, np.int64))
    if len(starts) + len(ends) + len(types) != 3 * len(document):
        raise InputError("expected spans as (start, end, type)")
    start, end = _offsets(starts, ends)
    try:
        found = map(number.__getitem__, types)
        # Of few types a byte each is faster.
        few = len(number) <= 256
        numbers = np.frombuffer(bytes(found), np.uint8) if few else np.fromiter(found, np.int64, len(document))
    except (KeyError, TypeError):
        odd = next(t for t in types if not isinstance(t, str) or t not in number)
        raise InputError(f"unknown type {odd!r}, expected {', '.join(number)}") from None
    bad = (start < 0) | (end <= start) | (end > LIMIT)
    if bad.any():
        at = int(bad.argmax())
        message = f"document {int(document[at])}: span {starts[at]}–{ends[at]} is empty, reversed or out of range"
        raise InputError(message)
    return document, start, end, numbers.astype(np.int64)


def _offsets(starts: list[Any] | Ints, ends: list[Any] | Ints) -> tuple[Ints, Ints]:
    if isinstance(starts, np.ndarray) and isinstance(ends, np.ndarray):
        return starts, ends
    strange = {*map(type, starts), *map(type, ends)} - {int}
    if any(not issubclass(type_, np.integer) for type_ in strange):
        raise InputError(f"expected whole numbers as offsets, got {', '.join(sorted(t.__name__ for t in strange))}")
    try:
        return np.fromiter(starts, np.int64, len(starts)), np.fromiter(ends, np.int64, len(ends))
    except OverflowError:
        raise InputError("an offset is out of range") from None


def keys(types: int, *sides: Side) -> list[Ints]:
    """A number for each span, the same for the same boundary and type, on each of the sides."""
    longest = 1 + max((int((side.end - side.start).max()) for side in sides if len(side)), default=0)
    farthest = 1 + max((int(side.start.max()) for side in sides if len(side)), default=0)
    if farthest * longest * types < 1 << 62:
        return [(side.start * longest + side.end - side.start) * types + side.type for side in sides]
    # The numbers would not fit: count the starts and the ends that there are.
    cuts = np.cumsum([len(side) for side in sides])[:-1]
    _, start = np.unique(np.concatenate([side.start for side in sides]), return_inverse=True)
    _, end = np.unique(np.concatenate([side.end for side in sides]), return_inverse=True)
    type_ = np.concatenate([side.type for side in sides])
    return np.split((start * (len(end) + 1) + end) * types + type_, cuts)


def lookup(wanted: Ints, among: Ints) -> Ints:
    """Index in ``among`` (distinct) of each of ``wanted``; −1 where it is not there."""
    if not len(among) or not len(wanted):
        return np.full(len(wanted), -1, np.int64)
    order = np.argsort(among, kind="stable")
    there = among[order]
    at = np.minimum(np.searchsorted(there, wanted), len(there) - 1)
    return np.where(there[at] == wanted, order[at], -1)


def is_flat(side: Side) -> bool:
    """Whether no two spans overlap; the spans come by start."""
    return bool((side.start[1:] >= side.end[:-1]).all())


def overlapping(left: Side, right: Side) -> tuple[Ints, Ints]:
    """Indices of the pairs that share a character, by the left span, then by the right; both sides come by start."""
    # What ends no later than a span begins lies before the first whose end, or one before it, is beyond.
    reach = np.maximum.accumulate(right.end) if len(right) else right.end
    first = np.searchsorted(reach, left.start, "right")
    behind = np.searchsorted(right.start, left.end, "left")
    number = np.maximum(behind - first, 0)
    one = np.repeat(np.arange(len(left)), number)
    # Within the run of each left span: first, first + 1, …
    other = np.arange(number.sum())
    other += np.repeat(first - np.cumsum(number) + number, number)
    if reach is not right.end and not np.array_equal(reach, right.end):
        shared = right.end[other] > left.start[one]
        one, other = one[shared], other[shared]
    return one, other


def tangles(left: Side, right: Side) -> tuple[Ints, Ints]:
    """The number of the tangle of each span on either side: spans of two tangles share no character."""
    start, end = np.concatenate([left.start, right.start]), np.concatenate([left.end, right.end])
    order = np.argsort(start, kind="stable")
    reach = np.maximum.accumulate(end[order])
    found = np.zeros(len(start), np.int64)
    found[order[1:]] = np.cumsum(start[order[1:]] >= reach[:-1])
    return found[: len(left)], found[len(left) :]


def touches(spans: Side, others: Side) -> Bools:
    """Whether each span shares a character with any of the others."""
    if not len(others):
        return np.zeros(len(spans), np.bool_)
    order = np.argsort(others.start, kind="stable")
    reach = np.maximum.accumulate(others.end[order])
    before = np.searchsorted(others.start[order], spans.end, "left")
    return np.where(before > 0, reach[np.maximum(before - 1, 0)] > spans.start, False)


def _by_type(side: Side) -> Ints:
    """Indices of the spans in the order (type, start, −end)."""
    start, end = side.start, side.end
    if not ((start[1:] > start[:-1]) | ((start[1:] == start[:-1]) & (end[1:] <= end[:-1]))).all():
        return np.lexsort((-end, start, side.type))
    # What comes by start, as most do, is sorted by type alone: numpy has a radix sort for small numbers.
    small = side.type.astype(np.int16) if len(side) and int(side.type.max()) < 1 << 15 else side.type
    return np.argsort(small, kind="stable")


def unions(side: Side, shift: int) -> tuple[Ints, Ints, Ints]:
    """The characters of the spans of each type, each once: start, end and the span that has it, by start.

    Positions of type t are moved by t · ``shift``, so that types stand apart.
    """
    order = _by_type(side)
    moved = side.type[order] * shift
    start, end = side.start[order] + moved, side.end[order] + moved
    reach = np.maximum.accumulate(end) if len(end) else end
    start = np.maximum(start, np.concatenate([[0], reach[:-1]])) if len(start) else start
    own = start < end
    return start[own], end[own], order[own]
