"""What changed between two versions of a gold set.

Documents are paired by their ids, and what is left by their texts: another id is no other document; nor is the same
text broken into other records. Entities are paired by the project's matcher, one to one: the earlier version in the
place of the gold, the later one in that of a system. Where a text changed, the earlier offsets are carried over first,
so that what only shifted is the same.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.hints import public
from tyez_bench.scoring.across import Met, meet, rewritten
from tyez_bench.scoring.agreement import label_order
from tyez_bench.scoring.edited import places
from tyez_bench.scoring.matching import match
from tyez_bench.scoring.records import Group, Pairing, pair_documents
from tyez_bench.scoring.spans import TypedSpan

# What is decided about an entity beside boundaries and type; its parent follows from the boundaries.
ATTRIBUTES = ("status", "alternatives", "role", "value", "code", "rule")
KINDS = ("added", "removed", "relabelled", "moved", "changed")
# What is decided about a document beside its id, text and entities. The last ones are offsets into the text.
FACTS = ("title", "district", "byline", "date", "code_edition")
PARTS = ("sections", "sentences", "provenance")


class Difference(Struct, frozen=True):
    """An entity before and after.

    Attributes:
        kind: ``added``, ``removed``, ``relabelled``, ``moved`` or ``changed``.
        document: the id of the document; where records are broken otherwise, of the later one that ``new`` stands in,
            or of the earlier one where the entity is gone.
        old: the entity before; None where it is new.
        new: the entity after; None where it is gone.
        changed: the attributes that differ.
        old_document: the id of the earlier document that ``old`` stands in where that is another one; else None.
        crosses: whether the entity runs across a break of the other version's records, and can't be one there.

    Example:
        >>> import tyez_bench
        >>> old = tyez_bench.Document(id="a", text="太原市", entities=())
        >>> entity = tyez_bench.Entity(id="a:0-3", start=0, end=3, text="太原市", type="PLACE")
        >>> new = tyez_bench.Document(id="a", text="太原市", entities=(entity,))
        >>> found = tyez_bench.diff(tyez_bench.Gold("g", "1", "", (old,)), tyez_bench.Gold("g", "2", "", (new,)))
        >>> [(one.kind, one.document, one.entity.text) for one in found.entities]
        [('added', 'a', '太原市')]
    """

    kind: str
    document: str
    old: Entity | None
    new: Entity | None
    changed: tuple[str, ...] = ()
    old_document: str | None = None
    crosses: bool = False

    @property
    def entity(self) -> Entity:
        """The entity as it is, or as it was."""
        found = self.new or self.old
        assert found is not None
        return found


class EditedDocument(Struct, frozen=True):
    """A document of which something beside text and entities differs.

    Attributes:
        document: its id.
        changed: what differs, as ``title``.

    Example:
        >>> import tyez_bench
        >>> old = tyez_bench.Document(id="a", text="太原市", entities=(), title="太原")
        >>> new = tyez_bench.Document(id="a", text="太原市", entities=(), title="太原市")
        >>> found = tyez_bench.diff(tyez_bench.Gold("g", "1", "", (old,)), tyez_bench.Gold("g", "2", "", (new,)))
        >>> [(one.document, one.changed) for one in found.edited]
        [('a', ('title',))]
    """

    document: str
    changed: tuple[str, ...]


class AlignedRecords(Struct, frozen=True):
    """Documents that hold one text broken into records in different places; false where there are none.

    Attributes:
        old: how many documents of the one version, or of the first pass.
        new: how many of the other.
        groups: how many groups they make, each of which holds one stretch of text.

    Example:
        >>> import tyez_bench
        >>> whole = tyez_bench.Document(id="a", text="太原市在山西省。太钢在太原市。")
        >>> parts = [tyez_bench.Document(id=text[:2], text=text) for text in ("太原市在山西省。", "太钢在太原市。")]
        >>> old, new = tyez_bench.Gold("g", "1", "", (whole,)), tyez_bench.Gold("g", "2", "", tuple(parts))
        >>> found = tyez_bench.diff(old, new)
        >>> bool(found), found.aligned
        (False, AlignedRecords(old=1, new=2, groups=1))
    """

    old: int = 0
    new: int = 0
    groups: int = 0

    def __bool__(self) -> bool:
        return self.groups > 0


class Differences(Struct, frozen=True):
    """What differs between two versions of a gold set, as :func:`tyez_bench.diff` finds it; false where nothing does.

    Documents and entities stand in the order of the later version; what was removed stands where it was.

    Attributes:
        old: what the earlier version is called.
        new: what the later version is called.
        added: ids of documents that are new.
        removed: ids of documents that are gone.
        rewritten: ids of documents that have another text.
        entities: the entities that differ.
        renamed: the ids of a document before and after.
        edited: documents of which something else differs.
        labels: those of both versions, in order.
        aligned: how many documents hold the same text broken in other places; that alone is no difference.

    Example:
        >>> import tyez_bench
        >>> old = tyez_bench.Document(id="a", text="太原市", entities=())
        >>> entity = tyez_bench.Entity(id="a:0-3", start=0, end=3, text="太原市", type="PLACE")
        >>> new = tyez_bench.Document(id="a", text="太原市", entities=(entity,))
        >>> found = tyez_bench.diff(tyez_bench.Gold("g", "1", "", (old,)), tyez_bench.Gold("g", "2", "", (new,)))
        >>> bool(found), found.counts()["PLACE"]["added"], found.rewritten
        (True, 1, ())
    """

    old: str
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rewritten: tuple[str, ...]
    entities: tuple[Difference, ...]
    renamed: tuple[tuple[str, str], ...] = ()
    edited: tuple[EditedDocument, ...] = ()
    labels: tuple[str, ...] = ()
    aligned: AlignedRecords = AlignedRecords()

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.rewritten, self.renamed, self.edited, self.entities))

    def of(self, kind: str) -> tuple[Difference, ...]:
        """The differences of a kind."""
        return tuple(one for one in self.entities if one.kind == kind)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind by type; what was relabelled or moved to another type as ``ORG → PLACE``."""
        found: dict[tuple[str, ...], Counter[str]] = {}
        for one in self.entities:
            labels = tuple(dict.fromkeys(e.type for e in (one.old, one.new) if e is not None))
            found.setdefault(labels, Counter())[one.kind] += 1
        place = {label: number for number, label in enumerate(self.labels)}
        ordered = sorted(found, key=lambda labels: [(place.get(label, len(place)), label) for label in labels])
        return {" → ".join(labels): {kind: found[labels][kind] for kind in KINDS} for labels in ordered}

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "documents": {
                "added": self.added,
                "removed": self.removed,
                "rewritten": self.rewritten,
                "renamed": [{"old": old, "new": new} for old, new in self.renamed],
                "edited": [to_builtins(one) for one in self.edited],
                "aligned": to_builtins(self.aligned),
            },
            "counts": self.counts(),
            "entities": [to_builtins(one) for one in self.entities],
        }


