"""Word lists: the patterns that are made of them, and the lists that the package has."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import tyez_bench
from tyez_bench.files.toml import WordLists, any_of, word_lists

PACKAGE = Path(tyez_bench.__file__).parent
FILES = sorted(PACKAGE.rglob("words.toml"))


def test_longer_words_are_tried_first_whatever_their_order() -> None:
    for words in (("超", "不超过", "超过"), ("不超过", "超过", "超")):
        pattern = re.compile(any_of(words))
        assert [match[0] for match in pattern.finditer("不超过 超过 超")] == ["不超过", "超过", "超"]


def test_words_are_no_patterns() -> None:
    pattern = re.compile(any_of(("US$", "$", "-", "]", "^", "a.c", "(含)以上")))
    assert pattern.findall("US$ $ - ] ^ a.c (含)以上 abc 含以上") == ["US$", "$", "-", "]", "^", "a.c", "(含)以上"]


def test_a_pattern_of_words_can_be_counted_and_followed() -> None:
    assert re.fullmatch(f"{any_of(('个月', '年'))}?半", "个月半")
    assert re.fullmatch(f"{any_of(('年',))}{any_of(('初', '末'))}+", "年初末")
    assert re.fullmatch(f"{any_of(('公司',))}+", "公司公司")


def test_a_word_may_be_another_one_by_what_stands_around_it() -> None:
    after, before = {"元": ("旦", "宵节")}, {"部": ("西", "俱乐"), "元": ("公",)}
    pattern = re.compile(any_of(("元", "部", "美元"), unless=after, unless_behind=before))
    assert pattern.findall("元 美元") == ["元", "美元"]
    assert pattern.findall("元旦 元宵节 公元 西部 俱乐部") == []
    assert pattern.findall("元宵 乐部 美元旦") == ["元", "部", "美元"]


def test_lists_by_key() -> None:
    lists = WordLists({"money": {"CNY": "元 圆", "USD": "美元"}, "days": {"-1": "昨天", "0": "今天 今日"}})
    assert lists.meanings("money") == {"元": "CNY", "圆": "CNY", "美元": "USD"}
    assert lists.numbers("days") == {"昨天": -1, "今天": 0, "今日": 0}


def test_what_stands_in_front_of_a_key_and_behind_it() -> None:
    lists = WordLists({"behind": {"院": "国务 法"}, "followed": {"学": "生 者", "州": ""}, "unless": {"元": "旦 宵"}})
    assert re.findall(lists.behind("behind"), "国务院 法院 学院") == ["院", "院"]
    assert re.findall(lists.followed("followed"), "学生 学者 学院 州 州长") == ["学生", "学者", "州", "州"]
    assert re.findall(f"元{lists.unless('unless', '元')}", "元 元旦 元宵 元月") == ["元", "元"]
    assert lists.unless("unless", "圆") == ""


def test_a_list_that_is_not_there_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        word_lists("tyez_bench.zh", "around").words("nothing")


LISTS = {
    (path.parent.name, table, name): words
    for path in FILES
    for table, lists in tomllib.loads(path.read_text("utf-8")).items()
    for name, words in lists.items()
}


def test_there_are_files_of_words() -> None:
    assert {room for room, _, _ in LISTS} == {"checks", "io", "zh"}


@cache
def _code(room: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in (PACKAGE / room).rglob("*.py"))


@pytest.mark.parametrize(("room", "table", "name"), LISTS)
def test_a_list_is_read_and_has_each_word_once(room: str, table: str, name: str) -> None:
    assert f'"{table}")' in _code(room)
    assert re.search(f"[\"']{name}[\"']", _code(room))
    words = LISTS[room, table, name]
    for one in words.values() if isinstance(words, dict) else (words,):
        assert len(one.split()) == len(set(one.split()))


@pytest.mark.parametrize(
    ("room", "table", "name"),
    [
        ("zh", "around", "before"),
        ("zh", "around", "behind"),
        ("zh", "calendar", "edges"),
        ("zh", "money", "behind"),
        ("zh", "money", "in-front"),
        ("zh", "numerals", "digits"),
        ("zh", "periods", "units"),
        ("zh", "points", "times"),
        ("zh", "points", "years"),
        ("zh", "values", "references"),
    ],
)
def test_a_word_means_one_thing(room: str, table: str, name: str) -> None:
    lists = word_lists(f"tyez_bench.{room}", table).by_key(name)
    words = [word for found in lists.values() for word in found]
    assert len(words) == len(set(words))
