"""A Python function from a text to spans, by the name of its module: ``py:package.module:function``."""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError
from tyez_bench.systems.spans import spans_in
from tyez_bench.systems.system import Options, Passage, System, file_sha256, span_record


def load(argument: str, gold: Gold, options: Options) -> System:
    """Import the function; modules of the current directory are found. Raises UsageError."""
    function = _function(argument)

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in given:
            try:
                # What it prints is no part of the command's output.
                with contextlib.redirect_stdout(sys.stderr):
                    found = spans_in(function(passage.text), passage.text, passage.id)
            except TyezBenchError:
                raise
            except (Exception, SystemExit) as error:
                reason = f"{argument} failed: {type(error).__name__}: {error}"
                raise InputError(f"{passage.id!r}: {reason}") from error
            yield span_record(passage, found)

    path = getattr(sys.modules.get(argument.partition(":")[0]), "__file__", None)
    # A module that was changed is another one; what it imports is not looked at.
    settings = {"sha256": file_sha256(path)} if path and os.path.isfile(path) else {}
    return System(predict=predict, by=options.by or "document", settings=settings)


def _function(argument: str) -> Callable[[str], Any]:
    module, colon, name = argument.partition(":")
    if not (module and colon and name):
        raise UsageError(f"py:{argument}: expected py:MODULE:FUNCTION")
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            found: Any = importlib.import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
    except (Exception, SystemExit) as error:
        raise UsageError(f"py:{argument}: can't be imported: {type(error).__name__}: {error}") from None
    if not callable(found):
        raise UsageError(f"py:{argument}: is {type(found).__name__}, expected a function from a text to spans")
    function: Callable[[str], Any] = found
    return function
