"""Level 3: amounts of money."""

import re
from collections.abc import Callable, Iterator

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.rules.edges import cut
from tyez_bench.checks.rules.names import area_meant
from tyez_bench.checks.texts import PLACES_AND_ORGANISATIONS, VALUES, Set, Text
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.model.values import Money
from tyez_bench.zh.find import Pattern, find_dates, find_money
from tyez_bench.zh.money import parse_money
from tyez_bench.zh.numerals import SEPARATOR

_ONES = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_POWERS = "十百千万亿兆拾佰仟"
_ARABIC = "0-9０-９"
DIGITS = f"{_ARABIC}〇零○半{_ONES}{_POWERS}"
# Where no name in full stands, 加币 and 比特币 are currencies by their last character, and 卢比 by itself.
CURRENCY = (
    "(?:人民币|美元|美金|港元|港币|欧元|英镑|日元|日圆|韩元|澳元|加元|卢布|新台币|澳门元|瑞士法郎|法郎|泰铢|新加坡元|新元|元|圆|块钱|块|角|毛|分|"
    "RMB|CNY|USD|HKD|EUR|GBP|JPY|US\\$|HK\\$|[$¥￥€£])"
)
_OTHER_CURRENCY = (
    "币|镑|铢|卢比|比索|克朗|瑞郎|里拉|兰特|先令|马克|第纳尔|里亚尔|雷亚尔|迪拉姆|林吉特|谢克尔|兹罗提|福林|"
    "越南盾|印尼盾"
)
_NUMBER = re.compile(f"[{_ARABIC}〇零○半{_ONES}十百千拾佰仟几数]|若干")
_UNIT = re.compile(f"{CURRENCY}|{_OTHER_CURRENCY}")
# 亿元 is an amount where it is more or less than one of them.
_MAGNITUDE = re.compile("[万亿]")
_ONE_BEFORE = re.compile("(?:上|近|超|超过|过|逾|破|突破|达)$")
_ONE_BEHIND = re.compile("以上|以下|大关|级")
# Behind a number: the rest of it and the currency. Behind a currency: the smaller coins.
_BEHIND_NUMBER = re.compile(
    f"[余多来几]?[{DIGITS}]*[万亿千百](?![{DIGITS}]*[级亩吨人个项])[余多]?{CURRENCY}?|[余多]?{CURRENCY}(?![旦素首月宵件器满形])"
)
_BEHIND_CURRENCY = re.compile(f"[{_ARABIC}{_ONES}][角毛分]|人民币")
_ENDS_IN_NUMBER = re.compile(f"[{DIGITS}几数余多]$")
_DIGITS = re.compile(f"[{DIGITS}几数余多]")
_SMALL = re.compile(f"[{_ONES}十百千]+元")
_RANGE = re.compile(SEPARATOR)
_LEFT = re.compile(f"[{DIGITS}][万亿千百]*(?:{CURRENCY})?{SEPARATOR}$")
# Words that some guidelines have inside.
_TAIL = re.compile(
    "[-−+±负]|整|起|[（(](?:人民币|美元|港元|港币|欧元|下同)[）)]|以来|同期|期间|前后|左右|上下|以上|以下|以内|之内|时间|之?间|以?[前后]|之[前后]|里|内|中|[上中下]午|早上|晚上|凌晨|傍晚|当[天晚日]|许|余|多"
)
_APPROXIMATOR = re.compile(
    "(?:大约|约为|约|将近|接近|近|超过|超|逾|不超过|不到|不足|至少|不低于|不少于|最多|至多|突破|高达)"
)


def shape(texts: Set) -> Iterator[Finding]:
    """M401 to M404: what an amount must have, and where it begins and ends."""
    for text, entity in texts.of_kind(Kind.MONEY):
        surface, whole = entity.text, text.document.text
        behind, before = _goes_on(whole, entity), _begins_before(whole, entity)
        if not has_number(surface):
            said = texts.in_dispute(entity) or area_meant(entity) is not None
            if before is None and not said and not _one(whole, entity):
                yield text.of("M401", entity, f"{entity.type} {surface!r} has no number")
        elif behind is None and not _UNIT.search(surface) and not texts.in_dispute(entity) and not _is_date(surface):
            yield text.of("M402", entity, f"{entity.type} {surface!r} has no currency")
        if behind is not None:
            yield text.of("M403", entity, f"{entity.type} {surface!r} goes on: {behind!r} stands behind it")
        if before is not None:
            yield text.of(
                "M404", entity, f"{entity.type} {surface!r} begins inside a number: {before!r} stands before it"
            )
        yield from approximators("M404", text, entity, texts.options.approximators)


def has_number(surface: str) -> bool:
    """Whether there is a number in it: 亿元 has none, 百元 has one."""
    return _NUMBER.search(surface) is not None


def _is_date(surface: str) -> bool:
    return any(found.end - found.start == len(surface) for found in find_dates(surface))


