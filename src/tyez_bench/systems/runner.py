"""Running a system over a gold set, record by record into a journal, so that an interrupted run goes on.

When every passage has its record the file is written at once, in the order of the gold, and the journal goes away.

A first line with all that decides what is predicted, then a line a record with the seconds that it took. It is locked
while a run writes it, so that two runs don't predict the same twice.
"""

import contextlib
import errno
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from tyez_bench.files.in_use import try_lock
from tyez_bench.files.jsonl import encode, encode_lines, sha256
from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import InputError, TyezBenchError, UsageError, counted
from tyez_bench.model.hints import advice
from tyez_bench.systems import Request, versions
from tyez_bench.systems.system import Passage, System, passages

# A record and the seconds that it took.
Kept = tuple[dict[str, Any], float]


def _anew() -> str:
    return advice("{fresh} starts over", fresh=True)


def journal_of(path: Path) -> Path:
    """Where the journal of a predictions file stands."""
    return path.with_name(f"{path.name}.part")


class Journal:
    """An open journal; :func:`opened` makes one."""

    def __init__(self, path: Path, file: BinaryIO, kept: dict[str, Kept]):
        self.path = path
        self.kept = kept
        self._file = file

    def add(self, id_: str, record: Mapping[str, Any], seconds: float) -> None:
        """Keep a record. Raises UsageError where it can't be written, which leaves the record out."""
        try:
            _write(self._file, encode({"seconds": round(seconds, 6), "record": record}) + b"\n")
        except OSError as error:
            raise UsageError(f"{self.path}: can't be written: {error.strerror}") from None
        self.kept[id_] = (dict(record), seconds)


@contextlib.contextmanager
def opened(path: Path, about: Mapping[str, Any], ids: set[str], *, fresh: bool = False) -> Iterator[Journal]:
    """The journal to go on with: with what an earlier run of the same kept, or empty.

    ``about``: all that decides what is predicted; ``ids``: those of the passages. Raises UsageError for a journal of
    another run, one that another run is writing, and what can't be read or written.
    """
    with contextlib.ExitStack() as stack:
        try:
            # Unbuffered: what is refused by a full disk is not tried again when the file is closed.
            file = stack.enter_context(open(path, "a+b", buffering=0, opener=_private))
        except OSError as error:
            raise UsageError(f"{path}: can't be written: {error.strerror}") from None
        # On a file system without locks there is none.
        if try_lock(file) is False:
            raise UsageError(f"{path}: another run is writing to it")
        try:
            file.seek(0)
            data = b"" if fresh else file.read()
            # The last line of a run that was killed may be half a line.
            whole = data[: data.rfind(b"\n") + 1]
            kept = dict(_read(path, whole, about, ids)) if whole else {}
            # Where nothing is kept, whatever the run was, this one begins.
            file.truncate(len(whole) if kept else 0)
            if not kept:
                _write(file, encode(about) + b"\n")
        except OSError as error:
            raise UsageError(f"{path}: can't be written: {error.strerror}") from None
        yield Journal(path, file, kept)


def _private(path: str, flags: int) -> int:
    """Opened for its owner alone: what models answer is nobody else's until it is published."""
    found = os.open(path, flags, 0o600)
    with contextlib.suppress(OSError):
        # One that was there may be of a version that left it open to all.
        os.chmod(path, 0o600)
    return found


