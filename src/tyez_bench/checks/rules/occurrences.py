"""Level 4: the same name in several places, the same text twice."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from tyez_bench.checks.rule import Check, Finding, Where
from tyez_bench.checks.texts import PLACES_AND_ORGANISATIONS, Set, Text
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import counted
from tyez_bench.model.labels import Kind
from tyez_bench.model.values import Money, Timex

Use = tuple[Text, Entity]
_NAMES = (Kind.PERSON, *PLACES_AND_ORGANISATIONS)
# What of an entity is compared in copies of a text.
Decided = Callable[[Entity], tuple[Any, ...]]
_ATTRIBUTES = {name: attrgetter(name) for name in ("status", "rule", "code")}
_SQUEEZE = re.compile(r"\W+")
_LETTER = re.compile(r"[^\W\d_]")
# Most names are such: there is nothing to squeeze.
_ONE_FORM = re.compile("[\u4e00-\u9fff]+")


def attributes(texts: Set) -> Iterator[Finding]:
    """X608: one surface and type, different status, rule or code."""
    for uses in texts.by_surface.values():
        if len(uses) == 1:
            continue
        by_type: dict[str, list[Use]] = {}
        for use in uses:
            by_type.setdefault(use[1].type, []).append(use)
        for same in by_type.values():
            for name, of in _ATTRIBUTES.items():
                if len({of(entity) for _, entity in same}) > 1:
                    yield from _odd([(use, of(use[1])) for use in same], "X608", f"has the {name}")


def _odd(uses: Sequence[tuple[Use, object]], code: str, verb: str) -> Iterator[Finding]:
    """The uses whose property is not the most frequent one; of equally frequent ones the first is taken as right."""
    counts = Counter(has for _, has in uses)
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    where = (where_of(next(use for use, has in uses if has == usual)),)
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


def where_of(use: Use) -> Where:
    """The place of a use, for a finding to name."""
    text, entity = use
    return text.where(entity.start, entity.end, entity.type)


def same_text(texts: Set) -> Iterator[Finding]:
    """X605: one text annotated in two ways, at what departs from most copies of it, or from the rest of the set.

    Texts that follow one another, and are copies of texts that do so as well, were annotated twice: that is one cause.
    """
    copies: dict[str, list[int]] = {}
    for at, text in enumerate(texts.texts):
        copies.setdefault(text.document.text, []).append(at)
    for places in copies.values():
        if len(places) > 1:
            found = [*_of_copies(places, _decided, texts)]
            for of_a_day in _by_day(places, texts):
                found += _of_copies(of_a_day, _with_dates, texts)
            # Several copies may say the same of one.
            yield from {(one.path, one.line, one.document, one.start, one.end): one for one in reversed(found)}.values()


def _by_day(places: Sequence[int], texts: Set) -> Iterable[Sequence[int]]:
    """The copies of each day that have the same but for the values of dates."""
    found: dict[object, list[int]] = {}
    for at in places:
        document = texts.texts[at].document
        date = None if document.date is None else document.date.reference
        found.setdefault((date, tuple(_entities(texts.texts[at], _decided))), []).append(at)
    return found.values()


def _of_copies(places: Sequence[int], decided: Decided, texts: Set) -> Iterator[Finding]:
    """What differs in copies from what most of them have; of two, the rest of the set says which is the odd one."""
    found = [tuple(_entities(texts.texts[at], decided)) for at in places]
    counts = Counter(found)
    usual = max(counts, key=lambda one: (counts[one], len(one)))
    other = places[found.index(usual)]
    for at, own in zip(places, found, strict=True):
        if own != usual:
            sure = 2 * counts[usual] > len(found)
            finding = _difference(texts.texts[at], texts.texts[other], decided, texts, sure=sure)
            yield replace(finding, cause=f"copy {abs(at - other)}")


def _entities(text: Text, decided: Decided) -> dict[tuple[Any, ...], Entity]:
    return {(entity.start, entity.end, *decided(entity)): entity for entity in text.document.entities}


def _difference(text: Text, usual: Text, decided: Decided, texts: Set, *, sure: bool) -> Finding:
    """The first entity of two copies of a text that one of them has not, or has otherwise, at the odd one.

    ``sure``: that is the first, whatever the set says.
    """
    here, there = (_entities(one, decided) for one in (text, usual))
    differing = [
        *((text, usual, entity) for key, entity in here.items() if key not in there),
        *((usual, text, entity) for key, entity in there.items() if key not in here),
    ]
    of, other, entity = min(differing, key=lambda one: (one[2].start, one[2].end, one[0] is usual))
    against = next((one for one in other.near(entity.start, entity.end) if _overlap(one, entity)), None)
    if against is None:
        # Names are left out rather than marked where there are none.
        is_odd = sure and of is text and texts.kind(entity) not in _NAMES
        return _otherwise(of, entity, other, None) if is_odd else _left_out(other, of, entity)
    if of is text if sure else _is_odd(entity, against, texts):
        return _otherwise(of, entity, other, against)
    return _otherwise(other, against, of, entity)


def _overlap(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _is_odd(entity: Entity, against: Entity, texts: Set) -> bool:
    """Whether an entity is the rarer one of two for the same words: by its type, else by its surface."""
    counts = [
        sum(use.type == one.type for _, use in texts.by_surface[one.text]) if one.text == entity.text else 0
        for one in (entity, against)
    ]
    if entity.text != against.text:
        counts = [len(texts.by_surface[one.text]) for one in (entity, against)]
    return counts[0] <= counts[1]


def _left_out(text: Text, other: Text, entity: Entity) -> Finding:
    where = (other.where(entity.start, entity.end, entity.type),)
    message = f"{entity.text!r} is not marked; in the same text, {_place(other)}, it is {entity.type}"
    return text.finding("X605", message, entity.start, entity.end, related=where)


def _otherwise(text: Text, entity: Entity, other: Text, against: Entity | None) -> Finding:
    if against is None:
        where, how = other.where(entity.start, entity.end), "is not marked"
    else:
        where = other.where(against.start, against.end, against.type)
        same = (entity.text, entity.type) == (against.text, against.type)
        how = f"has another {_attribute(entity, against)}" if same else f"is {against.type} {against.text!r}"
    message = f"{entity.type} {entity.text!r} {how} in the same text, {_place(other)}"
    return text.of("X605", entity, message, (where,))


def _place(text: Text) -> str:
    return text.place or repr(text.document.id)


def _attribute(entity: Entity, against: Entity) -> str:
    """What two entities with one boundary and type differ in."""
    return next((name for name, of in _ATTRIBUTES.items() if of(entity) != of(against)), "value")


def _decided(entity: Entity) -> tuple[Any, ...]:
    """All but the value of a date, which hangs on the day of the document."""
    value = entity.value if isinstance(entity.value, Money) else None
    return entity.type, entity.status, entity.code, value


def _with_dates(entity: Entity) -> tuple[Any, ...]:
    """The values of dates, too."""
    return *_decided(entity), entity.value if isinstance(entity.value, Timex) else None


def variants(texts: Set) -> Iterator[Finding]:
    """X607: forms of one name (width, case, white space) with different types; a finding a name."""
    groups: dict[str, dict[str, list[Use]]] = {}
    for surface, uses in texts.by_surface.items():
        form = surface
        if _ONE_FORM.fullmatch(surface) is None:
            form = _SQUEEZE.sub("", unicodedata.normalize("NFKC", surface)).casefold() or surface
        groups.setdefault(form, {})[surface] = uses
    for form, forms in groups.items():
        # Signs are what tells numbers apart: 15 and 15%, 32.3 and 323.
        if len(forms) < 2 or _LETTER.search(form) is None:
            continue
        types = Counter(entity.type for uses in forms.values() for _, entity in uses)
        (usual, most), *others = types.most_common()
        # Of several that have a type each nobody knows which is right; of one form X601 speaks.
        if most <= types.total() / 2 or not others:
            continue
        where = next(where_of(use) for uses in forms.values() for use in uses if use[1].type == usual)
        odd = [use for uses in forms.values() if all(e.type != usual for _, e in uses) for use in uses]
        for rank, (text, e) in enumerate(odd):
            message = f"{e.text!r} has the type {e.type} here, but {usual} in {counted(most, 'place')} in another form"
            yield text.finding(
                "X607", message, e.start, e.end, label=e.type, related=(where,), cause=f"form {form}", rank=rank
            )


CHECKS = (
    Check(("X605",), same_text),
    Check(("X607",), variants),
    Check(("X608",), attributes),
    Check(("X609",), nested_differently),
)
