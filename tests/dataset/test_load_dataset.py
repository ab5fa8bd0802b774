"""The published directory through ``datasets``: offline, streamed, from this package, and tables of one's own gold."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import datasets
import pandas
import pyarrow.parquet
import pytest

import tyez_bench
from tyez_bench.dataset.load import load_tables
from tyez_bench.dataset.tables import CONFIGS
from tyez_bench.files.jsonl import encode_lines, sha256
from tyez_bench.gold.gold import data_dir, load_published
from tyez_bench.gold.manifest import read_manifest
from tyez_bench.io.export.columns import TAGS
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError
from tyez_bench.stress.suite import suite

DATA = data_dir()
ROWS = {"documents": 8, "sentences": 91, "entities": 233, "tokens": 91, "words": 182, "passes": 16, "adjudication": 7}
ROWS["stress"] = len(suite().gold)


def published(config: str) -> list[dict[str, Any]]:
    """The rows as JSON Lines have them."""
    return [json.loads(line) for line in (DATA / config / "test.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, and no network."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)


def test_offline_in_a_process_without_sockets(tmp_path: Path) -> None:
    """The directory as it stands, by datasets alone."""
    code = f"""
import socket
def refuse(*_): raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
import json, datasets
for config, rows in {ROWS!r}.items():
    table = datasets.load_dataset("data", config)
    assert list(table) == ["test"] and table["test"].num_rows == rows, config
    stream = datasets.load_dataset("data", config, split="test", streaming=True)
    assert list(stream) == list(table["test"]), config
    lines = open(f"data/{{config}}/test.jsonl", encoding="utf-8").read().splitlines()
    assert [json.loads(line) for line in lines] == list(table["test"]), config
    assert str(table["test"].info.version) == {tyez_bench.__version__!r}
