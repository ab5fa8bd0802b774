"""Records of JSON (and of Parquet) read by a field map.

A record is read only if everything in it that looks like a span is read. If ends are detected from the spans' texts,
all spans of the file must agree: a span from 7 to 8 called 太原 has an inclusive end, one from 7 to 9
an exclusive one. Records without ids and texts are identified by their order.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tyez_bench.io.align.offsets import CODE_POINTS, Offsets, offsets_of
from tyez_bench.io.align.texts import UNITS, lengths
from tyez_bench.io.field_maps import (
    FieldMap,
    Part,
    Rows,
    decided,
    groups_in,
    id_in,
    makers,
    member,
    of_one,
    unpaired,
    value_of,
)
from tyez_bench.io.fields import check_all_read, label_of, shown
from tyez_bench.io.record import Fidelity, Mention, Options, Record, Sample
from tyez_bench.io.rows import StatedSpan, looks_like_span, rows, span_in
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Bounds, joined, read_tags
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice, literal
from tyez_bench.model.spans import Span


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
    # Whether it is known what offsets count: they are looked up in the text then.
    said = options.offsets is not None or offsets.unit in UNITS
    found = of_one(list(rows(source, fields)), fields, options.annotator, source)
    if fields.tags:
        yield from read_tags(fields, found, source, options)
        return
    if fields.bare and found and looks_like_span(found[0][1], fields):
        # The result for a single text.
        found = [(found[0][0], [value for _, value in found])]
    _check_group(found, fields, source, options.spans_key)
    parsed = []
    for line, value in found:
        try:
            parsed.append(_parse(line, value, fields, options))
        except ValueError as error:
            raise source.error(str(error), line) from None
    if not any(one.spans for one in parsed):
        _check_no_group(found, fields, source, options.spans_key)
    if fields.ends == "surface" and not offsets.inclusive:
        offsets = offsets._replace(inclusive=_inclusive(parsed, offsets if said else None, source))
    for one in parsed:
        try:
            yield _record(one, fields, offsets, whole=said)
        except ValueError as error:
            raise source.error(str(error), one.line) from None


def _offsets(fields: FieldMap, options: Options, source: Source) -> Offsets:
    """What the offsets are by the map, or by the options where it says nothing of them. Raises UsageError."""
    offsets = offsets_of(options)
    if options.offsets is not None:
        what = f"{source.name}: offsets were given as {options.offsets}, but the field map {fields.name}"
        if fields.tags:
            raise UsageError(f"{what} reads tags: expected a format with offsets")
        if fields.unit != CODE_POINTS:
            raise UsageError(f'{what} already sets unit = "{fields.unit}"')
        if offsets.inclusive and fields.ends == "inclusive":
            raise UsageError(f'{what} already sets ends = "inclusive"')
        if offsets.inclusive and fields.has_lengths:
            raise UsageError(f"{what} reads lengths, which have no ends")
    unit = offsets.unit if fields.unit == CODE_POINTS else fields.unit
    return offsets._replace(unit=unit, inclusive=offsets.inclusive or fields.ends == "inclusive")


def annotators(fields: FieldMap, source: Source) -> list[tuple[str, ...]]:
    """By record, who made it, if it says so and was not set aside. Raises InputError."""
    who = makers(list(rows(source, fields)), fields) if fields.annotator else []
    return [() if name is None else (name,) for name in who]


def _a_group(there: Iterable[str]) -> str:
    return advice(
        f"pass {{spans_key}} to read a group of spans: {literal(', '.join(map(repr, there)))}", spans_key=None
    )


def _check_no_group(found: Rows, fields: FieldMap, source: Source, group: str | None) -> None:
    """Raise InputError where a file without spans has groups of them, and none was asked for."""
    if group is not None:
        return
    values = [value for _, value in found if isinstance(value, Mapping)]
    there = sorted({name for value in values for name, spans in groups_in(value, fields).items() if spans})
    if there:
        how = _a_group(there)
        raise source.error(f"no record has a span under {fields.spans[0]}, but there are groups of spans{how}")


def _check_group(found: Rows, fields: FieldMap, source: Source, group: str | None) -> None:
    """Raise InputError where no record has the group of spans that is asked for."""
    if group is None or not fields.groups:
        return
    there = {name for _, value in found if isinstance(value, Mapping) for name in groups_in(value, fields)}
    if group not in there:
        known = ", ".join(map(repr, sorted(there))) or "none"
        raise source.error(f"no record has a group of spans {group!r}, expected one of: {known}")


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
        items, key = _items(value, fields, options.spans_key)
    spans = [span_in(item, label, fields, key) for label, item in _labelled(items, fields, key)]
    return _Parsed(line, id_, text, tokens, spans)


def _text(value: Mapping[str, Any], fields: FieldMap) -> tuple[str | None, list[Bounds] | None]:
    """The text, and where its tokens are if it is a list of them."""
    key, text = value_of(value, fields.text)
    if key is None:
        tokens = next((key for key in value if key not in fields.read and _are_strings(value[key])), None)
        if tokens is not None:
            how = advice("set unit in a file for {fields}", fields=None)
            raise ValueError(f"has {tokens!r} instead of a text, and its offsets may count these{how}")
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


def _items(value: Mapping[str, Any], fields: FieldMap, group: str | None) -> tuple[Any, str]:
    if group is not None and fields.groups:
        return groups_in(value, fields).get(group, []), f"{fields.groups[0]}.{group}"
    if not fields.spans:
        return value, "the record"
    keys = [key for key in fields.spans if member(value, key)[0]]
    if not keys and fields.optional:
        return [], ""
    if len(keys) != 1:
        found = " and ".join(keys) or "none of them"
        if len(fields.spans) == 1:
            there = groups_in(value, fields)
            how = _a_group(there) if there else ""
            raise ValueError(f"has no {fields.spans[0]}, expected its spans there{how}")
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


def _inclusive(parsed: Sequence[_Parsed], offsets: Offsets | None, source: Source) -> bool:
    """Whether ends are last characters; ``offsets``: as what they are said to be.

    Raises InputError where the texts of the spans say neither, or both.
    """
    if offsets is None:
        # Where offsets count another unit, so do lengths.
        first = _first(parsed, lambda text: {len(text)}) or _first(parsed, lengths)
    else:
        first = _first(parsed, lambda text: {offsets.width(text)})
    if len(first) == 2:
        raise source.error(
            f"judging by the texts of the spans, ends are inclusive here and exclusive in line "
            f"{min(one.line for one in first.values())}, expected the same throughout the file",
            max(one.line for one in first.values()),
        )
    placed = [(one, span) for one in parsed for span in one.spans if not span.length and span.start is not None]
    if not first and placed:
        of_its_own = (
            "is as long as its own text" if any(span.surface for _, span in placed) else "has a text of its own"
        )
        how = advice("pass {offsets} if they are", offsets="inclusive")
        how += advice("set ends in a file for {fields}", fields=None)
        raise source.error(
            f"unclear whether ends are inclusive: no span {of_its_own}{how}",
            placed[0][0].line,
        )
    return True in first


def _first(parsed: Sequence[_Parsed], sizes: Callable[[str], set[int]]) -> dict[bool, _Parsed]:
    """By whether an end is a last character, the first record with a span whose length by that is its text's."""
    first: dict[bool, _Parsed] = {}
    for one in parsed:
        for span in one.spans:
            if span.start is None or span.surface is None or span.length:
                continue
            for inclusive in (False, True):
                if span.end + inclusive - span.start in sizes(span.surface):
                    first.setdefault(inclusive, one)
    return first


