"""NER systems behind one signature: a text in, spans out. One module a system, one line in the registry.

Spans carry the system's own labels; the label map that reads them as ours is named in the registry.
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, MissingExtraError, UsageError
from tyez_bench.formats.record import RawSpan, Sample

Tagger = Callable[[str], list[RawSpan]]


class System(NamedTuple):
    """Where a system is, the packages whose versions decide what it predicts, and the label map of its labels."""

    module: str
    packages: tuple[str, ...]
    labels: str


# By the name on the command line.
SYSTEMS: dict[str, System] = {
    "jieba": System("tyez_bench.systems.jieba_pos", ("jieba",), "pku"),
    "thulac": System("tyez_bench.systems.thulac_pos", ("thulac",), "thulac"),
    "jionlp": System("tyez_bench.systems.jionlp_extractors", ("jionlp", "jiojio"), "jionlp"),
}


def tagger(name: str) -> Tagger:
    """Load a system. Raises UsageError for an unknown name, MissingExtraError when its package is not installed."""
    versions(name)
    system = _look_up(name)
    load: Callable[[], Tagger] = import_module(system.module).load
    return load()


def versions(name: str) -> dict[str, str]:
    """The versions of a system's packages. Raises as :func:`tagger`."""
    from importlib.metadata import PackageNotFoundError, version

    system = _look_up(name)
    try:
        return {package: version(package) for package in system.packages}
    except PackageNotFoundError as error:
        raise MissingExtraError(str(error.name), "systems") from None


def predict(tag: Tagger, gold: Gold) -> list[Sample]:
    """Run a system over every document of ``gold``; only the texts are shown to it.

    Raises InputError, with the document, for whatever goes wrong inside the system.
    """
    predictions = []
    for document in gold:
        try:
            found = tag(document.text)
        except Exception as error:
            message = f"document {document.id!r}: the system failed: {type(error).__name__}: {error}"
            raise InputError(message) from error
        ordered = sorted(found, key=lambda span: (span.start, -span.end, span.label))
        predictions.append(Sample(document.id, document.text, tuple(ordered)))
    return predictions


def _look_up(name: str) -> System:
    if name not in SYSTEMS:
        raise UsageError(f"unknown system {name!r}, expected one of: {', '.join(SYSTEMS)}")
    return SYSTEMS[name]
