"""Where the predictions of runs go, and how far a run has come."""

import contextlib
import json
import os
import re
import signal
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tyez_bench.cli.output import note, shows_progress
from tyez_bench.files.in_use import check_outputs
from tyez_bench.files.jsonl import write_all
from tyez_bench.model.errors import UsageError, one_line
from tyez_bench.systems import Request
from tyez_bench.systems.runner import Progress, Ran, facts_of, journal_of

# Characters of a file's name.
_LONGEST = 80


def targets(out: str | None, runs: Sequence[tuple[Request, str]]) -> list[Path | None]:
    """The predictions file of each run, a system with what tells its file from those of its other runs.

    ``out`` is a file that ends in .jsonl, or a directory, which is made where its name ends in a slash or several
    systems go into it. Raises UsageError for what can't be written, and for what must not be written over: an
    input of the command, and a file beside the predictions that is no record of a run.
    """
    if out is None:
        return [None] * len(runs)
    path = Path(out)
    if path.is_file():
        check_outputs(path)
    systems = {asked for asked, _ in runs}
    if not path.exists() and path.suffix != ".jsonl" and (out.endswith(("/", os.sep)) or len(systems) > 1):
        try:
            path.mkdir()
        except OSError as error:
            raise UsageError(f"{path}: can't be made: {error.strerror}") from None
    if path.is_dir():
        files = [path / f"{file_stem(asked)}{end}.jsonl" for asked, end in runs]
    elif len(systems) == 1 and path.suffix == ".jsonl":
        files = [path.with_name(f"{path.stem}{end}.jsonl") for _, end in runs]
    else:
        one = "a directory, or a file that ends in .jsonl"
        expected = "a directory for several systems" if len(systems) > 1 else one
        raise UsageError(f"{path}: no such directory, expected {expected}")
    if len(set(files)) < len(files):
        raise UsageError(f"{path}: two systems would write the same file; run one of them with --output FILE.jsonl")
    check_files(files)
    return list(files)


def check_files(files: Sequence[Path]) -> None:
    """Raise UsageError where predictions can't be written into these files, or their facts and journals beside them."""
    for file in files:
        _check(file)
    check_outputs(*(written for file in files for written in _written(file)))


def _written(path: Path) -> tuple[Path, ...]:
    return path, facts_of(path), journal_of(path)


def _check(path: Path) -> None:
    if not path.parent.is_dir():
        raise UsageError(f"{path}: can't be written: no such directory {str(path.parent)!r}")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"{path.parent}: can't be written")
    for written in _written(path):
        if written.is_dir():
            raise UsageError(f"{written}: is a directory, expected a file to write")
        if written.exists() and not written.is_file():
            raise UsageError(f"{written}: is not a regular file, expected one to write")
    facts = facts_of(path)
    if facts.exists() and not _is_record(facts):
        raise UsageError(f"{facts}: is not a record of a run, and would be overwritten")


def _is_record(path: Path) -> bool:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "system" in found


def file_stem(asked: Request) -> str:
    """A system's name as that of a file: letters, digits, dots, plus and minus signs, one dash for all others.

    A model in a directory is called by the directory's own name.
    """
    parts = []
    for family, argument in asked.parts:
        shown = Path(argument).resolve().name if os.path.isdir(argument) else argument
        parts.append(f"{family}:{shown}" if argument else family)
    return re.sub(r"[^\w.+-]+", "-", "+".join(parts)).strip("-.")[:_LONGEST] or "system"


def write(path: Path, ran: Ran, loading: float) -> None:
    """The predictions, and the facts of the run beside them. Raises UsageError."""
    facts = {**ran.facts, "run": {**ran.facts["run"], "loading_seconds": round(loading, 3)}}
    record = (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()
    write_all([(path, ran.data), (facts_of(path), record)])


class Interrupted(KeyboardInterrupt):
    """An interruption, with how many passages were done."""

    def __init__(self, done: int, total: int):
        super().__init__()
        self.done, self.total = done, total


@contextlib.contextmanager
def watched(name: str) -> Iterator[Progress]:
    """What a run tells its progress to. Being told to end is an interruption, so that what was started is ended, too.

    Raises Interrupted.
    """
    counts = [0, 0]
    with _bar(name) if shows_progress() else contextlib.nullcontext() as shown, _ended_as_interrupted():

        def tell(done: int, total: int) -> None:
            if not counts[1] and done:
                note(f"{name}: {done} of {total} are kept, resuming")
            counts[:] = done, total
            if shown is not None:
                shown(done, total)

        try:
            yield tell
        except KeyboardInterrupt:
            raise Interrupted(*counts) from None


@contextlib.contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # What is ignored (nohup) stays so.
    taken = [end for end in ends if signal.getsignal(end) is signal.SIG_DFL]
    for end in taken:
        signal.signal(end, interrupt)
    try:
        yield
    finally:
        for end in taken:
            signal.signal(end, signal.SIG_DFL)


@contextlib.contextmanager
def _bar(name: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(one_line(name), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
