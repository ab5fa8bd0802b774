"""Answers kept on disk, so that the same request is not paid for twice."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from tyez_bench.errors import UsageError
from tyez_bench.jsonl import encode, sha256, write_atomic
from tyez_bench.systems.llm.endpoint import Completion

_NAME = re.compile(r"[0-9a-f]{64}\.json")


class Kept(Struct, frozen=True):
    """What a file of the cache holds: the request that it answers, and the answer."""

    request: dict[str, Any]
    completion: Completion


def cached(
    ask: Callable[[Mapping[str, Any]], Completion], folder: Path | None, url: str, run: int
) -> Callable[[Mapping[str, Any]], tuple[Completion, bool]]:
    """``ask`` with a memory: what it gives, and whether it was kept from an earlier time.

    A file is called by the SHA-256 of base URL, body and number of the run, so that equal runs stay several; the key is
    no part of it. A file that can't be read as what it should be is asked for again and replaced. Answers are readable
    by their owner alone. Raises UsageError for a folder that can't be written.
    """

    def look(body: Mapping[str, Any]) -> tuple[Completion, bool]:
        request = {"base_url": url, "run": run, "body": dict(body)}
        if folder is None:
            return ask(body), False
        path = folder / f"{sha256(encode(request))}.json"
        found = _read(path, request)
        if found is not None:
            return found, True
        completion = ask(body)
        write_atomic(path, encode(Kept(request, completion)), update=True, private=True)
        return completion, False

    if folder is not None:
        try:
            _make_private(folder)
        except OSError as error:
            raise UsageError(f"{folder}: can't be a cache: {error.strerror}") from None
    return look


def _make_private(folder: Path) -> None:
    """A directory for its owner alone, and the answers that are in it already, too. Raises OSError.

    A directory that holds anything else is somebody's for another purpose, and keeps its mode; the answers don't.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    others = False
    for path in folder.iterdir():
        if _NAME.fullmatch(path.name):
            path.chmod(0o600)
        else:
            others = True
    if not others:
        folder.chmod(0o700)


def _read(path: Path, request: Mapping[str, Any]) -> Completion | None:
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Kept)
    except (OSError, ValueError, RecursionError):
        return None
    return kept.completion if kept.request == request else None
