"""Running a system over a gold set: record by record into a journal, so that an interrupted run goes on.

The journal stands beside the file to come (``FILE.part``): a first line with all that decides what is predicted, then a
line a record with the seconds that it took. When every passage has its record the file is written at once, in the
order of the gold, and the journal goes away.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, TyezBenchError, UsageError
from tyez_bench.jsonl import encode, encode_lines, sha256, write_atomic
from tyez_bench.systems import Request, versions
from tyez_bench.systems.system import Passage, System, passages

Progress = Callable[[int, int], None]


class Ran(Struct, frozen=True):
    """What a run gave: the records as JSON Lines, and the facts that go beside them.

    ``facts`` has what decides the predictions, and under ``run`` what the run took: seconds for all passages, and the
    peak of memory in megabytes of the whole process.
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
) -> Ran:
    """Predict every passage of ``gold``; with a journal, go on where an earlier run stopped.

    ``fresh`` begins anew. ``progress`` is called with the numbers of passages done and in all. Raises UsageError for
    a journal of another run, and what the system raises, with what is kept.
    """
    about = identity(asked, system, gold)
    wanted = passages(gold, system.by)
    done = {} if journal is None or fresh else dict(_read(journal, about, {passage.id for passage in wanted}))
    left = [passage for passage in wanted if passage.id not in done]
    tell = progress or (lambda *_: None)
    tell(len(done), len(wanted))
    sink = None if journal is None else _open(journal, about, done)
    try:
        before = time.perf_counter()
        for passage, record in _paired(left, system.predict(left)):
            now = time.perf_counter()
            done[passage.id] = (dict(record), now - before)
            if sink is not None:
                sink.write(_line(*done[passage.id]))
                sink.flush()
            tell(len(done), len(wanted))
            before = time.perf_counter()
    except TyezBenchError as error:
        if journal is None or not done:
            raise
        kept = f"{len(done)} of {len(wanted)} are kept in {journal}, and the same command goes on from there"
        raise TyezBenchError(f"{error}; {kept}") from error
    finally:
        if sink is not None:
            sink.close()
    seconds = sum(took for _, took in done.values())
    about["run"] = {"passages": len(wanted), "seconds": round(seconds, 3), "peak_megabytes": peak_megabytes()}
    records = [done[passage.id][0] for passage in wanted]
    if system.facts is not None:
        about.update(system.facts(records))
    return Ran(encode_lines(records), about)


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


def journal_of(path: Path) -> Path:
    """Where the journal of a predictions file stands."""
    return path.with_name(f"{path.name}.part")


def facts_of(path: Path) -> Path:
    """Where the facts of a predictions file stand."""
    return path.with_suffix(".json")


def _line(record: Mapping[str, Any], seconds: float) -> bytes:
    return encode({"seconds": round(seconds, 6), "record": record}) + b"\n"


def _open(journal: Path, about: Mapping[str, Any], done: Mapping[str, tuple[Mapping[str, Any], float]]) -> Any:
    """The journal to write on: its whole lines again, without the one that an interruption cut."""
    write_atomic(journal, encode(about) + b"\n" + b"".join(_line(*kept) for kept in done.values()))
    try:
        return open(journal, "ab")
    except OSError as error:
        raise UsageError(f"{journal}: can't be written: {error.strerror}") from None


def _read(journal: Path, about: Mapping[str, Any], ids: set[str]) -> Iterator[tuple[str, tuple[dict[str, Any], float]]]:
    try:
        data = journal.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{journal}: can't be read: {error.strerror}") from None
    # The last line of a run that was killed may be half a line.
    lines = data[: data.rfind(b"\n")].split(b"\n") if b"\n" in data else []
    if not lines:
        return
    anew = "--fresh begins anew"
    try:
        before, *kept = [json.loads(line) for line in lines]
        # The label map decides how predictions are read, and not which they are.
        differing = [key for key in {**before, **about} if key != "labels" and before.get(key) != about.get(key)]
        found = [(str(one["record"]["id"]), (dict(one["record"]), float(one["seconds"]))) for one in kept]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UsageError(f"{journal}: is no journal of an interrupted run; {anew}") from None
    if differing:
        was, now = (_short(of.get(differing[0])) for of in (before, about))
        raise UsageError(f"{journal}: is of a run with another {differing[0]}: {was}, now {now}; {anew}")
    if not {id_ for id_, _ in found} <= ids:
        raise UsageError(f"{journal}: has records of other texts; {anew}")
    yield from found


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"


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
