"""On one machine, by as many processes as asked for, whatever fits into its memory.

Both sides are split by a hash of the id into parts that lie in a folder, a file for each piece that was read; then
each part is joined and counted by itself.
"""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc, parquet

from tyez_bench.engines.columns import BATCH, GOLD, GOLD_SIDE, JOINED, PREDICTED_SIDE, PREDICTIONS, Side
from tyez_bench.engines.kernel import added, count_all, units
from tyez_bench.engines.paths import files
from tyez_bench.engines.rows import Rules
from tyez_bench.engines.shards import Piece, pieces, read
from tyez_bench.model.errors import TyezBenchError

# Bytes of pieces that a part has.
_PART = 64 << 20
_SIDES = (GOLD_SIDE, PREDICTED_SIDE)


def counts(gold: str, predictions: str, rules: Rules, *, jobs: int = 1, units_path: str | None = None) -> pa.Table:
    """The counts of gold and predictions; ``units_path`` is a folder for those by unit. Raises InputError."""
    work = [
        (side, piece) for side, path in zip(_SIDES, (gold, predictions), strict=True) for piece in pieces(files(path))
    ]
    parts = max(1, min(256, sum(_size(piece) for _, piece in work) // _PART), 2 * jobs - 1 if jobs > 1 else 1)
    if units_path is not None:
        Path(units_path).mkdir()
    with tempfile.TemporaryDirectory(prefix="tyez-bench-") as folder, _pool(jobs) as do:
        done = list(do(partial(_split, folder, parts), list(enumerate(work))))
        assert len(done) == len(work)
        return added(do(partial(_count_part, folder, rules, units_path), range(parts)))


@contextmanager
def _pool(jobs: int) -> Iterator[Any]:
    """What calls a function for each of several things: here, or in so many processes."""
    if jobs == 1:
        yield map
        return
    # Processes that begin anew have no locks of other threads in them.
    try:
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            yield pool.map
    except BrokenProcessPool:
        raise TyezBenchError("a process was killed, perhaps for lack of memory: fewer jobs need less") from None


def _size(piece: Piece) -> int:
    path, start, end = piece
    size = Path(path).stat().st_size
    # Packed files and Parquet hold several times of their size.
    return 4 * size if end is None or path.endswith("parquet") else end - start


def _split(folder: str, parts: int, numbered: tuple[int, tuple[Side, Piece]]) -> int:
    """Write the rows of a piece into the parts that they belong to."""
    number, (side, piece) = numbered
    rows = pa.Table.from_batches(read(piece, side), side.schema)
    part = np.fromiter(
        (crc32(id_.encode("utf-8", "surrogatepass")) % parts for id_ in rows["id"].to_pylist()), np.int64, len(rows)
    )
    rows, cuts = (
        rows.take(np.argsort(part, kind="stable")),
        np.searchsorted(np.sort(part), np.arange(parts + 1)).tolist(),
    )
    for one, (first, behind) in enumerate(pairwise(cuts)):
        if first < behind:
            with ipc.new_file(str(Path(folder) / f"{one}-{side.name}-{number}.arrow"), side.schema) as file:
                file.write_table(rows.slice(first, behind - first))
    return number


def _count_part(folder: str, rules: Rules, units_path: str | None, part: int) -> pa.Table:
    gold, predicted = (_part(folder, part, side) for side in _SIDES)
    joined = join(gold, predicted)
    batches = [joined.slice(first, BATCH) for first in range(0, len(joined), BATCH)]
    if units_path is not None:
        tables = pa.Table.from_batches([units(batch, rules) for batch in batches])
        parquet.write_table(tables, str(Path(units_path) / f"part-{part:05d}.parquet"))
    return count_all(batches, rules)


def _part(folder: str, part: int, side: Side) -> pa.Table:
    paths: Sequence[Path] = sorted(Path(folder).glob(f"{part}-{side.name}-*.arrow"))
    tables = [ipc.open_file(pa.memory_map(str(path))).read_all() for path in paths]
    return pa.concat_tables([side.schema.empty_table(), *tables])


def join(gold: pa.Table, predicted: pa.Table) -> pa.Table:
    """Both sides by id, with every row of either; an id that is twice doubles the row of the other side."""
    number = [
        table.select(["id"]).append_column(name, pa.array(np.arange(len(table))))
        for table, name in ((gold, "g"), (predicted, "p"))
    ]
    both = number[0].join(number[1], "id", join_type="full outer").sort_by("id")
    columns = [both["id"]]
    columns += [gold[name].take(both["g"]) for name in GOLD.names[1:]]
    columns += [predicted[name].take(both["p"]) for name in PREDICTIONS.names[1:]]
    return pa.table(columns, schema=JOINED)


def first_twice(path: str, side: Side, *, jobs: int = 1) -> str | None:
    """The first id, in their order, that occurs twice; None where none does."""
    ids = pa.concat_tables(
        pa.Table.from_batches([batch]).filter(pc.is_null(batch[-2])).select(["id"])
        for piece in pieces(files(path))
        for batch in read(piece, side)
    )
    again = ids.group_by("id").aggregate([([], "count_all")])
    found: str | None = pc.min(again["id"].filter(pc.greater(again["count_all"], 1))).as_py()
    return found
