"""Level 3: dates, and where one is longer than its entity."""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.rules.amounts import against_words, approximators, beyond, covers, holds_another
from tyez_bench.checks.rules.edges import cut
from tyez_bench.checks.rules.names import area_meant
from tyez_bench.checks.texts import DATES, PLACES_AND_ORGANISATIONS, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.model.values import Timex, TimexType
from tyez_bench.zh.dates.values import date_readings
from tyez_bench.zh.find import find_dates, may_begin_date, whole_date
from tyez_bench.zh.numerals import number

_WORDS = word_lists("tyez_bench.checks", "dates")
_ARABIC = "0-9０-９"
_CHINESE = "〇零○一二两三四五六七八九十廿卅"
_DIGIT = f"[{_ARABIC}{_CHINESE}]"
# The end and the beginning of a part of the year, unless they begin another word (初步, 初中, 底层).
_EDGE = _WORDS.any("edges", unless="another-word")
_HALF = f"{_WORDS.any('halves')}|[第]?[一二三四1-4]季度"
_PART = _WORDS.any("parts-of-months")


def _patterns(*pairs: tuple[str, str]) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(one), re.compile(other)) for one, other in pairs)


# The end of a date, and what it goes on with.
_BEHIND = _patterns(
    # 周五天气, 初一日出 and 双十一日均 have no unit behind a number.
    (f"(?:[{_ARABIC}]|(?<![周期拜初双{_CHINESE}])[{_CHINESE}]+)$", _WORDS.any("units", unless="another-word")),
    ("年$", f"{_DIGIT}{{1,3}}月|{_HALF}|{_WORDS.any('ends-of-years')}|{_EDGE}"),
    ("(?:[0-9０-９一二三四五六七八九]0|[０零十])年$", f"代{_WORDS.unless('another-word', '代')}"),
    (f"{_WORDS.any('years')}$", f"{_WORDS.any('halves', 'ends-of-years')}|{_EDGE}"),
    ("月份?$", f"{_DIGIT}{{1,3}}[日号]|{_PART}|{_EDGE}|份{_WORDS.unless('another-word', '份')}"),
    ("月[上中下]$", "旬"),
    ("[上下]半$", "年"),
    ("[一二三四]季$", "度"),
    ("世纪$", "[0-9０-９一二三四五六七八九][0０十]年代"),
    ("季度$", _EDGE),
)
_WITH_TIMES = (*_BEHIND, *_patterns(("[日号]$", _WORDS.any("parts-of-days"))))
_BEFORE = _patterns(
    (f"{_DIGIT}{{2,4}}年$|{_WORDS.any('years-before')}$", f"{_DIGIT}{{1,3}}月|{_HALF}"),
    (f"{_DIGIT}{{1,3}}月$", f"{_DIGIT}{{1,3}}[日号]|{_PART}"),
    (f"{_DIGIT}$", "[年月日号]"),
    # 十|二月, 三十|一日, 二〇|二一年; 之一|九月 and 统一|二〇二一年 are none. Digits on both sides are S108's.
    ("[十廿卅]$", "[一二三四五六七八九][年月日号]"),
    (
        "(?:[一二][九〇零○]|(?<![〇零○一二三四五六七八九])二)$",
        "[〇零○一二三四五六七八九]{2}年|[〇零○][〇零○一二三四五六七八九]{2}年",
    ),
)
# What such a beginning ends with.
_LAST_BEFORE = frozenset("年月0123456789０１２３４５６７８９〇零○一二两三四五六七八九十廿卅")


def continued(text: Text, entity: Entity, texts: Set, *, times: bool) -> str | None:
    """How a date goes on behind its entity, or began before it; None where the entity is all of it.

    ``times``: whether a time of the day is part of a date. What S108 sees, digits on both sides, is left to it.
    """
    whole = text.document.text
    for end, following in _WITH_TIMES if times else _BEHIND:
        match = following.match(whole, entity.end)
        if match is not None and end.search(entity.text):
            return f"continues: {match[0]!r} follows it"
    before = whole[max(0, entity.start - 6) : entity.start]
    if before[-1:] not in _LAST_BEFORE:
        return None
    for preceding, beginning in _BEFORE:
        found = preceding.search(before)
        if found is not None and beginning.match(entity.text):
            # Of two dates side by side the first goes on.
            if any(
                other.end == entity.start and texts.kind(other) in DATES
                for other in text.near(entity.start, entity.end)
            ):
                return None
            return f"begins earlier: {found[0]!r} precedes it"
    return None


