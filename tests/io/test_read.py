"""From a file to predictions: formats, labels, offsets, overlaps, and what is counted on the way."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.gold.gold import load
from tyez_bench.io import label_maps, registry
from tyez_bench.io.align.spans import OVERLAP_RULES, Candidate, keep
from tyez_bench.io.detect import detect_format
from tyez_bench.io.read import Predictions, ReadOptions, read_predictions, read_records
from tyez_bench.io.record import Fidelity, RawUnlocated, Record
from tyez_bench.io.source import Source, open_source
from tyez_bench.model.documents import Unlocated
from tyez_bench.model.errors import InputError, MissingExtraError, UsageError
from tyez_bench.model.spans import Span
from tyez_bench.model.values import Money
from tyez_bench.report.reading import counted_words

LABELS = ("PLACE", "ORG", "MONEY", "DATE")

SMALL = Path(__file__).parents[1] / "broken" / "place" / "gold.jsonl"
SOURCE = Source("p", b"")


@pytest.fixture(scope="module")
def small() -> tyez_bench.Gold:
    """Document a reads 太原市在山西。投资3元。 in two sentences, document b 𠮷野家在太原。 in one."""
    return load(SMALL)


def read(gold: tyez_bench.Gold, *records: Record, **how: Any) -> Predictions:
    """Predictions from records."""
    return read_records(list(records), SOURCE, gold, ReadOptions(**how), format="test")


def spans(predictions: Predictions) -> list[tuple[str, int, int, str]]:
    """Every span with its document."""
    return [(id_, e.start, e.end, str(e.type)) for id_, p in predictions.items() for e in p.entities]


def test_labels_are_mapped_and_those_out_of_scope_counted(small: tyez_bench.Gold) -> None:
    record = Record(
        1,
        id="a",
        spans=(Span(0, 3, "GPE"), Span(4, 6, "PERSON"), Span(9, 11, "QUANTITY"), Span(7, 9, "PERSON")),
        unlocated=(RawUnlocated("王", "PERSON"),),
    )
    found = read(small, record)
    assert spans(found) == [("a", 0, 3, "PLACE")]
    assert found.label_map.name == "ontonotes5"
    assert found.reading.out_of_scope == {"PERSON": 3, "QUANTITY": 1}
    assert found["a"].unlocated == ()


def test_ignored_labels_are_counted_and_have_no_say_in_detection(small: tyez_bench.Gold) -> None:
    record = Record(1, id="a", spans=(Span(0, 3, "PLACE"), Span(0, 3, "GENE"), Span(4, 6, "DATE")))
    found = read(small, record, ignore_labels=frozenset(["GENE", "DATE"]))
    assert spans(found) == [("a", 0, 3, "PLACE")]
    assert found.label_map.name == "tyez"
    assert found.reading.out_of_scope == {"DATE": 1, "GENE": 1}


def test_a_map_may_be_named_or_given(small: tyez_bench.Gold) -> None:
    record = Record(1, id="a", spans=(Span(0, 3, "LOC"),))
    assert read(small, record, labels="msra").label_map.name == "msra"
    assert read(small, record, labels=label_maps.load_map("conll03")).label_map.name == "conll03"


def test_an_ignored_span_overlaps_nothing(small: tyez_bench.Gold) -> None:
    record = Record(1, id="a", spans=(Span(0, 3, "GPE"), Span(1, 4, "PERSON")))
    assert spans(read(small, record)) == [("a", 0, 3, "PLACE")]


def test_sentences_of_one_document_are_one_prediction(small: tyez_bench.Gold) -> None:
    found = read(
        small,
        Record(1, id="a.s2", spans=(Span(2, 4, "MONEY", value=Money(amount="3", currency="CNY")),)),
        Record(2, text="𠮷野家在太原。", spans=(Span(4, 6, "PLACE", "太原"),)),
        Record(3, id="a.s1", spans=(Span(4, 6, "PLACE"),)),
    )
    assert spans(found) == [("a", 9, 11, "MONEY"), ("a", 4, 6, "PLACE"), ("b", 4, 6, "PLACE")]
    assert found["a"].entities[0].value == Money(amount="3", currency="CNY")
    assert found["b"].entities[0].text == "太原"
    assert found.reading.keyed_by == "sentence, text"
    assert found.reading.missing_sentences == 0
    assert read(small, Record(1, id="a.s2")).reading.missing_sentences == 2


def test_offsets_into_the_page(small: tyez_bench.Gold) -> None:
    """Document a stands on the page at 0–7 and 10–15, document b at 20; a record for the page is one for all."""
    page = "太原市在山西。\n\n\n投资3元。\n\n\n\n\n𠮷野家在太原。"
    record = Record(1, id="page", text=page, spans=(Span(0, 3, "PLACE"), Span(12, 14, "MONEY", "3元")))
    found = read(small, record)
    assert spans(found) == [("a", 0, 3, "PLACE"), ("a", 9, 11, "MONEY")]
    assert list(found) == ["a", "b"]
    assert found.reading.keyed_by == "page"


def test_a_span_across_a_break_of_the_page(small: tyez_bench.Gold) -> None:
    """Its surface may be what stands in the document or what stands on the page."""
    for text in ("西。投", "西。\n\n\n投", None):
        record = Record(1, id="page", spans=(Span(5, 11, "PLACE", text),))
        assert spans(read(small, record)) == [("a", 5, 8, "PLACE")]
    with pytest.raises(InputError, match="page: PLACE 5–11 of the page reads '西。投', but its text is '西。投资'"):
        read(small, Record(1, id="page", spans=(Span(5, 11, "PLACE", "西。投资"),)))


def test_the_text_of_another_page(small: tyez_bench.Gold) -> None:
    with pytest.raises(
        InputError, match="the text differs from the page at 10, where a part of a begins: first difference at"
    ):
        read(small, Record(1, id="page", text="太原市在山西。\n\n投资3元。"))


def test_every_entity_of_the_gold_by_its_page_offsets(gold: tyez_bench.Gold) -> None:
    """And it is found again."""
    raw, expected = [], []
    for document, entity in gold.entities():
        first, last = document.page_offset(entity.start), document.page_offset(entity.end - 1)
        assert first is not None
        assert last is not None
        raw.append(Span(first, last + 1, entity.type))
        expected.append((document.id, entity.start, entity.end, str(entity.type)))
    assert spans(read(gold, Record(1, id="tyez", spans=tuple(raw)), flat=False)) == expected


def test_another_text_is_refused_and_aligned_on_request(small: tyez_bench.Gold) -> None:
    text = "太原市在 山西。投资３元｡"
    record = Record(
        1,
        id="a",
        text=text,
        spans=(Span(0, 3, "PLACE"), Span(5, 7, "PLACE", "山西"), Span(10, 12, "MONEY"), Span(4, 5, "ORG")),
    )
    with pytest.raises(
        InputError,
        match=r"p:1: the text is not that of document id 'a': first difference at character 4 "
        r"\(record has ' ', gold has '山'\); pass align=True to ignore such differences$",
    ):
        read(small, record)
    found = read(small, record, align=True)
    assert spans(found) == [("a", 0, 3, "PLACE"), ("a", 4, 6, "PLACE"), ("a", 9, 11, "MONEY")]
    assert found["a"].entities[1].text == "山西"
    assert (found.reading.moved, found.reading.lost) == (2, 1)


def test_aligning_passes_over_nothing_else(small: tyez_bench.Gold) -> None:
    record = Record(1, id="a", text="太原县在山西。投资3元。")
    with pytest.raises(InputError, match=r"has '县', gold has '市'.$"):
        read(small, record)
    with pytest.raises(InputError, match=r"has '县', gold has '市'., ignoring white space$"):
        read(small, record, align=True)


@pytest.mark.parametrize(("start", "end", "unit"), [(5, 7, "UTF-16 code units"), (13, 19, "UTF-8 bytes"), (4, 6, None)])
def test_other_units_are_converted_when_aligning(
    small: tyez_bench.Gold, start: int, end: int, unit: str | None
) -> None:
    found = read(small, Record(1, id="b", spans=(Span(start, end, "PLACE", "太原"),)), align=True)
    assert spans(found) == [("b", 4, 6, "PLACE")]
    assert found.reading.unit == unit
    assert found.reading.moved == (unit is not None)


def test_tokens_are_placed_over_white_space(gold: tyez_bench.Gold) -> None:
    """The gold's own entities, in texts without white space, come back where they were."""
    records, expected = [], []
    for line, document in enumerate(gold, 1):
        kept = [index for index, c in enumerate(document.text) if not c.isspace()]
        at = {index: number for number, index in enumerate(kept)}
        entities = document.outermost()
        raw = tuple(Span(at[e.start], at[e.end - 1] + 1, e.type) for e in entities)
        text = "".join(document.text[index] for index in kept)
        records.append(Record(line, text=text, spans=raw, fidelity=Fidelity.SQUEEZED))
        expected += [(document.id, e.start, e.end, str(e.type)) for e in entities]
    found = read(gold, *records)
    assert spans(found) == expected
    assert found.reading.moved == 0


