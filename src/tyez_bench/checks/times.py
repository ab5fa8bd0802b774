"""Level 3: dates."""

import re
from calendar import monthrange
from collections.abc import Iterator

from tyez_bench.checks.amounts import approximators, beyond, entities
from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.subject import Set
from tyez_bench.expressions.dates import date_readings
from tyez_bench.expressions.find import find_dates
from tyez_bench.model import Entity, Label
from tyez_bench.values import Timex, TimexType

_DIGIT = "[0-9０-９〇零○一二两三四五六七八九十廿卅]"
_TIME_WORD = re.compile(
    "[年月日号天周旬季时分秒今昨明前后去初末底春夏秋冬节夜晚晨午世纪岁期近目现当过未将往即刻瞬期间届]|星期|礼拜|[0-9０-９]|元旦|除夕|Q[1-4]"
)
_BEHIND = (
    (re.compile(f"{_DIGIT}$"), re.compile("(?:年|月份?|日|号|个月|天|周|季度|世纪|年代)")),
    (
        re.compile("年$"),
        re.compile(f"(?:{_DIGIT}{{1,3}}月|上半年|下半年|年[初中底末]|[第]?[一二三四1-4]季度|[初末底](?![步级次期始]))"),
    ),
    (
        re.compile("(?:今年|去年|明年|前年|后年|上年)$"),
        re.compile("(?:上半年|下半年|[初末底](?![步级次期始])|年[初中底末])"),
    ),
    (re.compile("月份?$"), re.compile(f"(?:{_DIGIT}{{1,3}}[日号]|[上中下]旬|[初末底](?![步级次期始])|份)")),
    (re.compile("[日号]$"), re.compile("(?:上午|中午|下午|晚上|凌晨|清晨|早上|傍晚|深夜)")),
    (re.compile("季度$"), re.compile("[初末底](?![步级次期始])")),
)
_BEFORE = (
    (
        re.compile(f"{_DIGIT}{{2,4}}年$|(?:今|去|明|前|后)年$"),
        re.compile(f"{_DIGIT}{{1,3}}月|[上下]半年|[第]?[一二三四1-4]季度"),
    ),
    (re.compile(f"{_DIGIT}{{1,3}}月$"), re.compile(f"{_DIGIT}{{1,3}}[日号]|[上中下]旬")),
    (re.compile(f"{_DIGIT}$"), re.compile(f"{_DIGIT}|[年月日号]")),
)
_MODIFIERS = (
    "左右",
    "前后",
    "上下",
    "以上",
    "以内",
    "以来",
    "以后",
    "以前",
    "之前",
    "之后",
    "期间",
    "约",
    "近",
    "截至",
    "大约",
)
_MONTH_DAY = re.compile("(?:([0-9]{4})年)?([0-9]{1,2})月(?:([0-9]{1,2})[日号])?")
_ISO = re.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_CLOCK = re.compile("(?:小时|分钟|秒钟?|[0-9]分|刻钟|点钟?)")
_CLOCK_VALUE = re.compile("^P[0-9XYMWD.]*T|T[0-9AEMN]")
_VAGUE = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")


def shape(texts: Set) -> Iterator[Finding]:
    """D501, D502: what a date must have, and where it begins and ends; D504: whether there is such a day."""
    for text, entity in entities(texts, Label.DATE):
        whole, surface = text.document.text, entity.text
        if not _TIME_WORD.search(surface):
            yield text.of("D501", entity, f"DATE {surface!r} has no word for a time")
        rest = _goes_on(whole, entity)
        if rest is not None:
            yield text.of("D502", entity, f"DATE {surface!r} {rest}")
        if _impossible(surface):
            yield text.of("D504", entity, f"DATE {surface!r} is on no calendar")
        yield from approximators("D506", text, entity, texts.options.approximators)


def _goes_on(whole: str, entity: Entity) -> str | None:
    for end, following in _BEHIND:
        match = following.match(whole, entity.end)
        if match is not None and end.search(entity.text):
            return f"goes on: {match[0]!r} stands behind it"
    before = whole[max(0, entity.start - 6) : entity.start]
    for preceding, beginning in _BEFORE:
        found = preceding.search(before)
        if found is not None and beginning.match(entity.text):
            return f"begins before: {found[0]!r} stands before it"
    return None


def _impossible(surface: str) -> bool:
    for year, month, day in (*_MONTH_DAY.findall(surface), *_ISO.findall(surface)):
        if not 1 <= int(month) <= 12:
            return True
        # A day in February of no year may be the 29th.
        last = monthrange(int(year) if year and int(year) > 0 else 2000, int(month))[1]
        if day and not 1 <= int(day) <= last:
            return True
    return False


def more_than_the_date(texts: Set) -> Iterator[Finding]:
    """D511."""
    for text, entity in entities(texts, Label.DATE):
        rest = beyond(entity.text, find_dates)
        # Any full day will do as the reference: it is asked whether the words are a date at all.
        if rest is not None and not date_readings(entity.text, reference="2020-01-01"):
            yield text.of("D511", entity, f"DATE {entity.text!r} is {rest[0]!r} and {rest[1]!r}")


