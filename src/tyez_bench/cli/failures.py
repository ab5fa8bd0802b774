"""The end of a command that could not answer: one line on standard error, the rest for those who ask for it."""

import os
import traceback

from tyez_bench.cli.output import say
from tyez_bench.errors import TyezBenchError, first_line

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
