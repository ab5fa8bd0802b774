"""Which field maps a file of records fits: those that know the form of its first span."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tyez_bench.errors import InputError
from tyez_bench.formats import mapped
from tyez_bench.formats.answer import ANSWERS
from tyez_bench.formats.field_maps import FieldMap, shipped
from tyez_bench.formats.members import decided, groups_in, member, unpaired, value_of
from tyez_bench.formats.record import Options, Record
from tyez_bench.formats.rows import inner_of, rows
from tyez_bench.formats.source import Source
from tyez_bench.formats.stated import looks_like_span
from tyez_bench.formats.tagged import tags_in


@dataclass(frozen=True)
class Mapped:
    """The reader of a map of the package."""

    name: str

    def sniff(self, source: Source) -> bool:
        """Whether the first record with a span has the form of the map's."""
        return self.name in fitting(source)

    def read(self, source: Source, options: Options) -> Iterator[Record]:
        """The records. Raises InputError."""
        if source.is_directory:
            raise source.error(f"is a directory, expected a file in the format {self.name}")
        return mapped.read(shipped()[self.name], source, options)

    def annotators(self, source: Source, options: Options) -> list[tuple[str, ...]]:
        """By record, who made it. Raises InputError."""
        return mapped.annotators(shipped()[self.name], source)


def fitting(source: Source) -> list[str]:
    """The names of the maps of the package whose form the first record with a span has, the more special first.

    Where no record has one, those whose records these may be. Empty for what is neither JSON nor Parquet.
    """
    undecided = dict(sorted(shipped().items(), key=lambda item: (len(item[1].span.start), item[0])))
    found = []
    first: Any = None
    try:
        for number, (_, value) in enumerate(() if source.is_directory else rows(source)):
            first = value if number == 0 else first
            for name, fields in list(undecided.items()):
                answer = _fits(value, fields, first=number == 0)
                if answer is not None:
                    del undecided[name]
                    if answer:
                        found.append(name)
            if not undecided:
                break
    except InputError:
        # The reader says what is wrong.
        pass
    return found or [name for name, fields in undecided.items() if _has_text(first, fields)]


def _has_text(value: Any, fields: FieldMap) -> bool:
    """Whether a record without a span has a text or tokens, by which it can be told from others."""
    value = next(iter(inner_of(value, fields) or [value]))
    if fields.pair and isinstance(value, list):
        return True
    return isinstance(value, Mapping) and value_of(value, (*fields.text, *fields.tokens))[1] is not None


def _fits(value: Any, fields: FieldMap, *, first: bool) -> bool | None:
    """Whether a record is one of the map; None where it has no span that would tell."""
    inner = inner_of(value, fields)
    if inner is not None:
        answers = [
            _fits(one, fields, first=first and not number) for number, one in enumerate(inner) if one is not None
        ]
        return next((answer for answer in answers if answer is not None), None)
    if isinstance(value, list) and fields.bare:
        return looks_like_span(value[0], fields) if value else None
    try:
        value = unpaired(value, fields)
    except ValueError:
        return False
    if not isinstance(value, Mapping):
        return False
    if any(key in value and key not in fields.read for key in ANSWERS):
        # What a model said may name something, too.
        return False
    if fields.bare and looks_like_span(value, fields):
        # A span of the only text: its text is no record's.
        return not any(member(value, key)[0] for key in fields.spans)
    return _tagged(value, fields) if fields.tags else _with_spans(value, fields, first=first)


def _tagged(value: Mapping[str, Any], fields: FieldMap) -> bool | None:
    _, tokens = value_of(value, fields.tokens)
    if not isinstance(tokens if tokens is not None else value_of(value, fields.text)[1], list | str):
        return False
    keys = tags_in(value, fields)
    if not keys:
        return False
    tags = value[keys[0]]
    return True if any(tag not in ("O", "o") for tag in tags) else None


def _with_spans(value: Mapping[str, Any], fields: FieldMap, *, first: bool) -> bool | None:
    if not fields.spans:
        return _by_label(value, fields)
    keys = [key for key in fields.spans if member(value, key)[0]]
    text = value_of(value, fields.text)[1]
    if fields.unit == "tokens":
        # Beside a text, offsets count its characters.
        if not isinstance(text, list) or isinstance(value.get("text"), str):
            return False
    elif not isinstance(text, str | None):
        return False
    if not keys:
        groups = [group for group in groups_in(value, fields).values() if isinstance(group, list) and group]
        if groups:
            return text is not None and looks_like_span(groups[0][0], fields)
        if not first:
            return None
        if not fields.optional or fields.decision is None or fields.decision.key not in value or text is None:
            return False
        try:
            decided(value, fields)
        except ValueError:
            return False
        return None
    told: bool | None = None
    for key in keys:
        items = member(value, key)[1]
        if items is None or items in ([], {}):
            continue
        if fields.by_label:
            answer = _by_label(items, fields)
        else:
            answer = isinstance(items, list) and looks_like_span(items[0], fields)
        if answer:
            return True
        told = answer if answer is not None else told
    return told


def _by_label(items: Any, fields: FieldMap) -> bool | None:
    if not isinstance(items, Mapping) or not all(isinstance(inner, list | None) for inner in items.values()):
        return False
    first = next((one for inner in items.values() for one in inner or ()), None)
    return None if first is None else looks_like_span(first, fields, labelled=True)
