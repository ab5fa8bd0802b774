"""From the counts of all batches to a report; and what was wrong to the error that says so."""

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from msgspec import structs

from tyez_bench.engines.kernel import added
from tyez_bench.engines.rows import Rules
from tyez_bench.gold.label_sets import label_set_of
from tyez_bench.io.label_maps import identity
from tyez_bench.model.errors import InputError
from tyez_bench.scoring.bootstrap import Histogram
from tyez_bench.scoring.counts import Count
from tyez_bench.scoring.distributions import DRAWN, Distributions
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import SCHEMES
from tyez_bench.scoring.score import check_rows
from tyez_bench.scoring.settings import GoldFacts
from tyez_bench.scoring.tables import ValueCounts, hashes


class Names(NamedTuple):
    """What the system and the gold are called, and where they are from, for errors."""

    system: str
    gold: str
    gold_path: str
    predictions_path: str


class TwiceError(Exception):
    """A join gave more rows than there were: ids occur twice on this side; the engine can tell which."""

    def __init__(self, side: str):
        super().__init__(side)
        self.side = side


def twice(id_: str | None, side: str, names: Names) -> InputError:
    """The error for an id that occurs twice."""
    path = names.gold_path if side == "gold" else names.predictions_path
    return InputError(f"document id {id_!r} occurs twice", path=path)


def report(counts: pa.Table, rules: Rules, names: Names) -> Report:
    """The report of all counts.

    Raises InputError for what a batch refused, TwiceError where an id occurs twice.
    """
    by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in added([counts]).to_pylist():
        by_table[row["table"]].append(row)
    _check(by_table, names)
    gold_labels = {row["type"]: row["number"] for row in by_table["labels"]}
    labels = rules.labels or label_set_of(gold_labels)
    label_map = rules.label_map or identity(labels, {row["type"] for row in by_table["predicted labels"]})
    more = sorted({row["type"] for row in by_table["predicted labels"]} - set(labels.names))
    settings = rules.settings
    if rules.labels is None:
        types = (*labels.names, *more) if settings.types is None else labels.order(settings.types)
        settings = structs.replace(settings, types=types)
    tables = _tables(by_table, labels.with_more(more).valued)
    check_rows([*labels.names, *tables.types])
    present = gold_labels or labels.names
    facts = GoldFacts(
        names.gold,
        None,
        _fingerprint(by_table["fingerprint"]),
        labels,
        reading={"order": "any"},
        absent=() if rules.labels else tuple(label for label in labels.names if label not in present),
    )
    left_out = {row["type"]: row["number"] for row in sorted(by_table["out of scope"], key=_type)}
    return Report(
        system=names.system,
        gold=facts,
        settings=settings,
        tables=tables,
        documents=hashes([]),
        missing=tuple(sorted(row["key"] for row in by_table["missing"])),
        labels=f"{label_map.name}#{label_map.sha256[:12]}",
        reading={"format": "native"},
        notes={"out_of_scope": left_out} if left_out else {},
    )


def _type(row: dict[str, Any]) -> str:
    return str(row["type"])


def _check(found: dict[str, list[dict[str, Any]]], names: Names) -> None:
    refused = sorted((row["key"], row["type"]) for row in found["refused"])
    id_, reason = refused[0] if refused else (None, "")
    if id_ == "":
        # What was wrong with a row before it was joined has its file in it already.
        raise InputError(reason)
    numbers = {(row["table"], row["key"]): row["number"] for name in ("read", "joined") for row in found[name]}
    for side, path in (("gold", names.gold_path), ("predictions", names.predictions_path)):
        if not numbers.get(("read", side)):
            raise InputError("is empty, expected at least one record", path=path)
    if id_ is not None:
        raise InputError(reason, path=names.predictions_path)
    if any(row["number"] > 1 for row in found["missing"]):
        raise TwiceError("gold")
    # An id that is twice on one side doubles the row of the other.
    for side, other in (("predictions", "gold"), ("gold", "predictions")):
        if numbers["joined", other] > numbers["read", other]:
            raise TwiceError(side)
    for side, path in (("gold", names.gold_path), ("predictions", names.predictions_path)):
        if numbers["joined", side] != numbers["read", side]:
            raise InputError(f"{numbers['read', side]} rows were read, but {numbers['joined', side]} joined", path=path)


def _tables(found: dict[str, list[dict[str, Any]]], valued: frozenset[str]) -> Distributions:
    number = {name: sum(row["number"] for row in found[name]) for name in ("documents", "sentences")}
    types = tuple(sorted({row["type"] for row in found["sums"]}))
    sums = np.zeros((len(types), len(Count)), np.int64)
    for row in found["sums"]:
        sums[types.index(row["type"]), Count[row["key"]]] = row["number"]
    cells: dict[tuple[str, str, str | None], list[list[int]]] = {
        (unit, scheme, type_): [] for unit in DRAWN for scheme in SCHEMES for type_ in (*types, None)
    }
    for unit in DRAWN:
        for row in found[unit]:
            counts = [row[name] for name in ("gold", "predicted", "right", "number")]
            cells[unit, row["key"], row["type"] or None].append(counts)
    rows = {key: _histogram(rows, number[f"{key[0]}s"]) for key, rows in cells.items()}
    values: dict[str, ValueCounts] = {}
    for table in ("values", "valued"):
        for row in sorted(found[table], key=_type):
            type_ = row["type"]
            if (type_ in valued) == (table == "valued"):
                values[type_] = structs.replace(values.get(type_, ValueCounts()), **{row["key"]: row["number"]})
    return Distributions.made(
        types, sums, rows, sentences=number["sentences"], documents=number["documents"], values=values
    )


def _histogram(rows: list[list[int]], units: int) -> Histogram:
    """From distinct counts and how many units have each; the other units have none."""
    rows = sorted(rows)
    without = units - sum(size for *_, size in rows)
    if without:
        rows = [[0, 0, 0, without], *rows]
    table = np.array(rows, np.int64).reshape(-1, 4)
    return Histogram(table[:, :3] / [1, 1, 2], table[:, 3])


def _fingerprint(rows: list[dict[str, Any]]) -> str:
    """The sum of the hashes of all rows, modulo 2²⁵⁶, in hexadecimal digits."""
    total = sum(row["number"] << 32 * int(row["key"]) for row in rows)
    return f"{total % (1 << 256):064x}"
