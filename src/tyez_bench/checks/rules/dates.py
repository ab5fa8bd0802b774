"""Level 3: dates, and where one is longer than its entity."""

import re
from calendar import monthrange
from collections.abc import Iterator
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.amounts import against_words, approximators
from tyez_bench.checks.rules.names import area_meant
from tyez_bench.checks.texts import DATES, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted
from tyez_bench.model.labels import Kind
from tyez_bench.model.values import Timex, TimexType
from tyez_bench.zh.dates.values import date_readings
from tyez_bench.zh.numerals import number

_WORDS = word_lists("tyez_bench.checks", "dates")
_ARABIC = "0-9０-９"
_CHINESE = "〇零○一二两三四五六七八九十廿卅"
_DIGIT = f"[{_ARABIC}{_CHINESE}]"
# The end and the beginning of a part of the year, unless they begin another word (初步, 初中, 底层).
_EDGE = _WORDS.any("edges", unless="another-word")
_HALF = f"{_WORDS.any('halves')}|[第]?[一二三四1-4]季度"
_PART = _WORDS.any("parts-of-months")


class _Seam(NamedTuple):
    """The end of a part of a date, the beginning of the next part, and both together."""

    end: re.Pattern[str]
    beginning: re.Pattern[str]
    joined: re.Pattern[str]


def _patterns(*pairs: tuple[str, str]) -> tuple[_Seam, ...]:
    return tuple(
        _Seam(re.compile(f"(?:{one})$"), re.compile(other), re.compile(f"(?:{one})(?:{other})")) for one, other in pairs
    )


class Rest(NamedTuple):
    """What of a date stands outside of its entity, in words, and at which seam."""

    message: str
    seam: _Seam


# The end of a date, and what it goes on with.
_BEHIND = _patterns(
    # 周五天气, 初一日出 and 双十一日均 have no unit behind a number.
    (f"(?:[{_ARABIC}]|(?<![周期拜初双{_CHINESE}])[{_CHINESE}]+)", _WORDS.any("units", unless="another-word")),
    ("年", f"{_DIGIT}{{1,3}}月|{_HALF}|{_WORDS.any('ends-of-years')}|{_EDGE}"),
    ("(?:[0-9０-９一二三四五六七八九]0|[０零十])年", f"代{_WORDS.unless('another-word', '代')}"),
    (f"{_WORDS.any('years')}", f"{_WORDS.any('halves', 'ends-of-years')}|{_EDGE}"),
    ("月份?", f"{_DIGIT}{{1,3}}[日号]|{_PART}|{_EDGE}|份{_WORDS.unless('another-word', '份')}"),
    ("月[上中下]", "旬"),
    ("[上下]半", "年"),
    ("[一二三四]季", "度"),
    ("世纪", "[0-9０-９一二三四五六七八九][0０十]年代"),
    ("季度", _EDGE),
)
_WITH_TIMES = (*_BEHIND, *_patterns(("[日号]", _WORDS.any("parts-of-days"))))
_BEFORE = _patterns(
    (f"{_DIGIT}{{2,4}}年|{_WORDS.any('years-before')}", f"{_DIGIT}{{1,3}}月|{_HALF}"),
    (f"{_DIGIT}{{1,3}}月$", f"{_DIGIT}{{1,3}}[日号]|{_PART}"),
    (f"{_DIGIT}", "[年月日号]"),
    # 十|二月, 三十|一日, 二〇|二一年; 之一|九月 and 统一|二〇二一年 are none. Digits on both sides are S108's.
    ("[十廿卅]", "[一二三四五六七八九][年月日号]"),
    (
        "(?:[一二][九〇零○]|(?<![〇零○一二三四五六七八九])二)",
        "[〇零○一二三四五六七八九]{2}年|[〇零○][〇零○一二三四五六七八九]{2}年",
    ),
)
# What such a beginning ends with.
_LAST_BEFORE = frozenset("年月0123456789０１２３４５６７８９〇零○一二两三四五六七八九十廿卅")


def continued(text: Text, entity: Entity, texts: Set, *, times: bool) -> Rest | None:
    """How a date goes on behind its entity, or began before it; None where the entity is all of it.

    ``times``: whether a time of the day is part of a date. What S108 sees, digits on both sides, is left to it.
    """
    whole = text.document.text
    for seam in _WITH_TIMES if times else _BEHIND:
        match = seam.beginning.match(whole, entity.end)
        if match is not None and seam.end.search(entity.text):
            return Rest(f"continues: {match[0]!r} follows it", seam)
    before = whole[max(0, entity.start - 6) : entity.start]
    if before[-1:] not in _LAST_BEFORE:
        return None
    for seam in _BEFORE:
        found = seam.end.search(before)
        if found is not None and seam.beginning.match(entity.text):
            # Of two dates side by side the first goes on.
            if any(
                other.end == entity.start and texts.kind(other) in DATES
                for other in text.near(entity.start, entity.end)
            ):
                return None
            return Rest(f"begins earlier: {found[0]!r} precedes it", seam)
    return None


