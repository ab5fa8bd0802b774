"""The texts that several passes have in common: by id, by text, and across records that are broken in other places.

Texts that only one pass has are left out. Records that hold one text broken in different places are put together, so
that every span of every pass has its place in one document; ``Common.at_home`` leads back to the records of the files.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from msgspec import Struct, structs

from tyez_bench.gold.derived import entity_id, with_entities
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import InputError
from tyez_bench.scoring.across import rewritten, spots
from tyez_bench.scoring.records import pair_documents

_Key = tuple[str, int, int, str]


class Common(Struct, frozen=True):
    """Passes over their common texts.

    ``passes`` hold what at least two have, each under one id; ``left_out`` is how many documents of each pass nobody
    else has, ``aligned`` how many are in records broken otherwise. ``reference`` has each text once, as in the first
    pass that has it.
    """

    passes: tuple[Gold, ...]
    left_out: tuple[int, ...]
    aligned: tuple[int, ...]
    reference: Gold
    origins: tuple[dict[_Key, Entity], ...]
    parts: dict[str, tuple[tuple[int, str], ...]]

    def at_home(self, id_: str, start: int) -> tuple[str, int]:
        """The document of the reference, and the offset there, of a place in a document of the passes."""
        parts = self.parts.get(id_, ((0, id_),))
        begin, own = parts[bisect_right(parts, start, key=lambda part: part[0]) - 1]
        return own, start - begin

    def size(self, id_: str, start: int, end: int) -> int:
        """How many characters a span of a document of the passes has, without the line feeds between records."""
        return end - start - sum(start < begin < end for begin, _ in self.parts.get(id_, ()))

    def original(self, number: int, id_: str, entity: Entity) -> Entity:
        """An entity of a pass as it stands in its file."""
        return self.origins[number].get((id_, entity.start, entity.end, entity.type), entity)


class _Held(NamedTuple):
    """What a pass has of the reference: documents one to one; of others the entities, placed.

    ``groups``: those of these that hang together, ``sizes`` how many documents of the pass hold a group, by its first.
    """

    whole: dict[str, Document]
    placed: dict[str, list[tuple[str, int, str, int, Entity]]]
    groups: list[tuple[str, ...]]
    sizes: dict[str, int]


def together(passes: Sequence[Gold]) -> Common:
    """The common texts of passes. Raises InputError where an id has another text in another pass."""
    reference = list(passes[0])
    held = [_Held({document.id: document for document in reference}, {}, [], {})]
    for found in passes[1:]:
        held.append(_hold(found, Gold(passes[0].name, None, "", tuple(reference)), reference))
    merged = _components([ids for one in held for ids in one.groups], [document.id for document in reference])
    parts: dict[str, tuple[tuple[int, str], ...]] = {}
    by_id = {document.id: document for document in reference}
    having: dict[str, list[Document | None]] = {}
    inside = [0] * len(passes)
    aligned = [0] * len(passes)
    origins: tuple[dict[_Key, Entity], ...] = tuple({} for _ in passes)
    for ids in merged:
        if len(ids) == 1 and not any(ids[0] in one.placed for one in held):
            own: list[Document | None] = [one.whole.get(ids[0]) for one in held]
            numbers = [int(document is not None) for document in own]
        else:
            own = [_put_together(ids, by_id, one, origin) for one, origin in zip(held, origins, strict=True)]
            numbers = [_number(ids, one) if document else 0 for one, document in zip(held, own, strict=True)]
            starts = accumulate((len(by_id[id_].text) + 1 for id_ in ids[:-1]), initial=0)
            parts[ids[0]] = tuple(zip(starts, ids, strict=True))
        if sum(document is not None for document in own) < 2:
            continue
        having[ids[0]] = own
        for number, count in enumerate(numbers):
            inside[number] += count
            aligned[number] += count if ids[0] in parts else 0
    return Common(
        passes=tuple(
            replace(found, documents=tuple(d for own in having.values() if (d := own[number]) is not None))
            for number, found in enumerate(passes)
        ),
        left_out=tuple(len(found) - count for found, count in zip(passes, inside, strict=True)),
        aligned=tuple(aligned),
        reference=replace(passes[0], documents=tuple(reference)),
        origins=origins,
        parts=parts,
    )


def _hold(found: Gold, known: Gold, reference: list[Document]) -> _Held:
    """What a pass has of the reference, which gets what it alone has."""
    pairing = pair_documents(known, found, versions=False)
    held = _Held({}, {}, [], {})
    for one, other in pairing.pairs:
        if one.text == other.text:
            held.whole[one.id] = other if other.id == one.id else structs.replace(other, id=one.id)
        elif one.id == other.id:
            raise InputError(f"{found.name}: the text of {one.id!r} differs from that of {known.name}")
    differing = rewritten(pairing)
    for group in pairing.groups:
        if pairing.sides is None or not differing.isdisjoint(document.id for document in group.new):
            continue
        ids = tuple(document.id for document in group.old)
        held.groups.append(ids)
        held.sizes[ids[0]] = len(group.new)
        held.placed.update((id_, []) for id_ in ids)
        old, new = pairing.sides
        for spot in spots(group.new, new, old, earlier=False):
            if spot.start >= 0:
                (first, start), (last, end) = old.place(spot.start), old.place(spot.end - 1)
                held.placed[first.id].append((first.id, start, last.id, end + 1, spot.entity))
    taken = {document.id for document in reference}
    for document in pairing.added:
        id_ = document.id if document.id not in taken else f"{found.name}:{document.id}"
        own = document if id_ == document.id else structs.replace(document, id=id_)
        reference.append(own)
        held.whole[id_] = own
    return held


def _components(links: Iterable[Sequence[str]], ids: Sequence[str]) -> list[tuple[str, ...]]:
    """Ids that are linked, directly or through others, in order; those that are not, alone."""
    around = {id_: id_ for id_ in ids}
    place = {id_: number for number, id_ in enumerate(ids)}

    def root(id_: str) -> str:
        while around[id_] != id_:
            around[id_] = around[around[id_]]
            id_ = around[id_]
        return id_

    for linked in links:
        for id_ in linked[1:]:
            first, second = sorted((root(linked[0]), root(id_)), key=place.__getitem__)
            around[second] = first
    members: dict[str, list[str]] = {}
    for id_ in ids:
        members.setdefault(root(id_), []).append(id_)
    return [tuple(found) for found in members.values()]


def _number(ids: Sequence[str], held: _Held) -> int:
    """How many documents of a pass hold the text of these of the reference."""
    return sum((id_ in held.whole) + held.sizes.get(id_, 0) for id_ in ids)


def _put_together(
    ids: Sequence[str], by_id: dict[str, Document], held: _Held, origins: dict[_Key, Entity]
) -> Document | None:
    """One document of all of these, with the entities of a pass; None where it does not have all of the text."""
    if not all(id_ in held.whole or id_ in held.placed for id_ in ids):
        return None
    text = "\n".join(by_id[id_].text for id_ in ids)
    begin = dict(zip(ids, accumulate((len(by_id[id_].text) + 1 for id_ in ids[:-1]), initial=0), strict=True))
    found: dict[_Key, Entity] = {}
    for id_ in ids:
        if id_ in held.placed:
            placed = held.placed[id_]
        else:
            placed = [(id_, entity.start, id_, entity.end, entity) for entity in held.whole[id_].entities]
        for first, start, last, end, entity in placed:
            key = (ids[0], begin[first] + start, begin[last] + end, entity.type)
            shift = key[1] - entity.start
            # White space between its characters would move them apart.
            kept = entity.alternatives if key[2] - shift == entity.end else ()
            alternatives = tuple((one + shift, other + shift) for one, other in kept)
            found[key] = structs.replace(
                entity,
                id=entity_id(*key),
                start=key[1],
                end=key[2],
                text=text[key[1] : key[2]],
                parent=None,
                alternatives=alternatives,
            )
            origins[key] = entity
    return with_entities(Document(id=ids[0], text=text), list(found.values()))
