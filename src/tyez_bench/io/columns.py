"""Lines of columns as blocks: the rows of a sentence, and the comments before it; and which column holds what."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tyez_bench.files.jsonl import decode_text, other_encoding
from tyez_bench.io.encodings import spelling_of
from tyez_bench.io.plain_columns import Part, parts
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import NUMBER
from tyez_bench.model.errors import InputError, counted

DOCSTART = "-DOCSTART-"
_COMMENT = re.compile(r"# *(?P<key>[^ =\t](?:[^=\t]*[^ =\t])?) *=(?P<value>.*)")
# A comment by its form alone: an id, or blanks around the sign.
_SURE = re.compile(r"# *(?:(?:sent_|doc_|newdoc )?id *=.*|\S.* = .*)")
# The more telling key first.
_IDS = (("id", "sent_id"), ("doc_id", "newdoc id"))
_BOM = "\ufeff"


@dataclass(slots=True)
class Block:
    """The rows of a sentence with their lines, and the comments before it: line, key and value (empty without one).

    ``fault`` is what is wrong with the first faulty line, if any.
    """

    rows: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    comments: list[tuple[int, str, str]] = field(default_factory=list)
    fault: InputError | None = None

    def id(self, source: Source, keys: Sequence[tuple[str, ...]] = _IDS) -> str | None:
        """The id that the comments give. Raises InputError for an empty one, and for two that differ."""
        if not self.comments:
            return None
        found: dict[tuple[str, ...], tuple[str, int]] = {}
        for number, key, value in self.comments:
            group = next((group for group in keys if key in group), None)
            if group is None:
                continue
            if not value:
                raise source.error("the id is empty", number)
            if group in found and found[group][0] != value:
                other, line = found[group]
                if any(line < token < number for token in self.lines):
                    said = f"the id {value!r} is inside the tokens of the id {other!r} (line {line})"
                    raise source.error(f"{said}, expected an empty line before it", number)
                raise source.error(f"the id {value!r} comes before any token of the id {other!r} (line {line})", number)
            found[group] = value, number
        if found and not self.rows:
            name, number = next(iter(found.values()))
            raise source.error(f"no tokens follow the id {name!r}", number)
        return next((found[group][0] for group in keys if group in found), None)

    def text(self, source: Source) -> tuple[str, int] | None:
        """The text that ``# text = …`` gives, and its line. Raises InputError for two that differ."""
        found = [(value, number) for number, key, value in self.comments if key == "text"]
        if len({value for value, _ in found}) > 1:
            raise source.error("a second text for the same tokens", found[1][1])
        return found[0] if found and self.rows else None


def split(line: str) -> tuple[str, ...]:
    """The columns of a line: between tabs if it has any, else between blanks."""
    # Not at all white space: a token may be an ideographic space.
    return tuple(line.split("\t") if "\t" in line else filter(None, line.split(" ")))


def blocks(source: Source, *, comments_inside: bool = False) -> Iterator[Block]:
    """The sentences of a file, with the comments before them, or inside, too. Raises InputError if it is not UTF-8."""
    plain = _plain(source)
    if plain is None:
        yield from _looked_at(source, comments_inside=comments_inside)
        return
    for rows, first, comments in plain:
        yield Block(rows, list(range(first, first + len(rows))), comments)


def _plain(source: Source) -> list[Part] | None:
    """The sentences of a file whose lines are all alike; None where each has to be looked at."""
    if source.data.startswith(codecs.BOM_UTF8) or b"\r" in source.data:
        return None
    try:
        text = source.text
    except InputError:
        return None
    return parts(text.removesuffix("\n").split("\n"), split, _is_blank, _sure_comment)


def _is_blank(line: str) -> bool:
    """Whether a line parts sentences."""
    return not line or line.isspace() or line == _BOM or _is_docstart(line)


def _sure_comment(line: str) -> tuple[str, str] | None:
    """Key and value of what is a comment wherever it stands, unless inside a sentence."""
    return _said(line) if _SURE.fullmatch(line) is not None else None


def _looked_at(source: Source, *, comments_inside: bool = False) -> Iterator[Block]:
    block, width, tabs = Block(), 0, False
    for number, line in _lines(source):
        if isinstance(line, InputError):
            block.fault = block.fault or line
        elif _is_blank(line):
            # Comments wait for the next token.
            if block.rows or block.fault is not None:
                yield block
                block = Block()
        else:
            row = split(line)
            if line[0] == "#" and _is_comment(line, row, bool(block.rows), width, tabs=tabs):
                block.comments.append((number, *_said(line)))
                if block.rows and not comments_inside:
                    said = f"the comment {line!r} is inside a sentence, expected an empty line before it"
                    block.fault = block.fault or source.error(said, number)
                continue
            if len(row) != width or not row[0]:
                block.fault = block.fault or _fault(line, row, width, source, number)
                if not width and len(row) > 1:
                    width, tabs = len(row), "\t" in line
            block.rows.append(row)
            block.lines.append(number)
    if block.rows or block.comments or block.fault is not None:
        yield block


