"""The figures in the documents.

Tables stand between <!-- figures: NAME --> and <!-- end -->, single figures between <!--=NAME--> and <!--=-->. In the
datasheet any other number must be part of one of the names listed here, or stand in a code span.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from generated import blocks
from generated.maker import DOCS, ROOT, Files
from tyez_bench.model.errors import InputError

DATASHEET = ROOT / "DATASHEET.md"
DOCUMENTS = {
    "readme": ROOT / "README.md",
    "datasheet": DATASHEET,
    "conventions": DOCS / "conventions.md",
    "stress": DOCS / "stress.md",
    "check": DOCS / "check.md",
}
BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
SINGLE = re.compile(r"(<!--=(\w+)-->).*?(<!--=-->)", re.DOTALL)
T = TypeVar("T")
# What is no figure: fenced blocks, code spans, the targets of links, comments, the numbers of a list.
CODE = re.compile(r"^```.*?^```|`[^`\n]*`|\]\([^)]*\)|<[^>]*>|^[0-9]+\. ", re.DOTALL | re.MULTILINE)
# Numbers of the datasheet that are part of a name.
NAMES = (
    *("CC BY 4.0", "0350tv", "GB/T 2260-2007", "GB/T 2260", "SHA-256", "F1"),
    *("August 2022", "November 2026", "2022-08", "8月9日", "2021年12月", "明年9月份"),
)


def make(document: str) -> Files:
    """A document with its figures as they are now. Raises InputError for an unknown name."""
    path = DOCUMENTS[document]
    return {path: refreshed(path.read_text("utf-8"), path).encode("utf-8")}


def refreshed(text: str, path: Path) -> str:
    """A text with its figures as they are now; ``path`` is what an error names. Raises InputError."""

    def table(found: re.Match[str]) -> str:
        return found[1] + known(blocks.FIGURES, found)() + found[3]

    def single(found: re.Match[str]) -> str:
        return found[1] + known(blocks.facts(), found) + found[3]

    def known(names: Mapping[str, T], found: re.Match[str]) -> T:
        if found[2] not in names:
            line = found.string.count("\n", 0, found.start()) + 1
            raise InputError(f"there is no figure {found[2]!r}", path=path, line=line)
        return names[found[2]]

    return SINGLE.sub(single, BLOCK.sub(table, text))


def problems() -> Iterator[str]:
    """The numbers of the datasheet that no command prints."""
    for line, number in bare_numbers(DATASHEET.read_text("utf-8")):
        yield f"{DATASHEET.name}:{line}: {number} is not marked as a figure that a command prints"


def bare_numbers(text: str) -> Iterator[tuple[int, str]]:
    """Line and number of what is neither a marked figure, nor code, nor part of a known name."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    for pattern in (BLOCK, SINGLE, CODE, re.compile("|".join(map(re.escape, NAMES)))):
        text = pattern.sub(blank, text)
    for number in re.finditer(r"[0-9]+(?:[.,][0-9]+)*", text):
        yield text.count("\n", 0, number.start()) + 1, number[0]
