"""Files and directories as they were at a revision of git."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from tyez_bench.model.errors import UsageError


def resolve(revision: str, folder: Path) -> str | None:
    """The hash of the commit that a revision names; None when there is no such one.

    Raises UsageError without git, and outside of a repository.
    """
    if _git(folder, "rev-parse", "--git-dir").returncode != 0:
        raise UsageError(f"{folder}: is not in a git repository, so the revision {revision!r} can't be found")
    done = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else None


def read_at(revision: str, path: Path) -> bytes | None:
    """The bytes of a file at a revision; None when it was not there, or was a directory.

    Raises UsageError without git, outside of a repository, and for an unknown revision.
    """
    commit = _commit(revision, path)
    done = _git(path.absolute().parent, "cat-file", "blob", f"{commit}:./{path.name}")
    return done.stdout if done.returncode == 0 else None


def unpack(revision: str, path: Path, folder: Path) -> Path | None:
    """Write what a file or directory was at a revision into ``folder``: its path there, None when it was not there.

    Of a directory the files that lie in it directly. Raises as :func:`read_at`.
    """
    target = folder / path.name
    data = read_at(revision, path)
    if data is not None:
        target.write_bytes(data)
        return target
    parent, commit = path.absolute().parent, _commit(revision, path)
    listed = _git(parent, "ls-tree", "-z", f"{commit}:./{path.name}")
    if listed.returncode != 0:
        return None
    target.mkdir()
    entries = [line.partition(b"\t") for line in listed.stdout.split(b"\0") if line]
    # MODE TYPE HASH, a tab, the name.
    blobs = [(facts.split()[2], name) for facts, _, name in entries if facts.split()[1] == b"blob"]
    for (_, name), data in zip(blobs, _blobs(parent, [one for one, _ in blobs]), strict=True):
        (target / os.fsdecode(name)).write_bytes(data)
    return target


def _blobs(folder: Path, hashes: Sequence[bytes]) -> Iterator[bytes]:
    """The contents of these objects in their order, by one call."""
    stream = _git(folder, "cat-file", "--batch", given=b"".join(one + b"\n" for one in hashes)).stdout
    at = 0
    for _ in hashes:
        # HASH blob SIZE, a line feed, so many bytes, a line feed.
        begin = stream.index(b"\n", at) + 1
        end = begin + int(stream[at:begin].split()[2])
        yield stream[begin:end]
        at = end + 1


def _commit(revision: str, path: Path) -> str:
    commit = resolve(revision, path.absolute().parent)
    if commit is None:
        raise UsageError(f"unknown git revision {revision!r}")
    return commit


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(["git", "-C", str(folder), *arguments], input=given, capture_output=True, check=False)
    except OSError as error:
        raise UsageError(f"git can't be run: {error.strerror}") from None
