"""What a file does not hold of the gold that was written into it, and entities with an edge inside a word.

Each is counted: nothing is lost in silence. What was not asked for (a layer, optional entities) is not a loss.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tyez_bench.io.export.rows import Unit
from tyez_bench.io.export.words import ON_MISALIGNED, Bounds, Moved
from tyez_bench.io.record import Sample
from tyez_bench.model.documents import Entity
from tyez_bench.model.errors import UsageError, counted
from tyez_bench.model.hints import advice

Chosen = Sequence[tuple[Unit, list[Entity]]]
"""The units of a file, each with the entities that are written."""

# What an entity carries beside its boundary and type, in the order of the note; DocBins hold all of it.
_FACTS = {
    "values": lambda e: e.value is not None,
    "roles": lambda e: e.role is not None,
    "area codes": lambda e: e.code is not None,
    "alternative boundaries": lambda e: bool(e.alternatives),
    "rules": lambda e: e.rule is not None,
    "marks of optional entities": lambda e: not e.required,
}
_HELD = {"native": ("values",)}
# Who takes overlapping entities for something else, though the file has them.
_OVERLAPS = {
    "cluener": "entities that overlap another, of which CLUENER's own reader keeps only parts",
    "doccano": "entities that overlap another, which doccano drops unless the project allows overlapping spans",
}


# What can't stand together in a file: entities that share a character, or those of which neither holds the other.
_APART = {"conll": "overlap", "docbin": "overlap", "inline": "cross"}


def check_apart(format: str, chosen: Chosen, layer: str) -> None:
    """Raise UsageError, with the first and the number, for entities of a layer that can't stand together in a file."""
    how = _APART.get(format)
    found: list[tuple[Unit, list[Entity]]] = []
    for unit, entities in chosen if how is not None else ():
        open_: list[Entity] = []
        for entity in sorted(entities, key=lambda e: (e.start, -e.end)):
            open_ = [other for other in open_ if other.end > entity.start]
            other = next((one for one in open_ if how == "overlap" or one.end < entity.end), None)
            if other is not None:
                found.append((unit, sorted((other, entity), key=lambda e: (e.start, e.end))))
            open_.append(entity)
    if not found:
        return
    unit, pair = found[0]
    one, two = (f"{e.type} {start}–{end}" for e in pair for start, end in (unit.bounds(e),))
    whole = sum(len(entities) for _, entities in chosen)
    way = ""
    if how == "cross" or layer == "outermost":
        way = advice("pass {gold_overlaps} to drop the shorter ones", gold_overlaps="keep-longest")
    elif layer == "all":
        way = advice("pass {layer} to leave out nested ones", layer="outermost")
    raise UsageError(
        f"{unit.sentence.id}: {one} and {two} {how}: {format} can't represent {len(found)} of the {whole} entities, "
        f"because they {how} another{way}"
    )


def facts_lost(format: str, chosen: Chosen) -> dict[str, int]:
    """How many of the entities written carry what the format has no place for, by its name."""
    held = _HELD.get(format, ())
    entities = [entity for _, found in chosen for entity in found]
    counts = {name: sum(map(has, entities)) for name, has in _FACTS.items() if name not in held}
    return {name: number for name, number in counts.items() if number}


def texts_lost(format: str, chosen: Chosen) -> dict[str, int]:
    """The texts that a format of predictions does not have: the id of each stands for it."""
    return {"texts (only their ids are written)": len(chosen)} if format == "native" and chosen else {}


def tokens_lost(
    chosen: Chosen, places: Iterable[Sequence[Bounds]], told: Callable[[str, Sequence[str]], bool] | None = None
) -> dict[str, int]:
    """What columns of tokens do not hold of the texts: white space, and texts of nothing else.

    ``told``: whether a text stands beside its words, and nothing of it is lost.
    """
    counts: Counter[str] = Counter()
    for (unit, entities), words in zip(chosen, places, strict=True):
        counts["texts without a token"] += not words
        if words and told is not None and told(unit.text, [unit.text[start:end] for start, end in words]):
            continue
        counts["characters of white space"] += len(unit.text) - sum(end - start for start, end in words)
        counts["entities with white space in them"] += sum(len(e.text.split()) > 1 for e in entities)
    return {name: number for name, number in counts.items() if number}


def read_otherwise(format: str, chosen: Chosen) -> dict[str, int]:
    """What is in the file, but tools that it is for are known to read otherwise, with its number."""
    counts: Counter[str] = Counter()
    for unit, entities in chosen:
        if format in _OVERLAPS:
            counts[_OVERLAPS[format]] += _overlapping(entities)
        if format == "brat":
            counts["texts with a carriage return, after which readers that translate line ends miscount"] += (
                "\r" in unit.text
            )
            counts["entities across a line end, written in parts"] += sum("\n" in e.text for e in entities)
    return {name: number for name, number in counts.items() if number}


def taken_for_comments(samples: Iterable[Sample]) -> dict[str, int]:
    """How many sentences begin with what a reader of comments takes for one more."""
    number = sum(sample.text.lstrip().startswith("#") for sample in samples)
    return {"sentences that begin with #, which seqscore --allow-comment-lines skips": number} if number else {}


def _overlapping(entities: Sequence[Entity]) -> int:
    """How many share a character with one that begins before them, or with them and is longer."""
    number = behind = 0
    for entity in sorted(entities, key=lambda e: (e.start, -e.end)):
        number += entity.start < behind
        behind = max(behind, entity.end)
    return number


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
            f"{counted(len(found), 'entity has', 'entities have')} an edge inside a word, first {one.unit}: "
            f"{one.entity.type} {one.entity.text!r} {one.bounds[0]}–{one.bounds[1]}"
            + advice("pass {on_misaligned} to treat them", on_misaligned="expand|contract|drop")
        )
