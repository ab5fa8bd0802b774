"""Running a system over a gold set: record by record into a journal, so that an interrupted run goes on.

When every passage has its record the file is written at once, in the order of the gold, and the journal goes away.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, TyezBenchError
from tyez_bench.jsonl import encode_lines, sha256
from tyez_bench.systems import Request, versions
from tyez_bench.systems.journal import Kept, opened
from tyez_bench.systems.system import Passage, System, passages

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
                raise TyezBenchError(f"{error}; {where}, and the same command goes on from there") from error
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
            raise InputError(f"the system gave more records than the {len(left)} passages")
        passage = left[count - 1]
        if record.get("id") != passage.id:
            raise InputError(f"the record of {record.get('id')!r} came where that of {passage.id!r} was expected")
        yield passage, record
    if count < len(left):
        raise InputError(f"the system answered {count} of {len(left)} passages")


def facts_of(path: Path) -> Path:
    """Where the facts of a predictions file stand."""
    return path.with_suffix(".json")


def _memory(before: Sequence[str]) -> dict[str, Any]:
    """The peak of memory, and why it is not known where it is not."""
    peak = None if before else peak_megabytes()
    why = f"the process has run {', '.join(before)} before" if before else "the platform does not tell it"
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
