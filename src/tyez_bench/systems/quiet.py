"""Other libraries kept quiet: no warnings, log lines or progress bars among what a command says itself."""

import io
import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep back warnings and log lines. Standard error stays, for the command's own progress bar."""
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(before)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep back everything that is written; on a terminal the progress of a download is shown."""
    shown = sys.stderr if sys.stderr is not None and sys.stderr.isatty() else io.StringIO()
    with unwarned(), redirect_stdout(io.StringIO()), redirect_stderr(shown):
        yield
