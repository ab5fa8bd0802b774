"""From a record's text to the gold's, and from offsets that count something else to code points.

One place says what may be wrong with a span whose text is not what its offsets lead to, whatever format it comes from.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from msgspec.structs import replace

from tyez_bench.model.errors import MissingExtraError
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span


def align_hint() -> str:
    """What to do about a text that is the gold's but for differences that do no harm."""
    return advice("pass {align} to ignore such differences", align=True)


Projection = list[tuple[int, int] | None]
"""For each character of a text the half-open span of the other text that it became; None where it has none there."""


class Folded(NamedTuple):
    """A text reduced to what is compared, and for each character left the index of the one that it comes from."""

    text: str
    owners: Sequence[int]


def whole(text: str) -> Folded:
    """The text as it is."""
    return Folded(text, range(len(text)))


def squeezed(text: str) -> Folded:
    """The text without its white space."""
    if text.split() == [text]:
        return whole(text)
    kept = [(index, c) for index, c in enumerate(text) if not c.isspace()]
    return Folded("".join(c for _, c in kept), [index for index, _ in kept])


def harmless(text: str) -> Folded:
    """The text without what ``--align`` passes over: each character in NFKD, and no white space.

    Full-width and half-width, composed and decomposed forms become the same.
    """
    kept = [
        (index, part)
        for index, c in enumerate(text)
        for part in (c if c.isascii() else unicodedata.normalize("NFKD", c))
        if not part.isspace()
    ]
    return Folded("".join(part for _, part in kept), [index for index, _ in kept])


def project(text: Folded, size: int, gold: Folded) -> Projection:
    """The characters of a text of ``size`` characters on the gold's, both folded. Raises ValueError unless equal."""
    if text.text != gold.text:
        raise ValueError(first_difference(text.text, gold.text))
    found: Projection = [None] * size
    for owner, target in zip(text.owners, gold.owners, strict=True):
        known = found[owner]
        found[owner] = (target, target + 1) if known is None else (known[0], target + 1)
    return found


def copied(text: str, gold: str) -> tuple[Projection, int]:
    """The characters of a model's copy on the gold's, by the fewest edits, and how many these are."""
    if text == gold:
        return [(index, index + 1) for index in range(len(text))], 0
    try:
        from rapidfuzz.distance import Levenshtein
    except ImportError:
        raise MissingExtraError("rapidfuzz", "llm") from None
    found: Projection = [None] * len(text)
    edits = 0
    for step in Levenshtein.opcodes(text, gold):
        if step.tag == "equal":
            for index in range(step.src_end - step.src_start):
                at = step.dest_start + index
                found[step.src_start + index] = (at, at + 1)
        else:
            edits += max(step.src_end - step.src_start, step.dest_end - step.dest_start)
    return found, edits


def is_copy(edits: int, gold: str) -> bool:
    """Whether a text that is so many edits away from the gold's is a copy of it: one with half of it or more."""
    return 2 * edits <= len(gold)


def moved(start: int, end: int, projection: Projection) -> tuple[int, int] | None:
    """Where a span went: from its first to its last character that has a counterpart; None when none has."""
    first = next((place for place in projection[start:end] if place is not None), None)
    last = next((place for place in reversed(projection[start:end]) if place is not None), None)
    return None if first is None or last is None else (first[0], last[1])


