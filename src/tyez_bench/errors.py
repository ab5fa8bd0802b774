"""The exceptions, on one screen.

TyezBenchError            exit code 2: the question could not be answered
├── UsageError            the command or the call makes no sense as given
├── InputError            a file, or a record in it, can't be read or is invalid
│   └── AnnotationError   the hand-made annotation contradicts itself or the page
├── EndpointError         a model's endpoint can't be reached, or refuses what it is asked
└── MissingExtraError     an optional package is needed and not installed

An answer of "no" (a threshold that is not reached) is not an exception: commands return 1.
"""

from collections.abc import Sequence
from pathlib import Path

from tyez_bench.hints import how_to_install


def one_line(text: str) -> str:
    """``text`` with line ends and other control characters written as escapes, safe for a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def first_line(error: BaseException) -> str:
    """The first line of another library's message that says something."""
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "no reason given")


class TyezBenchError(Exception):
    """Base of all errors that are reported in one line, without a traceback."""

    exit_code = 2

    def __init__(self, message: str):
        # One error is one line, whatever the offending input contained.
        super().__init__(one_line(message))


class UsageError(TyezBenchError):
    """The command or the call makes no sense as given."""


class InputError(TyezBenchError):
    """A file, or a record in it, can't be read or is invalid.

    The message reads ``file:line: what was wrong``; the parts are kept as attributes.
    """

    def __init__(self, message: str, *, path: str | Path | None = None, line: int | None = None):
        self.path = None if path is None else str(path)
        self.line = line
        self.reason = message
        place = [] if path is None else [str(path)]
        if line is not None:
            place.append(str(line))
        super().__init__(f"{':'.join(place)}: {message}" if place else message)


class AnnotationError(InputError):
    """The hand-made annotation contradicts itself or the page."""


class EndpointError(TyezBenchError):
    """A model's endpoint can't be reached, or refuses what it is asked."""


class MissingExtraError(TyezBenchError):
    """An optional package is needed and not installed; ``beside`` are others that are needed with it."""

    def __init__(self, package: str, extra: str, beside: Sequence[str] = ()):
        how = how_to_install((package, *(other for other in beside if other != package)), extra)
        super().__init__(f"{package} is not installed; it comes with: {how}")
