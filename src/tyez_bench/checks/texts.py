"""What is checked: the texts of a gold set with the place of each in its file."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from itertools import accumulate
from typing import TypedDict, Unpack

from msgspec import Struct, field

from tyez_bench.checks.rule import CONTEXT, Finding, Where
from tyez_bench.gold.derived import is_made_up
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import excerpt
from tyez_bench.model.labels import Kind, LabelSet

# What has a value, and no name: names don't stand in it, and patterns find it.
VALUES = (Kind.MONEY, Kind.DATE, Kind.TIME)
DATES = (Kind.DATE, Kind.TIME)
PLACES_AND_ORGANISATIONS = (Kind.PLACE, Kind.ORGANISATION)


# Path, line and id of a document: an id alone may be that of several.
TextKey = tuple[str, int | None, str]


class Details(TypedDict, total=False):
    """What else a finding may say: the label, what it is about where that is no span, and other places."""

    label: str | None
    surface: str | None
    related: tuple[Where, ...]
    cause: str
    rank: int


# Characters of ordinary texts, none of which goes together with another one, is invisible, or has two widths.
_USUAL = re.compile(
    "[\t\n -~\u00b7\u2014\u2018-\u201d\u2026\u3000-\u3029\u4e00-\u9fff\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]*+"
)
# From so many entities on it is worth while to know where those around a span begin.
_MANY = 16


class Text(Struct, frozen=True, dict=True):
    """A document, and where it stands.

    ``set``: the file or directory of the gold set that it is from, which has several paths where it is a directory.
    ``aside``: the spans whose labels are out of scope: no entities here, but not unmarked either. ``unsaid``: nobody
    said what its offsets count, and somebody may. ``plain``: its entities are known to stand one behind the other, and
    to have nothing but a place and a type.
    """

    path: str
    line: int | None
    document: Document
    set: str = ""
    aside: tuple[tuple[int, int], ...] = ()
    unsaid: bool = False
    plain: bool = False

    def finding(
        self, code: str, message: str, start: int | None = None, end: int | None = None, **details: Unpack[Details]
    ) -> Finding:
        """A finding about a span of the text, or about the document."""
        id_, text = self.document.id, self.document.text
        return span_finding(
            code, message, path=self.path, line=self.line, document=id_, text=text, start=start, end=end, **details
        )

    def of(self, code: str, entity: Entity, message: str, related: tuple[Where, ...] = ()) -> Finding:
        """A finding about an entity."""
        return self.finding(code, message, entity.start, entity.end, label=entity.type, related=related)

    @property
    def key(self) -> TextKey:
        """What tells it from the other texts of a set."""
        return self.path, self.line, self.document.id

    @cached_property
    def _reach(self) -> list[int]:
        """The furthest end of the entities so far, for each."""
        return list(accumulate((entity.end for entity in self.document.entities), max))

    def near(self, start: int, end: int) -> Iterator[Entity]:
        """The entities that share a character with a span or stand right beside it, without a look at all others."""
        entities = self.document.entities
        first = bisect_left(self._reach, start) if len(entities) > _MANY else 0
        for at in range(first, len(entities)):
            entity = entities[at]
            if entity.start > end:
                return
            if entity.end >= start:
                yield entity

    def marked_as(self, start: int, end: int) -> str:
        """As what a span itself is marked, in words."""
        found = [entity.type for entity in self.near(start, end) if (entity.start, entity.end) == (start, end)]
        return f"marked as {found[0]}" if found else "not marked"

    @property
    def place(self) -> str | None:
        """File and line of a text whose id was made up, for messages to name; None where its id says which it is."""
        made_up = self.line is not None and is_made_up(self.document.id, self.document.text)
        return f"{self.path}:{self.line}" if made_up else None

    def where(self, start: int, end: int, label: str | None = None) -> Where:
        """A place in the text, for another finding to name."""
        surface = excerpt(self.document.text[start:end])
        return Where(self.path, self.line, self.document.id, start, end, surface, label)


def inside(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of a span that lies in the text; empty where it is reversed or wholly outside."""
    first = min(max(start, 0), len(text))
    return first, min(max(end, first), len(text))


