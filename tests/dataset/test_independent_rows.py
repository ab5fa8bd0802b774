"""The published tables made a second time, from gold.jsonl alone, and their types word for word."""

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import datasets
import pytest
from datasets import ClassLabel, Features, List, Value

import tyez_bench
from tyez_bench.dataset.load import load_tables
from tyez_bench.gold.gold import data_dir
from tyez_bench.model.errors import UsageError

DATA = data_dir()
Row = dict[str, Any]
VALUE = ("kind", "amount", "currency", "type", "value", "modifier", "lower", "upper")
TAGS = ["O", "B-PLACE", "I-PLACE", "B-ORG", "I-ORG", "B-MONEY", "I-MONEY", "B-DATE", "I-DATE"]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of the test's own, and no network."""

    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def lines(name: str) -> list[Row]:
    """The records of a file."""
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").split("\n") if line]


def entities(document: Row, start: int = 0, end: int | None = None) -> list[Row]:
    """The entities between two offsets as a table has them: the page by counting up, the depth by containment."""
    page = {at + k: on + k for at, on, length in document["provenance"] for k in range(length)}
    found = []
    for entity in document["entities"]:
        if not (start <= entity["start"] and entity["end"] <= (len(document["text"]) if end is None else end)):
            continue
        around = [
            o
            for o in document["entities"]
            if o["start"] <= entity["start"] and entity["end"] <= o["end"] and o["id"] != entity["id"]
        ]
        found.append(
            {
                **entity,
                "start": entity["start"] - start,
                "end": entity["end"] - start,
                "alternatives": [{"start": a - start, "end": b - start} for a, b in entity["alternatives"]],
                "value": entity["value"] and {name: entity["value"].get(name) for name in VALUE},
                "depth": len(around),
                "page_start": page[entity["start"]],
                "page_end": page[entity["end"] - 1] + 1,
            }
        )
    return found


def again(config: str) -> list[Row]:
    """The rows of a config, from gold.jsonl."""
    rows: list[Row] = []
    for document in lines("gold.jsonl"):
        text = document["text"]
        if config == "documents":
            runs = [dict(zip(("start", "page", "length"), run, strict=True)) for run in document["provenance"]]
            rows.append({**document, "provenance": runs, "entities": entities(document)})
            continue
        for sentence in document["sentences"]:
            start, end = sentence["start"], sentence["end"]
            head = {"id": sentence["id"], "document": document["id"], "start": start, "end": end}
            inner = entities(document, start, end)
            if config == "sentences":
                (section,) = (s["role"] for s in document["sections"] if s["start"] <= start and end <= s["end"])
                both = [{**e, "document_start": e["start"] + start, "document_end": e["end"] + start} for e in inner]
                rows.append({**head, "section": section, "text": text[start:end], "entities": both})
            elif config == "entities":
                names = {"document": document["id"], "sentence": sentence["id"]}
                rows += [{**names, **e} for e in entities(document) if e["id"] in {e["id"] for e in inner}]
            else:
                tags, optional = [0] * (end - start), [False] * (end - start)
                for e in inner:
                    for at in range(e["start"], e["end"]) if e["depth"] == 0 else ():
                        if e["status"] == "optional":
                            optional[at] = True
                        else:
                            tags[at] = TAGS.index(("B-" if at == e["start"] else "I-") + e["type"])
                rows.append({**head, "tokens": list(text[start:end]), "ner_tags": tags, "optional": optional})
    return rows


@pytest.mark.parametrize("config", ["documents", "sentences", "entities", "tokens"])
def test_rows_made_a_second_time(config: str) -> None:
    made = again(config)
    assert len(made) == {"documents": 8, "sentences": 91, "entities": 233, "tokens": 91}[config]
    assert list(tyez_bench.load_dataset(config, split="test")) == made
    assert list(tyez_bench.load_dataset(config, split="test", streaming=True)) == made


def test_passes_are_their_files() -> None:
    expected = [
        {"annotator": name, "document": d["id"], "text": d["text"], "entities": entities(d)}
        for name in ("A", "B")
        for d in lines(f"passes/{name}.jsonl")
    ]
    assert list(tyez_bench.load_dataset("passes", split="test")) == expected


