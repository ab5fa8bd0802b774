"""Level 4: one name with several types over a set. Counts decide which use is the odd one, and whether any is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.rules.shape import ending
from tyez_bench.checks.texts import Set, Text, TextKey
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted, cut
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import areas

Use = tuple[Text, Entity]
# A name is of both types where each has so many uses, and so great a share of them.
_OFTEN, _SHARE = 3, 0.25
# So many names that two types share, none of which says what it names, are names of both in this set: a team is called
# by its country. Not so where a name has the rarer type once, and the other so many times; but a country may.
_WAY, _HARDLY = 3, 10
_SHOWN = 3


def two_types(texts: Set) -> Iterator[Finding | Convention]:
    """X601: a finding a name, at the first use of the rarer type."""
    disputed = dict(_disputed(texts))
    shared: dict[tuple[str, ...], list[str]] = {}
    for surface, labels in disputed.items():
        if ending(surface) is None:
            shared.setdefault(_pair(labels), []).append(surface)
    ways = {pair for pair, surfaces in shared.items() if len(surfaces) >= _WAY}
    for pair in sorted(ways):
        surfaces = shared[pair]
        called = ", ".join(map(cut, surfaces[:_SHOWN])) + (", …" if len(surfaces) > _SHOWN else "")
        message = f"{counted(len(surfaces), 'name')} are marked as {' and as '.join(pair)} ({called})"
        yield Convention("X601", message)
    for surface, labels in disputed.items():
        if _is_both(labels) or _may_be_both(labels, texts):
            continue
        if not (_pair(labels) in ways and ending(surface) is None and _is_a_way(labels, texts)):
            yield _finding(surface, labels, texts)


def _disputed(texts: Set) -> Iterator[tuple[str, Mapping[str, list[Use]]]]:
    """The names with several types: their uses by type, the most frequent first."""
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
            # Of equally frequent ones what the name says is right, else the first.
            order = sorted(labels, key=lambda label: (-len(labels[label]), not _is_said(surface, labels[label], texts)))
            yield surface, {label: labels[label] for label in order}


def _is_said(surface: str, uses: Sequence[Use], texts: Set) -> bool:
    """Whether the name itself says that it is of this type: by what it ends with, or as that of an area."""
    kind, said = texts.kind(uses[0][1]), ending(surface)
    if said is not None:
        return said[1] is kind
    return kind is Kind.PLACE and surface in areas().codes


def _pair(labels: Mapping[str, Sequence[Use]]) -> tuple[str, ...]:
    return tuple(sorted(labels))


def _is_both(labels: Mapping[str, Sequence[Use]]) -> bool:
    """Whether each type has so many uses that none is a slip."""
    sizes = [len(uses) for uses in labels.values()]
    return min(sizes) >= _OFTEN and min(sizes) >= _SHARE * sum(sizes)


def _may_be_both(labels: Mapping[str, Sequence[Use]], texts: Set) -> bool:
    """Whether it is the name of a person, and of something else that is called so (华盛顿): few uses do not tell."""
    kinds = {texts.kind(uses[0][1]) for uses in labels.values()}
    most = max(len(uses) for uses in labels.values())
    return Kind.PERSON in kinds and len(kinds) > 1 and most < _HARDLY


def _is_a_way(labels: Mapping[str, Sequence[Use]], texts: Set) -> bool:
    """Whether a name that two types share is no slip, in a set where many do."""
    most, *rest = [len(uses) for uses in labels.values()]
    kinds = {texts.kind(uses[0][1]) for uses in labels.values()}
    return kinds == {Kind.PLACE, Kind.ORGANISATION} or most < _HARDLY * sum(rest)


def _finding(surface: str, labels: Mapping[str, Sequence[Use]], texts: Set) -> Finding:
    usual, *others = labels
    counts = Counter({label: len(uses) for label, uses in labels.items()})
    rest = [use for label in others for use in labels[label]]
    (text, entity), *more = rest
    often = ", ".join(f"{label} {number} times" if number > 1 else f"{label} once" for label, number in counts.items())
    here = next(label for label in others if labels[label][0] is rest[0])
    at = "" if len(rest) == 1 else f"; the first of {len(rest)} that are not {usual}"
    related = tuple(_text.where(e.start, e.end, e.type) for _text, e in (labels[usual][0], *more))
    return text.of("X601", entity, f"{surface!r} has the type {here} here, but is {often}{at}", related)


CHECKS = (Check(("X601",), two_types),)
