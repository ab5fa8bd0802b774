"""Level 3: endings, single characters and lengths, each held against how the set itself does it.

A rule here looks at what most of the set does: what departs from that is a finding, and what the whole set does
otherwise than most guidelines is said once, as a convention.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from math import ceil
from statistics import median

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.names import AREA, AREA_CLASS, ORGANISATION, area_meant
from tyez_bench.checks.texts import DATES, PLACES_AND_ORGANISATIONS, VALUES, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import areas
from tyez_bench.zh.characters import simplified
from tyez_bench.zh.lexicon import is_cut

_VENUES = frozenset(word_lists("tyez_bench.checks", "names").words("venues"))
# What else may be marked as a building, in a set that has a label for them.
_BUILDINGS = _VENUES | frozenset(word_lists("tyez_bench.checks", "names").words("buildings"))
_PLACES = word_lists("tyez_bench.checks", "places")
ABBREVIATIONS = frozenset(_PLACES.words("abbreviations"))
_LONGER_NAMES = frozenset(_PLACES.words("longer-than-abbreviations"))
COUNTRIES = frozenset(_PLACES.words("countries"))
# Names of people and titles are as long as they are, in Latin letters above all.
_OF_A_LENGTH = (*PLACES_AND_ORGANISATIONS, *VALUES)
# What is never an area: a nationality or an event, of the kind other, may be called as one.
_NO_AREA = (Kind.ORGANISATION, Kind.PERSON, *VALUES)
# A surface is an outlier when it is this many times as long as the median, and longer by this many characters, where
# so many are known; and this many times as long as nearly all others.
_TIMES, _LONGER, _ENOUGH, _TIMES_NEARLY_ALL, _NEARLY_ALL = 4, 8, 20, 2.2, 0.97
# From so many entities with an ending on, the set says what they are: of one type if no more than a fifth have another.
_ENOUGH_OF_AN_ENDING, _FEW = 4, 0.2
# A set with so many names of organisations shows how it marks them.
_MANY = 50
# So many marks of an abbreviation say that the set has it as a name.
_OFTEN = 3
# So many times as often as the longer name they are its way to mark it.
_MORE = 4
# So many names of places among the organisations are a way to mark teams and governments, in a set with so many times
# as many places.
_WAY, _MORE_PLACES = 2, 10
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ0-9][A-Za-zÀ-ÖØ-öø-ÿĀ-ſ0-9'’.-]*")
_SPACES = re.compile(r"\s+")
_LATIN_OR_SPACE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿĀ-ſ0-9\s]")
_CLAUSE = re.compile("[，,。；;]")
_ALIAS = re.compile(f'{word_lists("tyez_bench.checks", "names").any("aliases")}[“「‘『"]?$')
# 至今, 明春
_TIMES_OF_ONE = frozenset(word_lists("tyez_bench.checks", "dates").words("of-one"))
_QUOTES = ("“”", "‘’", "「」", "『』", '""', "＂＂")
_ENUMERATION = "、，,/和与及－-·"


def suffix_says_otherwise(texts: Set) -> Iterator[Finding | Convention]:
    """L301."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    odd: list[tuple[Text, Entity, str, str]] = []
    endings = {surface: ending(surface) for surface in texts.surfaces(*PLACES_AND_ORGANISATIONS)}
    for text, entity in texts.of_kind(*PLACES_AND_ORGANISATIONS):
        said = endings[entity.text]
        if said is None:
            continue
        word, of = said
        found[word][entity.type] += 1
        if texts.kind(entity) is not of:
            odd.append((text, entity, word, "an organisation" if of is Kind.ORGANISATION else "a place"))
    told: set[str] = set()
    for_buildings = labels_for_buildings(texts)
    many = len(texts.surfaces(Kind.ORGANISATION)) >= _MANY
    for text, entity, word, other in odd:
        if (word in _BUILDINGS and entity.type in for_buildings) or _is_the_way(
            found[word], entity.type, building=word in _VENUES and many
        ):
            if word not in told and found[word].total() > 1:
                told.add(word)
                yield Convention("L301", f"names that end with {word} are {_counts(found[word])}")
        elif not texts.in_dispute(entity) and entity.text not in areas().codes and not _is_an_alias(text, entity):
            yield text.of("L301", entity, f"{entity.type} {entity.text!r} ends like the name of {other} ({word})")


