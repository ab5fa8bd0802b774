"""A chunk of plain native JSON Lines counted by itself, in this process or in another one."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import chain, compress

import numpy as np
from msgspec import UNSET, Struct

from tyez_bench.io.align.texts import UNITS, UTF_8, first_told
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.plain import Columns, NotPlainError, PlainDocument, PlainSpan, canonical, decoded
from tyez_bench.scoring.counting import count_columns, count_spans
from tyez_bench.scoring.counts import Keys
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.spans import SpanColumns, Spans
from tyez_bench.scoring.tables import Tables, hashes


class Rules(Struct, frozen=True, dict=True):
    """What is counted of each chunk: with names, surfaces and ids, or with counts and hashes of ids alone.

    ``labels`` are those of the gold, sorted, where they are known beforehand.
    """

    settings: Settings
    label_map: LabelMap | None
    names: bool
    labels: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Callable[[str], bool]:
        """Whether a label counts, of the gold or of what the predictions' were translated to."""
        if self.settings.types is not None or self.label_map is None or self.settings.all_types:
            return self.settings.counts
        return frozenset(self.label_map.expresses).__contains__


class Counted(Struct, frozen=True):
    """What is known of a chunk; ``canonical`` are its lines in the form that fingerprints are made of."""

    canonical: bytes
    ids: list[str]
    hashes: Keys
    missing: list[str]
    gold_labels: Counter[str]
    predicted_labels: Counter[str]
    white_edges: int
    tables: Tables
    misread: "Misread"


def count_bytes(gold: bytes, predictions: bytes, rules: Rules) -> Counted:
    """Count lines of both sides that belong to one another, each to that in its place. Raises NotPlainError."""
    records, predicted = decoded(gold, predictions)
    if [one.id for one in records] != [one.id for one in predicted]:
        raise NotPlainError
    return count_chunk(records, [one.entities for one in predicted], rules)


def count_chunk(records: list[PlainDocument], predicted: Sequence[list[PlainSpan] | None], rules: Rules) -> Counted:
    """Count a chunk; None stands for a record without a prediction. Raises NotPlainError."""
    ids, texts = [record.id for record in records], [record.text for record in records]
    if not all(ids) or _MADE_UP.search("\n".join(ids)):
        raise NotPlainError
    gold = _Side([record.entities for record in records], texts)
    found = _Side([one or () for one in predicted], texts)
    gold_labels, predicted_labels = Counter(gold.entities.labels), Counter(found.entities.labels)
    lines = canonical(ids, texts, gold.entities, gold.surfaces)
    if rules.label_map is not None:
        try:
            targets = {label: rules.label_map.target(label) or _OUT for label in predicted_labels}
        except KeyError:
            raise NotPlainError from None
        found.entities = found.entities._replace(labels=[targets[label] for label in found.entities.labels])
    white_edges = 0
    joined = "".join(texts)
    if joined.split(None, 1) != [joined]:
        white_edges = sum(
            surface[0].isspace() or surface[-1].isspace()
            for surface, label in zip(found.surfaces, found.entities.labels, strict=True)
            if label != _OUT
        )
    (one, one_kept), (other, other_kept) = (side.columns(len(ids), rules.counts) for side in (gold, found))
    none = SpanColumns([0] * len(ids), [], [], [])
    spans = Spans(one, other, none, none, ids=ids)
    types = sorted({*gold_labels, *predicted_labels, *other.types})
    share = rules.settings.min_overlap
    if rules.names:
        names = (hashes(list(compress(gold.surfaces, one_kept))), hashes(list(compress(found.surfaces, other_kept))))
        tables = count_columns(spans, types, share, *names)
    else:
        tables = count_spans(spans, types, share)
    return Counted(
        canonical=lines,
        ids=ids if rules.names else [],
        hashes=hashes(ids),
        missing=[id_ for id_, one in zip(ids, predicted, strict=True) if one is None],
        gold_labels=gold_labels,
        predicted_labels=predicted_labels,
        white_edges=white_edges,
        tables=tables,
        misread=_misread(texts, gold, found),
    )


