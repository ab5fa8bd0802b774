"""Names that are not marked: companies and areas (level 3), and names that are known from elsewhere in the set."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from operator import add
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Finding
from tyez_bench.checks.rules.amounts import has_number
from tyez_bench.checks.rules.edges import punctuation
from tyez_bench.checks.rules.names import AREA_CLASS, edge_word, is_generic
from tyez_bench.checks.rules.unmarked_dates import date_kind
from tyez_bench.checks.texts import VALUES, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import areas
from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.numerals import NUMERAL

_NAMES = (Kind.PLACE, Kind.ORGANISATION, Kind.PERSON)
_NUMERALS = NUMERAL + ".．,，"
_WORDS = word_lists("tyez_bench.checks", "names")
_AREAS = word_lists("tyez_bench.checks", "areas")
_COMPANY = re.compile(_WORDS.any("companies"))
_NOT_NAME = re.compile(r"[\s，。、；：！？,;:!?“”‘’《》「」()（）]")
# A firm without a name, or the form of one: 某某科技有限公司, 变更为股份有限公司.
_NO_COMPANY = re.compile(f"{_WORDS.any('no-company')}|{_WORDS.any('no-company-right-before')}$")
# How many characters the full name of an area has.
_SHORTEST, _LONGEST = 3, 15
_BY_CHANCE = re.compile(_AREAS.any("by-chance"))
_WORDS_AS_WELL = frozenset(_AREAS.words("words-as-well"))
_REST_OF_WORD = re.compile(_AREAS.followed("another-word"))


def unmarked_company(texts: Set) -> Iterator[Finding]:
    """L307."""
    if not texts.marks(Kind.ORGANISATION):
        return
    for text in texts.texts:
        for start, name, end in unmarked_companies(text):
            yield text.finding("L307", f"{name} at the end of a name, and no entity ends here", start, end)


def unmarked_companies(text: Text) -> Iterator[tuple[int, str, int]]:
    """Where a company's full name may begin, the word for it, and where it ends; no entity ends there."""
    whole = text.document.text
    for match in _COMPANY.finditer(whole):
        # Where an entity ends in the middle of 公司, L309 speaks.
        if any(e.start < match.end() < e.end + 2 for e in text.near(match.end() - 1, match.end())):
            continue
        start = match.start()
        while start > 0 and match.start() - start < 12 and not _NOT_NAME.match(whole[start - 1]):
            start -= 1
        if start < match.start() and _NO_COMPANY.search(whole, start, match.start()) is None:
            yield start, match[0], match.end()


def unmarked_area(texts: Set) -> Iterator[Finding]:
    """P304."""
    if not texts.marks(Kind.PLACE):
        return
    for text in texts.texts:
        whole = text.document.text
        bare: list[tuple[int, int]] = []
        for start, end in _areas_in(whole):
            # Whole entities inside, and one around: whoever marked them had the area before their eyes.
            near = [e for e in text.near(start, end) if e.start < end and start < e.end]
            name = whole[start:end]
            if not near:
                # X602 and X603 say more about names that are known from elsewhere.
                if not any(whole[start:stop] in texts.by_surface for stop in range(start + 2, end + 1)):
                    # Those that stand right behind one another are one: 吉林省镇赉县.
                    first = bare.pop()[0] if bare and bare[-1][1] == start else start
                    bare.append((first, end))
            elif len(near) == 1 and name not in texts.by_surface and _in_part(whole, near[0], start, end):
                yield text.of("P304", near[0], f"{near[0].type} {near[0].text!r} is a part of the area {name!r}")
        for start, end in bare:
            # Where somebody is from is not marked in many sets that mark areas: 镇赉县人.
            if whole.startswith("人", end):
                continue
            name = whole[start:end]
            yield text.finding("P304", f"{name!r} is an administrative area, and is not marked", start, end)


@cache
def _ends_of_areas() -> frozenset[str]:
    """The last characters of names of areas: most words that end as such names do are none."""
    return frozenset(name[-_SHORTEST:] for name in areas().codes if len(name) >= _SHORTEST)


def _areas_in(whole: str) -> Iterator[tuple[int, int]]:
    """Where full names of areas stand, the longest that end at a character."""
    known, last = areas().codes, 0
    ends = _ends_of_areas()
    for match in AREA_CLASS.finditer(whole):
        end = match.end()
        if whole[end - _SHORTEST : end] not in ends:
            continue
        for start in range(max(last, end - _LONGEST), end - _SHORTEST + 1):
            if whole[start:end] in known:
                last = end
                if not _is_by_chance(whole, start, end):
                    yield start, end
                break


