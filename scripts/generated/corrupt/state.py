"""What a corruption may touch, and how an entity is moved."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


@dataclass
class State:
    """The files of the project that a corruption may touch: gold, passes, log; raw bytes where lines are no records."""

    gold: list[Record]
    passes: dict[str, list[Record]]
    log: list[Record]
    raw: bytes | None = None


# A corruption changes the state in place and says what it did; None when it found nothing to corrupt.
Corruption = Callable[[State, random.Random], str | None]


def entities(state: State, wanted: Callable[[Record], bool] = lambda entity: True) -> list[tuple[Record, Record]]:
    """Document and entity of every entity that is wanted."""
    return [(document, entity) for document in state.gold for entity in document["entities"] if wanted(entity)]


def placed(document: Record, entity: Record, start: int, end: int) -> None:
    """Move an entity as an annotation tool does: surface and id follow; parents are those of the new boundaries."""
    entity["start"], entity["end"], entity["text"] = start, end, document["text"][start:end]
    entity["id"] = f"{document['id']}:{start}-{end}"
    settle(document)


def settle(document: Record) -> None:
    """Order and parents, as they follow from the boundaries."""
    found = sorted(document["entities"], key=lambda e: (e["start"], -e["end"], e["type"]))
    for number, entity in enumerate(found):
        around = [e for e in found[:number] if e["start"] <= entity["start"] and entity["end"] <= e["end"]]
        entity["parent"] = around[-1]["id"] if around else None
    document["entities"] = found


def pick(state: State, rng: random.Random, wanted: Callable[[Record], bool]) -> tuple[Record, Record] | None:
    """Any entity of a kind."""
    found = entities(state, wanted)
    return rng.choice(found) if found else None
