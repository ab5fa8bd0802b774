"""JSON Lines: a line is decoded once, and no key of an object goes missing with it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tyez_bench.files.jsonl import decode_object
from tyez_bench.model.errors import InputError


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('{"a":1,"a":2}', "a"),
        ('{"a" : 1, "a"\t:2}', "a"),
        ('{"a":[{"b":{"c":1,"c":1}}]}', "c"),
        ('{"太":1,"\\u592a":2}', "太"),
        ('{"a":1,"a":{"b":2}}', "a"),
        # Text that looks like the end of a key, where one key is lost.
        ('{"a":":","a":1}', "a"),
        ('{"a":"\\":","a" :1}', "a"),
        ('{"a":{"b":1},"a":[{}]}', "a"),
    ],
)
def test_a_key_that_occurs_twice_is_refused(line: str, key: str) -> None:
    with pytest.raises(InputError) as error:
        decode_object(line, "x.jsonl", 7)
    assert str(error.value) == f"x.jsonl:7: not valid JSON: the key {key!r} occurs twice in an object"


@pytest.mark.parametrize(
    "line",
    [
        '{"a":":","b":"\\":"}',
        '{"a":[{"k":1},{"k":2}]}',
        '{"a":{"a":{"a":1}}}',
        '{"":"","a":"\\\\"}',
        '{"a": "b :"}',
        "{}",
    ],
)
def test_nothing_else_is(line: str) -> None:
    assert decode_object(line, "x.jsonl", 1) == json.loads(line)


def test_an_object_that_is_read_without_a_second_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: Any, **__: Any) -> Any:
        raise AssertionError("decoded twice")

    monkeypatch.setattr("tyez_bench.files.jsonl.json.loads", slow)
    line = '{"id": "a:0-2", "entities" : [{"start": 0, "text": "3:1"}, []], "none": null}'
    assert decode_object(line, "x.jsonl", 1)["entities"] == [{"start": 0, "text": "3:1"}, []]


KEYS = st.sampled_from(["a", "b", ":", '"', '":', "\\", " "])
GAPS = st.sampled_from(["", " ", "\t", " \r"])


def written(value: Any, gaps: list[str]) -> str:
    """A value as JSON, its objects from pairs of which some may have the same key."""
    if isinstance(value, tuple):
        inside = (f"{json.dumps(key)}{gaps[len(key) % len(gaps)]}:{written(one, gaps)}" for key, one in value)
        return f"{{{','.join(inside)}}}"
    if isinstance(value, list):
        return f"[{','.join(written(one, gaps) for one in value)}]"
    return json.dumps(value)


def is_distinct(value: Any) -> bool:
    if isinstance(value, tuple):
        return len({key for key, _ in value}) == len(value) and all(is_distinct(one) for _, one in value)
    return not isinstance(value, list) or all(map(is_distinct, value))


PAIRS = st.recursive(
    st.one_of(st.none(), st.integers(0, 3), KEYS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.lists(st.tuples(KEYS, inner), max_size=3).map(tuple)),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.tuples(KEYS, PAIRS), max_size=4).map(tuple), st.lists(GAPS, min_size=1, max_size=3))
def test_any_object_against_its_pairs(value: Any, gaps: list[str]) -> None:
    line = written(value, gaps)
    if is_distinct(value):
        assert decode_object(line, "x.jsonl", 1) == json.loads(line)
    else:
        with pytest.raises(InputError, match="occurs twice in an object"):
            decode_object(line, "x.jsonl", 1)
