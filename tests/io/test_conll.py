"""Columns of tokens: what is read, what is written, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.io.encodings import ENCODINGS
from tyez_bench.io.formats import conll
from tyez_bench.io.record import Fidelity, Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.spans import Span


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
        6, id="d.1", text="太原", spans=(Span(0, 2, "PLACE"),), fidelity=Fidelity.SQUEEZED, repaired=0
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
    with pytest.raises(InputError, match=r"p\.conll:1: I-PLACE at the beginning .*encoding='iob1'"):
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
        ("\ufeff太 O\n", True),
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
        Span(marks[start], marks[end - 1] + 1, draw(st.sampled_from(["ORG", "GPE-LOC", "地点"])))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return Sample(draw(st.sampled_from(["a", "文 一", "x = y", "#"])), text, tuple(spans))


@given(st.lists(samples(), min_size=1, max_size=3), st.sampled_from([name for name in ENCODINGS if name != "io"]))
def test_round_trip(written: list[Sample], encoding: str) -> None:
    source = Source("p", conll.write(written, encoding, comments=True))
    # A file of chunks of one character has no prefix but B and S, and one without chunks has none.
    records = list(conll.read(source, Options(encoding=encoding)))
    assert conll.sniff(source)
    assert [record.id for record in records] == [sample.id for sample in written]
    for record, sample in zip(records, written, strict=True):
        if sample.text == sample.text.strip() and len(sample.text.splitlines()) == 1:
            # One line: it stands there as it is.
            assert (record.text, spans(record)) == (sample.text, [(s.start, s.end, s.label) for s in sample.spans])
            continue
        assert record.text == "".join(sample.text.split())
        before = [len("".join(sample.text[:index].split())) for index in range(len(sample.text) + 1)]
        assert spans(record) == [(before[s.start], before[s.end], s.label) for s in sample.spans]


def test_what_is_written() -> None:
    sample = Sample("a", "太原 市", (Span(0, 2, "PLACE"), Span(2, 4, "ORG")))
    assert conll.write([sample]).decode() == "太\tB-PLACE\n原\tI-PLACE\n市\tB-ORG\n\n"
    assert conll.write([sample], "bioes").decode() == "太\tB-PLACE\n原\tE-PLACE\n市\tS-ORG\n\n"
    tokens = "太\tB-PLACE\n原\tI-PLACE\n市\tB-ORG\n\n"
    assert conll.write([sample], comments=True).decode() == f"# id = a\n# text = 太原 市\n{tokens}"
    # What the tokens say themselves is not said again, and no line holds two.
    without = Sample("a", "太原市", sample.spans[:1])
    assert "# text" not in conll.write([without], comments=True).decode()
    assert "# text" not in conll.write([Sample("a", "太原\n市", ())], comments=True).decode()


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
    with pytest.raises(ValueError, match="a: the token '-DOCSTART-' marks the beginning of a document"):
        conll.write([Sample("a", "-DOCSTART-", ())], tokens=lambda sample: [(0, len(sample.text))])


@pytest.mark.parametrize(
    ("id_", "text", "spans", "message"),
    [
        ("a", "太原市", [Span(0, 2, "X"), Span(1, 3, "X")], "a: X 0–2 and X 1–3 overlap"),
        ("a", "太原市", [Span(0, 3, "X"), Span(0, 2, "Y")], "overlap"),
        ("a", "太原", [Span(0, 3, "X")], "a: X 0–3 is outside the text"),
        ("a", "太 原", [Span(1, 2, "X")], "is only white space"),
        ("a", "太原", [Span(0, 1, "X Y")], "the label 'X Y' can't be part of a tag"),
        ("a", "太原", [Span(0, 1, "X\n")], "can't be part of a tag"),
        ("a", "太原", [Span(0, 1, "")], "can't be part of a tag"),
        ("a", " \n", [], "the text is only white space"),
        ("", "太", [], "the id '' can't be written in a comment"),
        ("a\nb", "太", [], "can't be written in a comment"),
        (" a", "太", [], "can't be written in a comment"),
        ("a", "\ud800", [], "surrogates not allowed"),
    ],
)
def test_what_can_not_be_written(id_: str, text: str, spans: list[Span], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        conll.write([Sample(id_, text, tuple(spans))], comments=True)


UNER = (
    "# newdoc id = d\n# sent_id = d-1\n# text = 「太原 3 亿元」签约。\n"
    "1\t「\tO\t-\t-\n2\t太原\tB-LOC\t-\tmarker\n3\t3\tB-MONEY\t-\tmarker\n4\t亿元\tI-MONEY\t-\tmarker\n"
    "5\t」\tO\t-\t-\n6-7\t签约\t_\t_\t_\n6\t签\tO\t-\t-\n7\t约\tO\t-\t-\n7.1\t了\tO\t-\t-\n8\t。\tO\t-\t-\n"
)


def test_numbered_tokens_are_placed_in_their_text() -> None:
    (record,) = parse(UNER)
    assert (record.id, record.text) == ("d-1", "「太原 3 亿元」签约。")
    assert spans(record) == [(1, 3, "LOC"), (4, 8, "MONEY")]
    assert conll.sniff(Source("p", UNER.encode()))


def test_a_token_that_is_not_in_its_text_is_one_line() -> None:
    text = "# text = 太原市\n太 O\n元 O\n市 O\n"
    with pytest.raises(InputError, match=r"p\.conll:3: the token '元' is not in the text, which continues with '原市'"):
        parse(text)
    assert [record.text for record in parse(text, join="auto")] == ["太元市"]
    with pytest.raises(InputError, match=r"p.conll:2: the text continues after the last token"):
        parse("# text = 太原\n太 O\n")
    with pytest.raises(InputError, match=r"p.conll:2: a second text"):
        parse("# text = 太原\n# text = 太\n太 O\n")


def test_columns_that_are_numbered_in_front() -> None:
    text = "1 太 NN I-NP B-PLACE\n2 原 NN I-NP I-PLACE\n\n1 市 NN I-NP O\n"
    first, second = parse(text)
    assert (first.text, spans(first), second.text) == ("太原", [(0, 2, "PLACE")], "市")
    assert parse(text, token_column=3)[0].text == "NN NN"
    with pytest.raises(InputError, match=r"p.conll:1: the first column numbers the tokens"):
        parse("1 O\n2 O\n")


def test_numbers_that_do_not_count_are_tokens() -> None:
    assert parse("1 x B-MONEY\n3 x I-MONEY\n")[0].text == "13"
    assert parse("1 x B-MONEY\n\n太 x O\n原 x O\n")[0].text == "1"


def test_columns_by_name() -> None:
    text = "# global.columns = FORM NER POS\n太\tB-PLACE\tB-NN\n原\tI-PLACE\tI-NN\n"
    assert spans(parse(text, column="NER")[0]) == [(0, 2, "PLACE")]
    assert spans(parse(text)[0]) == [(0, 2, "NN")]
    with pytest.raises(InputError, match=r"has no column 'NE': the columns are FORM, NER, POS"):
        parse(text, column="NE")
    with pytest.raises(InputError, match="the columns have no names"):
        parse("太 O\n", column="NER")
    with pytest.raises(InputError, match="has 2 columns, expected the token in column 3"):
        parse("太 O\n", token_column=3)


@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_first_row_of_names(gap: str) -> None:
    """It is no token; it names the columns, and says which one has the tokens."""
    text = f"sentence_id\tWords\tgold\tpred\n{gap}0\t太\tB-PLACE\tO\n0\t原\tI-PLACE\tB-ORG\n\n1\t市\tO\tO\n"
    first, second = parse(text)
    assert (first.text, spans(first), first.line) == ("太原", [(1, 2, "ORG")], 2 + len(gap))
    assert (second.text, spans(second)) == ("市", [])
    assert spans(parse(text, column="gold")[0]) == [(0, 2, "PLACE")]
    with pytest.raises(InputError, match="has no column 'NER': the columns are sentence_id, Words, gold, pred"):
        parse(text, column="NER")


def test_numbers_of_sentences_are_no_tokens() -> None:
    text = "0\t太\tB-PLACE\n0\t原\tI-PLACE\n\n1\t市\tO\n"
    with pytest.raises(InputError, match=r"p.conll:1: the first column has one number per sentence.*token_column=2"):
        parse(text)
    assert [record.text for record in parse(text, token_column=2)] == ["太原", "市"]
    assert [record.text for record in parse(text, token_column=1)] == ["00", "1"]
    assert [record.text for record in parse("0\tO\n0\tO\n\n1\tO\n")] == ["00", "1"]


def test_a_first_row_of_names_above_no_entity() -> None:
    assert [(record.text, spans(record)) for record in parse("token tag\n太 O\n原 O\n")] == [("太原", [])]


def test_what_is_no_row_of_names() -> None:
    """With a tag beside the name of tokens, or what may be one (in io a label may stand alone); without such a name."""
    assert spans(parse("text\tB-ORG\n太\tO\n")[0]) == [(0, 4, "ORG")]
    assert spans(parse("text ORG\n太 O\n原 PLACE\n", encoding="io")[0]) == [(0, 4, "ORG"), (5, 6, "PLACE")]
    with pytest.raises(InputError, match=r"p.conll:1: 'gold' is not a tag"):
        parse("太\tgold\n原\tO\n")


def test_a_last_column_without_tags_is_passed_over() -> None:
    assert spans(parse("太\tB-PLACE\t\n原\tI-PLACE\t\n")[0]) == [(0, 2, "PLACE")]
    assert spans(parse("太 B_PLACE ann\n原 I_PLACE bob\n市 O -\n")[0]) == [(0, 2, "PLACE")]
    with pytest.raises(InputError, match=r"p.conll:1: 'NN' is not a tag"):
        parse("太 NN\n原 NN\n")


@pytest.mark.parametrize(
    ("tags", "encoding", "found"),
    [
        ("B_X I_X O B_Y", None, [(0, 2, "X"), (3, 4, "Y")]),
        ("B-X M-X E-X W-Y", None, [(0, 3, "X"), (3, 4, "Y")]),
        ("X-B X-I O O", None, [(0, 2, "X")]),
        ("b-X i-X o o", None, [(0, 2, "X")]),
        ("B I O B", None, [(0, 2, "_"), (3, 4, "_")]),
        ("X X O Y", "io", [(0, 2, "X"), (3, 4, "Y")]),
        ("I-X I-X O I-Y", "io", [(0, 2, "X"), (3, 4, "Y")]),
        ("X X X-Z Y", "io", [(0, 2, "X"), (2, 3, "X-Z"), (3, 4, "Y")]),
    ],
)
def test_spellings_and_encodings(tags: str, encoding: str | None, found: list[tuple[int, int, str]]) -> None:
    lines = "".join(f"{token}\t{tag}\n" for token, tag in zip("太原市府", tags.split(), strict=True))
    options = {} if encoding is None else {"encoding": encoding}
    (record,) = parse(lines, **options)
    assert (spans(record), record.repaired) == (found, 0)


def test_io_is_never_guessed() -> None:
    with pytest.raises(
        InputError, match=r"conll:1: 'PER' is not a tag of the encoding bio.*choose another with encoding="
    ):
        parse("太 PER\n原 O\n")
    with pytest.raises(InputError, match="pass encoding='iob1' or io if chunks begin with I"):
        parse("太 I-X\n原 O\n")
    with pytest.raises(InputError, match="'B-X' is not a tag of the encoding io, expected O, I-LABEL"):
        parse("太 B-X\n原 O\n", encoding="io")


def test_a_fault_names_the_tag_as_it_is_written() -> None:
    with pytest.raises(InputError, match=r"p\.conll:2: I-X after O is illegal in bio.*\(written I_X\)"):
        parse("太 O\n原 I_X\n市 B_X\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("太 1\n原 2\n市 0\n", "p.conll:1: '1' is a number, not a tag: expected tag names"),
        ("[CLS] [CLS]\n太 B-X\n原 O\n", r"p.conll:1: '\[CLS\]' is a special token of BERT's tokenizer"),
        ("[CLS] O\n太 B-X\n原 O\n", r"p.conll:1: '\[CLS\]' is a special token of BERT's tokenizer"),
        ("太 B-X\n##原 X\n市 O\n", "p.conll:2: 'X' is not a tag but marks the later pieces"),
        ("太 B-X\n原 I-X\n  O\n", "p.conll:3: the token is a space, which space-separated columns can't hold"),
        ("太 NR O\n原 O\n", "p.conll:2: has 2 columns, expected 3"),
        ("1\t太\tO\n2\t\tO\n", "p.conll:2: column 2 is empty, expected a token"),
        (
            "太原市今天晴，明天雨。 -X- _ B-X\n-DOCSTART-\n太原市明天雨。 -X- _ O\n",
            "p.conll:1: a token is a whole sentence, '太原市今天晴",
        ),
    ],
)
def test_what_is_no_text_or_no_tag_is_one_line(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse(text)


def test_tokens_with_their_place_in_the_word() -> None:
    text = "太0\tB-GPE.NAM\n原1\tI-GPE.NAM\n20\tO\n61\tO\n\n好0\tO\n😀0\tO\n"
    first, second = parse(text)
    assert (first.text, spans(first), first.places) == ("太原26", [(0, 2, "GPE.NAM")], 4)
    assert (second.text, second.places) == ("好😀", 2)


def test_a_miscount_is_a_place_and_a_token_without_one_is_refused() -> None:
    """Weibo NER's training set has one miscount."""
    words = "太0\tO\n原1\tO\n市2\tO\n\n" * 4
    records = parse(words + "越0\tO\n来2\tO\n")
    assert (records[-1].text, records[-1].places) == ("越来", 2)
    with pytest.raises(InputError, match=r"p\.conll:18: the token '来' has no position in the word"):
        parse(words + "越0\tO\n来\tO\n")


