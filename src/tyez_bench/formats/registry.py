"""The formats by name."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Protocol, cast

from tyez_bench.errors import UsageError
from tyez_bench.formats.record import Options, Record, Sample
from tyez_bench.formats.source import Source

FORMATS = {
    "native": "tyez_bench.formats.native",
    "conll": "tyez_bench.formats.conll",
    "hf": "tyez_bench.formats.hf_pipeline",
    "docbin": "tyez_bench.formats.docbin",
    "cluener": "tyez_bench.formats.cluener",
    "doccano": "tyez_bench.formats.doccano",
    "label-studio": "tyez_bench.formats.label_studio",
    "brat": "tyez_bench.formats.brat",
    "inline": "tyez_bench.formats.inline",
    "llm": "tyez_bench.formats.llm",
}
DIRECTORIES = ("brat",)


class Format(Protocol):
    """What the module of a format offers."""

    def sniff(self, source: Source) -> bool:
        """Whether the file looks like it."""

    def read(self, source: Source, options: Options) -> Iterator[Record]:
        """The records of the file."""

    def write(self, samples: Iterable[Sample]) -> bytes | dict[str, bytes]:
        """A file, or a directory's files by name."""


def load_format(name: str) -> Format:
    """The module of a format. Raises UsageError."""
    if name not in FORMATS:
        raise UsageError(f"unknown format {name!r}, expected one of: {', '.join(FORMATS)}")
    return cast("Format", import_module(FORMATS[name]))
