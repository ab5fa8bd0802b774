"""Records of JSON (and of Parquet) read by a field map.

A record is read only when all that looks like a span in it is. Where an end is told by the spans' own texts, those of
the whole file must say the same: a span from 7 to 8 called 太原 has the last character as its end, one from 7 to 9 the
place behind it. Records without ids and texts are told by their order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tyez_bench.errors import UsageError
from tyez_bench.formats.field_maps import FieldMap
from tyez_bench.formats.fields import shown
from tyez_bench.formats.members import decided, id_in, member, unpaired, value_of
from tyez_bench.formats.offsets import CODE_POINTS, Offsets, offsets_of
from tyez_bench.formats.record import Fidelity, Mention, Options, RawSpan, Record
from tyez_bench.formats.rows import rows
from tyez_bench.formats.shifted import UNITS
from tyez_bench.formats.source import Source
from tyez_bench.formats.stated import StatedSpan, looks_like_span, span_in
from tyez_bench.formats.tagged import read_tags
from tyez_bench.formats.tokens import Bounds, joined
from tyez_bench.formats.unread import check_all_read
from tyez_bench.hints import advice


@dataclass
class _Parsed:
    """A record before it is known what its ends are."""

    line: int
    id: str | None
    text: str | None
    tokens: list[Bounds] | None = None
    spans: list[StatedSpan] = field(default_factory=list)
    rejected: bool = False


def read(fields: FieldMap, source: Source, options: Options) -> Iterator[Record]:
    """The records of a file by a map. Raises InputError, UsageError for offsets that are others than the map's."""
    offsets = _offsets(fields, options, source)
    found = list(rows(source, fields))
    if fields.annotator and options.annotator is not None:
        found = _made_by(options.annotator, found, fields, source)
    if fields.tags:
        yield from read_tags(fields, found, source, options)
        return
    if fields.bare and found and looks_like_span(found[0][1], fields):
        # The result for a single text.
        found = [(found[0][0], [value for _, value in found])]
    parsed = []
    for line, value in found:
        try:
            parsed.append(_parse(line, value, fields, options))
        except ValueError as error:
            raise source.error(str(error), line) from None
    if fields.ends == "surface" and not offsets.inclusive:
        offsets = offsets._replace(inclusive=_inclusive(parsed, offsets, source))
    for one in parsed:
        try:
            yield _record(one, fields, offsets, whole=options.offsets is not None or offsets.unit in UNITS)
        except ValueError as error:
            raise source.error(str(error), one.line) from None


def _offsets(fields: FieldMap, options: Options, source: Source) -> Offsets:
    """What the offsets are by the map, or by the options where it says nothing of them. Raises UsageError."""
    offsets = offsets_of(options)
    if options.offsets is not None:
        what = f"{source.name}: offsets are said to be {options.offsets}, and the field map {fields.name}"
        if fields.tags:
            raise UsageError(f"{what} reads tags: expected a format with offsets")
        if fields.unit != CODE_POINTS:
            raise UsageError(f'{what} says it itself: unit = "{fields.unit}"')
        if offsets.inclusive and fields.ends == "inclusive":
            raise UsageError(f'{what} says it itself: ends = "inclusive"')
        if offsets.inclusive and fields.has_lengths:
            raise UsageError(f"{what} reads lengths, which have no ends")
    unit = offsets.unit if fields.unit == CODE_POINTS else fields.unit
    return offsets._replace(unit=unit, inclusive=offsets.inclusive or fields.ends == "inclusive")


def _made_by(annotator: str, found: list[tuple[int, Any]], fields: FieldMap, source: Source) -> list[tuple[int, Any]]:
    """The records of one annotator. Raises InputError where there are none."""
    who = [str(value_of(value, fields.annotator)[1]) if isinstance(value, Mapping) else "" for _, value in found]
    chosen = [one for one, name in zip(found, who, strict=True) if name == annotator]
    if not chosen:
        raise source.error(f"has no record by {annotator!r}, expected one of: {', '.join(sorted(set(who) - {''}))}")
    return chosen


def _parse(line: int, value: Any, fields: FieldMap, options: Options) -> _Parsed:
    value = unpaired(value, fields)
    if fields.bare and isinstance(value, list):
        value = {"": value}
        items, key = value[""], "the record"
        id_, text, tokens = None, None, None
    elif not isinstance(value, Mapping):
        raise ValueError(f"expected a JSON object, got {shown(value)}")
    else:
        if fields.spans:
            check_all_read(value, fields.read, fields.name)
        id_ = id_in(value, fields)
        text, tokens = _text(value, fields)
        if not decided(value, fields):
            return _Parsed(line, id_, text, rejected=True)
        items, key = _items(value, fields)
    spans = [span_in(item, label, fields, key) for label, item in _labelled(items, fields, key)]
    return _Parsed(line, id_, text, tokens, spans)


