"""The formats by name: what their modules offer, and what their records can be said to count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from tyez_bench.io.align.offsets import CODE_POINTS, parse
from tyez_bench.io.field_maps import (
    OWN,
    FieldMap,
    load_field_map,
    map_names,
    shipped,
)
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice


@dataclass(frozen=True)
class Mapped:
    """The reader of a map of the package, or of one's own that the options name; and what writes by one.

    What it reads with is imported as it is used: most runs need no field map.
    """

    name: str

    def sniff(self, source: Source) -> bool:
        """Whether the first record with a span has the form of the map's; never that of one's own, which is named."""
        from tyez_bench.io.rows import fitting

        return self.name in fitting(source)

    def read(self, source: Source, options: Options) -> Iterator[Record]:
        """The records. Raises InputError; UsageError where no map is named."""
        if source.is_directory:
            raise source.error(f"is a directory, expected a file in the format {self.name}")
        from tyez_bench.io.formats import mapped

        return mapped.read(self._map(options), source, options)

    def annotators(self, source: Source, options: Options) -> list[tuple[str, ...]]:
        """By record, who made it. Raises InputError; UsageError where no map is named."""
        from tyez_bench.io.formats import mapped

        return mapped.annotators(self._map(options), source)

    def write(self, samples: Iterable[Sample]) -> bytes:
        """Records of the map of the package. Raises ValueError for spans outside the text."""
        from tyez_bench.io.formats import mapped

        return mapped.write(shipped()[self.name], samples)

    def _map(self, options: Options) -> FieldMap:
        if self.name != OWN:
            return shipped()[self.name]
        if options.fields is None:
            raise UsageError(f"the format {OWN} needs a field map" + advice("pass {fields}", fields="FILE"))
        return load_field_map(options.fields)


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
            f"{source.name}: offsets were given as {options.offsets}, but the format {name} has no offsets, or "
            f"fixed ones: expected one of {', '.join(with_offsets())}"
        )
    raise UsageError(
        f"{source.name}: offsets were given as {options.offsets}, but the format {name} defines its own ends"
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
