"""The commands about the gold: info, ceiling and export; what they print, write and refuse."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.cli.gold import DEFAULT
from tyez_bench.dataset.statistics import statistics
from tyez_bench.gold.gold import data_dir
from tyez_bench.io.export import words as segmenters
from tyez_bench.report.pictures import pictures
from tyez_bench.stress.suite import suite


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A gold set of one's own: a document with one name, one with nothing."""
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"id": "a", "text": "太原市 and", "entities": [{"start": 0, "end": 3, "type": "PLACE"}]}\n'
        '{"id": "b", "text": "无", "entities": []}\n',
        "utf-8",
    )
    return path


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """The one line that a refused command prints."""
    assert main(list(argv)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("tyez-bench: ")
    assert err.count("\n") == 1
    return err.removeprefix("tyez-bench: ").rstrip("\n")


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What a command prints."""
    assert main(list(argv)) == 0
    return capsys.readouterr().out


def test_info_in_every_form(capsys: pytest.CaptureFixture[str], own: Path) -> None:
    text = printed(capsys, "info", "--names", "3")
    assert text.startswith("gold tyez 1.")
    assert "太原一体化经济区域" in text
    assert len(printed(capsys, "info", "--names", "0").splitlines()) == len(text.splitlines()) - 3
    assert printed(capsys, "info", "--output-format", "markdown").startswith("**gold tyez")
    assert r"\begin{tabular}" in printed(capsys, "info", "--output-format", "latex")
    data = json.loads(printed(capsys, "info", "--json", "--gold", str(own)))
    assert (data["documents"], data["characters"], data["names"]) == (
        2,
        8,
        [{"type": "PLACE", "text": "太原市", "times": 1}],
    )
    assert printed(capsys, "info", "--gold-version", "1.0.0").startswith("gold tyez 1.0.0")


JIEBA = str(data_dir() / "predictions" / "jieba.jsonl")
JIONLP = str(data_dir() / "predictions" / "jionlp.jsonl")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score", JIEBA], "gold: tyez 1.0.0, sha256 6f98ee98237a"),
        (["score", JIEBA, "--slices", "length"], "signature: gold:tyez@1.0.0#6f98ee98237a"),
        (["compare", JIEBA, JIONLP, "--draws", "100"], "gold: tyez 1.0.0"),
        (["power", JIEBA, JIONLP, "--draws", "100"], "gold: tyez 1.0.0"),
        (["run", "rules", "--score"], "gold: tyez 1.0.0"),
        (["ceiling", "char"], "char"),
        (["export", "--output-format", "gold"], '"id":"wanbolin"'),
        (["submit", JIEBA], "system: "),
        (["agree", JIEBA, JIONLP], "jieba: on the texts of version 1.0.0 of the built-in gold set"),
        (["diff", JIEBA, JIONLP], "jieba.jsonl: on the texts of version 1.0.0 of the built-in gold set"),
    ],
)
def test_every_command_with_a_gold_set_takes_a_version_of_the_built_in_one(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in printed(capsys, *words, "--gold-version", "1.0.0")
    assert refused(capsys, *words, "--gold-version", "7").startswith("the gold has no version '7', expected one of: 1.")


def test_a_signature_of_an_older_version_is_repeated_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "score", JIEBA, "--gold-version", "1.0.0")
    line = next(line for line in text.splitlines() if line.startswith("signature: ")).removeprefix("signature: ")
    assert printed(capsys, "score", JIEBA, "--gold-version", "1.0.0", "--signature", line) == text


def test_a_gold_set_without_entities(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text('{"id": "b", "text": "无", "entities": []}\n', "utf-8")
    assert "0 entities" in printed(capsys, "info", "--gold", str(path))
    assert "–" in printed(capsys, "ceiling", "char", "--gold", str(path))
    assert printed(capsys, "export", "--output-format", "conll", "--gold", str(path)) == "无\tO\n\n"
    for data in pictures(statistics(tyez_bench.load(path))).values():
        ElementTree.fromstring(data)


def test_pictures_are_the_same_in_every_run(gold: tyez_bench.Gold) -> None:
    found = pictures(statistics(gold))
    assert found == pictures(statistics(gold))
    texts = "".join(ElementTree.fromstring(found["names.svg"]).itertext())
    assert "太原一体化经济区域" in texts


def test_ceiling_in_every_form(capsys: pytest.CaptureFixture[str], own: Path) -> None:
    data = json.loads(printed(capsys, "ceiling", "char", "spacy:xx", "--json", "--gold", str(own)))
    assert [(one["segmenter"], one["ceiling"], one["cut"]) for one in data] == [("char", 1, []), ("spacy:xx", 1, [])]
    text = printed(capsys, "ceiling", "spacy:xx", "--layer", "all")
    assert text.startswith("share of entities of all layers")
    assert "spacy:xx cuts" in text
    assert "| char |" in printed(capsys, "ceiling", "char", "--output-format", "markdown")


def test_segmenters_that_are_not_installed_are_named(
    capsys: pytest.CaptureFixture[str], own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segmenters, "find_spec", lambda package: None if package == "thulac" else True)
    assert main(["ceiling", "--gold", str(own), "--json"]) == 0
    out, err = capsys.readouterr()
    assert [one["segmenter"] for one in json.loads(out)] == [name for name in DEFAULT if name != "thulac"]
    assert err == "thulac is left out: thulac is not installed; it comes with: pip install 'thulac==0.2.2'\n"
    assert refused(capsys, "ceiling", "thulac").startswith("thulac is not installed")


def test_the_suite_of_another_seed_is_exported(capsys: pytest.CaptureFixture[str]) -> None:
    command = ("export", "--output-format", "cluener", "--stress")
    texts = [json.loads(line)["text"] for line in printed(capsys, *command, "--seed", "7").splitlines()]
    assert texts == [document.text for document in suite(7).gold]
    published = [json.loads(line)["text"] for line in printed(capsys, *command).splitlines()]
    assert published == [document.text for document in suite().gold]
    assert published != texts
    said = refused(capsys, "export", "--output-format", "cluener", "--seed", "7")
    assert said == "--seed applies to the stress suite: expected --stress"


def test_export_to_the_standard_output(capsys: pytest.CaptureFixture[str], own: Path) -> None:
    assert main(["export", "--output-format", "conll", "--gold", str(own), "--encoding", "bmes"]) == 0
    out, err = capsys.readouterr()
    assert out == "太\tB-PLACE\n原\tM-PLACE\n市\tE-PLACE\na\tO\nn\tO\nd\tO\n\n无\tO\n\n"
    assert err == "1 entities written\nnot in the file: 1 characters of white space\n"
    assert (
        printed(capsys, "export", "--output-format", "conll", "--gold", str(own), "--encoding", "bmes", "--output", "-")
        == out
    )
    assert refused(capsys, "export", "--output-format", "docbin", "--output", "-").endswith("expected --output PATH")


def test_what_is_left_out_and_moved_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "gold.conll"
    argv = ["export", "--output-format", "conll", "--words", "jieba", "--output", str(target)]
    assert refused(capsys, *argv).startswith("2 entities have an edge inside a word")
    assert not target.exists()
    assert main([*argv, "--on-misaligned", "contract"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("142 entities written; left out: 3 nested optional, 64 nested required, 24 outermost")
    assert lines[1].startswith(
        "not in the file: 25 values; 72 roles; 32 area codes; 10 alternative boundaries; 142 rules;"
    )
    assert lines[3] == "wanbolin.s04: ORG '万柏林区发改局' 0–7: now 0–6 '万柏林区发改'"


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["info", "--gold-version", "7"], "the gold has no version '7', expected one of: 1.0.0"),
        (["info", "--gold", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["ceiling", "ltp"], "unknown segmenter 'ltp', expected one of: char"),
        (["ceiling", "spacy"], "spacy needs a name"),
        (["ceiling", "char:x"], "the segmenter char takes no model, got 'x'"),
        (["ceiling", "spacy:no_such_pipeline"], "the spaCy pipeline 'no_such_pipeline' can't be loaded"),
        (["export", "--output-format", "xml"], "unknown format 'xml', expected one of: conll, docbin"),
        (["export", "--output-format", "hf"], "unknown format 'hf'"),
        (["export", "--output-format", "docbin"], "the format docbin is not text: expected --output PATH"),
        (["export", "--output-format", "brat"], "the format brat is a directory: expected --output PATH"),
        (["export", "--output-format", "brat", "--words", "jieba"], "the format brat takes no words"),
        (["export", "--output-format", "doccano", "--encoding", "bio"], "the format doccano takes no encoding"),
        (["export", "--output-format", "doccano", "--comments"], "the format doccano takes no comments"),
        (["export", "--output-format", "docbin", "--layer", "all"], "the format docbin takes no layer"),
        (["export", "--output-format", "conll", "--layer", "all"], "series.s01: PLACE 1–3 and PLACE 1–10 overlap"),
        (["export", "--output-format", "conll", "--words", "ltp"], "unknown segmenter 'ltp'"),
        (["verify", "nowhere"], "nowhere/manifest.json: no such file"),
    ],
)
def test_refusals(argv: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, *argv).startswith(reason)


def test_targets(capsys: pytest.CaptureFixture[str], tmp_path: Path, own: Path) -> None:
    target = tmp_path / "gold.json"
    argv = ["export", "--output-format", "doccano", "--gold", str(own), "--output"]
    assert refused(capsys, *argv, str(tmp_path)) == f"{tmp_path}: is a directory, expected a file to write"
    missing = tmp_path / "missing" / "gold.json"
    assert refused(capsys, *argv, str(missing)).startswith(f"{missing}: can't be written: no such directory")
    below = own / "gold.json"
    assert refused(capsys, *argv, str(below)).startswith(f"{below}: can't be written")
    target.write_text("precious", "utf-8")
    assert refused(capsys, *argv, str(target)) == f"{target}: already exists; --force replaces it"
    assert target.read_text("utf-8") == "precious"
    assert main([*argv, str(target), "--force"]) == 0
    assert len(target.read_text("utf-8").splitlines()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gold.json", "own.jsonl"]


def test_a_directory_as_target(capsys: pytest.CaptureFixture[str], tmp_path: Path, own: Path) -> None:
    target = tmp_path / "gold"
    argv = ["export", "--output-format", "brat", "--gold", str(own), "--output", str(target)]
    assert main(argv) == 0
    capsys.readouterr()
    (target / "old.txt").write_text("of the last time", "utf-8")
    assert refused(capsys, *argv) == f"{target}: already exists; --force replaces it"
    assert main([*argv, "--force"]) == 0
    assert sorted(path.name for path in target.iterdir()) == ["a.ann", "a.txt", "b.ann", "b.txt"]
    capsys.readouterr()
    (target / "thesis.tex").write_text("years of work", "utf-8")
    assert "is not replaced, since it also contains 'thesis.tex'" in refused(capsys, *argv, "--force")
    assert (target / "thesis.tex").is_file()
    file = tmp_path / "file"
    file.write_text("x", "utf-8")
    assert refused(capsys, *argv[:-1], str(file), "--force") == f"{file}: is a file, expected a directory to write"


@pytest.mark.parametrize("format", ["brat", "doccano"])
def test_nothing_is_half_written(
    format: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "target"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(os, "rename", full)
    argv = ["export", "--output-format", format, "--gold", str(own), "--output", str(target)]
    assert refused(capsys, *argv) == f"{target}: can't be written: No space left on device"
    assert [path.name for path in tmp_path.iterdir()] == ["own.jsonl"]
