"""Offsets that fit the gold when they are read otherwise: in another unit, with other ends, counted from 1.

A span without a text of its own can't be proved wrong. But where spans have the boundaries of the gold's under one
reading, and hardly any has them under the other, the file means the one. That is said, and changes nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.records import Place
from tyez_bench.io.align.texts import UNITS, WORDS, code_points_at, first_told
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.record import Fidelity, Record
from tyez_bench.io.registry import WITH_ENDS, WITH_OFFSETS

Bounds = tuple[int, int]
# As how many a span counts that is moved further than systems err at an edge.
_FAR = 3


class _Part(NamedTuple):
    """What one record is compared by: its text, its spans, those that fit as they are read, and the gold's.

    The text begins at ``shift`` in the document of the gold's spans.
    """

    text: str
    spans: tuple[Bounds, ...]
    right: frozenset[Bounds]
    gold: frozenset[Bounds]
    shift: int

    def fits(self, span: Bounds) -> bool:
        """Whether a span has the boundaries of one of the gold's."""
        return (span[0] + self.shift, span[1] + self.shift) in self.gold


class _Reading(NamedTuple):
    """Another way to read offsets.

    ``told`` gives the spans of a part that it reads otherwise than as code points, ``moved`` makes the function that
    reads one. At least ``least`` must fit, of those told apart one in ``share``, and more than ``times`` as many as
    do as they are read. ``offsets`` is how the option says it.
    """

    words: str
    offsets: str
    told: Callable[[_Part], Sequence[Bounds]]
    moved: Callable[[str], Callable[[Bounds], Bounds | None]]
    least: int
    times: int
    share: int


def _in_unit(unit: str) -> _Reading:
    def told(part: _Part) -> Sequence[Bounds]:
        first = first_told(part.text, unit)
        return () if first is None else [span for span in part.spans if span[1] > first]

    def moved(text: str) -> Callable[[Bounds], Bounds | None]:
        at = code_points_at(text, unit)
        return lambda span: (at[span[0]], at[span[1]]) if span[0] in at and span[1] in at else None

    return _Reading(f"offsets count {unit}", WORDS[unit], told, moved, 2, 4, 3)


def _by(words: str, start: int, end: int, offsets: str) -> _Reading:
    def moved(_: str) -> Callable[[Bounds], Bounds | None]:
        return lambda span: (span[0] + start, span[1] + end)

    # Systems may well be a character off at an edge: more must speak for it.
    return _Reading(words, offsets, lambda part: part.spans, moved, 3, 8, 2)


# The first of those that fit alike is named.
_READINGS = (
    *map(_in_unit, UNITS),
    _by("ends are last characters", 0, 1, "inclusive"),
    _by("offsets are counted from 1", -1, -1, "from-1"),
    _by("offsets are counted from 1, and ends are last characters", -1, 0, "inclusive,from-1"),
)


def misread(
    records: Sequence[Record],
    places: Sequence[Place],
    gold: Gold,
    label_map: LabelMap,
    ignored: Collection[str],
    format: str | None,
) -> dict[str, Any]:
    """The reading under which many more spans have the boundaries of a gold span; empty without one.

    Labels that are ``ignored`` or out of scope are not looked at, nor spans with texts of their own: these tell. ``if``
    is the reading in words, ``fit`` how many spans fit it, ``as_read`` how many as they were read, ``of`` how many the
    two readings tell apart, ``offsets`` what says it to a reader of the ``format`` (None: somebody has said it).
    """
    known = {*label_map.labels, *label_map.unknown_to_gold} - set(ignored)
    labels = {label for label in known if label_map.target(label) is not None}
    parts = list(_parts(records, places, gold, labels))
    best: dict[str, Any] = {}
    for reading in _READINGS:
        found = [(part, told) for part in parts if (told := reading.told(part))]
        total = sum(len(told) for _, told in found)
        as_read = sum(span in part.right for part, told in found for span in told)
        least = max(reading.times * as_read + 1, -(-total // reading.share), best.get("fit", 0) + 1)
        if total < least:
            continue
        fitting = [pair for part, told in found for pair in _fitting(part, told, reading)]
        fit = len(fitting)
        weight = sum(_FAR if abs(there[0] - span[0]) > 1 else 1 for span, there in fitting)
        if fit >= least and weight >= reading.least:
            best = {"if": reading.words, "fit": fit, "as_read": as_read, "of": total}
            if format in WITH_OFFSETS and not ("inclusive" in reading.offsets and format in WITH_ENDS):
                best["offsets"] = reading.offsets
    return best


def _fitting(part: _Part, told: Sequence[Bounds], reading: _Reading) -> Iterator[tuple[Bounds, Bounds]]:
    """The spans that fit under a reading, each with where it is then."""
    moved = reading.moved(part.text)
    for span in told:
        there = moved(span)
        if there is not None and part.fits(there):
            yield span, there


def _parts(records: Sequence[Record], places: Sequence[Place], gold: Gold, labels: Collection[str]) -> Iterator[_Part]:
    bounds: Mapping[str, frozenset[Bounds]] = {
        document.id: frozenset((entity.start, entity.end) for entity in document.entities) for document in gold
    }
    for record, place in zip(records, places, strict=True):
        if place.document is None or record.fidelity is not Fidelity.EXACT:
            continue
        text = place.text or ""
        spans = tuple((s.start, s.end) for s in record.spans if s.text is None and s.label in labels)
        if spans and record.text in (None, text):
            at, own = place.start, bounds[place.document.id]
            right = frozenset(span for span in spans if (span[0] + at, span[1] + at) in own)
            yield _Part(text, spans, right, own, at)