def shared(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def first_difference(text: str, gold: str) -> str:
    """The first character in which a record's text and the gold's differ, in words."""
    at = shared(text, gold)
    has, expected = (repr(t[at]) if at < len(t) else "nothing more" for t in (text, gold))
    return f"first difference at character {at} (record has {has}, gold has {expected})"


_JOINER = "\u200d"
_EXTENDS = frozenset("\u200d\ufe0e\ufe0f")


def _utf16(text: str) -> Iterator[int]:
    return (2 if c > "\uffff" else 1 for c in text)


def _bytes(text: str) -> Iterator[int]:
    return (1 if c < "\x80" else 2 if c < "\u0800" else 3 if c < "\U00010000" else 4 for c in text)


def _graphemes(text: str) -> Iterator[int]:
    """1 where a character that is seen begins, 0 where it goes on: marks, joined emoji, flags, CR and LF."""
    before, flags = "", 0
    for c in text:
        flag = "\U0001f1e6" <= c <= "\U0001f1ff"
        flags = flags + 1 if flag else 0
        goes_on = (
            c in _EXTENDS
            or "\U0001f3fb" <= c <= "\U0001f3ff"
            or "\U000e0020" <= c <= "\U000e007f"
            or (c >= "\u0300" and unicodedata.category(c) in ("Mn", "Me", "Mc"))
            or before == _JOINER
            or (flag and flags % 2 == 0)
            or (before, c) == ("\r", "\n")
        )
        yield 0 if before and goes_on else 1
        before = c


def _line_ends_as_one(text: str) -> Iterator[int]:
    return (0 if c == "\n" and before == "\r" else 1 for before, c in zip(" " + text, text, strict=False))


def _line_ends_as_two(text: str) -> Iterator[int]:
    return (2 if c == "\n" and before != "\r" else 1 for before, c in zip(" " + text, text, strict=False))


UTF_8 = "UTF-8 bytes"
_WIDTHS = {
    "UTF-16 code units": _utf16,
    UTF_8: _bytes,
    # Before grapheme clusters, which count a CR LF as one, too.
    "line ends CR LF as one character": _line_ends_as_one,
    "line ends as CR LF": _line_ends_as_two,
    "grapheme clusters": _graphemes,
}
UNITS = tuple(_WIDTHS)
# What the option of the units is told.
WORDS = {
    "UTF-16 code units": "utf-16",
    "UTF-8 bytes": "utf-8",
    "line ends CR LF as one character": "crlf-as-one",
    "line ends as CR LF": "crlf-as-two",
    "grapheme clusters": "graphemes",
}
# What a text has in which the offsets of a unit may be others than code points.
_TOLD_BY = {
    "UTF-16 code units": "[\U00010000-\U0010ffff]",
    "UTF-8 bytes": "[^\0-\x7f]",
    "line ends CR LF as one character": "\r\n",
    "line ends as CR LF": "(?<!\r)\n",
    "grapheme clusters": (
        "\r\n|[^\0-\u02ff\u2010-\u20cf\u2100-\u2bff\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7ff\uff00-\uffef]"
    ),
}
_OF_LINE_ENDS = ("line ends CR LF as one character", "line ends as CR LF")


@cache
def _told_by(unit: str) -> re.Pattern[str]:
    return re.compile(_TOLD_BY[unit])


def code_points_at(text: str, unit: str) -> dict[int, int]:
    """By the offset in another unit, that in code points; edges inside a character are not there."""
    return {offset: index for index, offset in enumerate(accumulate(_WIDTHS[unit](text), initial=0))}


def spans_nowhere(text: str, unit: str, spans: Iterable[tuple[int, int]]) -> int:
    """How many spans of a text would begin or end inside a character, or behind the text, in another unit.

    >>> spans_nowhere("在太原", UTF_8, [(0, 1), (0, 3)])
    1
    """
    if _told_by(unit).search(text) is None:
        return 0
    if unit == UTF_8:
        # No byte that goes on with a character is where one begins.
        data = text.encode("utf-8")
        size = len(data)
        data += b" "
        return sum(
            start > size or end > size or data[start] & 0xC0 == 0x80 or data[end] & 0xC0 == 0x80 for start, end in spans
        )
    edges = set(accumulate(_WIDTHS[unit](text), initial=0))
    return sum(start not in edges or end not in edges for start, end in spans)


def any_tells(texts: Iterable[str], unit: str) -> bool:
    """Whether any of the texts has something by which the unit differs from code points."""
    return any(map(_told_by(unit).search, texts))


def width(text: str, unit: str) -> int:
    """How many units a text has."""
    return sum(_WIDTHS[unit](text))


def first_told(text: str, unit: str) -> int | None:
    """The first character that is not one of the unit: edges behind it tell the unit from code points; None without."""
    # To look for a character takes no time, to look for what is not before one much of it.
    if (unit in _OF_LINE_ENDS and "\n" not in text) or _told_by(unit).search(text) is None:
        return None
    return next((index for index, width in enumerate(_WIDTHS[unit](text)) if width != 1), None)


def lengths(text: str) -> set[int]:
    """How long a text is, in each of the units that offsets may count beside code points."""
    return {sum(width(text)) for width in _WIDTHS.values()}


def shift_hint(text: str, surface: str | None, start: int, end: int | None = None, *, align: bool = True) -> str:
    """Say what would make the surface right: another unit, another end, white space; empty where nothing would.

    Of a span without a surface, what would put it inside the text. ``align``: whether the reader leaves it to --align
    to convert.

    >>> shift_hint("在太原市", "太原市", 1, 3)
    " (is its end offset inclusive?); pass offsets='inclusive'"
    """
    if surface is None and end is not None and start >= 0:
        return _outside_hint(text, start, end)
    if not surface or start < 0 or text[start:end] == surface:
        return ""
    if end is not None:
        if text[start : end + 1] == surface:
            return " (is its end offset inclusive?)" + _advice("inclusive")
        if _squeezed(text[start:end]) == _squeezed(surface):
            return " (only white space differs)" + (advice("pass {align} to ignore it", align=True) if align else "")
    begun = ""
    for unit in _WIDTHS:
        offsets = code_points_at(text, unit)
        at = offsets.get(start)
        if at is not None and at != start and text.startswith(surface, at):
            said = f" (it is at {at}: do the offsets count {unit} instead of code points?)"
            if end is None or offsets.get(end) == at + len(surface):
                convert = advice("pass {align} to convert them", align=True) if align else ""
                return said + convert + _advice(WORDS[unit])
            begun = begun or said
    if end is not None and start:
        if text[start - 1 : end] == surface:
            return " (is its start counted from 1, and its end inclusive?)" + _advice("inclusive,from-1")
        if text[start - 1 : end - 1] == surface:
            return " (are the offsets counted from 1?)" + _advice("from-1")
    return begun


def _advice(words: str) -> str:
    return advice("pass {offsets}", offsets=words)


def _outside_hint(text: str, start: int, end: int) -> str:
    if end <= len(text):
        return ""
    for unit in UNITS:
        at = code_points_at(text, unit)
        if start in at and end in at:
            return f" (do the offsets count {unit} instead of code points?)" + _advice(WORDS[unit])
    return " (are the offsets counted from 1?)" + _advice("from-1") if start and end == len(text) + 1 else ""


def _squeezed(text: str) -> str:
    return "".join(text.split())


def differs_in_blanks(text: str, span: Span) -> bool:
    """Whether nothing but white space keeps a span's own text from being what its offsets lead to."""
    found = text[span.start : span.end]
    return span.text is not None and span.text != found and _squeezed(found) == _squeezed(span.text) != ""


def _fits(text: str, spans: Iterable[Span]) -> bool:
    return all(s.end <= len(text) and _is_at(s, text[s.start : s.end]) for s in spans)


def _is_at(span: Span, surface: str) -> bool:
    if span.text is not None:
        return span.text == surface
    return span.word is None or not is_other_word(span.word, surface)


def in_code_points(text: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]] | None:
    """The unit that the spans' offsets count, and the spans in code points; None when there is no saying.

    That needs spans with surfaces (or a tokenizer's words) that do not fit as code points, and one other unit in which
    all of them fit.
    """
    if not any(span.text or span.word for span in spans) or _fits(text, spans):
        return None
    for unit in _WIDTHS:
        at = code_points_at(text, unit)
        if all(span.start in at and span.end in at for span in spans):
            moved = tuple(replace(span, start=at[span.start], end=at[span.end]) for span in spans)
            if _fits(text, moved):
                return unit, moved
    return None


