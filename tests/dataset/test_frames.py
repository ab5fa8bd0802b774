"""Frames and tables of any gold set: types that don't depend on the values, and sets with little in them."""

import json
import sys
from pathlib import Path
from typing import Any

import datasets
import pandas
import pytest

import tyez_bench
from tyez_bench.gold.gold import Gold, data_dir
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError

DATA = data_dir()
RECORDS = ("district", "date", "value")
INTEGERS = {"start", "end", "depth", "page_start", "page_end"}
LISTS = {"alternatives", "sections", "sentences", "provenance", "entities", "tokens", "ner_tags", "optional", "offsets"}
CONFIGS = ("documents", "sentences", "entities", "tokens", "words")
# One segmenter that needs no package: what is tested is the table.
CHAR: dict[str, Any] = {"segmenters": ("char",)}


def write(tmp_path: Path, *records: object) -> Gold:
    """A gold set of somebody's own."""
    path = tmp_path / "own.jsonl"
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), "utf-8")
    return tyez_bench.load(path)


@pytest.fixture
def bare(tmp_path: Path) -> Gold:
    """A gold set with nothing but what is needed: no value, no parent, no page, no section."""
    return write(tmp_path, {"id": "x", "text": "𠮷林市", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]})


@pytest.fixture
def rich(tmp_path: Path) -> Gold:
    """A gold set with characters beyond the BMP, sentences, nesting, values and an alternative."""
    return write(
        tmp_path,
        {
            "id": "x",
            "text": "𠮷林市投资3元。明年完",
            "sentences": [{"id": "x.s1", "start": 0, "end": 8}, {"id": "x.s2", "start": 8, "end": 11}],
            "entities": [
                {
                    "start": 8,
                    "end": 10,
                    "type": "DATE",
                    "status": "optional",
                    "value": {"type": "DATE", "value": "2023"},
                },
                {"start": 5, "end": 7, "type": "MONEY", "value": {"amount": "3", "currency": "CNY"}},
                {"start": 0, "end": 2, "type": "PLACE", "alternatives": [[0, 3]], "code": "220200"},
                {"start": 0, "end": 5, "type": "ORG", "rule": "O1"},
            ],
        },
    )


def types(frame: Any) -> dict[str, str]:
    """The type of each column."""
    return {name: str(type_) for name, type_ in frame.dtypes.items()}


@pytest.mark.parametrize("config", CONFIGS)
def test_the_types_of_the_built_in_gold(config: str) -> None:
    for name, found in types(tyez_bench.to_pandas(config=config, **CHAR)).items():
        listed = name in LISTS or name == "misaligned"
        assert found == ("object" if listed else "Int64" if name in INTEGERS else "string"), name


@pytest.mark.parametrize("config", CONFIGS)
def test_types_do_not_depend_on_the_values(bare: Gold, config: str) -> None:
    assert types(tyez_bench.to_pandas(bare, config, **CHAR)) == types(tyez_bench.to_pandas(config=config, **CHAR))


@pytest.mark.parametrize("config", CONFIGS)
def test_types_of_a_frame_without_rows(tmp_path: Path, config: str) -> None:
    # A document without a character has no sentence, and without entities there is no row of theirs.
    record = {"id": "x", "text": "" if config != "entities" else "无"}
    frame = tyez_bench.to_pandas(write(tmp_path, record), config, **CHAR)
    assert types(frame) == types(tyez_bench.to_pandas(config=config, **CHAR))


def test_a_frame_without_rows_has_its_columns(tmp_path: Path) -> None:
    frame = tyez_bench.to_pandas(write(tmp_path, {"id": "x", "text": "无"}))
    assert len(frame) == 0
    assert list(frame.columns) == list(tyez_bench.to_pandas().columns)


@pytest.mark.parametrize(("config", "rows"), [("documents", 1), *((config, 0) for config in CONFIGS[1:])])
def test_a_table_without_rows(tmp_path: Path, config: str, rows: int) -> None:
    table = tyez_bench.to_dataset(write(tmp_path, {"id": "x", "text": ""}), config, **CHAR)
    assert table.num_rows == rows
    assert table.features == tyez_bench.to_dataset(tyez_bench.load(), config, **CHAR).features


def test_an_empty_gold_is_not_the_built_in_one() -> None:
    assert len(tyez_bench.to_pandas(Gold("none", None, "0" * 64, ()))) == 0


def flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the fields of their records in columns of their own."""
    fields = {name: next((list(row[name]) for row in rows if row.get(name)), []) for name in RECORDS}
    return [
        {
            key: value
            for name, whole in row.items()
            for key, value in (
                {f"{name}_{field}": (whole or {}).get(field) for field in fields[name]}
                if name in RECORDS
                else {name: whole}
            ).items()
        }
        for row in rows
    ]


def plain(value: Any) -> Any:
    """A value of a frame as JSON has it: lists for arrays, None for what is missing."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return None if value is pandas.NA or value is None or value != value else value


@pytest.mark.parametrize("config", CONFIGS)
def test_frames_are_the_published_tables(config: str) -> None:
    frame = tyez_bench.to_pandas(config=config)
    made = [plain(row) for row in frame.to_dict("records")]
    parquet = pandas.read_parquet(DATA / config / "test.parquet")
    read = [plain(row) for row in parquet.to_dict("records")]
    lines = [json.loads(line) for line in (DATA / config / "test.jsonl").read_text("utf-8").splitlines()]
    assert read == lines
    assert made == flat(lines)
    assert list(frame.columns) == list(flat(lines)[0])


