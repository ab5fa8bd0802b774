"""Items in batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of ``size`` items, the last of what is left; no item is taken before its batch is asked for."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch
