"""Exports, read back by the libraries that they are for, or by the few lines that a reader of theirs takes."""

import io
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import bioc.brat  # type: ignore[import-untyped]
import datasets
import pytest
import spacy
from hypothesis import assume, given
from hypothesis import strategies as st
from seqeval.scheme import BILOU, IOB2, IOBES, Entities
from spacy.tokens import DocBin

import tyez_bench
from tyez_bench.io.export.files import ENCODINGS, FORMATS
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document, Entity, Sentence
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import parents

Key = tuple[str, int, int, str]
SCHEMES = {"bio": IOB2, "bioes": IOBES, "bilou": BILOU}


def keys(gold: tyez_bench.Gold, layer: str = "outermost", optional: str = "drop") -> set[Key]:
    """The entities of a layer."""
    wanted = {"outermost": (True,), "nested": (False,), "all": (True, False)}[layer]
    return {
        (d.id, e.start, e.end, str(e.type))
        for d, e in gold.entities()
        if e.outermost in wanted and (e.required or optional == "keep")
    }


def sentences(gold: tyez_bench.Gold) -> dict[str, tuple[str, int, str]]:
    """By sentence id: document, start, text."""
    return {s.id: (d.id, s.start, d.text[s.start : s.end]) for d in gold for s in d.sentences}


def columns(data: bytes) -> list[tuple[list[str], list[str]]]:
    """Tokens and tags of each sentence."""
    found = []
    for block in data.decode().strip("\n").split("\n\n"):
        rows = [line.split("\t") for line in block.split("\n")]
        found.append(([row[0] for row in rows], [row[1] for row in rows]))
    return found


def from_columns(gold: tyez_bench.Gold, data: bytes, encoding: str) -> set[Key]:
    """The entities of a file of columns, by seqeval (which calls M and E of BMES I and E)."""
    found = set()
    for (document, base, text), (tokens, tags) in zip(sentences(gold).values(), columns(data), strict=True):
        assert "".join(tokens) == "".join(text.split())
        offsets, at = [], 0
        for token in tokens:
            at = text.index(token, at)
            offsets.append((base + at, base + at + len(token)))
            at += len(token)
        plain = [re.sub("^M-", "I-", tag) for tag in tags] if encoding == "bmes" else tags
        scheme = SCHEMES["bioes" if encoding == "bmes" else encoding]
        for entity in Entities([plain], scheme=scheme).entities[0]:
            found.add((document, offsets[entity.start][0], offsets[entity.end - 1][1], entity.tag))
    return found


@pytest.mark.parametrize("encoding", [name for name in ENCODINGS if name != "iob1"])
def test_columns_of_characters(encoding: str, gold: tyez_bench.Gold) -> None:
    data = tyez_bench.export(gold, "conll", encoding=encoding).data
    assert isinstance(data, bytes)
    assert from_columns(gold, data, encoding) == keys(gold)
    kept = tyez_bench.export(gold, "conll", encoding=encoding, optional="keep").data
    assert isinstance(kept, bytes)
    assert from_columns(gold, kept, encoding) == keys(gold, optional="keep")


