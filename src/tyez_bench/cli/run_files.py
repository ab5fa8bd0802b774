"""Where the predictions of runs go, looked at before the slow start, and how they are written."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

from tyez_bench.errors import UsageError
from tyez_bench.in_use import check_outputs
from tyez_bench.jsonl import write_all
from tyez_bench.systems import Request
from tyez_bench.systems.journal import journal_of
from tyez_bench.systems.running import Ran, facts_of

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
        raise UsageError(f"{path}: two systems would write the same file; run one of them with --out FILE.jsonl")
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
            raise UsageError(f"{written}: is no regular file, expected one to write")
    facts = facts_of(path)
    if facts.exists() and not _is_record(facts):
        raise UsageError(f"{facts}: is no record of a run, and would be written over")


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
