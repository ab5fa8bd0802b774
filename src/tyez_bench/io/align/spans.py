"""From the spans of records to one prediction a document, each span checked against the text."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, NamedTuple

from msgspec.structs import replace

from tyez_bench.gold.gold import Gold, value_misfit
from tyez_bench.io.align.records import Place
from tyez_bench.io.align.texts import (
    Projection,
    align_hint,
    as_text,
    copied,
    differs_in_blanks,
    first_difference,
    harmless,
    in_code_points,
    is_copy,
    is_other_word,
    moved,
    project,
    shift_hint,
    squeezed,
)
from tyez_bench.io.record import Fidelity, RawSpan, Record
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document, PredictedEntity, Prediction, Unlocated, order_key
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice, one_of_two
from tyez_bench.model.labels import LabelSet
from tyez_bench.model.values import Money, Timex


def trusting(records: list[Record], trust: str | None) -> list[Record]:
    """The records, their spans without texts of their own where the offsets are to be trusted. Raises UsageError."""
    if trust is None:
        return records
    if trust != "offsets":
        raise UsageError(f"trust is {trust!r}, expected offsets")
    return [replace(one, spans=tuple(span._replace(text=None) for span in one.spans)) for one in records]


def to_trust() -> str:
    """The advice for offsets and surfaces that differ."""
    return advice("{trust} takes what the offsets lead to", trust="offsets")


@dataclass
class Tally:
    """What is counted while a file is read; see ``ReadingNotes``."""

    out_of_scope: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    lost: int = 0
    edits: int = 0
    offsets: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    unit: str | None = None


class Located(NamedTuple):
    """A span in a document; or, with ``text``, a mention that is nowhere in it (``start``: where its sample begins)."""

    document: str
    start: int
    end: int
    label: str
    stated: bool = False
    value: Money | Timex | None = None
    text: str | None = None


def located(
    record: Record, place: Place, gold: Gold, source: Source, tally: Tally, *, align: bool, nested: bool
) -> Iterator[Located]:
    """All that a record names, with the file's labels. Raises InputError for what does not fit the text."""
    tally.offsets += record.offsets
    if record.unread:
        tally.unread[record.unread] += 1
        return
    if place.document is None:
        yield from _on_page(record, gold, source)
        return
    document, target = place.document.id, place.text or ""
    base = target if record.text is None else record.text
    spans = record.spans
    shifted = in_code_points(base, spans) if align else None
    if shifted is not None:
        tally.unit, spans = shifted
    projection = _projection(record, base, target, place, source, tally, align=align)
    placed: list[tuple[int, int]] = []
    for stated, span in zip(record.spans, spans, strict=True):
        if align and differs_in_blanks(base, span):
            span = span._replace(text=None)
        problem = span_problem(span, base)
        if problem is not None:
            raise source.error(f"{record.id or document}: {problem}", record.line, record.path)
        at = (span.start, span.end) if projection is None else moved(span.start, span.end, projection)
        if at is not None:
            placed.append(at)
            tally.moved += align and record.fidelity is Fidelity.EXACT and at != (stated.start, stated.end)
            start, end = place.start + at[0], place.start + at[1]
            yield Located(document, start, end, span.label, span.text is not None, span.value)
        elif record.fidelity is Fidelity.COPIED:
            yield Located(document, place.start, 0, span.label, text=base[span.start : span.end])
        else:
            tally.lost += 1
    tally.edits += record.edits
    for gone in record.unlocated:
        yield Located(document, place.start + gone.start, 0, gone.label, text=gone.text)
    if record.mentions:
        yield from _mentioned(record, document, target, place.start, placed, nested=nested)


