"""brat standoff: what is read, what is written, and what another reader and writer makes of it."""

import io
import json
from pathlib import Path

import bioc.brat  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.cli import main
from tyez_bench.io.formats import brat
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source, open_source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span


def put(folder: Path, files: dict[str, str | bytes]) -> Source:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_source(folder)


def parse(folder: Path, text: str, annotations: str) -> tuple[Span, ...]:
    (record,) = brat.read(put(folder, {"a.txt": text, "a.ann": annotations}), Options())
    assert record.text == text
    return record.spans


def test_pairs_of_files(tmp_path: Path) -> None:
    source = put(
        tmp_path,
        {
            "b.txt": "太原市政府\n",
            "b.ann": "T2\tORG 0 5\t太原市政府\nT1\tPLACE 0 2\t太原\n",
            "a.b.txt": "",
            "a.b.ann": "",
            "notes.md": "x",
            "._b.ann": b"\xff",
            "annotation.conf": "[entities]",
        },
    )
    (tmp_path / "more.ann").mkdir()
    assert brat.sniff(source)
    first, second = brat.read(source, Options())
    assert first == Record(None, id="a.b", text="", path=str(tmp_path / "a.b.ann"))
    assert (second.id, second.text, second.path) == ("b", "太原市政府\n", str(tmp_path / "b.ann"))
    assert second.spans == (Span(0, 5, "ORG", "太原市政府"), Span(0, 2, "PLACE", "太原"))


def test_other_annotations_are_passed_over(tmp_path: Path) -> None:
    annotations = (
        "T1\tPLACE 0 2\t太原\nE1\tPLACE:T1\nR1\tin Arg1:T1 Arg2:T1\nA1\tNegation T1\nM1\tNegation T1\n"
        "N1\tReference T1 Wiki:1\t太原\n#1\tAnnotatorNotes T1\t好\n*\tEquiv T1 T1\n*\tEquiv T1 T1\n"
    )
    assert parse(tmp_path, "太原", annotations) == (Span(0, 2, "PLACE", "太原"),)


def test_offsets_are_code_points_and_carriage_returns_count(tmp_path: Path) -> None:
    text = "𠮷林\r\n太原\r\n"
    assert parse(tmp_path, text, "T1\tPLACE 0 2\t𠮷林\r\nT2\tPLACE 4 6\t太原\r\n") == (
        Span(0, 2, "PLACE", "𠮷林"),
        Span(4, 6, "PLACE", "太原"),
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("太原\n市", "T1\tORG 0 4\t太原 市\n"),
        ("太原\n市", "T1\tORG 0 2;3 4\t太原 市\n"),
        ("太 \n\n 市", "T1\tORG 0 1;5 6\t太 市\n"),
        ("太\r\n市", "T1\tORG 0 1;3 4\t太 市\n"),
        ("太\n原\n市", "T1\tORG 0 1;2 3;4 5\t太 原 市\n"),
    ],
)
def test_spans_over_line_ends(tmp_path: Path, text: str, line: str) -> None:
    assert parse(tmp_path, text, line) == (Span(0, len(text), "ORG", text),)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T1\tORG 0 4\t太原\\n市", "reads '太原 市', but its text is"),
        ("T1\tORG 0 4\t太原市", "reads '太原 市', but its text is '太原市'"),
        ("T1\tORG 0 1;1 2\t太 原", "is discontinuous"),
        ("T1\tORG 0 1;3 4\t太 市", "ORG 0 1;3 4 is discontinuous"),
        ("T1\tORG 3 4;0 2\t市 太原", "is discontinuous"),
        ("T1\tORG 0 2;3\t太原 市", "expected a label, start and end"),
        ("T1\tORG 0 2;3 5\t太原 市", "ORG 3–5 is outside the text"),
        ("T1\tORG 0 99999999999999999999\t太原", "expected a label, start and end"),
        ("T1\tORG ０ ２\t太原", "expected a label, start and end"),
        ("T\tORG 0 2\t太原", "is not an annotation"),
        ("T1", "'T1' is not an annotation"),
        ("*", "is not an annotation"),
        ("\t", "is not an annotation"),
    ],
)
def test_refused_lines(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse(tmp_path, "太原\n市", line)
    assert str(error.value).startswith(f"{tmp_path / 'a.ann'}:1: ")
    assert message in str(error.value)


def test_what_is_no_directory_of_annotations(tmp_path: Path) -> None:
    assert not brat.sniff(Source("p.ann", b"T1\tORG 0 2\tab\n"))
    assert not brat.sniff(Source(str(tmp_path), b"", is_directory=True))
    assert not brat.sniff(Source(str(tmp_path / "gone"), b"", is_directory=True))
    with pytest.raises(InputError, match="is a file, expected a directory"):
        list(brat.read(Source("p.ann", b"T1\tORG 0 2\tab\n"), Options()))
    with pytest.raises(InputError, match="can't be read: No such file"):
        list(brat.read(Source(str(tmp_path / "gone"), b"", is_directory=True), Options()))


@st.composite
def samples(draw: st.DrawFn, alphabet: str = "太原市府a1;𠮷😀 \n\t\r\u3000") -> Sample:
    """A text with any spans that neither begin nor end with a line feed."""
    text = draw(st.text(st.sampled_from(alphabet), max_size=15)) + "。"
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if "\n" not in (text[start], text[end - 1]):
            spans.append(Span(start, end, draw(st.sampled_from(["ORG", "地点", "a-b"])), text[start:end]))
    return Sample(draw(st.sampled_from(["a", "文 一", "x.ann", "a-b.txt"])), text, tuple(spans))


@given(written=st.lists(samples(), min_size=1, max_size=3, unique_by=lambda sample: sample.id))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, written: list[Sample]) -> None:
    source = put(tmp_path_factory.mktemp("brat"), {**brat.write(written)})
    assert brat.sniff(source)
    records = list(brat.read(source, Options()))
    assert [(r.id, r.text, r.spans) for r in records] == [
        (s.id, s.text, s.spans) for s in sorted(written, key=lambda sample: sample.id)
    ]