def _text(value: Mapping[str, Any], fields: FieldMap) -> tuple[str | None, list[Bounds] | None]:
    """The text, and where its tokens are if it is a list of them."""
    key, text = value_of(value, fields.text)
    if key is None:
        tokens = next((key for key in value if key not in fields.read and _are_strings(value[key])), None)
        if tokens is not None:
            how = advice("a file of --fields with unit says what they count")
            raise ValueError(f"has {tokens!r} in the place of a text: its offsets may count these{how}")
        return None, None
    if fields.unit == "tokens":
        if not isinstance(text, list) or not all(isinstance(token, str) and token for token in text):
            raise ValueError(f"expected a list of tokens as {key}, got {shown(text)}")
        return joined(text)
    if not isinstance(text, str):
        raise ValueError(f"expected a string as {key}, got {shown(text)}")
    return text, None


def _are_strings(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 1 and all(isinstance(part, str) for part in value)


def _items(value: Mapping[str, Any], fields: FieldMap) -> tuple[Any, str]:
    if not fields.spans:
        return value, "the record"
    keys = [key for key in fields.spans if member(value, key)[0]]
    if not keys and fields.optional:
        return [], ""
    if len(keys) != 1:
        found = " and ".join(keys) or "none of them"
        if len(fields.spans) == 1:
            raise ValueError(f"has no {fields.spans[0]}, expected its spans there")
        raise ValueError(f"expected the spans under one of {', '.join(fields.spans)}, got {found}")
    return member(value, keys[0])[1], keys[0]


def _labelled(items: Any, fields: FieldMap, key: str) -> Iterator[tuple[str | None, Any]]:
    """The spans, with the label under which each stands where they stand under labels."""
    if items is None and fields.optional:
        return
    if not fields.by_label:
        if not isinstance(items, list):
            what = f"[{', '.join(fields.span.order)}]" if fields.span.order else "spans"
            raise ValueError(f"expected a list of {what} as {key}, got {shown(items)}")
        yield from ((None, item) for item in items)
        return
    if not isinstance(items, Mapping):
        raise ValueError(f"expected an object of labels as {key}, got {shown(items)}")
    for label, inner in items.items():
        # Parquet has every label of the file in every record.
        if inner is None:
            continue
        if not isinstance(inner, list):
            raise ValueError(f"expected a list of spans as {label}, got {shown(inner)}")
        yield from ((label, item) for item in inner)


def _inclusive(parsed: Sequence[_Parsed], offsets: Offsets, source: Source) -> bool:
    """Whether ends are last characters. Raises InputError where the texts of the spans say neither, or both."""
    first: dict[bool, _Parsed] = {}
    for one in parsed:
        for span in one.spans:
            if span.start is None or span.surface is None or span.length:
                continue
            for inclusive in (False, True):
                if span.end + inclusive - span.start == offsets.width(span.surface):
                    first.setdefault(inclusive, one)
    if len(first) == 2:
        raise source.error(
            f"by the texts of the spans, ends are last characters here and the places behind them in line "
            f"{min(one.line for one in first.values())}, expected one of both in all the file",
            max(one.line for one in first.values()),
        )
    odd = next((one for one in parsed for span in one.spans if not span.length and span.start is not None), None)
    if not first and odd is not None:
        how = advice("--offsets inclusive says the one", "a file of --fields with ends says it")
        raise source.error(
            "no telling whether an end is the last character or the place behind it: no span has a text of its own "
            f"that would say so{how}",
            odd.line,
        )
    return True in first


def _record(one: _Parsed, fields: FieldMap, offsets: Offsets, *, whole: bool) -> Record:
    """The record; ``whole``: its offsets are looked up in its text."""
    spans: list[RawSpan] = []
    names: list[Mention] = []
    if fields.unit in UNITS and one.text is None and one.spans:
        raise ValueError(f"offsets that count {fields.unit} need the text, which the record has not")
    for span in one.spans:
        placed = None if span.start is None else _placed(span, one, offsets, one.text if whole else None)
        surface = span.surface
        if fields.unplaced == "name" and surface:
            trusted = placed is not None and one.text is not None and one.text[placed.start : placed.end] == surface
            if not trusted:
                names.append(Mention(surface, span.label))
                continue
        if placed is None:
            raise ValueError(f"{span.label} has neither a place nor a text")
        spans.append(placed)
    return Record(
        one.line,
        id=one.id,
        text=one.text,
        spans=tuple(spans),
        mentions=tuple(names),
        fidelity=Fidelity.EXACT if one.tokens is None else Fidelity.SQUEEZED,
        rejected=one.rejected,
        told=fields.unit != CODE_POINTS or fields.ends == "inclusive",
    )


def _placed(span: StatedSpan, one: _Parsed, offsets: Offsets, text: str | None) -> RawSpan:
    """A span in code points, half-open; without a text in the unit. Raises ValueError for one that is nowhere."""
    start, end = span.start or 0, span.end
    if span.length:
        end, offsets = start + end, offsets._replace(inclusive=False)
    start, end = offsets.placed(start, end, span.label, text)
    if one.tokens is not None:
        if end > len(one.tokens):
            raise ValueError(f"{span.label} {start}–{end} is outside the tokens (0–{len(one.tokens)})")
        start, end = one.tokens[start][0], one.tokens[end - 1][1]
    return RawSpan(start, end, span.label, span.surface)
