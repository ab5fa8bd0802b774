"""TOML files by name: those of a folder of the package, and files of one's own."""

import os
from collections.abc import Iterable
from importlib.resources.abc import Traversable

from tyez_bench.files.jsonl import decode_text, read_bytes
from tyez_bench.model.errors import UsageError

_ENDING = ".toml"


def names_in(folder: Traversable) -> tuple[str, ...]:
    """The names of a folder's files, without the ending, in the order of the files."""
    files = sorted(file.name for file in folder.iterdir())
    return tuple(name.removesuffix(_ENDING) for name in files if name.endswith(_ENDING))


def own_text(name: str, what: str, known: Iterable[str]) -> str:
    """The text of a file of one's own, that of ``what`` (label set).

    Raises UsageError for what looks like a name, and is none of those that are ``known``; InputError.
    """
    if not name.endswith(_ENDING) and "/" not in name and not os.path.isfile(name):
        raise UsageError(f"unknown {what} {name!r}, expected one of {', '.join(known)}, or a TOML file")
    return decode_text(read_bytes(name), name)