def test_a_models_copy(small: tyez_bench.Gold) -> None:
    """A changed character inside a name, one added, a name that the text lacks: three edits and more are counted."""
    record = Record(
        1,
        id="a.s1",
        text="太源市在那山西省。",
        spans=(Span(0, 3, "PLACE", "太源市"), Span(5, 8, "PLACE"), Span(7, 8, "ORG"), Span(1, 2, "DATE")),
        fidelity=Fidelity.COPIED,
    )
    found = read(small, record)
    assert spans(found) == [("a", 0, 3, "PLACE"), ("a", 4, 6, "PLACE")]
    assert found["a"].entities[0].text == "太原市"
    assert found["a"].unlocated == (Unlocated(text="省", type="ORG"), Unlocated(text="源", type="DATE"))
    assert (found.reading.edits, found.reading.unlocated, found.reading.lost) == (3, 2, 0)


def test_a_copy_needs_its_package(small: tyez_bench.Gold, monkeypatch: pytest.MonkeyPatch) -> None:
    """But not where it is no different."""
    monkeypatch.setitem(__import__("sys").modules, "rapidfuzz.distance", None)
    assert read(small, Record(1, id="b", text="𠮷野家在太原。", fidelity=Fidelity.COPIED)).reading.edits == 0
    with pytest.raises(MissingExtraError, match="rapidfuzz"):
        read(small, Record(1, id="b", text="吉野家在太原。", fidelity=Fidelity.COPIED))


