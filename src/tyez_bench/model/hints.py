"""What messages advise: in the words of whoever asks, and never what they can't do.

A command has options, a function of the library arguments, and both have not all of them. Where a message is made is
not known who will read it; so it hands its advice to :func:`advice` in a form that is neither (``"pass {labels}",
labels="FILE"``), and whoever is at the edge says how things are called there: a command with :class:`CommandLine`, a
function that is public with :func:`public`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# What an option is to be given: None for whatever, True for one that is there or not, a text in capitals for what it
# stands for, other texts as alternatives between bars.
Value = str | int | bool | Sequence[str] | None

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")
_OWN = "tyez-bench"
# By parameter the class that it is of, and the options that are fields of that class.
INSIDE = {
    "options": (
        "Options",
        (
            *("encoding", "repair", "column", "spans_key", "token_column", "join"),
            *("fields", "trust", "annotator", "offsets", "align"),
        ),
    ),
    "settings": (
        "Settings",
        ("layer", "optional", "matching", "min_overlap", "types", "all_types", "unit", "draws", "seed"),
    ),
}


class Asker(Protocol):
    """Who asks: what an option is called there, with its value; None where there is no such option."""

    def named(self, option: str, value: Value) -> str | None: ...  # noqa: D102


class CommandLine:
    """A command: by option what it is called on the command line, as ``{"labels": "--labels"}``."""

    def __init__(self, names: Mapping[str, str]):
        self.names = names

    def named(self, option: str, value: Value) -> str | None:
        """``--labels FILE``."""
        name = self.names.get(option)
        if name is None or value is None or value is True:
            return name
        return f"{name} {value if isinstance(value, str | int) else ','.join(value)}"


class Arguments:
    """A function: its parameters, and the fields of those that are options or settings.

    ``options=Options(column='NE')`` where there is no parameter of the name itself.
    """

    def __init__(self, parameters: Collection[str]):
        self.parameters = parameters

    @classmethod
    def of(cls, function: Callable[..., object]) -> "Arguments":
        """Those that a function declares."""
        # Imported here: the help needs none of it.
        from inspect import signature

        return cls(signature(function).parameters)

    def named(self, option: str, value: Value) -> str | None:
        """``labels=FILE``."""
        if option in self.parameters:
            return f"{option}={'' if value is None else written(value)}"
        side, inner = ("gold_", option[5:]) if option.startswith("gold_") else ("", option)
        for parameter, (class_, fields) in INSIDE.items():
            if inner in fields and f"{side}{parameter}" in self.parameters:
                return f"{side}{parameter}={class_}({inner}={'…' if value is None else written(value)})"
        return None


class _Anybody:
    """A part of the library that nobody outside called: every option, as an argument."""

    def named(self, option: str, value: Value) -> str:
        return f"{option}={'' if value is None else written(value)}"


class _OneSide:
    """Who asks about the gold alone: ``--gold-column`` in place of ``--column``."""

    def __init__(self, asker: Asker, side: str, options: Collection[str]):
        self.asker, self.side, self.options = asker, side, options

    def named(self, option: str, value: Value) -> str | None:
        return self.asker.named(f"{self.side}_{option}" if option in self.options else option, value)


def written(value: Value) -> str:
    """A value as Python has it; what only stands for one (``FILE``, ``NAME|FILE``) as it is.

    >>> written("keep-first|keep-longest"), written("NAME|FILE"), written(("A", "B")), written(True)
    ("'keep-first' or 'keep-longest'", 'NAME|FILE', "['A', 'B']", 'True')
    """
    if isinstance(value, str):
        *first, last = map(repr, value.split("|"))
        return value if value.isupper() else " or ".join(filter(None, (", ".join(first), last)))
    return str(list(value)) if isinstance(value, Sequence) else str(value)


_ANYBODY = _Anybody()
# A command asks for the threads that it starts as well; functions may be called in several threads at once.
_command: Asker | None = None
_asker: ContextVar[Asker | None] = ContextVar("asker", default=None)
# What whoever asks has said already, or can't say here.
_said: ContextVar[frozenset[str]] = ContextVar("said", default=frozenset())


def _asking() -> Asker | None:
    return _asker.get() or _command


@contextmanager
def asked_by(asker: Asker) -> Iterator[None]:
    """While this lasts, advice names no other options than those of ``asker``, as they are called there."""
    global _command
    before = _command
    if isinstance(asker, CommandLine):
        _command = asker
    token = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(token)
        _command = before


@contextmanager
def asked_about(side: str, options: Collection[str]) -> Iterator[None]:
    """While this lasts, advice on these options is on those of one side: ``--gold-column`` in place of ``--column``.

    Whoever has no such option for the side is not advised to use it.
    """
    token = _asker.set(_OneSide(_asking() or _ANYBODY, side, options))
    try:
        yield
    finally:
        _asker.reset(token)


def public(function: Callable[P, T]) -> Callable[P, T]:
    """A function that others call: its errors speak of its arguments, unless a command called it."""

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        if _asking() is not None:
            return function(*args, **kwargs)
        with asked_by(Arguments.of(function)):
            return function(*args, **kwargs)

    return asked


@contextmanager
def unadvised(*options: str, when: bool = True) -> Iterator[None]:
    """While this lasts, advice names none of these options: they were given, or would be refused."""
    token = _said.set(_said.get().union(options if when else ()))
    try:
        yield
    finally:
        _said.reset(token)


def by_command() -> bool:
    """Whether a command asks."""
    return _command is not None


def advice(what: str, /, **options: Value) -> str:
    """Advice after a semicolon; nothing where it names an option that whoever asks lacks, or has given already.

    >>> advice("choose another map with {labels}", labels="FILE")
    '; choose another map with labels=FILE'
    >>> with asked_by(CommandLine({"labels": "--labels"})):
    ...     advice("choose another map with {labels}", labels="FILE"), advice("pass {column}", column="N")
    ('; choose another map with --labels FILE', '')
    """
    if not _said.get().isdisjoint(options):
        return ""
    asker = _asking() or _ANYBODY
    named = {option: asker.named(option, value) for option, value in options.items()}
    return "" if None in named.values() else f"; {what.format(**named)}"


def literal(text: str) -> str:
    """A text of somebody's as a part of advice, where braces are for options."""
    return text.replace("{", "{{").replace("}", "}}")