def _is_by_chance(whole: str, start: int, end: int) -> bool:
    """Whether it is part of another word (沿|海城市), or a word itself (广州市|新城区)."""
    if whole[start:end] in _WORDS_AS_WELL:
        return True
    return any(
        match.start() < start and end <= match.end() for match in _BY_CHANCE.finditer(whole, max(start - 2, 0), end)
    )


def _in_part(whole: str, entity: Entity, start: int, end: int) -> bool:
    """Whether an edge of a PLACE cuts the name of an area, and is no other word's (太原|市民, 万柏林|区域)."""
    # Of a single character L303 speaks.
    if entity.type != "PLACE" or len(entity.text) == 1 or [start, end] in [list(pair) for pair in entity.alternatives]:
        return False
    if start < entity.start < end <= entity.end:
        return True
    if not (entity.start <= start and entity.start < entity.end < end):
        return False
    return entity.end < end - 1 or _REST_OF_WORD.match(whole, entity.end) is None


class Hit(NamedTuple):
    """A known name in a text, where no entity has exactly these boundaries."""

    text: Text
    start: int
    end: int
    around: Entity | None
    inside: Entity | None
    crossing: Entity | None


def hits(texts: Set) -> Iterator[Hit]:
    """Every known name that stands where it is not marked, the longest of those that begin at a character."""
    lengths: dict[str, set[int]] = {}
    known: set[str] = set()
    for surface, uses in texts.by_surface.items():
        if len(surface) > 1 and _is_looked_for(surface, uses, texts):
            known.add(surface)
            lengths.setdefault(surface[:2], set()).add(len(surface))
    ordered = {start: sorted(found, reverse=True) for start, found in lengths.items()}
    nests = texts.nests
    for text in texts.texts:
        whole, entities = text.document.text, text.document.entities
        exact = {(entity.start, entity.end) for entity in entities}
        reach = 0
        for at in [at for at, pair in enumerate(map(add, whole, whole[1:])) if pair in ordered]:
            for size in ordered[whole[at : at + 2]]:
                end = at + size
                if end > len(whole) or whole[at:end] not in known:
                    continue
                if (at, end) in exact:
                    reach = max(reach, end)
                    if not nests:
                        break
                    continue
                if end <= reach and not nests:
                    break
                yield from _classify(text, at, end, nests, reach)
                reach = max(reach, end)
                break


def _is_looked_for(surface: str, uses: Sequence[tuple[Text, Entity]], texts: Set) -> bool:
    """Whether a surface is a name, or a date or an amount that no pattern finds (the rules for these do it themselves).

    What a rule about its words calls a slip is not looked for elsewhere: it would be found in all that is right. So
    would titles, products, and what nobody told the kind of: many are words of the language as well.
    """
    entity = usual(uses)
    kind = texts.kind(entity)
    if kind in VALUES:
        if surface.strip(_NUMERALS) == "" or (kind is Kind.MONEY and not has_number(surface)):
            return False
        return not any(find_money(surface)) and not any(find_dates(surface)) and date_kind(surface) is None
    if kind not in _NAMES or date_kind(surface) is not None or punctuation(surface) is not None:
        return False
    return not is_generic(surface) and edge_word(entity, texts) is None


def usual(uses: Sequence[tuple[Text, Entity]]) -> Entity:
    """The first of the uses of a name that have the type which most of them have."""
    first = uses[0][1]
    if len(uses) > 1 and any(entity.type != first.type for _, entity in uses):
        label = Counter(entity.type for _, entity in uses).most_common(1)[0][0]
        first = next(entity for _, entity in uses if entity.type == label)
    return first


def _classify(text: Text, start: int, end: int, nests: bool, reach: int) -> Iterator[Hit]:
    around = inside = crossing = None
    for entity in text.near(start, end):
        if entity.start >= end:
            break
        if entity.end <= start:
            continue
        if entity.start <= start and end <= entity.end:
            around = entity
        elif start <= entity.start and entity.end <= end:
            inside = inside or entity
        else:
            crossing = crossing or entity
    if around is not None and not nests:
        return
    if around is None and inside is None and crossing is None and end <= reach:
        return
    yield Hit(text, start, end, around, inside, crossing)


CHECKS = (Check(("L307",), unmarked_company), Check(("P304",), unmarked_area))
