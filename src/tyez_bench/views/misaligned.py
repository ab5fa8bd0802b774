"""Entities with an edge inside a word: refused, or moved or dropped as asked, and always named."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tyez_bench.errors import UsageError
from tyez_bench.hints import advice
from tyez_bench.model import Entity
from tyez_bench.views.rows import Unit
from tyez_bench.views.words import ON_MISALIGNED, Bounds, Moved


class Misaligned(NamedTuple):
    """An entity with an edge inside a word of a unit of text, and where it went; None: it was dropped."""

    unit: str
    text: str
    entity: Entity
    bounds: Bounds
    to: Bounds | None

    def __str__(self) -> str:
        start, end = self.bounds
        went = "dropped" if self.to is None else f"now {self.to[0]}–{self.to[1]} {self.text[slice(*self.to)]!r}"
        return f"{self.unit}: {self.entity.type} {self.entity.text!r} {start}–{end}: {went}"

    def to_dict(self) -> dict[str, Any]:
        """As plain data; offsets count from the beginning of the unit."""
        start, end = self.bounds
        return {
            "id": self.entity.id,
            "start": start,
            "end": end,
            "type": str(self.entity.type),
            "text": self.entity.text,
            "to": self.to,
        }


def check_policy(policy: str) -> None:
    """Raise UsageError for what is no way to treat misaligned entities."""
    if policy not in ON_MISALIGNED:
        raise UsageError(f"on_misaligned {policy!r}: expected one of: {', '.join(ON_MISALIGNED)}")


def misaligned(unit: Unit, places: Mapping[str, str], moved: list[Moved[Entity]]) -> list[Misaligned]:
    """Moved entities with what the unit that they are in is called; ``places`` as for :meth:`Unit.place`."""
    called = unit.place(places) or unit.sentence.id
    return [Misaligned(called, unit.text, entity, bounds, to) for entity, bounds, to in moved]


def refuse(found: list[Misaligned], policy: str) -> None:
    """Raise UsageError where entities are misaligned and the policy is to refuse them."""
    if found and policy == "error":
        one = found[0]
        raise UsageError(
            f"{len(found)} entities have an edge inside a word, first {one.unit}: {one.entity.type} "
            f"{one.entity.text!r} {one.bounds[0]}–{one.bounds[1]}"
            + advice("{on_misaligned} is for them", on_misaligned="expand|contract|drop")
        )
