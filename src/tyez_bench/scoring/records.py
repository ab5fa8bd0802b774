"""Which documents of one set are those of another: by id, by text, and by their characters.

Two copies of one set may be broken into records in different places: a document of one side is then cut into several
of the other. What is not the same by id and text is put together in its order, and the characters of both sides are
aligned; the documents that share text hang together, one to one or in groups.
"""

from collections import Counter
from collections.abc import Sequence, Set

import numpy as np
from msgspec import Struct

from tyez_bench.gold.derived import is_made_up
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document
from tyez_bench.scoring.spans import Bools, Ints
from tyez_bench.scoring.streams import Stream, counterparts, stream_of

# So many characters in a row are no chance.
_TELLING = 8


class Side(Struct, frozen=True):
    """The documents of one side whose characters were aligned.

    ``numbers`` are their numbers in the stream, by id; ``there`` the index of each character on the other side, −1
    without one.
    """

    documents: tuple[Document, ...]
    stream: Stream
    there: Ints
    numbers: dict[str, int]

    @property
    def nearest(self) -> Ints:
        """For each character the last one up to it that stands on the other side, too; −1 where there is none."""
        return np.maximum.accumulate(np.where(self.there >= 0, np.arange(len(self.there)), -1))

    def place(self, index: int) -> tuple[Document, int]:
        """The document that a character of the stream is of, and its offset there."""
        number = int(self.stream.owners[index])
        return self.documents[number], int(self.stream.places[index] - self.stream.starts[number])


class Group(Struct, frozen=True):
    """Documents of both sides that hold the same text, broken in different places."""

    old: tuple[Document, ...]
    new: tuple[Document, ...]


class Pairing(Struct, frozen=True):
    """Documents of an earlier and a later set.

    ``pairs`` are one to one, ``groups`` what is broken otherwise; ``removed`` and ``added`` have no counterpart.
    ``sides``: the aligned characters, earlier and later; None where ids and texts were enough.
    """

    pairs: tuple[tuple[Document, Document], ...]
    groups: tuple[Group, ...]
    removed: tuple[Document, ...]
    added: tuple[Document, ...]
    sides: tuple[Side, Side] | None = None


def pair_documents(old: Gold, new: Gold, *, versions: bool = True) -> Pairing:
    """The documents of two sets, paired by id, the rest by text; by their characters where neither is enough.

    ``versions``: two of one id whose white space differs are a pair, whose text was edited, and no group.
    """
    found = _by_id_and_text(old, new)
    if all(one.text == other.text for one, other in found) and len(found) in (len(old), len(new)):
        return _pairing(old, new, found, [], None)
    same = [(one, other) for one, other in found if one.id == other.id and one.text == other.text]
    times = [Counter(document.text for document in gold) for gold in (old, new)]
    # An id that was made up, or a number, says little of a text that stands there several times.
    same = [
        (one, other)
        for one, other in same
        if not is_made_up(one.id, one.text) and not (one.id.isdigit() and any(found[one.text] > 1 for found in times))
    ]
    apart = {one.id for one, _ in same}
    left, right = ([document for document in gold if document.id not in apart] for gold in (old, new))
    one, other = stream_of([d.text for d in left]), stream_of([d.text for d in right])
    there, by_run = counterparts(one, other)
    _keep_what_tells(one, other, there, by_run)
    back = np.full(len(other.codes), -1, np.int64)
    back[there[there >= 0]] = np.flatnonzero(there >= 0)
    sides = tuple(
        Side(tuple(documents), stream, counterpart, {document.id: n for n, document in enumerate(documents)})
        for documents, stream, counterpart in ((left, one, there), (right, other, back))
    )
    groups: list[Group] = []
    for group in _hanging_together(sides[0], sides[1]):
        if len(group.old) == len(group.new) == 1 and _is_pair(group.old[0], group.new[0], versions):
            same.append((group.old[0], group.new[0]))
        else:
            groups.append(group)
    gone = {d.id for group in groups for d in group.old} | {d.id for d, _ in same}
    come = {d.id for group in groups for d in group.new} | {d.id for _, d in same}
    rest = _by_id_and_text(old, new, gone, come)
    return _pairing(old, new, [*same, *rest], groups, (sides[0], sides[1]) if groups else None)


