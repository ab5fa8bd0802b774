"""Level 3: amounts of money."""

import re
from collections.abc import Callable, Iterator

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.subject import Set, Text
from tyez_bench.expressions.find import Pattern, find_money
from tyez_bench.expressions.money import parse_money
from tyez_bench.expressions.numerals import SEPARATOR
from tyez_bench.model import Entity, Label
from tyez_bench.values import Money

DIGITS = "0-9０-９〇零○一二两三四五六七八九十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟半"
CURRENCY = (
    "(?:人民币|美元|美金|港元|港币|欧元|英镑|日元|日圆|韩元|澳元|加元|卢布|新台币|澳门元|瑞士法郎|法郎|泰铢|新加坡元|新元|元|圆|块钱|块|角|毛|分|"
    "RMB|CNY|USD|HKD|EUR|GBP|JPY|US\\$|HK\\$|[$¥￥€£])"
)
_NUMBER = re.compile(f"[{DIGITS}几数]")
_UNIT = re.compile(CURRENCY)
_BEHIND = re.compile(
    f"(?:[余多来几]?[{DIGITS}]*[万亿千百](?![{DIGITS}]*[级亩吨人个项])[余多]?{CURRENCY}?|[余多]?{CURRENCY}(?![旦素首月宵件器]))"
)
_INSIDE = re.compile(f"[{DIGITS}][.．,，]?$")
_RANGE = re.compile(SEPARATOR)
_LEFT = re.compile(f"[{DIGITS}][万亿千百]*(?:{CURRENCY})?{SEPARATOR}$")
# Words that some guidelines have inside.
_TAIL = re.compile(
    "[-−+]|以来|同期|期间|前后|左右|上下|以上|以下|以内|之内|时间|之?间|以?[前后]|之[前后]|里|内|中|[上中下]午|早上|晚上|凌晨|傍晚|当[天晚日]|许|余|多"
)
_APPROXIMATOR = re.compile(
    "(?:大约|约为|约|将近|接近|近|超过|超|逾|不超过|不到|不足|至少|不低于|不少于|最多|至多|突破|高达)"
)


def entities(texts: Set, label: Label) -> Iterator[tuple[Text, Entity]]:
    """The entities of a type, each with its text."""
    return ((text, entity) for text, entity in texts.entities() if entity.type is label)


def shape(texts: Set) -> Iterator[Finding]:
    """M401 to M404: what an amount must have, and where it begins and ends."""
    for text, entity in entities(texts, Label.MONEY):
        surface, whole = entity.text, text.document.text
        before = whole[max(0, entity.start - 12) : entity.start]
        if not _NUMBER.search(surface):
            yield text.of("M401", entity, f"MONEY {surface!r} has no number")
        if not _UNIT.search(surface):
            yield text.of("M402", entity, f"MONEY {surface!r} has no currency")
        behind = _BEHIND.match(whole, entity.end)
        if behind is not None and _NUMBER.search(surface):
            yield text.of("M403", entity, f"MONEY {surface!r} goes on: {behind[0]!r} stands behind it")
        if _INSIDE.search(before) and re.match(f"[{DIGITS}.．]", surface):
            yield text.of(
                "M404", entity, f"MONEY {surface!r} begins inside of a number: {before[-2:]!r} stands before it"
            )
        yield from approximators("M404", text, entity, texts.options.approximators)


def approximators(code: str, text: Text, entity: Entity, where: str) -> Iterator[Finding]:
    """A word such as 约 that stands inside where the guidelines have it outside, or the other way round."""
    inside = _APPROXIMATOR.match(entity.text)
    if where == "outside" and inside is not None:
        message = f"{entity.type} {entity.text!r} begins with {inside[0]!r}, which stands outside"
        yield text.of(code, entity, message)
    if where == "inside":
        before = text.document.text[max(0, entity.start - 4) : entity.start]
        left = re.search(f"{_APPROXIMATOR.pattern}$", before)
        if left is not None:
            yield text.of(code, entity, f"{entity.type} {entity.text!r} stands behind {left[0]!r}, which stands inside")


def more_than_the_amount(texts: Set) -> Iterator[Finding]:
    """M409."""
    for text, entity in entities(texts, Label.MONEY):
        rest = beyond(entity.text, find_money)
        if rest is not None and parse_money(entity.text) is None:
            yield text.of("M409", entity, f"MONEY {entity.text!r} is {rest[0]!r} and {rest[1]!r}")


def beyond(surface: str, find: Callable[[str], Iterator[Pattern]]) -> tuple[str, str] | None:
    """The one expression in a surface that as a whole is none, and what is beyond it."""
    found = list(find(surface))
    if len(found) != 1 or found[0].end - found[0].start == len(surface):
        return None
    start, end = found[0].start, found[0].end
    rest = surface[:start] + surface[end:]
    return None if _APPROXIMATOR.fullmatch(rest) or _TAIL.fullmatch(rest) else (surface[start:end], rest)


def range_in_two(texts: Set) -> Iterator[Finding]:
    """M405."""
    previous: tuple[Text, Entity] | None = None
    for text, entity in entities(texts, Label.MONEY):
        whole = text.document.text
        between = None
        if previous is not None and previous[0] is text and previous[1].end <= entity.start:
            between = whole[previous[1].end : entity.start]
        left = _LEFT.search(whole, max(0, entity.start - 16), entity.start)
        if previous is not None and between is not None and _RANGE.fullmatch(between):
            where = (text.where(previous[1].start, previous[1].end, "MONEY"),)
            yield text.of(
                "M405", entity, f"MONEY {entity.text!r} is the upper end of a range with {where[0].surface!r}", where
            )
        elif left is not None:
            yield text.of("M405", entity, f"MONEY {entity.text!r} is the upper end of a range with {left[0]!r}")
        previous = text, entity


def unmarked(texts: Set) -> Iterator[Finding]:
    """M406."""
    if not texts.labels["MONEY"]:
        return
    for text in texts.texts:
        spans = [(e.start, e.end) for e in text.document.entities if e.type is Label.MONEY]
        for found in find_money(text.document.text):
            if not any(start < found.end and found.start < end for start, end in spans):
                name = text.document.text[found.start : found.end]
                yield text.finding("M406", f"{name!r} is an amount of money, and is not marked", found.start, found.end)


def value(texts: Set) -> Iterator[Finding]:
    """M407 and M408: the value against the words, and values that are missing."""
    for text, entity in entities(texts, Label.MONEY):
        if entity.value is None and not texts.with_value["MONEY"]:
            continue
        parsed = parse_money(text.document.text, entity.start, entity.end)
        if entity.value is None:
            if parsed is not None:
                yield text.of("M408", entity, f"MONEY {entity.text!r} has no value; its words say {shown(parsed)}")
        elif isinstance(entity.value, Money) and parsed is not None and entity.value != parsed:
            reason = f"has the value {shown(entity.value)}; its words say {shown(parsed)}"
            yield text.of("M407", entity, f"MONEY {entity.text!r} {reason}")


def shown(money: Money) -> str:
    """An amount for people."""
    amount = money.amount if money.amount is not None else f"{money.lower}–{money.upper}"
    return f"{amount} {money.currency}" + (f" {money.modifier}" if money.modifier else "")


CHECKS = (
    Check(("M401", "M402", "M403", "M404"), shape),
    Check(("M409",), more_than_the_amount),
    Check(("M405",), range_in_two),
    Check(("M406",), unmarked),
    Check(("M407", "M408"), value),
)
