"""Columns whose rows are all alike: each distinct line is looked at once, and a sentence's tags by one pattern.

What is odd in any way, and whatever is wrong, is for the readers of ``io.columns`` and ``io.encodings``: nothing is
said of it here, and what is read is what they would read.
"""

import re
from collections.abc import Callable, Iterable

from tyez_bench.io.encodings import NAMES, OUTSIDE, Chunk

Row = tuple[str, ...]
Comment = tuple[int, str, str]
# Rows, number of the first line, comments before them.
Part = tuple[list[Row], int, list[Comment]]


def parts(
    lines: list[str],
    split: Callable[[str], Row],
    is_blank: Callable[[str], bool],
    comment: Callable[[str], tuple[str, str] | None],
) -> list[Part] | None:
    """The sentences of lines: their rows, the number of their first line, and the comments before them.

    None where a row has another width than the others or no token, where a line may be a comment or a token, and where
    a comment stands inside a sentence. ``comment`` says what a line is that is a comment for certain.
    """
    rows: dict[str, Row | None] = {}
    comments: dict[str, tuple[str, str]] = {}
    for line in set(lines):
        if is_blank(line):
            rows[line] = None
            continue
        said = comment(line) if line[0] == "#" else None
        if said is not None and "\t" not in line:
            comments[line], rows[line] = said, None
        elif line.startswith("# ") or said is not None:
            return None
        else:
            rows[line] = split(line)
    found = [row for row in rows.values() if row is not None]
    if len(set(map(len, found))) != 1 or len(found[0]) < 2 or not all(row[0] for row in found):
        return None
    table = [rows[line] for line in lines]
    sentences: list[Part] = []
    here: list[Row] = []
    before: list[Comment] = []
    at = first = 0
    for index in [*(index for index, row in enumerate(table) if row is None), len(table)]:
        if index > at:
            # Between two lines that are no rows nothing else is.
            here, first = table[at:index], at + 1  # type: ignore[assignment]
        at = index + 1
        line = lines[index] if index < len(lines) else ""
        if line in comments:
            if here:
                return None
            before.append((index + 1, *comments[line]))
        elif here:
            sentences.append((here, first, before))
            here, before = [], []
    if before:
        sentences.append(([], 0, before))
    return sentences


# Tags as characters: for each label one in each of these ranges.
_SIZE = 0x1000
_BASES = {"B": 0x10000, "I": 0x11000, "E": 0x12000, "S": 0x13000}
_ANY = {prefix: f"[{chr(base)}-{chr(base + _SIZE - 1)}]" for prefix, base in _BASES.items()}
_OPEN = re.compile(f"{_ANY['B']}{_ANY['I']}*+")
_CLOSED = re.compile(f"{_ANY['B']}{_ANY['I']}*+{_ANY['E']}|{_ANY['S']}")
_KNOWN = ("bio", "bioes", "bmes", "bmewo", "bilou")


class TagReader:
    """The chunks of sentences by their tags; ``usual`` says how each tag of the file is usually spelt."""

    def __init__(self, usual: dict[str, str], encoding: str):
        self._codes: dict[str, str] = {}
        self._labels: list[str] = []
        self._chunks: dict[str, str | None] = {}
        self._closed = "E" in NAMES.get(encoding, ())
        self._pattern = _CLOSED if self._closed else _OPEN
        if encoding not in _KNOWN:
            return
        prefixes = {name: prefix for prefix, name in NAMES[encoding].items()}
        numbers: dict[str, int] = {}
        for tag, spelt in usual.items():
            prefix, _, label = spelt.partition("-")
            if spelt == OUTSIDE:
                self._codes[tag] = OUTSIDE
            elif prefix in prefixes and label and len(numbers) < _SIZE:
                number = numbers.setdefault(label, len(numbers))
                self._codes[tag] = chr(_BASES[prefixes[prefix]] + number)
        self._labels = list(numbers)

    def chunks(self, tags: Iterable[str]) -> list[Chunk] | None:
        """The chunks of a sentence; None where a tag is malformed, or illegal where it stands."""
        try:
            text = "".join([self._codes[tag] for tag in tags])
        except KeyError:
            return None
        found: list[Chunk] = []
        inside = 0
        for match in self._pattern.finditer(text):
            marks = match[0]
            if marks not in self._chunks:
                self._chunks[marks] = self._label(marks)
            label = self._chunks[marks]
            if label is None:
                return None
            start, end = match.span()
            inside += end - start
            found.append((start, end, label))
        return found if inside + text.count(OUTSIDE) == len(text) else None

    def _label(self, marks: str) -> str | None:
        """The label of a chunk's tags; None where they have several."""
        numbers = {ord(mark) % _SIZE for mark in marks}
        return self._labels[numbers.pop()] if len(numbers) == 1 else None