def test_the_log_is_the_one_of_the_annotations() -> None:
    log = lines("../annotations/adjudication.jsonl")
    rows = list(tyez_bench.load_dataset("adjudication", split="test"))
    for row, entry in zip(rows, log, strict=True):
        for name in ("id", "document", "start", "end", "text", "origin", "rule", "reason"):
            assert row[name] == entry[name]
        for name in ("a", "b", "decision"):
            reading = entry.get(name)
            assert (row[name] or {}).get("type") == (reading or {}).get("type")
            assert (row[name] or {}).get("rule") == (reading or {}).get("rule")


S, I = Value("string"), Value("int32")  # noqa: E741
SPAN = {"start": I, "end": I}
JUDGED = {"status": S, "alternatives": List(SPAN), "role": S, "value": dict.fromkeys(VALUE, S), "code": S, "rule": S}
PLACE = {"id": S, "start": I, "end": I, "text": S, "type": S, "parent": S, "depth": I}
ENTITY = {**PLACE, **JUDGED, "page_start": I, "page_end": I}
HEAD = {"id": S, "document": S, "start": I, "end": I}
TAGGED = {"ner_tags": List(ClassLabel(names=TAGS)), "optional": List(Value("bool"))}
READING = {"type": S, **JUDGED}
TYPES: dict[str, dict[str, Any]] = {
    "documents": {
        "id": S,
        "title": S,
        "text": S,
        "district": {"name": S, "code": S},
        "byline": S,
        "date": {"value": S, "reference": S, "basis": S},
        "code_edition": S,
        "sections": List({"role": S, **SPAN}),
        "sentences": List({"id": S, **SPAN}),
        "provenance": List({"start": I, "page": I, "length": I}),
        "entities": List(ENTITY),
    },
    "sentences": {
        **HEAD,
        "section": S,
        "text": S,
        "entities": List({**ENTITY, "document_start": I, "document_end": I}),
    },
    "entities": {"document": S, "sentence": S, **ENTITY},
    "tokens": {**HEAD, "tokens": List(S), **TAGGED},
    "words": {
        "segmenter": S,
        **HEAD,
        "tokens": List(S),
        "offsets": List(SPAN),
        **TAGGED,
        "misaligned": List({"id": S, **SPAN, "text": S, "type": S}),
    },
    "passes": {"annotator": S, "document": S, "text": S, "entities": List(ENTITY)},
    "adjudication": {
        **HEAD,
        "text": S,
        "origin": S,
        "a": READING,
        "b": READING,
        "decision": READING,
        "rule": S,
        "reason": S,
    },
}


@pytest.mark.parametrize("config", TYPES)
def test_types_word_for_word(config: str) -> None:
    found = tyez_bench.load_dataset(config, split="test").features
    assert found == Features(TYPES[config])
    assert list(found) == list(TYPES[config])
    assert tyez_bench.load_dataset(config, split="test", streaming=True).features == found
    # The file says the same, without the card.
    builder = datasets.load_dataset_builder("parquet", data_files=str(DATA / config / "test.parquet"))
    builder.download_and_prepare()
    assert builder.info.features == found


@pytest.mark.parametrize("split", ["train", "", "test[:10]", "test+train", ["test"]])
def test_splits_that_there_are_not(split: Any) -> None:
    with pytest.raises(UsageError, match=r"unknown split .*, expected 'test'"):
        tyez_bench.load_dataset("tokens", split=split)
    assert tyez_bench.load_dataset("tokens", split=datasets.Split.TEST).num_rows == 91


@pytest.mark.parametrize(
    "name",
    [
        ".venv",
        "a b",
        "太原",
        "a%20b",
        "a#b",
        "a?b",
        "a*b",
        "__pycache__",
        "[a]",
        "a::b",
    ],
)
def test_wherever_the_package_is_installed(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name / "data"
    shutil.copytree(DATA, folder)
    assert list(load_tables(folder, "tokens", split="test")) == lines("tokens/test.jsonl")
    assert list(load_tables(folder, "tokens", split="test", streaming=True)) == lines("tokens/test.jsonl")


def test_a_file_that_is_not_on_record_does_not_change_what_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    configs = "configs:\n- config_name: words\n  data_files:\n  - split: test\n    path: other.parquet\n"
    rows = datasets.Dataset.from_parquet(str(DATA / "words" / "test.parquet")).select(range(2))
    rows.to_parquet(str(folder / "other.parquet"))
    (folder / ".huggingface.yaml").write_text(configs, "utf-8")
    assert list(load_tables(folder, "words", split="test", streaming=True)) == lines("words/test.jsonl")
