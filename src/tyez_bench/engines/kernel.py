"""The kernel: a batch of the gold joined with the predictions in, counts that add up out. It keeps nothing.

What comes out is small, and does not grow with what went in: sums by type, and for each scheme and row how many
sentences (documents) have which counts. Rows of it that are alike but for ``number`` are one row with the sum.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from tyez_bench.engines.columns import JOINED
from tyez_bench.files.jsonl import encode
from tyez_bench.gold.gold import first_misfit, value_misfit
from tyez_bench.io.formats.native import check_prediction
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Unlocated
from tyez_bench.model.labels import LabelSet
from tyez_bench.scoring.counting import Case, case, count_values, lost_mentions, to_spans
from tyez_bench.scoring.counts import Count, tabulate
from tyez_bench.scoring.distributions import DRAWN
from tyez_bench.scoring.pairing import match_spans
from tyez_bench.scoring.schemes import SCHEMES
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.spans import LIMIT, Ints, SpanColumns, Spans
from tyez_bench.scoring.tables import Tables, merge

# By ``table``: what a row counts. ``key`` and ``type`` say which, the three counts are those of a unit (what is right
# in halves), ``number`` is what adds up.
COUNTS = pa.schema(
    [
        pa.field("table", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        pa.field("gold", pa.int64(), nullable=False),
        pa.field("predicted", pa.int64(), nullable=False),
        pa.field("right", pa.int64(), nullable=False),
        pa.field("number", pa.int64(), nullable=False),
    ]
)
KEYS = COUNTS.names[:-1]

UNITS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("unit", pa.int32(), nullable=False),
        pa.field("type", pa.string(), nullable=False),
        *(pa.field(column.name.lower(), pa.int64(), nullable=False) for column in Count),
    ]
)

# The sum of hashes is kept in so many numbers of 32 bits: two thousand million of them add up in 64 bits.
LIMBS = 8

_documents, _predictions = msgspec.json.Decoder(Document), msgspec.json.Decoder(Prediction)


class Rules(Struct, frozen=True):
    """What counts, and what labels mean.

    ``labels`` are those of the gold, None where any may occur; ``label_map`` leads from the predictions' labels to
    them, None where they are the same.
    """

    settings: Settings
    labels: LabelSet | None = None
    label_map: LabelMap | None = None


class _RefusedError(Exception):
    """What is wrong with the row of an id."""

    def __init__(self, id_: str, reason: str):
        super().__init__(reason)
        self.id = id_


def count(batch: pa.RecordBatch | pa.Table, rules: Rules) -> pa.RecordBatch:
    """The counts of a joined batch, of the columns ``COUNTS``. What is wrong is among them, under ``refused``."""
    found: Counter[tuple[Any, ...]] = Counter()
    try:
        tables, cases, ids = _counted(batch, rules, found)
    except _RefusedError as error:
        found["refused", error.id, str(error), 0, 0, 0] += 1
    else:
        _add_tables(found, tables)
        _add_values(found, cases)
        found["documents", "", "", 0, 0, 0] += len(ids)
        found["sentences", "", "", 0, 0, 0] += tables.units.units
    # In one order, whatever that of the rows was.
    rows = sorted(found.items())
    columns = [*zip(*(key for key, _ in rows), strict=True)] if rows else [()] * len(KEYS)
    arrays = [
        pa.array(column, field.type) for column, field in zip([*columns, [n for _, n in rows]], COUNTS, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=COUNTS)


def units(batch: pa.RecordBatch | pa.Table, rules: Rules) -> pa.RecordBatch:
    """The counts of each sentence of a joined batch that has any, of the columns ``UNITS``; none if it is refused."""
    try:
        tables, _, ids = _counted(batch, rules, Counter())
    except _RefusedError:
        return pa.RecordBatch.from_pylist([], UNITS)
    cells, document = tables.units, tables.unit_document
    # The number of the unit within its document.
    first = np.searchsorted(document, document)
    number = (np.arange(len(document)) - first)[cells.unit]
    names = pa.array(tables.types, pa.string())
    return pa.RecordBatch.from_arrays(
        [
            pa.array(ids, pa.string()).take(pa.array(document[cells.unit])),
            pa.array(number, pa.int32()),
            names.take(pa.array(cells.type)),
            *(pa.array(cells.counts[:, column].astype(np.int64)) for column in Count),
        ],
        schema=UNITS,
    )


def count_all(batches: Iterable[pa.RecordBatch | pa.Table], rules: Rules) -> pa.Table:
    """The counts of joined batches, added."""
    return added(count(batch, rules) for batch in batches)


# So many rows of counts are added at a time: bounds the memory, however many tables there are.
_AT_ONCE = 1 << 20


def added(tables: Iterable[pa.Table | pa.RecordBatch]) -> pa.Table:
    """The rows of tables of counts, each row once, with the sum of its numbers."""
    waiting, rows = [COUNTS.empty_table()], 0
    for one in tables:
        waiting.append(pa.Table.from_batches([one]) if isinstance(one, pa.RecordBatch) else one)
        rows += len(one)
        if rows > _AT_ONCE:
            waiting, rows = [_summed(waiting)], 0
    return _summed(waiting)


def _summed(tables: Sequence[pa.Table]) -> pa.Table:
    sums = pa.concat_tables(tables).group_by(KEYS).aggregate([("number", "sum")])
    return sums.rename_columns([*KEYS, "number"]).cast(COUNTS)


def _counted(
    batch: pa.RecordBatch | pa.Table, rules: Rules, found: Counter[tuple[Any, ...]]
) -> tuple[Tables, list[Case], list[str]]:
    """The tables of the units, the cases with more than plain spans, and the ids in the order of the documents."""
    rows = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    # Engines have lists and texts of their own types.
    rows = _without_marks(rows.select(JOINED.names).cast(JOINED), found)
    _check_ids(rows, found)
    plain, others = _split(rows, rules.settings)
    cases = [_case(row, rules, found) for row in others.to_pylist()]
    sides = _Sides(plain, rules, found)
    types = sorted({*sides.types, *(label for one in cases for label in _labels(one))})
    share = rules.settings.min_overlap
    matched = match_spans(sides.spans, types, share)
    parts = [
        Tables(
            matched.types, tabulate(matched, matched.units, matched.optional_unit), matched.unit_document, len(plain)
        )
    ]
    if cases:
        matched = match_spans(to_spans(cases), types, share)
        table = tabulate(matched, matched.units, matched.optional_unit, lost_mentions(cases, matched))
        parts.append(Tables(matched.types, table, matched.unit_document, len(cases)))
    _add_hashes(found, plain, others)
    return merge(parts), cases, plain["id"].to_pylist() + others["id"].to_pylist()


def _without_marks(rows: pa.Table, found: Counter[tuple[Any, ...]]) -> pa.Table:
    """The rows that are somebody's; what the others say is counted, or raised."""
    marks = rows.filter(pc.or_(pc.is_valid(rows["rows"]), pc.is_valid(rows["predicted_rows"])))
    for mark in marks.select(["rows", "refused", "predicted_rows", "predicted_refused"]).to_pylist():
        refused = mark["refused"] or mark["predicted_refused"]
        if refused is not None:
            found["refused", "", refused, 0, 0, 0] += 1
        for side, number in (("gold", mark["rows"]), ("predictions", mark["predicted_rows"])):
            if number is not None:
                found["read", side, "", 0, 0, 0] += number
    if not len(marks):
        return rows
    return rows.filter(pc.and_(pc.is_null(rows["rows"]), pc.is_null(rows["predicted_rows"])))


