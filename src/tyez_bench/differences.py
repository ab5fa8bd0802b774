"""What changed between two versions of a gold set.

Entities are paired by the project's matcher, one to one: the earlier version in the place of the gold, the later one
in that of a system. Where a text changed, the earlier offsets are carried over first, so that what only shifted is the
same.
"""

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

from msgspec import Struct, to_builtins

from tyez_bench.corpus.gold import Gold
from tyez_bench.model import Document, Entity
from tyez_bench.scoring.matching import Span, match

# What is decided about an entity beside boundaries and type; its parent follows from the boundaries.
ATTRIBUTES = ("status", "alternatives", "role", "value", "code", "rule")
KINDS = ("added", "removed", "relabelled", "moved", "changed")


class Difference(Struct, frozen=True):
    """An entity before and after: None where it was or is not. ``changed``: the attributes that differ."""

    kind: str
    document: str
    old: Entity | None
    new: Entity | None
    changed: tuple[str, ...] = ()

    @property
    def entity(self) -> Entity:
        """The entity as it is, or as it was."""
        found = self.new or self.old
        assert found is not None
        return found


class Differences(Struct, frozen=True):
    """Documents and entities that differ, in the order of the later version; what was removed stands where it was."""

    old: str
    new: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    rewritten: tuple[str, ...]
    entities: tuple[Difference, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.rewritten or self.entities)

    def of(self, kind: str) -> tuple[Difference, ...]:
        """The differences of a kind."""
        return tuple(one for one in self.entities if one.kind == kind)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many of each kind by type; what was relabelled or moved to another type as ``ORG → PLACE``."""
        found: dict[str, Counter[str]] = {}
        for one in self.entities:
            labels = dict.fromkeys(str(e.type) for e in (one.old, one.new) if e is not None)
            found.setdefault(" → ".join(labels), Counter())[one.kind] += 1
        return {label: {kind: found[label][kind] for kind in KINDS} for label in sorted(found)}

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "old": self.old,
            "new": self.new,
            "documents": {"added": self.added, "removed": self.removed, "rewritten": self.rewritten},
            "counts": self.counts(),
            "entities": [to_builtins(one) for one in self.entities],
        }


def differences(old: Gold, new: Gold) -> Differences:
    """Compare two versions of a gold set."""
    found: list[Difference] = []
    before = {document.id: document for document in old}
    for document in new:
        found += _document(before.get(document.id), document)
    gone = tuple(document.id for document in old if document.id not in new)
    for name in gone:
        found += [Difference("removed", name, entity, None) for entity in old[name].entities]
    return Differences(
        old=_name(old),
        new=_name(new),
        added=tuple(document.id for document in new if document.id not in old),
        removed=gone,
        rewritten=tuple(d.id for d in new if d.id in old and old[d.id].text != d.text),
        entities=tuple(found),
    )


def _name(gold: Gold) -> str:
    return f"{gold.name} {gold.version or ''}".strip()


def _document(old: Document | None, new: Document) -> Iterator[Difference]:
    if old is None:
        yield from (Difference("added", new.id, None, entity) for entity in new.entities)
        return
    before = {span: entity for entity in old.entities if (span := _carried(old, new, entity)) is not None}
    after = {Span(e.start, e.end, e.type): e for e in new.entities}
    matching = match(before, after)
    found = [Difference("added", new.id, None, after[span]) for span in matching.spurious]
    found += [Difference("removed", new.id, before[span], None) for span in matching.missed]
    found += [Difference("removed", new.id, entity, None) for entity in old.entities if entity not in before.values()]
    for one, other in matching.pairs:
        found += _pair(new.id, one, before[one], other, after[other])
    yield from sorted(found, key=lambda d: (d.entity.start, -d.entity.end, d.kind, d.entity.type))


def _pair(document: str, before: Span, old: Entity, after: Span, new: Entity) -> Iterator[Difference]:
    changed = tuple(name for name in ATTRIBUTES if _decided(old, name) != _decided(new, name))
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


def _carried(old: Document, new: Document, entity: Entity) -> Span | None:
    """An earlier entity in the later text, by its first and last character; None when one of them is gone."""
    if old.text == new.text:
        return Span(entity.start, entity.end, entity.type)
    places = _places(old.text, new.text)
    first, last = places.get(entity.start), places.get(entity.end - 1)
    if first is None or last is None or last < first:
        return None
    return Span(first, last + 1, entity.type)


@lru_cache(maxsize=1)
def _places(old: str, new: str) -> dict[int, int]:
    """Where each character of one text stands in the other."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}


def rename(gold: Gold, name: str) -> Gold:
    """A gold set under another name, for what is printed."""
    return Gold(name, None, gold.fingerprint, gold.documents)
