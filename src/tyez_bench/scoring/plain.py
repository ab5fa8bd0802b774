"""Plain native JSON Lines scored in chunks, from bytes to counts without an object for each entity.

Plain is a gold set of records with an id, a text and entities, a set of predictions of records with an id and entities,
and entities with a start, an end, a type and perhaps their text: sound, flat and in order. Of anything else, and of
whatever is wrong, nothing is said here: the readers of ``io`` take the files then, and have the words for it. What is
scored here has the figures, the fingerprint, the signature and the notes that it has there.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain, compress
from pathlib import Path

import numpy as np
from msgspec import UNSET, structs

from tyez_bench.files.inputs import opened, without_collection
from tyez_bench.gold.gold import NATIVE, Gold
from tyez_bench.gold.label_sets import label_set_of, load_label_set
from tyez_bench.io.align.texts import UNITS, UTF_8, first_told
from tyez_bench.io.label_maps import LabelMap, check_leads, choose, identity, load_map
from tyez_bench.io.plain import (
    Columns,
    NotPlainError,
    PlainDocument,
    PlainPrediction,
    PlainSpan,
    canonical,
    paired,
    records,
)
from tyez_bench.io.read import Predictions, ReadingNotes, ReadOptions
from tyez_bench.io.registry import usual_map
from tyez_bench.model.errors import TyezBenchError
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.counting import count_columns, count_spans
from tyez_bench.scoring.counts import Keys
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import Progress, check_rows, how_read, types_that_count
from tyez_bench.scoring.settings import GoldFacts, Settings
from tyez_bench.scoring.spans import SpanColumns, Spans
from tyez_bench.scoring.tables import Tables, hashes, merge, retyped


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

    """
    if not {format, gold_format} <= {None, NATIVE} or not _may_be_plain(settings, gold, predictions):
        return None
    try:
        label_map = load_map(labels) if isinstance(labels, str | Path) else labels
        given = load_label_set(label_set) if isinstance(label_set, str | Path) else label_set
        scoring = _Scoring(settings, label_map)
        _score(gold, predictions, scoring, progress)
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
) -> Report | None:
    """As :func:`score_plain`, with labels that are known, and without names, surfaces and ids: for large files."""
    if not _may_be_plain(settings, gold, predictions):
        return None
    try:
        scoring = _Scoring(settings, labels, names=False)
        _score(gold, predictions, scoring, progress)
        return scoring.stream_report(name, system, label_set)
    except (NotPlainError, TyezBenchError, OSError, OverflowError):
        return None


def _may_be_plain(settings: Settings, *paths: str | Path) -> bool:
    # Neither the standard input nor a pipe can be read again.
    return settings.matching == "position" and settings.layer != "nested" and all(map(os.path.isfile, paths))


def _score(gold: str | Path, predictions: str | Path, scoring: "_Scoring", progress: Progress | None) -> None:
    with opened(gold) as one, opened(predictions) as other, without_collection():
        # What is streamed may be larger than memory: of it each line has the limit.
        whole = scoring.names
        sides = records(one, PlainDocument, whole=whole), records(other, PlainPrediction, whole=whole)
        for block in paired(*sides):
            scoring.add(*block)
            if progress is not None:
                progress(scoring.documents)