def one_of_two() -> str:
    """The advice for what stands there twice."""
    return advice("pass {overlaps} to drop one of them", overlaps="keep-one")


def to_rename() -> str:
    """The advice for a label of the gold that a format can't hold."""
    return advice("pass {gold_labels} to rename it", gold_labels="FILE")


def how_to_install(packages: Sequence[str], extra: str) -> str:
    """The pip command for packages in the versions that an extra of this package asks for; else for the whole extra.

    The packages are named, and not this one with its extra: its name is not on the package index.
    """
    found = _requirements(extra)
    named = [found[_normal(package)] for package in packages if _normal(package) in found]
    if not named or _normal(packages[0]) not in found:
        named = list(found.values()) or list(packages)
    return " ".join(["pip install", *(f"'{one}'" if _NAME.fullmatch(one) is None else one for one in named)])


def _requirements(extra: str) -> dict[str, str]:
    """What an extra asks for, by the packages' names; nothing where this package is not installed."""
    # Seldom needed, and slow to import.
    from importlib.metadata import PackageNotFoundError, requires

    try:
        lines = requires(_OWN) or []
    except PackageNotFoundError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        requirement, _, marker = line.partition(";")
        if extra not in _EXTRA.findall(marker):
            continue
        name = _NAME.match(requirement.strip())
        if name is not None:
            found[_normal(name[0])] = requirement.strip().replace(" ", "")
    return found


def _normal(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()
