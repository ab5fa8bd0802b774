"""Amounts of money: the value that the words state, in units of the currency (ISO 4217)."""

import re
from decimal import Decimal

from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.values import Modifier, Money
from tyez_bench.zh.around import limits, said, stripped
from tyez_bench.zh.numerals import LONGEST, NUMERAL, SEPARATOR, closed, quantity

_WORDS = word_lists("tyez_bench.zh", "money")
BEHIND = _WORDS.meanings("behind")
IN_FRONT = _WORDS.meanings("in-front")
_PARTS = {"角": Decimal("0.1"), "毛": Decimal("0.1"), "分": Decimal("0.01")}
_IN_FRONT = any_of(IN_FRONT)
_BEHIND = any_of(BEHIND)
_NUMBER = f"[{NUMERAL}][{NUMERAL},，.．点]*(?:[余多来][十百千万亿]*)?"
_AMOUNT = re.compile(
    f"(?P<front>{_IN_FRONT})?\\s*(?P<number>{_NUMBER}(?:\\s*{SEPARATOR}\\s*{_NUMBER})?)\\s*(?P<more>[余多])?(?P<unit>{_BEHIND})?"
    f"(?P<more2>[余多])?(?P<jiao>[{NUMERAL}]+)?(?P<jiao_unit>[角毛])?(?P<fen>[{NUMERAL}]+)?(?P<fen_unit>分)?[整正钱]?(?P<tail>人民币)?"
)
_SMALL = re.compile(
    f"(?P<jiao>[{NUMERAL}]+)(?P<jiao_unit>[角毛])(?:(?P<fen>[{NUMERAL}]+)分)?[整正钱]?|(?P<only>[{NUMERAL}]+)分[整正钱]?"
)
_TWO_AMOUNTS = re.compile(f"(?P<one>.+?{_BEHIND}|{_IN_FRONT}.+?)\\s*{SEPARATOR}\\s*(?P<other>.+)")


def parse_money(text: str, start: int = 0, end: int | None = None) -> Money | None:
    """The value of the expression ``text[start:end]``; words around it give the modifier.

    None for what is no amount, and for amounts that the words do not fix (数百万元).
    """
    whole = closed(text)
    start, end = whole.inside(start), whole.inside(len(text) if end is None else end)
    text = whole.text
    between = limits(text[start:end].strip())
    if between is not None:
        return _bounds(*between, None)
    around = said(text, start, end)
    start, end, own = stripped(text, start, end)
    words = own or around
    return _value(text[start:end].strip(), None if words is None else words.modifier)


def _value(surface: str, around: Modifier | None) -> Money | None:
    if len(surface) > LONGEST:
        return None
    small = _SMALL.fullmatch(surface)
    if small is not None:
        return _coins(small, around)
    match = _AMOUNT.fullmatch(surface)
    if match is None:
        two = _TWO_AMOUNTS.fullmatch(surface)
        return None if two is None else _bounds(two["one"], two["other"], around)
    currency = BEHIND.get(match["unit"] or "") or IN_FRONT.get(match["front"] or "")
    if currency is None:
        return None
    if currency == "CNY" and match["front"] is not None:
        # $100元, 港币100元: the front says whose.
        currency = IN_FRONT[match["front"]]
    number = match["number"].replace(" ", "")
    # 万元 is a unit, and no amount; 上万元 and 近万元 are.
    unit = re.fullmatch("[万亿兆]+", number) is not None and around is None
    found = None if unit else quantity(number)
    if found is None:
        return None
    more = Modifier.MORE_THAN if match["more"] or match["more2"] else found.modifier
    coins = _added(match)
    if coins is None or (coins and found.upper is not None):
        return None
    if found.upper is not None:
        return Money(
            lower=canonical(found.lower), upper=canonical(found.upper), currency=currency, modifier=more or around
        )
    return Money(amount=canonical(found.lower + coins), currency=currency, modifier=more or around)


def _added(match: re.Match[str]) -> Decimal | None:
    """角 and 分 behind the unit; None where the words do not add up."""
    if not match["jiao"]:
        return None if match["jiao_unit"] or match["fen_unit"] else Decimal(0)
    if match["unit"] is None or (match["fen"] and not match["fen_unit"]):
        return None
    jiao = quantity(match["jiao"])
    if jiao is None or jiao.upper is not None or jiao.lower >= 10:
        return None
    if match["fen_unit"] and not match["jiao_unit"]:
        return jiao.lower * _PARTS["分"]
    fen = quantity(match["fen"]) if match["fen"] else None
    return jiao.lower * _PARTS["角"] + (fen.lower * _PARTS["分"] if fen is not None else 0)


def _coins(match: re.Match[str], around: Modifier | None) -> Money | None:
    parts = ((match["jiao"], "角"), (match["fen"], "分"), (match["only"], "分"))
    total = Decimal(0)
    for words, unit in parts:
        found = quantity(words) if words else None
        if words and (found is None or found.upper is not None):
            return None
        if found is not None:
            total += found.lower * _PARTS[unit]
    return Money(amount=canonical(total), currency="CNY", modifier=around)


def _bounds(one: str, other: str, around: Modifier | None) -> Money | None:
    """5000万元至1亿元, 1万元以上5万元以下: two amounts, each with its unit."""
    low, high = _value(one, None), _value(other, None)
    if low is None or high is None or low.amount is None or high.amount is None or low.currency != high.currency:
        return None
    if Decimal(low.amount) > Decimal(high.amount):
        return None
    return Money(lower=low.amount, upper=high.amount, currency=low.currency, modifier=around)


def canonical(amount: Decimal) -> str:
    """A decimal number as values are written: no exponent, no zeros at the end of its fraction."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
