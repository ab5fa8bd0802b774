"""Misprints: only characters of the table, and none that would change a label."""

import pytest
from page_cases import SEEDS, of, sentences

from tyez_bench.model.documents import Document, Entity
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.transformations.base import spans, table
from tyez_bench.zh.areas import areas
from tyez_bench.zh.find import find_dates, find_money

NUMERALS = set("0123456789〇零一二两三四五六七八九十百千万亿元年月日号")


def pairs(name: str) -> set[tuple[str, str]]:
    return {(pair[0], misread) for pair in table("misprints")[name].split() for misread in pair[1:]}


def misread(case: StressCase) -> set[tuple[str, str]]:
    """What became what in a case."""
    before, after = case.texts
    assert len(before.text) == len(after.text)
    return {(one, other) for one, other in zip(before.text, after.text, strict=True) if one != other}


def named(text: Document) -> list[Entity]:
    """The names that a misprint can be in."""
    kinds = ("PLACE", "ORG")
    return [e for e in text.outermost() if e.required and e.type in kinds and len(e.text) > 1]


@pytest.mark.parametrize("name", ["outside", "inside"])
def test_a_character_is_in_the_table_once_and_taken_for_another(name: str) -> None:
    first = [pair[0] for pair in table("misprints")[name].split()]
    assert len(first) == len(set(first)) >= 60
    assert all(one != other for one, other in pairs(name))


@pytest.mark.parametrize("name", ["outside", "inside"])
def test_the_table_has_what_the_page_needs_and_no_more(name: str) -> None:
    written = "".join(text.text for text in sentences())
    assert [one for one, _ in pairs(name) if one not in written] == []


def test_no_misprint_around_names_makes_or_takes_a_numeral_or_a_unit() -> None:
    assert not {sign for pair in pairs("outside") for sign in pair} & NUMERALS


@pytest.mark.parametrize("seed", SEEDS)
def test_around_names_one_to_three_characters_are_misread_and_none_beside_a_span(seed: int) -> None:
    for case in of("ocr-outside", seed=seed):
        assert 1 <= len(case.changes) <= 3
        assert misread(case) <= pairs("outside")
        for change in case.changes:
            for start, end in spans(case.texts[0]):
                assert change.source_end <= start - 2 or end + 2 <= change.source_start, case.id


@pytest.mark.parametrize("seed", SEEDS)
def test_words_that_decide_a_label_are_never_misread(seed: int) -> None:
    for case in of("ocr-outside", seed=seed):
        before, after = (text.text for text in case.texts)
        for word in ("约", "共", "亿级", "我省", "我市", "省市", "省、市", "区域", "该县", "截至", "胡滨"):
            assert before.count(word) == after.count(word), case.id


@pytest.mark.parametrize("seed", SEEDS)
def test_no_amount_and_no_date_comes_or_goes(seed: int) -> None:
    for name in ("ocr-outside", "ocr-inside"):
        for case in of(name, seed=seed):
            for find in (find_money, find_dates):
                one, other = ([(p.start, p.end) for p in find(text.text)] for text in case.texts)
                assert one == other, case.id


def test_every_sentence_with_words_apart_from_its_spans_is_misread() -> None:
    sentence = {case.template for case in of("ocr-outside")}
    assert {text.text for text in sentences() if text.id.removeprefix("page/") not in sentence} == {
        *("万柏林区", "迎泽区", "杏花岭区", "尖草坪区", "古交市", "阳曲县"),
        "酿造特色小镇太原酒厂投产运行",
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_in_names_one_character_is_misread(seed: int) -> None:
    found = of("ocr-inside", seed=seed)
    assert {case.template for case in found} == {t.id.removeprefix("page/") for t in sentences() if named(t)}
    for case in found:
        (change,) = case.changes
        assert misread(case) <= pairs("inside")
        assert any(e.start <= change.source_start < e.end for e in named(case.texts[0])), case.id


def test_nested_names_and_alternatives_take_the_misprint_along() -> None:
    found = [case for seed in SEEDS for case in of("ocr-inside", seed=seed)]
    nested = [
        new.text
        for case in found
        for old, new in zip(*(text.entities for text in case.texts), strict=True)
        if old.parent is not None and old.text != new.text
    ]
    assert "大原" in nested


def test_no_misprinted_name_is_that_of_another_area() -> None:
    """All that the table can make of the names of areas, and not only what the seeds make of them."""
    real = set(areas().codes)
    for text in sentences():
        for entity in text.entities:
            for at, sign in enumerate(entity.text):
                for one, other in pairs("inside"):
                    if sign == one and entity.type == "PLACE":
                        assert entity.text[:at] + other + entity.text[at + 1 :] not in real


def test_class_nouns_are_never_misread() -> None:
    assert not {one for one, _ in pairs("inside")} & set("区市县局厂店园镇")
