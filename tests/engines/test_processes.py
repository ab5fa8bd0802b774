"""The kernel in processes of one machine: the report of one that has everything in memory, whatever the order."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

import tyez_bench
from sharded import TYPES, columns, corpus, entities, lines, said, shards
from tyez_bench import InputError, Settings, UsageError, score_shards
from tyez_bench.engines import processes
from tyez_bench.engines import shards as module
from tyez_bench.engines.columns import GOLD_SIDE, PREDICTED_SIDE, from_lines
from tyez_bench.engines.kernel import added, count
from tyez_bench.engines.rows import Rules

ROOT = Path(__file__).parent.parent.parent
GOLD = ROOT / "data" / "gold.jsonl"


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("as_columns", [False, True])
def test_shards_in_any_order(tmp_path: Path, jobs: int, as_columns: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_PART", 20_000)
    gold, predicted = corpus(500)
    whole = tyez_bench.score_files(lines(tmp_path / "g.jsonl", gold), lines(tmp_path / "p.jsonl", predicted))
    mixed = shards(tmp_path / "g", gold, 3, as_columns=as_columns), shards(tmp_path / "p", predicted, 4)
    report = score_shards(*mixed, jobs=jobs)
    assert said(report) == said(whole)
    assert report.documents.tolist() == []
    assert (report.labels, report.settings) == (whole.labels, whole.settings)
    assert report.missing == tuple(sorted(whole.missing))
    again = score_shards(mixed[0] / "*", tmp_path / "p.jsonl")
    assert again.gold.fingerprint == report.gold.fingerprint
    assert str(report.signature).startswith(f"gold:g#{report.gold.fingerprint[:12]}|gold-reading:order=any|")


@pytest.mark.parametrize(("name", "labels"), [("jieba", "pku"), ("jionlp", "jionlp"), ("rules", "values")])
@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(layer="all", optional="require", unit="document"),
        Settings(layer="nested", optional="drop", all_types=True),
        Settings(min_overlap=0.5, seed=5),
    ],
)
def test_nested_optional_normalised_and_sentences(name: str, labels: str, settings: Settings) -> None:
    """The gold set of this package, which has of everything."""
    path = ROOT / "data" / "predictions" / f"{name}.jsonl"
    whole = tyez_bench.score_files(None, path, labels=labels, settings=settings, label_set=None)
    for label_set in (None, "tyez"):
        report = score_shards(GOLD, path, labels=labels, settings=settings, label_set=label_set)
        assert said(report) == said(whole)
        assert report.notes.get("out_of_scope", {}) == (whole.notes.get("out_of_scope") or {})
        assert report.settings == whole.settings


SPANS = st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4), st.sampled_from(TYPES[:3])), max_size=3, unique=True)
RECORDS = st.lists(st.tuples(SPANS, SPANS, st.booleans()), min_size=1, max_size=8)


@given(RECORDS, st.integers(1, 3), st.randoms())
def test_any_spans(tmp_path_factory: pytest.TempPathFactory, records: Any, parts: int, rng: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    settings = Settings(layer="all")
    gold: list[dict[str, Any]] = []
    predicted: list[dict[str, Any]] = []
    for number, (one, other, left_out) in enumerate(records):
        sides = [entities(sorted((start, start + size, t) for start, size, t in side)) for side in (one, other)]
        gold.append({"id": str(number), "text": "一" * 12, "entities": sides[0]})
        if not (left_out and predicted):
            predicted.append({"id": str(number), "entities": sides[1]})
    if not any(one["entities"] for one in gold):
        return
    whole = tyez_bench.score_stream(
        lines(folder / "g.jsonl", gold), lines(folder / "p.jsonl", predicted), settings=settings
    )
    rng.shuffle(predicted)
    report = score_shards(
        shards(folder / "g", gold, parts),
        lines(folder / "p.jsonl", predicted),
        settings=settings,
        label_set="tyez",
    )
    assert said(report) == said(whole)


def joined(gold: list[Any], predicted: list[Any]) -> pa.Table:
    """Both sides as one batch."""
    sides = []
    for records, side in ((gold, GOLD_SIDE), (predicted, PREDICTED_SIDE)):
        data = (json.dumps(one, ensure_ascii=False).encode() for one in records)
        sides.append(pa.Table.from_batches(from_lines(data, side, "f")))
    return processes.join(*sides)


def test_counts_of_parts_add_up_to_those_of_the_whole() -> None:
    table = joined(*corpus(200))

    def rows(parts: list[pa.RecordBatch]) -> list[tuple[Any, ...]]:
        # Of a sum of hashes in several numbers only all of them together are one.
        return sorted(tuple(one.values()) for one in added(parts).to_pylist() if one["table"] != "fingerprint")

    whole = count(table, Rules(Settings()))
    for size in (1, 7, 150):
        parts = [count(table.slice(first, size), Rules(Settings())) for first in range(0, len(table), size)]
        assert rows(parts[::-1]) == rows([whole])


def test_the_counts_of_every_sentence_as_parquet(tmp_path: Path) -> None:
    path = ROOT / "data" / "predictions" / "jieba.jsonl"
    report = score_shards(GOLD, path, labels="pku", units=tmp_path / "units")
    with pytest.raises(UsageError, match="units: already exists"):
        score_shards(GOLD, path, labels="pku", units=tmp_path / "units")
    table = parquet.read_table(tmp_path / "units")
    whole = tyez_bench.score_files(None, path, labels="pku")
    assert sum(table["right"].to_pylist()) == report["strict"].tp
    cells = whole.tables.units
    expected = {
        (whole.unit_ids[unit], whole.tables.types[type_], *counts)
        for unit, type_, counts in zip(cells.unit, cells.type, cells.counts.tolist(), strict=True)
    }
    sentences = {d.id: [s.id for s in d.sentences] for d in tyez_bench.load()}
    found = {(sentences[row["id"]][row["unit"]], row["type"], *list(row.values())[3:]) for row in table.to_pylist()}
    assert found == expected


@pytest.mark.parametrize(
    ("gold", "predicted", "reason"),
    [
        (["a", "b"], ["a", "z"], "p.jsonl: document id 'z' is not in the gold"),
        (["a", "b", "a"], ["a"], "g.jsonl: document id 'a' occurs twice"),
        (["b", "a", "c", "a"], ["b"], "g.jsonl: document id 'a' occurs twice"),
        (["a", "b"], ["b", "a", "b"], "p.jsonl: document id 'b' occurs twice"),
        (["a"], [], "p.jsonl: is empty, expected at least one record"),
        ([], ["a"], "g.jsonl: is empty, expected at least one record"),
        (["a"], [("a", [(0, 3, "PLACE")])], "p.jsonl: a: PLACE 0–3 is outside the text (0–2)"),
        (["a"], [("a", [(0, 2, "PLACE"), (1, 2, "ORG")])], "p.jsonl: a: PLACE 0–2 '甲市' and ORG 1–2 '市' overlap"),
        (["a"], [("a", [(0, 2, "PLACE"), (0, 2, "PLACE")])], "p.jsonl: a: PLACE 0–2 occurs twice"),
        (["a"], ["b", ("a", [(1, 1, "PLACE")])], "p.jsonl:2: entity offsets 1–1 are empty or reversed"),
        (["a", ("b", [(0, 3, "PLACE")])], ["a"], "g.jsonl:2: entity 'b:0-3': 0–3 is outside the text (0–2)"),
        (["a"], [("a", [(0, 1 << 50, "PLACE")])], "p.jsonl:1: a: the offset 1125899906842624 is out of range"),
        (["a"], [("a", [(0, 2, "X")])], "p.jsonl: a: unknown label 'X', expected PLACE, ORG, MONEY, DATE (label set"),
        ([("a", [(0, 2, "X")])], ["a"], "a: X 0–2 '甲市': unknown label 'X', expected PLACE"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_refused(tmp_path: Path, gold: Any, predicted: Any, reason: str, jobs: int) -> None:
    sides = []
    for name, side in (("g", gold), ("p", predicted)):
        records = [
            {"id": one[0], **({"text": "甲市"} if name == "g" else {}), "entities": entities(one[1])}
            for one in ((o, [(0, 2, "PLACE")]) if isinstance(o, str) else o for o in side)
        ]
        sides.append(lines(tmp_path / f"{name}.jsonl", records))
    with pytest.raises(InputError) as refused:
        score_shards(*sides, label_set="tyez", jobs=jobs)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id":"c","entities":[],"id":"d"}', "the key 'id' occurs twice in an object"),
        (b'{"id" :"c","entities":[], "id":"d"}', "the key 'id' occurs twice in an object"),
        (b"", "empty line, expected a JSON object"),
        (b"{", "not valid JSON"),
        (b"[]", "expected a JSON object, got list"),
        (b'{"id":"\xff","entities":[]}', "is not valid UTF-8"),
        (b'{"entities":[]}', "has no id, which the join needs"),
        (b'{"id":"c","entities":[{"start":0,"end":2,"type":"PLACE","text":"b"}]}', "reads 'aa', but its text is 'b'"),
    ],
)
def test_a_line_that_is_wrong_in_a_large_file(
    tmp_path: Path, line: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE", 100)
    gold = lines(tmp_path / "g.jsonl", [{"id": c, "text": "aaa", "entities": []} for c in "abcdefghij"])
    path = lines(tmp_path / "p.jsonl", [{"id": c, "entities": []} for c in "abefghij"])
    every = path.read_bytes().splitlines()
    for at in (0, 4, 8):
        path.write_bytes(b"\n".join([*every[:at], line, *every[at:], b""]))
        with pytest.raises(InputError) as refused:
            score_shards(gold, path)
        found = str(refused.value)
        assert reason in found
        # What fits no text is found when the sides are joined, and the lines are gone then.
        assert f"p.jsonl:{at + 1}: " in found or "reads" in found


def test_an_empty_label_is_refused_where_any_label_may_occur(tmp_path: Path) -> None:
    """By the readers it is a label of its own; in a table of counts it would be the row of all labels."""
    record = {"id": "a", "text": "甲市", "entities": entities([(0, 2, "PLACE")])}
    gold = lines(tmp_path / "g.jsonl", [record])
    predicted = lines(tmp_path / "p.jsonl", [{"id": "a", "entities": entities([(0, 2, "")])}])
    with pytest.raises(InputError, match="a: a label is empty, expected a name"):
        score_shards(gold, predicted)


def test_pieces_and_packed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # With a piece for each byte: four records are cut in every place.
    gold, predicted = corpus(4)
    plain = lines(tmp_path / "g.jsonl", gold), lines(tmp_path / "p.jsonl", predicted)
    whole = score_shards(*plain)
    packed = tmp_path / "p.jsonl.gz"
    packed.write_bytes(gzip.compress(plain[1].read_bytes()))
    for size in (1, 97, 1000):
        monkeypatch.setattr(module, "PIECE", size)
        assert len(module.pieces([str(plain[0])])) > 1
        assert said(score_shards(plain[0], packed)) == said(whole)


def test_parquet_as_other_tools_write_it(tmp_path: Path) -> None:
    """Entities as structs with nulls, the gold of this package; and spans alone, without texts."""
    path = ROOT / "data" / "predictions" / "jieba.jsonl"
    records = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    for record in records:
        for entity in record["entities"]:
            # A column has one type.
            entity.pop("value", None)
    parquet.write_table(pa.Table.from_pylist(records), tmp_path / "gold.parquet")
    whole = score_shards(lines(tmp_path / "gold.jsonl", records), path, labels="pku")
    report = score_shards(tmp_path / "gold.parquet", path, labels="pku")
    assert said(report) == said(whole)
    assert report.gold.fingerprint == whole.gold.fingerprint
    gold, predicted = corpus(50)
    whole = score_shards(lines(tmp_path / "g.jsonl", gold), lines(tmp_path / "p.jsonl", predicted))
    for record in gold:
        del record["text"]
    sides = columns(tmp_path / "g.parquet", gold), columns(tmp_path / "p.parquet", predicted)
    assert said(score_shards(*sides)) == said(whole)
    with pytest.raises(InputError, match=r"s0: nested has|document 's0' has no text, which its predictions need"):
        score_shards(*sides, settings=Settings(layer="nested"))


def test_files_that_are_not_there_or_are_none(tmp_path: Path) -> None:
    gold = lines(tmp_path / "g.jsonl", [{"id": "a", "text": "aa", "entities": []}])
    broken, odd = tmp_path / "b.parquet", tmp_path / "o.parquet"
    broken.write_bytes(b"PAR1")
    parquet.write_table(pa.table({"id": ["a"], "spans": [1]}), odd)
    (tmp_path / "empty").mkdir()
    for path, reason in [
        (tmp_path / "none", "none: no such file"),
        (tmp_path / "none-*.jsonl", "none-*.jsonl: no such files"),
        (tmp_path / "empty", "empty: no such files"),
        (broken, "b.parquet: is not valid Parquet"),
        (odd, "o.parquet: has the columns id, spans, expected id, starts, ends, types"),
    ]:
        for jobs in (1, 2):
            with pytest.raises(InputError) as refused:
                score_shards(gold, path, jobs=jobs)
            assert reason in str(refused.value)


def test_what_an_engine_can_not_do(tmp_path: Path) -> None:
    gold, predicted = corpus(5)
    files = lines(tmp_path / "g.jsonl", gold), lines(tmp_path / "p.jsonl", predicted)
    for settings in (Settings(matching="set"), Settings(unit="name")):
        with pytest.raises(UsageError, match="an engine keeps no texts"):
            score_shards(*files, settings=settings)
    with pytest.raises(UsageError, match="'flink' is not one of processes, spark, ray"):
        score_shards(*files, engine="flink")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="processes run on this machine"):
        score_shards(*files, address="local")
    report = score_shards(*files)
    for work in (
        lambda: report.to_dict(counts=True),
        lambda: report + report,
        lambda: report.narrowed(["ORG"]).intervals(),
        lambda: tyez_bench.compare([report, report]),
    ):
        with pytest.raises(UsageError, match=r"the counts by (sentence|document) were not kept"):
            work()
