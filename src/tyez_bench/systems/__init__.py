"""NER systems behind one signature: passages in, records out. One module a family, one table in ``systems.toml``.

A system is asked for as ``NAME``, as ``NAME:ARGUMENT`` (a model, a command), or as ``A+B``: B for the types that A has
none of. Spans carry the system's own labels; the label map that reads them as ours is named beside the predictions.
"""

import tomllib
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Any, NamedTuple

from msgspec import convert
from msgspec.structs import replace

from tyez_bench.gold.gold import Gold
from tyez_bench.io.label_maps import AS_THEY_ARE, OWN, load_map
from tyez_bench.model.errors import MissingExtraError, UsageError
from tyez_bench.systems.system import RunOptions, System, combine

__all__ = ["DEFAULT", "SYSTEMS", "TRAINED", "Family", "Request", "load_system", "request", "usage", "versions"]


class Family(NamedTuple):
    """Systems that are run in one way.

    ``packages`` are those whose versions decide what is predicted, ``others`` those that it needs as well; they come
    with ``extra``. ``labels`` is the label map (None: told when the system is loaded). ``argument`` says what stands
    behind the colon ("" where nothing does). ``takes`` are the options that not every system takes: device, segmenter,
    llm.
    """

    loader: str
    what: str
    packages: tuple[str, ...] = ()
    extra: str = "systems"
    labels: str | None = None
    argument: str = ""
    takes: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


# The extra of what is trained on the gold.
TRAINED = "trained"
# By the name on the command line, as ``systems.toml`` has them.
_FACTS: Any = tomllib.loads(files(__name__).joinpath("systems.toml").read_text("utf-8"))
_FIELDS: Any = dict[str, str | tuple[str, ...]]
SYSTEMS = {name: Family(**convert(facts, _FIELDS)) for name, facts in _FACTS.items()}
# What runs when nothing is asked for.
DEFAULT = ("jieba", "thulac", "jionlp")


class Request(NamedTuple):
    """A system as it was asked for: the families of its parts and their arguments, the first part's first."""

    name: str
    parts: tuple[tuple[str, str], ...]

    @property
    def labels(self) -> str | None:
        """The label map, where the registry knows it; parts that are put together have the gold's own labels."""
        return "tyez" if len(self.parts) > 1 else SYSTEMS[self.parts[0][0]].labels


def request(name: str) -> Request:
    """What a name stands for. Raises UsageError for an unknown system, and for an argument too many or too few."""
    found = []
    for part in _parts(name):
        family, colon, argument = part.partition(":")
        if family not in SYSTEMS:
            raise UsageError(f"unknown system {part!r}, expected one of: {', '.join(map(usage, SYSTEMS))}")
        if bool(argument.strip()) != bool(SYSTEMS[family].argument) or (colon and not argument.strip()):
            raise UsageError(f"{part!r}: expected {usage(family)}")
        found.append((family, argument))
    return Request(name, tuple(found))


def _parts(name: str) -> list[str]:
    """A name at the plus signs before names of systems; those in paths and commands are part of them."""
    found: list[str] = []
    for word in name.split("+"):
        family, colon, _ = word.partition(":")
        known = family in SYSTEMS and bool(colon) == bool(SYSTEMS[family].argument)
        if found and (not known or found[-1].startswith("cmd:")) and ":" in found[-1]:
            found[-1] += f"+{word}"
        else:
            found.append(word)
    return found


def usage(family: str) -> str:
    """How a system of a family is asked for."""
    argument = SYSTEMS[family].argument
    return f"{family}:{argument}" if argument else family


def versions(asked: Request) -> dict[str, str]:
    """The versions of the packages that decide what a system predicts.

    Raises MissingExtraError for one that it needs and that is not installed.
    """
    found = {}
    for family in (SYSTEMS[name] for name, _ in asked.parts):
        needed = (*family.packages, *family.others)
        for package in needed:
            try:
                installed = version(package)
            except PackageNotFoundError:
                raise MissingExtraError(package, family.extra, needed) from None
            if package in family.packages:
                found[package] = installed
    return found


def load_system(asked: Request, gold: Gold, options: RunOptions) -> System:
    """Load a system. Raises MissingExtraError, and UsageError or InputError for what its argument lacks."""
    versions(asked)
    if len(asked.parts) == 1:
        return _load(*asked.parts[0], gold, options)
    # A label map that is named is for the part whose own is not known.
    loaded = [
        _load(family, argument, gold, options if SYSTEMS[family].labels is None else replace(options, labels=None))
        for family, argument in asked.parts
    ]
    return combine(
        asked.name, [(SYSTEMS[f].labels or one.labels, one) for (f, _), one in zip(asked.parts, loaded, strict=True)]
    )


def _load(family: str, argument: str, gold: Gold, options: RunOptions) -> System:
    module, _, function = SYSTEMS[family].loader.partition(":")
    load: Callable[[str, Gold, RunOptions], System] = getattr(import_module(f"{__name__}.{module}"), function)
    found = load(argument, gold, options)
    name = found.name or (f"{family}:{argument}" if argument else family)
    labels = options.labels or found.labels or SYSTEMS[family].labels
    if labels == OWN and SYSTEMS[family].extra == TRAINED and not load_map(OWN).leads_to(gold.labels):
        # What is learned from a gold set has the labels of that set.
        labels = AS_THEY_ARE
    return replace(found, name=name, labels=labels)
