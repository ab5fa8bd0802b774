"""Amounts and dates in traditional characters: found and read as in simplified ones."""

import pytest

from tyez_bench.zh.characters import simplified
from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.money import parse_money

AMOUNTS = ("三百萬元", "5億美元", "300萬圓", "三億五千萬元", "兩萬元", "1.2萬億歐元", "貳拾萬元")


@pytest.mark.parametrize("amount", AMOUNTS)
def test_amounts(amount: str) -> None:
    text = f"投資{amount}建設"
    (found,) = find_money(text)
    assert text[found.start : found.end] == amount
    value = parse_money(text, found.start, found.end)
    assert value is not None
    assert value == parse_money(simplified(text), found.start, found.end)


def test_dates() -> None:
    text = "這三個月內，1992年後"
    assert [text[one.start : one.end] for one in find_dates(text)] == ["三個月", "1992年"]
