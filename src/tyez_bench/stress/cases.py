"""Cases: templates with values in their slots, chosen from a seed; and edits of a labelled text."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, structs

from tyez_bench.gold.build.notation import entity_of, nested, parse_marks
from tyez_bench.gold.derived import with_entities, with_sentences
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import AnnotationError
from tyez_bench.stress.capability import Capability, CaseKind, Template, filled, slots


class Edit(NamedTuple):
    """The source from ``start`` to ``end`` gives way to ``new``; nothing gives way where they are the same."""

    start: int
    end: int
    new: str


class Change(NamedTuple):
    """A part of the source, and where in the changed text stands what took its place. All else is as it was."""

    source_start: int
    source_end: int
    start: int
    end: int


def apply(text: str, edits: Sequence[Edit]) -> tuple[str, tuple[Change, ...]]:
    """The changed text and its offset map. Raises ValueError for edits that overlap or change nothing."""
    parts: list[str] = []
    changes: list[Change] = []
    at = length = 0
    for edit in sorted(edits):
        if edit.start < at or not edit.start <= edit.end <= len(text) or text[edit.start : edit.end] == edit.new:
            raise ValueError(f"the edit {edit.start}–{edit.end} overlaps another, changes nothing or is outside")
        parts += (text[at : edit.start], edit.new)
        length += edit.start - at
        changes.append(Change(edit.start, edit.end, length, length + len(edit.new)))
        length += len(edit.new)
        at = edit.end
    return "".join([*parts, text[at:]]), tuple(changes)


def moved(start: int, end: int, changes: Sequence[Change]) -> tuple[int, int] | None:
    """Where a span of the source stands in the changed text; None where an edge lies inside a part that was rewritten.

    What is put in at an edge stays outside. Characters that are replaced one by one keep their places.
    """
    edges = _moved(start, changes, opens=True), _moved(end, changes, opens=False)
    return None if edges[0] is None or edges[1] is None else (edges[0], edges[1])


def _moved(offset: int, changes: Sequence[Change], *, opens: bool) -> int | None:
    shift = 0
    for change in changes:
        if offset < change.source_start or (offset == change.source_start and not opens):
            break
        if offset == change.source_start and change.source_start < change.source_end:
            break
        if offset < change.source_end:
            same = change.source_end - change.source_start == change.end - change.start
            return change.start + offset - change.source_start if same else None
        shift = change.end - change.source_end
    return offset + shift


def carried(document: Document, edits: Sequence[Edit], id_: str) -> tuple[Document, tuple[Change, ...]]:
    """A document with its edits made and its labels carried along, without sentences and sections; and the offset map.

    Values, codes and rules stay what they are. Raises ValueError for an edit that cuts an entity or an alternative.
    """
    text, changes = apply(document.text, edits)
    bare = Document(id=id_, text=text, date=document.date)
    return with_entities(bare, [_entity(entity, id_, text, changes) for entity in document.entities]), changes


def _entity(entity: Entity, id_: str, text: str, changes: Sequence[Change]) -> Entity:
    bounds = [moved(start, end, changes) for start, end in ((entity.start, entity.end), *entity.alternatives)]
    kept = [bound for bound in bounds if bound is not None]
    if len(kept) < len(bounds):
        raise ValueError(f"an edit cuts {entity.text!r} at {entity.start}–{entity.end}, or an alternative of it")
    (start, end), *others = kept
    return structs.replace(
        entity,
        id=f"{id_}:{start}-{end}",
        start=start,
        end=end,
        text=text[start:end],
        parent=None,
        alternatives=tuple(others),
    )


# Tries for values that give a text that is not there yet.
_TRIES = 200


class StressCase(Struct, frozen=True, kw_only=True):
    """A test that is made: one labelled text, or two that belong together.

    ``fills`` has the value of each slot. A transformed sentence of the page has its id in ``template``, its document's
    in ``source``, itself as the first text, and in ``changes`` the offset map from the first text to the second.
    """

    id: str
    capability: str
    template: str
    kind: CaseKind
    change: str | None = None
    fills: dict[str, str] = {}
    texts: tuple[Document, ...]
    source: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def transformed(self) -> bool:
        """Whether it is made from a sentence of the page, and not from a template."""
        return self.source is not None


def cases(capability: Capability, number: int, seed: int) -> list[StressCase]:
    """``number`` cases, spread evenly over the templates, all with different texts.

    The same on every machine and in every version of Python. Raises AnnotationError for a template whose labels don't
    parse, and where the values can't make as many different texts.
    """
    used: Counter[tuple[str, str]] = Counter()
    texts: set[str] = set()
    found: list[StressCase] = []
    turns = Counter(capability.templates[turn % len(capability.templates)].id for turn in range(number))
    for template in capability.templates:
        # Only random() is promised to be the same in every version of Python.
        chance = random.Random(f"{seed}/{capability.name}/{template.id}")
        numbers = count(1)
        for _ in range(turns[template.id]):
            case = _fresh(capability, template, next(numbers), used, texts, chance)
            if case is None:
                # A template without slots, or with few values, has no more to give.
                break
            found.append(case)
    return found


def _fresh(
    capability: Capability,
    template: Template,
    number: int,
    used: Counter[tuple[str, str]],
    texts: set[str],
    chance: random.Random,
) -> StressCase | None:
    for _ in range(_TRIES):
        values = _values(capability, template, used, chance)
        case = make(capability.name, template, number, values)
        if texts.isdisjoint(text.text for text in case.texts):
            texts.update(text.text for text in case.texts)
            used.update((name, value) for (name, _), value in values.items())
            return case
    return None


def _values(
    capability: Capability, template: Template, used: Counter[tuple[str, str]], chance: random.Random
) -> dict[tuple[str, int], str]:
    """A value for each slot: one of those used least so far, and not one that the case has already."""
    found: dict[tuple[str, int], str] = {}
    for name, number in slots(template):
        taken = {value for (other, _), value in found.items() if other == name}
        # Now and then one that was used more, or a fresh combination could not be found.
        ranked = sorted(
            (used[name, value] + chance.random() * 1.5, place)
            for place, value in enumerate(capability.fills[name].values)
            if value not in taken
        )
        found[name, number] = capability.fills[name].values[ranked[0][1]]
    return found


def make(capability: str, template: Template, number: int, values: dict[tuple[str, int], str]) -> StressCase:
    """A case from a template and values. Raises AnnotationError for labels that don't parse or don't fit together."""
    id_ = f"{capability}/{template.id}.{number}"
    sides = ("",) if len(template.sides) == 1 else (".before", ".after")
    texts = []
    for (text, reference), side in zip(template.sides, sides, strict=True):
        try:
            texts.append(labelled(f"{id_}{side}", filled(text, values), reference))
        except ValueError as error:
            raise AnnotationError(f"template {template.id!r}: {error}", path=f"{capability}.toml") from None
    names = {name if turn == 1 else f"{name}#{turn}": value for (name, turn), value in values.items()}
    return StressCase(
        id=id_,
        capability=capability,
        template=template.id,
        kind=template.kind,
        change=template.change,
        fills=names,
        texts=tuple(texts),
    )


def labelled(id_: str, marked: str, reference: str) -> Document:
    """A document from a text in the inline notation. Raises AnnotationError, ValueError."""
    plain, marks = parse_marks(marked, Path(id_), 1)
    record: dict[str, Any] = {
        "id": id_,
        "text": plain,
        "date": {"value": reference, "reference": reference, "basis": "the template"},
    }
    document = with_sentences(msgspec.convert(record, Document))
    try:
        return nested(document, [entity_of(document, mark, end) for mark, end in marks])
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None


def all_texts(found: Iterable[StressCase]) -> Iterator[Document]:
    """The labelled texts of cases in their order, each once: sentences of the page are in several."""
    given: set[str] = set()
    for case in found:
        for text in case.texts:
            if text.id not in given:
                given.add(text.id)
                yield text
