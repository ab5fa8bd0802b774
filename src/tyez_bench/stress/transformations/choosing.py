"""Choices from a seed that are the same in every version of Python: of it, only random() is promised."""

import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def one_of(items: Sequence[T], chance: random.Random) -> T:
    """One of the items."""
    return items[int(chance.random() * len(items))]


def in_any_order(items: Iterable[T], chance: random.Random) -> list[T]:
    """All items in an order of chance."""
    return [item for _, _, item in sorted((chance.random(), at, item) for at, item in enumerate(items))]