_TIME_WORD = re.compile(f"{_WORDS.any('times')}|[0-9０-９]|Q[1-4]|[代朝][初中末]?$")
_MODIFIERS = _WORDS.words("modifiers")
_MONTH_DAY = re.compile("(?:([0-9]{4})年)?([0-9]{1,2})月(?:([0-9]{1,2})[日号])?")
_ISO = re.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_TO_99 = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_WRITTEN = re.compile(f"({_TO_99})月(?:({_TO_99})[日号])?")
# Months of the moon have 30 days, and years of a reign are counted with them.
_LUNAR = re.compile(f"{_WORDS.any('calendars-of-the-moon')}|[元十][一二三四五六七八九]?年")
# Months and days by themselves, no part of a longer date or another word. They are looked for where they are marked.
_BARE = re.compile(
    "(?<![0-9０-９.．第几数个年月〇零○一二三四五六七八九十至到、~～—–-])"
    "(?:(?P<month>(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    f"(?![0-9０-９一二三四五六七八九十]|{_WORDS.any('no-month')}))"
    f"|(?P<day>(?:[12][0-9]|3[01]|[1-9])日(?!{_WORDS.any('no-day')})))"
)
_CLOCK = re.compile(f"{_WORDS.any('clock')}|[0-9]分")
_CLOCK_VALUE = re.compile("^P[0-9XYMWD.]*T|T[0-9AEMN]")
_VAGUE = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")


def shape(texts: Set) -> Iterator[Finding]:
    """D501, D502: what a date must have, and where it begins and ends; D504: whether there is such a day."""
    for text, entity in texts.of_kind(*DATES):
        surface = entity.text
        if not _TIME_WORD.search(surface) and not texts.in_dispute(entity) and area_meant(entity) is None:
            yield text.of("D501", entity, f"{entity.type} {surface!r} has no time word")
        rest = continued(text, entity, texts, times=texts.times_in_dates)
        if rest is not None:
            yield text.of("D502", entity, f"{entity.type} {surface!r} {rest}")
        if _impossible(text.document.text, entity):
            yield text.of("D504", entity, f"{entity.type} {surface!r} does not exist on any calendar")
        if not surface.startswith("近"):
            # 近日 and 近三年 are near to today, not to a number.
            yield from approximators("D506", text, entity, texts.options.approximators)


def _impossible(whole: str, entity: Entity) -> bool:
    return _on_no_calendar(entity.text) and _LUNAR.search(whole, max(0, entity.start - 8), entity.end) is None


def _on_no_calendar(surface: str) -> bool:
    for year, month, day in (*_MONTH_DAY.findall(surface), *_ISO.findall(surface)):
        if not 1 <= int(month) <= 12:
            return True
        # A day in February of no year may be the 29th.
        last = monthrange(int(year) if year and int(year) > 0 else 2000, int(month))[1]
        if day and not 1 <= int(day) <= last:
            return True
    return any(_impossible_in_words(*match) for match in _WRITTEN.findall(surface))


def _impossible_in_words(month: str, day: str) -> bool:
    found, number_of_day = number(month), number(day) if day else None
    if found is None or (day and number_of_day is None):
        return False
    return found > 12 or (number_of_day is not None and number_of_day > monthrange(2000, int(found))[1])


def more_than_the_date(texts: Set) -> Iterator[Finding]:
    """D511."""
    for text, entity in texts.of_kind(*DATES):
        rest = beyond(entity.text, find_dates)
        # Any full day will do as the reference: it is asked whether the words are a date at all.
        if rest is None or date_readings(entity.text, reference="2020-01-01"):
            continue
        whole = text.document.text
        if cut(whole, entity) is not None or _impossible(whole, entity) or holds_another(text, entity):
            continue
        if continued(text, entity, texts, times=texts.times_in_dates) is None:
            yield text.of("D511", entity, f"{entity.type} {entity.text!r} is {rest[0]!r} and {rest[1]!r}")


def conventions(texts: Set) -> Iterator[Finding]:
    """D503: durations, sets and vague dates, and D510: times of the day, against the guidelines."""
    durations = texts.options.durations
    if durations == "yes" and texts.options.times:
        return
    for text, entity in texts.of_kind(*DATES):
        values = (
            (entity.value,)
            if isinstance(entity.value, Timex)
            else date_readings(text.document.text, entity.start, entity.end)
        )
        if not values:
            continue
        clock = all(map(_shorter_than_a_day, values))
        if (clock or _CLOCK.search(entity.text)) and not texts.options.times and texts.kind(entity) is Kind.DATE:
            message = f"{entity.type} {entity.text!r} is shorter than a day; such times are not marked"
            yield text.of("D510", entity, message)
            continue
        kinds = {_kind(value) for value in values}
        kind = kinds.pop()
        if kind is None or kinds:
            continue
        if durations == "no":
            yield text.of("D503", entity, f"{entity.type} {entity.text!r} is {kind}; these are not marked")
        elif durations == "optional" and entity.required:
            yield text.of(
                "D503", entity, f"{entity.type} {entity.text!r} is {kind}; these are optional, but it is required"
            )


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
    if not texts.marks(Kind.DATE):
        return
    known: dict[str, tuple[Text, Entity]] = {}
    for text, entity in texts.of_kind(*DATES):
        kind = date_kind(entity.text)
        if kind is not None:
            known[kind] = text, entity
    bare = "month" in known or "day" in known
    for text in texts.texts:
        whole = text.document.text
        found = [(one.start, one.end, one.kind) for one in find_dates(whole)]
        if bare:
            # They are in order, and none overlaps another.
            starts, ends = [start for start, _, _ in found], [end for _, end, _ in found]
            found += [
                (match.start(), match.end(), match.lastgroup or "")
                for match in _BARE.finditer(whole)
                if (at := bisect_right(ends, match.start())) == len(ends) or starts[at] >= match.end()
            ]
        for start, end, kind in found:
            if not any(_covers(entity, start, end, kind, texts) for entity in text.near(start, end)):
                yield from _unmarked(text, start, end, kind, known)
                if texts.everything and kind not in ("absolute", *known) and _is_wanted(kind, texts):
                    message = f"{whole[start:end]!r} is {_KINDS[kind]}, but is not marked"
                    yield text.finding("D507", message, start, end)


