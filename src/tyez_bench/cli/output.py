"""Writing to standard output, once, when all is known; the streams; and the end of a command that could not answer.

A closed stream's number goes to the next file that is opened, and what is then written to the stream lands in that
file. A standard error that is full makes every note an exception. Neither may touch the data or the exit code.
"""

import argparse
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any, TextIO

from tyez_bench.files.jsonl import json_text
from tyez_bench.model.errors import TyezBenchError, UsageError, first_line, shortened
from tyez_bench.report.table import Table

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


INTERRUPTED = 130


def failed(error: BaseException, *, everything: bool) -> int:
    """Say what went wrong, and return the exit code; ``everything`` prints the traceback before it.

    What nobody foresaw could not be answered either: no exception ends with 1, which is an answer.
    """
    if everything:
        for line in "".join(traceback.format_exception(error)).splitlines():
            say(line)
    say(f"tyez-bench: {_reason(error)}")
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else TyezBenchError.exit_code


def _reason(error: BaseException) -> str:
    if isinstance(error, TyezBenchError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return str(error) or "interrupted"
    if isinstance(error, MemoryError):
        return "out of memory: this machine has too little for what was given and asked"
    if isinstance(error, FileNotFoundError) and error.filename is None and not _has_folder():
        return "the working directory is gone, expected one to start from"
    return f"unexpected {type(error).__name__}: {first_line(error)}; --traceback shows where"


def _has_folder() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


FORMS = ("text", "json", "markdown", "latex")


def add_output(parser: argparse.ArgumentParser) -> None:
    """Declare the form of the output."""
    parser.add_argument("--output", choices=FORMS, default="text", help="the form of the output (default: text)")
    parser.add_argument("--json", action="store_const", const="json", dest="output", help="the same as --output json")


def print_tables(tables: Sequence[Table], form: str) -> None:
    """Print them as text, Markdown or LaTeX."""
    from tyez_bench.report.writers import latex, markdown, render

    emit({"text": render, "markdown": markdown, "latex": latex}[form](tables), form)


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