def span_finding(
    code: str,
    message: str,
    *,
    path: str,
    line: int | None,
    document: str | None,
    text: str = "",
    start: int | None = None,
    end: int | None = None,
    label: str | None = None,
    surface: str | None = None,
    related: tuple[Where, ...] = (),
    cause: str = "",
    rank: int = 0,
) -> Finding:
    """A finding with its surface and the characters around it: what there is of them, where the offsets lie outside."""
    before = after = found = ""
    if start is not None and end is not None:
        first, last = inside(text, start, end)
        found = text[first:last]
        before, after = text[max(0, first - CONTEXT) : first], text[last : last + CONTEXT]
    return Finding(
        code=code,
        message=message,
        path=path,
        line=line,
        document=document,
        start=start,
        end=end,
        surface=found if surface is None else surface,
        label=label,
        before=before,
        after=after,
        related=related,
        cause=cause,
        rank=rank,
    )


class Guidelines(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", kw_only=True):
    """What a gold set's own guidelines say, where rules can't know it: ``[tool.tyez-bench.check]``.

    ``durations``: whether durations, sets and vague dates are marked (``yes``), optional, or not marked (``no``).
    ``times``: whether expressions shorter than a day are dates. ``approximators``: whether words such as 约 stand
    inside or outside of amounts and dates, or are left alone. ``nested``: whether names inside names are marked (None:
    as the set itself does it). ``allow``: surfaces that may have several labels. ``not-names``: patterns in which a
    known name is none, with {} for the name, as ``{}人``. ``types-of-rules``: for each rule of the guidelines, by the
    beginning of its name, the type of its entities; ``ORG?`` where they are optional, ``ORG!`` where they are required.
    ``longest``: how many characters an entity may have.
    """

    durations: str = "yes"
    times: bool = True
    approximators: str = "any"
    nested: bool | None = None
    allow: dict[str, list[str]] = field(default_factory=dict)
    not_names: tuple[str, ...] = ()
    types_of_rules: dict[str, str] = field(default_factory=dict)
    longest: int = 40


@dataclass(frozen=True)
class Set:
    """The texts that passed the first two levels, and what they have in common.

    ``label_set`` tells what kind of thing each label names, which is all that a rule asks of it. ``everything``: what
    is not marked is looked for whether or not the set marks such things, as long as it has a label for them.
    """

    texts: tuple[Text, ...]
    options: Guidelines = dataclass_field(default_factory=Guidelines)
    label_set: LabelSet = dataclass_field(default_factory=lambda: shipped(BUILT_IN))
    everything: bool = False

    def entities(self) -> Sequence[tuple[Text, Entity]]:
        """Every entity with its text."""
        return self._entities

    @cached_property
    def _entities(self) -> Sequence[tuple[Text, Entity]]:
        return [(text, entity) for text in self.texts for entity in text.document.entities]

    def prepare(self) -> None:
        """Find what most rules ask for, before the rules are shared among processes."""
        _ = self.by_surface, self.counts, self.valued, self.nests

    def whose(self, told: Callable[[str], object], *kinds: Kind) -> Iterator[tuple[Text, Entity]]:
        """The entities (of these kinds) whose surface ``told`` says yes to. It is asked once for each surface."""
        for surface, uses in self.by_surface.items():
            if told(surface):
                yield from uses if not kinds else (use for use in uses if self._kinds[use[1].type] in kinds)

    @cached_property
    def not_plain(self) -> Sequence[Text]:
        """The texts whose entities may have ids of their own, codes and values, and other entities in them."""
        return [text for text in self.texts if not text.plain]

    def with_more(self) -> Iterator[tuple[Text, Entity]]:
        """The entities of these texts."""
        return ((text, entity) for text in self.not_plain for entity in text.document.entities)

    def outside(self, pattern: re.Pattern[str], *kinds: Kind) -> Iterator[Text]:
        """The texts in which a pattern is found outside of the entities of these kinds: inside, they say what it is."""
        labels = {label for label, kind in self._kinds.items() if kind in kinds}
        for text in self.texts:
            whole, at = text.document.text, 0
            for entity in text.document.entities:
                if entity.type in labels:
                    if pattern.search(whole, at, entity.start) is not None:
                        break
                    at = max(at, entity.end)
            else:
                if pattern.search(whole, at) is None:
                    continue
            yield text

    @cached_property
    def unusual(self) -> Sequence[Text]:
        """The texts with characters that are not those of most texts."""
        return [text for text in self.texts if _USUAL.fullmatch(text.document.text) is None]

    @cached_property
    def _kinds(self) -> dict[str, Kind | None]:
        kinds: dict[str, Kind | None] = dict.fromkeys(self.counts)
        # Rules that ask for a kind are about names.
        return kinds | {label.name: None if label.nominal else label.kind for label in self.label_set.labels}

    def kind(self, entity: Entity) -> Kind | None:
        """What kind of thing an entity is; None where nobody said so."""
        return self._kinds[entity.type]

    @cached_property
    def _of_kinds(self) -> dict[tuple[Kind, ...], Sequence[tuple[Text, Entity]]]:
        return {}

    def of_kind(self, *kinds: Kind) -> Sequence[tuple[Text, Entity]]:
        """The entities of these kinds, each with its text."""
        found = self._of_kinds.get(kinds)
        if found is None:
            labels = {label for label, kind in self._kinds.items() if kind in kinds}
            found = self._of_kinds[kinds] = [use for use in self._entities if use[1].type in labels]
        return found

    def surfaces(self, *kinds: Kind) -> Collection[str]:
        """The surfaces of the entities of these kinds, each once."""
        return {entity.text for _, entity in self.of_kind(*kinds)}

    @cached_property
    def nests(self) -> bool:
        """Whether names inside names are marked: by the options, else when the set has such a one."""
        if self.options.nested is not None:
            return self.options.nested
        # What stands in an amount or a date is a slip (S113), and says nothing about names.
        return any(
            outer.id == entity.parent and self.kind(outer) not in VALUES
            for text in self.not_plain
            for entity in text.document.entities
            if entity.parent is not None
            for outer in text.near(entity.start, entity.end)
        )

    def marks(self, *kinds: Kind) -> bool:
        """Whether entities of these kinds are looked for: where the set has any, or is to be filled and has labels."""
        labels = (label for label, kind in self._kinds.items() if kind in kinds)
        return any(self.everything or self.counts[label] > 0 for label in labels)

    @cached_property
    def times_in_dates(self) -> bool:
        """Whether a time of the day is part of a date: not where the options say so, or it has a label of its own."""
        apart = any(kind is Kind.TIME and self.counts[label] for label, kind in self._kinds.items())
        return self.options.times and not apart

    @cached_property
    def counts(self) -> Counter[str]:
        """How many entities of each type there are."""
        return Counter([entity.type for _, entity in self.entities()])

    @cached_property
    def valued(self) -> frozenset[str]:
        """The types of which an entity carries a value."""
        return frozenset(
            entity.type for text in self.not_plain for entity in text.document.entities if entity.value is not None
        )

    @cached_property
    def by_surface(self) -> Mapping[str, list[tuple[Text, Entity]]]:
        """Every entity by its surface."""
        found: defaultdict[str, list[tuple[Text, Entity]]] = defaultdict(list)
        for use in self.entities():
            found[use[1].text].append(use)
        return dict(found)

    def in_dispute(self, entity: Entity) -> bool:
        """Whether the surface of an entity has several types: X601 says so, and rules about its words need not."""
        uses = self.by_surface[entity.text]
        return len(uses) > 1 and any(other.type != entity.type for _, other in uses)

    def is_place(self, surface: str) -> bool:
        """Whether a surface is marked, and as a place alone."""
        uses = self.by_surface.get(surface, ())
        return bool(uses) and all(self.kind(entity) is Kind.PLACE for _, entity in uses)
