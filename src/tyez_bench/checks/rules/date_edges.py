"""Level 3: words at the edges of dates: what is no part of one (D511), what is inside here and outside there (D506).

A date in Chinese ends with its head: 战争爆发前六个月 is one with all that stands in front, and 2021年建成 is none. So
what is behind has to be a word for a time, and what is in front may be anything that belongs to it: an era (民国), what
points to it (同一天), an event. In front of a day of the calendar less may stand than in front of a length of time.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.amounts import holds_another, is_tail
from tyez_bench.checks.rules.dates import continued, is_impossible
from tyez_bench.checks.rules.edges import cut
from tyez_bench.checks.rules.unmarked_dates import date_kind
from tyez_bench.checks.texts import DATES, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted
from tyez_bench.zh.characters import simplified
from tyez_bench.zh.dates.values import date_readings
from tyez_bench.zh.find import find_dates
from tyez_bench.zh.lexicon import is_cut, kind_of, words

_WORDS = word_lists("tyez_bench.checks", "dates")
_MODIFIERS = _WORDS.words("modifiers")
# 最近 and 临近 are other words than 近.
_OTHER_BEFORE = word_lists("tyez_bench.zh", "around").by_key("another-word-before")
# The usual side of a word has so many times as many dates as the other.
_TIMES = 3
_BEGUN, _ENDED = _WORDS.words("begun-with"), _WORDS.words("ended-with")
_NEVER_FIRST = frozenset(_WORDS.words("never-first"))
_TIME_AT_THE_END = re.compile(f"(?:{_WORDS.any('ends')}|[0-9０-９])[^\\w\\s]*$")
_ERA = re.compile(f"(?:{_WORDS.any('eras', 'calendars-of-the-moon', 'named-days')})前?$")
# No word in front of a date is longer, where it is no part of a name for it.
_LONGEST = 4
_POINTS = ("absolute", "relative", "month", "day")


class _Parts(NamedTuple):
    """A date in a longer span, what stands in front of it there, and behind it."""

    before: str
    date: str
    kind: str
    behind: str


def more_than_the_date(texts: Set) -> Iterator[Finding | Convention]:
    """D511."""
    found: dict[str, list[tuple[Text, Entity, str]]] = {}
    for text, entity in texts.of_kind(*DATES):
        parts = _parts(entity.text)
        # Any full day will do as the reference: it is asked whether the words are a date at all.
        if parts is None or date_readings(entity.text, reference="2020-01-01"):
            continue
        whole = text.document.text
        rest = _odd(whole, entity, parts)
        if rest is None or cut(whole, entity) is not None or is_impossible(whole, entity):
            continue
        if holds_another(text, entity):
            continue
        if continued(text, entity, texts, times=texts.times_in_dates) is None:
            message = f"{entity.type} {entity.text!r} is {parts.date!r} and {parts.before + parts.behind!r}"
            found.setdefault(rest, []).append((text, entity, message))
    for rest, uses in found.items():
        beside = _beside(rest, texts) if len(uses) > 1 else 0
        if len(uses) > 1 and len(uses) >= beside:
            yield Convention("D511", f"{rest} is part of {counted(len(uses), 'date')}, as of {uses[0][1].text}")
            continue
        for text, entity, message in uses:
            yield text.of("D511", entity, message)


def _parts(surface: str) -> _Parts | None:
    """The one date in a surface that as a whole is none, and what is around it."""
    found = list(find_dates(surface))
    if len(found) != 1 or found[0].end - found[0].start == len(surface):
        return None
    start, end, kind = found[0]
    before, behind = surface[:start], surface[end:]
    return None if is_tail(before + behind) else _Parts(before, surface[start:end], kind, behind)


def _odd(whole: str, entity: Entity, parts: _Parts) -> str | None:
    """What of a span is no part of its date, at one of its edges; None where all may be."""
    before, behind = simplified(parts.before), simplified(parts.behind)
    if before.startswith(_BEGUN) and behind.endswith(_ENDED):
        # 从五月一日起 is one phrase.
        return None
    if behind and not is_tail(behind) and _TIME_AT_THE_END.search(behind) is None and re.search(r"\w$", behind):
        return parts.behind
    if not before:
        return None
    first = words(before, 0, len(before))[0]
    if before[: first.end] in _NEVER_FIRST:
        return parts.before[: first.end] if _is_of_a_time(before[first.end :]) else None
    if parts.kind not in _POINTS or len(before) > _LONGEST or _is_of_a_time(before):
        return None
    if is_cut(whole, entity.start, entity.start + len(before)) or kind_of(before) is not None:
        return parts.before
    return None


def _is_of_a_time(before: str) -> bool:
    """Whether words in front of a date are a part of it: 民国, 从一九四九年到; or are none."""
    return (
        not before
        or before[-1] in "到至"
        or _ERA.search(before) is not None
        or _TIME_AT_THE_END.search(before) is not None
    )


def _beside(rest: str, texts: Set) -> int:
    """How many dates a word stands beside, and is no part of."""
    return sum(
        text.document.text.endswith(rest, 0, entity.start) or text.document.text.startswith(rest, entity.end)
        for text, entity in texts.of_kind(*DATES)
    )


class _Use(NamedTuple):
    text: Text
    entity: Entity


def modifiers(texts: Set) -> Iterator[Finding]:
    """D506: a word inside of one date and outside of most others; points and lengths of time are counted apart."""
    inside: dict[tuple[str, bool], list[_Use]] = {}
    outside: dict[tuple[str, bool], list[_Use]] = {}
    for text, entity in texts.of_kind(*DATES):
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
            rest = surface.removeprefix(word).removesuffix(word)
            # The word is part of the date where there is none without it: 近日, “十四五”期间; and 近日前 is 近日|前.
            if rest != surface and (rest in texts.by_surface or date_kind(rest) not in (None, "vague")):
                inside.setdefault((word, _is_length(rest)), []).append(_Use(text, entity))
            elif (whole.endswith(word, 0, start) and _is_word(whole, word, start)) or whole.startswith(word, end):
                outside.setdefault((word, _is_length(surface)), []).append(_Use(text, entity))
    for key in inside.keys() & outside.keys():
        yield from _odd_side(key[0], inside[key], outside[key])


def _odd_side(word: str, inside: Sequence[_Use], outside: Sequence[_Use]) -> Iterator[Finding]:
    # The fewer are the odd ones.
    fewer, more = sorted((inside, outside), key=len)
    if _TIMES * len(fewer) > len(more):
        return
    place, other = ("inside", "outside") if fewer is inside else ("outside", "inside")
    example = more[0]
    where = (example.text.where(example.entity.start, example.entity.end, example.entity.type),)
    for text, entity in fewer:
        message = f"{word!r} is {place} {entity.type} {entity.text!r}, but {other} {len(more)} other dates"
        yield text.of("D506", entity, message, where)


def _is_length(surface: str) -> bool:
    return date_kind(surface) in ("duration", "set")


def _is_word(whole: str, word: str, end: int) -> bool:
    """Whether a word that ends here is no end of another one."""
    return not whole.endswith((*_OTHER_BEFORE.get(word, ()), "接", "将"), 0, end - len(word))


CHECKS = (Check(("D511",), more_than_the_date), Check(("D506",), modifiers))
