"""From the spans of records to one prediction a document, each span checked against the text."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from tyez_bench.gold.gold import Gold, value_misfit
from tyez_bench.io.align.mentions import locate
from tyez_bench.io.align.places import Place
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
from tyez_bench.io.record import Fidelity, RawUnlocated, Record
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice, one_of_two
from tyez_bench.model.labels import LabelSet
from tyez_bench.model.spans import Span


def trusting(records: list[Record], trust: str | None) -> list[Record]:
    """The records, their spans without texts of their own where the offsets are to be trusted. Raises UsageError."""
    if trust is None:
        return records
    if trust != "offsets":
        raise UsageError(f"trust is {trust!r}, expected offsets")
    return [replace(one, spans=tuple(replace(span, text=None) for span in one.spans)) for one in records]


def to_trust() -> str:
    """The advice for offsets and surfaces that differ."""
    return advice("pass {trust} to take the text at the offsets", trust="offsets")


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


Named = tuple[str, Span | RawUnlocated]
"""A document, and what a record names in it: a span as the document has it, or a mention that is nowhere in it."""


def located(
    record: Record, place: Place, gold: Gold, source: Source, tally: Tally, *, align: bool, nested: bool
) -> Iterator[Named]:
    """All that a record names, with the file's labels. Offsets are checked here: raises InputError for wrong ones."""
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
    if projection is None and not align and place.start == 0 and all(_stands(span, base) for span in spans):
        # What most records are: their spans are those of the document.
        yield from ((document, span) for span in spans)
        yield from _beside_spans(record, place, target, [(one.start, one.end) for one in spans], tally, nested=nested)
        return
    placed: list[tuple[int, int]] = []
    for stated, span in zip(record.spans, spans, strict=True):
        if align and differs_in_blanks(base, span):
            span = replace(span, text=None)
        problem = span_problem(span, base)
        if problem is not None:
            raise source.error(f"{record.id or document}: {problem}", record.line, record.path)
        at = (span.start, span.end) if projection is None else moved(span.start, span.end, projection)
        if at is not None:
            placed.append(at)
            tally.moved += align and record.fidelity is Fidelity.EXACT and at != (stated.start, stated.end)
            yield document, _moved(span, place.start + at[0], place.start + at[1], place.document.text)
        elif record.fidelity is Fidelity.COPIED:
            yield document, RawUnlocated(base[span.start : span.end], span.label, place.start)
        else:
            tally.lost += 1
    yield from _beside_spans(record, place, target, placed, tally, nested=nested)


def _beside_spans(
    record: Record, place: Place, target: str, placed: list[tuple[int, int]], tally: Tally, *, nested: bool
) -> Iterator[Named]:
    """What a record names beside its spans, which were ``placed``."""
    tally.edits += record.edits
    document = "" if place.document is None else place.document.id
    for gone in record.unlocated:
        yield document, replace(gone, start=place.start + gone.start)
    if record.mentions:
        yield from _mentioned(record, document, target, place.start, placed, nested=nested)


def _stands(span: Span, text: str) -> bool:
    """Whether a span without a tokenizer's word is in the text as it says."""
    if type(span) is not Span or span.end > len(text):
        return False
    return span.text is None or span.text == text[span.start : span.end]


def _moved(span: Span, start: int, end: int, text: str) -> Span:
    """The span where it is in a document, with what the document has there if the file states a text."""
    surface = None if span.text is None else text[start:end]
    if (span.start, span.end, span.text) == (start, end, surface):
        return span
    return Span(start, end, span.label, surface, span.value)


def span_problem(span: Span, text: str) -> str | None:
    """What is wrong with a span of the text, in words."""
    name = f"{span.label} {span.start}–{span.end}"
    word = as_text(span.word)
    if span.end > len(text):
        return f"{name} is outside the text (0–{len(text)}){shift_hint(text, span.text or word, span.start, span.end)}"
    surface = text[span.start : span.end]
    if span.text is not None and span.text != surface:
        hint = shift_hint(text, span.text, span.start, span.end) + to_trust()
        return f"{name} reads {surface!r}, but its text is {span.text!r}{hint}"
    if span.word is not None and is_other_word(span.word, surface):
        why = shift_hint(text, word, span.start, span.end) or (
            ": are the offsets into words joined by spaces (is_split_into_words=True)? expected offsets into the text"
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
        spaces = ", ignoring white space" if squeezing or align else ""
        raise source.error(
            f"the text is not that of {place.name}: {error}{spaces}{hint}", record.line, record.path
        ) from None


def _mentioned(
    record: Record, document: str, text: str, start: int, beside: list[tuple[int, int]], *, nested: bool
) -> Iterator[Named]:
    """Each mention where the written rule finds it in the text, beside the spans that have a place."""
    for mention, at in zip(record.mentions, locate(text, record.mentions, nested=nested, beside=beside), strict=True):
        if at is None:
            yield document, RawUnlocated(mention.text, mention.label, start)
        else:
            yield document, Span(start + at[0], start + at[1], mention.label)


def _on_page(record: Record, gold: Gold, source: Source) -> Iterator[Named]:
    """Spans by offsets into the page as received. Raises InputError for one that lies in no document."""

    def error(message: str) -> InputError:
        return source.error(f"{record.id}: {message}", record.line, record.path)

    if record.mentions or record.unlocated:
        raise error("mentions without offsets need a document or a sentence, but this record is for the page")
    if record.text is not None:
        _check_page(record.text, gold, source, record)
    for span in record.spans:
        name = f"{span.label} {span.start}–{span.end}"
        place = gold.span(span.start, span.end)
        if place is None:
            said = "" if span.text is None else f" {span.text!r}"
            raise error(f"{name}{said} of the page is in no document")
        document, start, end = place
        surface = document.text[start:end]
        if span.text is not None and span.text not in (surface, _page_text(span, gold)):
            raise error(f"{name} of the page reads {surface!r}, but its text is {span.text!r}")
        yield document.id, _moved(span, start, end, document.text)


def _page_text(span: Span, gold: Gold) -> str:
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
                    f"{record.id}: the text differs from the page at {run.page}, where a part of {document.id} begins: "
                    f"{first_difference(here, there)}",
                    record.line,
                    record.path,
                )


