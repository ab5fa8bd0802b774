"""Labels that are set aside, and answers that say nothing, are counted and named by every command that reads them."""

import json
from pathlib import Path

import pytest

from tyez_bench.cli import main
from tyez_bench.gold.gold import data_dir

TEXT = "王五在太原开会"
TAGS = ["B-PER", "I-PER", "O", "B-LOC", "I-LOC", "O", "O"]
OTHER = ["B-PER", "O", "O", "B-LOC", "I-LOC", "O", "O"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files of columns that differ in a PER alone, and a gold set."""
    monkeypatch.chdir(tmp_path)
    for name, tags in (("a", TAGS), ("b", OTHER)):
        rows = "".join(f"{c}\t{tag}\n" for c, tag in zip(TEXT, tags, strict=True))
        (tmp_path / f"{name}.conll").write_text(f"# id = d\n{rows}\n", "utf-8")
    record = {"id": "d", "text": TEXT, "entities": [{"start": 3, "end": 5, "text": "太原", "type": "PLACE"}]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], code: int, *argv: str) -> str:
    """What a command prints."""
    capsys.readouterr()
    assert main(list(argv)) == code
    return capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("command", ["agree", "diff"])
def test_a_label_that_was_dropped_is_named_by_file(
    command: str, form: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, 0, command, "a.conll", "b.conll", "--labels", "msra", "--output-format", form)
    names = ("a", "b") if command == "agree" else ("a.conll", "b.conll")
    for name in names:
        assert f"{name}: out of scope, ignored: PER 1" in out
    data = json.loads(said(capsys, 0, command, "a.conll", "b.conll", "--labels", "msra", "--output-format", "json"))
    assert {name: file["out_of_scope"] for name, file in data["reading"].items()} == {n: {"PER": 1} for n in names}
    data = json.loads(
        said(capsys, 0, command, "a.conll", "b.conll", "--ignore-labels", "LOC", "--output-format", "json")
    )
    assert [file["out_of_scope"] for file in data["reading"].values()] == [{"LOC": 1}] * 2


@pytest.mark.parametrize("command", ["agree", "diff"])
def test_nothing_is_said_of_files_that_were_read_whole(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "gold: " not in said(capsys, 0, command, "gold.jsonl", "gold.jsonl")


def test_a_gold_set_is_read_by_the_map_that_was_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels of its own are mapped, set aside and counted; without a map they stay what they are."""
    entities = [{"start": 0, "end": 2, "type": "PER"}, {"start": 3, "end": 5, "type": "LOC"}]
    (folder / "own.jsonl").write_text(json.dumps({"id": "d", "text": TEXT, "entities": entities}) + "\n", "utf-8")
    found = json.loads(
        said(capsys, 0, "diff", "own.jsonl", "gold.jsonl", "--labels", "msra", "--output-format", "json")
    )
    assert found["entities"] == []
    assert found["reading"]["own.jsonl"]["out_of_scope"] == {"PER": 1}
    found = json.loads(
        said(capsys, 0, "check", "own.jsonl", "--labels", "msra", "--select", "F004", "--output-format", "json")
    )
    assert found["out_of_scope"] == {"PER": 1}
    found = json.loads(said(capsys, 0, "diff", "own.jsonl", "gold.jsonl", "--output-format", "json"))
    assert [(one["kind"], (one["new"] or one["old"])["type"]) for one in found["entities"]] == [
        ("removed", "PER"),
        ("relabelled", "PLACE"),
    ]
    assert main(["diff", "own.jsonl", "gold.jsonl", "--label-set", "tyez"]) == 2
    assert "unknown label 'PER'" in capsys.readouterr().err


def test_score_compare_and_power_name_them_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ("--gold", "gold.jsonl", "--labels", "msra", "--draws", "10")
    assert "out of scope, ignored: PER 1" in said(capsys, 0, "score", "a.conll", *files)
    for command in ("score", "compare", "power"):
        out = said(capsys, 0, command, "a.conll", "b.conll", *files)
        assert "a: out of scope, ignored: PER 1" in out
        assert "b: out of scope, ignored: PER 1" in out
    data = json.loads(said(capsys, 0, "compare", "a.conll", "b.conll", *files, "--json"))
    assert data["reading"]["b"]["out_of_scope"] == {"PER": 1}


def test_what_is_set_aside_is_not_unmarked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second 太原市 is marked, with a label that is out of scope: no rule calls it unmarked."""
    text = "他在太原市开会，太原市很大。"
    for second, codes in (([], ["X602"]), ([[8, 11, "PER"]], [])):
        record = {"id": "a", "text": text, "label": [[2, 5, "LOC"], *second]}
        (folder / "set.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
        found = json.loads(
            said(capsys, len(codes), "check", "set.jsonl", "--labels", "msra", "--output-format", "json")
        )
        assert [one["code"] for one in found["findings"]] == codes
        assert found["out_of_scope"] == ({"PER": 1} if second else {})
    (folder / "set.jsonl").write_text(
        json.dumps({"id": "a", "text": text, "entities": [{"start": 8, "end": 11, "type": "PER"}]}) + "\n", "utf-8"
    )
    assert said(capsys, 0, "suggest", "set.jsonl", "--labels", "msra", "--output-format", "concise").count("P304") == 1


def test_what_run_wrote_is_taken(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Records without texts, on the texts of another file, of --gold, and of the built-in gold set."""
    record = {"id": "d", "entities": [{"start": 3, "end": 5, "type": "PLACE"}, {"start": 0, "end": 1, "type": "ORG"}]}
    (folder / "p.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    for argv in (("gold.jsonl", "p.jsonl"), ("p.jsonl", "p.jsonl", "--gold", "gold.jsonl")):
        out = said(capsys, 0, "diff", *argv)
        assert "p.jsonl: on the texts of gold.jsonl" in out
        assert ("ORG 王" in out) == (argv[0] == "gold.jsonl")
    assert "p: on the texts of gold.jsonl" in said(capsys, 0, "agree", "gold.jsonl", "p.jsonl")
    one, other = (str(data_dir() / "predictions" / f"{name}.jsonl") for name in ("jieba", "thulac"))
    assert "jieba: on the texts of the built-in gold set" in said(capsys, 0, "agree", one, other)
    data = json.loads(said(capsys, 0, "diff", one, other, "--output-format", "json"))
    assert {file["texts"] for file in data["reading"].values()} == {"the built-in gold set"}
    assert data["counts"]


def test_a_document_without_a_record_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "two.jsonl").write_text((folder / "gold.jsonl").read_text("utf-8") * 2, "utf-8")
    lines = (folder / "two.jsonl").read_text("utf-8").splitlines()
    (folder / "two.jsonl").write_text("\n".join([lines[0], lines[1].replace('"d"', '"e"')]) + "\n", "utf-8")
    (folder / "p.jsonl").write_text('{"id":"d","entities":[]}\n', "utf-8")
    out = said(capsys, 0, "agree", "two.jsonl", "p.jsonl", "--output-format", "json")
    assert json.loads(out)["reading"]["p"]["without_record"] == ["e"]
    assert "p: no record for e: left out" in said(capsys, 0, "agree", "two.jsonl", "p.jsonl")


ANSWERS = [
    "",
    "  \n",
    "<think>想</think>",
    "<think>没完",
    "抱歉，我无法回答这个问题。",
    "(太原; PLACE)",
]


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("text", [{}, {"text": TEXT}])
def test_an_answer_that_says_nothing_is_counted_as_such(
    answer: str, text: dict[str, str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "p.jsonl").write_text(json.dumps({"id": "d", "answer": answer, **text}) + "\n", "utf-8")
    out = said(capsys, 0, "score", "p.jsonl", "--gold", "gold.jsonl", "--draws", "10")
    assert "1 answer that is empty, broken or not a copy of the text, read as naming nothing" in out
    assert "edits" not in out
    data = json.loads(said(capsys, 0, "score", "p.jsonl", "--gold", "gold.jsonl", "--draws", "10", "--json"))
    assert data["reading"]["unread"] == 1
    assert data["scores"]["micro"]["fp"] == 0
    assert data["scores"]["micro"]["fn"] == 1


def test_a_copy_without_tags_is_an_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names nothing, and says so; of a bad copy with tags the edits are counted."""
    for answer, key in ((TEXT, None), (TEXT[:-1], "edits"), ("<PLACE>太原</PLACE>", "edits")):
        (folder / "p.jsonl").write_text(json.dumps({"id": "d", "answer": answer}) + "\n", "utf-8")
        data = json.loads(said(capsys, 0, "score", "p.jsonl", "--gold", "gold.jsonl", "--draws", "10", "--json"))
        assert "unread" not in data["reading"]
        assert ("edits" in data["reading"]) == (key is not None)
        assert data["scores"]["micro"]["tp"] == ("太原</" in answer)


def test_offsets_in_the_words_of_a_model_are_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = '[{"text": "太原", "type": "PLACE", "start": 99, "end": 101}]'
    (folder / "p.jsonl").write_text(json.dumps({"id": "d", "answer": answer}) + "\n", "utf-8")
    out = said(capsys, 0, "score", "p.jsonl", "--gold", "gold.jsonl", "--draws", "10")
    assert "1 name of answers with offsets, which were ignored" in out
    (folder / "p.jsonl").write_text(json.dumps({"id": "d", "answer": json.loads(answer)}) + "\n", "utf-8")
    assert main(["score", "p.jsonl", "--gold", "gold.jsonl"]) == 2
    assert "the name '太原' also has 'start', 'end'" in capsys.readouterr().err


def test_numbers_beside_the_tokens_are_no_tokens(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbered columns are read as those without numbers are; so are places in the word, which are counted."""
    numbered = "".join(f"{n}\t{c}\t{tag}\n" for n, (c, tag) in enumerate(zip(TEXT, TAGS, strict=True), 1))
    (folder / "n.conll").write_text(numbered + "\n", "utf-8")
    plain = "".join(f"{c}\t{tag}\n" for c, tag in zip(TEXT, TAGS, strict=True))
    (folder / "p.conll").write_text(plain + "\n", "utf-8")
    found = json.loads(said(capsys, 0, "score", "n.conll", "--gold", "p.conll", "--json"))
    assert (found["scores"]["micro"]["tp"], found["scores"]["micro"]["f1"]) == (2, 1)
    found = json.loads(said(capsys, 0, "agree", "n.conll", "p.conll", "--json"))
    assert found["exact_f1"]["all"]["micro"] == 1
    placed = "".join(f"{c}{n % 2}\t{tag}\n" for n, (c, tag) in enumerate(zip(TEXT, TAGS, strict=True)))
    (folder / "w.conll").write_text(placed + "\n", "utf-8")
    found = json.loads(said(capsys, 0, "score", "w.conll", "--gold", "p.conll", "--json"))
    assert (found["scores"]["micro"]["f1"], found["reading"]["places"]) == (1, len(TEXT))
    # Of a gold set it is said, too.
    assert main(["score", "p.conll", "--gold", "w.conll", "--json"]) == 0
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    assert (found["scores"]["micro"]["f1"], found["gold"]["changed"]) == (1, {"places": len(TEXT)})
    assert captured.err.startswith(f"gold w: {len(TEXT)} ")
