"""The data: documents, entities and predictions. Frozen, and refused when invalid.

All offsets are Unicode code points, half-open, into the document text, so that
``document.text[entity.start : entity.end] == entity.text``.
"""

from bisect import bisect_left, bisect_right
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from msgspec import Meta, Struct

from tyez_bench.model.errors import counted, one_line
from tyez_bench.model.spans import check_alternative, check_bounds, check_order, order_key, parents
from tyez_bench.model.values import Money, Timex, check_calendar

if TYPE_CHECKING:
    from tyez_bench.model.display import Highlight


class Status(StrEnum):
    """Whether an entity counts: an optional one is neither right nor wrong in a prediction.

    Example:
        >>> import tyez_bench
        >>> [status.value for status in tyez_bench.Status]
        ['required', 'optional']
    """

    REQUIRED = "required"
    OPTIONAL = "optional"


class Role(StrEnum):
    """What an administrative area or zone does in its sentence.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.load()["series"].entities[0].role
        <Role.LOCATION: 'location'>
    """

    LOCATION = "location"
    ACTOR = "actor"


Offset = Annotated[int, Meta(ge=0)]
# The length is limited too: $ would let a line feed pass.
AreaCode = Annotated[str, Meta(pattern=r"^[0-9]{6}$", max_length=6)]


LabelName = Annotated[str, Meta(description="a label of the gold's label set", min_length=1)]


class Entity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One annotated entity of a document.

    Offsets are half-open code points into the document's text. Raises ValueError for offsets that are empty or
    reversed.

    Example:
        >>> import tyez_bench
        >>> entity = tyez_bench.load()["wanbolin"].entities[0]
        >>> entity.start, entity.end, entity.text, entity.type
        (0, 4, '万柏林区', 'PLACE')
    """

    id: Annotated[str, Meta(description="document id, start and end: stays the same when other entities come or go")]
    start: Annotated[int, Meta(description="offset of the first character, in code points", ge=0)]
    end: Annotated[int, Meta(description="offset behind the last character, in code points", ge=1)]
    text: Annotated[str, Meta(description="the surface: the document text from start to end")]
    type: LabelName
    parent: Annotated[
        str | None, Meta(description="id of the smallest entity around it; null on the outermost layer")
    ] = None
    status: Annotated[Status, Meta(description="required, or optional: neither right nor wrong in a prediction")] = (
        Status.REQUIRED
    )
    alternatives: Annotated[
        tuple[tuple[Offset, Offset], ...],
        Meta(description="other boundaries that the guidelines accept, as [start, end]"),
    ] = ()
    role: Annotated[Role | None, Meta(description="PLACE: location or actor, for administrative areas and zones")] = (
        None
    )
    value: Annotated[Money | Timex | None, Meta(description="the normalised value of MONEY and DATE")] = None
    code: Annotated[
        AreaCode | None, Meta(description="PLACE: GB/T 2260 code of an administrative area of China, else null")
    ] = None
    rule: Annotated[str | None, Meta(description="the rule of the guidelines that decided it")] = None

    def __post_init__(self) -> None:
        # The calls are for those that are wrong, or have more: a large set has many entities.
        if not 0 <= self.start < self.end:
            check_bounds(self.start, self.end)
        if self.alternatives:
            for alternative in self.alternatives:
                check_alternative(alternative, (self.start, self.end))

    @property
    def outermost(self) -> bool:
        """Whether no entity lies around it."""
        return self.parent is None

    @property
    def required(self) -> bool:
        """Whether a system must find it."""
        return self.status is Status.REQUIRED

    def __repr__(self) -> str:
        optional = "" if self.required else "?"
        nested = "" if self.outermost else f" in {self.parent}"
        return one_line(f"<{self.type}{optional} {self.text!r} {self.start}–{self.end}{nested}>")


SectionRole = Literal["kicker", "headline", "body", "caption", "byline", "note"]


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a document: a headline, a paragraph, a caption."""

    role: Annotated[SectionRole, Meta(description="what the part is on the page")]
    start: Annotated[int, Meta(description="offset of the first character", ge=0)]
    end: Annotated[int, Meta(description="offset behind the last character", ge=0)]


