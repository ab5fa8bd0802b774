"""Every expression of the second generator is read as the value that it was made from."""

from one_date import parse_date
from second_dates import date_expressions
from second_generator import money_expressions

from tyez_bench.zh.money import parse_money


def test_the_second_generator_makes_enough() -> None:
    money, dates = money_expressions(), date_expressions()
    assert len({(case.text, case.start) for case in money}) >= 600
    assert len({(case.text, case.start, case.reference) for case in dates}) >= 600
    assert len({case.form for case in money + dates}) >= 90


def test_every_amount_of_the_second_generator_is_read_as_its_value() -> None:
    read = [(case, parse_money(case.text, case.start, case.end)) for case in money_expressions()]
    assert [(case.form, case.text, found) for case, found in read if found != case.value] == []


def test_every_date_of_the_second_generator_is_read_as_its_value() -> None:
    read = [
        (case, parse_date(case.text, case.start, case.end, reference=case.reference)) for case in date_expressions()
    ]
    assert [(case.form, case.text, case.reference, found) for case, found in read if found != case.value] == []
