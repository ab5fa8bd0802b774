"""Edits of a labelled text: the changed text, the offset map, and the labels carried along."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import structs

from tyez_bench.corpus.inline import with_entities
from tyez_bench.model import Document, Entity


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
