"""Words of the language: what they are, where they end, whatever the characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.zh.characters import simplified
from tyez_bench.zh.lexicon import is_cut, kind_of, word_before, word_behind, words


@given(st.text(alphabet="发展中国家太原市的在和臺灣A1，。 \U00020000", max_size=30), st.data())
def test_words_are_the_text_in_parts(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = words(text, start, end)
    assert "".join(text[word.start : word.end] for word in found) == text[start:end]
    assert all(word.start < word.end for word in found)
    assert len(simplified(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "name", "cut"),
    [
        ("发展中国家很多", "中国", True),
        ("在中国很多", "中国", False),
        ("神圣罗马帝国军但", "国军", True),
        ("新兴城市", "兴城", True),
        ("聯合國軍隊", "國軍", True),
        ("位于中国浙江省湖州市", "浙江省", False),
    ],
)
def test_words_that_only_look_like_a_name(text: str, name: str, cut: bool) -> None:
    start = text.index(name)
    assert is_cut(text, start, start + len(name)) is cut


def test_what_words_are() -> None:
    assert [kind_of(word) for word in ("太原", "臺北", "国务院", "他们", "第一", "群众", "启睿", "")] == [
        "place",
        "place",
        "organisation",
        "function",
        "numeral",
        "word",
        None,
        None,
    ]


def test_the_words_beside_a_place() -> None:
    text = "位于太原市的"
    before, behind = word_before(text, 2), word_behind(text, 5)
    assert before is not None
    assert behind is not None
    assert (text[before.start : before.end], text[behind.start : behind.end]) == ("位于", "的")
    assert word_before(text, 0) is None
    assert word_behind(text, len(text)) is None