class Sentence(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A sentence of a document. No entity crosses its edges."""

    id: Annotated[str, Meta(description="document id, .s and the number in the document, from 1")]
    start: Annotated[int, Meta(description="offset of the first character", ge=0)]
    end: Annotated[int, Meta(description="offset behind the last character", ge=0)]


class Run(NamedTuple):
    """Characters that stand on the page as they stand in the document, without a break."""

    start: Annotated[int, Meta(description="offset of the first one in the document", ge=0)]
    page: Annotated[int, Meta(description="its offset on the page", ge=0)]
    length: Annotated[int, Meta(description="how many code points", ge=1)]


class District(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The district, city or county that a report is about."""

    name: Annotated[str, Meta(description="the name as on the page")]
    code: Annotated[AreaCode, Meta(description="GB/T 2260 code")]


class DocumentDate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is known of the day on which a document appeared."""

    value: Annotated[str, Meta(description="the date as far as it can be inferred, TIMEX3")]
    reference: Annotated[str, Meta(description="what relative dates are resolved against, TIMEX3")]
    basis: Annotated[str, Meta(description="the words that it is inferred from")]

    def __post_init__(self) -> None:
        check_calendar(self.reference)


class Document(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A text with its entities, sections, sentences and the way back to the page.

    Offsets are half-open code points into ``text``. Raises ValueError for parts that lie outside the text, overlap,
    or are out of order, and for entities whose text or parent is not what their offsets say.

    Example:
        >>> from tyez_bench import Document, Entity
        >>> place = Entity(id="a:0-3", start=0, end=3, text="太原市", type="PLACE")
        >>> Document(id="a", text="太原市和太钢", entities=(place,)).outermost()
        (<PLACE '太原市' 0–3>,)
    """

    id: Annotated[str, Meta(description="unique in the gold set", min_length=1)]
    text: Annotated[str, Meta(description="the text as published; offsets count its code points")]
    title: Annotated[str | None, Meta(description="the headline, for people")] = None
    district: Annotated[District | None, Meta(description="the district of a report")] = None
    byline: Annotated[str | None, Meta(description="the byline as it stands, one line per line of the page")] = None
    date: Annotated[DocumentDate | None, Meta(description="what is known of the day of publication")] = None
    code_edition: Annotated[str | None, Meta(description="the edition of GB/T 2260 that the codes are from")] = None
    sections: Annotated[
        tuple[Section, ...], Meta(description="the parts, in reading order; joined by one line feed")
    ] = ()
    sentences: Annotated[tuple[Sentence, ...], Meta(description="the sentences; together all but the line feeds")] = ()
    provenance: Annotated[
        tuple[Run, ...],
        Meta(description="runs [document offset, page offset, length]; a line feed between sections is in none"),
    ] = ()
    entities: Annotated[tuple[Entity, ...], Meta(description="by (start, −end, type)")] = ()

    def __post_init__(self) -> None:
        if self.sections or self.sentences or self.provenance:
            _check_parts(self)
        if self.entities and (self.sentences or not _are_plain(self.text, self.entities)):
            _check_entities(self)

    def __repr__(self) -> str:
        entities = counted(len(self.entities), "entity", "entities")
        return one_line(f"<Document {self.id!r}: {counted(len(self.text), 'character')}, {entities}>")

    def _repr_html_(self) -> str:
        # Imported here, as below: notebooks alone need colours.
        from tyez_bench.model.display import highlight

        return highlight(self.text, [_mark(entity) for entity in self.entities])

    def page_offset(self, offset: int) -> int | None:
        """Offset on the page of the character at ``offset``; None for a line feed between sections.

        Raises IndexError outside the text.
        """
        if not 0 <= offset < len(self.text):
            raise IndexError(f"{self.id}: offset {offset} is outside the text (0–{len(self.text) - 1})")
        for run in self.provenance:
            if run.start <= offset < run.start + run.length:
                return run.page + offset - run.start
        return None

    def offset(self, page_offset: int) -> int | None:
        """Offset in the text of the character at ``page_offset``; None when it is not of this document."""
        for run in self.provenance:
            if run.page <= page_offset < run.page + run.length:
                return run.start + page_offset - run.page
        return None

    def outermost(self) -> tuple[Entity, ...]:
        """The flat layer: the entities that no entity lies around."""
        return tuple(entity for entity in self.entities if entity.outermost)


def _mark(entity: Entity) -> "Highlight":
    facts = [entity.type, entity.status, entity.rule, entity.role, entity.code]
    if isinstance(entity.value, Money):
        facts.append(f"{entity.value.amount} {entity.value.currency}")
    elif entity.value is not None:
        facts.append(entity.value.value)
    from tyez_bench.model.display import Highlight

    return Highlight(
        start=entity.start,
        end=entity.end,
        label=entity.type,
        title=" · ".join(str(fact) for fact in facts if fact is not None),
        faint=not entity.required,
    )


def _check_parts(document: Document) -> None:
    size = len(document.text)
    check_order("section", [(part.start, part.end) for part in document.sections], size)
    check_order("sentence", [(part.start, part.end) for part in document.sentences], size)
    for run in document.provenance:
        if run.start + run.length > size:
            raise ValueError(f"provenance run {list(run)} goes beyond the text (0–{size})")
    for run, following in pairwise(document.provenance):
        if following.start < run.start + run.length:
            raise ValueError(f"provenance run {list(following)} overlaps {list(run)} or is out of order")


def _are_plain(text: str, entities: tuple[Entity, ...]) -> bool:
    """Whether entities stand one behind the other in a text, as most do, and have nothing else to be looked at."""
    at, ids = 0, set[str]()
    for entity in entities:
        start, end = entity.start, entity.end
        if (
            start < at
            or entity.text != text[start:end]
            or end - start != len(entity.text)
            or entity.parent is not None
            or entity.alternatives
        ):
            return False
        at = end
        ids.add(entity.id)
    return len(ids) == len(entities)


def _check_entities(document: Document) -> None:
    text, entities = document.text, document.entities
    size, alternatives = len(text), False
    for entity in entities:
        if entity.end > size:
            raise ValueError(f"entity {entity.id!r}: {entity.start}–{entity.end} is outside the text (0–{size})")
        surface = text[entity.start : entity.end]
        if entity.text != surface:
            raise ValueError(
                f"entity {entity.id!r}: text is {entity.text!r}, but {entity.start}–{entity.end} reads {surface!r}"
            )
        for start, end in entity.alternatives:
            alternatives = True
            if end > size:
                raise ValueError(f"entity {entity.id!r}: alternative {start}–{end} is outside the text (0–{size})")
    for one, other in pairwise(entities):
        if one.end <= other.start:
            continue
        if order_key(other) < order_key(one):
            raise ValueError(f"entity {other.id!r} is out of order: expected (start, −end, type)")
        if order_key(one) == order_key(other):
            raise ValueError(f"{one.type} {one.start}–{one.end} {one.text!r} occurs twice")
    ids = [entity.id for entity in entities]
    if len(set(ids)) < len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise ValueError(f"entity id {twice!r} occurs twice")
    for entity, parent in zip(entities, parents([(e.start, e.end) for e in entities]), strict=True):
        expected = None if parent is None else ids[parent]
        if entity.parent != expected:
            raise ValueError(f"entity {entity.id!r}: parent is {entity.parent!r}, expected {expected!r}")
    if alternatives:
        taken = {(e.start, e.end, e.type): e.id for e in entities}
        for entity in entities:
            for start, end in entity.alternatives:
                holder = taken.get((start, end, entity.type))
                if holder is not None:
                    raise ValueError(f"entity {entity.id!r}: alternative {start}–{end} is the entity {holder!r}")
    if not document.sentences:
        return
    # The sentences are in order, and don't overlap: those that an entity touches stand side by side.
    starts, ends = [s.start for s in document.sentences], [s.end for s in document.sentences]
    for entity in entities:
        for sentence in document.sentences[bisect_right(ends, entity.start) : bisect_left(starts, entity.end)]:
            if not sentence.start <= entity.start < entity.end <= sentence.end:
                raise ValueError(f"entity {entity.id!r} crosses the edge of sentence {sentence.id!r}")


class PredictedEntity(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One entity that a system found.

    Offsets are half-open code points into the text of the gold's document. Raises ValueError for offsets that are
    empty or reversed.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.PredictedEntity(start=0, end=3, type="PLACE").end
        3
    """

    start: Annotated[int, Meta(description="offset of the first character, in code points", ge=0)]
    end: Annotated[int, Meta(description="offset behind the last character, in code points", ge=1)]
    type: LabelName
    text: Annotated[str | None, Meta(description="the surface; checked against the gold's text when given")] = None
    value: Annotated[Money | Timex | None, Meta(description="the normalised value, when the system gives one")] = None

    def __post_init__(self) -> None:
        check_bounds(self.start, self.end)


class Unlocated(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that a system named, but that could not be found in the text. It counts as a wrong prediction."""

    text: Annotated[str, Meta(description="what the system named")]
    type: LabelName
    start: Annotated[int, Meta(description="where the text that the system was given begins in the document", ge=0)] = 0


class Prediction(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a system found in one document.

    Example:
        >>> import tyez_bench
        >>> found = tyez_bench.PredictedEntity(start=0, end=4, type="PLACE")
        >>> mine = {"wanbolin": tyez_bench.Prediction(id="wanbolin", entities=(found,))}
        >>> tyez_bench.score(tyez_bench.load(), mine).precision
        1.0
    """

    id: Annotated[str, Meta(description="id of the document")]
    entities: Annotated[
        tuple[PredictedEntity, ...], Meta(description="in any order; an empty list when none was found")
    ]
    unlocated: Annotated[
        tuple[Unlocated, ...],
        Meta(description="what the system named without saying where, and what could not be found in the text"),
    ] = ()
