"""What a format writes it reads again, knows as its own, and no other format claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.io.align.mentions import locate
from tyez_bench.io.detect import detect_format
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.registry import DIRECTORIES, FORMATS, READ_ONLY, load_format
from tyez_bench.io.source import Source
from tyez_bench.model.spans import Span

FILES = [name for name in FORMATS if name not in (*DIRECTORIES, *READ_ONLY)]
NESTED = ("cluener", "doccano", "label-studio", "llm")


@st.composite
def samples(draw: st.DrawFn, *, flat: bool) -> Sample:
    """A text and spans, each place once; flat ones do not overlap."""
    text = draw(st.text(st.sampled_from('太太原市a1<>&;{}[]/\\"𠮷😀é \n\t'), max_size=15)) + "。"
    spans: dict[tuple[int, int], Span] = {}
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if not flat or all(end <= a or b <= start for a, b in spans):
            spans[start, end] = Span(start, end, draw(st.sampled_from(["ORG", "地点", "B-x", '"'])))
    return Sample(draw(st.text(max_size=3)), text, tuple(spans.values()))


def placed(record: Record, text: str) -> set[tuple[int, int, str]]:
    """The spans of a record; names without offsets where the rule puts them."""
    found = {(span.start, span.end, span.label) for span in record.spans}
    for mention, at in zip(record.mentions, locate(text, record.mentions, nested=True), strict=True):
        assert at is not None
        found.add((*at, mention.label))
    return found


def assert_round_trip(name: str, written: list[Sample]) -> None:
    module = load_format(name)
    data = module.write(written)
    assert isinstance(data, bytes)
    source = Source("p", data)
    records = list(module.read(source, Options()))
    assert [record.text for record in records] in ([sample.text for sample in written], [None] * len(written))
    assert [record.id for record in records] == [sample.id for sample in written]
    for record, sample in zip(records, written, strict=True):
        assert placed(record, sample.text) == {(s.start, s.end, s.label) for s in sample.spans}
        for span in record.spans:
            assert span.text in (None, sample.text[span.start : span.end])
    if any(sample.spans for sample in written):
        assert detect_format(source) == name


@pytest.mark.parametrize("name", NESTED)
@given(written=st.lists(samples(flat=False), min_size=1, max_size=3))
def test_nested_and_crossing_spans(name: str, written: list[Sample]) -> None:
    assert_round_trip(name, written)


@given(written=st.lists(samples(flat=True), min_size=1, max_size=3))
def test_flat_spans_in_a_docbin(written: list[Sample]) -> None:
    assert_round_trip("docbin", written)


@pytest.mark.parametrize("name", FILES)
def test_the_gold_in_every_format_is_detected_and_right(name: str) -> None:
    gold = tyez_bench.load()
    layer = [
        Sample(d.id, d.text, tuple(Span(e.start, e.end, str(e.type), e.text) for e in d.outermost())) for d in gold
    ]
    data = load_format(name).write(layer)
    assert isinstance(data, bytes)
    predictions = read_source(Source("p", data), gold, ReadOptions())
    assert predictions.reading.format == name
    # Columns have no place for an id that every reader knows.
    assert predictions.reading.keyed_by == ("text" if name == "conll" else "document")
    assert {key: {(e.start, e.end, e.type) for e in p.entities} for key, p in predictions.items()} == {
        d.id: {(e.start, e.end, e.type) for e in d.outermost()} for d in gold
    }


@pytest.mark.parametrize("name", NESTED)
def test_nested_layers_survive(name: str) -> None:
    gold = tyez_bench.load()
    layer = [Sample(d.id, d.text, tuple(Span(e.start, e.end, str(e.type)) for e in d.entities)) for d in gold]
    data = load_format(name).write(layer)
    assert isinstance(data, bytes)
    predictions = read_source(Source("p", data), gold, ReadOptions(flat=False))
    assert {key: {(e.start, e.end, e.type) for e in p.entities} for key, p in predictions.items()} == {
        d.id: {(e.start, e.end, e.type) for e in d.entities} for d in gold
    }


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("span", [Span(0, 1, ""), Span(0, 4, "A")], ids=["label", "out"])
def test_what_no_format_carries(name: str, span: Span) -> None:
    with pytest.raises(ValueError, match=r"expected a string as label|is outside the text"):
        load_format(name).write([Sample("a", "太原市", (span,))])
