"""Level 4: names that are marked in one place and not in another, or with another boundary."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.boundaries import Variant, another_word, is_a_part, variants
from tyez_bench.checks.rules.habits import Around, Habits, around
from tyez_bench.checks.rules.occurrences import Use, where_of
from tyez_bench.checks.rules.unmarked import Hit, hits, unmarked_companies, usual
from tyez_bench.checks.texts import VALUES, Set, Text, TextKey
from tyez_bench.files.toml import word_lists
from tyez_bench.model.errors import counted
from tyez_bench.model.labels import Kind
from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.lexicon import NAMES, is_cut, kind_of, words
from tyez_bench.zh.numerals import NUMERAL

# A stem before one of these is the administrative name without its class, not a name inside a name.
_CLASSES = word_lists("tyez_bench.checks", "areas").characters("classes-of-stems")
_NUMERAL = re.compile(f"[{NUMERAL}]")
_NUMBER_BEFORE = re.compile(f"[{NUMERAL}][.．,，]?$")


class _Place(NamedTuple):
    """Where a name is not marked, and what stands around it; None where that says nothing."""

    hit: Hit
    sides: Around | None


# How many times more probable a slip must be than a use that is not marked for a reason, and where the words around it
# make another one of it.
_ODDS, _ODDS_OF_OTHERS = 1.0, 6.0
# How much more probable it is where the same text has the name marked, and by what the language knows it as.
_SAME_TEXT = 6.0
_KNOWN = {**dict.fromkeys(NAMES, 3.0), **dict.fromkeys(("word", "verb", "function", "numeral"), 0.3)}
# The tag of names of people stands at common words, too; and what is known as another kind of name says nothing.
_KNOWN_AS_A_PERSON, _KNOWN_OTHERWISE = 1.5, 1.0
_KINDS = {"place": Kind.PLACE, "organisation": Kind.ORGANISATION, "person": Kind.PERSON}
_DIRECTIONS = frozenset(word_lists("tyez_bench.checks", "areas").words("directions"))
# A word that is marked no more often may be a name there alone, as a nickname or a title is.
_SELDOM, _SELDOM_MARKED = 2, 0.5
# The same for what it does not know: whether it is made of words alone, or of names and characters.
_OF_WORDS, _OF_CHARACTERS = 0.5, 2.0
# What the number of marks against the number of places without says at most, whatever stands around.
_MOST = 5.0
# A word of the language is marked by mistake when it is not in so many times as many places; a function word or a
# numeral sooner, but not what is one and names a part of a country as well (东部, 两岸).
_RARE, _RARE_FUNCTION = 10, 1
_PARTS = word_lists("tyez_bench.checks", "areas").characters("parts")


def repeats(texts: Set) -> Iterator[Finding | Convention]:
    """X602 and X603, a finding a name; X604: names that are marked with another boundary; X610."""
    found: dict[str, list[_Place]] = {}
    yield from _boundaries(texts, found)
    if not found:
        return
    kinds = {surface: texts.kind(usual(texts.by_surface[surface])) for surface in found}
    # Every so many of the marks tell as much as all of them.
    marked = list(islice(texts.entities(), 0, None, 1 + sum(texts.counts.values()) // _ENOUGH))
    habits = Habits(
        [(texts.kind(entity), around(text.document.text, entity.start, entity.end)) for text, entity in marked],
        [(kinds[name], place.sides) for name, places in found.items() for place in places if place.sides is not None],
    )
    for surface, places in found.items():
        yield from _of_name(surface, places, kinds[surface], texts, habits)


# So many marks are looked at.
_ENOUGH = 20_000


def _of_name(
    surface: str, places: Sequence[_Place], kind: Kind | None, texts: Set, habits: Habits
) -> Iterator[Finding]:
    uses = texts.by_surface[surface]
    known = kind_of(surface)
    if _is_a_word(surface, known, kind, len(places) / len(uses)):
        yield from _a_word(surface, uses, len(places))
        return
    here = {text.key for text, _ in uses}
    nested = sum(entity.parent is not None for _, entity in uses)
    inside = sum(place.hit.around is not None for place in places)
    known_as = _known_as(surface, known, kind)
    if known_as < 1 and len(uses) <= _SELDOM:
        known_as *= _SELDOM_MARKED
    share = known_as * min(_MOST, max(1 / _MOST, (len(uses) + 0.5) / (len(places) + 0.5)))
    slips: list[tuple[float, Hit]] = []
    for hit, sides in places:
        other = sides is not None and sides.of_other_words(kind)
        odds = min(share, known_as) if other else share
        if hit.text.key in here:
            odds *= _SAME_TEXT
        if hit.around is not None:
            # As often as not the set marks this name inside of others.
            odds *= (nested + 1) / (inside or 1)
        elif sides is not None:
            odds *= habits.times(kind, sides)
        if odds >= (_ODDS_OF_OTHERS if other else _ODDS):
            slips.append((odds, hit))
    slips.sort(key=lambda slip: -slip[0])
    for rank, (_, hit) in enumerate(slips):
        yield _unmarked(surface, hit, rank, texts)


def _known_as(surface: str, known: str | None, kind: Kind | None) -> float:
    """How much more probable a slip is by what the language knows of a surface of this kind."""
    if known is not None:
        if surface in _DIRECTIONS:
            return _KNOWN["word"]
        if known in _KINDS and _KINDS[known] is not kind:
            return _KNOWN_OTHERWISE
        return _KNOWN_AS_A_PERSON if known == "person" else _KNOWN[known]
    parts = words(surface, 0, len(surface))
    if len(parts) == 1:
        # A rare word may well be a name.
        return 1.0
    # 冯|志|谦 is no word; 子弟|学校 may be any, and 东莞|东聚|电业 is more than its words.
    if any(part.end == part.start + 1 or part.kind in NAMES for part in parts):
        return _OF_CHARACTERS
    return _OF_WORDS


def _is_a_word(surface: str, known: str | None, kind: Kind | None, times: float) -> bool:
    """Whether a marked surface is a word, and a name nowhere; ``times``: how many times as often it is not marked."""
    if known in ("function", "numeral") and kind not in VALUES and surface[-1] not in _PARTS:
        return times >= _RARE_FUNCTION
    if kind in VALUES and _NUMERAL.match(surface):
        # 一点 is a time, and a little.
        return False
    return known in ("function", "numeral", "word", "verb") and times >= _RARE


def _unmarked(surface: str, hit: Hit, rank: int, texts: Set) -> Finding:
    """The finding of a place, of which the surest comes first."""
    uses = texts.by_surface[surface]
    label = usual(uses).type
    here = next((use for use in uses if use[0].key == hit.text.key), None)
    code, place = ("X602", "in this text") if here else ("X603", "in another text")
    inside = f" inside {hit.around.type} {hit.around.text!r}" if hit.around is not None else ""
    number = sum(entity.type == label for _, entity in uses)
    often = "" if number == 1 else f", as in {counted(number, 'place')} in all"
    message = f"{surface!r} is not marked{inside}; {place} it is marked as {label}{often}"
    where = (where_of(here or uses[0]),)
    cause = f"unmarked {surface}"
    return hit.text.finding(code, message, hit.start, hit.end, label=label, related=where, cause=cause, rank=rank)


def _a_word(surface: str, uses: Sequence[Use], unmarked: int) -> Iterator[Finding]:
    """X610, at each use that is marked."""
    number = counted(len(uses), "place")
    for rank, (text, entity) in enumerate(uses if unmarked else ()):
        message = f"{entity.type} {surface!r} is marked in {number}, and is a word that is not marked in {unmarked}"
        yield text.finding(
            "X610", message, entity.start, entity.end, label=entity.type, cause=f"word {surface}", rank=rank
        )


def _boundaries(texts: Set, found: dict[str, list[_Place]]) -> Iterator[Finding | Convention]:
    """X604; the places of names that are not marked go to ``found``."""
    patterns = _patterns(texts)
    companies: dict[TextKey, list[tuple[int, str, int]]] = {}
    parts: dict[Variant, list[Use]] = {}
    for hit in hits(texts):
        text, start, end = hit.text, hit.start, hit.end
        surface = text.document.text[start:end]
        uses = texts.by_surface[surface]
        label = usual(uses).type
        if text.key not in companies:
            companies[text.key] = list(unmarked_companies(text))
        if hit.crossing is not None:
            if _starts_inside(hit, surface, texts):
                crossing = f"{hit.crossing.type} {hit.crossing.text!r}"
                message = f"{crossing} begins inside {surface!r}, which is marked as {label}"
                yield text.of("X604", hit.crossing, message, (where_of(uses[0]),))
            continue
        if _is_left_to_patterns(hit, label, texts) or _in_a_company(hit, companies[text.key]):
            continue
        if hit.inside is not None and hit.around is None:
            if is_a_part(hit, texts):
                shorter = hit.inside
                variant = Variant(surface, shorter.start - start, shorter.end - start)
                parts.setdefault(variant, []).append((text, shorter))
            continue
        if hit.around is not None and _stem(hit, surface):
            continue
        if _no_name(text, start, end, patterns.get(surface)) or another_word(text.document.text, end):
            continue
        if texts.label_set.kind(label) in VALUES:
            found.setdefault(surface, []).append(_Place(hit, None))
        elif not is_cut(text.document.text, start, end):
            sides = None if hit.around is not None else around(text.document.text, start, end)
            found.setdefault(surface, []).append(_Place(hit, sides))
    yield from variants(parts, texts)


def _is_left_to_patterns(hit: Hit, label: str, texts: Set) -> bool:
    """Whether a value is part of a longer one, which M406, D505 and D507 see, or stands beside another one."""
    if texts.label_set.kind(label) not in VALUES:
        return False
    whole = hit.text.document.text
    start, end = max(0, hit.start - 12), hit.end + 12
    found = [one for find in (find_money, find_dates) for one in find(whole[start:end])]
    if any(start + one.start < hit.end and hit.start < start + one.end for one in found):
        return True
    return _NUMBER_BEFORE.search(whole, start, hit.start) is not None or any(
        texts.kind(entity) in VALUES and (entity.end == hit.start or entity.start == hit.end)
        for entity in hit.text.near(hit.start, hit.end)
    )


def _starts_inside(hit: Hit, surface: str, texts: Set) -> bool:
    """Whether the name of an organisation lost its beginning: the known place reaches into it from unmarked text."""
    entity = hit.crossing
    if (
        entity is None
        or texts.kind(entity) is not Kind.ORGANISATION
        or not hit.start < entity.start
        or not texts.is_place(surface)
    ):
        return False
    return not any(
        other.start < entity.start and hit.start < other.end for other in hit.text.near(hit.start, entity.start)
    )


def _in_a_company(hit: Hit, companies: list[tuple[int, str, int]]) -> bool:
    """Whether it stands in the full name of a firm that is not marked: L307 says so. ``companies`` are in order."""
    following = bisect_left(companies, hit.end, key=itemgetter(2))
    return following < len(companies) and companies[following][0] <= hit.start


def _stem(hit: Hit, surface: str) -> bool:
    """Whether it is the bare stem of the administrative name around it."""
    outer = hit.around
    return outer is not None and outer.end == hit.end + 1 and outer.text[-1] in _CLASSES and len(surface) > 1


def _patterns(texts: Set) -> Mapping[str, re.Pattern[str]]:
    """For each surface, the patterns of the options in which it is no name."""
    if not texts.options.not_names:
        return {}
    # All but {} stands for itself: brackets are frequent in such patterns.
    parts = [[re.escape(part) for part in pattern.split("{}")] for pattern in texts.options.not_names]
    return {
        surface: re.compile("|".join(re.escape(surface).join(part) for part in parts)) for surface in texts.by_surface
    }


def _no_name(text: Text, start: int, end: int, pattern: re.Pattern[str] | None) -> bool:
    if pattern is None:
        return False
    first = max(0, start - 10)
    return any(
        match.start() <= start and end <= match.end()
        for match in pattern.finditer(text.document.text, first, min(len(text.document.text), end + 10))
    )


CHECKS = (Check(("X602", "X603", "X604", "X610"), repeats),)
