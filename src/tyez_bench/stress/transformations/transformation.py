"""What a transformation is: a name, what it changes, and the edits that it makes of a sentence."""

import random
from collections.abc import Callable, Iterator

from msgspec import Struct

from tyez_bench.model import Document
from tyez_bench.stress.edits import Edit


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
