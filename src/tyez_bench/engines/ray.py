"""On Ray: both sides joined by id, the kernel on each block of what is joined, the counts added up here."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa

from tyez_bench.engines.columns import BATCH, GOLD_SIDE, PREDICTED_SIDE, Side, from_lines, from_table
from tyez_bench.engines.kernel import Rules, added, count_all, units
from tyez_bench.engines.shards import Piece, are_parquet, files, pieces, read
from tyez_bench.model.errors import MissingExtraError

# Parts of a join for each core: small enough that a worker has room for one.
_PARTS_A_CORE = 4


def counts(
    gold: str, predictions: str, rules: Rules, *, jobs: int | None, address: str | None, units_path: str | None
) -> pa.Table:
    """The counts of gold and predictions; ``units_path`` is where those by unit are written. Raises InputError."""
    with _cluster(jobs, address) as data:
        sides = (_side(data, gold, GOLD_SIDE), _side(data, predictions, PREDICTED_SIDE))
        joined = sides[0].join(sides[1], "full_outer", _parts(), on=("id",))
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
        again = ids.groupby("id", num_partitions=_parts()).count().map_batches(_twice, batch_format="pyarrow")
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
    progress = ray.data.DataContext.get_current()
    shown, progress.enable_progress_bars = progress.enable_progress_bars, False
    try:
        yield ray.data
    finally:
        progress.enable_progress_bars = shown
        if began:
            ray.shutdown()


def _parts() -> int:
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 1))) * _PARTS_A_CORE


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
    return rows.filter(pa.compute.is_null(rows[side.schema.names[-2]])).select(["id"])


def _twice(ids: pa.Table) -> pa.Table:
    return ids.filter(pa.compute.greater(ids["count()"], 1))
