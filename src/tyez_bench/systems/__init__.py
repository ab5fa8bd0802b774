"""NER systems behind one signature: a text in, spans out. One module a system, one line in the registry."""

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, MissingExtraError, UsageError
from tyez_bench.model import PredictedEntity, Prediction, order_key

Tagger = Callable[[str], list[PredictedEntity]]

# Name on the command line → module, and the packages whose versions decide what it predicts.
SYSTEMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "jieba": ("tyez_bench.systems.jieba_pos", ("jieba",)),
    "thulac": ("tyez_bench.systems.thulac_pos", ("thulac",)),
    "jionlp": ("tyez_bench.systems.jionlp_extractors", ("jionlp", "jiojio")),
}


def tagger(name: str) -> Tagger:
    """Load a system. Raises UsageError for an unknown name, MissingExtraError when its package is not installed."""
    module, packages = _look_up(name)
    for package in packages:
        try:
            version(package)
        except PackageNotFoundError:
            raise MissingExtraError(package, "systems") from None
    load: Callable[[], Tagger] = import_module(module).load
    return load()


def versions(name: str) -> dict[str, str]:
    """The versions of a system's packages. Raises as :func:`tagger`."""
    _, packages = _look_up(name)
    try:
        return {package: version(package) for package in packages}
    except PackageNotFoundError as error:
        raise MissingExtraError(str(error.name), "systems") from None


def predict(tag: Tagger, gold: Gold) -> list[Prediction]:
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
        predictions.append(Prediction(id=document.id, entities=tuple(sorted(found, key=order_key))))
    return predictions


def _look_up(name: str) -> tuple[str, tuple[str, ...]]:
    if name not in SYSTEMS:
        raise UsageError(f"unknown system {name!r}, expected one of: {', '.join(SYSTEMS)}")
    return SYSTEMS[name]
