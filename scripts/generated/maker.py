"""A row of the table of what is generated, and the places that the makers share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANNOTATIONS = ROOT / "annotations"
DATA = ROOT / "data"
DOCS = ROOT / "docs"

# Every file that a maker makes, with its content.
Files = Mapping[Path, bytes]


class When(IntEnum):
    """When a maker runs."""

    ALWAYS = 0
    """Without a name, too."""
    ALL = 1
    """With ``--all``, or by its name or that of its family: it takes minutes."""
    NAMED = 2
    """By its own name alone: it needs what not every machine has."""


@dataclass(frozen=True)
class Maker:
    """What makes some files.

    ``name`` is ``family/name`` or one word; ``makes`` says what, ``sources`` from what (patterns of paths from the
    root; the code is a source of all). ``make`` gives every file with its content and writes nothing. ``compare``
    stands in for it where a comparison is to be had more cheaply; ``problems`` are what no regenerating can fix;
    ``details`` are the cases behind figures. ``when`` and ``why`` say when it runs, and why not always.
    """

    name: str
    makes: str
    sources: tuple[str, ...]
    make: Callable[[], Files]
    compare: Callable[[], Files] | None = None
    problems: Callable[[], Iterable[str]] = tuple
    details: Callable[[], Iterable[str]] | None = None
    when: When = When.ALWAYS
    why: str = ""

    @property
    def family(self) -> str:
        """The name that stands for this maker and its like."""
        return self.name.partition("/")[0]

    def uses(self, path: Path) -> bool:
        """Whether a file is one of the sources."""
        name = path.relative_to(ROOT).as_posix()
        return any(fnmatch(name, pattern) for pattern in self.sources)