def test_what_a_file_says_is_nowhere_stays_so(small: tyez_bench.Gold, tmp_path: Path) -> None:
    """Though the text has it. And it is written as it was read."""
    line = '{"id":"a","entities":[],"unlocated":[{"text":"山西","type":"PLACE","start":7}]}\n'
    path = tmp_path / "p.jsonl"
    path.write_text(line, "utf-8")
    found = read_predictions(path, small)
    assert found["a"].unlocated == (Unlocated(text="山西", type="PLACE", start=7),)
    from tyez_bench.io.formats.native import write_predictions

    write_predictions(path, list(found.values()))
    assert path.read_text("utf-8") == line


def test_overlaps_are_refused_kept_or_dropped(small: tyez_bench.Gold) -> None:
    record = Record(1, id="a", spans=(Span(0, 2, "PLACE"), Span(1, 5, "ORG"), Span(4, 6, "PLACE")))
    with pytest.raises(InputError, match="p:1: a: PLACE 0–2 '太原' and ORG 1–5 '原市在山' overlap; expected one flat"):
        read(small, record)
    assert len(spans(read(small, record, flat=False))) == 3
    longest, first = (read(small, record, overlaps=rule) for rule in ("keep-longest", "keep-first"))
    assert spans(longest) == [("a", 1, 5, "ORG")]
    assert longest.reading.dropped == 2
    assert spans(first) == [("a", 0, 2, "PLACE"), ("a", 4, 6, "PLACE")]
    assert first.reading.dropped == 1


