"""Other names of the same kind and level in the place of the page's: the same one for the same name in a sentence.

What is replaced are leaves: 太原 wherever it stands, as in 老太原酒楼, and of 万柏林区 the stem, so that 万柏林
follows. These stay, because another name in their place would change what the labels say, or is of no use:

- 中 and 俄, since 中俄合资 is written with the characters of countries that have one;
- 京津冀 and 华北, since there are only a handful of such regions;
- 哈工大, 并州 and 晋, which are nested and optional because of what these names once were (G8);
- 晋府小剧场 and 晋酒庄, which go with the “晋·酒文化”创想体验空间 beside them;
- 中北 in 中北高新区, which is no place: a place in its stead would be nested (G3);
- 全球速通, a brand of another firm: an invented name would read as that of a firm, which is nested (G3, B2);
- 酿造特色小镇, which says what is made there, and 和平 in the name of a branch.
"""

import random
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from msgspec import Struct, convert

from tyez_bench.model.documents import Document
from tyez_bench.stress.cases import Edit
from tyez_bench.stress.transformations.base import in_any_order, one_of, table

_CASES = 4
# They have no 省委, and nobody there says 我省.
_AUTONOMOUS = ("内蒙古", "广西", "西藏", "宁夏", "新疆")
# The kinds of names that are taken from one area.
_OF_AREA = ("city", "province", "districts", "cities", "counties")


class Area(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A city of the prefecture level, with its province and the stems of what belongs to it."""

    city: str
    province: str
    districts: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        """The names of a kind."""
        found = getattr(self, kind)
        return (found,) if isinstance(found, str) else found


@cache
def areas() -> tuple[Area, ...]:
    """The areas of the table."""
    return convert(tuple(table("names")["area"]), tuple[Area, ...])


@cache
def fill(kind: str) -> tuple[str, ...]:
    """The names of a kind that belong to no area."""
    if kind == "other-city":
        return tuple(area.city for area in areas())
    return tuple(table("names")["fills"][kind]["values"].split())


@cache
def kinds() -> Mapping[str, str]:
    """By a name of the page, its kind."""
    return {name: kind for kind, names in table("names")["page"].items() for name in names}


def other_names(document: Document, chance: random.Random) -> Iterator[tuple[Edit, ...]]:
    """Names of the page replaced by others, the same by the same."""
    found = _occurrences(document)
    names = list(dict.fromkeys(name for _, name in found))
    if not names:
        return
    within = [name for name in names if kinds()[name] in _OF_AREA]
    fitting = in_any_order(_fitting(document.text, within), chance)
    # The cities of other areas are taken from the end, or one could be the area's own.
    own = {area.city for area in fitting[:_CASES]} if within else set()
    orders = {
        kind: in_any_order([name for name in fill(kind) if name not in own], chance)
        for kind in dict.fromkeys(kinds()[name] for name in names if name not in within)
    }
    for area in fitting[:_CASES]:
        new = {name: one_of(area.of(kinds()[name]), chance) for name in within}
        for kind, order in orders.items():
            new |= {name: order.pop() for name in names if kinds()[name] == kind}
        yield tuple(Edit(at, at + len(name), new[name]) for at, name in found)


def _occurrences(document: Document) -> list[tuple[int, str]]:
    """The names to be replaced in a sentence, longest first where two begin together. Outside of entities they stay."""
    longest_first = sorted(kinds(), key=len, reverse=True)
    matches = re.finditer("|".join(longest_first), document.text)
    taken = [(entity.start, entity.end) for entity in document.outermost()]
    return [
        (match.start(), match[0])
        for match in matches
        if any(start <= match.start() and match.end() <= end for start, end in taken)
    ]


def _fitting(text: str, names: list[str]) -> list[Area]:
    """The areas that have a name for each of these, none of which the sentence has already."""
    return [
        area
        for area in areas()
        if all(area.of(kinds()[name]) for name in names)
        and not (area.province in _AUTONOMOUS and "省" in text)
        and not any(name in text for name in chain(*(area.of(kind) for kind in _OF_AREA)))
    ]