def _by_id_and_text(
    old: Gold, new: Gold, gone: Set[str] = frozenset(), come: Set[str] = frozenset()
) -> list[tuple[Document, Document]]:
    """Pairs by id, and of the rest by text, without what is paired already."""
    by_text: dict[str, list[Document]] = {}
    for document in old:
        if document.id not in gone and (document.id not in new or document.id in come):
            by_text.setdefault(document.text, []).append(document)
    for documents in by_text.values():
        documents.reverse()
    found = []
    for document in new:
        if document.id in come:
            continue
        if document.id in old and document.id not in gone:
            found.append((old[document.id], document))
        elif by_text.get(document.text):
            found.append((by_text[document.text].pop(), document))
    return found


def _pairing(
    old: Gold,
    new: Gold,
    pairs: Sequence[tuple[Document, Document]],
    groups: Sequence[Group],
    sides: tuple[Side, Side] | None,
) -> Pairing:
    """Everything in the order of the later set, what is gone in that of the earlier one."""
    partner = {other.id: one for one, other in pairs}
    gone = {one.id for one, _ in pairs} | {d.id for group in groups for d in group.old}
    come = partner.keys() | {d.id for group in groups for d in group.new}
    return Pairing(
        pairs=tuple((partner[document.id], document) for document in new if document.id in partner),
        groups=tuple(groups),
        removed=tuple(document for document in old if document.id not in gone),
        added=tuple(document for document in new if document.id not in come),
        sides=sides,
    )


def _is_pair(old: Document, new: Document, versions: bool) -> bool:
    """Whether two documents are compared as one that was edited; those that differ in white space alone are not."""
    return (
        (versions and old.id == new.id)
        or old.text == new.text
        or "".join(old.text.split()) != "".join(new.text.split())
    )


def _keep_what_tells(old: Stream, new: Stream, there: Ints, by_run: Bools) -> None:
    """Unpair what two documents share by chance, in place.

    What tells is a run of some length, but for a few characters at its ends that are in other documents, or one that
    is all of a document. Other characters stay paired between documents that share what tells; and a document stays
    only where half of it is paired.
    """
    sizes = [np.bincount(stream.owners, minlength=len(stream.starts) - 1) for stream in (old, new)]
    paired = np.flatnonzero(there >= 0)
    one, other = old.owners[paired], new.owners[there[paired]]
    link = one * len(new.starts) + other
    # Runs, and the pieces that breaks cut them into.
    fresh = np.ones(len(paired) + 1, np.bool_)
    fresh[1:-1] = (np.diff(paired) != 1) | (np.diff(there[paired]) != 1)
    cut = fresh.copy()
    cut[1:-1] |= np.diff(link) != 0
    piece = np.cumsum(cut[:-1]) - 1
    first, behind = np.flatnonzero(cut[:-1]), np.append(np.flatnonzero(cut[:-1])[1:], len(paired))
    within = (~fresh[first] & ~fresh[behind])[piece]
    whole = np.minimum(_TELLING, np.minimum(sizes[0][one], sizes[1][other]))
    telling = by_run[paired] & (within | ((behind - first)[piece] >= whole))
    there[paired[~np.isin(link, np.unique(link[telling]))]] = -1
    while True:
        paired = np.flatnonzero(there >= 0)
        one, other = old.owners[paired], new.owners[there[paired]]
        few = [
            2 * np.bincount(owners, minlength=len(size)) < size for owners, size in ((one, sizes[0]), (other, sizes[1]))
        ]
        lost = few[0][one] | few[1][other]
        if not lost.any():
            return
        there[paired[lost]] = -1


def _hanging_together(old: Side, new: Side) -> list[Group]:
    """The documents that share characters, directly or through others, in the order of the earlier side."""
    paired = np.flatnonzero(old.there >= 0)
    one, other = old.stream.owners[paired], new.stream.owners[old.there[paired]]
    links = np.unique(one * len(new.stream.starts) + other)
    around = list(range(len(old.documents) + len(new.documents)))

    def root(number: int) -> int:
        while around[number] != number:
            around[number] = around[around[number]]
            number = around[number]
        return number

    for link in links.tolist():
        left, right = divmod(link, len(new.stream.starts))
        first, second = sorted((root(left), root(len(old.documents) + right)))
        around[second] = first
    members: dict[int, tuple[list[Document], list[Document]]] = {}
    for number, document in enumerate((*old.documents, *new.documents)):
        members.setdefault(root(number), ([], []))[number >= len(old.documents)].append(document)
    return [Group(tuple(left), tuple(right)) for left, right in members.values() if left and right]
