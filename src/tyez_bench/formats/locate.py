"""From the spans and mentions of one record to offsets in the documents, each span checked against the text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from msgspec.structs import replace

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.align import (
    Projection,
    align_hint,
    copied,
    first_difference,
    harmless,
    is_copy,
    moved,
    project,
    squeezed,
)
from tyez_bench.formats.record import Fidelity, RawSpan, Record
from tyez_bench.formats.shifted import as_text, differs_in_blanks, in_code_points, is_other_word, shift_hint
from tyez_bench.formats.source import Source
from tyez_bench.formats.unit import Place
from tyez_bench.hints import advice
from tyez_bench.values import Money, Timex


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
    """What is counted while a file is read; see ``Reading``."""

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
    from tyez_bench.formats.llm import locate

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