@lru_cache(1 << 15)
def ending(surface: str) -> tuple[str, Kind] | None:
    """The word that a name ends with, where one says what it names, and what that is."""
    for pattern, kind in ((ORGANISATION, Kind.ORGANISATION), (AREA, Kind.PLACE)):
        hit = pattern.search(simplified(surface))
        if hit is not None and len(hit[0]) < len(surface):
            return hit[0], kind
    return None


def _is_an_alias(text: Text, entity: Entity) -> bool:
    """Whether the text says itself what it calls so: 重庆机场集团（下称江北机场）."""
    return _ALIAS.search(text.document.text, max(entity.start - 6, 0), entity.start) is not None


def _is_the_way(counts: Counter[str], label: str, *, building: bool) -> bool:
    """Whether it is no exception among the entities with an ending that one has this label.

    ``building``: whether such names are those of buildings, too, in a set that shows how it marks them.
    """
    if counts.total() >= _ENOUGH_OF_AN_ENDING:
        return counts[label] > _FEW * counts.total()
    # Of few, none of which is otherwise, there is nothing to depart from.
    return counts[label] == counts.total() and (building or counts.total() > 1)


def labels_for_buildings(texts: Set) -> frozenset[str]:
    """The labels for places that may be those for buildings: of several, all but the one that most have."""
    counts = Counter(entity.type for _, entity in texts.of_kind(Kind.PLACE))
    return frozenset(label for label, _ in counts.most_common()[1:])


def _counts(counts: Counter[str]) -> str:
    return ", ".join(
        f"{label} {number} times" if number > 1 else f"{label} once" for label, number in counts.most_common()
    )


def area_by_another_type(texts: Set) -> Iterator[Finding | Convention]:
    """L302."""
    named = sorted(
        {
            entity.text
            for _, entity in texts.whose(_may_be_an_area, Kind.ORGANISATION)
            if entity.text in COUNTRIES or _is_a_short_name(entity)
        }
    )
    places = len(texts.of_kind(Kind.PLACE))
    is_a_way = len(named) >= _WAY and places >= _MORE_PLACES * len(named)
    if is_a_way:
        called = ", ".join(named[:3]) + ("" if len(named) <= 3 else ", …")
        yield Convention("L302", f"{counted(len(named), 'name')} of places are also those of organisations ({called})")
    for text, entity in texts.whose(_may_be_an_area, *_NO_AREA):
        kind = texts.kind(entity)
        name = area_meant(entity)
        if name is None or texts.in_dispute(entity):
            continue
        # A person may be called so (吴忠), and a team is called by its province where the set does that.
        short = entity.code is None and entity.text != name
        if short and (kind is Kind.PERSON or (kind is Kind.ORGANISATION and is_a_way)):
            continue
        message = f"{entity.type} {entity.text!r} is the name of an administrative area ({name})"
        yield text.of("L302", entity, message)


def _may_be_an_area(surface: str) -> bool:
    return surface in COUNTRIES or surface in areas().codes


def _is_a_short_name(entity: Entity) -> bool:
    name = area_meant(entity)
    return name is not None and name != entity.text and AREA_CLASS.match(entity.text[-1]) is None


def single_character(texts: Set) -> Iterator[Finding | Convention]:
    """L303."""
    parts: defaultdict[tuple[str, str, str], list[tuple[Text, Entity]]] = defaultdict(list)
    for text, entity in texts.of_kind(*_OF_A_LENGTH):
        if len(entity.text) > 1 or texts.in_dispute(entity) or _is_quoted(text, entity):
            continue
        longer = _part_of(text, entity, texts)
        if longer is not None:
            if not (entity.text in ABBREVIATIONS and _is_in_a_row(text, entity)):
                parts[entity.type, entity.text, longer].append((text, entity))
        elif not _stands_for_a_name(text, entity, texts):
            yield text.of("L303", entity, f"{entity.type} {entity.text!r} has a single character")
    for (label, character, longer), places in parts.items():
        # What the set cuts so again and again, and hardly ever marks whole, is its way (京|城).
        if (
            len(places) >= _OFTEN
            and longer not in COUNTRIES
            and len(places) > _MORE * len(texts.by_surface.get(longer, ()))
        ):
            yield Convention("L303", f"{label} {character} is marked alone in {longer}, {len(places)} times")
            continue
        for text, entity in places:
            yield text.of("L303", entity, f"{label} {character!r} is a single character of {longer!r}")


def _is_quoted(text: Text, entity: Entity) -> bool:
    """Whether it stands in quotation marks by itself: it is what somebody calls so (“梁”王)."""
    whole = text.document.text
    return f"{whole[max(0, entity.start - 1) : entity.start]}{whole[entity.end : entity.end + 1]}" in _QUOTES


