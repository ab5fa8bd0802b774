"""What messages advise: in the words of whoever asks, and never what they can't do.

A command has options, a function of the library arguments, and both have not all of them. Where a message is made is
not known who will read it; so it hands its advice to :func:`advice`, and :func:`asked_by` says who asks.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")
_OWN = "tyez-bench"

# By option, what it is called by whoever asks; None: the library, whose arguments are called as the options are.
# A plain variable, since work that is done in threads is asked for by the same.
_asker: Mapping[str, str] | None = None
# What whoever asks has said already, or can't say here.
_said: frozenset[str] = frozenset()


@contextmanager
def asked_by(options: Mapping[str, str]) -> Iterator[None]:
    """While this lasts, advice names no other options than these, by the names that they have there."""
    global _asker
    before, _asker = _asker, options
    try:
        yield
    finally:
        _asker = before


@contextmanager
def asked_about(side: str, options: Collection[str]) -> Iterator[None]:
    """While this lasts, advice on these options is on those of one side: ``--gold-column`` in place of ``--column``.

    A command that has no such option for the side is not advised to use it; a function's arguments stay what they are.
    """
    global _asker
    before = _asker
    if before is not None:
        own = {option: before[of] for option in options if (of := f"--{side}-{option[2:]}") in before}
        _asker = {option: name for option, name in before.items() if option not in options} | own
    try:
        yield
    finally:
        _asker = before


@contextmanager
def unadvised(*options: str, when: bool = True) -> Iterator[None]:
    """While this lasts, advice names none of these options: they were given, or would be refused."""
    global _said
    before, _said = _said, _said | set(options if when else ())
    try:
        yield
    finally:
        _said = before


def by_command() -> bool:
    """Whether somebody said who asks: a command, or a function that has none of the options that are advised."""
    return _asker is not None


def advice(*pieces: str) -> str:
    """The pieces, each behind a semicolon; those that name an option (``--labels``) only where it can be given.

    >>> advice("--labels NAME names another map")
    '; labels NAME names another map'
    >>> with asked_by({"--labels": "--labels"}):
    ...     advice("--labels NAME names another map", "--column N names the column")
    '; --labels NAME names another map'
    """
    return "".join(f"; {_OPTION.sub(lambda found: _called(found[0]), piece)}" for piece in pieces if _possible(piece))


def to_rename() -> str:
    """The advice for a label of the gold that a format can't hold."""
    return advice("--gold-labels FILE gives it another name")


def _possible(piece: str) -> bool:
    options = _OPTION.findall(piece)
    return not _said.intersection(options) and (_asker is None or all(option in _asker for option in options))


def _called(option: str) -> str:
    return option[2:].replace("-", "_") if _asker is None else _asker[option]


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
