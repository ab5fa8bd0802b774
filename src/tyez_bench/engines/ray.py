"""On Ray: both sides joined by id, the kernel on each block of what is joined, the counts added up here."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tyez_bench.engines.columns import BATCH, GOLD_SIDE, PREDICTED_SIDE, Side, from_lines, from_table
from tyez_bench.engines.kernel import added, count_all, units
from tyez_bench.engines.paths import are_parquet, files
from tyez_bench.engines.rows import Rules
from tyez_bench.engines.shards import Piece, pieces, read
from tyez_bench.model.errors import MissingExtraError

# Bytes of the files in a part of the join: what a worker has room for, and what is worth a part where cores are idle.
_MOST, _LEAST = 64 << 20, 4 << 20
# How many parts each core gets where there is enough for them: none waits long for the last one.
_PARTS_A_CORE = 4


def counts(
    gold: str, predictions: str, rules: Rules, *, jobs: int | None, address: str | None, units_path: str | None
) -> pa.Table:
    """The counts of gold and predictions; ``units_path`` is where those by unit are written. Raises InputError."""
    with _cluster(jobs, address) as data:
        sides = (_side(data, gold, GOLD_SIDE), _side(data, predictions, PREDICTED_SIDE))
        joined = sides[0].join(sides[1], "full_outer", _parts(gold, predictions), on=("id",))
        if units_path is not None:
            joined = joined.materialize()
            joined.map_batches(partial(_units, rules), batch_size=BATCH, batch_format="pyarrow").write_parquet(
                units_path
            )
        found = joined.map_batches(partial(_counts, rules), batch_size=None, batch_format="pyarrow")
        return added(found.iter_batches(batch_size=None, batch_format="pyarrow"))


def first_twice(path: str, side: Side, *, jobs: int | None, address: str | None) -> str | None:
    """The first id, in their order, that occurs twice; None where none does."""
    with _cluster(jobs, address) as data:
        ids = _side(data, path, side).map_batches(partial(_ids, side), batch_size=None, batch_format="pyarrow")
        again = ids.groupby("id", num_partitions=_parts(path)).count().map_batches(_twice, batch_format="pyarrow")
        return min((row["id"] for row in again.iter_rows()), default=None)


@contextmanager
def _cluster(jobs: int | None, address: str | None) -> Iterator[Any]:
    """Ray's data library: with the cluster that is there, or one that ends with this."""
    try:
        import ray
        import ray.data
    except ImportError:
        raise MissingExtraError("ray", "ray", ["polars"]) from None
    began = not ray.is_initialized()
    if began:
        own = {"num_cpus": jobs, "include_dashboard": False} if address is None else {}
        ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **own)
    # Ray's data library logs every step, and warns that it shows no progress.
    context, log = ray.data.DataContext.get_current(), logging.getLogger("ray.data")
    shown, level = context.enable_progress_bars, log.level
    context.enable_progress_bars = False
    log.setLevel(logging.ERROR)
    try:
        yield ray.data
    finally:
        context.enable_progress_bars = shown
        log.setLevel(level)
        if began:
            ray.shutdown()


def _parts(*paths: str) -> int:
    """How many parts to join one by one."""
    import ray

    cores = _PARTS_A_CORE * max(1, int(ray.cluster_resources().get("CPU", 1)))
    names = [name for path in paths for name in files(path)]
    if any("://" in name for name in names):
        return max(cores, len(names))
    size = sum(map(os.path.getsize, names))
    return max(1, size // _MOST, min(cores, size // _LEAST))


def _side(data: Any, path: str, side: Side) -> Any:
    """The rows of a side: a piece of a file is a block; what is in another file system Ray reads itself."""
    paths = files(path)
    if "://" not in paths[0]:
        found = [{"path": one.path, "start": one.start, "end": one.end or -1} for one in pieces(paths)]
        blocks = data.from_items(found, override_num_blocks=len(found))
        return blocks.map_batches(partial(_of_pieces, side), batch_size=1, batch_format="pyarrow")
    if are_parquet(paths):
        return data.read_parquet(paths).map_batches(partial(_of_tables, side, path), batch_format="pyarrow")
    blobs = data.read_binary_files(paths, include_paths=True)
    return blobs.map_batches(partial(_of_blobs, side), batch_size=1, batch_format="pyarrow")


def _of_pieces(side: Side, batch: pa.Table) -> Iterator[pa.Table]:
    for row in batch.to_pylist():
        piece = Piece(row["path"], row["start"], None if row["end"] < 0 else row["end"])
        yield from (pa.Table.from_batches([one]) for one in read(piece, side))


def _of_tables(side: Side, path: str, batch: pa.Table) -> Iterator[pa.Table]:
    yield from (pa.Table.from_batches([one]) for one in from_table(batch, side, path))


def _of_blobs(side: Side, batch: pa.Table) -> Iterator[pa.Table]:
    for row in batch.to_pylist():
        lines = row["bytes"].removesuffix(b"\n").split(b"\n")
        yield from (pa.Table.from_batches([one]) for one in from_lines(lines, side, row["path"], lambda: 1))


def _counts(rules: Rules, joined: pa.Table) -> pa.Table:
    return count_all((joined.slice(first, BATCH) for first in range(0, len(joined), BATCH)), rules)


def _units(rules: Rules, joined: pa.Table) -> pa.Table:
    return pa.Table.from_batches([units(joined, rules)])


def _ids(side: Side, rows: pa.Table) -> pa.Table:
    return rows.filter(pc.is_null(rows[side.schema.names[-2]])).select(["id"])


def _twice(ids: pa.Table) -> pa.Table:
    return ids.filter(pc.greater(ids["count()"], 1))
