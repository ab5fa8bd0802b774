"""Which document or sentence a record stands for."""

from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.io.align.places import missing_sentences, place_records
from tyez_bench.io.record import Fidelity, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError

SOURCE = Source("p", b"")


def places(gold: tyez_bench.Gold, *records: Record, align: bool = False) -> list[tuple[str, str | None, int, int]]:
    """Key, document, start and end of each record's place."""
    found = place_records(records, gold, SOURCE, align=align)
    return [(str(p.key), p.document.id if p.document else None, p.start, p.end) for p in found]


def texts(*texts: str, fidelity: Fidelity = Fidelity.EXACT, id: str | None = None) -> list[Record]:
    """A record for each text, on lines of their own."""
    return [Record(line, id=id, text=text, fidelity=fidelity) for line, text in enumerate(texts, 1)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tyez_bench.Gold:
    """Three documents; the sentence 同上。 stands in the first two, twice in the second, and is the third."""
    path = tmp_path_factory.mktemp("gold") / "small.jsonl"
    path.write_text(
        '{"id":"a","text":"太原市。同上。\\n投 资。","sentences":[{"id":"a.s1","start":0,"end":4},'
        '{"id":"a.s2","start":4,"end":7},{"id":"a.s3","start":8,"end":12}]}\n'
        '{"id":"b","text":"同上。山西。同上。","sentences":[{"id":"b.s1","start":0,"end":3},'
        '{"id":"b.s2","start":3,"end":6},{"id":"b.s3","start":6,"end":9}]}\n'
        '{"id":"c","text":"同上。","sentences":[{"id":"c.s1","start":0,"end":3}]}\n'
        '{"id":"1","text":"第一","sentences":[{"id":"1.s1","start":0,"end":2}]}\n',
        "utf-8",
    )
    return tyez_bench.load(path)


def test_by_ids(small: tyez_bench.Gold) -> None:
    """Of a document, of a sentence, also when the text is there too."""
    records = [Record(1, id="b"), Record(2, id="a.s2", text="同上。"), Record(3, id="c", text="同上。")]
    assert places(small, *records) == [("document", "b", 0, 9), ("sentence", "a", 4, 7), ("document", "c", 0, 3)]


@pytest.mark.parametrize("name", ["page", "small"])
def test_the_page_by_its_name_or_the_golds(small: tyez_bench.Gold, name: str) -> None:
    assert places(small, Record(1, id=name)) == [("page", None, 0, 0)]


def test_by_the_texts_of_documents(small: tyez_bench.Gold) -> None:
    assert places(small, *texts("同上。山西。同上。", "太原市。同上。\n投 资。")) == [
        ("text", "b", 0, 9),
        ("text", "a", 0, 12),
    ]


def test_an_id_that_the_gold_lacks_leaves_it_to_the_text(small: tyez_bench.Gold) -> None:
    """Doccano numbers its records."""
    assert places(small, Record(1, id="77", text="山西。")) == [("text", "b", 3, 6)]


def test_an_id_that_the_gold_has_holds_though_the_text_is_anothers(small: tyez_bench.Gold) -> None:
    """That the text differs is told when the spans are read."""
    assert places(small, Record(1, id="1", text="山西。")) == [("document", "1", 0, 2)]


def test_equal_sentences_go_in_order(small: tyez_bench.Gold) -> None:
    """All sentences of the file in the order of the gold: each finds its own, though four are equal."""
    everything = [document.text[s.start : s.end] for document in small for s in document.sentences]
    expected = [("text", document.id, s.start, s.end) for document in small for s in document.sentences]
    assert places(small, *texts(*everything)) == expected


def test_of_equal_sentences_the_one_behind_the_last_record_is_meant(small: tyez_bench.Gold) -> None:
    assert places(small, *texts("山西。", "同上。")) == [("text", "b", 3, 6), ("text", "b", 6, 9)]


@pytest.mark.parametrize("fidelity", [Fidelity.EXACT, Fidelity.SQUEEZED])
def test_of_equal_documents_the_next_behind_the_last_record_is_meant(tmp_path: Path, fidelity: Fidelity) -> None:
    """Where records are missing, the neighbours tell which of the equal ones are; what was moved comes last."""
    path = tmp_path / "equal.jsonl"
    path.write_text("".join(f'{{"id":"{n}","text":"{text}"}}\n' for n, text in enumerate("同一同二同三同")), "utf-8")
    gold = tyez_bench.load(path)
    for said, expected in (("一同三同", "1256"), ("三同一同", "5612"), ("二同同同", "3460"), ("同同同同", "0246")):
        assert "".join(str(place[1]) for place in places(gold, *texts(*said, fidelity=fidelity))) == expected


def test_a_text_too_often(small: tyez_bench.Gold) -> None:
    with pytest.raises(InputError, match="p:2: the text '山西。' occurs more often than in the gold"):
        place_records(texts("山西。", "山西。"), small, SOURCE)


def test_tokens_have_no_white_space(small: tyez_bench.Gold) -> None:
    records = texts("太原市。同上。投资。", "同上。山西。同上。", fidelity=Fidelity.SQUEEZED)
    assert places(small, *records) == [("text", "a", 0, 12), ("text", "b", 0, 9)]


def test_tokens_in_other_sentences_than_ours(small: tyez_bench.Gold) -> None:
    """Each record goes on where the last one ended, or begins another document."""
    records = texts(
        "太原", "市。同", "上。投", "资。", "同上。山", "西。同上。", "第", "一", fidelity=Fidelity.SQUEEZED
    )
    assert [place[1:] for place in places(small, *records)] == [
        ("a", 0, 2),
        ("a", 2, 5),
        ("a", 5, 9),
        ("a", 10, 12),
        ("b", 0, 4),
        ("b", 4, 9),
        ("1", 0, 1),
        ("1", 1, 2),
    ]


def test_tokens_under_the_documents_id(small: tyez_bench.Gold) -> None:
    records = [*texts("同上。山", "西。同上。", fidelity=Fidelity.SQUEEZED, id="b")]
    assert [place[1:] for place in places(small, *records)] == [("b", 0, 4), ("b", 4, 9)]


def test_a_gap_between_tokens_is_told(small: tyez_bench.Gold) -> None:
    with pytest.raises(InputError, match="p:2: the text matches no document"):
        place_records(texts("太原", "同上。投", fidelity=Fidelity.SQUEEZED), small, SOURCE)


def test_by_position(small: tyez_bench.Gold) -> None:
    """As many as documents; as many as sentences; else the three numbers."""
    documents = [("position", d.id, 0, len(d.text)) for d in small]
    assert places(small, *[Record(n) for n in range(4)]) == documents
    sentences = [("position", d.id, s.start, s.end) for d in small for s in d.sentences]
    assert places(small, *[Record(n) for n in range(8)]) == sentences
    with pytest.raises(InputError, match=r"5 records, expected 4 \(documents\) or 8 \(sentences\)"):
        place_records([Record(n) for n in range(5)], small, SOURCE)


def test_a_record_with_neither_id_nor_text_among_others(small: tyez_bench.Gold) -> None:
    with pytest.raises(InputError, match="p:2: has neither id nor text, unlike other records"):
        place_records([Record(1, id="a"), Record(2)], small, SOURCE)


def test_copies_without_ids_are_told_by_their_number_when_a_text_is_wrong(small: tyez_bench.Gold) -> None:
    records = texts("太原市同上。", "同上。山西。", "同 上。", "第一", fidelity=Fidelity.COPIED)
    assert [place[0] for place in places(small, *records)] == ["position"] * 4
    assert places(small, records[2]) == [("text", "c", 0, 3)]
    with pytest.raises(InputError, match="matches no document"):
        place_records(records[:2], small, SOURCE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("山西!", "nearest is sentence id 'b.s2', first difference at character 2 .record has '!', gold has '。'.$"),
        (
            "同上。山西。",
            "nearest is document id 'b', first difference at character 6 .record has nothing more, gold has '同'",
        ),
        ("北京。", "none begins with '北'$"),
        ("", "none begins with ''$"),
        ("太原市｡同上。 投资。", "; pass align=True to ignore such differences$"),
        (" 第一", "none begins with ' '; pass align=True to ignore"),
    ],
)
def test_a_text_that_is_nowhere(small: tyez_bench.Gold, text: str, says: str) -> None:
    with pytest.raises(InputError, match=f"p:1: the text matches no document; .*{says}"):
        place_records(texts(text), small, SOURCE)


