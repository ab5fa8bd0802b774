"""Columns of tokens: what is read, what is written, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats import conll
from tyez_bench.formats.encodings import ENCODINGS
from tyez_bench.formats.record import Fidelity, Options, RawSpan, Record, Sample
from tyez_bench.formats.source import Source


def parse(text: str, **options: str | int) -> list[Record]:
    return list(conll.read(Source("p.conll", text.encode()), Options(**options)))  # type: ignore[arg-type]


def spans(record: Record) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in record.spans]


def test_sentences_with_ids() -> None:
    first, second, third = parse(
        "-DOCSTART-\tO\n\n# newdoc id = d\n# sent_id = d.1\n# note = 早\n太\tB-PLACE\n原\tI-PLACE\n\n\n"
        "# doc_id = d\n市\tO\n\n府\tB-ORG"
    )
    assert first == Record(
        6, id="d.1", text="太原", spans=(RawSpan(0, 2, "PLACE"),), fidelity=Fidelity.SQUEEZED, repaired=0
    )
    assert (second.line, second.id, second.text, second.spans) == (11, "d", "市", ())
    assert (third.line, third.id, third.text, spans(third)) == (13, None, "府", [(0, 1, "ORG")])


def test_words_and_columns_and_line_ends() -> None:
    (record,) = parse("太原市  NR X B-ORG\r\n政府 NN X I-ORG\r\n在 P X O\r\n𠮷林 NR X B-PLACE\r\n")
    assert (record.text, spans(record)) == ("太原市政府在𠮷林", [(0, 5, "ORG"), (6, 8, "PLACE")])


def test_another_column() -> None:
    text = "太 B-PLACE O\n原 I-PLACE O\n"
    assert spans(parse(text)[0]) == []
    assert spans(parse(text, column=2)[0]) == [(0, 2, "PLACE")]


def test_a_number_sign_may_be_a_token() -> None:
    (record,) = parse("# O\n3 B-ORG\n# I-ORG\n")
    assert (record.text, spans(record)) == ("#3#", [(1, 3, "ORG")])
    assert parse("# = O\n# = O\n")[0].text == "##"
    assert parse("太 a b O\n# x = O\n")[0].text == "太#"


def test_tokens_of_white_space_in_columns_with_tabs() -> None:
    (record,) = parse("太\tB-PLACE\n \tI-PLACE\n\u3000\tI-PLACE\n原\tI-PLACE\n")
    assert (record.text, spans(record)) == ("太 \u3000原", [(0, 4, "PLACE")])
    assert parse("\u3000 O\n")[0].text == "\u3000"


def test_a_sentence_ends_at_docstart() -> None:
    assert [record.text for record in parse("太 O\n-DOCSTART- -X- O O\n原 O\n")] == ["太", "原"]


def test_the_encoding_is_detected_in_the_whole_file() -> None:
    first, second = parse("太 B-PLACE\n原 E-PLACE\n\n太 B-PLACE\n原 M-PLACE\n市 E-PLACE\n")
    assert spans(first) == [(0, 2, "PLACE")]
    assert spans(second) == [(0, 3, "PLACE")]


def test_iob1_has_to_be_named() -> None:
    text = "太 I-PLACE\n原 I-PLACE\n市 B-PLACE\n"
    assert spans(parse(text, encoding="iob1")[0]) == [(0, 2, "PLACE"), (2, 3, "PLACE")]
    with pytest.raises(InputError, match=r"p\.conll:1: I-PLACE at the beginning .* encoding iob1"):
        parse(text)


def test_repairs_are_counted() -> None:
    text = "太 I-PLACE\n原 I-PLACE\n市 B-ORG\n"
    (lenient,) = parse(text, repair="conlleval")
    assert (spans(lenient), lenient.repaired) == ([(0, 2, "PLACE"), (2, 3, "ORG")], 1)
    (strict,) = parse(text, repair="discard")
    assert (spans(strict), strict.repaired) == ([(2, 3, "ORG")], 2)


def test_unknown_names() -> None:
    with pytest.raises(UsageError, match="unknown encoding 'iob'"):
        parse("太 O\n", encoding="iob")
    with pytest.raises(UsageError, match="unknown repair 'no'"):
        parse("太 O\n", repair="no")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("太 O\n原 B-PLACE\n", True),
        ("-DOCSTART-\n\n# id = a\n太\tNR\tO\n", True),
        ("太 O NR\n原 B-PLACE NR\n", True),
        ("太 O\n原 PLACE\n市 O\n", True),
        ("太原市 O\n政府\n", False),
        ("太 NR\n原 NR\n", False),
        ("太原市政府\n", False),
        ("<ORG>太原</ORG> O\n在 <ORG>太原</ORG>\n", False),
        ('{"id": "a", "entities": []}\n', False),
        ("# id = a\n", False),
        ("\ufeff太 O\n", False),
    ],
)
def test_sniff(text: str, expected: bool) -> None:
    assert conll.sniff(Source("p", text.encode())) is expected


def test_sniff_never_raises() -> None:
    assert not conll.sniff(Source("p", b"\xff O\n"))
    assert not conll.sniff(Source("p", b"", is_directory=True))


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """A text with spans that begin and end with characters other than white space."""
    text = draw(st.text(st.sampled_from('太原市府a1#-="𠮷😀 \n\t\u3000\r\u2028'), max_size=20)) + "。"
    marks = [index for index, character in enumerate(text) if not character.isspace()]
    cuts = sorted(draw(st.sets(st.sampled_from(range(len(marks) + 1)), max_size=8)))
    spans = [
        RawSpan(marks[start], marks[end - 1] + 1, draw(st.sampled_from(["ORG", "GPE-LOC", "地点"])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return Sample(draw(st.sampled_from(["a", "文 一", "x = y", "#"])), text, tuple(spans))


@given(st.lists(samples(), min_size=1, max_size=3), st.sampled_from(ENCODINGS))
def test_round_trip(written: list[Sample], encoding: str) -> None:
    source = Source("p", conll.write(written, encoding, comments=True))
    # A file of chunks of one character has no prefix but B and S, and one without chunks has none.
    records = list(conll.read(source, Options(encoding=encoding)))
    assert conll.sniff(source)
    assert [record.id for record in records] == [sample.id for sample in written]
    for record, sample in zip(records, written, strict=True):
        assert record.text == "".join(sample.text.split())
        before = [len("".join(sample.text[:index].split())) for index in range(len(sample.text) + 1)]
        assert spans(record) == [(before[s.start], before[s.end], s.label) for s in sample.spans]


def test_what_is_written() -> None:
    sample = Sample("a", "太原 市", (RawSpan(0, 2, "PLACE"), RawSpan(2, 4, "ORG")))
    assert conll.write([sample]).decode() == "太\tB-PLACE\n原\tI-PLACE\n市\tB-ORG\n\n"
    assert conll.write([sample], "bioes").decode() == "太\tB-PLACE\n原\tE-PLACE\n市\tS-ORG\n\n"
    assert conll.write([sample], comments=True).decode() == "# id = a\n太\tB-PLACE\n原\tI-PLACE\n市\tB-ORG\n\n"


def test_an_id_matters_only_where_it_is_written() -> None:
    assert conll.write([Sample("", "太", ())]).decode() == "太\tO\n\n"


def test_a_byte_order_mark_is_no_first_token() -> None:
    """Readers drop it from the beginning of a file, and with it a token."""
    marked = Sample("a", "\ufeff太", ())
    with pytest.raises(ValueError, match="a: the text begins with a byte order mark"):
        conll.write([marked])
    later = conll.write([Sample("b", "太", ()), marked])
    assert [record.text for record in conll.read(Source("p", later), Options())] == ["太", "\ufeff太"]


def test_a_token_that_separates_documents_is_refused() -> None:
    with pytest.raises(ValueError, match="a: the token '-DOCSTART-' stands for the beginning of a document"):
        conll.write([Sample("a", "-DOCSTART-", ())], tokens=lambda sample: [(0, len(sample.text))])


@pytest.mark.parametrize(
    ("id_", "text", "spans", "message"),
    [
        ("a", "太原市", [RawSpan(0, 2, "X"), RawSpan(1, 3, "X")], "a: X 0–2 and X 1–3 overlap"),
        ("a", "太原市", [RawSpan(0, 3, "X"), RawSpan(0, 2, "Y")], "overlap"),
        ("a", "太原", [RawSpan(0, 3, "X")], "a: X 0–3 is empty or outside the text"),
        ("a", "太原", [RawSpan(1, 1, "X")], "empty"),
        ("a", "太 原", [RawSpan(1, 2, "X")], "no characters but white space"),
        ("a", "太原", [RawSpan(0, 1, "X Y")], "the label 'X Y' can't be part of a tag"),
        ("a", "太原", [RawSpan(0, 1, "X\n")], "can't be part of a tag"),
        ("a", "太原", [RawSpan(0, 1, "")], "can't be part of a tag"),
        ("a", " \n", [], "the text has no characters but white space"),
        ("", "太", [], "the id '' can't stand in a comment"),
        ("a\nb", "太", [], "can't stand in a comment"),
        (" a", "太", [], "can't stand in a comment"),
        ("a", "\ud800", [], "surrogates not allowed"),
    ],
)
def test_what_can_not_be_written(id_: str, text: str, spans: list[RawSpan], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        conll.write([Sample(id_, text, tuple(spans))], comments=True)
