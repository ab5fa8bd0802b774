"""Amounts of money: the value that the words state, in units of the currency (ISO 4217)."""

import re
from decimal import Decimal

from tyez_bench.model.values import Modifier, Money
from tyez_bench.zh.amounts import CLEAR, COINS, MARKED, NAMES, OF_SEVERAL, PAIR, SIGNS, TWO_MARKED, VAGUE
from tyez_bench.zh.around import BEFORE, limits, said, stripped
from tyez_bench.zh.numerals import CHINESE_DIGITS, LONGEST, closed, number, quantity

_JIAO, _FEN = Decimal("0.1"), Decimal("0.01")


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


def reads(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is an amount, in a text without spaces between numbers and units."""
    if CLEAR.fullmatch(text, start, end) is not None:
        return True
    surface = text[start:end]
    if surface[0] in "万亿":
        words = said(text, start, end)
        return words is not None and _value(surface, words.modifier) is not None
    return _value(surface, None) is not None or _is_some(surface)


def _is_some(surface: str) -> bool:
    """Whether it is an amount that the words do not fix: 几百万元."""
    match = MARKED.fullmatch(surface)
    return match is not None and VAGUE.search(match["number"]) is not None and _currency(match) is not None


def _value(surface: str, around: Modifier | None) -> Money | None:
    if len(surface) > LONGEST:
        return None
    small = COINS.fullmatch(surface)
    if small is not None:
        return _coins(small, around)
    match = MARKED.fullmatch(surface)
    if match is None:
        two = TWO_MARKED.fullmatch(surface)
        return None if two is None else _bounds(two["one"], two["other"], around)
    currency = _currency(match)
    if currency is None:
        return None
    digits = PAIR.sub(_two_digits, re.sub("[ \u00a0\u2009\u3000]", "", match["number"]))
    around = BEFORE[match["about"]] if match["about"] else around
    # 万元 is a unit, and no amount; 上万元 and 近万元 are.
    unit = re.fullmatch("[万亿兆]+", digits) is not None and around is None
    found = None if unit else quantity(digits)
    if found is None:
        return None
    coins = _added(match)
    if coins and found.upper is not None:
        return None
    modifier = (Modifier.MORE_THAN if match["more"] or match["over"] else found.modifier) or around
    if found.upper is not None:
        return Money(lower=canonical(found.lower), upper=canonical(found.upper), currency=currency, modifier=modifier)
    return Money(amount=canonical(found.lower + coins), currency=currency, modifier=modifier)


def _two_digits(pair: re.Match[str]) -> str:
    """五六 for 五、六 and 5、6: read as numbers, digits side by side would be one."""
    return (pair[0][0] + pair[0][-1]).translate(CHINESE_DIGITS)


def _currency(match: re.Match[str]) -> str | None:
    """The currency that the words around a number name; None where there is no word for one, or they name two."""
    front = match["front"]
    behind = match["name"] or match["tail"]
    named = {NAMES[behind]} if behind else set()
    if front is not None and not (named and front in OF_SEVERAL):
        named.add(SIGNS.get(front) or NAMES[front])
    if not named and match["unit"] is not None:
        return "CNY"
    return named.pop() if len(named) == 1 else None


def _added(match: re.Match[str]) -> Decimal:
    """角 and 分 behind the unit."""
    parts = (("jiao", _JIAO), ("tenth", _JIAO), ("fen", _FEN), ("cents", _FEN), ("cent", _FEN))
    # 一块零五分, and 一块半.
    return sum((_digit(match[name]) * size for name, size in parts if match[name]), Decimal(0))


def _digit(words: str) -> Decimal:
    found = number(words.lstrip("零") or words)
    assert found is not None, words
    # Half of what it counts is five of the next smaller.
    return found * 10 if words == "半" else found


def _coins(match: re.Match[str], around: Modifier | None) -> Money | None:
    parts = ((match["jiao"], _JIAO), (match["fen"], _FEN), (match["only"], _FEN))
    total = Decimal(0)
    for words, size in parts:
        found = quantity(words) if words else None
        if words and (found is None or found.upper is not None):
            return None
        if found is not None:
            total += found.lower * size
    return Money(amount=canonical(total), currency="CNY", modifier=around)


def _bounds(one: str, other: str, around: Modifier | None) -> Money | None:
    """5000万元至1亿元, 1万元以上5万元以下: two amounts, each with its unit."""
    low, high = _value(one, None), _value(other, None)
    if low is None or high is None or low.amount is None or high.amount is None:
        return None
    # 港币300万元至500万元: 元 is that of the name at the other end.
    unnamed = low if _names_none(one) else high if _names_none(other) else None
    if low.currency != high.currency and unnamed is None:
        return None
    if Decimal(low.amount) > Decimal(high.amount):
        return None
    currency = (high if unnamed is low else low).currency
    return Money(lower=low.amount, upper=high.amount, currency=currency, modifier=around)


def _names_none(surface: str) -> bool:
    match = MARKED.fullmatch(surface)
    return match is not None and match["front"] is None and match["name"] is None and match["tail"] is None


def canonical(amount: Decimal) -> str:
    """A decimal number as values are written: no exponent, no zeros at the end of its fraction."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
