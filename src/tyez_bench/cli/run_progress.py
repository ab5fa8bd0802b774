"""How far a run has come: a bar on a terminal, and a line where an earlier run left something."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

from tyez_bench.cli.output import on_terminal, say
from tyez_bench.errors import one_line
from tyez_bench.systems.running import Progress


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
    with _bar(name) if on_terminal() else contextlib.nullcontext() as shown, _ended_as_interrupted():

        def tell(done: int, total: int) -> None:
            if not counts[1] and done:
                say(f"{name}: {done} of {total} are kept, going on from there")
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