def test_an_overlap_is_told_at_its_record(small: tyez_bench.Gold) -> None:
    record = Record(7, id="a.s1", spans=(Span(0, 3, "PLACE"), Span(0, 2, "PLACE")))
    with pytest.raises(InputError, match="p:7: a: PLACE 0–3"):
        read(small, Record(1, id="a.s2"), record)


def test_twice_is_refused_but_under_a_rule(small: tyez_bench.Gold) -> None:
    record = Record(1, id="a", spans=(Span(0, 3, "GPE"), Span(0, 3, "GPE")))
    for how in ({}, {"flat": False}):
        with pytest.raises(InputError, match=r"PLACE \(GPE\) 0–3 occurs twice.*; pass overlaps=.* to drop one of them"):
            read(small, record, **how)
    for rule in OVERLAP_RULES:
        found = read(small, record, overlaps=rule)
        assert (spans(found), found.reading.dropped) == ([("a", 0, 3, "PLACE")], 1)


def test_what_stands_there_twice_goes_alone(small: tyez_bench.Gold) -> None:
    """What is around it and inside it stays where that may be, and is refused where it may not."""
    nested = (Span(1, 2, "PLACE"), Span(0, 3, "ORG"), Span(1, 2, "PLACE"), Span(0, 3, "PLACE"))
    found = read(small, Record(1, id="a", spans=nested), overlaps="keep-one", flat=False)
    assert found.reading.dropped == 1
    assert sorted(spans(found)) == [("a", 0, 3, "ORG"), ("a", 0, 3, "PLACE"), ("a", 1, 2, "PLACE")]
    with pytest.raises(InputError, match=r"ORG 0–3 .* and PLACE 0–3 .* overlap; expected one flat layer"):
        read(small, Record(1, id="a", spans=nested), overlaps="keep-one")


def test_two_labels_of_one_type(small: tyez_bench.Gold) -> None:
    """One is dropped where a rule is given; nested or flat they would count twice."""
    record = Record(1, id="a", spans=(Span(0, 3, "GPE"), Span(0, 3, "FAC")))
    for how in ({}, {"flat": False}):
        with pytest.raises(InputError, match=r"PLACE \(FAC\) 0–3 and PLACE \(GPE\) 0–3 are the same span"):
            read(small, record, **how)
    found = read(small, record, overlaps="keep-first")
    assert (spans(found), found.reading.dropped) == ([("a", 0, 3, "PLACE")], 1)


PIECES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from(LABELS)),
    max_size=9,
    unique=True,
)


@given(PIECES, st.sampled_from(["keep-longest", "keep-first"]))
def test_the_keep_rules_against_their_definition(pieces: Sequence[tuple[int, int, str]], rule: Any) -> None:
    """First: lowest (start, −end, type). Longest: most characters, then first. Each drops what overlaps it."""
    record = Record(1)
    found = [Span(start, start + size, type_) for start, size, type_ in pieces]
    remaining, expected = list(found), []
    while remaining:
        best = min(
            remaining, key=lambda s: ((s.start - s.end) if rule == "keep-longest" else 0, s.start, -s.end, s.label)
        )
        expected.append(best)
        remaining = [s for s in remaining if s.end <= best.start or best.end <= s.start]
    kept = keep([Candidate(span, span.label, record) for span in found], rule)
    assert [one.span for one in kept] == [span for span in found if span in expected]


