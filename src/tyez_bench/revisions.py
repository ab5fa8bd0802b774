"""Files as they were at a revision of git."""

import subprocess
from pathlib import Path

from tyez_bench.errors import UsageError


def resolve(revision: str, folder: Path) -> str | None:
    """The hash of the commit that a revision names; None when there is no such one.

    Raises UsageError without git, and outside of a repository.
    """
    if _git(folder, "rev-parse", "--git-dir").returncode != 0:
        raise UsageError(f"{folder}: is in no git repository, where the revision {revision!r} could be looked up")
    done = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def read_at(revision: str, path: Path) -> bytes | None:
    """The bytes of a file at a revision; None when it was not there.

    Raises UsageError without git, outside of a repository, and for an unknown revision.
    """
    folder = path.absolute().parent
    commit = resolve(revision, folder)
    if commit is None:
        raise UsageError(f"git knows no revision {revision!r}")
    done = _git(folder, "show", f"{commit}:./{path.name}")
    return done.stdout if done.returncode == 0 else None


def _git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git can't be run: {error.strerror}") from None
