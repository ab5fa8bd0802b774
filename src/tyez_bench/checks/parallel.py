"""Pieces of work shared among processes that see what this one has read.

The others are forked: nothing is read twice, and nothing but what they find is sent. Where the system has no fork, or
refuses one, and where other threads run, whose locks a fork would keep for ever, this process does all of it.
"""

import gc
import os
import pickle
import signal
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class _Child(NamedTuple):
    """A process, and where it writes what it found."""

    pid: int
    found: int


def shared(pieces: Sequence[Callable[[], T]], jobs: int = 1) -> list[T]:
    """What each piece of work returns, in their order; ``jobs``: how many processes, this one among them.

    What a piece raises is raised here, also where another process came upon it.
    """
    if jobs == 1 or len(pieces) < 2 or not may_fork():
        return [piece() for piece in pieces]
    found: dict[int, T] = {}
    turns = _turns(len(pieces))
    children: list[_Child] = []
    try:
        children = _forked(pieces, turns, jobs - 1)
        found |= _by_turns(pieces, turns)
        for child in children:
            # A process that was killed, or came upon an error, leaves its pieces to this one.
            with suppress(EOFError, pickle.UnpicklingError), open(child.found, "rb", closefd=False) as file:
                found |= pickle.load(file)
    finally:
        os.close(turns)
        for child in children:
            _end(child)
    return [found[number] if number in found else piece() for number, piece in enumerate(pieces)]


def may_fork() -> bool:
    """Whether this process can be forked, and it is safe."""
    return hasattr(os, "fork") and threading.active_count() == 1


def _turns(number: int) -> int:
    """A pipe from which each process takes the number of its next piece: from the last on, which take longest."""
    turns, fill = os.pipe()
    try:
        os.write(fill, b"".join(one.to_bytes(_SIZE, "big") for one in reversed(range(number))))
    finally:
        os.close(fill)
    return turns


_SIZE = 2


def _by_turns(pieces: Sequence[Callable[[], T]], turns: int) -> dict[int, T]:
    found: dict[int, T] = {}
    while turn := os.read(turns, _SIZE):
        number = int.from_bytes(turn, "big")
        found[number] = pieces[number]()
    return found


def _forked(pieces: Sequence[Callable[[], Any]], turns: int, number: int) -> list[_Child]:
    """So many processes at work, or as many as can be had."""
    children: list[_Child] = []
    with suppress(OSError):
        for _ in range(number):
            children.append(_fork(pieces, turns, [child.found for child in children]))
    return children


def _fork(pieces: Sequence[Callable[[], Any]], turns: int, others: Sequence[int]) -> _Child:
    there, here = os.pipe()
    try:
        with warnings.catch_warnings():
            # Of threads that are none of Python's, such as those of numpy, which wait for work that the other process
            # never gives them.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
    except OSError:
        os.close(there)
        os.close(here)
        raise
    if pid:
        os.close(here)
        return _Child(pid, there)
    code = 1
    try:
        for descriptor in (there, *others):
            os.close(descriptor)
        # What is written to is no longer shared memory.
        gc.disable()
        with open(here, "wb") as file:
            pickle.dump(_by_turns(pieces, turns), file, pickle.HIGHEST_PROTOCOL)
        code = 0
    finally:
        # Neither what this process has not written yet nor what it does at its end is the other one's.
        os._exit(code)
    raise AssertionError


def _end(child: _Child) -> None:
    os.close(child.found)
    with suppress(OSError):
        os.kill(child.pid, signal.SIGKILL)
    with suppress(OSError):
        os.waitpid(child.pid, 0)
