"""Level 3: dates that are not marked, by how often the set marks such words itself."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.amounts import covers
from tyez_bench.checks.texts import DATES, PLACES_AND_ORGANISATIONS, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.zh.characters import simplified
from tyez_bench.zh.find import find_dates, may_begin_date, whole_date
from tyez_bench.zh.lexicon import is_cut, words
from tyez_bench.zh.numerals import NUMERAL

_WORDS = word_lists("tyez_bench.checks", "dates")
# Months and days by themselves, no part of a longer date or another word. They are looked for where they are marked.
_BARE = re.compile(
    "(?<![0-9０-９.．第几数个年月〇零○一二三四五六七八九十至到、~～—–-])"
    "(?:(?P<month>(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    f"(?![0-9０-９一二三四五六七八九十]|{_WORDS.any('no-month')}))"
    f"|(?P<day>(?:[12][0-9]|3[01]|[1-9])日(?!{_WORDS.any('no-day')})))"
)
_KINDS = {
    "absolute": "a date",
    "relative": "a relative date",
    "duration": "a duration",
    "set": "a set",
    "vague": "a vague date",
    "month": "a month",
    "day": "a day",
}
# Of these, each word goes its own way: a set may mark 日前 and leave 目前.
_LENGTH = re.compile("N(?:年|个?月|周|天|个?星期|个?季度)")
_NUMERALS = re.compile(f"[{NUMERAL}]+[余多]?")
_RELATIVE_YEAR = re.compile(_WORDS.any("years", "years-before"))
_AROUND = 6
_PART = re.compile(f"(?<=月)(?:{_WORDS.any('parts-of-months', 'edges')})$")
# 一天 is a length of time in 最后一天 and 一天之后; it is none in 总有一天 and 一天三次.
_ONE = re.compile("[一1１](?:年|个?月|周|天|个?星期)")
_LASTS = re.compile(f"(?<!除){_WORDS.any('before-one-day')}$"), re.compile(_WORDS.any("behind-one-day"))
_WEEKDAY = re.compile("(?<=周|期)[一二三四五六日天]$")
# What is thought of a kind before anything was counted, as so many places with such a share of marks; and as how many
# places of a word the share of its kind counts.
_BEFOREHAND, _EXPECTED = 3, 0.95
_WORTH = 4
# From this share on the set marks such words, and one that is not marked is a slip.
_USUAL = 0.6
# A word that is left out in so many places, and in so many times as many as it is marked in, is marked by mistake.
_RARE = 10
# A word that is left out in so many places is named as one that the set leaves out.
_OFTEN, _NAMED = 3, 4


class _Place(NamedTuple):
    """A date that was found, what it is, and whether it is marked."""

    text: Text
    start: int
    end: int
    kind: str
    word: str
    marked: Entity | None


def unmarked(texts: Set) -> Iterator[Finding | Convention]:
    """D505: calendar dates that are not marked; D507: other dates that are marked here and not there."""
    if not texts.marks(Kind.DATE):
        return
    kinds = {date_kind(entity.text): (text, entity) for text, entity in texts.of_kind(*DATES)}
    places = list(_places(texts, bare="month" in kinds or "day" in kinds))
    ways = _Ways(places)
    left: dict[str, None] = {}
    for place in places:
        kind, (text, start, end) = place.kind, place[:3]
        surface = text.document.text[start:end]
        if place.marked is not None:
            if ways.is_left_out(place.word) and (place.marked.start, place.marked.end) == (start, end):
                often = ways.unmarked(place.word)
                message = f"{place.marked.type} {surface!r} is marked, but is not marked in {often} other places"
                yield text.of("D507", place.marked, message)
        elif texts.everything and (kind == "absolute" or kind in kinds or _is_wanted(kind, texts)):
            yield _finding(place, surface, kinds.get(kind))
        elif ways.is_usual(place.word, kind):
            # Of a kind that no mark is of from end to end, nothing is known.
            if kind == "absolute" or kind in kinds:
                yield _finding(place, surface, kinds.get(kind))
        else:
            left[place.word] = None
    yield from ways.conventions(left)


def _finding(place: _Place, surface: str, other: tuple[Text, Entity] | None) -> Finding:
    text, start, end, kind = place[:4]
    if kind == "absolute":
        return text.finding("D505", f"{surface!r} is a date, but is {text.marked_as(start, end)}", start, end)
    if other is None:
        return text.finding("D507", f"{surface!r} is {_KINDS[kind]}, but is not marked", start, end)
    where = (other[0].where(other[1].start, other[1].end, other[1].type),)
    message = f"{surface!r} is not marked, but {other[1].text!r}, also {_KINDS[kind]}, is"
    return text.finding("D507", message, start, end, related=where)


def _places(texts: Set, *, bare: bool) -> Iterator[_Place]:
    """All dates in the texts, marked and not; without those that an entity of another kind says to be none."""
    for text in texts.texts:
        whole = text.document.text
        for start, end, kind in _found(whole, bare=bare):
            mark = next((one for one in text.near(start, end) if _overlaps(one, start, end, texts)), None)
            # What is marked needs no look at the words around.
            if mark is None and (
                any(_is_told(one, start, end, kind, texts) for one in text.near(start, end))
                or _is_no_date(whole, start, end, kind)
            ):
                continue
            yield _Place(text, start, end, kind, _word(whole[start:end], kind), mark)


def _found(whole: str, *, bare: bool) -> list[tuple[int, int, str]]:
    found = [(one.start, one.end, one.kind) for one in find_dates(whole)]
    if bare:
        # They are in order, and none overlaps another.
        starts, ends = [start for start, _, _ in found], [end for _, end, _ in found]
        found += [
            (match.start(), match.end(), match.lastgroup or "")
            for match in _BARE.finditer(whole)
            if (at := bisect_right(ends, match.start())) == len(ends) or starts[at] >= match.end()
        ]
    return found


def _is_no_date(whole: str, start: int, end: int, kind: str) -> bool:
    """Whether what looks like a date is some day, what something is counted by (一年两次), or a part of other words."""
    if kind == "duration":
        before, behind = _LASTS
        if _ONE.fullmatch(whole, start, end) and not (
            before.search(whole, max(0, start - 3), start) or behind.match(whole, end)
        ):
            return True
        return _in_a_word(whole, start, end)
    # 说明|年节, 建成后|年产值
    return _RELATIVE_YEAR.match(whole, start) is not None and is_cut(whole, start, start + 2)


def _in_a_word(whole: str, start: int, end: int) -> bool:
    """Whether it is a part of a longer word: 三天两头, 百年大计."""
    near = words(whole, max(0, start - _AROUND), min(len(whole), end + _AROUND))
    return any(word.start <= start and end <= word.end and word.end - word.start > end - start for word in near)


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


def _overlaps(entity: Entity, start: int, end: int, texts: Set) -> bool:
    return entity.start < end and start < entity.end and texts.kind(entity) in DATES


def _is_told(entity: Entity, start: int, end: int, kind: str, texts: Set) -> bool:
    """Whether an entity of another kind says that what was found is no date."""
    told = covers(entity, start, end, DATES, texts)
    return kind != "absolute" and texts.kind(entity) in PLACES_AND_ORGANISATIONS if told is None else told


def _is_wanted(kind: str, texts: Set) -> bool:
    """Whether the guidelines have dates of a kind marked at all."""
    return kind not in ("duration", "set", "vague") or texts.options.durations != "no"


def _word(surface: str, kind: str) -> str:
    """What a date is counted by: 今天, N年 for 三年 and 十多年, 上周N; the kind of those with a number of their own."""
    if kind in ("absolute", "month", "day"):
        return kind
    word = _PART.sub("", _WEEKDAY.sub("N", simplified(surface)))
    if kind == "vague" or _ONE.fullmatch(word) is not None:
        return word
    word = _NUMERALS.sub("N", word)
    length = _LENGTH.search(word) if kind == "duration" else None
    return length[0] if length is not None else word


class _Ways:
    """How often the set marks a word, and the dates of a kind."""

    def __init__(self, places: Sequence[_Place]) -> None:
        self._words: dict[str, list[int]] = {}
        self._kinds: dict[str, list[int]] = {}
        for place in places:
            for counts, key in ((self._words, place.word), (self._kinds, place.kind)):
                counts.setdefault(key, [0, 0])[place.marked is not None] += 1

    def unmarked(self, word: str) -> int:
        """In how many places a word is not marked."""
        return self._words[word][0]

    def is_usual(self, word: str, kind: str) -> bool:
        """Whether the set marks such a word, by what it does with the word itself and with others of its kind."""
        left, marked = self._words[word]
        share = (self._kinds[kind][1] + _BEFOREHAND * _EXPECTED) / (sum(self._kinds[kind]) + _BEFOREHAND)
        return (marked + _WORTH * share) / (left + marked + _WORTH) >= _USUAL

    def is_left_out(self, word: str) -> bool:
        """Whether the set leaves a word out, but for a few slips."""
        left, marked = self._words[word]
        return left >= _RARE * max(1, marked)

    def conventions(self, left: Iterable[str]) -> Iterator[Convention]:
        """What the set leaves out, or marks as often as not."""
        often = [(self._words[word][0], sum(self._words[word]), word) for word in left]
        often = sorted((one for one in often if one[0] >= _OFTEN), reverse=True)
        if not often:
            return
        named = [f"{_NAMES.get(word, word)} {times} of {in_all} times" for times, in_all, word in often]
        more = ", …" if len(named) > _NAMED else ""
        yield Convention("D507", f"words for times that are not marked: {', '.join(named[:_NAMED])}{more}")


_NAMES = {"absolute": "calendar dates", "month": "months", "day": "days"}

CHECKS = (Check(("D505", "D507"), unmarked),)
