"""Spans: the one between a file and the documents of a gold set; and the order and the nesting of all of them."""

from itertools import pairwise
from typing import Annotated, Protocol

from msgspec import Meta, Struct

from tyez_bench.model.values import Money, Timex


def check_bounds(start: int, end: int) -> None:
    """Raise ValueError for offsets that are negative, empty or reversed."""
    if not 0 <= start < end:
        raise ValueError(f"entity offsets {start}–{end} are {'negative' if start < 0 else 'empty or reversed'}")


def check_alternative(alternative: tuple[int, int], own: tuple[int, int]) -> None:
    """Raise ValueError unless another boundary of an entity overlaps its own, and is not the same."""
    start, end = alternative
    if not 0 <= start < end:
        raise ValueError(f"alternative {start}–{end} is empty or reversed")
    if end <= own[0] or own[1] <= start:
        raise ValueError(f"alternative {start}–{end} does not overlap {own[0]}–{own[1]}")
    if alternative == own:
        raise ValueError(f"alternative {start}–{end} is the entity's own boundary")


def check_order(name: str, bounds: list[tuple[int, int]], size: int) -> None:
    """Raise ValueError unless parts of a text of this size stand in it one behind the other; ``name``: what each is."""
    for start, end in bounds:
        if not start < end <= size:
            raise ValueError(f"{name} {start}–{end} is empty, reversed or outside the text (0–{size})")
    for one, other in pairwise(bounds):
        if other[0] < one[1]:
            raise ValueError(f"{name} {other[0]}–{other[1]} overlaps {one[0]}–{one[1]} or is out of order")


class Span(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"label": "type"}):
    """A span with a label of any label set: half-open code points into a record's text, then into the document's.

    ``text`` is the span's own text as the file has it. In JSON it is an entity of the native format. Raises ValueError
    for offsets that are empty or reversed: that they fit the text is for ``io.align`` to see.
    """

    start: Annotated[int, Meta(ge=0)]
    end: Annotated[int, Meta(ge=1)]
    label: str
    text: str | None = None
    value: Money | Timex | None = None

    def __post_init__(self) -> None:
        check_bounds(self.start, self.end)

    @property
    def word(self) -> str | None:
        """What a tokenizer makes of it, where that is known."""
        return None


class WordSpan(Span, frozen=True):
    """A span with what a tokenizer makes of its text."""

    word: str | None = None


class Typed(Protocol):
    """Anything with a place and a type: an entity, a prediction, a span."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102
    @property
    def type(self) -> str: ...  # noqa: D102


def order_key(span: Typed) -> tuple[int, int, str]:
    """The order of spans everywhere: (start, −end, type)."""
    return span.start, -span.end, span.type


def parents(spans: list[tuple[int, int]]) -> list[int | None]:
    """Index of the smallest span around each; None on the outermost layer.

    ``spans`` come by (start, −end). Spans that cross lie in neither, and equal ones in what lies around both.

    >>> parents([(0, 9), (1, 3), (1, 3), (8, 12)])
    [None, 0, 0, None]
    """
    if are_apart(spans):
        return [None] * len(spans)
    found: list[int | None] = []
    open_: list[int] = []
    for index, (start, end) in enumerate(spans):
        open_ = [other for other in open_ if spans[other][1] > start]
        around = (other for other in reversed(open_) if spans[other][1] >= end and spans[other] != (start, end))
        found.append(min(around, key=lambda other: spans[other][1] - spans[other][0], default=None))
        open_.append(index)
    return found


def crossing(spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Indices of the first two spans that cross: share characters, and neither lies in the other. None without any.

    ``spans`` come by (start, −end).
    """
    if are_apart(spans):
        return None
    open_: list[int] = []
    for index, (start, end) in enumerate(spans):
        open_ = [other for other in open_ if spans[other][1] > start]
        for other in open_:
            if spans[other][0] < start and spans[other][1] < end:
                return other, index
        open_.append(index)
    return None


def are_apart(spans: list[tuple[int, int]]) -> bool:
    """Whether each ends before the next one begins, as most do.

    >>> are_apart([(0, 2), (2, 3)]), are_apart([(0, 2), (1, 3)])
    (True, False)
    """
    return all(one[1] <= other[0] for one, other in pairwise(spans))
