"""Level 4: one name with several types over a set. Counts decide which use is the odd one, and whether any is."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.habits import around
from tyez_bench.checks.rules.shape import ending, labels_for_buildings
from tyez_bench.checks.texts import DATES, VALUES, Set, Text, TextKey
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted, cut
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import areas
from tyez_bench.zh.find import is_amount, whole_date
from tyez_bench.zh.lexicon import kind_of
from tyez_bench.zh.numerals import NUMERAL

Use = tuple[Text, Entity]
# A type is a slip where so many times as much speaks for the usual one; from so many uses on it takes more.
_TIMES, _OFTEN, _TIMES_OFTEN = 3, 3, 6
# How many uses it is worth what the names have that begin or end alike, and how many of them say something.
_WORTH, _ENOUGH = 2.0, 3
# So many names that two types share are a way to mark in this set: a team is called by its country. Else where a name
# has the usual type so many times as often, they are only if they are such a share of those that have the rarer type.
_WAY, _WAY_SHARE, _HARDLY = 3, 0.05, 10
# A song may be called as the series is, and an exhibition.
_HARDLY_OF_WORKS = 50
# A label that so great a share of its names have beside one for names says how they are used.
_USE_SHARE = 0.2
_SHOWN = 3
_BEHIND = re.compile(word_lists("tyez_bench.checks", "names").any("behind-buildings"))
_IN_FRONT = re.compile(f"{word_lists('tyez_bench.checks', 'names').any('before-buildings')}$")
# What jieba's tags say of a name; other proper names are firms and brands. Those of people stand at common words, too.
_LANGUAGE = {"place": Kind.PLACE, "organisation": Kind.ORGANISATION, "name": Kind.ORGANISATION}
_NUMBER = re.compile(f"[{NUMERAL}几数多.．,，]+")
_NAMES = (Kind.PLACE, Kind.ORGANISATION, Kind.PERSON)


def two_types(texts: Set) -> Iterator[Finding | Convention]:
    """X601: a finding a name, at the first use of the rarer type."""
    disputed = dict(_disputed(texts))
    if not disputed:
        return
    alike, buildings = _Alike(texts), labels_for_buildings(texts)
    shared: dict[tuple[bool, str, str], list[str]] = {}
    for surface, labels in disputed.items():
        usual, *others = _by_weight(surface, labels, texts, alike)
        for other in others:
            shared.setdefault(_pair(surface, usual, other, labels, texts), []).append(surface)
    uses_of = _labels_of_uses(shared, disputed, alike, texts)
    ways = {pair: surfaces for pair, surfaces in shared.items() if len(surfaces) >= _WAY}
    yield from _conventions(ways)
    for surface, labels in disputed.items():
        weights = _by_weight(surface, labels, texts, alike)
        usual, *others = weights
        slips = [
            other
            for other in others
            if _is_slip(weights[usual], weights[other], len(labels[other]))
            and other not in uses_of
            and not _is_before_people(labels[other], texts)
            and not _may_be_both(surface, labels[usual], labels[other], texts)
            and not (texts.kind(labels[usual][0][1]) is Kind.ORGANISATION and _is_visited(labels[other], buildings))
            and not _is_a_way(
                labels[usual], labels[other], ways.get(_pair(surface, usual, other, labels, texts), ()), alike, texts
            )
        ]
        if slips:
            yield _finding(surface, labels, usual, slips)


def _labels_of_uses(
    shared: Mapping[tuple[bool, str, str], Sequence[str]],
    disputed: Mapping[str, Mapping[str, list[Use]]],
    alike: "_Alike",
    texts: Set,
) -> frozenset[str]:
    """The labels that say how a name is used, whatever it names: many names have them, too (NORP in 美国士兵)."""
    names: Counter[str] = Counter()
    for pair, surfaces in shared.items():
        for surface in surfaces:
            kinds = {label: texts.kind(disputed[surface][label][0][1]) for label in pair[1:]}
            names.update(
                label
                for label, kind in kinds.items()
                if kind is Kind.OTHER and not set(_NAMES).isdisjoint(kinds.values())
            )
    return frozenset(label for label, number in names.items() if number >= max(_WAY, _USE_SHARE * alike.several[label]))


def _conventions(ways: Mapping[tuple[bool, str, str], Sequence[str]]) -> Iterator[Convention]:
    """What types names share in the set, those of one pair together."""
    of_pairs: dict[tuple[str, str], list[str]] = {}
    for (_, first, second), surfaces in ways.items():
        of_pairs.setdefault((first, second), []).extend(surfaces)
    for pair in sorted(of_pairs):
        surfaces = of_pairs[pair]
        called = ", ".join(map(cut, surfaces[:_SHOWN])) + (", …" if len(surfaces) > _SHOWN else "")
        message = f"{counted(len(surfaces), 'name')} are marked as {' and as '.join(pair)} ({called})"
        yield Convention("X601", message)


def _disputed(texts: Set) -> Iterator[tuple[str, Mapping[str, list[Use]]]]:
    """The names with several types: their uses by type."""
    for surface, uses in texts.by_surface.items():
        types = {entity.type for _, entity in uses}
        if len(types) < 2 or types <= set(texts.options.allow.get(surface, ())):
            continue
        # Two types of one span are S114's; here they are one use, which may differ from others.
        places: dict[tuple[TextKey, int, int], list[Use]] = {}
        for text, entity in uses:
            places.setdefault((text.key, entity.start, entity.end), []).append((text, entity))
        labels: dict[str, list[Use]] = {}
        for same in places.values():
            labels.setdefault(" and ".join(entity.type for _, entity in same), []).append(same[0])
        if len(labels) > 1:
            yield surface, labels


class _Alike:
    """As what those names are marked that end alike, or begin so.

    ``several``: how many of the names that stand several times have a label somewhere.
    """

    def __init__(self, texts: Set):
        self.several: Counter[str] = Counter()
        self._counts: dict[str, Counter[str]] = {}
        self._own: dict[str, Counter[str]] = {}
        for surface, uses in texts.by_surface.items():
            own = self._own[surface] = Counter(entity.type for _, entity in uses)
            if len(uses) > 1:
                self.several.update(own.keys())
            label = own.most_common(1)[0][0]
            for form in _forms(surface):
                self._counts.setdefault(form, Counter())[label] += 1

    def share(self, surface: str, labels: Sequence[str]) -> Mapping[str, float]:
        """The share of each label among the others, by the form that says most; none where too few are like it."""
        own = self._own[surface].most_common(1)[0][0]
        for form in _forms(surface):
            counts = {label: self._counts[form][label] - (label == own) for label in labels}
            if sum(counts.values()) >= _ENOUGH:
                return {label: count / sum(counts.values()) for label, count in counts.items()}
        return {}


def _forms(surface: str) -> Iterator[str]:
    """What other names may have in common with one, what says most first."""
    if len(surface) > 2:
        yield f"…{surface[-2:]}"
    if len(surface) > 1:
        yield f"…{surface[-1]}"
        yield f"{surface[0]}…"


def _by_weight(surface: str, labels: Mapping[str, Sequence[Use]], texts: Set, alike: _Alike) -> Mapping[str, float]:
    """What speaks for each type, that for which most does first: its uses, what the name says, and what others are."""
    # What the name itself says goes before what others are.
    said = [label for label, uses in labels.items() if _is_said(surface, uses, texts)]
    shares = dict.fromkeys(said, 1.0) if said else alike.share(surface, list(labels))
    found = {label: len(uses) + _WORTH * shares.get(label, 0.0) for label, uses in labels.items()}
    return {label: found[label] for label in sorted(found, key=lambda label: -found[label])}


def _is_said(surface: str, uses: Sequence[Use], texts: Set) -> bool:
    """Whether the name itself says that it is of this type: by its end, as that of an area, or as jieba has it."""
    kind, said = texts.kind(uses[0][1]), ending(surface)
    if said is not None:
        return said[1] is kind
    if surface in areas().codes:
        return kind is Kind.PLACE
    if is_amount(surface):
        return kind is Kind.MONEY
    if whole_date(surface) is not None:
        return kind in DATES
    return len(surface) > 1 and kind is _LANGUAGE.get(kind_of(surface) or "", "")


def _pair(
    surface: str, usual: str, other: str, labels: Mapping[str, Sequence[Use]], texts: Set
) -> tuple[bool, str, str]:
    """Two types that a name has; and whether it says which of the two it is of: then it is not as those that don't."""
    said = {texts.kind(labels[label][0][1]) for label in (usual, other)} == {Kind.PLACE, Kind.ORGANISATION}
    first, second = sorted((usual, other))
    return said and ending(surface) is not None, first, second