def test_columns_by_the_reader_of_datasets(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    path = tmp_path / "gold.conll"
    data = tyez_bench.export(gold, "conll").data
    assert isinstance(data, bytes)
    path.write_bytes(data)
    table = datasets.load_dataset(
        "conll", data_files=str(path), column_names=["tokens", "tags"], delimiter="\t", cache_dir=str(tmp_path)
    )["train"]
    assert [(row["tokens"], row["tags"]) for row in table] == columns(data)


@pytest.mark.parametrize("how", ["expand", "contract", "drop"])
def test_columns_of_words(how: str, gold: tyez_bench.Gold) -> None:
    with pytest.raises(
        UsageError, match=r"2 entities have an edge inside a word, first wanbolin\.s04: ORG '万柏林区发改局'"
    ):
        tyez_bench.export(gold, "conll", words="jieba")
    exported = tyez_bench.export(gold, "conll", words="jieba", on_misaligned=how)
    assert isinstance(exported.data, bytes)
    where = sentences(gold)
    expected = keys(gold)
    for one in exported.misaligned:
        document, base, text = where[one.unit]
        start, end = one.bounds
        assert text[start:end] == one.entity.text
        expected.remove((document, base + start, base + end, str(one.entity.type)))
        if one.to is not None:
            expected.add((document, base + one.to[0], base + one.to[1], str(one.entity.type)))
    assert from_columns(gold, exported.data, "bio") == expected
    assert exported.spans == len(expected)
    assert len(exported.misaligned) == 2


@pytest.mark.parametrize("by", ["document", "sentence"])
def test_a_docbin_by_spacy(by: str, gold: tyez_bench.Gold, tmp_path: Path) -> None:
    path = tmp_path / "gold.spacy"
    data = tyez_bench.export(gold, "docbin", by=by).data
    assert isinstance(data, bytes)
    path.write_bytes(data)
    units = {d.id: (d, 0, d.text) for d in gold}
    if by == "sentence":
        units = {name: (gold[d], start, text) for name, (d, start, text) in sentences(gold).items()}
    flat: set[Key] = set()
    optional: set[Key] = set()
    nested: set[Key] = set()
    docs = list(DocBin().from_disk(path).get_docs(spacy.blank("zh").vocab))
    assert [doc.user_data["id"] for doc in docs] == list(units)
    for doc in docs:
        document, base, text = units[doc.user_data["id"]]
        assert doc.text == text
        for spans, found in ((doc.ents, flat), (doc.spans["optional"], optional), (doc.spans["nested"], nested)):
            for span in spans:
                found.add((document.id, span.start_char + base, span.end_char + base, span.label_))
                entity = next(e for e in document.entities if e.id == span._.entity_id)
                assert span._.status == entity.status
                assert (span._.rule, span._.code, span._.role) == (entity.rule, entity.code, entity.role)
                shifted = tuple((start - base, end - base) for start, end in entity.alternatives)
                assert span._.alternatives == shifted
                if isinstance(entity.value, tyez_bench.Money):
                    assert span._.value["amount"] == entity.value.amount
                elif entity.value is not None:
                    assert (span._.value["type"], span._.value["value"]) == (entity.value.type, entity.value.value)
                else:
                    assert span._.value is None
        if by == "document":
            starts = {token.idx for token in doc if token.is_sent_start}
            assert starts == {0, *(sentence.start for sentence in document.sentences)}
    assert flat == keys(gold)
    assert flat | optional == keys(gold, optional="keep")
    assert nested == keys(gold, "nested", "keep")


@pytest.mark.parametrize("optional", ["drop", "keep"])
@pytest.mark.parametrize("layer", ["outermost", "nested", "all"])
def test_files_of_other_tools(layer: str, optional: str, gold: tyez_bench.Gold) -> None:
    expected = keys(gold, layer, optional)

    def lines(format: str) -> list[dict[str, Any]]:
        exported = tyez_bench.export(gold, format, layer=layer, optional=optional)
        assert exported.spans == len(expected)
        assert exported.spans + sum(exported.left_out.values()) == sum(1 for _ in gold.entities())
        assert isinstance(exported.data, bytes)
        if format == "label-studio":
            found: list[dict[str, Any]] = json.loads(exported.data)
            return found
        return [json.loads(line) for line in exported.data.decode().splitlines()]

    found = {
        (row["id"], start, last + 1, label)
        for row in lines("cluener")
        for label, names in row["label"].items()
        for name, places in names.items()
        for start, last in places
        if row["text"][start : last + 1] == name
    }
    assert found == expected
    assert {(r["id"], *span) for r in lines("doccano") for span in r["label"]} == expected
    tasks = set()
    for task in lines("label-studio"):
        for region in task["annotations"][0]["result"]:
            value = region["value"]
            assert region["type"] == "labels"
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
            tasks.add((str(task["data"].get("id", task.get("id"))), value["start"], value["end"], value["labels"][0]))
    assert tasks == expected
    marked = set()
    for row in lines("inline"):
        opened: list[tuple[str, int]] = []
        at = 0
        for part in re.split("(</?[A-Z]+>)", row["text"]):
            if part.startswith("</"):
                label, start = opened.pop()
                marked.add((row["id"], start, at, label))
            elif re.fullmatch("<[A-Z]+>", part):
                opened.append((part[1:-1], at))
            else:
                at += len(part.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert marked == expected


def test_a_brat_directory_by_bioc(gold: tyez_bench.Gold) -> None:
    files = tyez_bench.export(gold, "brat", layer="all", optional="keep").data
    assert not isinstance(files, bytes)
    found = set()
    for document in gold:
        read = bioc.brat.load(
            io.StringIO(files[f"{document.id}.txt"].decode()), io.StringIO(files[f"{document.id}.ann"].decode())
        )
        assert read.text == document.text
        for entity in read.entities:
            (place,) = entity.locations
            assert document.text[place.begin : place.end] == entity.text
            found.add((document.id, place.begin, place.end, entity.type))
    assert found == keys(gold, "all", "keep")


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text with nested and optional entities; no sentences, any white space inside."""
    text = draw(st.text("太原市 \u3000\n<&𠮷a,。", min_size=1, max_size=12)) + "终"
    bounds: set[tuple[int, int]] = set()
    for start in draw(st.lists(st.integers(0, len(text) - 1), max_size=5)):
        end = draw(st.integers(start + 1, len(text)))
        crossing = any(a < start < b < end or start < a < end < b for a, b in bounds)
        if not crossing and text[start:end].strip() == text[start:end]:
            bounds.add((start, end))
    ordered = sorted(bounds, key=lambda b: (b[0], -b[1]))
    ids = [f"d:{start}-{end}" for start, end in ordered]
    entities = [
        Entity(
            id=ids[number],
            start=start,
            end=end,
            text=text[start:end],
            type=draw(st.sampled_from(("PLACE", "ORG", "MONEY", "DATE"))),
            parent=None if parent is None else ids[parent],
            status=draw(st.sampled_from(tyez_bench.Status)),
        )
        for number, ((start, end), parent) in enumerate(zip(ordered, parents(ordered), strict=True))
    ]
    return Document(id="d", text=text, entities=tuple(entities))


@pytest.mark.parametrize("format", FORMATS)
@given(document=documents())
def test_any_gold_set(format: str, document: Document) -> None:
    gold = tyez_bench.Gold("own", None, "0" * 64, (document,))
    options: dict[str, Any] = {} if format in ("conll", "docbin", "gold") else {"layer": "all", "optional": "keep"}
    exported = tyez_bench.export(gold, format, **options)
    found = keys(gold, "all", "keep") if options or format == "gold" else keys(gold)
    # spaCy takes a document without a token outside of optional entities for one without annotation.
    outer = [e for e in document.entities if e.outermost]
    assume(format != "docbin" or sum(e.end - e.start for e in outer if not e.required) < len(document.text))
    files = exported.data if not isinstance(exported.data, bytes) else {"file": exported.data}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        path = folder if format == "brat" else str(Path(folder) / "file")
        if format == "gold":
            assert tyez_bench.load(path, label_set="tyez").documents == gold.documents
            return
        read = tyez_bench.read_predictions(path, gold, format=format, labels="tyez", flat=False)
    assert {("d", e.start, e.end, str(e.type)) for e in read["d"].entities} == found


@st.composite
def alike(draw: st.DrawFn) -> tyez_bench.Gold:
    """A few documents of one or two letters, with and without sentences: every text occurs more than once."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        parts = draw(st.lists(st.text("ab ", min_size=1, max_size=3), min_size=1, max_size=3))
        text, bounds = "", []
        for part in parts:
            bounds.append((len(text), len(text) + len(part)))
            text += part + draw(st.sampled_from(["", "\n"]))
        marks = [i for a, b in bounds for i in range(a, b) if not text[i].isspace() and draw(st.booleans())]
        name = f"d{number}"
        entities = [Entity(id=f"{name}:{i}-{i + 1}", start=i, end=i + 1, text=text[i], type="ORG") for i in marks]
        sentences = [Sentence(id=f"{name}.s{n:02d}", start=a, end=b) for n, (a, b) in enumerate(bounds, 1)]
        kept = tuple(sentences) if draw(st.booleans()) else ()
        found.append(Document(id=name, text=text, entities=tuple(entities), sentences=kept))
    return tyez_bench.Gold("own", None, "0" * 64, tuple(found))


@given(gold=alike(), by=st.sampled_from(["sentence", "document"]))
def test_columns_of_texts_that_are_alike_are_read_in_their_order(gold: tyez_bench.Gold, by: str) -> None:
    data = tyez_bench.export(gold, "conll", by=by).data
    assert isinstance(data, bytes)
    assume(data)
    predictions = read_source(Source("p", data), gold, ReadOptions(labels="tyez"), format="conll")
    assert {(d, e.start, e.end, str(e.type)) for d, p in predictions.items() for e in p.entities} == keys(gold)
    assert predictions.reading.missing_sentences == 0
