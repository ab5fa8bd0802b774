"""Level 3: amounts of money, and what the rules about dates share with those about amounts."""

import re
from collections.abc import Callable, Iterator, Sequence

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.edges import cut
from tyez_bench.checks.rules.names import area_meant
from tyez_bench.checks.texts import PLACES_AND_ORGANISATIONS, VALUES, Set, Text
from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted
from tyez_bench.model.labels import Kind
from tyez_bench.model.values import Money, Timex, TimexType
from tyez_bench.zh.amounts import NAMES, SIGNS, TWO_MARKED
from tyez_bench.zh.find import IN_EACH_AMOUNT, Pattern, find_money, whole_date
from tyez_bench.zh.money import parse_money
from tyez_bench.zh.numerals import SEPARATOR

_WORDS = word_lists("tyez_bench.checks", "amounts")
_ONES = "一二两三四五六七八九壹贰叁肆伍陆柒捌玖"
_POWERS = "十廿卅百千万亿兆拾佰仟"
_ARABIC = "0-9０-９"
DIGITS = f"{_ARABIC}〇零○半{_ONES}{_POWERS}"
CURRENCY = _WORDS.any("currencies")
_NUMBER = re.compile(f"[{_ARABIC}〇零○半{_ONES}十廿卅百千拾佰仟几数]|若干")
_UNIT = re.compile(f"{_WORDS.any('currencies', 'other-currencies')}|{any_of((*NAMES, *SIGNS))}")
# What counts something else: 1.4万亩, 5.6%.
_OTHER_UNIT = re.compile(_WORDS.any("other-units"))
_IN_ANOTHER_UNIT = re.compile(f"[{DIGITS}几数余多]{_WORDS.any('other-units')}$")
# 亿元 is an amount where it is more or less than one of them.
_MAGNITUDE = re.compile("[万亿]")
_ONE_BEFORE = re.compile(f"{_WORDS.any('one-before')}$")
_ONE_BEHIND = re.compile(_WORDS.any("one-behind"))
# Behind a number: the rest of it and the currency. Behind a currency: the smaller coins.
_BEHIND_NUMBER = re.compile(
    f"[余多来几]?[{DIGITS}]*[万亿千百](?![{DIGITS}]*{_WORDS.any('no-currency-behind')})[余多]?{CURRENCY}?"
    f"|[余多]?{CURRENCY}(?!{_WORDS.any('no-yuan')})"
    f"|{word_lists('tyez_bench.checks', 'places').any('countries')}{_WORDS.any('other-currencies')}"
)
# The name of the currency that 元 is of: 港币|300万元, 300万元|美金.
_NAME_BEFORE = re.compile(f"{any_of(word for word in (*NAMES, *SIGNS) if len(word) > 1)}$")
_NAME_BEHIND = re.compile(any_of(NAMES))
_PLAIN_UNIT = re.compile("[元圆]$")
_REACH = 8
_BEHIND_CURRENCY = re.compile(f"[{_ARABIC}{_ONES}][角毛分]|人民币")
_ENDS_IN_NUMBER = re.compile(f"[{DIGITS}几数余多]$")
_DIGITS = re.compile(f"[{DIGITS}几数余多]")
_NUMERAL = re.compile(f"[{DIGITS}]{{2,}}")
_SMALL = re.compile(f"[{_ONES}十百千]+元")
_RANGE = re.compile(SEPARATOR)
_LEFT = re.compile(f"[{DIGITS}.．,，]*[{DIGITS}][万亿千百]*(?:{CURRENCY})?{SEPARATOR}$")
# Words that some guidelines have inside.
_TAIL = re.compile(f"{_WORDS.any('tails')}|[（(]{_WORDS.any('notes')}[）)]")
# So many of one kind are a way of the set; and a set of so many amounts that joins no range has none.
_WAY, _MANY = 3, 50
_ON_THE_CALENDAR = (TimexType.DATE, TimexType.TIME)
_UNKNOWN_PARTS = re.compile("(?:-XX)+")
_APPROXIMATOR = re.compile(_WORDS.any("approximators"))