def test_what_is_written() -> None:
    sample = Sample("a", "太原\n市政府", (Span(0, 6, "ORG"), Span(0, 2, "PLACE")))
    assert brat.write([sample]) == {
        "a.txt": "太原\n市政府".encode(),
        "a.ann": "T1\tORG 0 2;3 6\t太原 市政府\nT2\tPLACE 0 2\t太原\n".encode(),
    }


@pytest.mark.parametrize(
    ("id_", "text", "spans", "message"),
    [
        ("a/b", "太", [], "the id 'a/b' can't be a file name"),
        ("", "太", [], "can't be a file name"),
        ("..", "太", [], "can't be a file name"),
        ("a\0", "太", [], "can't be a file name"),
        ("a", "\ufeff太", [], "a: the text begins with a byte order mark"),
        ("a", "太", [Span(0, 2, "X")], "a: X 0–2 is outside the text"),
        ("a", "太\n", [Span(0, 2, "X")], "begins or ends with a line feed"),
        ("a", "太", [Span(0, 1, "X Y")], "the label 'X Y' can't be written in an annotation"),
        ("a", "太", [Span(0, 1, "")], "can't be written in an annotation"),
    ],
)
def test_what_can_not_be_written(id_: str, text: str, spans: list[Span], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        brat.write([Sample(id_, text, tuple(spans))])


def test_the_same_id_twice_can_not_be_written() -> None:
    with pytest.raises(ValueError, match="the id 'a' occurs twice"):
        brat.write([Sample("a", "太", ()), Sample("a", "原", ())])


# Without spaces: bioc strips the lines that it reads.
@given(sample=samples("太原市府a1𠮷😀\n"))
def test_bioc_reads_what_is_written(sample: Sample) -> None:
    files = brat.write([sample])
    read = bioc.brat.loads(files[f"{sample.id}.txt"].decode(), files[f"{sample.id}.ann"].decode())
    assert read.text == sample.text
    assert [entity.type for entity in read.entities] == [span.label for span in sample.spans]
    for entity, span in zip(read.entities, sample.spans, strict=True):
        parts = sorted((part.begin, part.end) for part in entity.locations)
        assert (parts[0][0], parts[-1][1]) == (span.start, span.end)
        assert " ".join(sample.text[start:end] for start, end in parts) == entity.text


@given(sample=samples("太原市府a1𠮷😀 "))
def test_what_bioc_writes_is_read(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> None:
    document = bioc.brat.BratDocument()
    document.text = sample.text
    for number, span in enumerate(sample.spans, 1):
        entity = bioc.brat.BratEntity()
        entity.id, entity.type, entity.text = f"T{number}", span.label, span.text
        entity.add_span(span.start, span.end)
        document.add_annotation(entity)
    text, annotations = io.StringIO(newline=""), io.StringIO(newline="")
    bioc.brat.dump(document, text, annotations)
    assert parse(tmp_path_factory.mktemp("bioc"), text.getvalue(), annotations.getvalue()) == sample.spans


def test_line_ends_counted_as_one_are_told_and_converted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The text has CR LF, and the annotations count them as one character."""
    folder = tmp_path / "ann"
    folder.mkdir()
    text = "第一行。\r\n第二行说太原市。\r\n"
    (folder / "a.txt").write_bytes(text.encode())
    (folder / "a.ann").write_bytes("T1\tPLACE 9 12\t太原市\n".encode())
    gold = {"id": "a", "text": text, "entities": [{"start": 10, "end": 13, "type": "PLACE"}]}
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n", "utf-8")
    argv = ["score", str(folder), "--gold", str(tmp_path / "gold.jsonl"), "--json"]
    assert main(argv) == 2
    err = capsys.readouterr().err
    assert "it is at 10: do the offsets count line ends CR LF as one character" in err
    assert "pass --align to convert them" in err
    assert main([*argv, "--align"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["headline"]["value"], found["reading"]["moved"]) == (1.0, 1)
    assert found["reading"]["unit"] == "line ends CR LF as one character"