def test_what_is_missing_is_missing(gold: Gold) -> None:
    frame = tyez_bench.to_pandas()
    by_id = {entity.id: entity for _, entity in gold.entities()}
    for name, of in (("parent", "parent"), ("code", "code"), ("role", "role"), ("value_kind", "value")):
        missing = {id_ for id_, entity in by_id.items() if getattr(entity, of) is None}
        assert set(frame[frame[name].isna()].id) == missing, name
        assert 0 < len(missing) < len(by_id), name
    assert {type(amount) for amount in frame.value_amount.dropna()} == {str}


def test_a_set_of_ones_own(rich: Gold) -> None:
    frame = tyez_bench.to_pandas(rich)
    chosen = ["sentence", "id", "text", "type", "parent", "depth", "status", "code", "rule", "value_kind"]
    assert [[plain(value) for value in row] for row in frame[chosen].itertuples(index=False)] == [
        ["x.s1", "x:0-5", "𠮷林市投资", "ORG", None, 0, "required", None, "O1", None],
        ["x.s1", "x:0-2", "𠮷林", "PLACE", "x:0-5", 1, "required", "220200", None, None],
        ["x.s1", "x:5-7", "3元", "MONEY", None, 0, "required", None, None, "money"],
        ["x.s2", "x:8-10", "明年", "DATE", None, 0, "optional", None, None, "timex3"],
    ]
    values = ["value_amount", "value_currency", "value_type", "value_value"]
    assert [[plain(value) for value in row] for row in frame[values].itertuples(index=False)] == [
        [None] * 4,
        [None] * 4,
        ["3", "CNY", None, None],
        [None, None, "DATE", "2023"],
    ]
    assert [plain(value) for value in frame.alternatives] == [[], [{"start": 0, "end": 3}], [], []]
    # There is no page to lead back to.
    assert frame.page_start.isna().all()
    assert frame.page_end.isna().all()


def test_a_table_of_ones_own(rich: Gold) -> None:
    sentences = list(tyez_bench.to_dataset(rich, "sentences"))
    assert [(s["id"], s["start"], s["end"], s["text"], s["section"]) for s in sentences] == [
        ("x.s1", 0, 8, "𠮷林市投资3元。", None),
        ("x.s2", 8, 11, "明年完", None),
    ]
    (date,) = sentences[1]["entities"]
    assert (date["start"], date["end"], date["document_start"], date["document_end"]) == (0, 2, 8, 10)
    assert (date["page_start"], date["page_end"]) == (None, None)
    tokens = tyez_bench.to_dataset(rich, "tokens")
    names = tokens.features["ner_tags"].feature.names
    assert [[names[tag] for tag in row["ner_tags"]] for row in tokens] == [
        ["B-ORG", *["I-ORG"] * 4, "B-MONEY", "I-MONEY", "O"],
        ["O", "O", "O"],
    ]
    assert [row["optional"] for row in tokens] == [[False] * 8, [True, True, False]]
    assert tokens.split == "test"
    whole = tyez_bench.to_dataset(rich, "documents")[0]
    assert (whole["provenance"], whole["district"], whole["date"]) == ([], None, None)


def test_without_sentences_a_document_is_one(tmp_path: Path) -> None:
    gold = write(tmp_path, {"id": "x", "text": "甲。乙", "entities": [{"start": 2, "end": 3, "type": "PLACE"}]})
    (row,) = tyez_bench.to_dataset(gold, "sentences")
    assert (row["id"], row["document"], row["start"], row["end"], row["text"]) == ("x", "x", 0, 3, "甲。乙")
    assert list(tyez_bench.to_pandas(gold).sentence) == ["x"]


@pytest.mark.parametrize("config", ["sentences", "entities", "tokens", "words"])
def test_an_entity_in_no_sentence_is_refused(tmp_path: Path, config: str) -> None:
    sentences = [{"id": "x.s1", "start": 0, "end": 2}]
    outside = {"start": 2, "end": 4, "type": "PLACE"}
    gold = write(tmp_path, {"id": "x", "text": "太原市区", "sentences": sentences, "entities": [outside]})
    for make in (tyez_bench.to_pandas, tyez_bench.to_dataset):
        with pytest.raises(InputError, match=r"document 'x': .* in no sentence"):
            make(gold, config, **CHAR)
    assert tyez_bench.to_dataset(gold, "documents").num_rows == 1


def test_what_a_gold_alone_does_not_give(bare: Gold) -> None:
    for make in (tyez_bench.to_pandas, tyez_bench.to_dataset):
        for config in ("passes", "adjudication"):
            with pytest.raises(UsageError, match=f"the config '{config}' can't be made from a gold set"):
                make(bare, config)
        with pytest.raises(UsageError, match="unknown config 'test', expected one of: documents, "):
            make(bare, "test")
        with pytest.raises(UsageError, match="unknown segmenter 'hanlp'"):
            make(bare, "words", segmenters=("hanlp",))


def test_missing_datasets_is_named(bare: Gold, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(MissingExtraError, match=r"datasets is not installed.*pip install .datasets>=4"):
        tyez_bench.to_dataset(bare)
    # Frames need no datasets.
    assert len(tyez_bench.to_pandas(bare)) == 1


def test_a_table_can_be_written_and_read(rich: Gold, tmp_path: Path) -> None:
    """Nulls in every row of a column keep their type on the way through a file."""
    table = tyez_bench.to_dataset(rich, "documents")
    table.to_parquet(str(tmp_path / "own.parquet"))
    again = datasets.Dataset.from_parquet(str(tmp_path / "own.parquet"), cache_dir=str(tmp_path / "cache"))
    assert again.features == table.features
    assert list(again) == list(table)