def _write(file: BinaryIO, data: bytes) -> None:
    """All of it, or OSError; half a line is cut when the journal is read."""
    if file.write(data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _read(path: Path, data: bytes, about: Mapping[str, Any], ids: set[str]) -> Iterator[tuple[str, Kept]]:
    try:
        before, *kept = [json.loads(line) for line in data.splitlines()]
        if "system" not in before:
            raise KeyError("system")
        # The label map decides how predictions are read, and not which they are.
        differing = [key for key in {**before, **about} if key != "labels" and before.get(key) != about.get(key)]
        found = [(str(one["record"]["id"]), (dict(one["record"]), float(one["seconds"]))) for one in kept]
        for _, (record, _) in found:
            encode(record)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UsageError(f"{path}: is not the journal of an interrupted run{_anew()}") from None
    if differing and found:
        was, now = (_short(of.get(differing[0])) for of in (before, about))
        raise UsageError(f"{path}: is of a run with another {differing[0]}: {was}, now {now}{_anew()}")
    if not {id_ for id_, _ in found} <= ids:
        raise UsageError(f"{path}: has records of other texts{_anew()}")
    yield from found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"


def remove(path: Path) -> None:
    """Take a journal away that is not needed any more."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


Progress = Callable[[int, int], None]


class Ran(Struct, frozen=True):
    """What a run gave: the records as JSON Lines, and the facts that go beside them.

    ``facts`` has what decides the predictions, and under ``run`` what the run took: seconds for all passages, and the
    peak of memory in megabytes of the whole process. It is None, and ``peak_megabytes_reason`` says why, where the
    process has run another system before: what that took, and may keep, can't be told from what this one took.
    """

    data: bytes
    facts: dict[str, Any]


def identity(asked: Request, system: System, gold: Gold) -> dict[str, Any]:
    """All that decides what a system predicts: itself, its packages and settings, and the texts."""
    texts = sha256(encode_lines({"id": document.id, "text": document.text} for document in gold))
    found: dict[str, Any] = {
        "system": system.name or asked.name,
        "packages": versions(asked),
        # Of a map of one's own the file's name: where it stands on this machine is nobody's business.
        "labels": None if system.labels is None else Path(system.labels).name,
        "by": system.by,
        "format": system.format,
    }
    if system.settings:
        found["settings"] = dict(system.settings)
    found["texts"] = {"gold": gold.name, "sha256": texts}
    # As it is read back.
    plain: dict[str, Any] = json.loads(json.dumps(found))
    return plain


def run(
    asked: Request,
    system: System,
    gold: Gold,
    *,
    journal: Path | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    before: Sequence[str] = (),
) -> Ran:
    """Predict every passage of ``gold``; with a journal, go on where an earlier run stopped.

    ``fresh`` begins anew. ``progress`` is called with the numbers of passages done and in all. ``before`` names the
    systems that the process has run already: their memory can't be told from this one's. Raises UsageError for a
    journal of another run, and what the system raises, with what is kept.
    """
    about = identity(asked, system, gold)
    wanted = passages(gold, system.by)
    tell = progress or (lambda *_: None)
    if journal is None:
        done = _predict(system, wanted, {}, lambda *_: None, tell)
    else:
        with opened(journal, about, {passage.id for passage in wanted}, fresh=fresh) as kept:
            try:
                done = _predict(system, wanted, dict(kept.kept), kept.add, tell)
            except TyezBenchError as error:
                if not kept.kept:
                    raise
                where = f"{len(kept.kept)} of {len(wanted)} are kept in {journal}"
                raise TyezBenchError(f"{error}; {where}, and the same command resumes from there") from error
    seconds = sum(took for _, took in done.values())
    about["run"] = {"passages": len(wanted), "seconds": round(seconds, 3), **_memory(before)}
    records = [done[passage.id][0] for passage in wanted]
    if system.facts is not None:
        about.update(system.facts(records))
    return Ran(encode_lines(records), about)


def _predict(
    system: System,
    wanted: Sequence[Passage],
    done: dict[str, Kept],
    keep: Callable[[str, Mapping[str, Any], float], None],
    tell: Progress,
) -> dict[str, Kept]:
    """What is done, and what the system gives for the passages that are left."""
    left = [passage for passage in wanted if passage.id not in done]
    tell(len(done), len(wanted))
    before = time.perf_counter()
    for passage, record in _paired(left, system.predict(left)):
        took = time.perf_counter() - before
        keep(passage.id, record, took)
        done[passage.id] = (dict(record), took)
        tell(len(done), len(wanted))
        before = time.perf_counter()
    return done


def _paired(
    left: Sequence[Passage], records: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Passage, Mapping[str, Any]]]:
    """Each passage with its record. Raises InputError for one too many or too few, and for another's."""
    count = 0
    for count, record in enumerate(records, 1):
        if count > len(left):
            raise InputError(f"the system gave more records than the {counted(len(left), 'passage')}")
        passage = left[count - 1]
        if record.get("id") != passage.id:
            raise InputError(f"the record of {record.get('id')!r} came instead of that of {passage.id!r}")
        yield passage, record
    if count < len(left):
        raise InputError(f"the system answered {count} of {counted(len(left), 'passage')}")


def facts_of(path: Path) -> Path:
    """Where the facts of a predictions file stand."""
    return path.with_suffix(".json")


def _memory(before: Sequence[str]) -> dict[str, Any]:
    """The peak of memory, and why it is not known where it is not."""
    peak = None if before else peak_megabytes()
    why = f"the process has run {', '.join(before)} before" if before else "the platform does not report it"
    return {"peak_megabytes": peak} | ({"peak_megabytes_reason": why} if peak is None else {})


def peak_megabytes() -> int | None:
    """The most memory that this process, or one that it started, has taken so far; None where it is not told."""
    try:
        import resource
    except ImportError:
        return None
    import sys

    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    # Kilobytes, but bytes on macOS.
    return int(peak // (1024 * 1024 if sys.platform == "darwin" else 1024))