def date_kind(surface: str) -> str | None:
    """The kind of a surface that is a date from end to end."""
    # What months and days by themselves begin with begins other dates as well.
    if not may_begin_date(surface):
        return None
    kind = whole_date(surface)
    if kind is not None:
        return kind
    match = _BARE.fullmatch(surface)
    return None if match is None else match.lastgroup


def _covers(entity: Entity, start: int, end: int, kind: str, texts: Set) -> bool:
    """Whether an entity is the date that was found, or says that it is none."""
    told = covers(entity, start, end, DATES, texts)
    return kind != "absolute" and texts.kind(entity) in PLACES_AND_ORGANISATIONS if told is None else told


def _is_wanted(kind: str, texts: Set) -> bool:
    """Whether the guidelines have dates of a kind marked at all."""
    return kind not in ("duration", "set", "vague") or texts.options.durations != "no"


def _unmarked(
    text: Text, start: int, end: int, kind: str, known: Mapping[str, tuple[Text, Entity]]
) -> Iterator[Finding]:
    name = text.document.text[start:end]
    if kind == "absolute":
        yield text.finding("D505", f"{name!r} is a date, but is {text.marked_as(start, end)}", start, end)
    elif kind in known:
        other, entity = known[kind]
        where = (other.where(entity.start, entity.end, entity.type),)
        message = f"{name!r} is not marked, but {entity.text!r}, also {_KINDS[kind]}, is"
        yield text.finding("D507", message, start, end, related=where)


_KINDS = {
    "relative": "a relative date",
    "duration": "a duration",
    "set": "a set",
    "vague": "a vague date",
    "month": "a month",
    "day": "a day",
}


def modifiers(texts: Set) -> Iterator[Finding]:
    """D506: a word that stands inside of one date and outside of another."""
    inside: dict[str, list[tuple[int, int]]] = {word: [] for word in _MODIFIERS}
    outside: dict[str, list[tuple[int, int]]] = {word: [] for word in _MODIFIERS}
    found = list(texts.of_kind(*DATES))
    for at, (text, entity) in enumerate(found):
        whole = text.document.text
        surface, start, end = entity.text, entity.start, entity.end
        if not (
            surface.startswith(_MODIFIERS)
            or surface.endswith(_MODIFIERS)
            or whole.endswith(_MODIFIERS, 0, start)
            or whole.startswith(_MODIFIERS, end)
        ):
            continue
        for word in _MODIFIERS:
            rest = entity.text.removeprefix(word).removesuffix(word)
            # The word is part of the date where there is none without it: 近日, “十四五”期间.
            if rest != entity.text and (rest in texts.by_surface or date_kind(rest) is not None):
                inside[word].append((at, entity.start))
            elif whole.endswith(word, 0, entity.start) or whole.startswith(word, entity.end):
                outside[word].append((at, entity.start))
    for word in _MODIFIERS:
        if not inside[word] or not outside[word]:
            continue
        # The fewer are the odd ones.
        fewer, more = sorted((inside[word], outside[word]), key=len)
        place, other = ("inside", "outside") if fewer is inside[word] else ("outside", "inside")
        example, example_entity = found[more[0][0]]
        for at, _ in fewer:
            text, entity = found[at]
            yield text.of(
                "D506",
                entity,
                f"{word!r} is {place} {entity.type} {entity.text!r}, but {other} {len(more)} other dates",
                (example.where(example_entity.start, example_entity.end, example_entity.type),),
            )


def value(texts: Set) -> Iterator[Finding]:
    """D508 and D509: the value against the words, and values that are missing."""
    for text, entity in texts.of_kind(*DATES):
        if entity.value is not None or entity.type in texts.valued:
            date = text.document.date
            reference = None if date is None else date.reference
            readings = date_readings(text.document.text, entity.start, entity.end, reference=reference)
            yield from against_words(text, entity, readings, other="D508", missing="D509")


CHECKS = (
    Check(("D501", "D502", "D504", "D506"), shape),
    Check(("D511",), more_than_the_date),
    Check(("D503", "D510"), conventions),
    Check(("D505", "D507"), unmarked),
    Check(("D506",), modifiers),
    Check(("D508", "D509"), value),
)