@pytest.mark.parametrize(
    ("start", "end", "says"),
    [(-1, 2, "-1–2 are negative"), (2, 2, "2–2 are empty or"), (2, 1, "2–1 are empty or reversed")],
)
def test_no_span_is_empty_reversed_or_negative(start: int, end: int, says: str) -> None:
    for make in (Span, lambda *bounds: tyez_bench.PredictedEntity(start=bounds[0], end=bounds[1], type=bounds[2])):
        with pytest.raises(ValueError, match=f"^entity offsets {says}"):
            make(start, end, "ORG")


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (Record(3, id="a", spans=(Span(2, 13, "ORG"),)), r"p:3: a: ORG 2–13 is outside the text \(0–12\)"),
        (
            Record(3, id="page", unlocated=(RawUnlocated("太", "ORG"),)),
            "p:3: page: mentions without offsets need a document or a sentence",
        ),
        (
            Record(3, id="a", spans=(Span(0, 1, "XYZ"),)),
            "p:3: unknown label 'XYZ', expected PLACE, ORG, MONEY, DATE ",
        ),
    ],
)
def test_what_is_refused(small: tyez_bench.Gold, record: Record, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(small, record)


def test_a_long_list_of_labels_is_cut(small: tyez_bench.Gold) -> None:
    with pytest.raises(
        InputError, match=r"unknown label 'XYZ', expected ns, nsf, .*, … \(89\) .label map pku.; pass ignore_labels"
    ):
        read(small, Record(1, id="a", spans=(Span(0, 1, "XYZ"),)), labels="pku")


def test_unknown_names(small: tyez_bench.Gold, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id":"a","entities":[]}\n', "utf-8")
    with pytest.raises(UsageError, match="unknown format 'xml', expected one of: native, conll, "):
        read_predictions(path, small, format="xml")
    with pytest.raises(UsageError, match="unknown label map 'x'"):
        read_predictions(path, small, labels="x")
    with pytest.raises(UsageError, match="unknown rule for overlaps 'x', expected one of: keep-longest, keep-first"):
        read_predictions(path, small, overlaps="x")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is a directory, expected a file in the format native"):
        read_predictions(tmp_path, small, format="native")


def test_predictions_are_a_mapping_that_says_how_it_was_read(small: tyez_bench.Gold, tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id":"b","entities":[]}\n{"id":"a","entities":[]}\n', "utf-8")
    found = read_predictions(path, small)
    assert list(found) == ["b", "a"]
    assert len(found) == 2
    assert repr(found) == "<Predictions: 2 documents, native, labels tyez>"
    assert (found.reading.format, found.reading.keyed_by, found.reading.records) == ("native", "document", 2)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"id":"a","entities":[]}\n', "native"),
        ('{"id":"a","entities":[]}\n{"id":"b","entities":[{"start":0,"end":1,"type":"X"}]}\n', "native"),
        ('{"id":"a","entities":[]}\n{', "native"),
        ("太\tB-LOC\n原\tI-LOC\n", "conll"),
        ('[{"entity_group":"LOC","start":0,"end":2,"word":"太 原","score":0.9}]\n', "hf"),
        ('{"id":"a","entities":[{"entity":"LOC","start":0,"end":2,"index":1}]}\n', "hf"),
        ("<LOC>太原</LOC>在山西。\n", "inline"),
    ],
)
def test_formats_are_told_apart(content: str, name: str) -> None:
    assert detect_format(Source("p", content.encode())) == name


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xef\xbb\xbf{}", "p:1: starts with a byte order mark"),
        (b"\xff\xfe\x00", "p:1: byte 0xff is not valid UTF-8"),
        (b'{"id": }', "p:1: not valid JSON"),
        (b'{"id": 1}', "p: is not in a known format: native, "),
    ],
)
def test_a_file_in_no_format(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says):
        detect_format(Source("p", data))


def test_formats_that_read_a_file_alike_are_no_ambiguity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.FORMATS, "conll", registry.FORMATS["native"])
    assert detect_format(Source("p", b'{"id":"a","entities":[{"start":0,"end":2,"type":"A"}]}\n')) == "native"


