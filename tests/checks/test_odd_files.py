"""What is read of files that are odd, broken, or no files; and that what is wrong is shown where it stands."""

import codecs
import json
import os
from pathlib import Path

import pytest

from checks_run import CLEAN, REPEAT, refused, said
from tyez_bench.cli import main

PLACE = '{"start":0,"end":2,"text":"太原","type":"PLACE"}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(capsys: pytest.CaptureFixture[str], code: int, *argv: str) -> list[tuple[str, int | None, str]]:
    """Code, line and document of the findings."""
    data = json.loads(said(capsys, code, "check", *argv, "--output-format", "json"))
    return [(one["code"], one["line"], one["document"]) for one in data["findings"]]


def test_texts_with_one_id_are_told_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The caret is drawn under the text that the finding is about."""
    first = '{"id":"a","text":"甲乙丙","entities":[{"start":0,"end":1,"text":"甲","type":"ORG"}]}\n'
    (folder / "gold.jsonl").write_text(first + '{"id":"a","text":"x","entities":[]}\n', "utf-8")
    lines = said(capsys, 1, "check", "gold.jsonl").splitlines()
    assert lines[lines.index("L303 single-character (warning)  gold.jsonl:1 a:0-1") + 2] == "    甲乙丙"


def test_ids_of_unsound_records_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = CLEAN.replace('"end":2', '"end":9')
    (folder / "gold.jsonl").write_text(broken + CLEAN.replace("太原", "大同"), "utf-8")
    assert found(capsys, 1, "gold.jsonl") == [("S101", 1, "c"), ("F003", 2, "c")]


def test_ids_are_those_of_a_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two files may number their records alike, and each is looked at."""
    for name, text in (("train", "太钢和太钢"), ("test", "在太钢和太钢")):
        start = text.index("太钢")
        record = {"id": "1", "text": text, "entities": [{"start": start, "end": start + 2, "type": "ORG"}]}
        (folder / f"{name}.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    (one,) = json.loads(said(capsys, 1, "check", "train.jsonl", "test.jsonl", "--output-format", "json"))["findings"]
    assert (one["code"], one["line"], one["document"]) == ("X602", 1, "1")
    assert [(place["path"], place["line"]) for place in one["places"]] == [("test.jsonl", 1)]
    assert one["path"] == "train.jsonl"


@pytest.mark.parametrize(
    ("entities", "code", "sentence", "carets"),
    [
        ('{"start":2,"end":9,"type":"PLACE"}', "S101", "    在太原市。", "        ^^^^^^"),
        ('{"start":9,"end":12,"type":"PLACE"}', "S101", "    在太原市。", "              ^"),
        ('{"start":3,"end":1,"type":"PLACE"}', "S101", "    在太原市。", "          ^"),
        ('{"start":-4,"end":1,"type":"PLACE"}', "S101", "    在太原市。", "    ^^"),
        ('{"start":1,"end":3,"text":"大同","type":"PLACE"}', "S102", "    在太原市。", "      ^^^^"),
        ('{"start":1,"end":3,"type":"PLCAE"}', "F004", "    在太原市。", "      ^^^^"),
        ('{"start":1,"end":3,"type":"PLACE","status":"perhaps"}', "F002", "    在太原市。", "      ^^^^"),
        ('{"start":1,"end":3,"type":"ORG"},{"start":2,"end":4,"type":"ORG"}', "S104", "    在太原市。", "        ^^^^"),
    ],
)
def test_the_sentence_of_a_refused_record_is_shown(
    entities: str, code: str, sentence: str, carets: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "gold.jsonl").write_text(f'{{"id":"a","text":"在太原市。","entities":[{entities}]}}\n', "utf-8")
    lines = said(capsys, 1, "check", "gold.jsonl", "--select", code, "--label-set", "tyez").splitlines()
    assert lines[0].startswith(code)
    assert lines[2:4] == [sentence, carets]


def test_what_stands_at_a_span_out_of_range_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_text(CLEAN.replace('"start":0,"end":2', '"start":1,"end":9'), "utf-8")
    for form in ("github", "markdown"):
        assert "太⟦原⟧" in said(capsys, 1, "check", "gold.jsonl", "--output-format", form)


def test_one_text_twice_in_a_directory_is_no_leak(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for where, names in (("one", "ab"), ("two", "c")):
        (folder / where).mkdir()
        for name in names:
            (folder / where / f"{name}.txt").write_text("太原", "utf-8")
            (folder / where / f"{name}.ann").write_text("T1\tPLACE 0 2\t太原\n", "utf-8")
    assert found(capsys, 0, "one") == []
    assert found(capsys, 1, "one", "two") == [("X606", None, "c")]


def test_a_bad_document_of_a_directory_hides_no_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "abcd":
        (folder / f"{name}.txt").write_text(f"{name}太钢和太钢", "utf-8")
        (folder / f"{name}.ann").write_text("T1\tORG 1 3\t太钢\n", "utf-8")
    (folder / "b.ann").write_text("T1\tORG 1 3\t太钢\nT2\tORG 4 60\t太钢\n", "utf-8")
    (folder / "c.ann").unlink()
    data = json.loads(said(capsys, 1, "check", ".", "--output-format", "json"))
    codes = [(one["path"], one["line"], one["code"]) for one in data["findings"]]
    assert codes == [("a.ann", None, "X602"), ("b.ann", 2, "F002"), ("c.txt", None, "F002")]
    assert [place["path"] for place in data["findings"][0]["places"]] == ["d.ann"]
    assert (data["records"], data["skipped"]) == (4, 2)


def test_half_of_a_surrogate_pair_is_no_character(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON can write it, and nothing can encode it: the record goes no further, whatever is ignored."""
    lines = ['{"text":"太原\\ud83c市","label":[[0,2,"PLACE"]]}', '{"text":"太钢和太钢","label":[[0,2,"ORG"]]}']
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    assert [code for code, _, _ in found(capsys, 1, "a.jsonl")] == ["F001", "X602"]
    assert [code for code, _, _ in found(capsys, 1, "a.jsonl", "--ignore", "F001")] == ["X602"]
    assert "errors can't be accepted" in refused(
        capsys, "accept", "add", "a.jsonl", "--accepted", "b.jsonl", "--reason", "x", "--by", "y", "--select", "F001"
    )
    for form in ("text", "concise", "github", "markdown", "sarif", "junit"):
        assert "the text has half of a surrogate pair" in said(capsys, 1, "check", "a.jsonl", "--output-format", form)
    (folder / "b.jsonl").write_text('{"id":"\\ud800","text":"太钢","label":[]}\n', "utf-8")
    assert [code for code, _, _ in found(capsys, 1, "b.jsonl")] == ["F001"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_named(codec: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_bytes(CLEAN.encode(codec))
    assert f"gold.jsonl: is in {codec[:6].upper()}" in refused(capsys, "check", "gold.jsonl")
    (folder / "gold.jsonl").write_bytes(codecs.BOM_UTF16_BE + CLEAN.encode("utf-16-be"))
    assert "gold.jsonl: is in UTF-16, expected UTF-8" in refused(capsys, "check", "gold.jsonl")


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(folder / "pipe")
    for command in ("check", "fix", "suggest"):
        assert "pipe: is a pipe or a device" in refused(capsys, command, "pipe")


def test_labels_stay_what_they_are_unless_a_map_reads_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = "太\tB-ORG\n钢\tI-ORG\n在\tO\n太\tB-LOC\n原\tI-LOC\n王\tB-PER\n\n"
    (folder / "a.conll").write_text(columns, "utf-8")
    data = json.loads(said(capsys, 0, "check", "a.conll", "--output-format", "json"))
    assert (data["entities"], data["out_of_scope"]) == (3, {})
    data = json.loads(said(capsys, 0, "check", "a.conll", "--labels", "msra", "--output-format", "json"))
    assert (data["entities"], data["out_of_scope"]) == (2, {"PER": 1})
    # A slip is a finding where somebody said which labels there are.
    (folder / "a.conll").write_text(columns.replace("LOC", "LOCC"), "utf-8")
    for told in (["--labels", "msra"], ["--label-set", "msra"]):
        assert [code for code, _, _ in found(capsys, 1, "a.conll", *told)] == ["F004"]


def test_names_that_there_are_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "gold.jsonl").write_text(REPEAT, "utf-8")
    assert "unknown label map 'nope'" in refused(capsys, "check", "gold.jsonl", "--labels", "nope")
    assert "expected one of: gold, native" in refused(capsys, "check", "gold.jsonl", "--input-format", "nope")
    for option in ("--select", "--ignore"):
        for given in (",", "", " , "):
            assert "expected codes or names of rules" in refused(capsys, "check", "gold.jsonl", option, given)
    assert "X602" in said(capsys, 1, "check", "gold.jsonl", "--select", "X602,")


def test_passes_in_another_form_are_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only what makes a record unusable is in the way of comparing passes."""
    (folder / "pyproject.toml").write_text(
        '[tool.tyez-bench.check]\npaths = ["gold.jsonl"]\n'
        '[tool.tyez-bench.check.agreement]\npasses = ["a.jsonl"]\nleast = 1\n',
        "utf-8",
    )
    (folder / "gold.jsonl").write_text(CLEAN, "utf-8")
    (folder / "a.jsonl").write_text(json.dumps(json.loads(CLEAN)) + "\r\n", "utf-8")
    assert found(capsys, 0) == []
    assert main(["agree", "a.jsonl", "gold.jsonl"]) == 0
    capsys.readouterr()
    (folder / "a.jsonl").write_text(json.dumps(json.loads(CLEAN)) + "\n" + CLEAN.replace('"end":2', '"end":9'), "utf-8")
    assert "a.jsonl:2: S101: PLACE 0–9 is outside" in refused(capsys, "check")


def test_a_reference_that_is_on_no_calendar_is_a_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record: dict[str, object] = {"id": "a", "text": "昨天"}
    record["date"] = {"value": "2022-06", "reference": "2022-06-31", "basis": "6月"}
    value = {"kind": "timex3", "type": "DATE", "value": "2022-06-30"}
    record["entities"] = [{"start": 0, "end": 2, "type": "DATE", "value": value}]
    (folder / "gold.jsonl").write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    out = said(capsys, 1, "check", "gold.jsonl", "--output-format", "concise")
    assert "gold.jsonl:1 a: F002 '2022-06-31' does not exist on any calendar - at `$.date`" in out
