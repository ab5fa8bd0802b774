"""The files of a side: one, several by a pattern, or those of a folder."""

import glob
import os
import re
from collections.abc import Sequence
from pathlib import Path

from tyez_bench.files.inputs import opened
from tyez_bench.model.errors import InputError, UsageError

PARQUET = (".parquet", ".parq")


_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+):/(?!/)")


def spelt(path: str | Path) -> str:
    """A path as text; of an address the two slashes that ``Path`` made one.

    >>> spelt(Path("s3a://bucket/gold")), spelt(Path("file:///gold")), spelt("gold/*")
    ('s3a://bucket/gold', 'file:///gold', 'gold/*')
    """
    return _SCHEME.sub(lambda found: "file:///" if found[1] == "file" else f"{found[1]}://", str(path))


def is_pattern(path: str | Path) -> bool:
    """Whether a path stands for several files: it has a wildcard in it, or is a folder of shards."""
    return "://" not in str(path) and (
        (any(c in str(path) for c in "*?[") and not os.path.exists(path)) or os.path.isdir(path)
    )


def files(path: str | Path) -> list[str]:
    """The files of a path: itself, those that a pattern names, or those of a folder but the hidden ones.

    Raises InputError where there are none.
    """
    text = str(path)
    if "://" in text:
        return [text]
    if os.path.isdir(text):
        # What Spark and Hadoop write beside the shards begins like this.
        found = sorted(entry.path for entry in os.scandir(text) if entry.is_file() and entry.name[0] not in "._")
    elif is_pattern(text):
        found = sorted(name for name in glob.glob(text, recursive=True) if os.path.isfile(name))
    else:
        found = [text]
        with opened(text):
            pass
    if not found:
        raise InputError("no such files", path=text)
    return found


def are_parquet(paths: Sequence[str]) -> bool:
    """Whether the files are Parquet, by their names; folders in other file systems are taken at their word, too.

    Raises UsageError for both kinds.
    """
    kinds = {path.endswith(PARQUET) for path in paths}
    if len(kinds) > 1:
        raise UsageError(f"{paths[0]}, …: both JSON Lines and Parquet, expected one of them")
    return kinds == {True}
