"""Other libraries kept quiet, and torch's device by name."""

import io
import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from tyez_bench.model.errors import UsageError, first_line


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


def torch_device(name: str) -> Any:
    """The device, after trying it. Raises UsageError for one that does not exist or can't be used."""
    with unwarned():
        import torch

    try:
        device = torch.device(name)
        torch.zeros(1, device=device).item()
    # Whatever the libraries below say of a device that is not there.
    except Exception as error:
        raise UsageError(f"device {name!r}: torch can't use it: {first_line(error)}") from None
    return device
