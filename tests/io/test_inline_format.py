"""Inline markup: what is read, what is written, and what is made of tags that a model wrote."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.io.formats import inline
from tyez_bench.io.formats.inline import parse_tags
from tyez_bench.io.record import Fidelity, Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, one_line
from tyez_bench.model.spans import Span


def parse(text: str) -> list[Record]:
    return list(inline.read(Source("p.txt", text.encode()), Options()))


def test_lines_of_text() -> None:
    first, second = parse("<ORG><PLACE>太原</PLACE>市政府</ORG>在<PLACE>太原</PLACE>\r\n\n𠮷 A&B\n")
    assert first == Record(
        1,
        text="太原市政府在太原",
        spans=(Span(0, 5, "ORG"), Span(0, 2, "PLACE"), Span(6, 8, "PLACE")),
        fidelity=Fidelity.EXACT,
    )
    assert (second.line, second.id, second.text, second.spans) == (3, None, "𠮷 A&B", ())


def test_json_lines() -> None:
    one, two, three = parse(
        '{"id": "a", "text": "在\\n<ORG>太原</ORG>", "source": "x"}\n{"text": "太", "id": 3}\n{"text": "原"}\n'
    )
    assert (one.line, one.id, one.text, one.spans) == (1, "a", "在\n太原", (Span(2, 4, "ORG"),))
    assert (two.id, two.text) == ("3", "太")
    assert three.id is None


def test_character_references() -> None:
    (record,) = parse("3 &lt; <A>5&gt;</A> &amp;lt; &quot; R&D &\n")
    assert record.text == "3 < 5> &lt; &quot; R&D &"
    assert record.spans == (Span(4, 6, "A"),)


def test_tags_around_the_same_characters_keep_their_order() -> None:
    assert parse("<B><A>太</A></B>")[0].spans == (Span(0, 1, "B"), Span(0, 1, "A"))


def test_white_space_at_the_end_of_a_tag() -> None:
    assert parse("<地点 >太原</地点\t>")[0].spans == (Span(0, 2, "地点"),)


@pytest.mark.parametrize(
    ("text", "plain", "spans", "problems"),
    [
        ("太原", "太原", [], []),
        ("3<5, <, < a>, <>, </>", "3<5, <, < a>, <>, </>", [], []),
        ("<A>太原", "太原", [], ["character 1: <A> is never closed"]),
        ("太原</A>好", "太原好", [], ["character 3: </A> closes nothing, expected <A> before it"]),
        ("<A></A>太", "太", [], ["character 1: <A> has no text"]),
        (
            "<A>太<B>原</A>市</B>",
            "太原市",
            [(0, 2, "A")],
            [
                "character 9: </A> comes before </B>: tags may nest but not cross",
                "character 14: </B> closes nothing, expected <B> before it",
            ],
        ),
        (
            "<A>太<A>原</A>市",
            "太原市",
            [(1, 2, "A")],
            ["character 1: <A> is never closed"],
        ),
        (
            '<A id="1">太</A>',
            "太",
            [(0, 1, "A")],
            ["character 1: the tag '<A id=\"1\">' has attributes, expected a label only"],
        ),
        ("a <b and c> d", "a <b and c> d", [], []),
        ("<A/>太<br/>", "<A/>太<br/>", [], []),
        ("&lt;A&gt;太&lt;/A&gt;", "<A>太</A>", [], []),
        ("", "", [], []),
    ],
)
def test_lenient_parsing(text: str, plain: str, spans: list[tuple[int, int, str]], problems: list[str]) -> None:
    assert parse_tags(text) == (plain, [Span(*span) for span in spans], problems)


pieces = st.sampled_from(
    ["<A>", "</A>", "<B>", "</B>", "<", ">", "&lt;", "&", "太", "𠮷", "\n", " ", "=", "/", "<A x=1>"]
)


@given(st.lists(pieces, max_size=20).map("".join) | st.text())
def test_lenient_parsing_never_raises_and_keeps_every_character(text: str) -> None:
    plain, spans, problems = parse_tags(text)
    assert spans == sorted(spans, key=lambda span: (span.start, -span.end))
    for one in spans:
        assert 0 <= one.start < one.end <= len(plain)
        for other in spans:
            assert not one.start < other.start < one.end < other.end
    assert all(problem.startswith("character ") for problem in problems)
    assert [c for c in plain if c in "太𠮷\n"] == [c for c in text if c in "太𠮷\n"]


@given(st.lists(pieces.filter(lambda piece: piece != "<"), max_size=12).map("".join))
def test_what_is_read_is_what_lenient_parsing_has_no_problem_with(text: str) -> None:
    plain, spans, problems = parse_tags(text)
    line = json.dumps({"text": text})
    if problems:
        with pytest.raises(InputError) as error:
            parse(line)
        place, reason = problems[0].split(": ", 1)
        assert str(error.value) == f"p.txt:1: {place} of the text: {one_line(reason)}"
    else:
        (record,) = parse(line)
        assert (record.text, list(record.spans)) == (plain, spans)


def test_long_and_hostile_texts_take_no_time() -> None:
    size = 50_000
    for text in ("<" * size, "<A" + " " * size, "<A " + "x=" * size, "<A>" * size + "</B>" * size, "&" * size):
        assert len(parse_tags(text)[0]) <= len(text)
    plain, spans, problems = parse_tags("<A>" * size + "太" + "</A>" * size)
    assert (plain, len(spans), problems) == ("太", size, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("太原\n<ORG>太原</ORG>\n", True),
        ('{"id": "a", "text": "太原"}\n{"id": "b", "text": "<ORG>太原</ORG>"}\n', True),
        ('[{"text": "<ORG>太原</ORG>"}]', True),
        ("[图]<ORG>太原</ORG>", True),
        ("2022\n<ORG>太原</ORG>", True),
        ("太原 <ORG> <br/>\n", False),
        ('{"text": "<ORG>太原</ORG>", "label": []}\n', False),
        ('{"text": "<ORG>太原</ORG>", "entities": []}\n', False),
        ('{"text": "太原"}\n', False),
        ('{"text": null}\n', False),
        ('{"text": "<ORG>太原</ORG>"\n', False),
        ('[{"answer": "<ORG>太原</ORG>"}]', False),
        ("\ufeff<ORG>太原</ORG>", False),
    ],
)
def test_sniff(text: str, expected: bool) -> None:
    assert inline.sniff(Source("p", text.encode())) is expected


def test_sniff_of_what_is_no_text() -> None:
    assert not inline.sniff(Source("p", b"\xff</A>"))
    assert not inline.sniff(Source("p", b"", is_directory=True))


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """A text with spans that are nested at will and do not cross."""
    text = draw(st.text(st.sampled_from('太原市府a1<>&;/lt𠮷😀 \n\t"\\'), max_size=15)) + "。"
    label = st.sampled_from(["ORG", "地点", "B-x", "&", '"'])
    spans: list[Span] = []
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if all(end <= s.start or s.end <= start or _inside(s, start, end) for s in spans):
            spans.append(Span(start, end, draw(label)))
    spans.sort(key=lambda span: (span.start, -span.end))
    return Sample(draw(st.text(max_size=3)), text, tuple(spans))


def _inside(span: Span, start: int, end: int) -> bool:
    return (span.start <= start and end <= span.end) or (start <= span.start and span.end <= end)


@given(st.lists(samples(), min_size=1, max_size=3))
def test_round_trip(written: list[Sample]) -> None:
    source = Source("p", inline.write(written))
    records = list(inline.read(source, Options()))
    assert [(r.line, r.id, r.text, r.spans) for r in records] == [
        (line, s.id, s.text, s.spans) for line, s in enumerate(written, 1)
    ]
    assert inline.sniff(source) == any(sample.spans for sample in written)


def test_what_is_written() -> None:
    sample = Sample("a", "太原市<府>", (Span(0, 2, "PLACE"), Span(0, 4, "ORG")))
    assert inline.write([sample]).decode() == ('{"id": "a", "text": "<ORG><PLACE>太原</PLACE>市&lt;</ORG>府&gt;"}\n')


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ([Span(0, 2, "A"), Span(1, 3, "B")], "a: A 0–2 and B 1–3 cross"),
        ([Span(0, 4, "A")], "a: A 0–4 is outside the text"),
        ([Span(0, 1, "A B")], "the label 'A B' can't be a tag"),
        ([Span(0, 1, "A/B")], "can't be a tag"),
        ([Span(0, 1, "")], "can't be a tag"),
        ([Span(0, 1, "A\n")], "can't be a tag"),
    ],
)
def test_what_can_not_be_written(spans: list[Span], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        inline.write([Sample("a", "太原市", tuple(spans))])