@pytest.mark.parametrize("tokens", ["太0 原2", "太 原1", "太1 原2", "太0 原"])
def test_numbers_that_are_no_places_stay(tokens: str) -> None:
    (record,) = parse("".join(f"{token}\tO\n" for token in tokens.split()))
    assert (record.text, record.places) == (tokens.replace(" ", ""), 0)


def test_windows_files() -> None:
    first, second = parse("\ufeff太\tB-X\r\n\t\r\n原\tO\r\n\ufeff\r\n")
    assert (first.text, first.line, second.text) == ("太", 1, "原")


def test_comments() -> None:
    text = "# newdoc\n# newpar\n# 一句 话\n# 话\n太 B-X\n# I-X\n\n# O\n# note\n\n# 又 一 句\n原 O\n"
    found = parse(text.replace("# note\n\n", "\n"))
    assert [record.text for record in found] == ["太#", "#", "原"]
    assert [record.text for record in parse("# 话\n#\tO\n原\tO\n")] == ["#原"]
    with pytest.raises(InputError, match=r"p.conll:2: the comment '# a b c' is inside a sentence"):
        parse("太 O\n# a b c\n原 O\n")


def test_a_bad_line_leaves_the_other_sentences() -> None:
    data = (
        "太\tB_X\n\n原\t".encode()
        + b"\xff\n\n"
        + "市\tO\n府\n\n# id = a\n# id = b\n汾\tO\n\n河\tI_X\n\n晋\tB_X\n".encode()
    )
    found = list(conll.read_each(Source("p", data), Options()))
    assert [one.text if isinstance(one, Record) else (one.line, one.reason[:12]) for one in found] == [
        "太",
        (3, "byte 0xff is"),
        (6, "has 1 column"),
        (9, "the id 'b' c"),
        (12, "I-X at the b"),
        "晋",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("太\tB-X\n市\tO\n".encode("gb18030"), "p:2: byte 0xca is not valid UTF-8; it looks like GB18030"),
        ("太\tB-X\n市\tO\n".encode("utf-16"), "p:1: byte 0xff is not valid UTF-8; it looks like UTF-16"),
        ("太\tB-X\n".encode() + b"\xca\xd0\tO\n", "p:2: byte 0xca is not valid UTF-8"),
    ],
)
def test_other_encodings_are_named(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        list(conll.read(Source("p", data), Options()))
    assert str(caught.value) == says
