"""Writing to standard output, once, when all is known; the streams; and the end of a command that could not answer.

A closed stream's number goes to the next file that is opened, and what is then written to the stream lands in that
file. A standard error that is full makes every note an exception. Neither may touch the data or the exit code.
"""

import argparse
import contextlib
import io
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from tyez_bench.cli.outputs import output_or_stdout
from tyez_bench.files.jsonl import check_target, json_text, write_atomic
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


_quiet = False


@contextlib.contextmanager
def quietly(quiet: bool) -> Iterator[None]:
    """Without notes and progress until the end, where it is so asked."""
    global _quiet
    before, _quiet = _quiet, quiet
    try:
        yield
    finally:
        _quiet = before


def note(line: str) -> None:
    """Say what is neither an error nor the reason of an exit code, unless quiet is asked for."""
    if not _quiet:
        say(line)


def shows_progress() -> bool:
    """Whether somebody sees standard error as it is written, and wants to."""
    return not _quiet and sys.stderr is not None and sys.stderr.isatty()


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


def add_form(parser: Any, forms: Sequence[str] = FORMS) -> None:
    """Declare the form of the answer."""
    parser.add_argument("--output-format", "-f", choices=forms, default=forms[0], help="the form of the output")
    parser.add_argument(
        "--json",
        action="store_const",
        const="json",
        default=argparse.SUPPRESS,
        dest="output_format",
        help="the same as --output-format json",
    )


def add_output(parser: Any, forms: Sequence[str] = FORMS) -> None:
    """Declare the form of the answer, and the file that it may go to."""
    add_form(parser, forms)
    parser.add_argument(
        "--output",
        "-o",
        type=output_or_stdout,
        dest="answer_file",
        metavar="FILE",
        help="write it to a file (default, and -: standard output)",
    )


@contextlib.contextmanager
def answering(file: Path | None) -> Iterator[None]:
    """What is emitted until the end goes to ``file``, all at once, and nothing where the command fails.

    None and ``-`` are standard output. Raises UsageError, before anything is done, for a file that can't be written.
    """
    if file is None or str(file) == "-":
        yield
        return
    check_target(file, force=True)
    data = io.BytesIO()
    # Nobody's terminal: no colours.
    stream = io.TextIOWrapper(data, "utf-8", "backslashreplace", newline="\n")
    with contextlib.redirect_stdout(stream):
        yield
    stream.flush()
    write_atomic(file, data.getvalue())


def print_tables(tables: Sequence[Table], form: str) -> None:
    """Print them as text, Markdown or LaTeX."""
    from tyez_bench.report.table import render

    emit(render(tables, form), form)


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
