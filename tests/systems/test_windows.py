"""Windows over long texts, against plain code: they cover it, end with sentences, and the middle of one is believed."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.systems.windows import Merged, Window, depths, sentence_places, sentences_in_tokens, windows


def sentences(lengths: list[int]) -> list[Window]:
    """Sentences of so many tokens, one behind the other."""
    found, start = [], 0
    for length in lengths:
        found.append(Window(start, start + length))
        start += length
    return found


LENGTHS = st.lists(st.integers(1, 30), min_size=1, max_size=12)
LIMITS = st.integers(1, 40)


@given(LENGTHS, LIMITS)
def test_windows_cover_the_text_within_the_limit_and_go_forward(lengths: list[int], limit: int) -> None:
    found = windows(sentences(lengths), limit)
    assert {token for start, end in found for token in range(start, end)} == set(range(sum(lengths)))
    assert all(0 < end - start <= limit for start, end in found)
    assert found == sorted(set(found))
    assert all(one.end < other.end for one, other in pairwise(found))


@given(LENGTHS, LIMITS)
def test_only_a_sentence_over_the_limit_is_cut(lengths: list[int], limit: int) -> None:
    given_ = sentences(lengths)
    starts, ends = {s.start for s in given_}, {s.end for s in given_}
    for window in windows(given_, limit):
        inside = [s for s in given_ if s.start <= window.start and window.end <= s.end and s.end - s.start > limit]
        assert inside or (window.start in starts and window.end in ends)


@given(LENGTHS, LIMITS)
def test_at_most_a_quarter_is_read_twice(lengths: list[int], limit: int) -> None:
    found = windows(sentences(lengths), limit)
    long = [s for s in sentences(lengths) if s.end - s.start > limit]
    for one, other in pairwise(found):
        # The last window of a sentence that is cut ends with it, and may overlap more.
        if not any(s.end == other.end for s in long):
            assert one.end - other.start <= limit // 4


def test_windows_of_sentences() -> None:
    given_ = sentences([3, 2, 4, 1, 5])
    assert windows(given_, 15) == [(0, 15)]
    # 7 tokens at most, of which one may be read twice: the sentence of one token is.
    assert windows(given_, 7) == [(0, 5), (5, 10), (9, 15)]
    assert windows(given_, 4) == [(0, 3), (3, 5), (5, 9), (9, 10), (10, 14), (11, 15)]
    assert windows([], 7) == []


def test_the_beginning_and_the_end_of_a_text_are_no_edges() -> None:
    assert depths(Window(0, 4), 9).tolist() == [3, 2, 1, 0]
    assert depths(Window(3, 8), 9).tolist() == [0, 1, 2, 1, 0]
    assert depths(Window(5, 9), 9).tolist() == [0, 1, 2, 3]
    assert depths(Window(0, 9), 9).tolist() == [9] * 9


@given(LENGTHS, LIMITS)
def test_a_token_has_the_tag_of_the_window_where_it_is_furthest_from_an_edge(lengths: list[int], limit: int) -> None:
    size, found = sum(lengths), windows(sentences(lengths), limit)
    merged = Merged(size)
    for number, window in enumerate(found):
        merged.take(window, np.full(window.end - window.start, number))
    for token in range(size):

        def distance(window: Window, token: int = token) -> int:
            left = size if window.start == 0 else token - window.start
            return min(left, size if window.end == size else window.end - 1 - token)

        holding = [n for n, window in enumerate(found) if window.start <= token < window.end]
        assert merged.tags[token] == max(holding, key=lambda n: (distance(found[n]), -n))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("一。二", ["一。", "二"]),
        ("一\n二!”三\n\n四", ["一\n", "二!”", "三\n", "\n", "四"]),
    ],
)
def test_sentences_cover_a_text_and_lines_end_them(text: str, parts: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_places(text)] == parts


def test_tokens_belong_to_the_sentence_in_which_they_begin() -> None:
    # The second sentence has no token of its own: one over the boundary begins before it.
    places = [(0, 3), (3, 4), (4, 9)]
    assert sentences_in_tokens(places, [0, 1, 2, 5, 8]) == [(0, 3), (3, 5)]
    assert sentences_in_tokens(places, []) == []
    assert sentences_in_tokens([], []) == []