def _check_ids(rows: pa.Table, found: Counter[tuple[Any, ...]]) -> None:
    """Count the rows of each side, and the ids that the predictions lack."""
    gold = pc.or_(pc.is_valid(rows["starts"]), pc.is_valid(rows["record"]))
    predicted = pc.or_(pc.is_valid(rows["predicted_starts"]), pc.is_valid(rows["predicted_record"]))
    unknown = pc.min(rows["id"].filter(pc.invert(gold))).as_py()
    if unknown is not None:
        raise _RefusedError(unknown, f"document id {unknown!r} is not in the gold")
    found["joined", "gold", "", 0, 0, 0] += len(rows)
    found["joined", "predictions", "", 0, 0, 0] += pc.sum(predicted).as_py() or 0
    for id_ in rows["id"].filter(pc.invert(predicted)).to_pylist():
        found["missing", id_, "", 0, 0, 0] += 1


def _split(rows: pa.Table, settings: Settings) -> tuple[pa.Table, pa.Table]:
    """The rows of plain spans, and those with more. In another layer than the outermost all have more."""
    more = pc.or_(pc.is_valid(rows["record"]), pc.is_valid(rows["predicted_record"]))
    if settings.layer == "nested":
        more = pc.or_(more, True)
    return rows.filter(pc.invert(more)).combine_chunks(), rows.filter(more)