print(datasets.load_dataset("data", split="test").num_rows)
"""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=DATA.parent, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    # Without a name: the documents.
    assert done.stdout.strip() == "8"


@pytest.mark.parametrize("config", CONFIGS)
def test_each_config_through_this_package(config: str) -> None:
    table = tyez_bench.load_dataset(config)
    assert isinstance(table, datasets.DatasetDict)
    assert list(table["test"]) == published(config)
    assert table["test"].num_rows == ROWS[config]
    stream = tyez_bench.load_dataset(config, split="test", streaming=True)
    assert isinstance(stream, datasets.IterableDataset)
    assert list(stream) == published(config)


@pytest.mark.parametrize("config", CONFIGS)
def test_the_parquet_without_datasets(config: str) -> None:
    path = DATA / config / "test.parquet"
    assert pyarrow.parquet.read_table(path).to_pylist() == published(config)
    frame = pandas.read_parquet(path)
    assert len(frame) == ROWS[config]
    assert list(frame.columns) == list(CONFIGS[config].columns)
    metadata = pyarrow.parquet.read_schema(path).metadata
    assert metadata[b"tyez_canary"].decode() == read_manifest(DATA).canary


def test_types_are_what_is_said() -> None:
    tokens = tyez_bench.load_dataset("tokens", split="test").features
    assert tokens["ner_tags"].feature.names == list(TAGS)
    assert (tokens["tokens"].feature.dtype, tokens["optional"].feature.dtype) == ("string", "bool")
    documents = tyez_bench.load_dataset("documents", split="test").features
    entity = documents["entities"].feature
    assert (entity["start"].dtype, entity["page_start"].dtype, entity["value"]["amount"].dtype) == (
        "int32",
        "int32",
        "string",
    )
    assert documents["date"]["value"].dtype == "string"


def test_documents_are_the_gold(gold: tyez_bench.Gold) -> None:
    for row, document in zip(tyez_bench.load_dataset("documents", split="test"), gold, strict=True):
        assert (row["id"], row["text"], row["title"]) == (document.id, document.text, document.title)
        assert [(s["role"], s["start"], s["end"]) for s in row["sections"]] == [
            (s.role, s.start, s.end) for s in document.sections
        ]
        assert [(r["start"], r["page"], r["length"]) for r in row["provenance"]] == [
            tuple(run) for run in document.provenance
        ]
        for found, entity in zip(row["entities"], document.entities, strict=True):
            assert (found["id"], found["start"], found["end"]) == (entity.id, entity.start, entity.end)
            assert row["text"][found["start"] : found["end"]] == found["text"] == entity.text
            assert (found["type"], found["status"], found["role"]) == (entity.type, entity.status, entity.role)
            assert (found["parent"], found["code"], found["rule"]) == (entity.parent, entity.code, entity.rule)
            assert found["page_start"] == document.page_offset(entity.start)
            if isinstance(entity.value, tyez_bench.Money):
                assert found["value"]["amount"] == entity.value.amount


def test_what_there_is_not() -> None:
    with pytest.raises(UsageError, match="unknown config 'lines', expected one of: documents, sentences"):
        tyez_bench.load_dataset("lines")
    with pytest.raises(UsageError, match="unknown split 'train', expected 'test'"):
        tyez_bench.load_dataset("tokens", split="train")
    with pytest.raises(UsageError, match=r"the gold has no version '9', expected one of: 1\.0\.0"):
        tyez_bench.load_dataset("tokens", version="9")


def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for package, load in (("datasets", tyez_bench.load_dataset), ("pandas", tyez_bench.to_pandas)):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, package, None)
            with pytest.raises(MissingExtraError, match=rf"{package} is not installed.*pip install .{package}>="):
                load()


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A published directory of a version 2.0.0, with the gold of 1.0.0 kept: it has one document."""
    folder = tmp_path / "published"
    gold = tyez_bench.load()
    old = encode_lines(gold.documents[:1])
    facts = json.loads((DATA / "manifest.json").read_text("utf-8"))
    for name in facts["files"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((DATA / name).read_bytes())
    (folder / "releases").mkdir()
    (folder / "releases" / "1.0.0.jsonl").write_bytes(old)
    facts["version"] = "2.0.0"
    facts["releases"] = [
        {"version": "1.0.0", "fingerprint": sha256(old), "file": "releases/1.0.0.jsonl"},
        {"version": "2.0.0", "fingerprint": gold.fingerprint, "file": "gold.jsonl"},
    ]
    facts["files"]["releases/1.0.0.jsonl"] = {"bytes": len(old), "sha256": sha256(old)}
    (folder / "manifest.json").write_text(json.dumps(facts), "utf-8")
    return folder


def test_an_old_version_by_its_number(second: Path) -> None:
    assert [len(load_published(second, version)) for version in ("1.0.0", "2.0.0", None)] == [1, 8, 8]
    assert (load_published(second, "1.0.0").version, load_published(second).version) == ("1.0.0", "2.0.0")
    for config in ("documents", "sentences", "entities", "tokens", "words"):
        table = load_tables(second, config, split="test", version="1.0.0")
        first = [row for row in published(config) if row.get("document", row["id"]) == "series"]
        assert list(table) == first
        assert list(load_tables(second, config, version="1.0.0", streaming=True)["test"]) == first
        assert load_tables(second, config, version="2.0.0")["test"].num_rows == ROWS[config]
    with pytest.raises(UsageError, match=r"the config 'passes' is only available in version 2\.0\.0"):
        load_tables(second, "passes", version="1.0.0")


def test_the_versions_so_far_load() -> None:
    manifest = read_manifest(DATA)
    assert [release.version for release in manifest.releases][:2] == ["1.0.0", "1.1.0"]
    for release in manifest.releases:
        gold = tyez_bench.load(version=release.version)
        assert (gold.version, gold.fingerprint) == (release.version, release.fingerprint)
    with pytest.raises(UsageError, match="only the built-in gold has versions"):
        tyez_bench.load("own.jsonl", version="1.0.0")


def test_what_is_loaded_is_verified(second: Path) -> None:
    path = second / "tokens" / "test.parquet"
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(InputError, match=rf"{path.name}: SHA-256 is .* the file was changed"):
        load_tables(second, "tokens")
    path.write_bytes(data[:-1])
    with pytest.raises(InputError, match=rf"{path.name}: has [0-9]+ bytes, .*: the file was truncated"):
        load_tables(second, "tokens")
    path.unlink()
    with pytest.raises(InputError, match=rf"{path.name}: is missing"):
        load_tables(second, "tokens")


def test_a_gold_set_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "a", "text": "太原市", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n', "utf-8")
    gold = tyez_bench.load(own)
    for config in ("documents", "sentences", "entities", "tokens"):
        table = tyez_bench.to_dataset(gold, config)
        # The same columns and types as the published ones, though most are null.
        assert table.features == tyez_bench.load_dataset(config, split="test").features
        assert table.num_rows == 1
    assert tyez_bench.to_dataset(gold, "tokens")[0]["ner_tags"] == [1, 2, 2]
    words = tyez_bench.to_dataset(gold, "words", segmenters=("char", "spacy:xx"))
    assert [row["tokens"] for row in words] == [["太", "原", "市"], ["太原市"]]
    with pytest.raises(UsageError, match="the config 'adjudication' can't be made from a gold set"):
        tyez_bench.to_dataset(gold, "adjudication")
    frame = tyez_bench.to_pandas(gold)
    columns = ["document", "text", "type", "start", "end"]
    assert frame[columns].to_dict("records") == [dict(zip(columns, ("a", "太原市", "PLACE", 0, 3), strict=True))]


def test_frames(gold: tyez_bench.Gold) -> None:
    frame = tyez_bench.to_pandas()
    assert len(frame) == sum(1 for _ in gold.entities())
    money = frame[frame.type == "MONEY"]
    assert set(money.value_currency) == {"CNY"}
    assert money.value_amount.notna().sum() + money.value_lower.notna().sum() == len(money)
    assert frame[frame.type == "PLACE"].value_kind.isna().all()
    assert [str(frame.dtypes[name]) for name in ("start", "page_end", "text")] == ["Int64", "Int64", "string"]
    for row, (document, entity) in zip(frame.itertuples(), gold.entities(), strict=True):
        assert (row.document, row.start, row.end, row.text) == (document.id, entity.start, entity.end, entity.text)
    assert tyez_bench.to_pandas(config="documents").district_name.dropna().iloc[0] == "万柏林区"
    with pytest.raises(UsageError, match="unknown config"):
        tyez_bench.to_pandas(gold, "lines")