Keep = Literal["keep-longest", "keep-first", "keep-one"]
KEEP: Mapping[Keep, Callable[[Span], tuple[int, ...]]] = {
    "keep-longest": lambda span: (span.start - span.end,),
    "keep-first": lambda span: (),
    "keep-one": lambda span: (),
}
"""Which of two overlapping spans goes first; then the lowest (start, −end, type) does."""
OVERLAP_RULES = tuple(KEEP)
_ONE: Keep = "keep-one"


def check_rule(overlaps: str | None) -> None:
    """Raise UsageError for a rule for overlaps that there is not."""
    if overlaps is not None and overlaps not in OVERLAP_RULES:
        raise UsageError(f"unknown rule for overlaps {overlaps!r}, expected one of: {', '.join(OVERLAP_RULES)}")


class Candidate(Struct, frozen=True):
    """A span in a document, still with the label of the file, the type that this leads to, and its record."""

    span: Span
    type: str
    record: Record

    def order(self) -> tuple[int, int, str]:
        """As ``order_key`` of an entity: (start, −end, type)."""
        return self.span.start, -self.span.end, self.type

    def __str__(self) -> str:
        # The type as the score will have it, with the file's label where that is another word.
        label = self.type if self.span.label == self.type else f"{self.type} ({self.span.label})"
        return f"{label} {self.span.start}–{self.span.end}"


def merge(
    document: Document,
    spans: list[Candidate],
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

    def error(one: Candidate, message: str) -> InputError:
        return source.error(f"{document.id}: {message}", one.record.line, one.record.path)

    apart = all(one.span.end <= other.span.start for one, other in pairwise(spans))
    if overlaps is None and not apart:
        for one, other in pairwise(sorted(spans, key=_with_label)):
            if one.order() == other.order():
                same = one.span.label == other.span.label
                twice = f"{one} occurs twice" if same else f"{one} and {other} are the same span"
                raise error(_later(one, other), f"{twice}, {_surface(one, document)}{one_of_two()}")
    kept = spans if overlaps is None or apart else keep(spans, overlaps)
    if flat and not apart and overlaps in (None, _ONE):
        _check_flat(sorted(kept, key=Candidate.order), document, error)
    entities = []
    for one in kept:
        span = one.span
        problem = value_misfit(one.type, span.value, labels)
        if problem is not None:
            raise error(one, f"{span.start}–{span.end}: {problem}")
        entities.append(
            PredictedEntity(start=span.start, end=span.end, type=one.type, text=span.text, value=span.value)
        )
    prediction = Prediction(id=document.id, entities=tuple(entities), unlocated=tuple(unlocated))
    return prediction, len(spans) - len(kept)


def _with_label(one: Candidate) -> tuple[int, int, str, str]:
    return *one.order(), one.span.label


def _surface(one: Candidate, document: Document) -> str:
    return repr(document.text[one.span.start : one.span.end])


def keep(spans: list[Candidate], rule: Keep) -> list[Candidate]:
    """The spans that remain, in their order, when each in the rule's order is dropped that overlaps one kept before.

    Under ``keep-one`` those alone are dropped that have the boundary and type of one kept before.
    """
    first = KEEP[rule]
    order = sorted(range(len(spans)), key=lambda i: (*first(spans[i].span), *_with_label(spans[i])))
    if rule == _ONE:
        once = {spans[index].order(): index for index in reversed(order)}
        return [spans[index] for index in sorted(once.values())]
    taken: list[tuple[int, int]] = []
    kept: set[int] = set()
    for index in order:
        span = spans[index].span
        at = bisect_right(taken, (span.start, span.end))
        if (at > 0 and span.start < taken[at - 1][1]) or (at < len(taken) and taken[at][0] < span.end):
            continue
        taken.insert(at, (span.start, span.end))
        kept.add(index)
    return [span for index, span in enumerate(spans) if index in kept]


def _later(one: Candidate, other: Candidate) -> Candidate:
    return other if (other.record.line or 0) >= (one.record.line or 0) else one


def _check_flat(
    ordered: list[Candidate],
    document: Document,
    error: Callable[[Candidate, str], InputError],
) -> None:
    for one, other in pairwise(ordered):
        if other.span.start < one.span.end:
            words = [f"{each} {_surface(each, document)}" for each in (one, other)]
            raise error(
                _later(one, other),
                f"{words[0]} and {words[1]} overlap; expected one flat layer"
                + advice("pass {overlaps} to drop one of them", overlaps="keep-longest|keep-first")
                + advice("pass {layer} to count both", layer="all"),
            )
