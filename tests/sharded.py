"""Made-up gold and predictions in shards, and what two reports of them have in common, for the tests of engines."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

import tyez_bench

TYPES = ("DATE", "MONEY", "ORG", "PLACE")
Record = dict[str, Any]


def corpus(sentences: int, seed: int = 7) -> tuple[list[Record], list[Record]]:
    """Records of gold and predictions: one in ten spans is missed, moved or mistyped, one in fifty ids left out."""
    rng = random.Random(seed)
    gold, predicted = [], []
    for number in range(sentences):
        text = "".join(rng.choices("太原市和钢厂在年月日元", k=40))
        spans, found = [], []
        for slot in range(4):
            start = 10 * slot + rng.randrange(3)
            end, type_ = start + rng.randint(2, 6), rng.choice(TYPES)
            spans.append((start, end, type_))
            kind = rng.randrange(40)
            if kind > 3:
                found.append((start, end, type_))
            elif kind:
                found.append((start, end - (kind == 1), TYPES[0] if kind == 2 else type_))
        gold.append({"id": f"s{number}", "text": text, "entities": entities(spans)})
        if rng.randrange(50):
            predicted.append({"id": f"s{number}", "entities": entities(found)})
    return gold, predicted


def entities(spans: Sequence[tuple[int, int, str]]) -> list[Record]:
    """Spans as JSON has them."""
    return [{"start": start, "end": end, "type": type_} for start, end, type_ in spans]


def lines(path: Path, records: Sequence[Record]) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
    return path


def columns(path: Path, records: Sequence[Record]) -> Path:
    """A Parquet file with the spans in lists."""
    table: dict[str, list[Any]] = {"id": [one["id"] for one in records]}
    if records and "text" in records[0]:
        table["text"] = [one["text"] for one in records]
    for name in ("start", "end", "type"):
        table[f"{name}s"] = [[entity[name] for entity in one["entities"]] for one in records]
    parquet.write_table(pa.table(table), path)
    return path


def shards(folder: Path, records: Sequence[Record], number: int, seed: int = 1, *, as_columns: bool = False) -> Path:
    """A folder of files with these records in another order."""
    folder.mkdir()
    mixed = list(records)
    random.Random(seed).shuffle(mixed)
    for shard in range(number):
        path = folder / f"part-{shard}.{'parquet' if as_columns else 'jsonl'}"
        (columns if as_columns else lines)(path, mixed[shard::number])
    return folder


def said(report: tyez_bench.Report) -> Record:
    """All that a report says, but for what rests on texts, on an order, and on the names of files."""
    data = report.to_dict()
    for name in ("signature", "gold", "surface", "system", "reading"):
        del data[name]
    for name in ("interval_by_name", "interval_by_name_reason"):
        data["headline"].pop(name, None)
    data["missing_documents"].sort()
    data["of the gold"] = report.gold.labels.names, report.gold.absent
    return data
