"""The formats by name, and which field maps fit a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from tyez_bench.io.align.offsets import CODE_POINTS, parse
from tyez_bench.io.field_maps import (
    OWN,
    FieldMap,
    decided,
    groups_in,
    load_field_map,
    map_names,
    member,
    shipped,
    unpaired,
    value_of,
)
from tyez_bench.io.formats import mapped
from tyez_bench.io.formats.answer import ANSWERS
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.rows import inner_of, rows, tags_in
from tyez_bench.io.source import Source
from tyez_bench.io.stated import looks_like_span
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice


@dataclass(frozen=True)
class Mapped:
    """The reader of a map of the package, or of one's own that the options name; and what writes by one."""

    name: str

    def sniff(self, source: Source) -> bool:
        """Whether the first record with a span has the form of the map's; never that of one's own, which is named."""
        return self.name in fitting(source)

    def read(self, source: Source, options: Options) -> Iterator[Record]:
        """The records. Raises InputError; UsageError where no map is named."""
        if source.is_directory:
            raise source.error(f"is a directory, expected a file in the format {self.name}")
        return mapped.read(self._map(options), source, options)

    def annotators(self, source: Source, options: Options) -> list[tuple[str, ...]]:
        """By record, who made it. Raises InputError; UsageError where no map is named."""
        return mapped.annotators(self._map(options), source)

    def write(self, samples: Iterable[Sample]) -> bytes:
        """Records of the map of the package. Raises ValueError for spans outside the text."""
        return mapped.write(shipped()[self.name], samples)

    def _map(self, options: Options) -> FieldMap:
        if self.name != OWN:
            return shipped()[self.name]
        if options.fields is None:
            raise UsageError(f"the format {OWN} needs a field map" + advice("{fields} names it", fields="FILE"))
        return load_field_map(options.fields)


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


MAPS = map_names()
_MAPPED = "tyez_bench.io.formats.mapped"
FORMATS = {
    "native": "tyez_bench.io.formats.native",
    "conll": "tyez_bench.io.formats.conll",
    "conllu": "tyez_bench.io.formats.conllu",
    "hipe": "tyez_bench.io.formats.hipe",
    "hanlp": "tyez_bench.io.formats.hanlp",
    "ltp": "tyez_bench.io.formats.ltp",
    "lac": "tyez_bench.io.formats.lac",
    "hf": "tyez_bench.io.formats.hf_pipeline",
    "doccano": _MAPPED,
    "docbin": "tyez_bench.io.formats.docbin",
    "cluener": "tyez_bench.io.formats.cluener",
    "label-studio": "tyez_bench.io.formats.label_studio",
    "brat": "tyez_bench.io.formats.brat",
    "inline": "tyez_bench.io.formats.inline",
    "llm": "tyez_bench.io.formats.llm",
    **dict.fromkeys(MAPS, _MAPPED),
    OWN: _MAPPED,
}
DIRECTORIES = ("brat",)
READ_ONLY = ("conllu", "hipe", "hanlp", "ltp", "lac", *(name for name in MAPS if name != "doccano"), OWN)
# The label maps of formats that one tool alone writes, with the labels by which it is known: beside parts of speech
# nobody else has these.
LABELS = {"lac": ("lac", frozenset(["PER", "LOC", "ORG", "TIME"]))}
# Those that tell what is wrong with a part and go on: ``read_each``.
PART_BY_PART = ("brat", "conll", "conllu", "hipe")
# Those whose files may say who annotated what: ``annotators``.
BY_ANNOTATOR = ("label-studio", *MAPS, OWN)


def usual_map(name: str, labels: Iterable[str]) -> str | None:
    """The label map of the tool that wrote labels in a format; None where several tools write it."""
    label_map, its_own = LABELS.get(name, (None, frozenset[str]()))
    return None if its_own.isdisjoint(labels) else label_map


class Format(Protocol):
    """What the module of a format offers."""

    def sniff(self, source: Source) -> bool:
        """Whether the file looks like it."""

    def read(self, source: Source, options: Options) -> Iterator[Record]:
        """The records of the file."""

    def write(self, samples: Iterable[Sample]) -> bytes | dict[str, bytes]:
        """A file, or a directory's files by name; not in ``READ_ONLY``."""


class ByPart(Format, Protocol):
    """What the module of a format offers that goes on behind a faulty part."""

    def read_each(self, source: Source, options: Options) -> Iterator[Record | InputError]:
        """The records of the file, or what is wrong with each."""


@cache
def with_offsets() -> tuple[str, ...]:
    """The formats whose records say where a span is, and that do not say themselves what that counts.

    A map of one's own may.
    """
    maps = (name for name, fields in shipped().items() if not fields.tags and fields.unit == CODE_POINTS)
    return ("native", "hf", "cluener", "label-studio", "brat", *maps, OWN)


def _has_ends(name: str) -> bool:
    """Whether a format says what an end is: it is the last character, or there are lengths in its place."""
    return name == "cluener" or (name in MAPS and shipped()[name].has_lengths)


def takes_offsets(name: str, words: str) -> bool:
    """Whether the records of a format can be said to count offsets so (``utf-16,inclusive``)."""
    inclusive = parse(words).inclusive
    return name in with_offsets() and not (inclusive and _has_ends(name))


def check_offsets(name: str, options: Options, source: Source) -> None:
    """Raise UsageError where it is said what offsets count, and the format has none, or none that could be others."""
    if options.offsets is None or takes_offsets(name, options.offsets):
        return
    if name not in with_offsets():
        raise UsageError(
            f"{source.name}: by the options offsets are {options.offsets}, but those of the format {name} are always "
            f"the same, or it has none: expected one of {', '.join(with_offsets())}"
        )
    raise UsageError(
        f"{source.name}: by the options ends are inclusive, but the format {name} says itself what they are"
    )


class ByAnnotator(Format, Protocol):
    """What the module of a format offers whose files may say who annotated what."""

    def annotators(self, source: Source, options: Options) -> list[tuple[str, ...]]:
        """By record, in their order, who annotated it; nothing where that is not said."""


def load_by_annotator(name: str) -> ByAnnotator:
    """The module of a format that is among ``BY_ANNOTATOR``."""
    return cast("ByAnnotator", load_format(name))


def load_by_part(name: str) -> ByPart:
    """The module of a format that is among ``PART_BY_PART``."""
    return cast("ByPart", load_format(name))


def load_format(name: str) -> Format:
    """The module of a format, or the reader of a field map. Raises UsageError."""
    if name in (*MAPS, OWN):
        return cast("Format", Mapped(name))
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}, expected one of: {', '.join(FORMATS)}")
    return cast("Format", import_module(FORMATS[name]))
