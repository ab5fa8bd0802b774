"""One bad byte or one bad line is one finding, and the rest of the file is read."""

import json
from pathlib import Path

import pytest

from checks_run import said
from tyez_bench.checks.foreign import is_array, json_parts, sound_elements
from tyez_bench.io.source import Source

# Four records each, in which 太钢 is not marked the second time; the second record is where a fault is put.
RECORDS = [{"text": f"{number}号太钢和太钢", "label": [[2, 4, "ORG"]]} for number in range(4)]
LINES = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
NATIVE = [
    f'{{"id":"d{number}","text":"{number}号太钢和太钢","entities":[{{"start":2,"end":4,"type":"ORG"}}]}}'
    for number in range(4)
]
SENTENCE = "{}\tO\n号\tO\n太\tB-ORG\n钢\tI-ORG\n和\tO\n太\tO\n钢\tO\n\n"
WITH_NUMBERS = (
    "# sent_id = s{}\n1\t{}\tO\t-\t-\n2\t号\tO\t-\t-\n3\t太钢\tB-ORG\t-\t-\n4\t和\tO\t-\t-\n5\t太钢\tO\t-\t-\n\n"
)
FILES = {
    "native.jsonl": "\n".join(NATIVE) + "\n",
    "lines.jsonl": "\n".join(LINES) + "\n",
    "array.json": "[\n" + ",\n".join(LINES) + "\n]\n",
    "one_line.json": "[" + ", ".join(LINES) + "]",
    "indented.json": json.dumps(RECORDS, ensure_ascii=False, indent=2) + "\n",
    "columns.conll": "".join(SENTENCE.format(number) for number in range(4)),
    "numbered.iob2": "".join(WITH_NUMBERS.format(number, number) for number in range(4)),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No project's configuration is at hand."""
    monkeypatch.chdir(tmp_path)


def second(data: bytes, old: bytes, new: bytes) -> bytes:
    """The data with the second of the places of ``old`` that are four or a multiple of it replaced."""
    parts = data.split(old)
    each = (len(parts) - 1) // 4
    return old.join(parts[: each + 1]) + new + old.join(parts[each + 1 :])


def found(capsys: pytest.CaptureFixture[str], name: str) -> tuple[list[tuple[str, int]], str, int, int]:
    """Codes and lines of what is wrong apart from names that are not marked, the first reason, records, skipped."""
    data = json.loads(said(capsys, 1, "check", name, "--output-format", "json"))
    wrong = [one for one in data["findings"] if one["code"][0] != "X"]
    others = [one for one in data["findings"] if one["code"] in ("X602", "X603")]
    assert [len(one["places"]) for one in others] == [2]
    return [(one["code"], one["line"]) for one in wrong], wrong[0]["message"], data["records"], data["skipped"]


@pytest.mark.parametrize("name", FILES)
def test_a_bad_byte(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = FILES[name]
    data = second(content.encode("utf-8"), "和".encode(), b"\xff")
    (tmp_path / name).write_bytes(data)
    wrong, reason, records, skipped = found(capsys, name)
    assert len(wrong) == 1
    assert "byte 0xff is not valid UTF-8" in reason
    assert (records, skipped) == (4, 1)
    code, at = wrong[0]
    assert code == ("F001" if name == "native.jsonl" else "F002")
    assert at == data[: data.index(b"\xff")].count(b"\n") + 1


@pytest.mark.parametrize("name", ["native.jsonl", "lines.jsonl", "array.json", "indented.json"])
def test_a_record_that_is_no_json(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = FILES[name]
    (tmp_path / name).write_bytes(second(content.encode("utf-8"), b'"text":', b'"text"'))
    wrong, reason, records, skipped = found(capsys, name)
    assert len(wrong) == 1
    assert "not valid JSON" in reason
    assert (records, skipped) == (4, 1)


@pytest.mark.parametrize("name", ["lines.jsonl", "array.json", "one_line.json", "indented.json"])
def test_a_record_that_its_reader_refuses(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = FILES[name]
    old = b'"ORG"'
    (tmp_path / name).write_bytes(second(content.encode("utf-8"), old, b"17"))
    wrong, _, records, skipped = found(capsys, name)
    assert [code for code, _ in wrong] == ["F002"]
    assert (records, skipped) == (4, 1)


@pytest.mark.parametrize("name", ["native.jsonl", "lines.jsonl", "columns.conll"])
def test_another_encoding_is_told(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / name).write_bytes(FILES[name].encode("gb18030"))
    first = json.loads(said(capsys, 1, "check", name, "--output-format", "json"))["findings"][0]
    assert first["message"].endswith("is not valid UTF-8; it looks like GB18030")


def test_arrays_are_taken_apart() -> None:
    assert not is_array(Source("a", b'["a"]\n["b"]\n'))
    assert is_array(Source("a", b'[["a"],\n["b"]]\n'))
    broken = Source("a", b'[\n {"a": 1},\n {"a" 2},\n {"a": [3]}\n]')
    assert [(part.before, part.data, part.fault is None) for part in json_parts(broken)] == [
        (1, b'[{"a": 1}]', True),
        (2, b"", False),
        (3, b'[{"a": [3]}]', True),
    ]
    assert sound_elements(broken).data == b'[{"a": 1},{"a": [3]}]'
    # Where no line tells where the next one begins, what is behind is lost, and said so.
    cut = Source("a", b'[{"a": 1}, {"a" 2}, {"a": 3}]')
    assert [part.fault for part in json_parts(cut)] == [
        None,
        "not valid JSON: Expecting ':' delimiter; the rest was not read",
    ]
    assert [part.data for part in json_parts(Source("a", b"[]"))] == [b"[]"]
    assert [part.before for part in json_parts(Source("a", b"{}\n\n{}\n"))] == [0, 2]