def span_problem(span: RawSpan, text: str) -> str | None:
    """What is wrong with a span of the text, in words."""
    name = f"{span.label} {span.start}–{span.end}"
    if not 0 <= span.start < span.end:
        return f"{name} is empty or reversed"
    word = as_text(span.word)
    if span.end > len(text):
        return f"{name} is outside the text (0–{len(text)}){shift_hint(text, span.text or word, span.start, span.end)}"
    surface = text[span.start : span.end]
    if span.text is not None and span.text != surface:
        hint = shift_hint(text, span.text, span.start, span.end) + to_trust()
        return f"{name} reads {surface!r}, but its text is {span.text!r}{hint}"
    if span.word is not None and is_other_word(span.word, surface):
        why = shift_hint(text, word, span.start, span.end) or (
            ": are the offsets into words joined by blanks (is_split_into_words=True)? expected offsets into the text"
        )
        return f"{name} reads {surface!r}, but its word is {span.word!r}{why}"
    return None


def _projection(
    record: Record, base: str, target: str, place: Place, source: Source, tally: Tally, *, align: bool
) -> Projection | None:
    """The way from the record's text to the gold's; None when they are equal. Raises InputError."""
    if base == target:
        return None
    if record.fidelity is Fidelity.COPIED:
        projection, edits = copied(base, target)
        if record.spans or is_copy(edits, target):
            tally.edits += edits
        else:
            tally.unread["no_copy"] += 1
        return projection
    squeezing = record.fidelity is Fidelity.SQUEEZED
    try:
        if align or squeezing:
            fold = harmless if align else squeezed
            return project(fold(base), len(base), fold(target))
        raise ValueError(first_difference(base, target))
    except ValueError as error:
        hint = "" if align or harmless(base).text != harmless(target).text else align_hint()
        spaces = ", not counting white space" if squeezing or align else ""
        raise source.error(
            f"the text is not that of {place.name}: {error}{spaces}{hint}", record.line, record.path
        ) from None


def _mentioned(
    record: Record, document: str, text: str, start: int, beside: list[tuple[int, int]], *, nested: bool
) -> Iterator[Located]:
    """Each mention where the written rule finds it in the text, beside the spans that have a place."""
    from tyez_bench.io.formats.llm import locate

    for mention, at in zip(record.mentions, locate(text, record.mentions, nested=nested, beside=beside), strict=True):
        if at is None:
            yield Located(document, start, 0, mention.label, text=mention.text)
        else:
            yield Located(document, start + at[0], start + at[1], mention.label)


def _on_page(record: Record, gold: Gold, source: Source) -> Iterator[Located]:
    """Spans by offsets into the page as received. Raises InputError for one that lies in no document."""

    def error(message: str) -> InputError:
        return source.error(f"{record.id}: {message}", record.line, record.path)

    if record.mentions or record.unlocated:
        raise error("mentions without offsets need a document or a sentence, and this record is for the page")
    if record.text is not None:
        _check_page(record.text, gold, source, record)
    for span in record.spans:
        name = f"{span.label} {span.start}–{span.end}"
        if not 0 <= span.start < span.end:
            raise error(f"{name} is empty or reversed")
        place = gold.span(span.start, span.end)
        if place is None:
            said = "" if span.text is None else f" {span.text!r}"
            raise error(f"{name}{said} of the page lies in no document")
        document, start, end = place
        surface = document.text[start:end]
        if span.text is not None and span.text not in (surface, _page_text(span, gold)):
            raise error(f"{name} of the page reads {surface!r}, but its text is {span.text!r}")
        yield Located(document.id, start, end, span.label, span.text is not None, span.value)


def _page_text(span: RawSpan, gold: Gold) -> str:
    """What stands on the page from the span's start to its end; what is of no document is taken as stated."""
    stated = span.text or ""
    characters = []
    for index, offset in enumerate(range(span.start, span.end)):
        place = gold.locate(offset)
        characters.append(stated[index : index + 1] if place is None else place[0].text[place[1]])
    return "".join(characters)


def _check_page(page: str, gold: Gold, source: Source, record: Record) -> None:
    """Raise InputError unless the page reads as the documents do, wherever they have it."""
    for document in gold:
        for run in document.provenance:
            here = page[run.page : run.page + run.length]
            there = document.text[run.start : run.start + run.length]
            if here != there:
                raise source.error(
                    f"{record.id}: the text is not that of the page at {run.page}, where {document.id} begins a piece: "
                    f"{first_difference(here, there)}",
                    record.line,
                    record.path,
                )


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