@public
def diff(old: Gold, new: Gold) -> Differences:
    """What changed between two versions of a gold set: documents, and entities one by one.

    Where a text changed, the earlier offsets are carried over first, so that what only shifted is the same. Where the
    text is the same but broken into other records (one a sentence, one a paragraph), its characters are aligned, and
    entities are compared across the breaks; white space does not count there.

    Args:
        old: the earlier version.
        new: the later one.

    Returns:
        What was added, removed, relabelled, moved or changed, in the order of the later version; false in a condition
        where nothing was. ``to_dict`` gives plain data.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> bool(tyez_bench.diff(gold, gold))
        False
    """
    found = pair_documents(old, new)
    entities: list[Difference] = []
    before = {document.id: was for was, document in found.pairs}
    across = {group.new[0].id: tuple(_across(met)) for group, met in _met(found)}
    added = {document.id for document in found.added}
    for document in new:
        if document.id in before or document.id in added:
            was = before.get(document.id)
            of = None if was is None or was.id == document.id else was.id
            entities += [replace(one, old_document=one.old and of) for one in _document(was, document)]
        elif document.id in across:
            entities += across[document.id]
    for document in found.removed:
        entities += [Difference("removed", document.id, entity, None) for entity in document.entities]
    edited = [(document.id, _edited(was, document)) for was, document in found.pairs]
    changed_texts = {document.id for was, document in found.pairs if was.text != document.text} | rewritten(found)
    return Differences(
        old=_name(old),
        new=_name(new),
        added=tuple(document.id for document in found.added),
        removed=tuple(document.id for document in found.removed),
        rewritten=tuple(document.id for document in new if document.id in changed_texts),
        entities=tuple(entities),
        renamed=tuple((was.id, document.id) for was, document in found.pairs if was.id != document.id),
        edited=tuple(EditedDocument(name, changed) for name, changed in edited if changed),
        labels=label_order(new, old),
        aligned=aligned_records(found.groups),
    )


