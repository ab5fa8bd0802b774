"""DocBin: files that spaCy wrote, from words and characters, with ids and groups of spans."""

from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as SpacySpan

import tyez_bench
from tyez_bench.io.formats import docbin
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, MissingExtraError
from tyez_bench.model.spans import Span

NLP = spacy.blank("zh")


def doc(words: list[str], ents: list[tuple[int, int, str]] | None = None, **data: Any) -> Doc:
    made = Doc(NLP.vocab, words=words, spaces=[False] * len(words), user_data=data)
    if ents is not None:
        made.set_ents([SpacySpan(made, *ent) for ent in ents])
    return made


def source(*docs: Doc, **how: Any) -> Source:
    return Source("p.spacy", DocBin(docs=list(docs), **{"store_user_data": True, **how}).to_bytes())


def parse(found: Source, spans_key: str | None = None) -> list[Record]:
    return list(docbin.read(found, Options(spans_key=spans_key)))


def test_entities_of_words() -> None:
    found = source(doc(["在", "太原市", "𠮷"], [(1, 2, "GPE")], id="a"), doc(["山西"], []))
    assert parse(found) == [
        Record(None, id="a", text="在太原市𠮷", spans=(Span(1, 4, "GPE", "太原市"),)),
        Record(None, text="山西"),
    ]
    assert docbin.sniff(found)


def test_the_id_of_an_extension() -> None:
    Doc.set_extension("id", default=None, force=True)
    try:
        made = doc(["太原"], [])
        made._.id = "b"
        data = source(made)
    finally:
        Doc.remove_extension("id")
    assert parse(data)[0].id == "b"


def test_a_pipelines_output_is_placed_by_its_text(gold: tyez_bench.Gold) -> None:
    """Tokens of spaCy's own tokenizer and entities of its own ruler, with nothing but the text to go by."""
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns(  # type: ignore[attr-defined]
        [{"label": "GPE", "pattern": [{"TEXT": c} for c in name]} for name in ("太原", "山西")]
    )
    bin_ = DocBin(docs=nlp.pipe(document.text for document in gold))
    predictions = read_source(Source("p.spacy", bin_.to_bytes()), gold, ReadOptions(labels="ontonotes5"))
    assert predictions.reading.format == "docbin"
    assert predictions.reading.keyed_by == "text"
    expected = sum(document.text.count(name) for document in gold for name in ("太原", "山西"))
    assert sum(len(p.entities) for p in predictions.values()) == expected
    assert all(e.text in ("太原", "山西") for p in predictions.values() for e in p.entities)


def test_a_group_of_spans() -> None:
    made = doc(list("太原市政府"))
    made.spans["sc"] = [SpacySpan(made, 0, 5, "ORG"), SpacySpan(made, 0, 3, "LOC")]
    found = source(made, doc(["山西"]))
    assert [r.spans for r in parse(found, "sc")] == [
        (Span(0, 5, "ORG", "太原市政府"), Span(0, 3, "LOC", "太原市")),
        (),
    ]
    with pytest.raises(InputError, match="no document has a group of spans 'x', expected one of: 'sc'"):
        parse(found, "x")
    with pytest.raises(
        InputError, match="no document has its entities set; pass spans_key= to read a group of spans: 'sc'"
    ):
        parse(found)


def test_entities_never_set_are_told_from_none_found() -> None:
    assert parse(source(doc(["太原"], []), doc(["山西"])))[1].spans == ()
    with pytest.raises(InputError, match="no document has its entities set"):
        parse(source(doc(["太原"])))


def test_an_id_that_is_none() -> None:
    with pytest.raises(InputError, match=r"p.spacy: document 2: expected a string as id, got 1.5"):
        parse(source(doc(["太原"], [], id="a"), doc(["太原"], [], id=1.5)))


@pytest.mark.parametrize("data", [b"", b"x\x9c", b"text", b"\x78\x9c\x03\x00\x00\x00\x00\x01"])
def test_what_is_no_docbin(data: bytes) -> None:
    assert not docbin.sniff(Source("p", data))
    with pytest.raises(InputError, match="p: not a DocBin that this spaCy can read"):
        parse(Source("p", data))


def test_every_cut_of_a_file_is_refused_or_read() -> None:
    data = source(doc(["在", "太原市"], [(1, 2, "GPE")], id="a")).data
    for size in range(len(data)):
        with pytest.raises(InputError, match="not a DocBin"):
            parse(Source("p", data[:size]))


def test_a_directory_is_none() -> None:
    assert not docbin.sniff(Source("p", b"", is_directory=True))


def test_overlapping_spans_can_not_be_written() -> None:
    with pytest.raises(ValueError, match="a: B 1–3 overlaps another span"):
        docbin.write([Sample("a", "太原市", (Span(0, 2, "A"), Span(1, 3, "B")))])
    with pytest.raises(ValueError, match="outside the text"):
        docbin.write([Sample("a", "太原市", (Span(0, 4, "A"),))])


def test_without_spacy(monkeypatch: pytest.MonkeyPatch) -> None:
    data = source(doc(["太原"], []))
    monkeypatch.setitem(__import__("sys").modules, "spacy.tokens", None)
    assert docbin.sniff(data)
    with pytest.raises(MissingExtraError, match=r"spacy>=3\.7"):
        parse(data)
    with pytest.raises(MissingExtraError, match=r"spacy>=3\.7"):
        docbin.write([])


def test_spans_in_groups_alone_are_not_dropped() -> None:
    """Entities that are set, and none of them: the groups hold what was found, and the way to them is said."""
    made = doc(["在", "太原"], [])
    made.spans["sc"] = [SpacySpan(made, 1, 2, "GPE")]
    with pytest.raises(
        InputError, match=r"no document has entities, but there are groups of spans; pass spans_key= to read .*: 'sc'"
    ):
        parse(source(made))
    assert parse(source(made), "sc")[0].spans == (Span(1, 3, "GPE", "太原"),)
    made.set_ents([SpacySpan(made, 1, 2, "GPE")])
    assert parse(source(made))[0].spans == (Span(1, 3, "GPE", "太原"),)
