"""Label sets: the labels of a gold set in their order, and what kind of thing each names.

A label is a string. What a rule, a value or a colour needs to know of it is its kind: amounts are the values of labels
of the kind money, whatever they are called.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from msgspec import Struct


def listed(names: Iterable[str]) -> str:
    """Labels as one word, for a signature: a label may hold any character, the plus sign between them as well.

    >>> listed(["LOC", "A+B"]), unlisted("LOC+A%2BB")
    ('LOC+A%2BB', ('LOC', 'A+B'))
    """
    return "+".join(name.replace("%", "%25").replace("+", "%2B") for name in names)


def unlisted(text: str) -> tuple[str, ...]:
    """The labels of :func:`listed`."""
    return tuple(name.replace("%2B", "+").replace("%25", "%") for name in text.split("+") if name)


class Kind(StrEnum):
    """What kind of thing a label names: rules, values and colours ask for it, whatever the label is called.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.load().labels.kind("ORG")
        <Kind.ORGANISATION: 'organisation'>
    """

    PLACE = "place"
    ORGANISATION = "organisation"
    PERSON = "person"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    PRODUCT = "product"
    WORK = "work"
    OTHER = "other"


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A label of a set: its name, and as far as the set says so its kind, a title and a description.

    Attributes:
        name: what stands in files.
        kind: what kind of thing it names; None where the set does not say.
        title: what it names, for people.
        description: the same, at length.
        nominal: its entities are nouns that describe (the company), and no names.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.Label("LOC", tyez_bench.Kind.PLACE).kind.value
        'place'
    """

    name: str
    kind: Kind | None = None
    title: str = ""
    description: str = ""
    nominal: bool = False


@dataclass(frozen=True)
class LabelSet:
    """Labels in order: the rows of a score, and what a gold set may hold.

    Attributes:
        name: what signatures and messages call the set.
        labels: the labels, in order.
        title: what the set is, for people.
        source: where it is from.

    Example:
        >>> from tyez_bench import Kind, Label, LabelSet
        >>> labels = LabelSet("own", (Label("LOC", Kind.PLACE), Label("PER", Kind.PERSON)))
        >>> labels.names, labels.kind("LOC"), labels.of_kind(Kind.MONEY)
        (('LOC', 'PER'), <Kind.PLACE: 'place'>, ())
    """

    name: str
    labels: tuple[Label, ...]
    title: str = ""
    source: str = ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The labels, in order."""
        return tuple(label.name for label in self.labels)

    @cached_property
    def _by_name(self) -> dict[str, Label]:
        return {label.name: label for label in self.labels}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __len__(self) -> int:
        return len(self.labels)

    def kind(self, name: str) -> Kind | None:
        """The kind of a label; None where the set does not say, or does not have it."""
        found = self._by_name.get(name)
        return None if found is None else found.kind

    def of_kind(self, *kinds: Kind) -> tuple[str, ...]:
        """The labels of these kinds, in order."""
        return tuple(label.name for label in self.labels if label.kind in kinds)

    def order(self, names: Iterable[str]) -> tuple[str, ...]:
        """These labels in the order of the set; those that it lacks follow in alphabetical order."""
        wanted = set(names)
        return (*(name for name in self.names if name in wanted), *sorted(wanted - self._by_name.keys()))

    def with_more(self, names: Iterable[str]) -> "LabelSet":
        """The set, followed by those of these labels that it lacks."""
        more = sorted(set(names) - self._by_name.keys())
        return replace(self, labels=(*self.labels, *map(Label, more))) if more else self

    @property
    def valued(self) -> frozenset[str]:
        """The labels whose entities have a value to be right about: amounts, dates and times."""
        return frozenset(self.of_kind(Kind.MONEY, Kind.DATE, Kind.TIME))

    @property
    def sha256(self) -> str:
        """SHA-256 of what decides a score: names and kinds in order, in canonical JSON."""
        content = [[label.name, label.kind] for label in self.labels]
        return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8")).hexdigest()
