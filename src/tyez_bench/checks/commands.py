"""The commands of a project that level 6 runs (V804, V805): when they may run, and for how long."""

import contextlib
import os
import shlex
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tyez_bench.checks.rule import Finding
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice

# Seconds that a command may take.
LIMIT = 600.0
# Bytes of what a command says that are read.
_MOST = 1024 * 1024
# An event of GitHub that runs with the rights of the repository on what somebody else wrote.
_OF_OTHERS = "pull_request_target"


@dataclass(frozen=True)
class Running:
    """That commands are run: each for at most ``limit`` seconds; ``tell`` is given each before it starts."""

    tell: Callable[[str], None]
    limit: float = LIMIT


def check_allowed(config: Path) -> None:
    """Raise UsageError where the commands of a configuration may be somebody else's.

    They are run when the file, and a link to it, are of the user who runs the check, its folder of this user or the
    system's, and neither can be changed by everybody. A group that may write is trusted as its owner trusts it. On
    Windows owners are not looked at.
    """
    if os.environ.get("GITHUB_EVENT_NAME") == _OF_OTHERS:
        raise UsageError(f"{config}: its commands are not run on {_OF_OTHERS}, where they may come from a pull request")
    if sys.platform == "win32":
        return
    user = os.geteuid()
    folder = config.absolute().parent
    for path, found, owners in (
        (config, os.lstat(config), {user}),
        (config, os.stat(config), {user}),
        (folder, os.stat(folder), {user, 0}),
    ):
        if found.st_uid not in owners:
            raise UsageError(f"{config}: its commands are not run, since {path} belongs to another user")
        if found.st_mode & stat.S_IWOTH and not stat.S_ISLNK(found.st_mode):
            raise UsageError(f"{config}: its commands are not run, since anybody may write to {path}")


def run_command(code: str, command: Sequence[str], folder: Path, running: Running) -> Iterator[Finding]:
    """V804 and V805: each line that a command prints on its way to exit code 1.

    Raises UsageError when it can't run, ends with another code, or takes too long: then it is stopped, with all that it
    started.
    """
    words = [sys.executable if word == "python" and not number else word for number, word in enumerate(command)]
    shown = shlex.join(command)
    running.tell(f"running in {folder}: {shown}")
    returned, said = _done(words, folder, running.limit, shown)
    if returned == 0:
        return
    lines = [line for line in said.splitlines() if line.strip()]
    if returned != 1:
        last = lines[-1] if lines else "no reason given"
        raise UsageError(f"{shown}: exit code {returned}: {last}")
    for line in lines or ["says nothing, and exits with 1"]:
        yield Finding(code=code, message=f"{shown}: {line.strip()}", path=command[-1], surface=line.strip())


def _done(words: Sequence[str], folder: Path, limit: float, shown: str) -> tuple[int, str]:
    """Exit code, and what was said on standard error, or else on standard output."""
    # Files, and no pipes: what a command leaves running may hold a pipe open for ever.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                words, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True
            )
        except OSError as error:
            raise UsageError(f"{shown}: {error.strerror}") from None
        try:
            returned = process.wait(limit)
        except subprocess.TimeoutExpired:
            how = advice("{run_limit} gives it more time", run_limit=None)
            raise UsageError(f"{shown}: was stopped after {limit:g} second{'s' * (limit != 1)}{how}") from None
        finally:
            if process.returncode is None:
                _stop(process)
        return returned, _text(err) or _text(out)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_MOST).decode("utf-8", "replace")
