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

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from tyez_bench.io.align.records import Place
from tyez_bench.io.align.texts import WORDS, code_points_at, width
from tyez_bench.io.record import Options, Record
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
        raise ValueError(f"{name} has an edge inside a character, where offsets count {self.unit}")

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
            f"{name}: offsets that count {offsets.unit} need the text, which the record has not",
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
