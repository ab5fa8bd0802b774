"""From the characters of one text to those of another."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.io.align.texts import (
    copied,
    first_difference,
    harmless,
    in_code_points,
    moved,
    project,
    shared,
    shift_hint,
    squeezed,
    whole,
)
from tyez_bench.model.spans import Span

TEXTS = st.text(alphabet=st.sampled_from("太原市第12３ａb，,  　\n𠮷😀éﬁ①"), max_size=30)


@given(TEXTS)
def test_a_text_projects_on_itself(text: str) -> None:
    """Each character on itself; with folds that drop white space, but for the white space."""
    for fold in (whole, squeezed, harmless):
        kept = set(fold(text).owners)
        expected = [(i, i + 1) if i in kept else None for i in range(len(text))]
        assert project(fold(text), len(text), fold(text)) == expected


@given(TEXTS)
def test_composed_and_widened_forms_project(text: str) -> None:
    """Every kept character of the compatibility form comes from the character that it is a part of."""
    changed = "".join(f" {unicodedata.normalize('NFKD', c)}" for c in text)
    projection = project(harmless(changed), len(changed), harmless(text))
    at = 0
    for index, c in enumerate(text):
        at += 1
        for part in unicodedata.normalize("NFKD", c):
            if not part.isspace():
                assert projection[at] == (index, index + 1)
            at += 1


def test_a_ligature_is_two_characters_of_the_other_text() -> None:
    assert project(harmless("aﬁb"), 3, harmless("afib")) == [(0, 1), (1, 3), (3, 4)]
    assert project(harmless("afib"), 4, harmless("aﬁb")) == [(0, 1), (1, 2), (1, 2), (2, 3)]


def test_what_differs_is_named() -> None:
    with pytest.raises(ValueError, match=r"first difference at character 2 .record has '县', gold has '市'."):
        project(squeezed("太 原 县"), 5, squeezed("太原市"))


@given(TEXTS, TEXTS)
def test_the_first_difference(one: str, other: str) -> None:
    at = shared(one, other)
    assert one[:at] == other[:at]
    assert at in (len(one), len(other)) or one[at] != other[at]


def test_the_end_of_a_text_is_a_difference() -> None:
    assert (
        first_difference("太原", "太原市") == "first difference at character 2 (record has nothing more, gold has '市')"
    )


@given(TEXTS, TEXTS)
def test_a_copy_projects_only_equal_characters_in_order(text: str, gold: str) -> None:
    projection, edits = copied(text, gold)
    places = [place for place in projection if place is not None]
    assert places == sorted(set(places))
    assert all(gold[place[0]] == text[index] for index, place in enumerate(projection) if place is not None)
    assert max(len(text), len(gold)) - len(places) <= edits <= max(len(text), len(gold))
    assert (edits == 0) == (text == gold)


def test_a_copy_with_known_edits() -> None:
    projection, edits = copied("太源市在山西省", "在太原市和山西")
    assert edits == 4
    assert moved(0, 3, projection) == (1, 4)
    assert moved(1, 2, projection) is None
    assert moved(4, 7, projection) == (5, 7)


def test_utf16_and_bytes_become_code_points() -> None:
    text = "𠮷在太原"
    assert in_code_points(text, (Span(3, 5, "X", "太原"),)) == ("UTF-16 code units", (Span(2, 4, "X", "太原"),))
    assert in_code_points(text, (Span(7, 13, "X", "太原"),)) == ("UTF-8 bytes", (Span(2, 4, "X", "太原"),))


@pytest.mark.parametrize(
    "spans",
    [
        (Span(2, 4, "X", "太原"),),
        (Span(3, 5, "X"),),
        (Span(3, 5, "X", "太源"),),
        (Span(3, 5, "X", "太原"), Span(7, 13, "X", "太原")),
        (Span(1, 5, "X", "太原"),),
        (),
    ],
)
def test_what_fits_or_tells_nothing_is_left(spans: tuple[Span, ...]) -> None:
    """Code points that fit, no surface, a surface that is nowhere, two units at once, half a character."""
    assert in_code_points("𠮷在太原", spans) is None


def test_the_hint_names_the_unit() -> None:
    assert "is at 2: do the offsets count UTF-16" in shift_hint("𠮷在太原", "太原", 3)
    assert "is at 2: do the offsets count UTF-8" in shift_hint("𠮷在太原", "太原", 7)
    assert shift_hint("𠮷在太原", "太原", 2) == ""
    assert shift_hint("𠮷在太原", None, 3) == ""
