"""Numbered tokens: ranges stand for their words in the text, empty nodes stand nowhere."""

import pytest

from tyez_bench.io.tokens import TokenError, numbered_words


def test_ranges_and_empty_nodes() -> None:
    ids = ["1", "2-3", "2", "3", "3.1", "4"]
    found = numbered_words(ids, ["去", "dal", "da", "il", "x", "北"], ["O", "_", "B-X", "I-X", "_", "B-Y"])
    assert found.forms == ["去", "dal", "北"]
    assert found.form_rows == [0, 1, 5]
    assert (found.tags, found.places, found.rows) == (["O", "B-X", "I-X", "B-Y"], [0, 1, 1, 2], [0, 2, 3, 5])


def test_a_name_on_the_range_alone() -> None:
    found = numbered_words(["1-2", "1", "2"], ["dal", "da", "il"], ["B-X", "_", "_"])
    assert (found.forms, found.tags, found.places, found.rows) == (["dal"], ["B-X"], [0], [0])


def test_a_range_without_a_name() -> None:
    assert numbered_words(["1-2", "1", "2"], ["dal", "da", "il"], ["_", "_", "_"]).tags == ["O"]


# What is wrong with numbers and tags, and at which token.
FAULTS = {
    ("1 1.1", "O B-X"): "the empty node 1.1 has the tag 'B-X' @1",
    ("1-2 1 2", "B-X B-X O"): "both the range 1-2 and a word of it have an entity tag @0",
    ("1-2 1 3", "O O O"): "the word 2 of 1-2 does not follow @0",
    ("1-2 1", "O O"): "the word 2 of 1-2 does not follow @0",
    ("2-1 1", "O O"): "the range 2-1 is empty @0",
    ("x", "O"): "'x' is not the number of a token @0",
}


@pytest.mark.parametrize("given", FAULTS)
def test_what_can_not_be_read(given: tuple[str, str]) -> None:
    ids, tags = (column.split() for column in given)
    with pytest.raises(TokenError) as caught:
        numbered_words(ids, ids, tags)
    says, _, index = FAULTS[given].rpartition(" @")
    assert str(caught.value).startswith(says)
    assert caught.value.index == int(index)