def _one(whole: str, entity: Entity) -> bool:
    """Whether a bare magnitude stands for one of it: 近亿元, 亿元以上."""
    if _MAGNITUDE.search(entity.text) is None:
        return False
    if _ONE_BEHIND.match(whole, entity.end) or _APPROXIMATOR.match(entity.text) or entity.text[0] == "上":
        return True
    return _ONE_BEFORE.search(whole, max(0, entity.start - 2), entity.start) is not None


def _goes_on(whole: str, entity: Entity) -> str | None:
    if not has_number(entity.text):
        return None
    ends_in_number = _ENDS_IN_NUMBER.search(entity.text) is not None
    match = (_BEHIND_NUMBER if ends_in_number else _BEHIND_CURRENCY).match(whole, entity.end)
    if match is None or (match[0] in "角毛分" and entity.text[-1] in _POWERS):
        return None
    return match[0]


def _begins_before(whole: str, entity: Entity) -> str | None:
    """The end of the number that an amount is the rest of. What S108 sees, digits on both sides, is left to it."""
    before = whole[max(0, entity.start - 2) : entity.start]
    if not before or _DIGITS.match(before[-1]) is None:
        return None
    last, first = before[-1], entity.text[0]
    if first in _POWERS:
        inside = re.search(f"[{DIGITS}几数]$|[{DIGITS}][余多]$", before) is not None
    elif re.match(f"[{_ARABIC}{_ONES}]", first):
        # 一亿|三千万, 三十|五万; 之一|三千万 is none.
        inside = last in "零〇" or (
            last in _POWERS and re.match(f"[{DIGITS}几数]", before[0]) is not None and len(before) > 1
        )
    else:
        inside = False
    return before if inside and cut(whole, entity) is None else None


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
    for text, entity in texts.of_kind(Kind.MONEY):
        rest = beyond(entity.text, find_money)
        if rest is None or parse_money(entity.text) is not None:
            continue
        if cut(text.document.text, entity) is None and not holds_another(text, entity):
            yield text.of("M409", entity, f"{entity.type} {entity.text!r} is {rest[0]!r} and {rest[1]!r}")


def holds_another(text: Text, entity: Entity) -> bool:
    """Whether an entity stands inside of it, which S113 reports."""
    return any(other.parent is not None and other.parent == entity.id for other in text.near(entity.start, entity.end))


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
    for text, entity in texts.of_kind(Kind.MONEY):
        whole = text.document.text
        between = None
        if previous is not None and previous[0] is text and previous[1].end <= entity.start:
            between = whole[previous[1].end : entity.start]
        left = _LEFT.search(whole, max(0, entity.start - 16), entity.start)
        if previous is not None and between is not None and _RANGE.fullmatch(between):
            where = (text.where(previous[1].start, previous[1].end, previous[1].type),)
            yield text.of(
                "M405",
                entity,
                f"{entity.type} {entity.text!r} is the upper end of a range with {where[0].surface!r}",
                where,
            )
        elif left is not None:
            yield text.of("M405", entity, f"{entity.type} {entity.text!r} is the upper end of a range with {left[0]!r}")
        previous = text, entity


def unmarked(texts: Set) -> Iterator[Finding]:
    """M406."""
    if not texts.marks(Kind.MONEY):
        return
    for text in texts.texts:
        for found in find_money(text.document.text):
            name = text.document.text[found.start : found.end]
            if not any(_covers(entity, found, name, texts) for entity in text.near(found.start, found.end)):
                how = text.marked_as(found.start, found.end)
                yield text.finding("M406", f"{name!r} is an amount of money, and is {how}", found.start, found.end)


def _covers(entity: Entity, found: Pattern, name: str, texts: Set) -> bool:
    """Whether an entity is the amount that was found, or says that it is none."""
    if entity.end <= found.start or found.end <= entity.start:
        return False
    kind = texts.kind(entity)
    if kind is Kind.MONEY:
        return True
    inside = entity.start <= found.start and found.end <= entity.end
    if kind not in VALUES and kind not in PLACES_AND_ORGANISATIONS:
        # A title, a product, or what nobody told the kind of.
        return inside
    if (entity.start, entity.end) == (found.start, found.end):
        return texts.in_dispute(entity)
    # 三元食品 and 三元里 are names, and begin like an amount.
    return inside and kind in PLACES_AND_ORGANISATIONS and _SMALL.fullmatch(name) is not None


def value(texts: Set) -> Iterator[Finding]:
    """M407 and M408: the value against the words, and values that are missing."""
    for text, entity in texts.of_kind(Kind.MONEY):
        if entity.value is None and entity.type not in texts.valued:
            continue
        parsed = parse_money(text.document.text, entity.start, entity.end)
        if entity.value is None:
            if parsed is not None:
                yield text.of(
                    "M408", entity, f"{entity.type} {entity.text!r} has no value; its words say {shown(parsed)}"
                )
        elif isinstance(entity.value, Money) and parsed is not None and entity.value != parsed:
            reason = f"has the value {shown(entity.value)}; its words say {shown(parsed)}"
            yield text.of("M407", entity, f"{entity.type} {entity.text!r} {reason}")


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
