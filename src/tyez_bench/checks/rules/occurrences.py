"""Level 4: the same name in several places, the same text twice."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from tyez_bench.checks.rule import Check, Finding, Where
from tyez_bench.checks.rules.dates import continued
from tyez_bench.checks.rules.names import ANOTHER_WORD
from tyez_bench.checks.rules.unmarked import Hit, hits, unmarked_companies, usual
from tyez_bench.checks.texts import DATES, VALUES, Set, Text, TextKey
from tyez_bench.files.toml import word_lists
from tyez_bench.model.documents import Entity
from tyez_bench.model.labels import Kind
from tyez_bench.model.values import Money, Timex
from tyez_bench.zh.find import find_dates, find_money
from tyez_bench.zh.numerals import NUMERAL

Use = tuple[Text, Entity]
_ATTRIBUTES = ("status", "rule", "code")
# A stem before one of these is the administrative name without its class, not a name inside a name.
_CLASSES = word_lists("tyez_bench.checks", "areas").characters("classes-of-stems")
_NUMBER_BEFORE = re.compile(f"[{NUMERAL}][.．,，]?$")
_SQUEEZE = re.compile(r"\W+")


def attributes(texts: Set) -> Iterator[Finding]:
    """X608: one surface and type, different status, rule or code."""
    for uses in texts.by_surface.values():
        if len(uses) == 1:
            continue
        by_type: dict[str, list[Use]] = {}
        for use in uses:
            by_type.setdefault(use[1].type, []).append(use)
        for same in by_type.values():
            for name in _ATTRIBUTES:
                yield from _odd([(use, getattr(use[1], name)) for use in same], "X608", f"has the {name}")


def _odd(uses: Sequence[tuple[Use, object]], code: str, verb: str) -> Iterator[Finding]:
    """The uses whose property is not the most frequent one; of equally frequent ones the first is taken as right."""
    counts = Counter(has for _, has in uses)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    where = (_where(next(use for use, has in uses if has == usual)),)
    for (text, entity), has in uses:
        if has != usual:
            given, expected = _words(has), _words(usual)
            message = f"{entity.text!r} {verb} {given} here, but {expected} in {counts[usual]} other places"
            yield text.of(code, entity, message, where)


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nothing"
    return "none" if value is None else str(value)


def nested_differently(texts: Set) -> Iterator[Finding]:
    """X609: one surface and type with other names inside."""
    if not texts.nests:
        return
    found: dict[tuple[str, str], list[tuple[Use, object]]] = {}
    for text in texts.texts:
        for number, entity in enumerate(text.document.entities):
            if len(texts.by_surface[entity.text]) > 1:
                inner = tuple(f"{e.type} {e.text}" for e in _inside(text, number))
                found.setdefault((entity.text, entity.type), []).append(((text, entity), inner))
    for uses in found.values():
        yield from _odd(uses, "X609", "holds")


def _inside(text: Text, number: int) -> Iterator[Entity]:
    """The entities in the one with this number."""
    entities = text.document.entities
    for at in range(number + 1, len(entities)):
        if entities[at].start >= entities[number].end:
            return
        yield entities[at]


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


def repeats(texts: Set) -> Iterator[Finding]:
    """X602, X603, X604: known names that are not marked where they stand again, or marked with another boundary."""
    patterns = _patterns(texts)
    usual_types: dict[str, str] = {}
    first_uses: dict[str, dict[TextKey, Use]] = {}
    companies: dict[TextKey, list[tuple[int, str, int]]] = {}
    for hit in hits(texts):
        text, start, end = hit.text, hit.start, hit.end
        surface = text.document.text[start:end]
        uses = texts.by_surface[surface]
        if surface not in usual_types:
            usual_types[surface] = usual(uses).type
            first_uses[surface] = {use[0].key: use for use in reversed(uses)}
        label, firsts = usual_types[surface], first_uses[surface]
        if text.key not in companies:
            companies[text.key] = list(unmarked_companies(text))
        if hit.crossing is not None:
            if _starts_inside(hit, surface, texts):
                crossing = f"{hit.crossing.type} {hit.crossing.text!r}"
                message = f"{crossing} begins inside {surface!r}, which is marked as {label}"
                yield text.of("X604", hit.crossing, message, (_where(uses[0]),))
            continue
        if _is_left_to_patterns(hit, label, texts) or _in_a_company(hit, companies[text.key]):
            continue
        if hit.inside is not None and hit.around is None:
            shorter = hit.inside
            if texts.kind(shorter) in DATES and continued(text, shorter, texts, times=True) is not None:
                continue
            message = f"{shorter.type} {shorter.text!r} is marked in {surface!r}, which is marked as {label} elsewhere"
            yield text.of("X604", shorter, message, (_where(uses[0]),))
            continue
        if hit.around is not None and _stem(hit, surface):
            continue
        if _no_name(text, start, end, patterns.get(surface)) or _another_word(text.document.text, end):
            continue
        here = firsts.get(text.key)
        code, place = ("X602", "in this text") if here else ("X603", "in another text")
        inside = f" inside {hit.around.type} {hit.around.text!r}" if hit.around is not None else ""
        message = f"{surface!r} is not marked{inside}; {place} it is marked as {label}"
        yield text.finding(code, message, start, end, label=label, related=(_where(here or uses[0]),))


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


def _another_word(whole: str, end: int) -> bool:
    """Whether the last character is the first of another word (商务部|门); 部长 and 院长 leave the name what it is."""
    return ANOTHER_WORD.match(whole, end - 1) is not None and whole[end] != "长"


def _in_a_company(hit: Hit, companies: list[tuple[int, str, int]]) -> bool:
    """Whether it stands in the full name of a firm that is not marked: L307 says so. ``companies`` are in order."""
    following = bisect_left(companies, hit.end, key=itemgetter(2))
    return following < len(companies) and companies[following][0] <= hit.start


def _where(use: Use) -> Where:
    text, entity = use
    return text.where(entity.start, entity.end, entity.type)


def _stem(hit: Hit, surface: str) -> bool:
    """Whether it is the bare stem of the administrative name around it."""
    around = hit.around
    return around is not None and around.end == hit.end + 1 and around.text[-1] in _CLASSES and len(surface) > 1


def _patterns(texts: Set) -> Mapping[str, re.Pattern[str]]:
    """For each surface, the patterns of the options in which it is no name."""
    if not texts.options.not_names:
        return {}
    # All but {} stands for itself: brackets are frequent in such patterns.
    parts = [[re.escape(part) for part in pattern.split("{}")] for pattern in texts.options.not_names]
    return {
        surface: re.compile("|".join(re.escape(surface).join(around) for around in parts))
        for surface in texts.by_surface
    }


def _no_name(text: Text, start: int, end: int, pattern: re.Pattern[str] | None) -> bool:
    if pattern is None:
        return False
    around = max(0, start - 10)
    return any(
        match.start() <= start and end <= match.end()
        for match in pattern.finditer(text.document.text, around, min(len(text.document.text), end + 10))
    )


def same_text(texts: Set) -> Iterator[Finding]:
    """X605 and X606: one text annotated in two ways; one text in two files."""
    first: dict[str, Text] = {}
    of_a_day: dict[tuple[str, str | None], Text] = {}
    squeezed: dict[str, Text] = {}
    for text in texts.texts:
        whole = text.document.text
        date = text.document.date
        twin = first.setdefault(whole, text)
        same_day = of_a_day.setdefault((whole, None if date is None else date.reference), text)
        if twin is not text and _decided(twin) != _decided(text):
            yield _otherwise(text, twin, "entities")
        elif same_day is not text and _dates(same_day) != _dates(text):
            yield _otherwise(text, same_day, "values of dates")
        near = squeezed.setdefault(_SQUEEZE.sub("", unicodedata.normalize("NFKC", whole)).casefold(), text)
        # The files of a brat directory are one set: a text that it has twice is no leak.
        if near.set != text.set:
            same = "the same text" if near.document.text == whole else "nearly the same text"
            where = (Where(near.path, near.line, near.document.id, 0, 0, ""),)
            called = near.place or f"{near.path}, as {near.document.id!r}"
            yield text.finding("X606", f"{same} is in {called}", surface="", related=where)


def _otherwise(text: Text, twin: Text, what: str) -> Finding:
    where = (Where(twin.path, twin.line, twin.document.id, 0, 0, ""),)
    called = twin.place or repr(twin.document.id)
    return text.finding("X605", f"has the same text as {called}, but other {what}", surface="", related=where)


def _decided(text: Text) -> list[tuple[Any, ...]]:
    """All but the values of dates, which hang on the day of the document."""
    return [
        (e.start, e.end, e.type, e.status, e.code, e.value if isinstance(e.value, Money) else None)
        for e in text.document.entities
    ]


def _dates(text: Text) -> list[Timex | None]:
    return [e.value if isinstance(e.value, Timex) else None for e in text.document.entities]


def variants(texts: Set) -> Iterator[Finding]:
    """X607: forms of one name (width, case, white space) with different types."""
    groups: dict[str, dict[str, list[Use]]] = {}
    for surface, uses in texts.by_surface.items():
        form = _SQUEEZE.sub("", unicodedata.normalize("NFKC", surface)).casefold() or surface
        groups.setdefault(form, {})[surface] = uses
    for forms in groups.values():
        if len(forms) < 2:
            continue
        types = {surface: {entity.type for _, entity in uses} for surface, uses in forms.items()}
        if len({frozenset(found) for found in types.values()}) > 1:
            yield from _odd([(use, use[1].type) for uses in forms.values() for use in uses], "X607", "has the type")


CHECKS = (
    Check(("X602", "X603", "X604"), repeats),
    Check(("X605", "X606"), same_text),
    Check(("X607",), variants),
    Check(("X608",), attributes),
    Check(("X609",), nested_differently),
)