def goes_on(texts: Set) -> Iterator[Finding | Convention]:
    """D502: by seam, for where a set ends most dates there is its own way."""
    found: dict[_Seam, list[tuple[Text, Entity, Rest]]] = {}
    for text, entity in texts.of_kind(*DATES):
        rest = continued(text, entity, texts, times=texts.times_in_dates)
        if rest is not None:
            found.setdefault(rest.seam, []).append((text, entity, rest))
    for seam, cut_off in found.items():
        if len(cut_off) >= _WAY:
            whole = sum(seam.joined.search(entity.text) is not None for _, entity in texts.of_kind(*DATES))
            if whole < len(cut_off):
                yield Convention(
                    "D502", f"{counted(len(cut_off), 'date')} like {cut_off[0][1].text!r} stop where a date may go on"
                )
                continue
        for text, entity, rest in cut_off:
            yield text.of("D502", entity, f"{entity.type} {entity.text!r} {rest.message}")


# In other scripts the words for times are not known.
_DYNASTIES = re.compile(f"{_WORDS.any('dynasties', 'parts-of-dynasties')}+")
_CHINESE_WORD = re.compile("[\u4e00-\u9fff]")
TIME_WORD = re.compile(f"{_WORDS.any('times')}|[0-9０-９]|Q[1-4]|[代朝][初中末]?$")
_MONTH_DAY = re.compile("(?:([0-9]{4})年)?([0-9]{1,2})月(?:([0-9]{1,2})[日号])?")
_ISO = re.compile("([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_TO_99 = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_WRITTEN = re.compile(f"({_TO_99})月(?:({_TO_99})[日号])?")
# Months of the moon have 30 days, and years of a reign are counted with them.
_LUNAR = re.compile(f"{_WORDS.any('calendars-of-the-moon')}|[元十][一二三四五六七八九]?年")
_CLOCK = re.compile(f"{_WORDS.any('clock')}|[0-9]分")
_CLOCK_VALUE = re.compile("^P[0-9XYMWD.]*T|T[0-9AEMN]")
# So many dates that stop at one seam may be the way of a set.
_WAY = 3
_VAGUE = ("PAST_REF", "PRESENT_REF", "FUTURE_REF")


def shape(texts: Set) -> Iterator[Finding]:
    """D501: what a date must have; D504: whether there is such a day; D506 by the options."""
    for text, entity in texts.of_kind(*DATES):
        surface = entity.text
        if _has_no_time(surface) and len(texts.by_surface[surface]) == 1 and area_meant(entity) is None:
            # What is a date again and again is one of the set.
            yield text.of("D501", entity, f"{entity.type} {surface!r} has no time word")
        if is_impossible(text.document.text, entity):
            yield text.of("D504", entity, f"{entity.type} {surface!r} does not exist on any calendar")
        if not surface.startswith("近"):
            # 近日 and 近三年 are near to today, not to a number.
            yield from approximators("D506", text, entity, texts.options.approximators)


def _has_no_time(surface: str) -> bool:
    return (
        not TIME_WORD.search(surface)
        and _DYNASTIES.fullmatch(surface) is None
        and _CHINESE_WORD.search(surface) is not None
    )


def is_impossible(whole: str, entity: Entity) -> bool:
    """Whether the words of a date are a day that is on no calendar, and not one of the moon."""
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
    if month == "九十":
        # 九十月 is September or October.
        return False
    return found > 12 or (number_of_day is not None and number_of_day > monthrange(2000, int(found))[1])


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


def value(texts: Set) -> Iterator[Finding]:
    """D508 and D509: the value against the words, and values that are missing."""
    for text, entity in texts.of_kind(*DATES):
        if entity.value is not None or entity.type in texts.valued:
            date = text.document.date
            reference = None if date is None else date.reference
            readings = date_readings(text.document.text, entity.start, entity.end, reference=reference)
            yield from against_words(text, entity, readings, other="D508", missing="D509")


CHECKS = (
    Check(("D501", "D504", "D506"), shape),
    Check(("D502",), goes_on),
    Check(("D503", "D510"), conventions),
    Check(("D508", "D509"), value),
)