def _case(row: dict[str, Any], rules: Rules, found: Counter[tuple[Any, ...]]) -> Case:
    """A row as a document with its predictions."""
    document, prediction = _document(row), _prediction(row, rules, found)
    _check_gold(document, rules)
    for entity in document.entities:
        found["labels", "", entity.type, 0, 0, 0] += 1
    _check_prediction(document, prediction, rules)
    for named in (prediction.entities, prediction.unlocated):
        for one in named:
            found["predicted labels", "", one.type, 0, 0, 0] += 1
    return case(document, prediction, rules.settings)


def _labels(one: Case) -> Iterator[str]:
    for entities in (one.gold, one.optional, one.others, one.predicted, one.unlocated):
        yield from (entity.type for entity in entities)


def _document(row: dict[str, Any]) -> Document:
    if row["record"] is not None:
        return _documents.decode(row["record"])
    id_, text = row["id"], row["text"]
    if text is None:
        raise _RefusedError(id_, f"document {id_!r} has no text, which its predictions need")
    spans = zip(row["starts"], row["ends"], row["types"], strict=True)
    entities = tuple(Entity(id=f"{id_}:{s}-{e}", start=s, end=e, text=text[s:e], type=t) for s, e, t in spans)
    return Document(id=id_, text=text, entities=entities)


def _prediction(row: dict[str, Any], rules: Rules, found: Counter[tuple[Any, ...]]) -> Prediction:
    if row["predicted_record"] is not None:
        given = _predictions.decode(row["predicted_record"])
    else:
        texts = row["predicted_texts"] or [None] * len(row["predicted_starts"] or [])
        spans = zip(
            row["predicted_starts"] or [], row["predicted_ends"] or [], row["predicted_types"] or [], texts, strict=True
        )
        given = Prediction(
            id=row["id"], entities=tuple(PredictedEntity(start=s, end=e, type=t, text=x) for s, e, t, x in spans)
        )
    entities, unlocated = [], []
    for entity in given.entities:
        type_ = _target(entity.type, rules, row["id"])
        if type_ is None:
            found["out of scope", "", entity.type, 0, 0, 0] += 1
        else:
            entities.append(msgspec.structs.replace(entity, type=type_))
    for one in given.unlocated:
        type_ = _target(one.type, rules, row["id"])
        if type_ is None:
            found["out of scope", "", one.type, 0, 0, 0] += 1
        else:
            unlocated.append(Unlocated(text=one.text, type=type_, start=one.start))
    return Prediction(id=row["id"], entities=tuple(entities), unlocated=tuple(unlocated))


def _target(label: str, rules: Rules, id_: str) -> str | None:
    """What a label of the predictions is in the gold; None out of scope."""
    if rules.label_map is None:
        if rules.labels is not None and label not in rules.labels:
            known = ", ".join(rules.labels.names)
            raise _RefusedError(
                id_, f"{id_}: unknown label {label!r}, expected {known} (label set {rules.labels.name})"
            )
        return label
    try:
        return rules.label_map.target(label)
    except KeyError:
        known = ", ".join(rules.label_map.labels)
        raise _RefusedError(
            id_, f"{id_}: unknown label {label!r}, expected {known} (label map {rules.label_map.name})"
        ) from None


def _check_gold(document: Document, rules: Rules) -> None:
    wrong = None if rules.labels is None else first_misfit(document, rules.labels)
    if wrong is not None:
        raise _RefusedError(document.id, f"{document.id}: {wrong}")


