"""Writing to standard output, once, when all is known."""

import os
import sys

from tyez_bench.errors import UsageError


def emit(text: str) -> None:
    """Write ``text`` and see it gone.

    A reader that has gone away (head, less) has seen enough: what it did not take is dropped, and the command's
    answer stands. Raises UsageError when the output is closed or can't be written.
    """
    if sys.stdout is None:
        raise UsageError("the output can't be written: it is closed")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # The interpreter would try to write what is left once more at its end.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"the output can't be written: {error.strerror}") from None
