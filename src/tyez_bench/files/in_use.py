"""What a command reads, so that nothing that it writes takes its place; and locks between processes.

While a command runs, every file that is opened to be read is noted, and so is every file that its command line names.
What is written is compared with them, as files and not as names: a link is what it leads to.
"""

import contextlib
import errno
import hashlib
import os
import shlex
import stat
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from tyez_bench.model.errors import UsageError

# Device and number of a file.
_File = tuple[int, int]
_Path = str | os.PathLike[str]


class Inputs:
    """The files that a command has read or will read, and those that it has written."""

    def __init__(self) -> None:
        self._files: dict[_File, str] = {}
        self._projects: dict[_File, str] = {}
        self._folders: list[str] = []
        self._whole: list[str] = []
        self._written: set[_File] = set()
        for stream in (sys.stdout, sys.stderr):
            # The shell may have led it to a file.
            with contextlib.suppress(OSError, ValueError, AttributeError):
                self._written |= _regular(os.fstat(stream.fileno()))

    def read(self, file: _Path | int, name: _Path | None = None, *, named_in: _Path | None = None) -> None:
        """Note a file, or an open one by its number, as an input called ``name``; what is no file is passed over.

        ``named_in``: it is none of this command's, but of the project whose configuration names it.
        """
        with contextlib.suppress(OSError, ValueError):
            called = os.fspath(name) if name is not None else str(file)
            for one in _regular(os.stat(file)):
                self._files.setdefault(one, called)
                if named_in is not None:
                    self._projects.setdefault(one, os.fspath(named_in))

    def name(self, word: str) -> None:
        """Note what a word of a command line names: a file, a directory, ``family:DIRECTORY``, ``cmd:COMMAND LINE``."""
        words = [word]
        for part in (word, *word.split("+")):
            family, _, argument = part.partition(":")
            words.append(argument)
            if family == "cmd":
                with contextlib.suppress(ValueError):
                    words += shlex.split(argument)
        for one in filter(None, words):
            self.read(one)
            if _is_folder(one):
                (self._folders if one == word else self._whole).append(os.path.realpath(one))

    def keep(self, folder: _Path) -> None:
        """Note all that a directory holds as inputs."""
        self._whole.append(os.path.realpath(folder))

    def wrote(self, path: _Path) -> None:
        """Note a file as written."""
        with contextlib.suppress(OSError):
            self._written |= _regular(os.stat(path))

    def check(self, outputs: Iterable[_Path]) -> None:
        """Raise UsageError where one of these would take the place of an input, or of another of them."""
        fresh: dict[str, _Path] = {}
        seen: dict[_File, _Path] = {}
        for path in outputs:
            target = os.path.realpath(path)
            found: set[_File] = set()
            with contextlib.suppress(OSError):
                found = _regular(os.stat(target))
            self._check_one(path, target, found)
            # What is not there yet: names that differ in case only may be one file, and on many systems are.
            key = unicodedata.normalize("NFC", target).casefold()
            other = next((seen[one] for one in found if one in seen), fresh.get(key) if not found else None)
            if other is not None or found & self._written:
                beside = "" if other is None else f" ({other})"
                raise UsageError(f"{path}: is already written by this command{beside}; expected another file")
            seen |= dict.fromkeys(found, path)
            if not found:
                fresh[key] = path

    def check_folder(self, path: _Path) -> None:
        """Raise UsageError where a directory that is replaced is, or holds, an input."""
        target = os.path.realpath(path)
        for file, name in self._files.items():
            with contextlib.suppress(OSError):
                # The name may be a link to a file elsewhere, which stays.
                if _inside(os.path.realpath(name), target) and file in _regular(os.stat(name)):
                    raise _refusal(path, name)
        for folder in (*self._folders, *self._whole):
            if _inside(folder, target):
                raise _refusal(path, folder)

    def _check_one(self, path: _Path, target: str, found: set[_File]) -> None:
        project = next((self._projects[one] for one in found if one in self._projects), None)
        if project is not None:
            raise UsageError(f"{path}: is named in {project}, and would be overwritten; expected another path")
        name = next((self._files[one] for one in found if one in self._files), None)
        if name is None and found:
            name = next((folder for folder in self._whole if _inside(target, folder)), None)
        if name is not None:
            raise _refusal(path, name)


def _refusal(path: _Path, name: str) -> UsageError:
    which = "" if name == os.fspath(path) else f" ({name})"
    return UsageError(f"{path}: is an input of this command{which}, and would be overwritten; expected another path")


def _regular(found: os.stat_result) -> set[_File]:
    return {(found.st_dev, found.st_ino)} if stat.S_ISREG(found.st_mode) else set()


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except ValueError:
        return False


def _inside(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


_current: Inputs | None = None


@contextlib.contextmanager
def watched() -> Iterator[Inputs]:
    """Note what is read until the end. Outside of it, as in a program that uses the library, nothing is noted."""
    global _current
    before, _current = _current, Inputs()
    try:
        yield _current
    finally:
        _current = before


def note_read(file: _Path | int, name: _Path | None = None) -> None:
    """Note a file, or an open one by its number, as an input of the command that runs."""
    if _current is not None:
        _current.read(file, name)


def note_written(path: _Path) -> None:
    """Note a file as written by the command that runs."""
    if _current is not None:
        _current.wrote(path)


def check_outputs(*paths: _Path) -> None:
    """Raise UsageError where one of these files takes the place of an input, or two of them are one."""
    if _current is not None:
        _current.check(paths)


def check_output_folder(path: _Path) -> None:
    """Raise UsageError where a directory that is to be replaced is, or holds, an input."""
    if _current is not None:
        _current.check_folder(path)


# Seconds. What is done under such a lock takes milliseconds.
_WAIT = 60.0
_PAUSE = 0.02
# What says that another process has it, and no other trouble.
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


def try_lock(file: int | IO[Any]) -> bool | None:
    """Lock an open file for this process alone: False where another has it, None where there are no locks.

    It is held until the file is closed.
    """
    handle = file if isinstance(file, int) else file.fileno()
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the end: what is locked on Windows can't be read.
            os.lseek(handle, 0x7FFF0000, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in _TAKEN else None
    return True


@contextlib.contextmanager
def updating(path: str | Path, *, wait: float = _WAIT) -> Iterator[None]:
    """Read, change and write a file while no other process does.

    Nothing is left behind: the lock is that of the folder, or of a file for temporary files where a folder has none.
    Raises UsageError after ``wait`` seconds.
    """
    target = os.path.realpath(path)
    deadline = time.monotonic() + wait
    with contextlib.ExitStack() as stack:
        for handle in _handles(target):
            stack.callback(os.close, handle)
            while (got := try_lock(handle)) is False:
                if time.monotonic() > deadline:
                    raise UsageError(f"{path}: another process has been changing it for {wait:g} seconds")
                time.sleep(_PAUSE)
            if got:
                break
        yield


def _handles(target: str) -> Iterator[int]:
    """What can be locked for a file, open: its folder, and a file of its own among the temporary ones."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            yield os.open(os.path.dirname(target), os.O_RDONLY)

    name = f"tyez-bench-{hashlib.sha256(os.fsencode(os.path.normcase(target))).hexdigest()[:32]}.lock"
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with contextlib.suppress(OSError):
        yield os.open(os.path.join(tempfile.gettempdir(), name), flags, 0o600)