class _Side:
    """The entities of one side of a chunk, as columns. Raises NotPlainError."""

    def __init__(self, records: Sequence[Sequence[PlainSpan]], texts: Sequence[str]) -> None:
        spans = list(chain.from_iterable(records))
        starts, ends = [one.start for one in spans], [one.end for one in spans]
        document = np.repeat(np.arange(len(records)), np.fromiter(map(len, records), np.int64, len(records)))
        start, end = self.bounds = np.array(starts, np.int64), np.array(ends, np.int64)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        sound = (start >= 0) & (start < end) & (end <= lengths[document])
        flat = (document[1:] > document[:-1]) | (start[1:] >= end[:-1])
        if not (sound.all() and flat.all()):
            raise NotPlainError
        surfaces = [texts[d][start:end] for d, start, end in zip(document.tolist(), starts, ends, strict=True)]
        given = [one.text for one in spans]
        # Which have a text of their own, and so tell whether their offsets are right.
        self.told = [text is not UNSET for text in given]
        if any(told and text != surface for told, text, surface in zip(self.told, given, surfaces, strict=True)):
            raise NotPlainError
        labels = [one.type for one in spans]
        if "" in labels:
            # Refused in a gold set, and a label of its own in predictions; here it stands for what is out of scope.
            raise NotPlainError
        self.entities = Columns(document, starts, ends, labels, surfaces)

    def columns(self, documents: int, counts: Callable[[str], bool]) -> tuple[SpanColumns, list[str]]:
        """The spans as the matcher takes them, and their surfaces: those whose label counts."""
        document, starts, ends, labels, surfaces = self.entities
        counted = {label: counts(label) and label != _OUT for label in set(labels)}
        if not all(counted.values()):
            kept = [counted[label] for label in labels]
            document = document[np.array(kept, np.bool_)]
            starts, ends = list(compress(starts, kept)), list(compress(ends, kept))
            labels, surfaces = list(compress(labels, kept)), list(compress(surfaces, kept))
        return SpanColumns(np.bincount(document, minlength=documents).tolist(), starts, ends, labels), surfaces


class _Scoring:
    """What is known of the chunks so far: with names, surfaces and ids, or with counts and hashes of ids alone."""

    def __init__(self, settings: Settings, label_map: LabelMap | None, *, names: bool = True) -> None:
        self.settings, self.label_map, self.names = settings, label_map, names
        self.hashes: list[Keys] = []
        self.digest = hashlib.sha256()
        self.ids: list[str] = []
        self.documents = 0
        self.missing: list[str] = []
        self.gold_labels: Counter[str] = Counter()
        self.predicted_labels: Counter[str] = Counter()
        self.records = self.white_edges = 0
        self.parts: list[Tables] = []
        self.misread = _Misread()

    def add(self, records: list[PlainDocument], predicted: list[list[PlainSpan] | None]) -> None:
        """Count a chunk. Raises NotPlainError."""
        ids, texts = [record.id for record in records], [record.text for record in records]
        if not all(ids) or any(map(_MADE_UP, ids)):
            raise NotPlainError
        gold = _Side([record.entities for record in records], texts)
        found = _Side([one or () for one in predicted], texts)
        self.digest.update(canonical(ids, texts, gold.entities))
        self.hashes.append(hashes(ids))
        self.documents += len(ids)
        if self.names:
            self.ids += ids
        self.missing += [id_ for id_, one in zip(ids, predicted, strict=True) if one is None]
        self.records += sum(one is not None for one in predicted)
        self.gold_labels.update(gold.entities.labels)
        self.predicted_labels.update(found.entities.labels)
        if self.label_map is not None:
            try:
                targets = {label: self.label_map.target(label) or _OUT for label in set(found.entities.labels)}
            except KeyError:
                raise NotPlainError from None
            found.entities = found.entities._replace(labels=[targets[label] for label in found.entities.labels])
        self.misread.add(texts, gold, found)
        if _WHITE.search("".join(texts)) is not None:
            self.white_edges += sum(
                surface[0].isspace() or surface[-1].isspace()
                for surface, label in zip(found.entities.surfaces, found.entities.labels, strict=True)
                if label != _OUT
            )
        one, one_names = gold.columns(len(ids), self._counts)
        other, other_names = found.columns(len(ids), self._counts)
        none = SpanColumns([0] * len(ids), [], [], [])
        spans = Spans(one, other, none, none, ids=ids)
        types = sorted({*self.gold_labels, *self.predicted_labels, *other.types})
        share = self.settings.min_overlap
        if self.names:
            self.parts.append(count_columns(spans, types, share, hashes(one_names), hashes(other_names)))
        else:
            self.parts.append(count_spans(spans, types, share))

    @cached_property
    def _counts(self) -> Callable[[str], bool]:
        """Whether a label counts, of the gold or of what the predictions' were translated to."""
        if self.settings.types is not None or self.label_map is None or self.settings.all_types:
            return self.settings.counts
        return frozenset(self.label_map.expresses).__contains__

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
        asked = ReadOptions(labels=self.label_map).asked(NATIVE)
        predictions = Predictions({}, label_map, notes, asked)
        every = labels.with_more(type_ for type_ in scope.values() if type_ is not None)
        check_rows(every.names)
        used, reading, told, _ = how_read(predictions)
        settings = structs.replace(self.settings, types=types_that_count(self.settings, labels, every, predictions))
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
        documents = np.concatenate(self.hashes)
        ordered = np.sort(documents)
        if (ordered[1:] == ordered[:-1]).any():
            raise NotPlainError
        return documents

    def stream_report(self, name: str, system: str, labels: LabelSet) -> Report:
        """The report of all chunks where the labels were known beforehand. Raises NotPlainError."""
        label_map = self.label_map or identity(labels)
        if not self.records:
            raise NotPlainError
        if any(label not in labels for label in self.gold_labels):
            raise NotPlainError
        if any(label not in label_map.labels for label in self.predicted_labels):
            raise NotPlainError
        settings = self.settings
        if settings.types is None:
            types = labels.names if settings.all_types else labels.order(label_map.expresses)
            settings = structs.replace(settings, types=types)
        every = tuple(sorted(labels.names))
        return Report(
            system=system,
            gold=GoldFacts(name, None, self.digest.hexdigest(), labels),
            settings=settings,
            tables=merge([retyped(part, every) for part in self.parts]),
            documents=self._distinct(),
            missing=tuple(self.missing),
            labels=f"{label_map.name}#{label_map.sha256[:12]}",
            reading={"format": NATIVE},
        )

    def _label_map(self, gold: Gold) -> LabelMap:
        if self.label_map is not None:
            check_leads(self.label_map, gold)
            return self.label_map
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