def _is_slip(usual: float, other: float, uses: int) -> bool:
    """Whether a type is so rare that it is one; ``usual`` and ``other`` are what speaks for each."""
    return usual >= (_TIMES if uses < _OFTEN else _TIMES_OFTEN) * other


def _may_be_both(surface: str, usual: Sequence[Use], other: Sequence[Use], texts: Set) -> bool:
    """Whether it is the name of a person, and of something else that is called so (华盛顿): few uses do not tell.

    And whether it is a number, which counts this here and that there.
    """
    kinds = {texts.kind(uses[0][1]) for uses in (usual, other)}
    if _NUMBER.fullmatch(surface):
        return kinds.isdisjoint((*_NAMES, Kind.WORK, Kind.PRODUCT))
    return Kind.PERSON in kinds and len(kinds) > 1 and kinds <= set(_NAMES) and len(usual) < _HARDLY


def _is_before_people(uses: Sequence[Use], texts: Set) -> bool:
    """Whether a label that is none for names stands each time at a name in front of a word for people (美国士兵)."""
    return all(
        texts.kind(entity) is Kind.OTHER and around(text.document.text, entity.start, entity.end).right[0] == "people"
        for text, entity in uses
    )


def _is_visited(uses: Sequence[Use], buildings: Collection[str]) -> bool:
    """Whether a name has a label for buildings where somebody is at the building, each time."""
    return all(
        entity.type in buildings
        and (
            _BEHIND.match(text.document.text, entity.end) is not None
            or _IN_FRONT.search(text.document.text, max(0, entity.start - 2), entity.start) is not None
        )
        for text, entity in uses
    )


