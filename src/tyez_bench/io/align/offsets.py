"""The unit, the origin and the end of a file's offsets, as in ``--offsets utf-16,inclusive``.

The default is code points from 0, with exclusive ends. The option takes a unit,
``inclusive``, ``from-1``, or a comma-separated list of these:

- ``code-points``: characters of Unicode, as Python counts them
- ``utf-16``: UTF-16 code units, as in JavaScript, Java and C#; two for most emoji and for rare characters (𠮷)
- ``utf-8``: bytes, as in Go, Rust and C; three for most Chinese characters
- ``graphemes``: grapheme clusters, as in Swift; one for an emoji of several parts, for a letter with its marks and
  for a line end CR LF
- ``crlf-as-one``: code points, with CR LF as one character, as in a text opened in text mode
- ``crlf-as-two``: code points of a text whose line feeds were written as CR LF
- ``inclusive``: an end is the last code unit, byte … of a span
- ``from-1``: the first character is 1

Offsets are converted by the record's text, or without one by its text in the gold. An offset
outside the text or inside a character is refused in one line. The option works for native (also for a gold set,
unless it has sentences or other offsets besides its entities'), hf, doccano, cluener (whose ends are always
inclusive), label-studio, brat, and the field maps that don't set it themselves. Other formats have no offsets, or
fixed ones, and refuse it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from msgspec.structs import replace

from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.places import Place
from tyez_bench.io.align.texts import UNITS, WORDS, code_points_at, first_told, width
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.record import Fidelity, Options, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import UsageError

CODE_POINTS = "code points"
_UNITS = {"code-points": CODE_POINTS} | {word: unit for unit, word in WORDS.items()}
_INCLUSIVE, _FROM_1 = "inclusive", "from-1"
EXPECTED = f"one of {', '.join(_UNITS)}; {_INCLUSIVE} and {_FROM_1} may be added after a comma"


class Offsets(NamedTuple):
    """What offsets count, whether ends are last characters, and what the first character counts as."""

    unit: str = CODE_POINTS
    inclusive: bool = False
    first: int = 0

    def placed(self, start: int, end: int, label: str, text: str | None) -> tuple[int, int]:
        """The half-open place of a span as the file has it: in code points, or without a text in the unit.

        Raises ValueError for one that is nowhere.
        """
        first, behind = start - self.first, end - self.first + self.inclusive
        if not 0 <= first < behind:
            from_1 = ", counted from 1" if self.first else ""
            raise ValueError(f"{label} {start}–{end} is empty, reversed or negative{from_1}")
        # Half-open code points are looked up where they are read.
        return (first, behind) if text is None or self == _PLAIN else self.converted(first, behind, label, text)

    def converted(self, start: int, end: int, label: str, text: str) -> tuple[int, int]:
        """A half-open place in the unit as one in code points. Raises ValueError for one that is nowhere."""
        found = (
            (start, end) if self.unit == CODE_POINTS else tuple(_table(text, self.unit).get(n) for n in (start, end))
        )
        first, behind = found
        if first is not None and behind is not None and behind <= len(text):
            return first, behind
        # As the file has it.
        name, size = f"{label} {start + self.first}–{end + self.first - self.inclusive}", self.width(text)
        if end > size:
            raise ValueError(f"{name} is outside the text, which has {size} {self.unit}")
        raise ValueError(f"{name} has an edge inside a character if offsets count {self.unit}")

    def width(self, text: str) -> int:
        """How many units a text has."""
        return len(text) if self.unit == CODE_POINTS else width(text, self.unit)


_PLAIN = Offsets()


@lru_cache(maxsize=2)
def _table(text: str, unit: str) -> dict[int, int]:
    """As :func:`code_points_at`, made once for the spans of a text."""
    return code_points_at(text, unit)


@cache
def parse(text: str) -> Offsets:
    """Offsets from the words of the option. Raises UsageError.

    >>> parse("utf-16,inclusive")
    Offsets(unit='UTF-16 code units', inclusive=True, first=0)
    """
    words = text.split(",")
    units = [word for word in words if word in _UNITS]
    if len(units) > 1 or len(set(words)) < len(words) or set(words) - {*units, _INCLUSIVE, _FROM_1}:
        raise UsageError(f"offsets are {text!r}, expected {EXPECTED}")
    return Offsets(_UNITS[units[0]] if units else CODE_POINTS, _INCLUSIVE in words, int(_FROM_1 in words))


def offsets_of(options: Options) -> Offsets:
    """What the options say, or half-open code points from 0. Raises UsageError."""
    return _PLAIN if options.offsets is None else parse(options.offsets)


def unit_of(options: Options) -> str | None:
    """What offsets were said to count, if not code points."""
    unit = offsets_of(options).unit
    return None if unit == CODE_POINTS else unit


def on_texts(records: Sequence[Record], places: Sequence[Place], options: Options, source: Source) -> list[Record]:
    """The records, those without texts with offsets in code points of the text that they are for. Raises InputError."""
    offsets = offsets_of(options)
    if offsets.unit == CODE_POINTS:
        return list(records)
    return [
        record if record.text is not None else _on_text(record, place, offsets, source)
        for record, place in zip(records, places, strict=True)
    ]


def _on_text(record: Record, place: Place, offsets: Offsets, source: Source) -> Record:
    if not record.spans:
        return record
    name = record.id or place.name
    if place.text is None:
        raise source.error(
            f"{name}: offsets that count {offsets.unit} need the text, but the record has none",
            record.line,
            record.path,
        )
    spans = []
    for span in record.spans:
        try:
            start, end = offsets.converted(span.start, span.end, span.label, place.text)
        except ValueError as error:
            raise source.error(f"{name}: {error}", record.line, record.path) from None
        spans.append(replace(span, start=start, end=end))
    return replace(record, spans=tuple(spans))


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


@cache
def _readings() -> tuple[_Reading, ...]:
    # The first of those that fit alike is named.
    return (
        *map(_in_unit, UNITS),
        _by("ends are inclusive", 0, 1, "inclusive"),
        _by("offsets are counted from 1", -1, -1, "from-1"),
        _by("offsets are counted from 1, and ends are inclusive", -1, 0, "inclusive,from-1"),
    )


def misread(
    records: Sequence[Record],
    places: Sequence[Place],
    gold: Gold,
    label_map: LabelMap,
    ignored: Collection[str],
    says: Callable[[str], bool],
) -> dict[str, Any]:
    """The reading of offsets under which many more spans have the boundaries of a gold span; empty without one.

    A span without a text of its own can't be proved wrong. But where spans have the boundaries of the gold's under one
    reading, and hardly any has them under the other, the file means the one. That is said, and changes nothing.
    Labels that are ``ignored`` or out of scope are not looked at, nor spans with texts of their own: these tell. ``if``
    is the reading in words, ``fit`` how many spans fit it, ``as_read`` how many as they were read, ``of`` how many the
    two readings tell apart, ``offsets`` how the option says it, where it ``says`` anything.
    """
    known = {*label_map.labels, *label_map.unknown_to_gold} - set(ignored)
    labels = {label for label in known if label_map.target(label) is not None}
    parts = list(_parts(records, places, gold, labels))
    best: dict[str, Any] = {}
    for reading in _readings() if parts else ():
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
            if says(reading.offsets):
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
