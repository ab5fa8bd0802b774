"""Plain native JSON Lines scored in chunks, from bytes to counts without an object for each entity.

Plain is a gold set of records with an id, a text and entities, a set of predictions of records with an id and entities,
and entities with a start, an end, a type and perhaps their text: sound, flat and in order. Of anything else, and of
whatever is wrong, nothing is said here: the readers of ``io`` take the files then, and have the words for it. What is
scored here has the figures, the fingerprint, the signature and the notes that it has there.
"""

import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import structs

from tyez_bench.files.inputs import opened, without_collection
from tyez_bench.gold.gold import NATIVE, Gold
from tyez_bench.gold.label_sets import label_set_of, load_label_set
from tyez_bench.io.label_maps import LabelMap, check_leads, choose, identity, load_map
from tyez_bench.io.plain import NotPlainError, PlainDocument, PlainPrediction, line_by_line, paired, records
from tyez_bench.io.read import Predictions, ReadingNotes, ReadOptions
from tyez_bench.io.registry import usual_map
from tyez_bench.model.errors import TyezBenchError
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.counts import GrowingCells, Keys, append
from tyez_bench.scoring.plain_chunks import NONE_MISREAD, Counted, Rules, count_bytes, count_chunk
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import Progress, check_rows, how_read, types_that_count
from tyez_bench.scoring.settings import GoldFacts, Settings
from tyez_bench.scoring.tables import Tables, merge, retyped

if TYPE_CHECKING:
    from concurrent.futures import Future


