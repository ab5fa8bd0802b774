"""Words in a text, and spans on their edges."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.io.export.words import Bounds, Moved, place_words, snap
from tyez_bench.model.errors import InputError

WORDS = [(0, 2), (2, 4), (4, 7), (8, 10)]


def test_words_stand_where_the_text_has_them() -> None:
    assert place_words("北京 很大\n", ["北京", " ", "很", "大"]) == [(0, 2), (3, 4), (4, 5)]
    assert place_words("", []) == []
    with pytest.raises(InputError, match="the segmenter's word '津' is not in the text at 1: '京'"):
        place_words("北京", ["北", "津"])
    with pytest.raises(InputError, match="the segmenter left out the end of the text: '市'"):
        place_words("北京市", ["北京"])


@pytest.mark.parametrize(
    ("span", "expand", "contract"),
    [
        ((1, 4), (0, 4), (2, 4)),
        ((0, 3), (0, 4), (0, 2)),
        ((5, 6), (4, 7), None),
        ((3, 9), (2, 10), (4, 7)),
        ((1, 3), (0, 4), None),
    ],
)
def test_by_hand(span: Bounds, expand: Bounds, contract: Bounds | None) -> None:
    assert snap([(span, "x")], WORDS, "expand") == ([(expand, "x")], [Moved("x", span, expand)])
    held = [] if contract is None else [(contract, "x")]
    assert snap([(span, "x")], WORDS, "contract") == (held, [Moved("x", span, contract)])
    assert snap([(span, "x")], WORDS, "drop") == ([], [Moved("x", span, None)])
    assert snap([(span, "x")], WORDS, "error") == ([], [Moved("x", span, None)])


def test_what_fits_stays_across_white_space() -> None:
    assert snap([((4, 10), "x"), ((0, 2), "y")], WORDS, "drop") == ([((0, 2), "y"), ((4, 10), "x")], [])


def test_one_that_fits_keeps_its_words_whatever_the_order() -> None:
    moved = Moved("moved", (1, 3), None)
    assert snap([((1, 3), "moved"), ((2, 4), "fits")], WORDS, "expand") == ([((2, 4), "fits")], [moved])
    # Nested spans may share words, but not a boundary.
    both = [((0, 4), "moved"), ((2, 4), "fits")]
    assert snap([((1, 3), "moved"), ((2, 4), "fits")], WORDS, "expand", nested=True)[0] == both
    assert snap([((1, 3), "moved"), ((0, 4), "fits")], WORDS, "expand", nested=True) == ([((0, 4), "fits")], [moved])


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Bounds], list[tuple[Bounds, int]]]:
    """Words of a text with gaps, and spans in it that don't overlap."""
    cuts = sorted(draw(st.sets(st.integers(0, 24), min_size=2)))
    words = [(a, b) for a, b in pairwise(cuts) if draw(st.booleans()) or b - a > 2]
    edges = sorted(draw(st.sets(st.integers(0, 24), min_size=2)))
    spans = [(a, b) for a, b in pairwise(edges) if draw(st.booleans())]
    return words, [(span, number) for number, span in enumerate(spans)]


@given(case=cases(), how=st.sampled_from(["expand", "contract", "drop"]))
def test_against_sets_of_characters(case: tuple[list[Bounds], list[tuple[Bounds, int]]], how: str) -> None:
    """A second formulation: a span is the set of its characters, and what it becomes a union of words."""
    words, spans = case
    fitting, moved = snap(spans, words, how)
    assert sorted([item for _, item in fitting] + [m.item for m in moved if m.to is None]) == [n for _, n in spans]
    starts, ends = {a for a, _ in words}, {b for _, b in words}
    for (start, end), number in spans:
        fits = start in starts and end in ends
        assert fits is (number not in [m.item for m in moved])
        if fits:
            assert ((start, end), number) in fitting
    taken: set[int] = set()
    for (start, end), _ in fitting:
        assert not taken & set(range(start, end))
        taken |= set(range(start, end))
    for item, (start, end), to in moved:
        inside = set(range(start, end))
        chosen = [w for w in words if (inside & set(range(*w)) if how == "expand" else set(range(*w)) <= inside)]
        wanted = (chosen[0][0], chosen[-1][1]) if chosen and how != "drop" else None
        if to is None and wanted is not None:
            # Dropped though it has words: another span has one of them.
            assert any(a < wanted[1] and wanted[0] < b for (a, b), other in fitting if other != item)
        else:
            assert to == wanted