# What it was called before.
differences = diff


def aligned_records(groups: Sequence[Group]) -> AlignedRecords:
    """How many documents of each side are in groups."""
    return AlignedRecords(sum(len(group.old) for group in groups), sum(len(group.new) for group in groups), len(groups))


def _edited(old: Document, new: Document) -> tuple[str, ...]:
    """What of a document differs beside text and entities. With another text its parts differ by themselves."""
    names = FACTS if old.text != new.text else (*FACTS, *PARTS)
    return tuple(name for name in names if _fact(old, name) != _fact(new, name))


def _fact(document: Document, name: str) -> Any:
    """A fact about a document; a sentence is named by its document, and is no other one when that is renamed."""
    if name != "sentences":
        return getattr(document, name)
    return [(sentence.id.removeprefix(document.id), sentence.start, sentence.end) for sentence in document.sentences]


def _name(gold: Gold) -> str:
    return f"{gold.name} {gold.version or ''}".strip()


def _document(old: Document | None, new: Document) -> Iterator[Difference]:
    if old is None:
        yield from (Difference("added", new.id, None, entity) for entity in new.entities)
        return
    before = {span: entity for entity in old.entities if (span := _carried(old, new, entity)) is not None}
    after = {TypedSpan(e.start, e.end, e.type): e for e in new.entities}
    matching = match(before, after)
    found = [Difference("added", new.id, None, after[span]) for span in matching.spurious]
    found += [Difference("removed", new.id, before[span], None) for span in matching.missed]
    carried = {entity.id for entity in before.values()}
    found += [Difference("removed", new.id, entity, None) for entity in old.entities if entity.id not in carried]
    for one, other in matching.pairs:
        found += _pair(new.id, one, before[one], other, after[other])
    yield from sorted(found, key=lambda d: (d.entity.start, -d.entity.end, d.kind, d.entity.type))


def _met(found: Pairing) -> Iterator[tuple[Group, list[Met]]]:
    return zip(found.groups, meet(found.groups, *found.sides), strict=True) if found.sides else iter(())


def _across(found: Sequence[Met]) -> Iterator[Difference]:
    """The differences in a group of records, each by the documents and offsets of its own side."""
    for met in found:
        here = met.new or met.old
        assert here is not None
        changed: tuple[str, ...] = ()
        if met.old is None or met.new is None:
            kind = "added" if met.old is None else "removed"
        else:
            changed = _changed(met.old[1], met.new[1])
            relabelled = met.old[1].type != met.new[1].type
            kind = "moved" if met.moved else "relabelled" if relabelled else "changed" if changed else ""
        if kind:
            yield Difference(
                kind=kind,
                document=here[0].id,
                old=met.old and met.old[1],
                new=met.new and met.new[1],
                changed=changed,
                old_document=None if met.old is None or met.old[0].id == here[0].id else met.old[0].id,
                crosses=met.crosses,
            )


def _changed(old: Entity, new: Entity) -> tuple[str, ...]:
    return tuple(name for name in ATTRIBUTES if _decided(old, name) != _decided(new, name))


def _pair(document: str, before: TypedSpan, old: Entity, after: TypedSpan, new: Entity) -> Iterator[Difference]:
    changed = _changed(old, new)
    if before[:2] != after[:2]:
        yield Difference("moved", document, old, new, changed)
    elif before.type != after.type:
        yield Difference("relabelled", document, old, new, changed)
    elif changed:
        yield Difference("changed", document, old, new, changed)


def _decided(entity: Entity, name: str) -> Any:
    """An attribute, alternatives relative to the entity: they shift with it."""
    if name != "alternatives":
        return getattr(entity, name)
    return tuple((start - entity.start, end - entity.end) for start, end in entity.alternatives)


def _carried(old: Document, new: Document, entity: Entity) -> TypedSpan | None:
    """An earlier entity in the later text, by its first and last character; None when one of them is gone."""
    if old.text == new.text:
        return TypedSpan(entity.start, entity.end, entity.type)
    there = places(old.text, new.text)
    first, last = there.get(entity.start), there.get(entity.end - 1)
    if first is None or last is None or last < first:
        return None
    return TypedSpan(first, last + 1, entity.type)
