"""What a transformation is, and what all of them use: choices from a seed, what lies outside of spans, tables."""

import random
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from msgspec import Struct

from tyez_bench.model.documents import Document
from tyez_bench.stress.cases import Edit


class Transformation(Struct, frozen=True, kw_only=True):
    """A change of a labelled sentence that keeps its labels.

    ``edits`` gives the edits of each case that it makes of a sentence; none, or empty ones, where it changes nothing.
    ``renames``: whether names become those of other things of their kind, so that codes don't hold any more.
    """

    title: str
    about: str
    change: str
    edits: Callable[[Document, random.Random], Iterator[tuple[Edit, ...]]]
    renames: bool = False


T = TypeVar("T")


def one_of(items: Sequence[T], chance: random.Random) -> T:
    """One of the items."""
    return items[int(chance.random() * len(items))]


def in_any_order(items: Iterable[T], chance: random.Random) -> list[T]:
    """All items in an order of chance."""
    return [item for _, _, item in sorted((chance.random(), at, item) for at, item in enumerate(items))]


Bounds = tuple[int, int]


def spans(document: Document) -> list[Bounds]:
    """The bounds of all entities, optional and nested ones too, and of their alternatives."""
    return [bounds for entity in document.entities for bounds in ((entity.start, entity.end), *entity.alternatives)]


def characters(document: Document, *, apart: int = 0) -> list[int]:
    """Offsets of characters in no span, and with more than ``apart`` others between them and any span."""
    taken = spans(document)
    return [
        at for at in range(len(document.text)) if not any(start - apart <= at < end + apart for start, end in taken)
    ]


def places(document: Document) -> list[int]:
    """Offsets at which something can be put in without being inside of a span; the edges of spans are among them."""
    taken = spans(document)
    return [at for at in range(len(document.text) + 1) if not any(start < at < end for start, end in taken)]


def edges(document: Document) -> list[int]:
    """The places right at an edge of a span."""
    at_edge = {at for bounds in spans(document) for at in bounds}
    return [at for at in places(document) if at in at_edge]


@cache
def table(name: str) -> dict[str, Any]:
    """A table of the package by the name of its file."""
    return tomllib.loads(files("tyez_bench.stress").joinpath("tables", f"{name}.toml").read_text("utf-8"))
