"""Level 4: the same name in several places, the same text twice."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from tyez_bench.checks.rule import Check, Finding, Where
from tyez_bench.checks.texts import Set, Text
from tyez_bench.model.documents import Entity
from tyez_bench.model.values import Money, Timex

Use = tuple[Text, Entity]
_ATTRIBUTES = {name: attrgetter(name) for name in ("status", "rule", "code")}
_SQUEEZE = re.compile(r"\W+")
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
    """X605: one text annotated in two ways."""
    first: dict[str, Text] = {}
    of_a_day: dict[tuple[str, str | None], Text] = {}
    for text in texts.texts:
        whole = text.document.text
        date = text.document.date
        twin = first.setdefault(whole, text)
        same_day = of_a_day.setdefault((whole, None if date is None else date.reference), text)
        if twin is not text and _decided(twin) != _decided(text):
            yield _otherwise(text, twin, "entities")
        elif same_day is not text and _dates(same_day) != _dates(text):
            yield _otherwise(text, same_day, "values of dates")


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
        form = surface
        if _ONE_FORM.fullmatch(surface) is None:
            form = _SQUEEZE.sub("", unicodedata.normalize("NFKC", surface)).casefold() or surface
        groups.setdefault(form, {})[surface] = uses
    for forms in groups.values():
        if len(forms) < 2:
            continue
        types = {surface: {entity.type for _, entity in uses} for surface, uses in forms.items()}
        if len({frozenset(found) for found in types.values()}) > 1:
            yield from _odd([(use, use[1].type) for uses in forms.values() for use in uses], "X607", "has the type")


CHECKS = (
    Check(("X605",), same_text),
    Check(("X607",), variants),
    Check(("X608",), attributes),
    Check(("X609",), nested_differently),
)
