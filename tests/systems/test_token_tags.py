"""From tags on tokens to spans of characters: encodings, tokens that share characters, white space, lines."""

import pytest

from tyez_bench.model.errors import UsageError
from tyez_bench.systems.token_tags import TokenSpan, pieces, spans, tag_set

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
