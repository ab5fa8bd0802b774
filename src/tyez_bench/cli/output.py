"""What a command writes: to standard output, once, when all is known; to files, none of which it reads; its end.

A closed stream's number goes to the next file that is opened, and what is then written to the stream lands in that
file. A standard error that is full makes every note an exception. Neither may touch the data or the exit code.
"""

import argparse
import contextlib
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from tyez_bench.model.errors import InputError, TyezBenchError, UsageError, first_line, shortened

if TYPE_CHECKING:
    from tyez_bench.files.in_use import Inputs
    from tyez_bench.report.table import Table

T = TypeVar("T", bound=Callable[[str], Any])

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
    from tyez_bench.files.jsonl import json_text

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
        return "out of memory for this input and these options"
    if isinstance(error, FileNotFoundError) and error.filename is None and not _has_folder():
        return "the working directory no longer exists"
    return f"unexpected {type(error).__name__}: {first_line(error)}; --traceback shows where"


def _has_folder() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def writes(type_: T) -> T:
    """Mark a type of arguments as that of a place that is written."""
    type_.writes = True  # type: ignore[attr-defined]
    return type_


@writes
def output_path(text: str) -> Path:
    """A file or directory to write; ``-``, the standard output elsewhere, is refused as a name."""
    return Path(output_name(text))


@writes
def output_name(text: str) -> str:
    """The same as it is spelt: a slash at the end says that it is a directory."""
    if text == "-":
        raise argparse.ArgumentTypeError("can't be written to the standard output: expected a path (./- is a file -)")
    return text


@writes
def output_or_stdout(text: str) -> Path:
    """A file or directory to write, or ``-`` for the standard output."""
    return Path(text)


FORMS = ("text", "json", "markdown", "latex")


def add_form(parser: Any, forms: Sequence[str] = FORMS) -> None:
    """Declare the form of the answer."""
    parser.add_argument("--output-format", "-f", choices=forms, default=forms[0], help="the output format")
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
        help="write the output to a file (default, and -: standard output)",
    )


@contextlib.contextmanager
def answering(file: Path | None) -> Iterator[None]:
    """What is emitted until the end goes to ``file``, all at once, and nothing where the command fails.

    None and ``-`` are standard output. Raises UsageError, before anything is done, for a file that can't be written.
    """
    if file is None or str(file) == "-":
        yield
        return
    from tyez_bench.files.jsonl import check_target, write_atomic

    check_target(file, force=True)
    data = io.BytesIO()
    # Nobody's terminal: no colours.
    stream = io.TextIOWrapper(data, "utf-8", "backslashreplace", newline="\n")
    with contextlib.redirect_stdout(stream):
        yield
    stream.flush()
    write_atomic(file, data.getvalue())


def print_tables(tables: Sequence["Table"], form: str) -> None:
    """Print them as text, Markdown or LaTeX."""
    from tyez_bench.report.table import render

    emit(render(tables, form), form)


def is_output(action: argparse.Action) -> bool:
    """Whether an argument says where something is written."""
    return getattr(action.type, "writes", False)


# Files that are written only if they are named.
_IF_NAMED = ("answer_file", "units_to", "html", "png")


def note_inputs(inputs: "Inputs", command: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Note the files that a command line names; for a command that writes the package's own and the project's, too."""
    given = [action for action in command._actions if getattr(args, action.dest, action.default) != action.default]
    for action in given:
        if not is_output(action):
            for word in _words(getattr(args, action.dest)):
                inputs.name(word)
    if any(is_output(action) and (action.dest not in _IF_NAMED or action in given) for action in command._actions):
        _note_project(inputs, command, args)
        from tyez_bench.gold.gold import data_dir

        inputs.keep(Path(__file__).parent.parent)
        for path in data_dir().iterdir():
            # Of a checkout: those are written anew by its own commands.
            if path.name != "predictions":
                inputs.keep(path)


def _note_project(inputs: "Inputs", command: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Note what the nearest configuration, or the one that is given, names: nobody wants it replaced by the way."""
    from tyez_bench.checks.config import find_config, read_config

    try:
        place = getattr(args, "config", None) or find_config(Path.cwd())
        if place is None:
            return
        config = read_config(place)
    except (InputError, OSError, ValueError):
        # The command says so, if it is any of its business.
        return
    names = [*config.paths, config.source, config.labels]
    if not any(is_output(action) and action.dest == "accepted" for action in command._actions):
        names.append(config.accepted)
    if config.agreement is not None:
        names += [*config.agreement.passes, config.agreement.log]
    if config.release is not None:
        names += [config.release.changelog, (config.release.version or "").rpartition(":")[0]]
    for name in filter(None, names):
        inputs.read(place.absolute().parent / name, name, named_in=place)


def _words(value: object) -> Iterator[str]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _words(one)
    elif isinstance(value, (str, Path)):
        yield str(value)


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
