"""Offsets in units other than code points: UTF-16 code units, as JavaScript and Java count, and UTF-8 bytes."""

from collections.abc import Iterable
from itertools import accumulate

from tyez_bench.formats.record import RawSpan

_WIDTHS = (("UTF-16 code units", "utf-16-le", 2), ("UTF-8 bytes", "utf-8", 1))


def shift_hint(text: str, surface: str | None, start: int) -> str:
    """Say when the surface stands where the offset would lead if it counted another unit."""
    for unit, codec, size in _WIDTHS if surface else ():
        at = len(text.encode(codec, "surrogatepass")[: start * size].decode(codec, errors="ignore"))
        if at != start and text.startswith(surface or "", at):
            return f" (it stands at {at}: are the offsets {unit}, and not code points?)"
    return ""


def code_points_at(text: str, unit: str) -> dict[int, int]:
    """By the offset in another unit, that in code points; edges inside a character are not there."""
    codec, size = next((codec, size) for name, codec, size in _WIDTHS if name == unit)
    widths = (len(c.encode(codec, "surrogatepass")) // size for c in text)
    return {offset: index for index, offset in enumerate(accumulate(widths, initial=0))}


def _fits(text: str, spans: Iterable[RawSpan]) -> bool:
    return all(s.end <= len(text) and (s.text is None or text[s.start : s.end] == s.text) for s in spans)


def in_code_points(text: str, spans: tuple[RawSpan, ...]) -> tuple[str, tuple[RawSpan, ...]] | None:
    """The unit that the spans' offsets count, and the spans in code points; None when there is no saying.

    That needs spans with surfaces that do not fit as code points, and one other unit in which all of them fit.
    """
    if not any(span.text for span in spans) or _fits(text, spans):
        return None
    for unit, _, _ in _WIDTHS:
        at = code_points_at(text, unit)
        if all(span.start in at and span.end in at for span in spans):
            moved = tuple(span._replace(start=at[span.start], end=at[span.end]) for span in spans)
            if _fits(text, moved):
                return unit, moved
    return None