def first_rows(source: Source, number: int) -> list[tuple[str, ...]]:
    """The first rows, by which a format is told; none of a directory, and of what is not UTF-8."""
    if source.is_directory:
        return []
    try:
        return list(islice((row for block in _looked_at(source) for row in block.rows), number))
    except InputError:
        return []


def _is_docstart(line: str) -> bool:
    return line[0] == "-" and line.startswith(DOCSTART) and line[len(DOCSTART) : len(DOCSTART) + 1] in ("", " ", "\t")


def _lines(source: Source) -> Iterator[tuple[int, str | InputError]]:
    """The lines; where some are not UTF-8, what is wrong with each of these. Raises InputError when most are not.

    A byte order mark at the beginning, as Windows tools write it, is no part of the first token.
    """
    if source.data.startswith(codecs.BOM_UTF8):
        source = Source(source.name, source.data.removeprefix(codecs.BOM_UTF8), source.is_directory)
    try:
        yield from source.lines()
        return
    except InputError as error:
        first = error
    # The whole is looked at once: a file that is no text has thousands of such lines.
    looks_like = other_encoding(source.data)
    found: list[tuple[int, str | InputError]] = []
    for number, data in enumerate(source.data.removesuffix(b"\n").split(b"\n"), 1):
        try:
            found.append((number, decode_text(data, source.name, looks_like).removesuffix("\r")))
        except InputError as error:
            found.append((number, source.error(error.reason, number)))
    if 2 * sum(isinstance(line, InputError) for _, line in found) > len(found):
        raise first
    yield from found


def _is_comment(line: str, row: Sequence[str], inside: bool, width: int, *, tabs: bool) -> bool:
    """Whether a line with a number sign first is a comment, and not the row of a token that begins with it.

    In columns parted by blanks a line may be either: it is a token where it has the width of one, and stands ``inside``
    a sentence or has a tag.
    """
    sure = _SURE.fullmatch(line) is not None
    if not sure and not line.startswith("# "):
        return False
    if tabs or "\t" in line:
        return "\t" not in line or (sure and not (inside and len(row) == width))
    if sure or (width and len(row) != width):
        return not (inside and len(row) == width)
    if inside:
        return False
    cells = row[1:] if width else row[-1:]
    return len(row) == 1 or not any(spelling_of([cell]) is not None for cell in cells)


def _said(line: str) -> tuple[str, str]:
    comment = _COMMENT.fullmatch(line)
    return (line[1:].strip(), "") if comment is None else (comment["key"], comment["value"].strip())


def _fault(line: str, row: Sequence[str], width: int, source: Source, number: int) -> InputError | None:
    if not width:
        if len(row) > 1:
            return None if row[0] else source.error("the first column is empty, expected a token", number)
        return source.error("has 1 column, expected a token and its tag, separated by a tab or a space", number)
    if len(row) != width:
        if line[0] == " " and "\t" not in line and len(row) == width - 1:
            return source.error(
                "the token is a space, which space-separated columns can't hold: expected tabs between the columns",
                number,
            )
        return source.error(f"has {counted(len(row), 'column')}, expected {width} as in the lines before", number)
    if not row[0]:
        return source.error("the first column is empty, expected a token", number)
    return None


def distinct_rows(found: Iterable[Block]) -> set[tuple[str, ...]]:
    """Each row of the sentences once."""
    return set().union(*(block.rows for block in found))


def are_numbered(found: Sequence[Block]) -> bool:
    """Whether the first column numbers the tokens of every sentence, and some sentence has more than one."""
    return any(len(block.rows) > 1 for block in found) and all(_is_numbered(block.rows) for block in found)


def _is_numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows count from 0 or 1; ranges (``3-4``) and empty nodes (``8.1``) may stand between."""
    expected: int | None = None
    for row in rows:
        number = NUMBER.fullmatch(row[0])
        if number is None:
            return False
        first, sign, last = int(number[1]), number[2], int(number[3] or 0)
        if expected is None:
            expected = min(first, 1)
        if sign == ".":
            continue
        if first != expected or (sign == "-" and last <= first):
            return False
        expected += sign is None
    return True


def has_header(row: Sequence[str]) -> bool:
    """Whether a row is the header of HIPE's columns."""
    return row[0] == "TOKEN" and any(cell.startswith("NE-") for cell in row)


def column_of(
    asked: int | str,
    what: str,
    names: Sequence[str] | None,
    width: int,
    source: Source,
    line: int,
) -> int:
    """The place of a column, from 0, that is named or has a number from 1. Raises InputError."""
    if isinstance(asked, int):
        lowest = 2 if what == "tag" else 1
        if not lowest <= asked <= width:
            raise source.error(f"has {counted(width, 'column')}, expected the {what} in column {asked}", line)
        return asked - 1
    if asked not in (names or ()):
        known = f"the columns are {', '.join(names)}" if names else "the columns have no names, only numbers"
        raise source.error(f"has no column {asked!r}: {known}", line)
    return list(names or ()).index(asked)
