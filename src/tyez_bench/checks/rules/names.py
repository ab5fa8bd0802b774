"""Level 3: what the words of a name say about its edges, and what the code of an area says."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from tyez_bench.checks.rule import Check, Convention, Finding
from tyez_bench.checks.texts import PLACES_AND_ORGANISATIONS, Set, Text
from tyez_bench.files.toml import any_of, word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.zh.areas import EDITION, areas

_WORDS = word_lists("tyez_bench.checks", "names")
_SHORT_ORGANISATIONS = _WORDS.by_key("organisations-unless-behind")
_SHORT_AREAS = _WORDS.by_key("areas-unless-behind")
# A class of one character needs two in front of it, and not those with which it is another word (西部, 省会, 超市).
ORGANISATION = re.compile(
    f"({_WORDS.any('organisations')}|{_WORDS.behind('organisations-behind')}"
    f"|(?<=..){any_of(_SHORT_ORGANISATIONS, unless_behind=_SHORT_ORGANISATIONS)})$"
)
AREA = re.compile(
    f"({_WORDS.any('areas')}|{any_of(_SHORT_AREAS, unless_behind=_SHORT_AREAS)}|(?<=..){_WORDS.any('waters')})$"
)
_POINTING = re.compile(
    f"{_WORDS.any('pointing')}{_WORDS.any('pointed-to')}|{_WORDS.any('relating')}{_WORDS.any('related')}"
)
_POINTERS = frozenset(word[0] for word in (*_WORDS.words("pointing"), *_WORDS.words("relating")))
_GENERIC = frozenset(_WORDS.words("generic"))
_NEVER_FIRST = re.compile(_WORDS.any("never-first"))
_NO_PLACE_FIRST = re.compile(_WORDS.any("no-place-first"))
_BEFORE = re.compile(_WORDS.any("before-names"))
_NO_FUNCTION_WORD = re.compile(word_lists("tyez_bench.checks", "places").any("no-function-words"))
_NEVER_LAST = re.compile(f"{_WORDS.any('never-last')}$")
_AFTER = re.compile(f"{_WORDS.any('behind-names')}$")
_FIRST = frozenset(word[0] for name in ("never-first", "no-place-first", "before-names") for word in _WORDS.words(name))
_LAST = frozenset(word[-1] for name in ("never-last", "behind-names") for word in _WORDS.words(name))
AREA_CLASS = re.compile(word_lists("tyez_bench.checks", "areas").any("classes"))
ANOTHER_WORD = re.compile(_WORDS.followed("another-word"))
# By the last character that is left of it: how many characters are left, and the word.
_CUT: dict[str, list[tuple[int, str]]] = {}
for _word in _WORDS.words("kinds"):
    for _size in range(1, len(_word)):
        _CUT.setdefault(_word[_size - 1], []).append((_size, _word))
# How far before a district its city is looked for, with the province in front of it.
_LONGEST_CITY = 10
# A noun that is marked so many times, and half as often as not, is marked on purpose.
_WAY, _SHARE = 3, 0.5


def area_meant(entity: Entity) -> str | None:
    """The full name of the area that an entity names; None when its words may be another name as well."""
    known = areas()
    codes = known.codes.get(entity.text)
    if codes is None or len(entity.text) == 1:
        return None
    for code in codes:
        # The short names of counties are those of firms, too (长安, 泰和); a code says that an area is meant.
        if entity.code or code.endswith("00") or known.names[code] == entity.text:
            return known.names[code]
    return None


def is_generic(surface: str) -> bool:
    """Whether a surface points or describes (该区, 企业)."""
    return surface in _GENERIC or (surface[0] in _POINTERS and _POINTING.fullmatch(surface) is not None)


def no_name(texts: Set) -> Iterator[Finding | Convention]:
    """L305: a noun that is a name by mistake; where a set marks most uses of it, that is its way."""
    found: dict[str, list[tuple[Text, Entity]]] = {}
    for text, entity in texts.entities():
        is_name = texts.kind(entity) in PLACES_AND_ORGANISATIONS
        if is_name and is_generic(entity.text) and not _behind_its_city(text, entity):
            found.setdefault(entity.text, []).append((text, entity))
    unmarked = _unmarked(texts, [surface for surface, uses in found.items() if len(uses) >= _WAY])
    for surface, uses in found.items():
        if len(uses) >= _WAY and len(uses) >= _SHARE * unmarked[surface]:
            yield Convention("L305", f"{surface} is marked in {len(uses)} places, and not in {unmarked[surface]}")
            continue
        for text, entity in uses:
            yield text.of("L305", entity, f"{entity.type} {surface!r} is a deictic or generic noun, not a name")


def _unmarked(texts: Set, surfaces: Sequence[str]) -> Counter[str]:
    """In how many places each of the surfaces stands in no entity."""
    counts: Counter[str] = Counter()
    if surfaces:
        pattern = re.compile(any_of(surfaces))
        for text in texts.texts:
            for match in pattern.finditer(text.document.text):
                start, end = match.span()
                counts[match[0]] += not any(
                    entity.start < end and start < entity.end for entity in text.near(start, end)
                )
    return counts


def _behind_its_city(text: Text, entity: Entity) -> bool:
    """Whether it is the name of a district that is read as a noun without its city (城区 in 晋城市城区)."""
    words = text.document.text
    return any(
        areas().fits(code, words[start : entity.end])
        for code in areas().codes.get(entity.text, ())
        for start in range(max(entity.start - _LONGEST_CITY, 0), entity.start)
    )


def function_word_at_an_edge(texts: Set) -> Iterator[Finding]:
    """L306."""
    for text, entity in texts.whose(_may_have_an_edge_word, *PLACES_AND_ORGANISATIONS):
        reason = edge_word(entity, texts)
        if reason is not None:
            yield text.of("L306", entity, f"{entity.type} {entity.text!r} {reason}")


def _may_have_an_edge_word(surface: str) -> bool:
    return (surface[0] in _FIRST or surface[-1] in _LAST) and len(surface) > 2


def edge_word(entity: Entity, texts: Set) -> str | None:
    """What function word a place or an organisation begins or ends with; None for a name."""
    surface = entity.text
    if not _may_have_an_edge_word(surface):
        return None
    kind = texts.kind(entity)
    if kind not in PLACES_AND_ORGANISATIONS:
        return None
    first = None if _NO_FUNCTION_WORD.match(surface) else _NEVER_FIRST.match(surface)
    first = first or (_NO_PLACE_FIRST.match(surface) if kind is Kind.PLACE else None)
    if first is None:
        first = _BEFORE.match(surface)
        if first is not None and not _begins_with_a_name(surface[1:], texts):
            first = None
    if first is not None and surface not in areas().codes and len(texts.by_surface[surface]) <= 2:
        return f"begins with the word {first[0]!r}"
    last = _NEVER_LAST.search(surface)
    if last is None:
        last = _AFTER.search(surface)
        if last is not None and not _is_a_name(surface[:-1], texts):
            last = None
    if last is not None and surface not in areas().codes and len(texts.by_surface[surface]) <= 2:
        return f"ends with the word {last[0]!r}"
    return None


def _begins_with_a_name(rest: str, texts: Set) -> bool:
    """Whether what remains without the word begins with an area, or a place of the set, or is a name of the set."""
    if rest in texts.by_surface:
        return True
    known = areas()
    for size in range(2, len(rest) + 1):
        name = rest[:size]
        # The short names of counties are parts of other words as well (于|维西车站).
        if texts.is_place(name) or any(c.endswith("00") or known.names[c] == name for c in known.codes.get(name, ())):
            return True
    return False


def _is_a_name(rest: str, texts: Set) -> bool:
    """Whether what remains without the word is a name, or ends like one."""
    if rest in texts.by_surface or rest in areas().codes:
        return True
    return any(kind is not None and len(rest) > len(kind[0]) for kind in (ORGANISATION.search(rest), AREA.search(rest)))


def word_cut_in_two(texts: Set) -> Iterator[Finding]:
    """L309."""
    for text, entity in texts.whose(lambda surface: surface[-1] in _CUT, *PLACES_AND_ORGANISATIONS):
        cut = _cut_kind(text.document.text, entity)
        if cut is not None:
            yield text.of("L309", entity, f"{entity.type} {entity.text!r} ends inside the word {cut!r}")


def _cut_kind(whole: str, entity: Entity) -> str | None:
    for size, word in _CUT.get(entity.text[-1], ()):
        start = entity.end - size
        if (
            start > entity.start
            and whole.startswith(word, start)
            and not ANOTHER_WORD.match(whole, start + len(word) - 1)
        ):
            return word
    return None


def not_what_the_rule_says(texts: Set) -> Iterator[Finding]:
    """L308."""
    wanted = sorted(texts.options.types_of_rules.items(), key=lambda item: -len(item[0]))
    if not wanted or not any(entity.rule for _, entity in texts.with_more()):
        return
    for text, entity in texts.entities():
        if entity.rule is None:
            yield text.of("L308", entity, f"{entity.type} {entity.text!r} cites no rule of the guidelines")
            continue
        expected = next((what for name, what in wanted if entity.rule.startswith(name)), None)
        if expected is None:
            reason = f"cites the rule {entity.rule}, which does not apply to entities"
        else:
            label, optional = expected.rstrip("?!"), expected[-1]
            if entity.type == label and (
                optional not in "?!" or (optional == "?") == (not entity.required) or entity.parent is not None
            ):
                continue
            status = {"?": "optional ", "!": "required "}.get(optional, "")
            reason = f"cites the rule {entity.rule}, which requires {status}{label}, but is {entity.status}"
        yield text.of("L308", entity, f"{entity.type} {entity.text!r} {reason}")


def code_of_another_area(texts: Set) -> Iterator[Finding]:
    """P301 and P302. Codes of another edition than the table's are not looked at."""
    known = areas()
    for text, entity in texts.with_more():
        if entity.code is None or text.document.code_edition not in (None, EDITION):
            continue
        if entity.code not in known.names:
            yield text.of("P302", entity, f"{entity.text!r} has the code {entity.code}, which is not in {EDITION}")
        elif not known.fits(entity.code, entity.text):
            name = known.names[entity.code]
            expected = ", ".join(_codes_of(entity.text)) or "none"
            yield text.of(
                "P301",
                entity,
                f"{entity.text!r} has the code {entity.code}, which belongs to {name}; "
                f"codes of {entity.text!r}: {expected}",
            )


