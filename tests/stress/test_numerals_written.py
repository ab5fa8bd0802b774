"""Amounts and dates written otherwise: by hand, and read back by the project's own reader of values."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_cases import SEEDS, of, sentences, texts_of

from tyez_bench.stress.transformations.characters import amounts, dates, in_words
from tyez_bench.zh.dates.values import date_readings
from tyez_bench.zh.money import parse_money
from tyez_bench.zh.numerals import number

WORDS = {
    "6.2": "六点二",
    "10": "十",
    "13": "十三",
    "32": "三十二",
    "110": "一百一十",
    "70.16": "七十点一六",
    "157.67": "一百五十七点六七",
    "1234.7": "一千二百三十四点七",
    "3600": "三千六百",
    "3006": "三千零六",
    "0.36": "零点三六",
    "100.05": "一百点零五",
}


def written(forms: list[tuple[int, int, str]], surface: str) -> list[str]:
    """The surface with each form in its place."""
    return [surface[:start] + new + surface[end:] for start, end, new in forms]


def together(forms: list[tuple[int, int, str]], surface: str) -> str:
    """The surface with all forms in their places."""
    for start, end, new in sorted(forms, reverse=True):
        surface = surface[:start] + new + surface[end:]
    return surface


@pytest.mark.parametrize("digits", WORDS)
def test_a_number_in_words(digits: str) -> None:
    assert in_words(Decimal(digits)) == WORDS[digits]


@given(st.decimals(0, "9999.99", places=2) | st.integers(0, 9999).map(Decimal))
def test_words_are_read_as_the_number_they_were_made_from(value: Decimal) -> None:
    assert number(in_words(value)) == value


@pytest.mark.parametrize("digits", ["10000", "-1"])
def test_a_number_that_has_no_words_here_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="not below 10000"):
        in_words(Decimal(digits))


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("157.67亿元", ["一百五十七点六七亿元", "15,767,000,000元", "1576700万元"]),
        ("3600万元", ["三千六百万元", "36,000,000元", "0.36亿元"]),
        ("10亿元", ["十亿元", "1,000,000,000元", "100000万元"]),
        ("12000万元", ["120,000,000元", "1.2亿元"]),
        ("0.00001万元", ["零点零零零零一万元", "0.000000001亿元"]),
        ("3亿多元", []),
        ("五千元", []),
    ],
)
def test_an_amount_is_written_in_up_to_three_other_ways(surface: str, expected: list[str]) -> None:
    assert written(list(amounts(surface)), surface) == expected


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("8月9日", "八月九日"),
        ("3月28日", "三月二十八日"),
        ("2018年", "二〇一八年"),
        ("2021年12月", "二〇二一年十二月"),
        ("明年9月份", "明年九月份"),
        ("3年到5年", "三年到五年"),
        ("4个月", "四个月"),
        ("10月1日", "十月一日"),
        ("一季度", "1季度"),
        ("三季度末", "3季度末"),
        ("今年上半年", "今年上半年"),
        ("连日来", "连日来"),
    ],
)
def test_a_date_is_written_otherwise_as_a_whole(surface: str, expected: str) -> None:
    assert together(list(dates(surface)), surface) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_values_read_from_the_new_words_are_those_of_the_labels(seed: int) -> None:
    found = of("numerals", seed=seed)
    assert len(found) > 40
    for case in found:
        before, after = case.texts
        changed = [new for old, new in zip(before.entities, after.entities, strict=True) if old.text != new.text]
        assert len(changed) == 1, case.id
        (entity,) = changed
        if entity.type == "MONEY":
            assert parse_money(after.text, entity.start, entity.end) == entity.value, case.id
        else:
            assert after.date is not None
            readings = date_readings(after.text, entity.start, entity.end, reference=after.date.reference)
            assert entity.value in readings, case.id


def test_every_amount_and_every_date_with_digits_is_rewritten() -> None:
    rewritten = {(case.template, change.source_start) for case in of("numerals") for change in case.changes}
    for text in sentences():
        sentence = text.id.removeprefix("page/")
        for entity in text.entities:
            if entity.type == "MONEY" or (entity.type == "DATE" and any(map(str.isdigit, entity.text))):
                assert any((sentence, at) in rewritten for at in range(entity.start, entity.end)), entity


def test_one_expression_is_rewritten_at_a_time_and_accepted_boundaries_come_along() -> None:
    assert texts_of("numerals", "yangqu.s12") == [
        "此外,有落地意向的项目共14个,总投资额约十三亿元。",
        "此外,有落地意向的项目共14个,总投资额约1,300,000,000元。",
        "此外,有落地意向的项目共14个,总投资额约130000万元。",
    ]
    for case in of("numerals", sentence="yangqu.s12"):
        (amount,) = case.texts[1].entities
        ((start, end),) = amount.alternatives
        assert case.texts[1].text[start:end] == "约" + amount.text