def _is_a_way(usual: Sequence[Use], other: Sequence[Use], shared: Sequence[str], alike: _Alike, texts: Set) -> bool:
    """Whether a name that two types share is no slip, in a set where others do."""
    if not shared:
        return False
    kinds = {texts.kind(uses[0][1]) for uses in (usual, other)}
    if not kinds.isdisjoint(_NAMES) and not kinds.isdisjoint(VALUES):
        # What names something names no day, however many slips there are.
        return False
    hardly = _HARDLY if kinds <= {*_NAMES, *VALUES, Kind.OTHER} else _HARDLY_OF_WORKS
    if kinds == {Kind.PLACE, Kind.ORGANISATION} or len(usual) < hardly * len(other):
        return True
    several = min(alike.several[uses[0][1].type] for uses in (usual, other))
    return len(kinds) > 1 and None not in kinds and len(shared) >= _WAY_SHARE * several


def _finding(surface: str, labels: Mapping[str, list[Use]], usual: str, slips: Sequence[str]) -> Finding:
    order = sorted(labels, key=lambda label: (label != usual, -len(labels[label])))
    rest = [use for label in labels if label in slips for use in labels[label]]
    (text, entity), *more = rest
    often = ", ".join(
        f"{label} {len(labels[label])} times" if len(labels[label]) > 1 else f"{label} once" for label in order
    )
    here = next(label for label in slips if labels[label][0] is rest[0])
    at = "" if len(rest) == 1 else f"; the first of {len(rest)} that are not {usual}"
    related = tuple(_text.where(e.start, e.end, e.type) for _text, e in (labels[usual][0], *more))
    return text.of("X601", entity, f"{surface!r} has the type {here} here, but is {often}{at}", related)


CHECKS = (Check(("X601",), two_types),)
