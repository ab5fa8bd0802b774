"""Every export, read by the tools that it is for: what they count is what was written."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import datasets
import label_studio_converter
import pybrat.parser
import pytest
import spacy
from nervaluate import Evaluator
from nervaluate.loaders import ConllLoader
from seqeval.metrics.sequence_labeling import get_entities
from seqscore.conll import LineSpec, ingest_conll_file, validate_conll_file
from spacy.cli.convert import convert
from spacy.tokens import DocBin

import tyez_bench
from tyez_bench.cli import main

Key = tuple[str, int, int, str]
# What seqscore calls the encodings.
SEQSCORE = {"bio": "BIO", "iob1": "IOB", "bioes": "BIOES", "bmes": "BMES", "bilou": "BILOU"}
PLAIN = {"ignore_document_boundaries": False, "allow_comment_lines": False}
CONFIG = """<View><Labels name="label" toName="text"><Label value="PLACE"/><Label value="ORG"/><Label value="MONEY"/>
<Label value="DATE"/></Labels><Text name="text" value="$text"/></View>"""


def data_of(gold: tyez_bench.Gold, format: str, **options: Any) -> bytes:
    """An export that is one file."""
    data = tyez_bench.export(gold, format, **options).data
    assert isinstance(data, bytes)
    return data


def keys(gold: tyez_bench.Gold, *, everything: bool = False) -> set[Key]:
    """The required entities of the outermost layer, or all."""
    chosen = ((d, e) for d, e in gold.entities() if everything or (e.outermost and e.required))
    return {(d.id, e.start, e.end, str(e.type)) for d, e in chosen}


def surfaces(gold: tyez_bench.Gold) -> Counter[tuple[str, str]]:
    """Names without white space and types, as columns hold them."""
    return Counter((re.sub(r"\s", "", gold[d].text[a:b]), label) for d, a, b, label in keys(gold))


@pytest.fixture(scope="module")
def files(gold: tyez_bench.Gold, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The gold in columns, by encoding."""
    folder = tmp_path_factory.mktemp("columns")
    found = {name: folder / f"{name}.conll" for name in SEQSCORE}
    for name, path in found.items():
        path.write_bytes(data_of(gold, "conll", encoding=name))
    return found


@pytest.mark.parametrize("encoding", SEQSCORE)
def test_columns_by_seqscore(encoding: str, files: dict[str, Path], gold: tyez_bench.Gold) -> None:
    path, labels = files[encoding], SEQSCORE[encoding]
    result = validate_conll_file(str(path), labels, "utf-8", LineSpec(0, -1), **PLAIN)
    assert not result.errors
    (document,) = ingest_conll_file(str(path), labels, "utf-8", LineSpec(0, -1), **PLAIN)
    found = Counter(
        ("".join(sentence.tokens[mention.span.start : mention.span.end]), mention.type)
        for sentence in document
        for mention in sentence.mentions
    )
    assert found == surfaces(gold)


def last_column(path: Path) -> tuple[list[list[str]], list[list[str]]]:
    """Tokens and tags by the reader that everybody has written once."""
    tokens: list[list[str]] = [[]]
    tags: list[list[str]] = [[]]
    for line in path.read_text("utf-8").splitlines():
        if not line.strip():
            tokens.append([])
            tags.append([])
            continue
        tokens[-1].append(line.split()[0])
        tags[-1].append(line.split()[-1])
    return tokens, tags


@pytest.mark.parametrize("encoding", ["bio", "iob1", "bioes"])
def test_columns_by_the_usual_reader_and_seqeval(encoding: str, files: dict[str, Path], gold: tyez_bench.Gold) -> None:
    tokens, tags = last_column(files[encoding])
    found = Counter(
        ("".join(words[first : last + 1]), label)
        for words, names in zip(tokens, tags, strict=True)
        for label, first, last in get_entities(names)
    )
    assert found == surfaces(gold)


@pytest.mark.parametrize("encoding", ["bio", "iob1"])
def test_columns_by_nervaluate(encoding: str, files: dict[str, Path], gold: tyez_bench.Gold) -> None:
    text = files[encoding].read_text("utf-8")
    entities = [entity for sentence in ConllLoader().load(text) for entity in sentence]
    assert Counter(entity.label for entity in entities) == Counter(label for _, _, _, label in keys(gold))
    results = Evaluator(text, text, tags=["PLACE", "ORG", "MONEY", "DATE"], loader="conll").evaluate()
    assert results["overall"]["strict"].correct == len(keys(gold))
    assert results["overall"]["strict"].f1 == 1


