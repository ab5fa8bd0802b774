"""Writing to standard output, once, when all is known; and what is said beside it."""

import os
import sys
from typing import TextIO

from tyez_bench.errors import UsageError, shortened
from tyez_bench.jsonl import json_text

# What is read by people, in whatever encoding they have; every other form is for programs and files, and UTF-8.
FOR_PEOPLE = ("text", "concise")


def emit(text: str, form: str = "text") -> None:
    """Write ``text``, which has this form, and see it gone.

    A reader that has gone away (head, less) has seen enough: what it did not take is dropped, and the command's
    answer stands. Raises UsageError when the output is closed or can't be written.
    """
    if sys.stdout is None:
        raise UsageError("the output can't be written: it is closed")
    binary = None if form in FOR_PEOPLE else getattr(sys.stdout, "buffer", None)
    try:
        if binary is None:
            sys.stdout.write(text)
        else:
            # Half of a surrogate pair, from the name of a file, is written as JSON escapes it.
            binary.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except OSError as error:
        _drop(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"the output can't be written: {error.strerror}") from None


def say(line: str, end: str = "\n") -> None:
    """Write a message to standard error, as one line, and nothing else may write there.

    It is no part of the answer: where it can't be written it is dropped. Control characters are written as escapes,
    and what is quoted at length is cut.
    """
    if sys.stderr is None:
        # A print to None is a print to standard output.
        return
    try:
        sys.stderr.write(f"{shortened(line)}{end}")
        sys.stderr.flush()
    except OSError:
        _drop(sys.stderr)


def on_terminal() -> bool:
    """Whether somebody sees standard error as it is written."""
    return sys.stderr is not None and sys.stderr.isatty()


def _drop(stream: TextIO) -> None:
    # The interpreter would try to write what is left once more at its end.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def emit_json(data: object) -> None:
    """Write one JSON value. Raises as :func:`emit`."""
    emit(json_text(data), "json")
