"""Locks between processes. The system keeps them: with the process that has one it is gone, however that ended."""

import contextlib
import errno
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from tyez_bench.errors import UsageError

# Seconds. What is done under such a lock takes milliseconds.
_WAIT = 60.0
_PAUSE = 0.02
# What says that another process has it, and no other trouble.
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


def try_lock(file: int | IO[Any]) -> bool | None:
    """Lock an open file for this process alone: False where another has it, None where there are no locks.

    It is held until the file is closed.
    """
    handle = file if isinstance(file, int) else file.fileno()
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the end: what is locked on Windows can't be read.
            os.lseek(handle, 0x7FFF0000, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _TAKEN else None
    return True


@contextlib.contextmanager
def updating(path: str | Path, *, wait: float = _WAIT) -> Iterator[None]:
    """Read, change and write a file while no other process does.

    Nothing is left behind: the lock is that of the folder, or of a file for temporary files where a folder has none.
    Raises UsageError after ``wait`` seconds.
    """
    target = os.path.realpath(path)
    deadline = time.monotonic() + wait
    with contextlib.ExitStack() as stack:
        for handle in _handles(target):
            stack.callback(os.close, handle)
            while (got := try_lock(handle)) is False:
                if time.monotonic() > deadline:
                    raise UsageError(f"{path}: another process has been changing it for {wait:g} seconds")
                time.sleep(_PAUSE)
            if got:
                break
        yield


def _handles(target: str) -> Iterator[int]:
    """What can be locked for a file, open: its folder, and a file of its own among the temporary ones."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            yield os.open(os.path.dirname(target), os.O_RDONLY)
    from tyez_bench.jsonl import sha256

    name = f"tyez-bench-{sha256(os.fsencode(os.path.normcase(target)))[:32]}.lock"
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with contextlib.suppress(OSError):
        yield os.open(os.path.join(tempfile.gettempdir(), name), flags, 0o600)