@pytest.mark.parametrize("encoding", ["bio", "iob1", "bilou"])
def test_columns_by_spacy_convert(encoding: str, files: dict[str, Path], gold: tyez_bench.Gold, tmp_path: Path) -> None:
    convert(files[encoding], tmp_path, file_type="spacy", converter="conll", lang="zh", silent=True)
    docs = list(DocBin().from_disk(tmp_path / f"{encoding}.spacy").get_docs(spacy.blank("zh").vocab))
    found = Counter(("".join(token.text for token in span), span.label_) for doc in docs for span in doc.ents)
    assert found == surfaces(gold)


@pytest.mark.parametrize("encoding", SEQSCORE)
@pytest.mark.parametrize("comments", [False, True])
def test_columns_by_score(
    encoding: str, comments: bool, gold: tyez_bench.Gold, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gold.conll"
    asked = ["--comments"] if comments else []
    assert main(["export", "--output-format", "conll", "--encoding", encoding, "--output", str(path), *asked]) == 0
    assert path.read_text("utf-8").startswith("# id = series.s01\n" if comments else "·\tO\n")
    named = ["--encoding", "iob1"] if encoding == "iob1" else []
    assert main(["score", str(path), "--min-f1", "1", *named]) == 0
    capsys.readouterr()
    read = tyez_bench.read_predictions(path, gold, options=tyez_bench.io.record.Options(encoding=encoding))
    assert {(d, e.start, e.end, str(e.type)) for d, p in read.items() for e in p.entities} == keys(gold)


def test_json_lines_by_datasets(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    def rows(format: str, **options: Any) -> Iterable[dict[str, Any]]:
        path = tmp_path / f"{format}.json"
        path.write_bytes(data_of(gold, format, **options))
        loaded = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=str(tmp_path / format))
        loaded.to_parquet(str(tmp_path / f"{format}.parquet"))
        again = datasets.Dataset.from_parquet(
            str(tmp_path / f"{format}.parquet"), cache_dir=str(tmp_path / f"{format}.again")
        )
        assert list(loaded) == list(again)
        return list(loaded)

    native = {(r["id"], e["start"], e["end"], e["type"]) for r in rows("native") for e in r["entities"]}
    assert native == keys(gold)
    tasks = {
        (r["data"]["id"], one["value"]["start"], one["value"]["end"], one["value"]["labels"][0])
        for r in rows("label-studio")
        for one in r["annotations"][0]["result"]
    }
    assert tasks == keys(gold)
    assert {row["id"] for row in rows("inline")} == {document.id for document in gold}


def test_a_directory_by_pybrat(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    assert (
        main(["export", "--output-format", "brat", "--layer", "all", "--optional", "keep", "--output", str(folder)])
        == 0
    )
    found: set[Key] = set()
    for example in pybrat.parser.BratParser().parse(folder):
        assert isinstance(example.text, str)
        assert example.id is not None
        assert example.text == gold[example.id].text
        for entity in example.entities:
            assert example.text[entity.start : entity.end] == entity.mention
            found.add((example.id, entity.start, entity.end, entity.type))
    assert found == keys(gold, everything=True)


def test_tasks_by_label_studios_converter(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_bytes(data_of(gold, "label-studio", layer="all", optional="keep"))
    converter = label_studio_converter.Converter(CONFIG, project_dir=None, download_resources=False)
    # In the order of the documents; the ids in the data give way to those of the tasks.
    names = [document.id for document in gold]
    for form in ("JSON", "JSON_MIN", "CSV"):
        converter.convert(str(path), str(tmp_path / form), form, is_dir=False)
    minimal = json.loads((tmp_path / "JSON_MIN" / "result.json").read_text("utf-8"))
    assert [row["text"] for row in minimal] == [document.text for document in gold]
    found = {
        (names[row["id"] - 1], one["start"], one["end"], label)
        for row in minimal
        for one in row.get("label", [])
        for label in one["labels"]
    }
    assert found == keys(gold, everything=True)
    for form in ("JSON", "JSON_MIN"):
        read = tyez_bench.read_predictions(tmp_path / form / "result.json", gold, flat=False)
        assert {(d, e.start, e.end, str(e.type)) for d, p in read.items() for e in p.entities} == found
    assert (tmp_path / "CSV" / "result.csv").read_text("utf-8").count('""start""') == len(found)


def doccano_spans(data: bytes) -> set[Key]:
    """What doccano 1.8.4 imports into a project for sequence labeling that does not allow overlapping spans.

    As tests/with_tools shows. It takes the columns text and label, checks each span (a name, offsets from 0, the start
    before the end), and of the spans in the order of their starts keeps those that begin behind the last one kept.
    """
    found: set[Key] = set()
    for row in map(json.loads, data.decode().splitlines()):
        assert isinstance(row["text"], str)
        last = -1
        for start, end, label in sorted(row["label"], key=lambda span: span[0]):
            assert label
            assert 0 <= start < end <= len(row["text"])
            if start >= last:
                last = end
                found.add((row["id"], start, end, label))
    return found


def cluener_spans(data: bytes) -> set[Key]:
    """What CLUENER's own scorer counts: names written over a list of tags, one after the other."""
    found: set[Key] = set()
    for row in map(json.loads, data.decode().splitlines()):
        words = list(row["text"])
        tags = ["O"] * len(words)
        for label, names in row["label"].items():
            for name, places in names.items():
                for start, last in places:
                    assert "".join(words[start : last + 1]) == name
                    tags[start : last + 1] = [f"B-{label}", *[f"I-{label}"] * (last - start)]
        found |= {(row["id"], first, last + 1, label) for label, first, last in get_entities(tags)}
    return found


@pytest.mark.parametrize(("format", "read"), [("doccano", doccano_spans), ("cluener", cluener_spans)])
def test_what_a_tool_makes_of_overlapping_entities_is_said(format: str, read: Any, gold: tyez_bench.Gold) -> None:
    flat = tyez_bench.export(gold, format)
    assert not flat.risks
    assert read(flat.data) == keys(gold)
    nested = tyez_bench.export(gold, format, layer="all", optional="keep")
    lost = keys(gold, everything=True) - read(nested.data)
    ((name, number),) = nested.risks.items()
    assert format in name.lower()
    assert len(lost) > 0
    # CLUENER's list of tags loses the outer name, the inner one, or both.
    assert number == sum(not e.outermost for _, e in gold.entities())
    assert len(lost) == number if format == "doccano" else len(lost) <= 2 * number


def gold_of(tmp_path: Path, text: str, *spans: tuple[int, int]) -> tyez_bench.Gold:
    path = tmp_path / "own.jsonl"
    entities = [{"start": start, "end": end, "type": "ORG"} for start, end in spans]
    path.write_text(json.dumps({"id": "a", "text": text, "entities": entities}) + "\n", "utf-8")
    return tyez_bench.load(path)


def test_what_columns_do_not_hold_is_counted(tmp_path: Path) -> None:
    exported = tyez_bench.export(gold_of(tmp_path, "太\u3000原 市\t\r\n府。", (0, 5)), "conll")
    assert exported.lost == {"characters of white space": 5, "entities with white space in them": 1}
    blank = tyez_bench.export(gold_of(tmp_path, " \n"), "conll")
    assert (blank.data, blank.lost) == (b"", {"texts without a token": 1, "characters of white space": 2})


def test_a_carriage_return_in_brat_is_told(tmp_path: Path) -> None:
    """The parser opens texts with translated line ends, so that offsets behind them are off by one."""
    exported = tyez_bench.export(gold_of(tmp_path, "开会。\r\n太原市", (5, 8)), "brat")
    assert list(exported.risks.values()) == [1]
    assert "carriage return" in next(iter(exported.risks))
    folder = tmp_path / "brat"
    folder.mkdir()
    assert not isinstance(exported.data, bytes)
    for name, data in exported.data.items():
        (folder / name).write_bytes(data)
    (example,) = pybrat.parser.BratParser().parse(folder)
    (entity,) = example.entities
    assert isinstance(example.text, str)
    assert (entity.mention, example.text[entity.start : entity.end]) == ("太原市", "原市")
    assert not tyez_bench.export(gold_of(tmp_path, "开会。\n太原市", (4, 7)), "brat").risks


def test_a_name_over_a_line_end_in_brat_is_told(tmp_path: Path) -> None:
    exported = tyez_bench.export(gold_of(tmp_path, "太原\n市府", (0, 5)), "brat")
    assert exported.risks == {"entities across a line end, written in parts": 1}


def test_a_sentence_that_begins_like_a_comment_is_told(tmp_path: Path) -> None:
    """With --allow-comment-lines seqscore passes over such a token, and with it over the name."""
    gold = gold_of(tmp_path, "#府在此", (0, 2))
    assert not tyez_bench.export(gold, "conll").risks
    exported = tyez_bench.export(gold, "conll", comments=True)
    assert list(exported.risks.values()) == [1]
    path = tmp_path / "a.conll"
    assert isinstance(exported.data, bytes)
    path.write_bytes(exported.data.replace("府\tI-ORG\n".encode(), "府\tO\n".encode()))
    ((sentence,),) = ingest_conll_file(
        str(path), "BIO", "utf-8", LineSpec(0, -1), **PLAIN | {"allow_comment_lines": True}
    )
    assert (sentence.tokens, sentence.mentions) == (("府", "在", "此"), ())


def test_seqscores_command_takes_the_file(files: dict[str, Path]) -> None:
    argv = ["score", "--labels", "BIO", "--reference", str(files["bio"]), "--score-format", "delim", str(files["bio"])]
    command = [str(Path(sys.executable).with_name("seqscore")), *argv]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "100.00" in done.stdout
    assert done.stderr == ""
