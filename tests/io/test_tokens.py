"""From tokens to a text: what is between them, and where they stand in a text that is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.io.record import Join
from tyez_bench.io.tokens import TokenError, joined, located, with_gaps


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("太 原 市", "太原市"),
        ("太原市 政府 。", "太原市政府。"),
        ("我 爱 New York 和 iPhone 15 手机", "我爱New York和iPhone 15手机"),
        ("1 9 9 8 年 a b", "1998年ab"),
        ("3 . 5 %", "3.5%"),
        ("增 长 3 . 5 %", "增长3.5%"),
        ("U N", "UN"),
        ("EU rejects a call .", "EU rejects a call ."),
        ("在 ， ok 。", "在，ok。"),
        ("I am fine 😀 👍🏽 .", "I am fine 😀 👍🏽 ."),
        ("我 很 好 😀 ok", "我很好😀ok"),
        ("Ａ公司 Ｂ公司", "Ａ公司Ｂ公司"),
        ("", ""),
    ],
)
def test_auto(tokens: str, text: str) -> None:
    found, bounds = joined(tokens.split())
    assert found == text
    assert [found[start:end] for start, end in bounds] == tokens.split()


def test_named() -> None:
    assert joined(["太", "原"], "space") == ("太 原", [(0, 1), (2, 3)])
    assert joined(["New", "York"], "none") == ("NewYork", [(0, 3), (3, 7)])
    assert with_gaps(["a", "b", "c"], [False, True, True]) == ("ab c", [(0, 1), (1, 2), (3, 4)])


tokens = st.lists(st.text(st.sampled_from("太原aB1-。 \u3000Ａ"), min_size=1, max_size=3), max_size=6)


@given(tokens, st.sampled_from(["none", "space", "auto"]))
def test_every_token_stands_where_it_is_said(given_tokens: list[str], join: Join) -> None:
    text, bounds = joined(given_tokens, join)
    assert [text[start:end] for start, end in bounds] == given_tokens
    assert [end for _, end in bounds[:-1]] <= [start for start, _ in bounds[1:]]
    assert "".join(text.split()) == "".join("".join(given_tokens).split())


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from("太原a1。"), min_size=1, max_size=3), st.sampled_from(["", " ", "\u3000\n"]))
    )
)
def test_tokens_are_found_in_their_text(parts: list[tuple[str, str]]) -> None:
    text = " " + "".join(token + gap for token, gap in parts)
    bounds = located([token for token, _ in parts], text)
    assert [text[start:end] for start, end in bounds] == [token for token, _ in parts]
    assert bounds == sorted(bounds)


@pytest.mark.parametrize(
    ("given_tokens", "text", "index", "says"),
    [
        (["太", "原"], "太太原", 1, "'原' is not in the text, which continues with '太原'"),
        (["太", "原"], "太", 1, "which has ended"),
        (["太"], "太 原市", 0, "continues after the last token, with '原市'"),
    ],
)
def test_a_token_that_is_not_there(given_tokens: list[str], text: str, index: int, says: str) -> None:
    with pytest.raises(TokenError, match=says) as caught:
        located(given_tokens, text)
    assert caught.value.index == index
