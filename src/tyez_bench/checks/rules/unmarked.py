"""Where known names stand in the texts, and no entity has exactly their boundaries."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tyez_bench.checks.rules.amounts import has_number
from tyez_bench.checks.rules.dates import date_kind
from tyez_bench.checks.rules.edges import punctuation
from tyez_bench.checks.rules.names import edge_word, is_generic
from tyez_bench.checks.texts import VALUES, Set, Text
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.numerals import NUMERAL

_NAMES = (Kind.PLACE, Kind.ORGANISATION, Kind.PERSON)
_NUMERALS = NUMERAL + ".．,，"


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
    for surface, uses in texts.by_surface.items():
        if len(surface) > 1 and _is_looked_for(surface, uses, texts):
            lengths.setdefault(surface[:2], set()).add(len(surface))
    ordered = {start: sorted(found, reverse=True) for start, found in lengths.items()}
    nests = texts.nests
    for text in texts.texts:
        whole, entities = text.document.text, text.document.entities
        exact = {(entity.start, entity.end) for entity in entities}
        at, reach = 0, 0
        while at < len(whole) - 1:
            for size in ordered.get(whole[at : at + 2], ()):
                end = at + size
                if end > len(whole) or whole[at:end] not in texts.by_surface:
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
            at += 1


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
        return not _has_a_pattern(surface) and date_kind(surface) is None
    if kind not in _NAMES or date_kind(surface) is not None or punctuation(surface) is not None:
        return False
    return not is_generic(surface) and edge_word(entity, texts) is None


def usual(uses: Sequence[tuple[Text, Entity]]) -> Entity:
    """The first of the uses of a name that have the type which most of them have."""
    first = uses[0][1]
    if len(uses) > 1:
        label = Counter(entity.type for _, entity in uses).most_common(1)[0][0]
        first = next(entity for _, entity in uses if entity.type == label)
    return first


def _has_a_pattern(surface: str) -> bool:
    return any(True for find in (find_money, find_dates) for _ in find(surface))


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