def conventions(texts: Set) -> Iterator[Finding]:
    """D503: durations, sets and vague dates, and D510: times of the day, against the guidelines."""
    durations = texts.options.durations
    if durations == "yes" and texts.options.times:
        return
    for text, entity in entities(texts, Label.DATE):
        values = (
            (entity.value,)
            if isinstance(entity.value, Timex)
            else date_readings(text.document.text, entity.start, entity.end)
        )
        if not values:
            continue
        clock = all(map(_shorter_than_a_day, values))
        if (clock or _CLOCK.search(entity.text)) and not texts.options.times:
            yield text.of("D510", entity, f"DATE {entity.text!r} is shorter than a day, which is not marked")
            continue
        kinds = {_kind(value) for value in values}
        kind = kinds.pop()
        if kind is None or kinds:
            continue
        if durations == "no":
            yield text.of("D503", entity, f"DATE {entity.text!r} is {kind}, which is not marked")
        elif durations == "optional" and entity.required:
            yield text.of("D503", entity, f"DATE {entity.text!r} is {kind}, which is optional, and it is required")


def _shorter_than_a_day(value: Timex) -> bool:
    return value.type is TimexType.TIME or _CLOCK_VALUE.search(value.value or value.lower or "") is not None


def _kind(value: Timex) -> str | None:
    """What a value is that is no point of the calendar."""
    if value.type is TimexType.DURATION:
        return "a duration"
    if value.type is TimexType.SET:
        return "a set"
    return "a vague date" if value.value in _VAGUE else None


def unmarked(texts: Set) -> Iterator[Finding]:
    """D505: calendar dates that are not marked; D507: kinds of dates that are marked here and not there."""
    if not texts.labels["DATE"]:
        return
    known = {
        found.kind: (text, entity)
        for text, entity in entities(texts, Label.DATE)
        for found in find_dates(entity.text)
        if found.end - found.start == len(entity.text)
    }
    for text in texts.texts:
        spans = [(e.start, e.end) for e in text.document.entities if e.type is Label.DATE]
        for found in find_dates(text.document.text):
            if any(start < found.end and found.start < end for start, end in spans):
                continue
            name = text.document.text[found.start : found.end]
            if found.kind == "absolute":
                yield text.finding("D505", f"{name!r} is a date, and is not marked", found.start, found.end)
            elif found.kind in known:
                other, entity = known[found.kind]
                where = (other.where(entity.start, entity.end, "DATE"),)
                message = f"{name!r} is not marked; {entity.text!r}, {_KINDS[found.kind]} too, is"
                yield text.finding("D507", message, found.start, found.end, related=where)


_KINDS = {"relative": "a relative date", "duration": "a duration", "set": "a set", "vague": "a vague date"}


def modifiers(texts: Set) -> Iterator[Finding]:
    """D506: a word that stands inside of one date and outside of another."""
    inside: dict[str, list[tuple[int, int]]] = {word: [] for word in _MODIFIERS}
    outside: dict[str, list[tuple[int, int]]] = {word: [] for word in _MODIFIERS}
    found = list(entities(texts, Label.DATE))
    for number, (text, entity) in enumerate(found):
        whole = text.document.text
        for word in _MODIFIERS:
            if len(entity.text) > len(word) and (entity.text.startswith(word) or entity.text.endswith(word)):
                inside[word].append((number, entity.start))
            elif whole.endswith(word, 0, entity.start) or whole.startswith(word, entity.end):
                outside[word].append((number, entity.start))
    for word in _MODIFIERS:
        if not inside[word] or not outside[word]:
            continue
        # The fewer are the odd ones.
        fewer, more = sorted((inside[word], outside[word]), key=len)
        place, other = ("inside", "outside") if fewer is inside[word] else ("outside", "inside")
        example, example_entity = found[more[0][0]]
        for number, _ in fewer:
            text, entity = found[number]
            yield text.of(
                "D506",
                entity,
                f"{word!r} stands {place} of DATE {entity.text!r}, and {other} of {len(more)} other dates",
                (example.where(example_entity.start, example_entity.end, "DATE"),),
            )


def value(texts: Set) -> Iterator[Finding]:
    """D508 and D509: the value against the words, and values that are missing."""
    for text, entity in entities(texts, Label.DATE):
        if entity.value is None and not texts.with_value["DATE"]:
            continue
        date = text.document.date
        reference = None if date is None else date.reference
        readings = date_readings(text.document.text, entity.start, entity.end, reference=reference)
        if not readings:
            continue
        said = " or ".join(map(shown, readings))
        if entity.value is None:
            if texts.with_value["DATE"]:
                yield text.of("D509", entity, f"DATE {entity.text!r} has no value; its words say {said}")
        elif isinstance(entity.value, Timex) and entity.value not in readings:
            reason = f"has the value {shown(entity.value)}; its words say {said}"
            yield text.of("D508", entity, f"DATE {entity.text!r} {reason}")


def shown(timex: Timex) -> str:
    """A TIMEX3 value for people."""
    value = timex.value if timex.value is not None else f"{timex.lower}–{timex.upper}"
    return f"{timex.type} {value}" + (f" {timex.modifier}" if timex.modifier else "")


CHECKS = (
    Check(("D501", "D502", "D504", "D506"), shape),
    Check(("D511",), more_than_the_date),
    Check(("D503", "D510"), conventions),
    Check(("D505", "D507"), unmarked),
    Check(("D506",), modifiers),
    Check(("D508", "D509"), value),
)