def _check_prediction(document: Document, prediction: Prediction, rules: Rules) -> None:
    try:
        check_prediction(prediction, document, flat=rules.settings.layer == "outermost")
        for one in prediction.entities:
            strange = None if rules.labels is None else value_misfit(one.type, one.value, rules.labels)
            if strange is not None:
                raise ValueError(f"{document.id}: {strange}")
    except ValueError as error:
        raise _RefusedError(document.id, str(error)) from None


class _Sides:
    """The spans of plain rows, whose columns are read without a look at each of them."""

    def __init__(self, rows: pa.Table, rules: Rules, found: Counter[tuple[Any, ...]]):
        self.rows, self.rules, self.number = rows, rules, len(rows)
        gold = self._columns("")
        predicted = self._columns("predicted_")
        self._check(*predicted)
        gold = self._gold_labels(gold, found)
        predicted = self._predicted_labels(predicted, found)
        of_gold, of_predicted = self._counted(*gold), self._counted(*predicted)
        self.types = {*of_gold.types, *of_predicted.types}
        nothing = SpanColumns([0] * self.number, [], [], [])
        self.spans = Spans(of_gold, of_predicted, nothing, nothing, ids=rows["id"].to_pylist())

    def _columns(self, prefix: str) -> tuple[Ints, Ints, Ints, pa.Array]:
        """The row of each span, its start, its end and its type."""
        lists = [_one(self.rows[f"{prefix}{name}"]) for name in ("starts", "ends", "types")]
        lengths = pc.fill_null(pc.list_value_length(lists[0]), 0).to_numpy(zero_copy_only=False)
        start, end = (one.flatten().to_numpy(zero_copy_only=False).astype(np.int64) for one in lists[:2])
        return np.repeat(np.arange(self.number), lengths), start, end, lists[2].flatten()

    def _check(self, row: Ints, start: Ints, end: Ints, type_: pa.Array) -> None:
        """Raise _RefusedError for predictions that don't fit their text, or one another."""
        texts = _one(self.rows["text"])
        size = pc.fill_null(pc.utf8_length(texts).cast(pa.int64()), LIMIT).to_numpy(zero_copy_only=False)
        odd = set(row[end > size[row]].tolist())
        order = np.lexsort((-end, start, row))
        row, start, end = row[order], start[order], end[order]
        odd |= set(row[1:][(row[1:] == row[:-1]) & (start[1:] < end[:-1])].tolist())
        surfaces = _one(self.rows["predicted_texts"])
        with_texts = np.flatnonzero(surfaces.is_valid().to_numpy(zero_copy_only=False))
        if len(with_texts):
            chosen = self.rows.select(["text", "predicted_starts", "predicted_ends", "predicted_texts"])
            for number, one in zip(with_texts.tolist(), chosen.take(pa.array(with_texts)).to_pylist(), strict=True):
                text, spans = (
                    one["text"],
                    zip(one["predicted_starts"], one["predicted_ends"], one["predicted_texts"], strict=True),
                )
                if text is not None and any(said is not None and said != text[s:e] for s, e, said in spans):
                    odd.add(number)
        for number in sorted(odd):
            one = self.rows.slice(number, 1).to_pylist()[0]
            if one["text"] is None:
                # Whether they overlap can be told without the text.
                one["text"] = "\0" * max([*one["ends"], *one["predicted_ends"]])
                one["predicted_texts"] = None
            _check_prediction(_document(one), _prediction(one, self.rules, Counter()), self.rules)

    def _gold_labels(
        self, side: tuple[Ints, Ints, Ints, pa.Array], found: Counter[tuple[Any, ...]]
    ) -> tuple[Ints, Ints, Ints, pa.Array]:
        for label, number in _tally(side[3]):
            found["labels", "", label, 0, 0, 0] += number
            if self.rules.labels is not None and label not in self.rules.labels:
                at = pc.index(side[3], label).as_py()
                _check_gold(_document(self.rows.slice(int(side[0][at]), 1).to_pylist()[0]), self.rules)
        return side

    def _predicted_labels(
        self, side: tuple[Ints, Ints, Ints, pa.Array], found: Counter[tuple[Any, ...]]
    ) -> tuple[Ints, Ints, Ints, pa.Array]:
        """The predictions with the gold's labels, less those that are out of scope."""
        row, start, end, type_ = side
        targets: dict[str, str | None] = {}
        for label, number in _tally(type_):
            at = int(row[pc.index(type_, label).as_py()])
            target = targets[label] = _target(label, self.rules, self.rows["id"][at].as_py())
            table, name = ("out of scope", label) if target is None else ("predicted labels", target)
            found[table, "", name, 0, 0, 0] += number
        if all(label == target for label, target in targets.items()):
            return side
        names = pa.array(list(targets), pa.string())
        type_ = pa.array(list(targets.values()), pa.string()).take(pc.index_in(type_, names))
        kept = type_.is_valid()
        mask = kept.to_numpy(zero_copy_only=False)
        return row[mask], start[mask], end[mask], type_.filter(kept)

    def _counted(self, row: Ints, start: Ints, end: Ints, type_: pa.Array) -> SpanColumns:
        """The spans of the types that count."""
        types = self.rules.settings.types
        if types is not None and len(type_):
            kept = pc.is_in(type_, pa.array(types, pa.string()))
            mask = kept.to_numpy(zero_copy_only=False)
            row, start, end, type_ = row[mask], start[mask], end[mask], type_.filter(kept)
        sizes = np.bincount(row, minlength=self.number) if self.number else np.zeros(0, np.int64)
        return SpanColumns(sizes.tolist(), start.tolist(), end.tolist(), type_.to_pylist())