def shape(texts: Set) -> Iterator[Finding | Convention]:
    """M401 to M404: what an amount must have, and where it begins and ends."""
    bare: list[str] = []
    for text, entity in texts.of_kind(Kind.MONEY):
        surface, whole = entity.text, text.document.text
        behind, before = _goes_on(text, entity, texts), _begins_before(whole, entity)
        if not has_number(surface):
            said = texts.in_dispute(entity) or area_meant(entity) is not None
            if before is None and not said and not _one(whole, entity) and len(texts.by_surface[surface]) < _WAY:
                yield text.of("M401", entity, f"{entity.type} {surface!r} has no number")
        elif behind is None and not _UNIT.search(surface) and not texts.in_dispute(entity) and not _is_date(surface):
            if _counts_something_else(whole, entity):
                yield text.of("M402", entity, f"{entity.type} {surface!r} has no currency")
            else:
                bare.append(surface)
        if behind is not None:
            yield text.of("M403", entity, f"{entity.type} {surface!r} continues: {behind!r} follows it")
        if before is not None:
            yield text.of("M404", entity, f"{entity.type} {surface!r} begins inside an amount: {before!r} precedes it")
        yield from approximators("M404", text, entity, texts.options.approximators)
    if len(bare) >= _WAY:
        yield Convention("M402", f"{counted(len(bare), 'amount')} have no currency ({bare[0]}, {bare[1]}, …)")


def _counts_something_else(whole: str, entity: Entity) -> bool:
    """Whether a number without a currency is one of people, acres or per cent: by the unit in it, or behind it."""
    if _IN_ANOTHER_UNIT.search(entity.text):
        return True
    return _ENDS_IN_NUMBER.search(entity.text) is not None and _OTHER_UNIT.match(whole, entity.end) is not None


def has_number(surface: str) -> bool:
    """Whether there is a number in it: 亿元 has none, 百元 has one."""
    return _NUMBER.search(surface) is not None


def _is_date(surface: str) -> bool:
    return whole_date(surface) is not None


def _one(whole: str, entity: Entity) -> bool:
    """Whether a bare magnitude stands for one of it: 近亿元, 亿元以上."""
    if _MAGNITUDE.search(entity.text) is None:
        return False
    if _ONE_BEHIND.match(whole, entity.end) or _APPROXIMATOR.match(entity.text) or entity.text[0] == "上":
        return True
    return _ONE_BEFORE.search(whole, max(0, entity.start - 2), entity.start) is not None


def _goes_on(text: Text, entity: Entity, texts: Set) -> str | None:
    whole = text.document.text
    if not has_number(entity.text) or any(
        other.start == entity.end and texts.kind(other) is Kind.MONEY for other in text.near(entity.end, entity.end)
    ):
        # What follows may be marked by itself: 一分钱|一分钱.
        return None
    ends_in_number = _ENDS_IN_NUMBER.search(entity.text) is not None
    behind = _PLAIN_UNIT.search(entity.text) and _NAME_BEHIND.match(whole, entity.end)
    if behind and _is_of_another(entity.text, entity.text + behind[0]):
        return behind[0]
    match = (_BEHIND_NUMBER if ends_in_number else _BEHIND_CURRENCY).match(whole, entity.end)
    if match is None or (match[0] in "角毛分" and entity.text[-1] in _POWERS):
        return None
    return match[0]


def _begins_before(whole: str, entity: Entity) -> str | None:
    """What an amount is the rest of: the end of a number, or a name that makes it one of another currency.

    What S108 sees, digits on both sides, is left to it.
    """
    name = _NAME_BEFORE.search(whole, max(0, entity.start - _REACH), entity.start)
    if name is not None and _is_of_another(entity.text, name[0] + entity.text):
        return name[0]
    before = whole[max(0, entity.start - 2) : entity.start]
    if not before or _DIGITS.match(before[-1]) is None:
        return None
    numeral = _NUMERAL.match(entity.text)
    if numeral is not None and whole.endswith(numeral[0], 0, entity.start):
        # In speech a number is said twice: 二千|二千块钱.
        return None
    last, first = before[-1], entity.text[0]
    if first in _POWERS:
        inside = re.search(f"[{DIGITS}几数]$|[{DIGITS}][余多]$", before) is not None
    elif re.match(f"[{_ARABIC}{_ONES}]", first):
        # 一亿|三千万, 三十|五万; 之一|三千万 is none.
        inside = last in "零〇廿卅" or (
            last in _POWERS and re.match(f"[{DIGITS}几数]", before[0]) is not None and len(before) > 1
        )
    else:
        inside = False
    return before if inside and cut(whole, entity) is None else None


