"""What is read from outside, and how much of it: no file, pipe or packed file is read without end."""

import contextlib
import gc
import gzip
import io
import os
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from tyez_bench.files.in_use import note_read
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import advice, by_command

STDIN = "<stdin>"
GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
_FIRST = 1 << 13


class Limits(NamedTuple):
    """How many bytes a file may hold, or a line of one that is read line by line; and what a packed one unpacks to."""

    plain: int = 1 << 30
    unpacked: int = 1 << 28


_limits: ContextVar[Limits] = ContextVar("limits", default=Limits())  # noqa: B039  # a tuple is not mutable


@contextlib.contextmanager
def reading_at_most(size: int | None) -> Iterator[None]:
    """Within this context a file may hold, and a packed one unpack to, so many bytes.

    Without it a file may hold 1 GiB, and a packed one unpack to 256 MiB: a small file that unpacks to all of the memory
    is refused.

    Args:
        size: how many bytes; None leaves the limits as they are.

    Returns:
        A context; the limits are those of before behind it.

    Example:
        >>> import tyez_bench
        >>> with tyez_bench.reading_at_most(4 << 30):
        ...     print(len(tyez_bench.load()))
        8
    """
    if size is None:
        yield
        return
    before = _limits.set(Limits(size, size))
    try:
        yield
    finally:
        _limits.reset(before)


def limits() -> Limits:
    """The limits that hold here."""
    return _limits.get()


def too_large(path: str | Path, limit: int, *, line: int | None = None, packed: bool = False) -> InputError:
    """The error for a file, or a line, that goes beyond a limit."""
    what = "unpacks to" if packed else "holds" if line is None else "the line holds"
    size = next(f"{limit >> shift} {unit}" for shift, unit in _UNITS if not limit % (1 << shift))
    how = (
        advice("{max_input} (as 4G) reads more", max_input="SIZE")
        if by_command()
        else "; tyez_bench.reading_at_most(SIZE) reads more"
    )
    return InputError(f"{what} more than {size}{how}", path=path, line=line)


# For how many seconds a named pipe is waited for that nobody has opened to write to.
PATIENCE = 10.0
_LOOK_AGAIN = 0.02


class _Begun(io.RawIOBase):
    """A file of which the first bytes were read already."""

    def __init__(self, file: io.FileIO, first: bytes):
        self._file, self._first = file, first

    def readable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """That of the file."""
        return self._file.fileno()

    def readinto(self, buffer: Any) -> int | None:
        """The bytes that were read already, then what follows."""
        if not self._first:
            return self._file.readinto(buffer)
        size = min(len(buffer), len(self._first))
        buffer[:size], self._first = self._first[:size], self._first[size:]
        return size


@contextlib.contextmanager
def _named_pipe(path: str | Path) -> Iterator[BinaryIO]:
    """Open a named pipe as soon as somebody writes to it. Raises InputError where nobody does in time."""
    with open(path, "rb", buffering=0, opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
        until = time.monotonic() + PATIENCE
        # None where a writer has nothing to say yet, and no bytes where there is none.
        while (first := file.read(_CHUNK)) == b"":
            if time.monotonic() > until:
                raise InputError(f"is a pipe that nobody writes to (waited {PATIENCE:g} seconds)", path=path)
            time.sleep(_LOOK_AGAIN)
        os.set_blocking(file.fileno(), True)
        yield io.BufferedReader(_Begun(file, first or b""))


@contextlib.contextmanager
def without_collection() -> Iterator[None]:
    """Within this context no garbage is collected: what is read makes many objects, and none that is garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


_UNITS = ((30, "GiB"), (20, "MiB"), (10, "KiB"), (0, "bytes"))


@contextlib.contextmanager
def opened(path: str | Path) -> Iterator[BinaryIO]:
    """Open a file or a pipe to read.

    Raises InputError for what is missing, no file or unreadable, now or later, and for a pipe that nobody writes to.
    """
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISCHR(kind) or stat.S_ISBLK(kind) or stat.S_ISSOCK(kind):
            raise InputError("is a device, expected a file or a pipe", path=path)
        # A pipe that the shell made (<(…)) leads to no file, and was opened to write to before we could look.
        named = stat.S_ISFIFO(kind) and os.path.exists(os.path.realpath(path))
        with _named_pipe(path) if named else open(path, "rb") as file:
            note_read(file.fileno(), path)
            yield file
    except FileNotFoundError:
        raise InputError("no such file", path=path) from None
    except IsADirectoryError:
        raise InputError("is a directory, expected a file", path=path) from None
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"can't be read: {getattr(error, 'strerror', None) or error}", path=path) from None


def read_file(path: str | Path) -> bytes:
    """A file's bytes. Raises InputError, also for one that holds more than the limit."""
    try:
        with opened(path) as file:
            return _read(file.read, path)
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"is not a file path: {error}", path=path) from None


