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

from tyez_bench.model.hints import how_to_install

# Characters of an error, whatever is quoted in it: a line that people read and that a log keeps.
LONGEST = 1000
# A piece of input in a longer error: what is longer is shortened to its beginning and its end.
_PIECE, _BEGIN, _END = 120, 80, 30
# Quoted as Python writes text, as msgspec writes names, or a word of whatever is not quoted.
_PIECES = re.compile(
    r"""(?<![\w\\])(?:'(?>(?:[^'\\]|\\.)*)'|"(?>(?:[^"\\]|\\.)*)")(?!\w)|`[^`]*+`|[^\s'"`]++""", re.DOTALL
)
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


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun, ``1 error`` or ``2 errors``; ``many`` where the plural is not ``one`` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


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
    """Base of all errors of this package: one line that says what was found, where, and what was expected.

    Nothing else is raised on purpose. Messages name arguments where a function was called, and options where a
    command was.

    Example:
        >>> import tyez_bench
        >>> try:
        ...     tyez_bench.load("nowhere.jsonl")
        ... except tyez_bench.TyezBenchError as error:
        ...     print(error)
        nowhere.jsonl: no such file
    """

    exit_code = 2

    def __init__(self, message: str):
        # One error is one line that can be read, whatever the offending input contained, and however much of it.
        super().__init__(shortened(message))


class UsageError(TyezBenchError):
    """The command or the call makes no sense as given.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.Settings(layer="inner")
        Traceback (most recent call last):
        tyez_bench.model.errors.UsageError: layer 'inner' is not one of outermost, nested, all
    """


class InputError(TyezBenchError):
    """A file, or a record in it, can't be read or is invalid.

    The message reads ``file:line: what was wrong``; the parts are kept.

    Attributes:
        path: the file, as text; None for what is in none.
        line: the line, from 1; None where lines mean nothing.
        reason: what was wrong, without the place.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> record = '{"id": "a", "text": "太原", "entities": [{"start": 0, "end": 3, "type": "LOC"}]}'
        >>> _ = Path("own.jsonl").write_text(record, "utf-8")
        >>> try:
        ...     tyez_bench.load("own.jsonl")
        ... except tyez_bench.InputError as error:
        ...     print(error.path, error.line, error.reason)
        own.jsonl 1 entity 'a:0-3': 0–3 is outside the text (0–2)
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
    """The hand-made annotation contradicts itself or the page: raised by what builds a gold set of its sources.

    Example:
        >>> import tyez_bench
        >>> str(tyez_bench.AnnotationError("the mark is not closed", path="wanbolin.txt", line=3))
        'wanbolin.txt:3: the mark is not closed'
    """


class EndpointError(TyezBenchError):
    """A model's endpoint can't be reached, or refuses what it is asked."""


class MissingExtraError(TyezBenchError):
    """An optional package is needed and not installed; the message has the pip command that installs it.

    Args:
        package: the package that is missing.
        extra: the extra of this package that asks for it.
        beside: others that are needed with it.

    Example:
        >>> import tyez_bench
        >>> str(tyez_bench.MissingExtraError("rapidfuzz", "llm"))
        "rapidfuzz is not installed; it comes with: pip install 'rapidfuzz>=3'"
    """

    def __init__(self, package: str, extra: str, beside: Sequence[str] = ()):
        how = how_to_install((package, *(other for other in beside if other != package)), extra)
        super().__init__(f"{package} is not installed; it comes with: {how}")