@pytest.mark.parametrize("text", ["太原市｡同上。 投资。", "太原市。\n同上。\n\n投资。"])
def test_aligning_finds_what_differs_harmlessly(small: tyez_bench.Gold, text: str) -> None:
    assert places(small, *texts(text), align=True) == [("text", "a", 0, 12)]


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([Record(1, id="a"), Record(2, id="a")], "p:2: document id 'a' occurs twice"),
        ([Record(1, id="a.s1"), Record(2, id="a.s1")], "p:2: sentence id 'a.s1' occurs twice"),
        ([Record(1, id="a.s1"), Record(2, id="a")], r"p:2: document id 'a' overlaps sentence id 'a.s1' \(line 1\)"),
        ([Record(1, id="page"), Record(2, id="small")], "p:2: the page occurs twice"),
        ([Record(1, id="page"), Record(2, id="a")], "p:1: a record for the whole page is mixed with others"),
        ([Record(1, id="x")], "p:1: unknown document id 'x'"),
    ],
)
def test_what_is_there_twice_or_not_at_all(small: tyez_bench.Gold, records: list[Record], says: str) -> None:
    with pytest.raises(InputError, match=says):
        place_records(records, small, SOURCE)


def test_the_file_of_a_directory_is_named(small: tyez_bench.Gold) -> None:
    with pytest.raises(InputError, match=r"^brat/x.ann: unknown document id 'x'"):
        place_records([Record(None, id="x", path="brat/x.ann")], small, SOURCE)


def test_missing_sentences(small: tyez_bench.Gold) -> None:
    """They are counted where records are sentences or parts, and only there."""

    def missing(*records: Record) -> int:
        return missing_sentences(place_records(records, small, SOURCE), small)

    assert missing(Record(1, id="a")) == 0
    assert missing(Record(1, id="page")) == 0
    assert missing(Record(1, id="a.s1"), Record(2, id="b.s2")) == 6
    assert missing(*texts("太原市。同", "上。投资。", fidelity=Fidelity.SQUEEZED)) == 5


def test_every_sentence_of_the_page_is_found_by_its_text(gold: tyez_bench.Gold) -> None:
    """In order, as text and as tokens."""
    expected = [(d.id, s.start, s.end) for d in gold for s in d.sentences]
    everything = [d.text[s.start : s.end] for d in gold for s in d.sentences]
    assert [p[1:] for p in places(gold, *texts(*everything))] == expected
    tokens = texts(*("".join(text.split()) for text in everything), fidelity=Fidelity.SQUEEZED)
    assert [p[1:] for p in places(gold, *tokens)] == expected


def test_a_gold_of_another_kind_has_no_page(tmp_path: Path) -> None:
    """An id that is a document's is the document's, though it be the word page."""
    path = tmp_path / "own.jsonl"
    path.write_text('{"id":"page","text":"甲"}\n', "utf-8")
    assert places(tyez_bench.load(path), Record(1, id="page")) == [("document", "page", 0, 1)]
