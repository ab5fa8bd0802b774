"""Numbered tokens: ranges stand for their words in the text, empty nodes stand nowhere."""

import pytest

from tyez_bench.formats.numbered import words_of
from tyez_bench.formats.tokens import TokenError


def test_ranges_and_empty_nodes() -> None:
    ids = ["1", "2-3", "2", "3", "3.1", "4"]
    found = words_of(ids, ["去", "dal", "da", "il", "x", "北"], ["O", "_", "B-X", "I-X", "_", "B-Y"])
    assert found.forms == ["去", "dal", "北"]
    assert found.form_rows == [0, 1, 5]
    assert (found.tags, found.places, found.rows) == (["O", "B-X", "I-X", "B-Y"], [0, 1, 1, 2], [0, 2, 3, 5])


def test_a_name_on_the_range_alone() -> None:
    found = words_of(["1-2", "1", "2"], ["dal", "da", "il"], ["B-X", "_", "_"])
    assert (found.forms, found.tags, found.places, found.rows) == (["dal"], ["B-X"], [0], [0])


def test_a_range_without_a_name() -> None:
    assert words_of(["1-2", "1", "2"], ["dal", "da", "il"], ["_", "_", "_"]).tags == ["O"]


@pytest.mark.parametrize(
    ("ids", "tags", "index", "says"),
    [
        ("1 1.1", "O B-X", 1, "the empty node 1.1 has the tag 'B-X'"),
        ("1-2 1 2", "B-X B-X O", 0, "both the range 1-2 and a word of it have a tag"),
        ("1-2 1 3", "O O O", 0, "the word 2 of 1-2 does not follow"),
        ("1-2 1", "O O", 0, "the word 2 of 1-2 does not follow"),
        ("2-1 1", "O O", 0, "the range 2-1 is empty"),
        ("x", "O", 0, "'x' is no number of a token"),
    ],
)
def test_what_can_not_be_read(ids: str, tags: str, index: int, says: str) -> None:
    with pytest.raises(TokenError, match=says) as caught:
        words_of(ids.split(), ids.split(), tags.split())
    assert caught.value.index == index