def test_several_formats_are_named() -> None:
    # By its offsets alone the span is 太, by its name 太原.
    data = '{"text": "太原好", "entities": [{"start": 0, "end": 1, "label": "A", "name": "太原"}]}\n'.encode()
    with pytest.raises(InputError, match=r"matches several formats: gliner, offsets; choose one with format=$"):
        detect_format(Source("p", data))


def test_a_directory_in_no_format(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is a directory, but not in a format of directories .brat."):
        detect_format(open_source(tmp_path))


def test_names_that_are_whole_texts_are_said(tmp_path: Path) -> None:
    """A sentence that was one token: as Label Studio exports Chinese, here without a mark that would tell."""
    texts = ["太原市晋源区签约资金三亿元", "山西省今年前三季度出口增长"]
    gold = tmp_path / "gold.jsonl"
    gold.write_text(
        "".join(f'{{"id": "{n}", "text": "{t}", "entities": []}}\n' for n, t in enumerate(texts)), encoding="utf-8"
    )
    predicted = tmp_path / "p.conll"
    predicted.write_text(f"{texts[0]} B-PLACE\n\n{texts[1]} B-PLACE\n", encoding="utf-8")
    notes = tyez_bench.read_predictions(predicted, tyez_bench.load(gold)).reading.notes
    assert notes["whole_texts"] == 2
    assert counted_words(notes).startswith("2 names that are the whole text of a record")
    predicted.write_text(f"{texts[0]} O\n\n{texts[1]} O\n", encoding="utf-8")
    assert "whole_texts" not in tyez_bench.read_predictions(predicted, tyez_bench.load(gold)).reading.notes


@pytest.mark.parametrize(
    "blank",
    [
        '{"text": "", "label": []}',
        '{"text": "\\n\\u3000", "label": []}',
        '{"tok": [], "ner": []}',
    ],
)
def test_a_record_without_id_name_or_text_stands_for_nothing(gold: tyez_bench.Gold, tmp_path: Path, blank: str) -> None:
    """A line feed too many in what a tagger was given has an answer, too."""
    path = tmp_path / "p.jsonl"
    sentence = gold[1].sentences[0]
    text = gold[1].text[sentence.start : sentence.end]
    kinds = {
        "label": {"text": text, "label": [[0, 2, "PLACE"]]},
        "ner": {"tok": [text], "ner": [[text, "PLACE", 0, 1]]},
    }
    record = next(value for key, value in kinds.items() if key in blank)
    path.write_text(f"{blank}\n{json.dumps(record)}\n{blank}\n", "utf-8")
    found = tyez_bench.read_predictions(path, gold)
    assert found.reading.records == 1
    assert [(e.start, e.type) for e in found[gold[1].id].entities] == [(sentence.start, "PLACE")]


def test_what_was_read_for_a_gold_set_fits_it_alone() -> None:
    gold = tyez_bench.load()
    found = tyez_bench.read_predictions("data/predictions/jieba.jsonl", gold)
    assert found.fits(gold, flat=True)
    assert found.fits(gold, flat=False)
    assert not found.fits(dataclasses.replace(gold, fingerprint="0" * 64), flat=True)
    assert not found.fits(dataclasses.replace(gold, labels=gold.labels.with_more(["PER"])), flat=True)
    nested = tyez_bench.read_predictions("data/predictions/jieba.jsonl", gold, flat=False)
    assert nested.fits(gold, flat=False)
    assert not nested.fits(gold, flat=True)
    # Whoever puts others in their place has them checked.
    outside = tyez_bench.PredictedEntity(start=0, end=10**6, type="PLACE")
    changed = dataclasses.replace(
        found, by_document={"series": tyez_bench.Prediction(id="series", entities=(outside,))}
    )
    with pytest.raises(tyez_bench.InputError, match="is outside the text"):
        tyez_bench.score(gold, changed)
    # And so has whoever changes what was read.
    assert isinstance(found.by_document, dict)
    found.by_document["series"] = changed["series"]
    with pytest.raises(tyez_bench.InputError, match="is outside the text"):
        tyez_bench.score(gold, found)