def _codes_of(surface: str) -> list[str]:
    """The codes of the areas that have a name: in full, short, abbreviated, or behind the names of areas around it."""
    known = areas()
    if len(surface) == 1:
        return [code for code in known.names if surface in known.called(code)]
    ends = (surface[start:] for start in range(len(surface) - 1))
    return [code for end in ends for code in known.codes.get(end, ()) if known.fits(code, surface)]


def code_outside_of_the_area_around(texts: Set) -> Iterator[Finding]:
    """P305: an area of a place that has a code itself is around it, the same, or in it."""
    for text in texts.not_plain:
        by_id = {entity.id: entity for entity in text.document.entities}
        for entity in text.document.entities:
            outer = by_id.get(entity.parent or "")
            if outer is None or entity.code is None or outer.code is None:
                continue
            inner, around = (_digits(code) for code in (entity.code, outer.code))
            if not (inner.startswith(around) or around.startswith(inner)):
                message = f"{entity.text!r} has the code {entity.code}, and {outer.text!r} around it {outer.code}"
                where = (text.where(outer.start, outer.end, outer.type),)
                yield text.of("P305", entity, f"{message}: neither area lies in the other", where)


def _digits(code: str) -> str:
    """The digits of a code that say which province, city and district it is of."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def code_missing(texts: Set) -> Iterator[Finding]:
    """P303."""
    if not any(entity.code for _, entity in texts.with_more()):
        return
    known = areas().codes
    for text, entity in texts.entities():
        if (
            texts.kind(entity) is not Kind.PLACE
            or entity.code is not None
            or text.document.code_edition not in (None, EDITION)
        ):
            continue
        codes = known.get(entity.text, ())
        if len(codes) == 1 and AREA_CLASS.match(entity.text[-1]):
            yield text.of("P303", entity, f"{entity.text!r} has no code, but others do; {EDITION} has {codes[0]}")


CHECKS = (
    Check(("L305",), no_name),
    Check(("L306",), function_word_at_an_edge),
    Check(("L308",), not_what_the_rule_says),
    Check(("L309",), word_cut_in_two),
    Check(("P301", "P302"), code_of_another_area),
    Check(("P303",), code_missing),
    Check(("P305",), code_outside_of_the_area_around),
)
