"""Entities of two sets whose text is broken into different records, on one line: that of the earlier characters."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

import numpy as np

from tyez_bench.model.documents import Document, Entity
from tyez_bench.scoring.matching import match
from tyez_bench.scoring.records import Group, Pairing, Side
from tyez_bench.scoring.spans import TypedSpan

# An entity with the document that it stands in.
Placed = tuple[Document, Entity]


class Met(NamedTuple):
    """What stands at one place of a text on the two sides; None for nothing.

    ``moved``: the boundaries differ. ``crosses``: one of the two runs across a break of the other side's records.
    """

    old: Placed | None
    new: Placed | None
    moved: bool = False
    crosses: bool = False


class Spot(NamedTuple):
    """An entity on the line.

    ``start``, ``end``: its first character there and the one behind its last; −1 where one of them has no place on it.
    ``at``: where it lies in order. ``crosses``: it runs across a break of the other side's records.
    """

    document: Document
    entity: Entity
    start: int
    end: int
    at: int
    crosses: bool


def spots(documents: Sequence[Document], side: Side, other: Side, *, earlier: bool) -> list[Spot]:
    """The entities of documents on the line of the earlier characters; ``earlier``: these are their own."""
    placed = [(document, entity) for document in documents for entity in document.entities]
    begin = np.array([side.stream.starts[side.numbers[document.id]] for document, _ in placed], np.int64)
    first, last = side.stream.edges(
        begin + np.array([entity.start for _, entity in placed], np.int64),
        begin + np.array([entity.end for _, entity in placed], np.int64),
    )
    blank = last < first
    last = np.maximum(first, last)
    # A span of white space at the very end has no character.
    first, last = (np.minimum(edge, len(side.there) - 1) for edge in (first, last))
    there = side.there[first], side.there[last]
    known = (there[0] >= 0) & (there[1] >= there[0]) & ~blank
    crosses = known & (other.stream.owners[there[0]] != other.stream.owners[there[1]])
    # What has no place lies behind the last character before it that has one.
    at = first
    if earlier:
        near = side.nearest[first]
        at = np.where(near >= 0, side.there[near], -1)
    here = (first, last) if earlier else there
    columns = (np.where(known, here[0], -1), np.where(known, here[1] + 1, -1), at, crosses)
    return [
        Spot(document, entity, *numbers)
        for (document, entity), *numbers in zip(placed, *(column.tolist() for column in columns), strict=True)
    ]


def meet(groups: Sequence[Group], old: Side, new: Side) -> Iterator[list[Met]]:
    """By group of records, every entity with what it is on the other side, in the order of the text."""
    before = _by_document(spots([d for group in groups for d in group.old], old, new, earlier=True))
    after = _by_document(spots([d for group in groups for d in group.new], new, old, earlier=False))
    for group in groups:
        left = [spot for document in group.old for spot in before.get(document.id, ())]
        right = [spot for document in group.new for spot in after.get(document.id, ())]
        yield [_met(*pair) for pair in sorted(_pairs(left, right), key=_order)]


def _by_document(found: Iterable[Spot]) -> dict[str, list[Spot]]:
    by_id: dict[str, list[Spot]] = {}
    for spot in found:
        by_id.setdefault(spot.document.id, []).append(spot)
    return by_id


_Pair = tuple[Spot | None, Spot | None]


def _pairs(left: Iterable[Spot], right: Iterable[Spot]) -> Iterator[_Pair]:
    """Both sides of a group one to one, by the project's matcher."""
    sides: tuple[dict[TypedSpan, list[Spot]], ...] = ({}, {})
    for number, found in enumerate((left, right)):
        for spot in found:
            if spot.start < 0:
                yield (None, spot) if number else (spot, None)
            else:
                sides[number].setdefault(TypedSpan(spot.start, spot.end, spot.entity.type), []).append(spot)
    before, after = sides
    for span in before.keys() & after.keys():
        # White space at an edge may make one span of two.
        yield from zip_longest(before[span], after[span])
    matching = match(before.keys() - after.keys(), after.keys() - before.keys())
    for one, other in matching.pairs:
        yield from zip_longest(before[one], after[other])
    for span in matching.missed:
        yield from ((spot, None) for spot in before[span])
    for span in matching.spurious:
        yield from ((None, spot) for spot in after[span])


def _order(pair: _Pair) -> tuple[int, int, bool, str]:
    spot = pair[1] or pair[0]
    assert spot is not None
    return spot.at, -len(spot.entity.text), pair[1] is None, spot.entity.type


def _met(old: Spot | None, new: Spot | None) -> Met:
    return Met(
        old=None if old is None else (old.document, old.entity),
        new=None if new is None else (new.document, new.entity),
        moved=old is not None and new is not None and (old.start, old.end) != (new.start, new.end),
        crosses=any(spot is not None and spot.crosses for spot in (old, new)),
    )


def rewritten(found: Pairing) -> set[str]:
    """Ids of the later documents of groups whose characters are not all those of the earlier ones."""
    if found.sides is None:
        return set()
    old, new = found.sides
    grouped = [
        np.isin(np.arange(len(side.documents)), [side.numbers[document.id] for document in documents])
        for side, documents in (
            (old, [document for group in found.groups for document in group.old]),
            (new, [document for group in found.groups for document in group.new]),
        )
    ]
    owners = new.stream.owners[(new.there < 0) & grouped[1][new.stream.owners]]
    ids = {new.documents[number].id for number in np.unique(owners).tolist()}
    # What is gone counts where the character before it went, or the next one of its document.
    gone = np.flatnonzero((old.there < 0) & grouped[0][old.stream.owners])
    kept = np.flatnonzero(old.there >= 0)
    for index, behind in zip(gone.tolist(), np.searchsorted(kept, gone).tolist(), strict=True):
        own = old.stream.owners[index]
        near = [int(kept[at]) for at in (behind - 1, behind) if 0 <= at < len(kept)]
        place = next((at for at in near if old.stream.owners[at] == own), None)
        if place is not None:
            ids.add(new.place(int(old.there[place]))[0].id)
    return ids
