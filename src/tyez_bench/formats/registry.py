"""The formats by name."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Protocol, cast

from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.field_maps import OWN, shipped
from tyez_bench.formats.fitting import Mapped
from tyez_bench.formats.offsets import CODE_POINTS, parse
from tyez_bench.formats.record import Options, Record, Sample
from tyez_bench.formats.source import Source

# doccano's is a map, too; its module also writes.
MAPS = tuple(name for name in shipped() if name != "doccano")
FORMATS = {
    "native": "tyez_bench.formats.native",
    "conll": "tyez_bench.formats.conll",
    "conllu": "tyez_bench.formats.conllu",
    "hipe": "tyez_bench.formats.hipe",
    "hanlp": "tyez_bench.formats.hanlp",
    "ltp": "tyez_bench.formats.ltp",
    "lac": "tyez_bench.formats.lac",
    "hf": "tyez_bench.formats.hf_pipeline",
    "doccano": "tyez_bench.formats.doccano",
    "docbin": "tyez_bench.formats.docbin",
    "cluener": "tyez_bench.formats.cluener",
    "label-studio": "tyez_bench.formats.label_studio",
    "brat": "tyez_bench.formats.brat",
    "inline": "tyez_bench.formats.inline",
    "llm": "tyez_bench.formats.llm",
    **dict.fromkeys(MAPS, "tyez_bench.formats.mapped"),
    OWN: "tyez_bench.formats.own",
}
DIRECTORIES = ("brat",)
_BY_OFFSETS = [name for name in MAPS if not shipped()[name].tags and shipped()[name].unit == CODE_POINTS]
# Those whose records say where a span is, and that do not say themselves what that counts (a map of one's own may).
WITH_OFFSETS = ("native", "hf", "doccano", "cluener", "label-studio", "brat", *_BY_OFFSETS, OWN)
# Those of them that say what an end is: it is the last character, or there are lengths in its place.
WITH_ENDS = ("cluener", *(name for name in _BY_OFFSETS if shipped()[name].has_lengths))
READ_ONLY = ("conllu", "hipe", "hanlp", "ltp", "lac", *MAPS, OWN)
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


def check_offsets(name: str, options: Options, source: Source) -> None:
    """Raise UsageError where it is said what offsets count, and the format has none, or none that could be others."""
    if options.offsets is None:
        return
    offsets = parse(options.offsets)
    if name not in WITH_OFFSETS:
        raise UsageError(
            f"{source.name}: offsets are said to be {options.offsets}, and the format {name} has none that could be "
            f"others: expected one of {', '.join(WITH_OFFSETS)}"
        )
    if name in WITH_ENDS and offsets.inclusive:
        raise UsageError(
            f"{source.name}: ends are said to be inclusive, and the format {name} says itself what they are"
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
    if name in MAPS:
        return cast("Format", Mapped(name))
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}, expected one of: {', '.join(FORMATS)}")
    return cast("Format", import_module(FORMATS[name]))
