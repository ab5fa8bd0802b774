"""Values read from their words: generated expressions, reported ones, the gold's own, and what is none."""

from collections import Counter

import pytest
from generate import Case, all_dates, all_money
from one_date import parse_date

import tyez_bench
from tyez_bench.model.values import Money, Timex
from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.money import parse_money

MONEY, DATES = all_money(), all_dates()


def read(case: Case) -> Money | Timex | None:
    """What the parser says."""
    start, end = len(case.before), len(case.before) + len(case.surface)
    if isinstance(case.expected, Money):
        return parse_money(case.text, start, end)
    return parse_date(case.text, start, end, reference=case.reference)


@pytest.mark.parametrize("cases", [MONEY, DATES], ids=["money", "dates"])
def test_there_are_enough_of_each_form(cases: list[Case]) -> None:
    assert len({(case.text, case.reference) for case in cases}) >= 300
    assert min(Counter(case.form for case in cases).values()) >= 5
    assert len(set(MONEY) | set(DATES)) >= 600


@pytest.mark.parametrize("cases", [MONEY, DATES], ids=["money", "dates"])
def test_every_generated_expression_is_read_as_its_value(cases: list[Case]) -> None:
    wrong = [(case.form, case.text, case.reference, case.expected, read(case)) for case in cases]
    assert [entry for entry in wrong if entry[3] != entry[4]] == []


def test_the_gold_says_the_same(gold: tyez_bench.Gold) -> None:
    read_ = 0
    for document, entity in gold.entities():
        if entity.type == "MONEY":
            assert parse_money(document.text, entity.start, entity.end) == entity.value
        elif entity.type == "DATE":
            assert document.date is not None
            found = parse_date(document.text, entity.start, entity.end, reference=document.date.reference)
            assert found == entity.value
        read_ += entity.type in ("MONEY", "DATE")
    assert read_ > 40


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        # 余 says that it is more than the number that is named; the number is two million.
        ("二百余万元", ("2000000", "MORE_THAN")),
        ("五千元", ("5000", None)),
        # The decimals belong to the number before 万.
        ("3541.07万元", ("35410700", None)),
        ("八到九百亿元", ("80000000000", "90000000000")),
        ("五到六百万元", ("5000000", "6000000")),
        ("300至500万元", ("3000000", "5000000")),
        # With 万 the lower end would be the larger one.
        ("5000至1万元", ("5000", "10000")),
        ("十七八万元", ("170000", "180000")),
        ("上亿元", ("100000000", "EQUAL_OR_MORE")),
        ("一万五元", ("15000", None)),
        ("一百零五元", ("105", None)),
    ],
)
def test_amounts_that_readers_get_wrong(words: str, amount: tuple[str, str | None]) -> None:
    found = parse_money(words)
    assert found is not None
    assert (found.lower, found.upper) == amount or (found.amount, found.modifier) == amount


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("于21年开工", "21年", "2021"),
        ("时隔21年再次", "21年", "P21Y"),
        ("21年来首次", "21年", "P21Y"),
        ("过去的21年", "21年", "P21Y"),
        ("98年开工", "98年", "1998"),
        ("3年完成", "3年", "P3Y"),
        ("十年磨一剑", "十年", "P10Y"),
        ("今日开工", "今日", "2022-08"),
        ("今年6月底", "今年6月底", "2022-06"),
        ("半年之后", "半年", "P6M"),
    ],
)
def test_dates_that_readers_get_wrong(text: str, words: str, value: str) -> None:
    start = text.index(words)
    found = parse_date(text, start, start + len(words), reference="2022-08")
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "words",
    [
        "百亿级",
        "2万吨",
        "1.4万余亩",
        "万元",
        "元",
        "数百万元",
        "十几万元",
        "几十亿元",
        "八到九百亿",
        "太原",
        "",
        "3.5.2元",
        "元3",
    ],
)
def test_what_is_no_amount(words: str) -> None:
    assert parse_money(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "2月30日",
        "13月5日",
        "8月32日",
        "2021年2月29日",
        "昨日",
        "本周",
        "太原",
        "",
        "年",
        "月",
        "25时",
        "8月9日25时61分",
    ],
)
def test_what_is_no_date(words: str) -> None:
    assert parse_date(words, reference="2022-08") is None
    assert parse_date(words) is None


def test_ordinals_are_no_dates() -> None:
    assert parse_date("第21年", 1, 4, reference="2022-08") is None


@pytest.mark.parametrize("words", ["去年", "今天", "上月", "今年上半年"])
def test_relative_dates_need_a_reference(words: str) -> None:
    assert parse_date(words) is None
    assert parse_date(words, reference="2022-08-09") is not None


def test_running_text() -> None:
    text = "年产2万吨、年利税3.2亿元,占地1.4万余亩,单元楼12号,元旦前10分钟,"
    text += "百亿级产业一期投资约三百余万元,单价¥1,200.50。"
    assert [text[p.start : p.end] for p in find_money(text)] == ["3.2亿元", "三百余万元", "¥1,200.50"]
    text = "年度计划、青年、第3年、13710工作,2022年8月9日至12日开工,今年上半年,"
    text += "每周三次,目前三年成形,发现在即,12号楼,5年级,3天后。"
    found = [(text[p.start : p.end], p.kind) for p in find_dates(text)]
    assert found == [
        ("2022年8月9日至12日", "absolute"),
        ("今年上半年", "absolute"),
        ("每周", "set"),
        ("目前", "vague"),
        ("三年", "duration"),
        ("3天", "duration"),
    ]