def _is_of_another(surface: str, longer: str) -> bool:
    """Whether an amount is one with the name of a currency beside it, too, and of another one than by itself."""
    if [found[:2] for found in find_money(longer)] != [(0, len(longer))]:
        return False
    alone, whole = parse_money(surface), parse_money(longer)
    return alone is not None and whole is not None and alone.currency != whole.currency


def approximators(code: str, text: Text, entity: Entity, where: str) -> Iterator[Finding]:
    """A word such as 约 that stands inside where the guidelines have it outside, or the other way round."""
    inside = _APPROXIMATOR.match(entity.text)
    if where == "outside" and inside is not None:
        message = f"{entity.type} {entity.text!r} begins with {inside[0]!r}, which belongs outside"
        yield text.of(code, entity, message)
    if where == "inside":
        before = text.document.text[max(0, entity.start - 4) : entity.start]
        left = re.search(f"{_APPROXIMATOR.pattern}$", before)
        if left is not None:
            yield text.of(code, entity, f"{entity.type} {entity.text!r} follows {left[0]!r}, which belongs inside")


def more_than_the_amount(texts: Set) -> Iterator[Finding | Convention]:
    """M409."""
    found: dict[str, list[Finding]] = {}
    for text, entity in texts.of_kind(Kind.MONEY):
        rest = beyond(entity.text, find_money)
        if rest is None or parse_money(entity.text) is not None:
            continue
        if cut(text.document.text, entity) is None and not holds_another(text, entity):
            message = f"{entity.type} {entity.text!r} is {rest[0]!r} and {rest[1]!r}"
            found.setdefault(rest[1], []).append(text.of("M409", entity, message))
    for words, uses in found.items():
        if len(uses) < _WAY:
            yield from uses
        else:
            yield Convention("M409", f"{words} is part of {counted(len(uses), 'amount')}")


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
    return None if is_tail(rest) else (surface[start:end], rest)


def is_tail(rest: str) -> bool:
    """Whether what is beyond an expression is what some guidelines have inside: 约, 以上, （人民币）."""
    return _APPROXIMATOR.fullmatch(rest) is not None or _TAIL.fullmatch(rest) is not None


def range_in_two(texts: Set) -> Iterator[Finding | Convention]:
    """M405."""
    previous: tuple[Text, Entity] | None = None
    apart: list[Finding] = []
    together = 0
    for text, entity in texts.of_kind(Kind.MONEY):
        whole = text.document.text
        between = None
        if previous is not None and previous[0] is text and previous[1].end <= entity.start:
            between = whole[previous[1].end : entity.start]
        left = _LEFT.search(whole, max(0, entity.start - 16), entity.start)
        together += TWO_MARKED.fullmatch(entity.text) is not None
        if (
            previous is not None
            and between is not None
            and _RANGE.fullmatch(between)
            and not _in_descent(previous[1].text + between, entity.text)
        ):
            where = (text.where(previous[1].start, previous[1].end, previous[1].type),)
            message = f"{entity.type} {entity.text!r} is the upper end of a range with {where[0].surface!r}"
            apart.append(text.of("M405", entity, message, where))
        elif left is not None and not _in_descent(left[0], entity.text):
            yield text.of("M405", entity, f"{entity.type} {entity.text!r} is the upper end of a range with {left[0]!r}")
        previous = text, entity
    if len(apart) <= together or (len(apart) < _WAY and texts.counts[apart[0].label or ""] < _MANY):
        yield from apart
    elif len(apart) >= _WAY:
        yield Convention("M405", f"both ends of {counted(len(apart), 'range')} of amounts are marked, each by itself")


def _in_descent(left: str, other: str) -> bool:
    """Whether two amounts are no range, though each can be read: 从300元|到200元, 2022-300元."""
    return parse_money(other) is not None and parse_money(left + other) is None


