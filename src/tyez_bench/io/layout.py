"""What a whole file of columns tells: where the tokens and the tags are, and how they are written."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from tyez_bench.io.columns import Block, are_numbered, column_of, distinct_rows
from tyez_bench.io.encodings import (
    MARKS,
    NO_TAGS,
    OUTSIDE,
    TagError,
    check_names,
    detect,
    nearest,
    odd,
    spelling_of,
    usual_tags,
)
from tyez_bench.io.record import Join, Options
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import is_wide
from tyez_bench.model.hints import advice

# A character and its place in the word.
_WITH_PLACE = re.compile(r"(\D+|.)([0-9]+)", re.DOTALL)
# The share of tokens whose places are counted rightly, in the sentences up to any.
_SURE_OF_LAYOUT = 0.9
_DIGITS = 9
_PUNCTUATION = frozenset("，。！？；：、,;!?")
# What the column of the tokens is called where a file names its columns.
_TOKEN_NAMES = frozenset(("token", "tokens", "word", "words", "form", "text", "char", "chars", "character", "字", "词"))


@dataclass(slots=True)
class ColumnLayout:
    """What the whole file tells: where things are, from 0, and how they are written."""

    token: int
    tag: int
    numbered: bool
    encoding: str
    detected: bool
    repair: str | None
    join: Join | None
    with_places: bool = False
    usual: dict[str, str] = field(default_factory=dict)
    rivals: tuple[int, ...] = ()


def is_spelt(tags: set[str]) -> bool:
    """Whether they are tags of one spelling, and some of them names."""
    spelling = spelling_of(tags)
    if spelling is None or tags <= {OUTSIDE, OUTSIDE.lower()}:
        return False
    # Single letters may be anything.
    return bool(spelling.separator) or not tags.isdisjoint((OUTSIDE, OUTSIDE.lower()))


def take_header(found: Sequence[Block]) -> list[str] | None:
    """The names of the columns, taken from the rows of a file, if these are its first row; else None.

    They are where one of them is a name for tokens, and no column of tags has a tag there.
    """
    if not found or _TOKEN_NAMES.isdisjoint(map(str.casefold, found[0].rows[0])):
        return None
    rows = [row for block in found for row in block.rows]
    if len(rows) < 2:
        return None
    names, columns = rows[0], [set(cells) for cells in zip(*rows[1:], strict=True)]
    of_tags = [at for at, cells in enumerate(columns) if (spelling := spelling_of(cells)) and spelling.separator]
    if not of_tags or any(spelling_of({names[at], *columns[at]}) is not None for at in of_tags):
        return None
    del found[0].rows[0], found[0].lines[0]
    return list(names)


def layout_of(
    found: Sequence[Block], source: Source, options: Options, header: Sequence[str] | None = None
) -> ColumnLayout:
    """The layout of a file by its sound sentences; ``header`` has the names of the columns, where a row gave them.

    Raises InputError for columns that it has not, and for tokens that are none of a text.
    """
    check_names(options.encoding, options.repair)
    width = len(found[0].rows[0]) if found else 0
    if width > 2 and not found[0].rows[0][-1]:
        while width > 2 and not any(row[width - 1] for block in found for row in block.rows):
            width -= 1
    distinct = distinct_rows(found)
    asked = options.token_column
    if asked is None and header is not None:
        asked = next(at for at, name in enumerate(header, 1) if name.casefold() in _TOKEN_NAMES)
    numbered = bool(found) and asked != 1 and are_numbered(found)
    if numbered and width < 3:
        raise source.error(
            "the first column numbers the tokens, expected the tokens and their tags after it", found[0].lines[0]
        )
    told = (value.split() for block in found[:1] for _, key, value in block.comments if key == "global.columns")
    names = next(told, header)
    token = int(numbered)
    if asked is not None and found:
        token = column_of(asked, "token", names, width, source, found[0].lines[0])
    if options.column is not None and found:
        tag = column_of(options.column, "tag", names, width, source, found[0].lines[0])
    else:
        tag = _tag_column(found, distinct, token, width, numbered=numbered)
    tags = {row[tag] for row in distinct}
    usual = usual_tags(tags, options.encoding)
    encoding = options.encoding or detect(usual.values())
    layout = ColumnLayout(
        token, tag, numbered, encoding, options.encoding is None, options.repair, options.join, usual=usual
    )
    _check_tokens(found, {row[token] for row in distinct}, layout, source, told=options.token_column is not None)
    layout.with_places = _have_places(found, token, source)
    if options.column is None:
        layout.rivals = _rivals(distinct, layout, width)
    return layout


def _rivals(rows: Set[tuple[str, ...]], layout: ColumnLayout, width: int) -> tuple[int, ...]:
    """The columns, from 1, with tags of a label that the chosen one has, and not the same ones; empty for it alone."""
    own = _labels(layout.usual.values())
    rivals = [
        column
        for column in range(layout.token + 1, width)
        if column != layout.tag
        and is_spelt(tags := {row[column] for row in rows})
        and not own.isdisjoint(_labels(usual_tags(tags, None).values()))
        and any(row[column] != row[layout.tag] for row in rows)
    ]
    return tuple(column + 1 for column in sorted((*rivals, layout.tag))) if rivals else ()


def _labels(tags: Iterable[str]) -> set[str]:
    return {tag[2:] for tag in tags if tag != OUTSIDE}


def _tag_column(
    found: Sequence[Block], distinct: Set[tuple[str, ...]], token: int, width: int, *, numbered: bool
) -> int:
    """The last column, or where most of it is no tags the last one that has nothing else, with names before without."""

    def cells(column: int) -> Counter[str]:
        # Ranges and empty nodes may have no tag.
        return Counter(row[column] for block in found for row in block.rows if not numbered or row[0].isdigit())

    last = width - 1
    if spelling_of({row[last] for row in distinct}) is not None:
        return last
    counts = cells(last)
    spelling = nearest(counts)
    if 2 * sum(count for tag, count in counts.items() if spelling.usual(tag) is not None) > counts.total():
        return last
    others = {other: set(cells(other)) for other in range(last - 1, token, -1)}
    with_names = next((other for other, tags in others.items() if is_spelt(tags)), None)
    without = (other for other, tags in others.items() if tags == {OUTSIDE})
    return next(without, last) if with_names is None else with_names


def _check_tokens(
    found: Sequence[Block], tokens: Set[str], layout: ColumnLayout, source: Source, *, told: bool
) -> None:
    """Raise InputError where the tokens are not those of a text: to take them for one would be a silent slip.

    ``told``: somebody said which column has the tokens.
    """
    column = layout.token
    if "" in tokens:
        line = next(n for block in found for row, n in zip(block.rows, block.lines, strict=True) if not row[column])
        raise source.error(f"column {column + 1} is empty, expected a token", line)
    whole = {token for token in tokens if len(token) > 3 and _is_sentence(token)}
    places = [
        (row[column], line)
        for block in (found if whole else ())
        for row, line in zip(block.rows, block.lines, strict=True)
        if row[column] in whole
    ]
    if 2 * len(places) > sum(len(block.rows) for block in found):
        token, line = places[0]
        raise source.error(
            f"a token is a whole sentence, {token[:12]!r}…, as in Label Studio's export of Chinese as CoNLL, which "
            "has one tag for each sentence: export JSON or JSON-MIN instead",
            line,
        )
    if not told and column + 1 < layout.tag and _number_sentences(found, column):
        said = "the first column has one number per sentence, expected the tokens first"
        raise source.error(said + advice("choose them with {token_column}", token_column=column + 2), found[0].lines[0])
    for block in found:
        if block.rows[0][layout.token] in MARKS:
            raise source.error(odd(block.rows[0][layout.token]), block.lines[0])


def _number_sentences(found: Sequence[Block], column: int) -> bool:
    """Whether a column repeats a number of its own in each of several sentences, of which some has several tokens."""
    numbers = [{row[column] for row in block.rows} for block in found]
    return (
        all(len(number) == 1 and min(number).isdigit() for number in numbers)
        and 1 < len(numbers) == len(set.union(*numbers))
        and any(len(block.rows) > 1 for block in found)
    )


def _is_sentence(token: str) -> bool:
    return not _PUNCTUATION.isdisjoint(token) and any(map(is_wide, token)) and not _PUNCTUATION.issuperset(token)


def _have_places(found: Sequence[Block], token: int, source: Source) -> bool:
    """Whether the tokens are characters with their place in the word, counted from 0, but for a miscount or two.

    Raises InputError where some token is none.
    """
    counted = total = 0
    without: tuple[str, int] | None = None
    for block in found:
        before = -1
        for row, line in zip(block.rows, block.lines, strict=True):
            total += 1
            parts = _WITH_PLACE.fullmatch(row[token])
            place = -1 if parts is None else int(parts[2][:_DIGITS])
            counted += place in (0, before + 1) and place >= 0
            if parts is None and without is None:
                without = row[token], line
            before = place
        # Most files are told by their first sentence.
        if _SURE_OF_LAYOUT * total > counted:
            return False
    if without is not None:
        raise source.error(f"the token {without[0]!r} has no position in the word, unlike most others", without[1])
    return total > 1


def without_place(token: str) -> str:
    """A token without its place in the word."""
    return _WITH_PLACE.sub(r"\1", token)


def tag_fault(error: TagError, tag: str, layout: ColumnLayout) -> str:
    """What is wrong with a tag of a file, in words."""
    if tag.isdigit() or tag in NO_TAGS:
        return odd(tag)
    spelt = layout.usual[tag]
    written = f" (written {tag})" if spelt != tag else ""
    how = advice("the encoding was detected, choose another with {encoding}", encoding=None) if layout.detected else ""
    return f"{error}{written}{how}"
