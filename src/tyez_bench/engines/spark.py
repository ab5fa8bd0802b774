"""On Spark: both sides joined by id, the kernel on each partition of what is joined, the counts added up there."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pyarrow as pa

from tyez_bench.engines.columns import GOLD_SIDE, JOINED, PREDICTED_SIDE, Side, from_lines, from_table
from tyez_bench.engines.kernel import COUNTS, KEYS, UNITS, count_all, units
from tyez_bench.engines.paths import are_parquet, files
from tyez_bench.engines.rows import Rules
from tyez_bench.model.errors import InputError, MissingExtraError, first_line

Batches = Iterator[pa.RecordBatch]


def counts(
    gold: str, predictions: str, rules: Rules, *, jobs: int | None, address: str | None, units_path: str | None
) -> pa.Table:
    """The counts of gold and predictions; ``units_path`` is where those by unit are written. Raises InputError."""
    with _session(jobs, address) as session:
        sides = (_side(session, gold, GOLD_SIDE), _side(session, predictions, PREDICTED_SIDE))
        joined = sides[0].join(sides[1], "id", "full_outer").select(*JOINED.names)
        counted = _mapped(joined, partial(_counts, rules), COUNTS).groupBy(*KEYS).sum("number")
        if units_path is not None:
            # Joined once for both.
            joined.cache()
            _mapped(joined, partial(_units, rules), UNITS).write.parquet(units_path)
        found = counted.withColumnRenamed("sum(number)", "number").toArrow().cast(COUNTS)
        joined.unpersist()
        return found


def first_twice(path: str, side: Side, *, jobs: int | None, address: str | None) -> str | None:
    """The first id, in their order, that occurs twice; None where none does."""
    with _session(jobs, address) as session:
        rows = _side(session, path, side)
        ids = rows.where(rows[side.schema.names[-2]].isNull()).groupBy("id").count()
        found = ids.where("count > 1").agg({"id": "min"}).collect()
        return None if not found else found[0][0]


@contextmanager
def _session(jobs: int | None, address: str | None) -> Iterator[Any]:
    """The session that is there, or one that ends with this: on a cluster, or with so many threads here."""
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtraError("pyspark", "spark") from None
    try:
        # The session of another thread, too: it is not ours to stop.
        there = SparkSession.active()
    except PySparkRuntimeError:
        there = None
    if there is not None:
        yield there
        return
    if address is None:
        # Workers would take the python3 of the path. A worker that dies is tried again, which is not so without the 4.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        address = f"local[{jobs or '*'},4]"
    builder = SparkSession.builder.appName("tyez-bench").config("spark.ui.showConsoleProgress", "false")
    made = builder.master(address).getOrCreate()
    try:
        yield made
    finally:
        made.stop()


def _side(session: Any, path: str, side: Side) -> Any:
    """The rows of a side. The lines of JSON come as the bytes that they are."""
    paths = files(path)
    try:
        if are_parquet(paths):
            read = session.read.parquet(*paths)
            return _mapped(read, partial(_from_tables, side, path), side.schema)
        read = session.read.text(paths, lineSep="\n").selectExpr("cast(value as binary)", "_metadata.file_path as path")
        return _mapped(read, partial(_from_lines, side), side.schema)
    except Exception as error:
        if type(error).__module__.startswith("pyspark.errors"):
            raise InputError(f"can't be read by Spark: {first_line(error)}", path=path) from None
        raise


def _mapped(frame: Any, function: Callable[[Batches], Batches], schema: pa.Schema) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema

    return frame.mapInArrow(function, from_arrow_schema(schema))


def _from_tables(side: Side, path: str, batches: Batches) -> Batches:
    for batch in batches:
        yield from from_table(batch, side, path)


def _from_lines(side: Side, batches: Batches) -> Batches:
    for batch in batches:
        paths = batch["path"].to_pylist()
        for path in dict.fromkeys(paths):
            lines = (line for line, of in zip(batch["value"].to_pylist(), paths, strict=True) if of == path)
            yield from from_lines(lines, side, _plain(path))


def _plain(path: str) -> str:
    """A path of this file system without the scheme, which Spark writes with one slash or with three."""
    return path.removeprefix("file:").replace("///", "/", 1) if path.startswith("file:") else path


def _counts(rules: Rules, batches: Batches) -> Batches:
    yield from count_all(batches, rules).to_batches()


def _units(rules: Rules, batches: Batches) -> Batches:
    return (units(batch, rules) for batch in batches)