def unmarked(texts: Set) -> Iterator[Finding]:
    """M406."""
    if not texts.marks(Kind.MONEY):
        return
    for text in texts.outside(IN_EACH_AMOUNT, Kind.MONEY):
        for found in find_money(text.document.text):
            name = text.document.text[found.start : found.end]
            if not any(_covers(entity, found, name, texts) for entity in text.near(found.start, found.end)):
                how = text.marked_as(found.start, found.end)
                yield text.finding("M406", f"{name!r} is an amount of money, but is {how}", found.start, found.end)


def _covers(entity: Entity, found: Pattern, name: str, texts: Set) -> bool:
    """Whether an entity is the amount that was found, or says that it is none."""
    told = covers(entity, found.start, found.end, (Kind.MONEY,), texts)
    inside = entity.start <= found.start and found.end <= entity.end
    # 三元食品 and 三元里 are names, and begin like an amount.
    small = inside and texts.kind(entity) in PLACES_AND_ORGANISATIONS and _SMALL.fullmatch(name) is not None
    return small if told is None else told


def covers(entity: Entity, start: int, end: int, kinds: Sequence[Kind], texts: Set) -> bool | None:
    """Whether an entity is the value of these kinds that was found, or says that it is none; None where words tell."""
    if entity.end <= start or end <= entity.start:
        return False
    kind = texts.kind(entity)
    if kind in kinds:
        return True
    if kind not in VALUES and kind not in PLACES_AND_ORGANISATIONS:
        # A title, a product, an event, or what nobody told the kind of.
        return entity.start <= start and end <= entity.end
    return texts.in_dispute(entity) if (entity.start, entity.end) == (start, end) else None


def value(texts: Set) -> Iterator[Finding]:
    """M407 and M408: the value against the words, and values that are missing."""
    for text, entity in texts.of_kind(Kind.MONEY):
        if entity.value is not None or entity.type in texts.valued:
            parsed = parse_money(text.document.text, entity.start, entity.end)
            yield from against_words(text, entity, () if parsed is None else (parsed,), other="M407", missing="M408")


def against_words(
    text: Text, entity: Entity, said: Sequence[Money | Timex], *, other: str, missing: str
) -> Iterator[Finding]:
    """A value that is not among those that the words can say, or is missing; nothing where they say none."""
    if not said:
        return
    words = " or ".join(map(_shown, said))
    if entity.value is None:
        yield text.of(missing, entity, f"{entity.type} {entity.text!r} has no value; its words say {words}")
    elif type(entity.value) is type(said[0]) and not any(_agree(entity.value, one) for one in said):
        reason = f"has the value {_shown(entity.value)}; its words say {words}"
        yield text.of(other, entity, f"{entity.type} {entity.text!r} {reason}")


def _agree(value: Money | Timex, said: Money | Timex) -> bool:
    """Whether a value is what the words say, as far as it is known: 2022-08-XX is a day of 2022-08."""
    if value == said or not (isinstance(value, Timex) and isinstance(said, Timex)):
        return value == said
    if value.type is not said.type or value.type not in _ON_THE_CALENDAR or value.modifier is not said.modifier:
        return False
    pairs = ((value.value, said.value), (value.lower, said.lower), (value.upper, said.upper))
    return all(one == other or (one and other and _known_parts_agree(one, other)) for one, other in pairs)


def _known_parts_agree(value: str, said: str) -> bool:
    if any(one not in ("X", other) for one, other in zip(value, said, strict=False)):
        return False
    return len(value) == len(said) or _UNKNOWN_PARTS.fullmatch(value, len(said)) is not None


def _shown(value: Money | Timex) -> str:
    """A value for people."""
    limits = f"{value.lower}–{value.upper}"
    if isinstance(value, Timex):
        words = f"{value.type} {value.value or limits}"
    else:
        words = f"{value.amount or limits} {value.currency}"
    return words + (f" {value.modifier}" if value.modifier else "")


CHECKS = (
    Check(("M401", "M402", "M403", "M404"), shape),
    Check(("M409",), more_than_the_amount),
    Check(("M405",), range_in_two),
    Check(("M406",), unmarked),
    Check(("M407", "M408"), value),
)