def _part_of(text: Text, entity: Entity, texts: Set) -> str | None:
    """The longer name that the characters beside it make with it: one of the set, a country or an area.

    Beside an abbreviation that the set marks again and again only the best known names say something (返|台, 来|台|前).
    """
    whole = text.document.text
    often = entity.text in ABBREVIATIONS and len(texts.by_surface[entity.text]) >= _OFTEN
    for start, end in ((entity.start, entity.end + 1), (entity.start - 1, entity.end)):
        name = whole[max(start, 0) : end]
        if len(name) == 2 and (
            _is_known(name) or (not often and _is_a_place(name, texts) and not is_cut(whole, max(start, 0), end))
        ):
            beside = [one for one in text.near(start, end) if one is not entity and one.start < end and start < one.end]
            if not beside:
                return name
    return None


def _is_known(name: str) -> bool:
    return name in COUNTRIES or name in _LONGER_NAMES


def _is_a_place(name: str, texts: Set) -> bool:
    return name in areas().codes or texts.is_place(name)


def _stands_for_a_name(text: Text, entity: Entity, texts: Set) -> bool:
    """Whether a name of one character is one: an abbreviation of a place, one of several in a row, or used again."""
    kind = texts.kind(entity)
    if kind in PLACES_AND_ORGANISATIONS and entity.text in ABBREVIATIONS:
        return True
    if kind in DATES and entity.text in _TIMES_OF_ONE:
        return True
    if kind not in (*PLACES_AND_ORGANISATIONS, *DATES) or not entity.text.isalpha():
        return False
    if _is_in_a_row(text, entity):
        return True
    if kind in DATES or texts.counts[entity.type] < _ENOUGH:
        return False
    return len({use.key for use, same in texts.by_surface[entity.text] if same.type == entity.type}) > 1


def _is_in_a_row(text: Text, entity: Entity) -> bool:
    """Whether it is one of several of its type: 中俄, 工、农、中、建."""
    whole = text.document.text
    return any(
        one is not entity
        and one.type == entity.type
        and len(one.text) == 1
        and whole[min(one.end, entity.end) : max(one.start, entity.start)] in _ENUMERATION
        for one in text.near(entity.start - 1, entity.end + 1)
    )


def unusual_length(texts: Set) -> Iterator[Finding]:
    """L304."""
    surfaces: dict[str, set[str]] = {}
    for _, entity in texts.of_kind(*_OF_A_LENGTH):
        surfaces.setdefault(entity.type, set()).add(entity.text)
    lengths = {label: {surface: length(surface) for surface in found} for label, found in surfaces.items()}
    limits = {label: _limit(list(found.values())) for label, found in lengths.items() if len(found) >= _ENOUGH}
    shortest = min((*limits.values(), texts.options.longest))
    for text, entity in texts.whose(lambda surface: len(surface) > shortest, *_OF_A_LENGTH):
        limit = min(limits.get(entity.type, texts.options.longest), texts.options.longest)
        size = lengths[entity.type][entity.text]
        if size > texts.options.longest or (size > limit and not _is_complete(entity, texts)):
            usual = f"{entity.type} entities here usually have at most {limit}"
            yield text.of("L304", entity, f"{entity.type} {entity.text!r} has {counted(size, 'character')}; {usual}")


def _is_complete(entity: Entity, texts: Set) -> bool:
    """Whether a long name is one from end to end: it ends as such names do, and no clause ends within it."""
    said = ending(entity.text)
    return said is not None and said[1] is texts.kind(entity) and _CLAUSE.search(entity.text) is None


def length(surface: str) -> int:
    """How long a surface is: a Latin word or a number counts as one character, white space as none.

    Example:
        >>> length("太原市"), length("Orkney Wireless Museum"), length("南海大道21号")
        (3, 3, 6)
    """
    if _LATIN_OR_SPACE.search(surface) is None:
        return len(surface)
    return len(_SPACES.sub("", _LATIN_WORD.sub("x", surface)))


def _limit(lengths: list[int]) -> int:
    """How long a surface may be by the lengths of all of them."""
    middle = median(lengths)
    nearly_all = sorted(lengths)[int(_NEARLY_ALL * (len(lengths) - 1))]
    return ceil(max(_TIMES * middle, middle + _LONGER, _TIMES_NEARLY_ALL * nearly_all))


CHECKS = (
    Check(("L301",), suffix_says_otherwise),
    Check(("L302",), area_by_another_type),
    Check(("L303",), single_character),
    Check(("L304",), unusual_length),
)