class _Side:
    """The entities of one side of a chunk, as columns. Raises NotPlainError."""

    def __init__(self, records: Sequence[Sequence[PlainSpan]], texts: Sequence[str]) -> None:
        self.texts = texts
        spans = list(chain.from_iterable(records))
        document = np.repeat(np.arange(len(records)), np.fromiter(map(len, records), np.int64, len(records)))
        start, end = np.array([one.start for one in spans], np.int64), np.array([one.end for one in spans], np.int64)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        sound = (start >= 0) & (start < end) & (end <= lengths[document])
        flat = (document[1:] > document[:-1]) | (start[1:] >= end[:-1])
        if not (sound.all() and flat.all()):
            raise NotPlainError
        labels = [one.type for one in spans]
        # Refused in a gold set, and a label of its own in predictions; here it stands for what is out of scope.
        if "" in labels:
            raise NotPlainError
        self.entities = Columns(document, start, end, labels)
        given = [one.text for one in spans]
        # Which have a text of their own, and so tell whether their offsets are right.
        self.told = np.zeros(len(spans), np.bool_)
        if given.count(UNSET) < len(given):
            self.told = np.array([text is not UNSET for text in given], np.bool_)
            if any(text not in (UNSET, surface) for text, surface in zip(given, self.surfaces, strict=True)):
                raise NotPlainError

    @cached_property
    def surfaces(self) -> list[str]:
        """The text of each entity."""
        document, start, end, _ = self.entities
        places = zip(document.tolist(), start.tolist(), end.tolist(), strict=True)
        return [self.texts[d][first:behind] for d, first, behind in places]

    def columns(self, documents: int, counts: Callable[[str], bool]) -> tuple[SpanColumns, Sequence[bool]]:
        """The spans as the matcher takes them: those whose label counts, and which these are."""
        document, start, end, labels = self.entities
        counted = {label: counts(label) and label != _OUT for label in set(labels)}
        kept = [True] * len(labels)
        if not all(counted.values()):
            kept = [counted[label] for label in labels]
            which = np.array(kept, np.bool_)
            document, start, end, labels = document[which], start[which], end[which], list(compress(labels, kept))
        return SpanColumns(np.bincount(document, minlength=documents).tolist(), start, end, labels), kept


# The label of what is out of the label map's scope.
_OUT = ""
# Behind every offset.
_NOWHERE = 1 << 60
_MADE_UP = re.compile("^[0-9a-f]{12}(-[0-9]+)?$", re.MULTILINE)


class Misread(Struct, frozen=True):
    """Whether offsets may well mean something else than code points, which is then for the readers to say.

    As ``io.align.offsets`` does, by how many spans have the boundaries of a gold span as they are read: with so many no
    other reading has enough more. ``all`` are how many spans there are and how many are right; ``told`` are these
    numbers of the spans by which a unit can be told.
    """

    all: tuple[int, int]
    told: dict[str, tuple[int, int]]

    def __add__(self, other: "Misread") -> "Misread":
        """Of two chunks."""
        told = {unit: _sum(self.told.get(unit, (0, 0)), counted) for unit, counted in other.told.items()}
        return Misread(_sum(self.all, other.all), {**self.told, **told})

    @property
    def possible(self) -> bool:
        """Whether too few are right to tell."""
        spans, right = self.all
        return bool(spans and 8 * right + 1 <= spans) or any(
            total and 4 * hits + 1 <= total for total, hits in self.told.values()
        )


NONE_MISREAD = Misread((0, 0), {})


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _misread(texts: Sequence[str], gold: _Side, found: _Side) -> Misread:
    (_, one, one_end, _), (document, start, end, labels) = gold.entities, found.entities
    # Both sides come by document and start.
    farthest = 1 + max((int(column.max()) for column in (one, start) if len(column)), default=0)
    keys, wanted = gold.entities.document * farthest + one, document * farthest + start
    at = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    right = (keys[at] == wanted) & (one_end[at] == end) if len(keys) else np.zeros(len(wanted), np.bool_)
    asked = ~found.told
    if _OUT in labels:
        asked &= np.array([label != _OUT for label in labels], np.bool_)
    counted = {}
    joined = "".join(texts)
    for unit in UNITS:
        if first_told(joined, unit) is not None:
            first = np.array([_first(text, unit) for text in texts], np.int64)
            told = asked & (end > first[document])
            counted[unit] = int(told.sum()), int((told & right).sum())
    return Misread((int(asked.sum()), int((asked & right).sum())), counted)


def _first(text: str, unit: str) -> int:
    """The first character that tells the unit from code points; of most Chinese texts it is the first of all."""
    if unit == UTF_8 and text[:1] > "\x7f":
        return 0
    found = first_told(text, unit)
    return _NOWHERE if found is None else found
