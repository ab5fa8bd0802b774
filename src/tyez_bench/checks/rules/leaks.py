"""Level 4: texts that stand in several files. All that a file holds is looked at, whatever is wrong with its marks."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tyez_bench.checks.rule import Check, Finding, Where
from tyez_bench.checks.texts import Text

_SQUEEZE = re.compile(r"\W+")


def text_in_two_files(texts: Sequence[Text]) -> Iterator[Finding]:
    """X606. Ids say nothing: those of two files may be the same, and those of one text others."""
    squeezed: dict[str, Text] = {}
    for text in texts:
        whole = text.document.text
        near = squeezed.setdefault(_SQUEEZE.sub("", unicodedata.normalize("NFKC", whole)).casefold(), text)
        # The files of a brat directory are one set: a text that it has twice is no leak.
        if near.set != text.set:
            same = "the same text" if near.document.text == whole else "nearly the same text"
            where = (Where(near.path, near.line, near.document.id, 0, 0, ""),)
            called = near.place or f"{near.path}, as {near.document.id!r}"
            yield text.finding("X606", f"{same} is in {called}", surface="", related=where)


class Leak(NamedTuple):
    """How many of the texts of a file stand in another one, too (X606), of how many."""

    path: str
    other: str
    texts: int
    of: int


def shares(findings: Iterable[Finding], files: Mapping[str, str], sizes: Mapping[str, int]) -> tuple[Leak, ...]:
    """By pair of files, what they share. ``files``: those that paths are of; ``sizes``: their numbers of texts."""
    counts = Counter((files[f.path], files[f.related[0].path]) for f in findings if f.code == "X606")
    return tuple(Leak(path, other, number, sizes[path]) for (path, other), number in sorted(counts.items()))


# Told by all texts of all files.
CHECKS = (Check(("X606",), text_in_two_files),)
