"""The kernel: a batch of the gold joined with the predictions in, counts that add up out. It keeps nothing.

What comes out is small, and does not grow with what went in: sums by type, and for each scheme and row how many
sentences (documents) have which counts. Rows of it that are alike but for ``number`` are one row with the sum.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tyez_bench.engines.columns import JOINED
from tyez_bench.engines.rows import PlainRows, RefusedError, Rules, case_of, labels_of
from tyez_bench.files.jsonl import encode
from tyez_bench.scoring.counting import Case, count_values, lost_mentions, to_spans
from tyez_bench.scoring.counts import Count, tabulate
from tyez_bench.scoring.distributions import DRAWN
from tyez_bench.scoring.pairing import match_spans
from tyez_bench.scoring.schemes import SCHEMES
from tyez_bench.scoring.settings import Settings
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


def count(batch: pa.RecordBatch | pa.Table, rules: Rules) -> pa.RecordBatch:
    """The counts of a joined batch, of the columns ``COUNTS``. What is wrong is among them, under ``refused``."""
    found: Counter[tuple[Any, ...]] = Counter()
    try:
        tables, cases, ids = _counted(batch, rules, found)
    except RefusedError as error:
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
    except RefusedError:
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
            *(pa.array(cells.column(column).astype(np.int64)) for column in Count),
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
    cases = [case_of(row, rules, found) for row in others.to_pylist()]
    sides = PlainRows(plain, rules, found)
    types = sorted({*sides.types, *(label for one in cases for label in labels_of(one))})
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
        raise RefusedError(unknown, f"document id {unknown!r} is not in the gold")
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


def _add_tables(found: Counter[tuple[Any, ...]], tables: Tables) -> None:
    rows: Sequence[int] = range(len(tables.types))
    for type_, sums in zip(tables.types, tables.total().tolist(), strict=True):
        for column, number in zip(Count, sums, strict=True):
            if number:
                found["sums", column.name, type_, 0, 0, 0] += number
    for unit in DRAWN:
        for name, scheme in SCHEMES.items():
            drawn = tables.histograms(rows, scheme, unit, [*rows, None])
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