_stdin: ContextVar[list[bytes] | None] = ContextVar("stdin", default=None)


@contextlib.contextmanager
def one_standard_input() -> Iterator[None]:
    """Within this context every reader gets the same standard input: a format is told by it before it is read."""
    before = _stdin.set([])
    try:
        yield
    finally:
        _stdin.reset(before)


def read_stdin(expected: str = "predictions") -> bytes:
    """The standard input; ``expected`` is what errors say should be there.

    Raises InputError when it is closed, can't be read, or holds more than the limit.
    """
    kept = _stdin.get()
    if kept:
        return kept[0]
    data = _read_stdin(expected)
    if kept is not None:
        kept.append(data)
    return data


def _read_stdin(expected: str) -> bytes:
    if sys.stdin is None:
        raise InputError(f"is closed, expected {expected}", path=STDIN)
    # The shell may have led a file to it.
    with contextlib.suppress(OSError, ValueError):
        note_read(sys.stdin.fileno(), STDIN)
    try:
        return _read(sys.stdin.buffer.read, STDIN)
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", path=STDIN) from None


def _read(read: Callable[[int], bytes], path: str | Path) -> bytes:
    limit = limits().plain
    # Asked for all at once, a reader would make room for the whole limit; and for a chunk for each of many small files.
    found, chunk = bytearray(), _FIRST
    while piece := read(min(chunk, limit + 1 - len(found))):
        found += piece
        chunk = min(2 * chunk, _CHUNK)
        if len(found) > limit:
            raise too_large(path, limit)
    return bytes(found)


def gunzip(data: bytes, path: str | Path) -> bytes:
    """What gzip data unpack to. Raises InputError for what is no gzip, and for more than the limit."""
    try:
        return _unpacked(gzip.GzipFile(fileobj=io.BytesIO(data)).read, path)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"not valid gzip: {error}", path=path) from None


def inflate(data: bytes, path: str | Path) -> bytes:
    """What zlib data unpack to. Raises InputError for more than the limit, zlib.error for what is not zlib."""
    limit = limits().unpacked
    found = zlib.decompressobj().decompress(data, limit + 1)
    if len(found) > limit:
        raise too_large(path, limit, packed=True)
    return found


def _unpacked(read: Callable[[int], bytes], path: str | Path) -> bytes:
    limit = limits().unpacked
    pieces, size = [], 0
    while piece := read(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise too_large(path, limit, packed=True)
    return b"".join(pieces)


def lines(path: str | Path) -> Iterator[tuple[int, bytes]]:
    """Number, from 1, and bytes of each line, plain or gzip, one in memory at a time.

    The file may be of any size; a line that goes beyond the limit is an InputError.
    """
    limit = limits().plain
    with opened(path) as plain:
        file: Any = plain
        if isinstance(plain, io.BufferedReader) and plain.peek(2)[:2] == GZIP:
            file, limit = gzip.GzipFile(fileobj=plain), limits().unpacked
        number = 0
        while line := file.readline(limit + 1):
            number += 1
            if len(line) > limit:
                raise too_large(path, limit, line=number)
            yield number, line
