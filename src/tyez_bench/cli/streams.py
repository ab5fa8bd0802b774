"""The standard streams at the start of a process, whatever the caller left of them.

A closed stream's number goes to the next file that is opened, and what is then written to the stream lands in that
file. A standard error that is full makes every note an exception. Neither may touch the data or the exit code.
"""

import io
import os
import sys
from typing import Any


def settle() -> None:
    """Put the null device where a standard stream is closed, and make standard error drop what it can't take.

    A closed standard input stays None in ``sys``, and so does a closed standard output: to read from the one, or to
    write an answer to the other, is an error that is told.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)):
        if not _is_open(number):
            # The lowest free number is taken, which is this one.
            os.open(os.devnull, mode)
            os.set_inheritable(number, True)
    encoding = "utf-8" if sys.stderr is None else sys.stderr.encoding
    writer = io.BufferedWriter(_Dropping(2, "w", closefd=False))
    sys.stderr = io.TextIOWrapper(writer, encoding, "backslashreplace", line_buffering=True)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


class _Dropping(io.FileIO):
    """A file whose writer never learns that nothing more goes in."""

    def write(self, data: Any, /) -> int:
        try:
            written = super().write(data)
        except OSError:
            written = None
        return len(data) if written is None else written