def _one(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _tally(labels: pa.Array) -> list[tuple[str, int]]:
    return [(one["values"], one["counts"]) for one in pc.value_counts(labels).to_pylist()]


def _add_tables(found: Counter[tuple[Any, ...]], tables: Tables) -> None:
    rows: Sequence[int] = range(len(tables.types))
    for type_, sums in zip(tables.types, tables.total().tolist(), strict=True):
        for column, number in zip(Count, sums, strict=True):
            if number:
                found["sums", column.name, type_, 0, 0, 0] += number
    for unit in DRAWN:
        for name, scheme in SCHEMES.items():
            drawn = tables.histograms(rows, scheme, unit)
            for type_, histogram in zip((*tables.types, ""), drawn, strict=True):
                counts = histogram.rows.copy()
                counts[:, 2] *= 2
                for (gold, predicted, right), size in zip(
                    counts.astype(np.int64).tolist(), histogram.sizes.tolist(), strict=True
                ):
                    # Units without counts are those that are left: a type may be in few of many batches.
                    if gold or predicted:
                        found[unit, name, type_, gold, predicted, right] += size


def _add_values(found: Counter[tuple[Any, ...]], cases: Sequence[Case]) -> None:
    """Values by label; ``valued``: had its label values by its set, which may be known at the end only."""
    labels = {e.type for c in cases for e in c.predicted}
    for table, valued in (("values", frozenset[str]()), ("valued", labels)):
        for type_, counted in count_values(cases, valued).items():
            for name in ("pairs", "both", "equal"):
                found[table, name, type_, 0, 0, 0] += getattr(counted, name)


def _add_hashes(found: Counter[tuple[Any, ...]], plain: pa.Table, others: pa.Table) -> None:
    """The SHA-256 of each row of the gold, summed: no order of rows or shards changes it."""
    total = 0
    columns = (plain[name].to_pylist() for name in ("id", "text", "starts", "ends", "types"))
    for row in zip(*columns, strict=True):
        total += int.from_bytes(hashlib.sha256(encode(row)).digest(), "big")
    for id_, text, starts, ends, types, record in zip(
        *(others[name].to_pylist() for name in ("id", "text", "starts", "ends", "types", "record")), strict=True
    ):
        data = encode((id_, text, starts, ends, types)) if record is None else record.encode()
        total += int.from_bytes(hashlib.sha256(data).digest(), "big")
    for limb in range(LIMBS + 2):
        found["fingerprint", str(limb), "", 0, 0, 0] += (total >> 32 * limb) & 0xFFFFFFFF