def _record(one: _Parsed, fields: FieldMap, offsets: Offsets, *, whole: bool) -> Record:
    """The record; ``whole``: its offsets are looked up in its text."""
    spans: list[Span] = []
    names: list[Mention] = []
    if fields.unit in UNITS and one.text is None and one.spans:
        raise ValueError(f"offsets that count {fields.unit} need the text, but the record has none")
    for span in one.spans:
        placed = None if span.start is None else _placed(span, one, offsets, one.text if whole else None)
        surface = span.surface
        if fields.unplaced == "name" and surface:
            trusted = placed is not None and one.text is not None and one.text[placed.start : placed.end] == surface
            if not trusted:
                names.append(Mention(surface, span.label))
                continue
        if placed is None:
            raise ValueError(f"{span.label} has neither offsets nor a text")
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


def _placed(span: StatedSpan, one: _Parsed, offsets: Offsets, text: str | None) -> Span:
    """A span in code points, half-open; without a text in the unit. Raises ValueError for one that is nowhere."""
    start, end = span.start or 0, span.end
    if span.length:
        end, offsets = start + end, offsets._replace(inclusive=False)
    start, end = offsets.placed(start, end, span.label, text)
    if one.tokens is not None:
        if end > len(one.tokens):
            raise ValueError(f"{span.label} {start}–{end} is outside the tokens (0–{len(one.tokens)})")
        start, end = one.tokens[start][0], one.tokens[end - 1][1]
    return Span(start, end, span.label, span.surface)


def write(fields: FieldMap, samples: Iterable[Sample]) -> bytes:
    """Records of a map whose spans are lists, one a line, under the first of its keys; a span's value is not written.

    Raises ValueError for spans outside the text.
    """
    keys = (fields.id[0], fields.text[0], fields.spans[0])
    values = ((s.id, s.text, [_listed(span, s, fields.span.order) for span in s.spans]) for s in samples)
    lines = (json.dumps(dict(zip(keys, found, strict=True)), ensure_ascii=False) + "\n" for found in values)
    return "".join(lines).encode()


def _listed(span: Span, sample: Sample, order: Sequence[Part]) -> list[int | str | None]:
    parts: dict[str, int | str] = {
        "start": span.start,
        "end": span.end,
        "label": label_of(span.label),
        "surface": sample.surface(span),
    }
    return [parts.get(part) for part in order]