def is_other_word(word: str, surface: str) -> bool:
    """Whether what a tokenizer calls a word is certainly not the text at a span.

    Marks of pieces, white space, case, width and accents are passed over, and so are words in other characters than
    Chinese ones, letters and digits, as those of tokenizers that work on bytes.
    """
    told = _folded(word)
    readable = told and all(c.isascii() or _is_chinese(c) for c in _without_marks(word))
    return bool(readable) and "[unk]" not in told and told != _folded(surface)


def as_text(word: str | None) -> str | None:
    """What a tokenizer calls a word as a text would have it: without marks, and without blanks beside Chinese ones.

    >>> as_text("王 小 明"), as_text("New York"), as_text("##明")
    ('王小明', 'New York', '明')
    """
    if word is None:
        return None
    parts = _without_marks(word).split()
    joined = "".join(parts[:1])
    for part in parts[1:]:
        joined += part if _is_chinese(joined[-1]) or _is_chinese(part[0]) else f" {part}"
    return joined


def _is_chinese(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" or character > "\U00020000"


def _without_marks(word: str) -> str:
    return word.replace("##", "").replace("▁", " ").replace("Ġ", " ")


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", _without_marks(text))
    return "".join(c for c in plain if not c.isspace() and not unicodedata.combining(c)).casefold()
