"""The exceptions, on one screen.

TyezBenchError            exit code 2: the question could not be answered
├── UsageError            the command or the call makes no sense as given
├── InputError            a file, or a record in it, can't be read or is invalid
│   └── AnnotationError   the hand-made annotation contradicts itself or the page
├── EndpointError         a model's endpoint can't be reached, or refuses what it is asked
└── MissingExtraError     an optional package is needed and not installed

An answer of "no" (a threshold that is not reached) is not an exception: commands return 1.
"""

from pathlib import Path


def one_line(text: str) -> str:
    """``text`` with line ends and other control characters written as escapes, safe for a terminal."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


# How much of a text a message has.
SHOWN = 120


def shortened(text: str, longest: int = SHOWN) -> str:
    """``text`` as a message has it: of a long one the beginning and the end, with how many characters are between.

    What comes out is no longer than ``longest``, and is left as it is from then on.
    """
    if len(text) <= longest:
        return text
    half = (longest - 24) // 2
    return f"{text[:half]}…({len(text) - 2 * half} more)…{text[-half:]}"


def quoted(text: str) -> str:
    """``text`` in quotes, shortened."""
    return repr(shortened(text))


_TOO_LONG = "for integer string conversion"


def first_line(error: BaseException) -> str:
    """The first line of another library's message that says something."""
    if _TOO_LONG in str(error):
        # What Python says then is advice for who wrote the program.
        return "a number has more than 4,300 digits"
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
    """An optional package is needed and not installed."""

    def __init__(self, package: str, extra: str):
        super().__init__(f"{package} is not installed; it comes with: pip install 'tyez-bench[{extra}]'")
