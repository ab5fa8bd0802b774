"""Level 4: one name with two boundaries in the same words. Counts decide which of the two is the odd one."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tyez_bench.checks.rule import Convention, Finding
from tyez_bench.checks.rules.dates import continued
from tyez_bench.checks.rules.edges import PAIRS
from tyez_bench.checks.rules.names import ANOTHER_WORD
from tyez_bench.checks.rules.occurrences import Use, where_of
from tyez_bench.checks.rules.shape import ending
from tyez_bench.checks.rules.unmarked import Hit, usual
from tyez_bench.checks.texts import DATES, Set, Text
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted, cut
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import areas
from tyez_bench.zh.lexicon import NAMES, is_cut, kind_of
from tyez_bench.zh.numerals import NUMERAL

_AREAS = word_lists("tyez_bench.checks", "areas")
# 名古屋|市营, 太原|市长
_NO_END = re.compile(_AREAS.any("no-ends"))
_REST_OF_WORD = re.compile(_AREAS.followed("another-word"))
# How many marks the way of other names with the same words beside them is worth; that a shorter name is marked nowhere
# else, or that the language knows the longer one; and how many times as many must speak for one of the boundaries.
_WORTH, _LONE, _TIMES = 4.0, 2.0, 2.5
# So many places say how other names are marked beside these words, if no more than such a share is otherwise.
_ENOUGH, _FEW = 5, 0.2
# What is longer stands beside no other name.
_LONGEST = 4
_SHOWN = 3
_NAMES = (Kind.PLACE, Kind.ORGANISATION, Kind.PERSON)
_NUMBER = re.compile(f"[{NUMERAL}.．,，]+")


class Variant(NamedTuple):
    """A longer name, and the half-open part of it that is marked alone."""

    name: str
    start: int
    end: int

    @property
    def part(self) -> str:
        """What is marked alone."""
        return self.name[self.start : self.end]

    @property
    def beside(self) -> tuple[str, str]:
        """What the longer name has on either side of it."""
        return self.name[: self.start], self.name[self.end :]


def is_a_part(hit: Hit, texts: Set) -> bool:
    """Whether what is marked in a known longer name is marked as a part of it, and the longer name is meant here."""
    text, shorter = hit.text, hit.inside
    if shorter is None:
        return False
    whole = text.document.text
    if texts.kind(shorter) in DATES and continued(text, shorter, texts, times=True) is not None:
        return False
    if _NO_END.match(whole, hit.end - 1) or another_word(whole, hit.end):
        return False
    # 两 in 两岸 counts something here.
    if _NUMBER.fullmatch(shorter.text):
        return False
    # What is marked nowhere else is a part of something, wherever words end (国民|党员).
    if _is_lone(hit, texts):
        return True
    return _REST_OF_WORD.match(whole, hit.end - 1) is None and not is_cut(whole, hit.start, hit.end)


def another_word(whole: str, end: int) -> bool:
    """Whether the last character is the first of another word (商务部|门); 部长 and 院长 leave the name what it is."""
    return ANOTHER_WORD.match(whole, end - 1) is not None and whole[end] != "长"


def _is_lone(hit: Hit, texts: Set) -> bool:
    """Whether the shorter name is one of the kind of the longer one, and stands only in it."""
    name = hit.text.document.text[hit.start : hit.end]
    shorter = hit.inside
    if shorter is None or len(shorter.text) == 1:
        return False
    kind = texts.kind(shorter)
    return (
        kind in _NAMES
        and texts.kind(usual(texts.by_surface[name])) is kind
        and _stands_only_in(name, shorter.text, texts)
    )


def _stands_only_in(name: str, part: str, texts: Set) -> bool:
    """Whether all marks of the part are in the characters of the name."""
    return all(_stands_in(name, text.document.text, entity.start) for text, entity in texts.by_surface[part])


def _stands_in(name: str, whole: str, at: int) -> bool:
    """Whether the character at a place is one of the name."""
    return whole.find(name, max(0, at - len(name) + 1), at + len(name)) >= 0


def variants(parts: Mapping[Variant, Sequence[Use]], texts: Set) -> Iterator[Finding | Convention]:
    """X604: a finding a name, at the boundary that is the exception; where neither is, it is only said."""
    beside = _Beside(parts, texts)
    undecided: list[Variant] = []
    for variant, marked in parts.items():
        uses = texts.by_surface[variant.name]
        for_whole, for_part = beside.says(variant, len(uses), len(marked))
        if texts.kind(marked[0][1]) in _NAMES and _stands_only_in(variant.name, variant.part, texts):
            # 研究所 is the end of such a name, which the shorter one has lost.
            has_lost = ending(variant.name) is not None and ending(variant.part) is None
            for_whole += 2 * _LONE if has_lost else _LONE
        if for_whole >= _TIMES * for_part:
            yield from _too_short(variant, marked, uses)
        elif for_part >= _TIMES * for_whole and len(marked) > len(uses):
            yield from _too_long(variant, marked, [use for use in uses if not _is_quoted(*use)])
        else:
            undecided.append(variant)
    if undecided:
        called = ", ".join(cut(f"{one.part} in {one.name}") for one in undecided[:_SHOWN])
        more = ", …" if len(undecided) > _SHOWN else ""
        number = counted(len(undecided), "name")
        yield Convention("X604", f"{number} with two boundaries, as often the one as the other ({called}{more})")


def _is_quoted(text: Text, entity: Entity) -> bool:
    """Whether it stands in brackets or quotation marks by itself: what is called so begins and ends there."""
    whole = text.document.text
    return whole[entity.end : entity.end + 1] == PAIRS.get(whole[max(0, entity.start - 1)], " ")


def _too_short(variant: Variant, marked: Sequence[Use], uses: Sequence[Use]) -> Iterator[Finding]:
    """At the parts that are marked alone."""
    often = " elsewhere" if len(uses) == 1 else f" in {counted(len(uses), 'place')}"
    said = f"is marked in {variant.name!r}, which is marked as {usual(uses).type}{often}"
    cause, related = f"boundary {variant.name} {variant.part}", (where_of(uses[0]),)
    for rank, (text, e) in enumerate(marked):
        message = f"{e.type} {e.text!r} {said}"
        yield text.finding("X604", message, e.start, e.end, label=e.type, related=related, cause=cause, rank=rank)


def _too_long(variant: Variant, marked: Sequence[Use], uses: Sequence[Use]) -> Iterator[Finding]:
    """At the longer names, which have the words that should be outside in common with other names."""
    said = f"is marked here; in {counted(len(marked), 'place')} {variant.part!r} alone is marked in it"
    cause, related = f"boundary {variant.beside}", (where_of(marked[0]),)
    for rank, (text, e) in enumerate(uses):
        message = f"{e.type} {e.text!r} {said}"
        yield text.finding("X604", message, e.start, e.end, label=e.type, related=related, cause=cause, rank=rank)


class _Beside:
    """How the set marks names with certain words beside them: as a part of the name, or outside of it."""

    def __init__(self, parts: Mapping[Variant, Sequence[Use]], texts: Set):
        self._inside: Counter[tuple[int, str]] = Counter()
        self._outside: Counter[tuple[int, str]] = Counter()
        wanted: dict[tuple[int, int], set[str]] = {}
        for variant in parts:
            for side, words in enumerate(variant.beside):
                if 0 < len(words) <= _LONGEST:
                    wanted.setdefault((side, len(words)), set()).add(words)
        for text, entity in texts.entities() if wanted else ():
            whole, surface, start, end = text.document.text, entity.text, entity.start, entity.end
            for (side, size), known in wanted.items():
                out = whole[end : end + size] if side else whole[max(0, start - size) : start]
                if out in known:
                    self._outside[side, out] += 1
                own = surface[-size:] if side else surface[:size]
                if own in known and (surface[:-size] if side else surface[size:]) in texts.by_surface:
                    self._inside[side, own] += 1

    def says(self, variant: Variant, whole: int, part: int) -> tuple[float, float]:
        """What speaks for the longer boundary and for the shorter one: these marks, and what other names do."""
        for_whole, for_part, is_known = float(whole), float(part), _is_known(variant.name)
        for side, words in enumerate(variant.beside):
            if words:
                inside = max(0, self._inside[side, words] - whole)
                outside = max(0, self._outside[side, words] - part)
                is_known = is_known and inside >= outside
                if min(inside, outside) <= _FEW * (inside + outside) and inside + outside >= _ENOUGH:
                    for_whole += _WORTH * inside / (inside + outside)
                    for_part += _WORTH * outside / (inside + outside)
        # That the language has the longer name says something where the set does not mark it otherwise.
        return for_whole + (_LONE if is_known else 0), for_part


def _is_known(name: str) -> bool:
    return name in areas().codes or kind_of(name) in NAMES