def score_plain(
    gold: str | Path,
    predictions: str | Path,
    *,
    name: str,
    system: str,
    settings: Settings,
    format: str | None = None,
    gold_format: str | None = None,
    labels: str | Path | LabelMap | None = None,
    label_set: LabelSet | str | Path | None = None,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Report | None:
    """The report of two plain files; None where one of them is not, or where something is to be said of them.

    Args:
        gold: the gold set, a file.
        predictions: the predictions, a file.
        name: what the gold set is called.
        system: what the system is called.
        settings: what counts, and how intervals are drawn.
        format: the format of the predictions, as it was said.
        gold_format: that of the gold.
        labels: the label map that leads from their labels to the gold's.
        label_set: which labels the gold has.
        progress: called with the number of documents done, now and then.
        jobs: how many processes count, this one among them.

    """
    if not {format, gold_format} <= {None, NATIVE} or not _may_be_plain(settings, gold, predictions):
        return None
    try:
        label_map = load_map(labels) if isinstance(labels, str | Path) else labels
        given = load_label_set(label_set) if isinstance(label_set, str | Path) else label_set
        scoring = _score(gold, predictions, Rules(settings, label_map, names=True), progress, jobs)
        return scoring.report(name, system, given, gold_format)
    except (NotPlainError, TyezBenchError, OSError, OverflowError):
        return None


def stream_plain(
    gold: str | Path,
    predictions: str | Path,
    *,
    name: str,
    system: str,
    settings: Settings,
    labels: LabelMap | None,
    label_set: LabelSet,
    progress: Progress | None = None,
    jobs: int = 1,
) -> Report | None:
    """As :func:`score_plain`, with labels that are known, and without names, surfaces and ids: for large files."""
    if not _may_be_plain(settings, gold, predictions):
        return None
    try:
        rules = Rules(settings, labels, names=False, labels=tuple(sorted(label_set.names)))
        scoring = _score(gold, predictions, rules, progress, jobs)
        return scoring.stream_report(name, system, label_set)
    except (NotPlainError, TyezBenchError, OSError, OverflowError):
        return None


def _may_be_plain(settings: Settings, *paths: str | Path) -> bool:
    # Neither the standard input nor a pipe can be read again.
    return settings.matching == "position" and settings.layer != "nested" and all(map(os.path.isfile, paths))


def _score(gold: str | Path, predictions: str | Path, rules: Rules, progress: Progress | None, jobs: int) -> "Scoring":
    """Both files counted. Raises NotPlainError."""
    if jobs > 1 and min(map(os.path.getsize, (gold, predictions))) >= _LARGE:
        from concurrent.futures.process import BrokenProcessPool

        try:
            with _workers(jobs - 1) as submit:
                return _folded(_by_turns(gold, predictions, rules, submit, jobs), rules, progress)
        except (NotPlainError, BrokenProcessPool, OSError, ImportError):
            # Perhaps documents without a prediction, whose lines are not in the same place; or a machine that has no
            # semaphores or starts no processes. What is wrong with the files is found below, too.
            pass
    return _folded(_one_by_one(gold, predictions, rules), rules, progress)


def _folded(chunks: Iterator[Counted], rules: Rules, progress: Progress | None) -> "Scoring":
    scoring = Scoring(rules)
    with without_collection():
        for counted in chunks:
            scoring.add(counted)
            if progress is not None:
                progress(scoring.documents)
    return scoring


def _one_by_one(gold: str | Path, predictions: str | Path, rules: Rules) -> Iterator[Counted]:
    with opened(gold) as one, opened(predictions) as other:
        # What is streamed may be larger than memory: of it each line has the limit.
        whole = rules.names
        for block in paired(records(one, PlainDocument, whole=whole), records(other, PlainPrediction, whole=whole)):
            yield count_chunk(*block, rules)


# Bytes of a file from which on other processes help: they take a quarter of a second to start.
_LARGE = 16 << 20
Submit = Callable[[bytes, bytes, Rules], "Future[Counted]"]


@contextmanager
def _workers(number: int) -> Iterator[Submit]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Processes that begin anew have no locks of other threads in them.
    with ProcessPoolExecutor(number, get_context("spawn")) as pool:
        try:
            yield lambda gold, predictions, rules: pool.submit(count_bytes, gold, predictions, rules)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _by_turns(gold: str | Path, predictions: str | Path, rules: Rules, submit: Submit, jobs: int) -> Iterator[Counted]:
    """The chunks in order, counted by the workers, and here while they are busy. Raises NotPlainError."""
    from concurrent.futures import Future

    waiting: deque[Future[Counted] | Counted] = deque()
    with opened(gold) as one, opened(predictions) as other:
        for lines in line_by_line(one, other, whole=rules.names):
            busy = sum(isinstance(each, Future) and not each.done() for each in waiting)
            waiting.append(submit(*lines, rules) if busy < 2 * (jobs - 1) else count_bytes(*lines, rules))
            while waiting and not (isinstance(waiting[0], Future) and not waiting[0].done()):
                yield _result(waiting.popleft())
    yield from map(_result, waiting)


def _result(counted: "Future[Counted] | Counted") -> Counted:
    return counted if isinstance(counted, Counted) else counted.result()


class Scoring:
    """What is known of the chunks so far."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.hashes: Keys = np.zeros(0, np.uint64)
        self.digest = hashlib.sha256()
        self.ids: list[str] = []
        self.documents = 0
        self.missing: list[str] = []
        self.gold_labels: Counter[str] = Counter()
        self.predicted_labels: Counter[str] = Counter()
        self.white_edges = 0
        self.parts: list[Tables] = []
        # Of what is streamed.
        self.cells = GrowingCells(len(rules.labels)) if rules.labels else None
        self.misread = NONE_MISREAD

    def add(self, counted: Counted) -> None:
        """Take the counts of the next chunk."""
        self.digest.update(counted.canonical)
        append(self.hashes, counted.hashes)
        self.documents += len(counted.hashes)
        self.ids += counted.ids
        self.missing += counted.missing
        self.gold_labels.update(counted.gold_labels)
        self.predicted_labels.update(counted.predicted_labels)
        self.white_edges += counted.white_edges
        self.misread += counted.misread
        if self.cells is None:
            self.parts.append(counted.tables)
            return
        tables = counted.tables
        if not set(tables.types) <= set(self.rules.labels):
            raise NotPlainError
        number = np.array([self.rules.labels.index(type_) for type_ in tables.types], np.int64)
        self.cells.add(tables.units, number)

    @property
    def records(self) -> int:
        """How many predictions there are."""
        return self.documents - len(self.missing)

    def report(self, name: str, system: str, label_set: LabelSet | None, gold_format: str | None) -> Report:
        """The report of all chunks. Raises NotPlainError, and what the readers raise of labels."""
        if not self.gold_labels or not self.predicted_labels or self.misread.possible:
            raise NotPlainError
        documents = self._distinct()
        labels = label_set or label_set_of(self.gold_labels)
        gold = Gold(
            name=name,
            version=None,
            fingerprint=self.digest.hexdigest(),
            documents=(),
            labels=labels,
            open_labels=label_set is None,
            reading={} if gold_format is None else {"format": gold_format},
        )
        label_map = self._label_map(gold)
        if any(label not in labels for label in self.gold_labels):
            raise NotPlainError
        scope = {label: label_map.target(label) for label in self.predicted_labels}
        out = {label: n for label, n in sorted(self.predicted_labels.items()) if scope[label] is None}
        notes = ReadingNotes(NATIVE, "document", self.records, out_of_scope=out, white_edges=self.white_edges)
        asked = ReadOptions(labels=self.rules.label_map).asked(NATIVE)
        predictions = Predictions({}, label_map, notes, asked)
        every = labels.with_more(type_ for type_ in scope.values() if type_ is not None)
        check_rows(every.names)
        used, reading, told, _ = how_read(predictions)
        settings = self.rules.settings
        settings = structs.replace(settings, types=types_that_count(settings, labels, every, predictions))
        types = tuple(sorted(every.names))
        facts = GoldFacts.of(gold)
        absent = tuple(n for n in labels.names if gold.open_labels and n not in self.gold_labels)
        return Report(
            system=system,
            gold=structs.replace(facts, absent=absent),
            settings=settings,
            tables=merge([retyped(part, types) for part in self.parts]),
            documents=documents,
            missing=tuple(self.missing),
            unit_ids=tuple(self.ids),
            labels=used,
            reading=reading,
            notes=told,
        )

    def _distinct(self) -> Keys:
        """The hashes of the ids. Raises NotPlainError where two are equal, and the ids may be."""
        ordered = np.sort(self.hashes)
        if (ordered[1:] == ordered[:-1]).any():
            raise NotPlainError
        return self.hashes

    def stream_report(self, name: str, system: str, labels: LabelSet) -> Report:
        """The report of all chunks where the labels were known beforehand. Raises NotPlainError."""
        label_map = self.rules.label_map or identity(labels)
        if not self.records:
            raise NotPlainError
        if any(label not in labels for label in self.gold_labels):
            raise NotPlainError
        if any(label not in label_map.labels for label in self.predicted_labels):
            raise NotPlainError
        settings = self.rules.settings
        if settings.types is None:
            types = labels.names if settings.all_types else labels.order(label_map.expresses)
            settings = structs.replace(settings, types=types)
        assert self.cells is not None
        cells, documents = self.cells.cells(), self._distinct()
        return Report(
            system=system,
            gold=GoldFacts(name, None, self.digest.hexdigest(), labels),
            settings=settings,
            tables=Tables(self.rules.labels, cells, np.arange(cells.units), cells.units),
            documents=documents,
            missing=tuple(self.missing),
            labels=f"{label_map.name}#{label_map.sha256[:12]}",
            reading={"format": NATIVE},
        )

    def _label_map(self, gold: Gold) -> LabelMap:
        if self.rules.label_map is not None:
            check_leads(self.rules.label_map, gold)
            return self.rules.label_map
        found = choose(
            self.predicted_labels,
            gold.labels,
            closed=not gold.open_labels,
            present=frozenset(self.gold_labels),
            usual=usual_map(NATIVE, self.predicted_labels),
        )
        if any(found.target(label) != label for label in self.predicted_labels):
            # They were counted as they are.
            raise NotPlainError
        return found