# The label of what is out of the label map's scope.
_OUT = ""
_WHITE = re.compile(r"\s")
# Behind every offset.
_NOWHERE = 1 << 60
_MADE_UP = re.compile("[0-9a-f]{12}(-[0-9]+)?").fullmatch


class _Misread:
    """Whether offsets may well mean something else than code points, which is then for the readers to say.

    As ``io.align.offsets`` does, by how many spans have the boundaries of a gold span as they are read: with so many no
    other reading has enough more.
    """

    def __init__(self) -> None:
        self.all = np.zeros(2, np.int64)
        self.told = {unit: np.zeros(2, np.int64) for unit in UNITS}

    def add(self, texts: Sequence[str], gold: _Side, found: _Side) -> None:
        """Count a chunk: spans, and those that are right."""
        (one, one_end), (start, end) = gold.bounds, found.bounds
        # Both sides come by document and start.
        farthest = 1 + max((int(column.max()) for column in (one, start) if len(column)), default=0)
        keys, wanted = gold.entities.document * farthest + one, found.entities.document * farthest + start
        at = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
        right = (keys[at] == wanted) & (one_end[at] == end) if len(keys) else np.zeros(len(wanted), np.bool_)
        asked = ~np.array(found.told, np.bool_) & np.array([label != _OUT for label in found.entities.labels], np.bool_)
        self.all += asked.sum(), (asked & right).sum()
        joined = "".join(texts)
        for unit, counted in self.told.items():
            if first_told(joined, unit) is not None:
                first = np.array([_first(text, unit) for text in texts], np.int64)
                told = asked & (end > first[found.entities.document])
                counted += told.sum(), (told & right).sum()

    @property
    def possible(self) -> bool:
        """Whether too few are right to tell."""
        spans, right = self.all
        return bool(spans and 8 * right + 1 <= spans) or any(
            total and 4 * hits + 1 <= total for total, hits in self.told.values()
        )


def _first(text: str, unit: str) -> int:
    """The first character that tells the unit from code points; of most Chinese texts it is the first of all."""
    if unit == UTF_8 and text[:1] > "\x7f":
        return 0
    found = first_told(text, unit)
    return _NOWHERE if found is None else found
