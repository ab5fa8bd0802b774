"""Spaces and line feeds stand outside of all spans and alternatives."""

import pytest
from page_cases import SEEDS, of, page_cases, sentences

from tyez_bench.stress.transformations.base import edges, places, spans

NAMES = ("spaces", "line-breaks")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "sign"), [("spaces", " "), ("line-breaks", "\n")])
def test_taking_them_out_gives_the_source_and_no_span_holds_one(name: str, sign: str, seed: int) -> None:
    for case in of(name, seed=seed):
        before, after = case.texts
        assert after.text.replace(sign, "") == before.text
        for start, end in spans(after):
            assert sign not in after.text[start:end], case.id


@pytest.mark.parametrize("seed", SEEDS)
def test_every_sentence_gets_spaces_by_its_length_one_at_an_edge(seed: int) -> None:
    found = of("spaces", seed=seed)
    assert len(found) == len(sentences())
    for case in found:
        before = case.texts[0]
        assert len(case.changes) == min(8, max(1, len(before.text) // 15)), case.id
        assert any(change.source_start in edges(before) for change in case.changes), case.id


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_are_as_a_typesetter_breaks_them(seed: int) -> None:
    for case in of("line-breaks", seed=seed):
        lines = case.texts[1].text.split("\n")
        assert 2 <= len(lines) <= 3
        assert len(case.texts[0].text) > 25
        assert all(line[0] not in ",、。;)”" for line in lines[1:]), case.id
        assert all(line[-1] not in "(“" for line in lines[:-1]), case.id
        assert all(len(line) >= 12 for line in lines[:-1]), case.id


def test_about_half_of_the_line_breaks_are_at_an_edge() -> None:
    found = [case for seed in SEEDS for case in of("line-breaks", seed=seed)]
    at_edge = [case for case in found if any(c.source_start in edges(case.texts[0]) for c in case.changes)]
    assert len(found) > 80
    assert 0.4 < len(at_edge) / len(found) < 0.75


@pytest.mark.parametrize("seed", SEEDS)
def test_no_number_is_broken_and_no_word_that_decides_a_boundary(seed: int) -> None:
    for name in NAMES:
        for case in of(name, seed=seed):
            for change in case.changes:
                around = case.texts[0].text[max(0, change.source_start - 1) : change.source_start + 1]
                assert around != "区域", case.id
                assert not (len(around) == 2 and around.isdigit()), case.id


def test_places_are_outside_of_optional_and_nested_spans_and_of_alternatives() -> None:
    (amount,) = (text for text in sentences() if text.id == "page/yangqu.s12")
    assert amount.text.endswith("总投资额约13亿元。")
    at = amount.text.index("约13亿元")
    assert [place - at for place in places(amount) if place >= at] == [0, 5, 6]
    (chain,) = (text for text in sentences() if text.id == "page/gujiao.s15")
    assert places(chain)[:3] == [0, 5, 9]
    assert edges(chain) == [0, 5, 9]


def test_a_line_feed_ends_a_sentence_and_no_span_is_in_two() -> None:
    for case in page_cases():
        text = case.texts[1]
        for entity in text.entities:
            assert any(s.start <= entity.start and entity.end <= s.end for s in text.sentences), case.id
