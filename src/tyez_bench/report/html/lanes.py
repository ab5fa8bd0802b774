"""Where marks stand: the text cut into rows, and overlapping marks stacked in lanes above and below it.

Marks that overlap one another make a cluster. Within it every gold span has a lane above the text, by its depth, and
every system its lanes below, the same in all clusters, so that a system is always found in the same place. A cluster
is drawn in pieces that do not wrap: it is cut at the edges of the rows, and where it is long.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from tyez_bench.model.documents import Document
from tyez_bench.report.html.elements import shown
from tyez_bench.report.html.marks import GOLD, Mark

# In characters as they are shown: longer than nearly all names, and short enough for the screen of a telephone.
LONGEST = 16

# What may not begin a line, and what may not end one, stays with the piece beside it.
_CLOSING = re.compile(r"[,.;:!?，。、；：！？）》」』】〉”’)\]}%％]{1,3}")
_OPENING = re.compile(r"[（《「『【〈“‘(\[{]{1,3}$")


class Row(Struct, frozen=True):
    """A stretch of the text with lines of its own: a sentence, or a line of the text; the role of a part but body."""

    start: int
    end: int
    role: str = ""


class Placed(Struct, frozen=True):
    """A part of a mark within a piece: its lane, from 1, and whether the mark begins and ends here."""

    mark: Mark
    lane: int
    start: int
    end: int

    @property
    def first(self) -> bool:
        """Whether the mark begins here."""
        return self.start == self.mark.start

    @property
    def last(self) -> bool:
        """Whether the mark ends here."""
        return self.end == self.mark.end


class Piece(Struct, frozen=True):
    """A stretch of a row that does not wrap: marks in ``above`` lanes over the text and ``below`` lanes under it.

    ``edges`` are the offsets where its columns begin, and its end. The lanes below are counted from 1 again. Without
    marks it is plain text, and wraps.
    """

    start: int
    end: int
    edges: tuple[int, ...] = ()
    above: tuple[Placed, ...] = ()
    below: tuple[Placed, ...] = ()
    lanes_above: int = 0
    lanes_below: int = 0


class _Cluster(Struct, frozen=True):
    start: int
    end: int
    above: tuple[tuple[Mark, int], ...]
    below: tuple[tuple[Mark, int], ...]
    lanes_above: int
    lanes_below: int


def rows_of(document: Document) -> list[Row]:
    """The rows of a document, which together are its text: sentences where it has any, else lines."""
    sentences = {sentence.start for sentence in document.sentences}
    sections = {section.start: section for section in document.sections}
    cuts = {0, *sentences, *sections}
    if not sentences:
        cuts.update(match.end() for match in re.finditer("\n", document.text))
    ordered = [*sorted(cut for cut in cuts if cut < len(document.text)), len(document.text)]
    rows = []
    for start, end in pairwise(ordered):
        section = sections.get(start)
        rows.append(Row(start, end, section.role if section and section.role != "body" else ""))
    return rows


def pieces_of(document: Document, marks: Sequence[Mark], systems: int) -> list[tuple[Row, list[Piece]]]:
    """Each row with its pieces, in order; together the pieces of a row are its text."""
    clusters = list(_clusters([mark for mark in marks if mark.start < mark.end], systems))
    found = []
    at = 0
    for row in rows_of(document):
        while at < len(clusters) and clusters[at].end <= row.start:
            at += 1
        of_row = []
        for cluster in clusters[at:]:
            if cluster.start >= row.end:
                break
            of_row.append(cluster)
        found.append((row, list(_in_row(row, of_row, document.text))))
    return found


def _clusters(marks: Sequence[Mark], systems: int) -> Iterator[_Cluster]:
    group: list[Mark] = []
    end = 0
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, m.lane, m.type)):
        if group and mark.start >= end:
            yield _stacked(group, end, systems)
            group = []
        group.append(mark)
        end = max(end, mark.end) if len(group) > 1 else mark.end
    if group:
        yield _stacked(group, end, systems)


def _stacked(group: Sequence[Mark], end: int, systems: int) -> _Cluster:
    """Give each mark of a cluster its lane: the first of its side that is free from its start on."""
    above, lanes_above = _packed([mark for mark in group if mark.lane == GOLD])
    below: list[tuple[Mark, int]] = []
    lanes_below = 0
    for system in range(1, systems + 1):
        packed, lanes = _packed([mark for mark in group if mark.lane == system])
        below.extend((mark, lanes_below + lane) for mark, lane in packed)
        lanes_below += max(1, lanes)
    return _Cluster(group[0].start, end, tuple(above), tuple(below), lanes_above, lanes_below)


def _packed(marks: Sequence[Mark]) -> tuple[list[tuple[Mark, int]], int]:
    """Marks in the order of (start, −end) with their lanes, and how many lanes there are."""
    ends: list[int] = []
    packed = []
    for mark in marks:
        lane = next((number for number, end in enumerate(ends) if end <= mark.start), len(ends))
        if lane == len(ends):
            ends.append(mark.end)
        ends[lane] = mark.end
        packed.append((mark, lane + 1))
    return packed, len(ends)


def _in_row(row: Row, clusters: Sequence[_Cluster], text: str) -> Iterator[Piece]:
    at = row.start
    for number, cluster in enumerate(clusters):
        start, end = max(at, cluster.start), min(row.end, cluster.end)
        before = _OPENING.search(text, at, start)
        following = clusters[number + 1].start if number + 1 < len(clusters) else row.end
        after = _CLOSING.match(text, end, min(row.end, following))
        start, end = before.start() if before else start, after.end() if after else end
        if at < start:
            yield Piece(at, start)
        for begin, stop in pairwise(_cuts(text, start, end)):
            yield _piece(cluster, begin, stop)
        at = end
    if at < row.end:
        yield Piece(at, row.end)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where a stretch is cut, its ends among it: into parts as wide as one another, so that none is a comma alone."""
    widths = [len(shown(c)) for c in text[start:end]]
    parts = -(-sum(widths) // LONGEST)
    widest = -(-sum(widths) // parts)
    cuts, filled = [start], 0
    for at, width in enumerate(widths, start):
        if filled and filled + width > widest:
            cuts.append(at)
            filled = 0
        filled += width
    return [*cuts, end]


def _piece(cluster: _Cluster, start: int, end: int) -> Piece:
    def within(marks: Sequence[tuple[Mark, int]]) -> tuple[Placed, ...]:
        return tuple(
            Placed(mark, lane, max(start, mark.start), min(end, mark.end))
            for mark, lane in marks
            if mark.start < end and start < mark.end
        )

    above, below = within(cluster.above), within(cluster.below)
    edges = {start, end, *(edge for placed in (*above, *below) for edge in (placed.start, placed.end))}
    return Piece(start, end, tuple(sorted(edges)), above, below, cluster.lanes_above, cluster.lanes_below)
