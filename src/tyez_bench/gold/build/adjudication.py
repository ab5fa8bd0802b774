"""Two passes and the adjudication log make the gold."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tyez_bench.files.jsonl import convert, read_records
from tyez_bench.gold.build.notation import nested
from tyez_bench.gold.derived import entity_id
from tyez_bench.model.documents import AreaCode, Document, Entity, LabelName, Offset, Role, Status
from tyez_bench.model.errors import AnnotationError, counted
from tyez_bench.model.values import Money, Timex

Documents = tuple[Document, ...]
Place = tuple[str, int, int]
Origin = Literal["difference", "guideline", "third-reading", "erratum"]


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """All that an annotator, or the adjudicator, decided about one span."""

    type: Annotated[LabelName, Meta(description="as in Entity")]
    status: Annotated[Status, Meta(description="as in Entity")] = Status.REQUIRED
    alternatives: Annotated[tuple[tuple[Offset, Offset], ...], Meta(description="as in Entity")] = ()
    role: Annotated[Role | None, Meta(description="as in Entity")] = None
    value: Annotated[Money | Timex | None, Meta(description="as in Entity")] = None
    code: Annotated[AreaCode | None, Meta(description="as in Entity")] = None
    rule: Annotated[str | None, Meta(description="as in Entity")] = None


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entry of the adjudication log: one span, what each pass said, and what holds."""

    id: Annotated[str, Meta(description="number in the log; never used again")]
    document: Annotated[str, Meta(description="id of the document")]
    start: Annotated[int, Meta(description="offset of the first character", ge=0)]
    end: Annotated[int, Meta(description="offset behind the last character", ge=1)]
    text: Annotated[str, Meta(description="the surface")]
    origin: Annotated[
        Origin,
        Meta(
            description="difference: the passes differ; guideline: a revised rule changed what both said; "
            "third-reading: found when the finished gold was read against the page; erratum: after the release"
        ),
    ]
    a: Annotated[Reading | None, Meta(description="pass A; null when it has no entity there")] = None
    b: Annotated[Reading | None, Meta(description="pass B; null when it has no entity there")] = None
    decision: Annotated[Reading | None, Meta(description="what holds; null: no entity")] = None
    rule: Annotated[str, Meta(description="the rule that decides", min_length=1)]
    reason: Annotated[str, Meta(description="why, in a sentence", min_length=1)]

    @property
    def place(self) -> Place:
        """Document, start and end."""
        return self.document, self.start, self.end


Log = tuple[tuple[int, Decision], ...]
"""The decisions with their lines in the file."""


def reading(entity: Entity) -> Reading:
    """What was decided about an entity, apart from where it is."""
    return Reading(**{name: getattr(entity, name) for name in Reading.__struct_fields__})


def readings(documents: Documents) -> dict[Place, Reading]:
    """Every entity's reading by its place."""
    return {(d.id, e.start, e.end): reading(e) for d in documents for e in d.entities}


def differences(a: Documents, b: Documents) -> Iterator[tuple[Place, Reading | None, Reading | None]]:
    """Every place that the passes read differently, in the order of the documents."""
    in_a, in_b = readings(a), readings(b)
    for document in a:
        places = {place for place in (*in_a, *in_b) if place[0] == document.id}
        for place in sorted(places, key=lambda p: (p[1], -p[2])):
            if in_a.get(place) != in_b.get(place):
                yield place, in_a.get(place), in_b.get(place)


def read_log(path: Path) -> Log:
    """The adjudication log with its line numbers. Raises InputError."""
    return tuple((line, convert(record, Decision, path=path, line=line)) for line, record in read_records(path))


def adjudicate(documents: Documents, a: Documents, b: Documents, log: Log, path: Path) -> Documents:
    """Documents with the gold entities: what both passes say, and what the log, read from ``path``, decides.

    Raises AnnotationError unless the log decides each difference between the passes exactly once, quotes
    both passes truly, and otherwise changes something.
    """
    texts = {document.id: document.text for document in documents}
    in_a, in_b = readings(a), readings(b)
    gold = {place: said for place, said in in_a.items() if in_b.get(place) == said}
    differing = {place for place, _, _ in differences(a, b)}
    seen: set[str] = set()
    for line, entry in log:

        def refuse(message: str, line: int = line, entry: Decision = entry) -> AnnotationError:
            return AnnotationError(f"{entry.id}: {message}", path=path, line=line)

        if entry.id in seen:
            raise refuse("this id occurs twice")
        seen.add(entry.id)
        place = entry.place
        if entry.document not in texts:
            raise refuse(f"unknown document {entry.document!r}")
        surface = texts[entry.document][entry.start : entry.end]
        if entry.text != surface:
            raise refuse(f"text is {entry.text!r}, but {entry.start}–{entry.end} reads {surface!r}")
        for name, said, quoted in (("A", in_a.get(place), entry.a), ("B", in_b.get(place), entry.b)):
            if said != quoted:
                raise refuse(f"pass {name} is misquoted: it says {said}")
        if entry.origin == "difference":
            if place not in differing:
                raise refuse("the passes do not differ here, or the difference is decided already")
            differing.remove(place)
        elif gold.get(place) == entry.decision:
            raise refuse("changes nothing")
        if entry.decision is None:
            gold.pop(place, None)
        else:
            gold[place] = entry.decision
    if differing:
        name, start, end = min(differing)
        raise AnnotationError(
            f"{counted(len(differing), 'difference')} between the passes not decided, first {name} {start}–{end} "
            f"{texts[name][start:end]!r}",
            path=path,
        )
    return tuple(_with_readings(document, gold, path) for document in documents)


def _with_readings(document: Document, gold: dict[Place, Reading], path: Path) -> Document:
    entities = [
        Entity(
            id=entity_id(document.id, start, end),
            start=start,
            end=end,
            text=document.text[start:end],
            **{field: getattr(said, field) for field in Reading.__struct_fields__},
        )
        for (name, start, end), said in gold.items()
        if name == document.id
    ]
    try:
        return nested(document, entities)
    except ValueError as error:
        raise AnnotationError(f"the gold of {document.id!r} is inconsistent: {error}", path=path) from None
