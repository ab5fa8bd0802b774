"""Windows over long texts, against plain code: they cover it, end with sentences, and the middle of one is believed.

From tags on tokens to spans of characters: encodings, tokens that share characters, white space, lines.
"""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.model.errors import UsageError
from tyez_bench.systems.system import sentence_places
from tyez_bench.systems.token_tags import (
    Merged,
    TokenSpan,
    Window,
    depths,
    pieces,
    sentences_in_tokens,
    spans,
    tag_set,
    windows,
)


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


BIO = {0: "O", 1: "B-LOC", 2: "I-LOC", 3: "B-ORG", 4: "I-ORG"}


def found(text: str, tags: str, names: dict[int, str]) -> list[tuple[str, str]]:
    """Label and text of the spans, with a token a character and its tag's number."""
    each = [(n, n + 1) for n in range(len(text))]
    told = spans(text, pieces(text, list(text), each), [int(tag) for tag in tags], tag_set(names, "m"))
    assert all(text[s.start : s.end] == s.text for s in told)
    return [(s.label, str(s.text)) for s in told]


@pytest.mark.parametrize(
    ("names", "tags", "expected"),
    [
        (BIO, "0120341", [("LOC", "原市"), ("ORG", "公司"), ("LOC", "𠀀")]),
        (BIO, "0220444", [("LOC", "原市"), ("ORG", "公司𠀀")]),
        (BIO, "0122112", [("LOC", "原市的"), ("LOC", "公"), ("LOC", "司𠀀")]),
        (
            {0: "O", 1: "B-LOC", 2: "I-LOC", 3: "E-LOC", 4: "S-LOC"},
            "0123413",
            [("LOC", "原市的"), ("LOC", "公"), ("LOC", "司𠀀")],
        ),
        (
            {0: "O", 1: "B-LOC", 2: "M-LOC", 3: "E-LOC", 4: "S-LOC"},
            "4412340",
            [("LOC", "太"), ("LOC", "原"), ("LOC", "市的公"), ("LOC", "司")],
        ),
        ({0: "O", 1: "B-LOC", 2: "I-LOC", 3: "L-LOC", 4: "U-LOC"}, "0123400", [("LOC", "原市的"), ("LOC", "公")]),
        ({0: "O", 1: "LOC", 2: "ORG"}, "0110222", [("LOC", "原市"), ("ORG", "公司𠀀")]),
        ({0: "O", 1: "I-LOC", 2: "I-ORG"}, "0112200", [("LOC", "原市"), ("ORG", "的公")]),
        ({0: "B-A-B", 1: "I-A-B", 2: "O"}, "2201222", [("A-B", "市的")]),
    ],
)
def test_tags_of_every_encoding_are_read(names: dict[int, str], tags: str, expected: list[tuple[str, str]]) -> None:
    assert found("太原市的公司𠀀", tags, names) == expected


def test_white_space_inside_a_name_is_its_own_and_at_its_edges_is_not() -> None:
    text = " 太 原\u3000市"
    assert found(text, "010202", BIO) == [("LOC", "太 原\u3000市")]


def test_a_line_ends_a_name() -> None:
    assert found("太原\n市 。\n\n原", "122220222", BIO) == [("LOC", "太原"), ("LOC", "市"), ("LOC", "原")]


def test_tokens_with_their_spaces_marks_alone_and_bytes_of_one_character() -> None:
    text = "太 ab\u3000𠀀区"
    tokens = ["▁", "▁太", "▁ab", "▁", "x", "y", "z", "区", "", "。"]
    offsets = [(0, 1), (0, 1), (1, 4), (4, 5), (4, 6), (5, 6), (5, 6), (6, 7), (7, 7), (7, 7)]
    assert pieces(text, tokens, offsets) == [
        TokenSpan(1, 0, 1),
        TokenSpan(2, 2, 4),
        TokenSpan(4, 5, 6),
        TokenSpan(7, 6, 7),
    ]
    # The first token of a character tells its tag.
    tags = [0, 0, 0, 0, 1, 0, 0, 2, 0, 0]
    assert [(s.start, s.end) for s in spans(text, pieces(text, tokens, offsets), tags, tag_set(BIO, "m"))] == [(5, 7)]


def test_a_token_that_goes_on_into_the_next_ones_characters() -> None:
    assert pieces("㎡m", ["m", "2m"], [(0, 1), (0, 2)]) == [TokenSpan(0, 0, 2)]


def test_labels_of_a_tag_set() -> None:
    assert tag_set(BIO, "m").labels == ["LOC", "ORG"]
    assert tag_set({1: "GPE", 0: "O"}, "m").labels == ["GPE"]
    assert tag_set({1: "GPE", 0: "O"}, "m").plain
    assert not tag_set(BIO, "m").plain
    assert tag_set({0: "B-X", 1: "E-X", 2: "S-X", 3: "I-X", 4: "O", 5: "[CLS]"}, "m").labels == ["X", "[CLS]"]


def test_names_that_say_nothing_and_tags_of_no_encoding() -> None:
    with pytest.raises(UsageError, match=r"m: its labels have no names \(LABEL_0, LABEL_1, …\)"):
        tag_set({0: "LABEL_0", 1: "LABEL_1"}, "m")
    with pytest.raises(UsageError, match="m: its label 'M-X' can't be read: 'M-X' is not a tag of the encoding bilou"):
        tag_set({0: "O", 1: "B-X", 2: "M-X", 3: "L-X"}, "m")
