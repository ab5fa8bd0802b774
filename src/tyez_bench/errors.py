"""The exceptions, on one screen.

TyezBenchError            exit code 2: the question could not be answered
├── UsageError            the command or the call makes no sense as given
├── InputError            a file, or a record in it, can't be read or is invalid
│   └── AnnotationError   the hand-made annotation contradicts itself or the page
├── EndpointError         a model's endpoint can't be reached, or refuses what it is asked
└── MissingExtraError     an optional package is needed and not installed

An answer of "no" (a threshold that is not reached) is not an exception: commands return 1.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from tyez_bench.hints import how_to_install

# Characters of an error, whatever is quoted in it: a line that people read and that a log keeps.
LONGEST = 1000
# A piece of input in a longer error: what is longer is shortened to its beginning and its end.
_PIECE, _BEGIN, _END = 120, 80, 30
# Quoted as Python writes text, as msgspec writes names, or a word of whatever is not quoted.
_PIECES = re.compile(r"""(?<![\w\\])(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")(?!\w)|`[^`]*+`|[^\s'"`]++""", re.DOTALL)
# A character as Python writes it between quotes.
_WRITTEN = re.compile(r"\\(?:x..|u.{4}|U.{8}|.)|.", re.DOTALL)
# What the runners of GitHub, Azure and TeamCity obey wherever it stands in a line of a log.
_COMMAND = re.compile(r"##(?=\w*\[)")
# A wide space is a part of Chinese texts, and can be seen.
_WIDE_SPACE = "\u3000"


def one_line(text: str) -> str:
    r"""``text`` as one line that a terminal and the log of a build show, and do nothing else with.

    Line ends, control characters, marks of direction and whatever else can't be seen are written as escapes
    (``\x1b``, ``\u202e``), and so is a character of what a build would obey: ``::`` at the beginning, ``##[`` and
    ``##vso[`` anywhere. All else stays, Chinese and wide spaces, too. What is one line already is not changed.
    """
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() or c == _WIDE_SPACE else c.encode("unicode_escape").decode("ascii") for c in text
        )
    if "##" in text:
        text = _COMMAND.sub(r"#\\x23", text)
    if text.lstrip().startswith("::"):
        text = text.replace(":", r"\x3a", 1)
    return text


def cut(text: Sequence[str]) -> str:
    """A piece of input, as text or as its characters; a long one by its beginning and its end, with its length."""
    if len(text) <= _PIECE:
        return "".join(text)
    return f"{''.join(text[:_BEGIN])}… ({len(text)} characters) …{''.join(text[-_END:])}"


def shortened(message: str) -> str:
    """A message as one line of at most ``LONGEST`` characters, in which what is quoted is cut and not what is said.

    Of a longer one, each piece of input in it (quoted, or a word that is long) is cut, with its length; where that is
    not enough, the middle of the line is left out.
    """
    line = one_line(message)
    if len(line) <= LONGEST:
        return line
    line = one_line(_PIECES.sub(_piece, message))
    if len(line) <= LONGEST:
        return line
    end = LONGEST // 3
    note = f"… ({len(message)} characters) …"
    return f"{line[: LONGEST - end - len(note)]}{note}{line[-end:]}"


def _piece(found: re.Match[str]) -> str:
    piece = found[0]
    mark = piece[0]
    if mark not in "'\"`":
        return cut(piece)
    return f"{mark}{cut(piece[1:-1] if mark == '`' else _WRITTEN.findall(piece[1:-1]))}{mark}"


# How much of a text a message has.
SHOWN = 120


def excerpt(text: str, longest: int = SHOWN) -> str:
    """``text`` as a message has it: of a long one the beginning and the end, with how many characters are between.

    What comes out is no longer than ``longest``, and is left as it is from then on.
    """
    if len(text) <= longest:
        return text
    half = (longest - 24) // 2
    return f"{text[:half]}…({len(text) - 2 * half} more)…{text[-half:]}"


def quoted(text: str) -> str:
    """``text`` in quotes, shortened."""
    return repr(excerpt(text))


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
        # One error is one line that can be read, whatever the offending input contained, and however much of it.
        super().__init__(shortened(message))


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
