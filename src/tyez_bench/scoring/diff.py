"""What changed between two versions of a gold set.

Documents are paired by their ids, and what is left by their texts: another id is no other document. Entities are
paired by the project's matcher, one to one: the earlier version in the place of the gold, the later one in that of a
system. Where a text changed, the earlier offsets are carried over first, so that what only shifted is the same.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from msgspec import Struct, to_builtins

from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.texts import shared
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.hints import public
from tyez_bench.scoring.agreement import label_order
from tyez_bench.scoring.matching import match
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
        document: the id of the document.
        old: the entity before; None where it is new.
        new: the entity after; None where it is gone.
        changed: the attributes that differ.

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
            },
            "counts": self.counts(),
            "entities": [to_builtins(one) for one in self.entities],
        }


@public
def diff(old: Gold, new: Gold) -> Differences:
    """What changed between two versions of a gold set: documents, and entities one by one.

    Where a text changed, the earlier offsets are carried over first, so that what only shifted is the same.

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
    renamed = dict(same_texts(old, new))
    before = {document.id: document for document in old}
    pairs = [(before.get(renamed.get(document.id, document.id)), document) for document in new]
    found = [difference for pair in pairs for difference in _document(*pair)]
    gone = tuple(d.id for d in old if d.id not in new and d.id not in renamed.values())
    for name in gone:
        found += [Difference("removed", name, entity, None) for entity in old[name].entities]
    edited = [(document.id, _edited(was, document)) for was, document in pairs if was is not None]
    return Differences(
        old=_name(old),
        new=_name(new),
        added=tuple(document.id for was, document in pairs if was is None),
        removed=gone,
        rewritten=tuple(document.id for was, document in pairs if was is not None and was.text != document.text),
        entities=tuple(found),
        renamed=tuple((was, now) for now, was in renamed.items()),
        edited=tuple(EditedDocument(name, changed) for name, changed in edited if changed),
        labels=label_order(new, old),
    )


# What it was called before.
differences = diff


def same_texts(old: Gold, new: Gold) -> Iterator[tuple[str, str]]:
    """Later and earlier id of the documents whose ids only one version has, and whose texts are the same."""
    gone: dict[str, list[str]] = {}
    for document in old:
        if document.id not in new:
            gone.setdefault(document.text, []).append(document.id)
    for document in new:
        if document.id not in old and gone.get(document.text):
            yield document.id, gone[document.text].pop(0)


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


def _pair(document: str, before: TypedSpan, old: Entity, after: TypedSpan, new: Entity) -> Iterator[Difference]:
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


def _carried(old: Document, new: Document, entity: Entity) -> TypedSpan | None:
    """An earlier entity in the later text, by its first and last character; None when one of them is gone."""
    if old.text == new.text:
        return TypedSpan(entity.start, entity.end, entity.type)
    places = _places(old.text, new.text)
    first, last = places.get(entity.start), places.get(entity.end - 1)
    if first is None or last is None or last < first:
        return None
    return TypedSpan(first, last + 1, entity.type)


# A million pairs of characters take about a second.
_BY_CHARACTERS = 1_000_000
_ALTOGETHER = 5_000_000
_PIECE = re.compile(r"[^。！？!?\n]*(?:[。！？!?\n]+|$)")


@lru_cache(maxsize=1)
def _places(old: str, new: str) -> dict[int, int]:
    """Where each character of one text stands in the other."""
    # Most of two versions is the same from the beginning and from the end; the matcher is slow on long texts.
    head = shared(old, new)
    tail = shared(old[head:][::-1], new[head:][::-1])
    places = {at: at for at in range(head)}
    for a, b, size in _blocks(old[head : len(old) - tail], new[head : len(new) - tail]):
        places |= {head + a + i: head + b + i for i in range(size)}
    return places | {len(old) - i: len(new) - i for i in range(1, tail + 1)}


def _blocks(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    """What two texts have in common: where it stands in each, and how long it is.

    The matcher takes time by the product of the lengths. Long texts are matched by their sentences first, and what is
    between equal ones by characters where it is short enough; what is not, by the stretches that each of the two has
    once. What is too long without any of these is taken for replaced.
    """
    if len(old) * len(new) <= _BY_CHARACTERS:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        return
    budget = _ALTOGETHER
    for gap in _gaps(_equal_sentences(old, new), len(old), len(new)):
        yield gap.block
        for part in _gaps(_equal_stretches(old, new, gap), gap.old_end, gap.new_end, gap.old, gap.new):
            yield part.block
            size = (part.old_end - part.old) * (part.new_end - part.new)
            if size <= min(_BY_CHARACTERS, budget):
                budget -= size
                before, behind = old[part.old : part.old_end], new[part.new : part.new_end]
                for a, b, length in SequenceMatcher(None, before, behind, autojunk=False).get_matching_blocks():
                    yield part.old + a, part.new + b, length


class _Gap(NamedTuple):
    """What lies between two equal blocks, and the one before it."""

    block: tuple[int, int, int]
    old: int
    new: int
    old_end: int
    new_end: int


def _gaps(
    blocks: Iterable[tuple[int, int, int]], old_end: int, new_end: int, old: int = 0, new: int = 0
) -> Iterator[_Gap]:
    """Each of the blocks with what follows it, and first what comes before all."""
    before = (old, new, 0)
    for block in (*blocks, (old_end, new_end, 0)):
        yield _Gap(before, before[0] + before[2], before[1] + before[2], block[0], block[1])
        before = block


def _equal_sentences(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    left, right = _PIECE.findall(old), _PIECE.findall(new)
    at_left, at_right = (list(accumulate(map(len, pieces), initial=0)) for pieces in (left, right))
    for a, b, size in SequenceMatcher(None, left, right).get_matching_blocks():
        yield at_left[a], at_right[b], at_left[a + size] - at_left[a]


def _equal_stretches(old: str, new: str, gap: _Gap) -> list[tuple[int, int, int]]:
    """Stretches that each of the two has once, the most that stand in one order in both; none where it is short.

    The longest increasing subsequence of their places (patience sorting).
    """
    if (gap.old_end - gap.old) * (gap.new_end - gap.new) <= _BY_CHARACTERS:
        return []
    there = _once(new, gap.new, gap.new_end)
    pairs = [(a, there[text]) for text, a in _once(old, gap.old, gap.old_end).items() if text in there]
    # The last pair of the best chain of each length, and what comes before a pair in its chain.
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for number, (_, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before[number] = last[length - 1] if length else -1
        ends[length : length + 1], last[length : length + 1] = [b], [number]
    chain, number = [], last[-1] if last else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    found: list[tuple[int, int, int]] = []
    for a, b in reversed(chain):
        first_a, first_b, size = found[-1] if found else (-_STRETCH, -_STRETCH, 0)
        if a - first_a == b - first_b and a <= first_a + size:
            found[-1] = (first_a, first_b, a + _STRETCH - first_a)
        elif a >= first_a + size and b >= first_b + size:
            found.append((a, b, _STRETCH))
    return found


# So many characters in a row stand in most texts once.
_STRETCH = 12


def _once(text: str, start: int, end: int) -> dict[str, int]:
    """The stretches that a part of a text has once, with their places, in order."""
    places = range(start, end - _STRETCH + 1)
    number = Counter(text[at : at + _STRETCH] for at in places)
    return {stretch: at for at in places if number[stretch := text[at : at + _STRETCH]] == 1}
