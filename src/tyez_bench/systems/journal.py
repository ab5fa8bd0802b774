"""The journal of a run: what was predicted so far, beside the file to come.

A first line with all that decides what is predicted, then a line a record with the seconds that it took. It is locked
while a run writes it, so that two runs don't predict the same twice.
"""

import contextlib
import errno
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from tyez_bench.errors import UsageError
from tyez_bench.hints import advice
from tyez_bench.jsonl import encode
from tyez_bench.locks import try_lock

# A record and the seconds that it took.
Kept = tuple[dict[str, Any], float]


def _anew() -> str:
    return advice("{fresh} begins anew", fresh=True)


def journal_of(path: Path) -> Path:
    """Where the journal of a predictions file stands."""
    return path.with_name(f"{path.name}.part")


class Journal:
    """An open journal; :func:`opened` makes one."""

    def __init__(self, path: Path, file: BinaryIO, kept: dict[str, Kept]):
        self.path = path
        self.kept = kept
        self._file = file

    def add(self, id_: str, record: Mapping[str, Any], seconds: float) -> None:
        """Keep a record. Raises UsageError where it can't be written, which leaves the record out."""
        try:
            _write(self._file, encode({"seconds": round(seconds, 6), "record": record}) + b"\n")
        except OSError as error:
            raise UsageError(f"{self.path}: can't be written: {error.strerror}") from None
        self.kept[id_] = (dict(record), seconds)


@contextlib.contextmanager
def opened(path: Path, about: Mapping[str, Any], ids: set[str], *, fresh: bool = False) -> Iterator[Journal]:
    """The journal to go on with: with what an earlier run of the same kept, or empty.

    ``about``: all that decides what is predicted; ``ids``: those of the passages. Raises UsageError for a journal of
    another run, one that another run is writing, and what can't be read or written.
    """
    with contextlib.ExitStack() as stack:
        try:
            # Unbuffered: what is refused by a full disk is not tried again when the file is closed.
            file = stack.enter_context(open(path, "a+b", buffering=0, opener=_private))
        except OSError as error:
            raise UsageError(f"{path}: can't be written: {error.strerror}") from None
        _lock(file, path)
        try:
            file.seek(0)
            data = b"" if fresh else file.read()
            # The last line of a run that was killed may be half a line.
            whole = data[: data.rfind(b"\n") + 1]
            kept = dict(_read(path, whole, about, ids)) if whole else {}
            # Where nothing is kept, whatever the run was, this one begins.
            file.truncate(len(whole) if kept else 0)
            if not kept:
                _write(file, encode(about) + b"\n")
        except OSError as error:
            raise UsageError(f"{path}: can't be written: {error.strerror}") from None
        yield Journal(path, file, kept)


def _private(path: str, flags: int) -> int:
    """Opened for its owner alone: what models answer is nobody else's until it is published."""
    found = os.open(path, flags, 0o600)
    with contextlib.suppress(OSError):
        # One that was there may be of a version that left it open to all.
        os.chmod(path, 0o600)
    return found


def _write(file: BinaryIO, data: bytes) -> None:
    """All of it, or OSError; half a line is cut when the journal is read."""
    if file.write(data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _lock(file: BinaryIO, path: Path) -> None:
    # On a file system without locks there is none.
    if try_lock(file) is False:
        raise UsageError(f"{path}: another run is writing it")


def _read(path: Path, data: bytes, about: Mapping[str, Any], ids: set[str]) -> Iterator[tuple[str, Kept]]:
    try:
        before, *kept = [json.loads(line) for line in data.splitlines()]
        if "system" not in before:
            raise KeyError("system")
        # The label map decides how predictions are read, and not which they are.
        differing = [key for key in {**before, **about} if key != "labels" and before.get(key) != about.get(key)]
        found = [(str(one["record"]["id"]), (dict(one["record"]), float(one["seconds"]))) for one in kept]
        for _, (record, _) in found:
            encode(record)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UsageError(f"{path}: is no journal of an interrupted run{_anew()}") from None
    if differing and found:
        was, now = (_short(of.get(differing[0])) for of in (before, about))
        raise UsageError(f"{path}: is of a run with another {differing[0]}: {was}, now {now}{_anew()}")
    if not {id_ for id_, _ in found} <= ids:
        raise UsageError(f"{path}: has records of other texts{_anew()}")
    yield from found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"


def remove(path: Path) -> None:
    """Take a journal away that is not needed any more."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
