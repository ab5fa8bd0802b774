"""The page becomes documents, and every character finds its way back."""

import hashlib
import re
from pathlib import Path

import msgspec
import pytest

import tyez_bench
from tyez_bench.gold.build.page import (
    DocumentLayout,
    Layout,
    LeftOut,
    SectionLayout,
    build_documents,
    read_layout,
    read_page,
)
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import AnnotationError, InputError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "annotations" / "page" / "page.txt"
NOWHERE = Path("layout.toml")


def test_the_page_is_the_one_received() -> None:
    digest = hashlib.sha256(PAGE.read_bytes()).hexdigest()
    assert digest == "08e5a812b7e3484d77a263141e49ea9936f52c7e1c5e14232fff67195f1bda13"


def test_each_character_of_a_document_has_its_offset_on_the_page(gold: tyez_bench.Gold, page: str) -> None:
    for document in gold:
        for offset, character in enumerate(document.text):
            on_page = document.page_offset(offset)
            if on_page is None:
                assert character == "\n"
            else:
                assert page[on_page] == character
                assert document.offset(on_page) == offset


def test_each_character_of_the_page_is_in_exactly_one_document(gold: tyez_bench.Gold, page: str) -> None:
    for offset, character in enumerate(page):
        holders = [document for document in gold if document.offset(offset) is not None]
        assert len(holders) == (0 if character == "\n" else 1)
        found = gold.locate(offset)
        assert (found is None) == (character == "\n")
        if found is not None:
            assert found[0].text[found[1]] == character


def test_sections_are_joined_by_one_line_feed_that_is_not_on_the_page(gold: tyez_bench.Gold) -> None:
    for document in gold:
        ends = [section.end for section in document.sections]
        assert [section.start for section in document.sections] == [0, *(end + 1 for end in ends[:-1])]
        for end in ends[:-1]:
            assert document.text[end] == "\n"
            assert document.page_offset(end) is None


def test_eight_documents_in_reading_order(gold: tyez_bench.Gold) -> None:
    assert [document.id for document in gold] == [
        "series",
        "editor-note",
        "wanbolin",
        "yingze",
        "xinghualing",
        "jiancaoping",
        "gujiao",
        "yangqu",
    ]
    assert [document.district.code if document.district else None for document in gold] == [
        None, None, "140109", "140106", "140107", "140108", "140181", "140122",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("editor-note", "三年成形、五年成势"),
        ("yingze", "截至目前,迎泽区已开工"),
        ("gujiao", "供气、供电、交通"),
        ("yangqu", "“直通车”服务保障,在项目建设"),
        ("yingze", "责任单位 and 完成时效"),
        ("yingze", "记者 王 勇 通讯员 兰 杰 文/摄"),
    ],
)
def test_cut_texts_are_joined_and_nothing_is_repaired(gold: tyez_bench.Gold, document: str, words: str) -> None:
    assert words in gold[document].text


def test_a_span_of_the_page_maps_by_its_first_and_last_character(gold: tyez_bench.Gold, page: str) -> None:
    start = page.index("截至目前,迎泽") + len("截至目前,")
    end = page.index("区已开工21个") + 1
    found = gold.span(start, end)
    assert found is not None
    assert found[0].text[found[1] : found[2]] == "迎泽区"
    assert gold.span(0, 2) is None, "line feeds are in no document"


def test_page_offset_refuses_what_is_outside(gold: tyez_bench.Gold) -> None:
    document = gold["series"]
    for offset in (-1, len(document.text)):
        with pytest.raises(IndexError, match="outside the text"):
            document.page_offset(offset)


def test_the_listed_defects_are_on_the_page(layout: Layout, page: str) -> None:
    lines = page.split("\n")
    assert layout.defect
    for defect in layout.defect:
        assert defect.text in lines[defect.line - 1]


def test_the_words_that_stand_for_others_are_on_the_page(layout: Layout, page: str) -> None:
    lines = page.split("\n")
    places = [(one, line, column) for one in layout.replaced for line, column in one.places]
    assert len({(line, column) for _, line, column in places}) == len(places)
    for one, line, column in places:
        assert lines[line - 1].startswith(one.received, column)
    # 太忻 stands nowhere on the page, and no place of its name is left out.
    assert "太忻" not in page
    names = [one for one, _, _ in places if "太忻" in one.published]
    assert len(names) == len(re.findall("太原(?=一体化|经济一体化|经济区域)", page))


def small(layout: Layout, *pieces: tuple[int, int, int], left_out: tuple[LeftOut, ...] = ()) -> Layout:
    """A layout of one document with one section."""
    document = DocumentLayout(id="d", title="t", section=(SectionLayout(role="body", pieces=pieces),))
    return msgspec.structs.replace(layout, document=(document,), left_out=left_out)


def test_a_character_that_no_document_takes_is_refused(layout: Layout) -> None:
    with pytest.raises(AnnotationError, match=r"'c' at page offset 2 \(line 1 of the page\) is in no document"):
        build_documents("abc", small(layout, (1, 0, 2)), NOWHERE)


def test_a_character_taken_twice_is_refused(layout: Layout) -> None:
    with pytest.raises(AnnotationError, match="'b' at page offset 1 is taken already"):
        build_documents("abc", small(layout, (1, 0, 2), (1, 1, 3)), NOWHERE)


@pytest.mark.parametrize("piece", [(0, 0, 1), (3, 0, 1), (1, 0, 4), (1, 2, 2), (1, 2, 1), (1, -1, 1)])
def test_a_piece_outside_its_line_is_refused(layout: Layout, piece: tuple[int, int, int]) -> None:
    with pytest.raises(AnnotationError, match=r"the page has|of the page has"):
        build_documents("abc\nd", small(layout, piece), NOWHERE)


def test_what_is_left_out_is_in_no_document(layout: Layout) -> None:
    with_reason = small(layout, (1, 0, 2), left_out=(LeftOut(piece=(1, 2, 3), reason="an ornament"),))
    (document,) = build_documents("abc", with_reason, NOWHERE)
    assert document.text == "ab"
    assert document.offset(2) is None


def test_an_edited_page_is_refused(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "page.txt").write_bytes(PAGE.read_bytes() + b" ")
    (tmp_path / "page" / "SHA256SUMS").write_bytes((PAGE.parent / "SHA256SUMS").read_bytes())
    with pytest.raises(InputError, match="expected 08e5a812"):
        read_page(tmp_path / "documents.toml", layout)


def test_a_layout_with_an_unknown_role_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "documents.toml"
    text = (ROOT / "annotations" / "documents.toml").read_text("utf-8")
    path.write_text(text.replace('role = "kicker"', 'role = "banner"', 1), "utf-8")
    with pytest.raises(AnnotationError, match="Invalid enum value 'banner'"):
        read_layout(path)


def test_bylines_are_as_on_the_page(blank: tuple[Document, ...]) -> None:
    bylines = {document.id: document.byline for document in blank}
    assert bylines["series"] is None
    assert bylines["yangqu"] == "记者 李杰华\n通讯员 赵国华 文/摄"
