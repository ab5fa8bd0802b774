"""From tokens, plain or numbered, to a text.

If a format has the text itself (``# text = …``), the tokens are located in it in order, with only
white space between; a token that is not found is refused. Else, or if ``--join`` is given, tokens are joined:

- ``none``: nothing between tokens.
- ``space``: a space between tokens.
- ``auto``: nothing if all tokens of a sentence are single characters. In a sentence with Chinese (any full-width
  character except symbols such as emoji) a space only between two letters or digits that are not full-width, one of
  them in a longer token. In any other sentence a space between all tokens.

Predictions don't depend on it: texts made of tokens are compared with the gold's without white space.

The text consists of the words, with a range in the place of its words. A word of a range is at the range's
position. Names are on the words, or, if these have none and the range has, on the range. Empty nodes (``8.1``) are
not in the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from tyez_bench.io.encodings import OUTSIDE, TagError, check_names, decode, detect, odd, spelling_of, usual_tags
from tyez_bench.io.field_maps import FieldMap, decided, id_in, name_of, value_of
from tyez_bench.io.fields import check_all_read, shown, whole_number
from tyez_bench.io.record import Fidelity, Join, Options, Record
from tyez_bench.io.rows import names_of, tags_in
from tyez_bench.io.source import Source
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span

Bounds = tuple[int, int]


class TokenError(ValueError):
    """A token is not where the text goes on; ``index`` is its number, from 0."""

    def __init__(self, message: str, index: int):
        super().__init__(message)
        self.index = index


def joined(tokens: Sequence[str], join: Join = "auto") -> tuple[str, list[Bounds]]:
    """The text of tokens, and where each stands in it, half-open.

    >>> joined(["New", "York", "的", "人"])
    ('New York的人', [(0, 3), (4, 8), (8, 9), (9, 10)])
    """
    gaps = _gaps(tokens) if join == "auto" else [join == "space"] * (len(tokens) - 1)
    if True not in gaps:
        ends = list(accumulate(map(len, tokens)))
        return "".join(tokens), list(zip([0, *ends], ends, strict=False))
    return with_gaps(tokens, gaps)


def with_gaps(tokens: Sequence[str], gaps: Sequence[bool]) -> tuple[str, list[Bounds]]:
    """The text of tokens with a blank behind those that have a gap (the last one's is not looked at)."""
    parts: list[str] = []
    bounds: list[Bounds] = []
    at = 0
    for index, token in enumerate(tokens):
        if index and gaps[index - 1]:
            parts.append(" ")
            at += 1
        parts.append(token)
        bounds.append((at, at + len(token)))
        at += len(token)
    return "".join(parts), bounds


def located(tokens: Sequence[str], text: str) -> list[Bounds]:
    """Where tokens stand in a text that consists of them and white space. Raises TokenError for the first that differs.

    >>> located(["3", "亿", "元"], "3 亿元")
    [(0, 1), (2, 3), (3, 4)]
    """
    bounds: list[Bounds] = []
    at = 0
    for index, token in enumerate(tokens):
        if not text.startswith(token, at):
            at = _skipped(text, at)
            if not text.startswith(token, at):
                goes_on = f"continues with {_short(text[at:])}" if at < len(text) else "has ended"
                raise TokenError(f"the token {token!r} is not in the text, which {goes_on}", index)
        bounds.append((at, at + len(token)))
        at += len(token)
    if text[at:].strip():
        raise TokenError(f"the text continues after the last token, with {_short(text[at:].lstrip())}", len(tokens) - 1)
    return bounds


def not_there(error: TokenError, line: int) -> str:
    """What is wrong with the tokens of a text that a comment in this line gives, and the way on."""
    return f"{error} (# text, line {line})" + advice("pass {join} to join the tokens instead", join="auto")


def is_wide(character: str) -> bool:
    """Whether a character is full-width, as Chinese and its punctuation are; emoji stand in any language."""
    if character.isascii() or unicodedata.east_asian_width(character) not in "WF":
        return False
    return unicodedata.category(character) not in ("So", "Sk")


def _gaps(tokens: Sequence[str]) -> list[bool]:
    if len("".join(tokens)) == len(tokens):
        return [False] * (len(tokens) - 1)
    if not any(is_wide(character) for token in tokens for character in token):
        return [True] * (len(tokens) - 1)
    return [
        len(one) + len(other) > 2 and _is_narrow(one[-1]) and _is_narrow(other[0]) for one, other in pairwise(tokens)
    ]


def _is_narrow(character: str) -> bool:
    return character.isalnum() and not is_wide(character)


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _short(text: str) -> str:
    return repr(text if len(text) <= 10 else text[:10] + "…")


NUMBER = re.compile("([0-9]{1,9})(?:([-.])([0-9]{1,9}))?")
"""A token's number, that of a range (``3-4``) or of an empty node (``8.1``)."""
_NOTHING = frozenset((OUTSIDE, OUTSIDE.lower(), "_", "-", ""))


class NumberedWords(NamedTuple):
    """What the text is made of, and the tags.

    ``forms`` are the tokens of the text with their rows; for each tag ``places`` has the number of its form, and
    ``rows`` that of its row.
    """

    forms: list[str]
    form_rows: list[int]
    tags: list[str]
    places: list[int]
    rows: list[int]


def numbered_words(ids: Sequence[str], forms: Sequence[str], tags: Sequence[str]) -> NumberedWords:
    """The words of a sentence, row by row. Raises TokenError, with the row, for what can't be read."""
    found = NumberedWords([], [], [], [], [])
    row = 0
    while row < len(ids):
        first, sign, last = _parsed(ids[row], row)
        if sign == ".":
            if tags[row] not in _NOTHING:
                raise TokenError(f"the empty node {ids[row]} has the tag {tags[row]!r}, but is not in the text", row)
            row += 1
            continue
        size = last - first + 1 if sign == "-" else 0
        inside = range(row + 1, row + 1 + size) if size else range(row, row + 1)
        _check_range(ids, inside, first, row)
        if size and all(tags[index] in _NOTHING for index in inside):
            # The range stands for its words.
            tagged = [row]
        else:
            tagged = list(inside)
            if size and tags[row] not in _NOTHING:
                raise TokenError(f"both the range {ids[row]} and a word of it have an entity tag", row)
        for index in tagged:
            tag = tags[index]
            found.tags.append(OUTSIDE if size and tag in _NOTHING else tag)
            found.places.append(len(found.forms))
            found.rows.append(index)
        found.forms.append(forms[row])
        found.form_rows.append(row)
        row = inside.stop
    return found


def _parsed(id_: str, row: int) -> tuple[int, str | None, int]:
    number = NUMBER.fullmatch(id_)
    if number is None:
        raise TokenError(f"{id_!r} is not the number of a token, expected 1, 1-2 or 1.1", row)
    first, sign, last = int(number[1]), number[2], int(number[3] or 0)
    if sign == "-" and last <= first:
        raise TokenError(f"the range {id_} is empty", row)
    return first, sign, last


def _check_range(ids: Sequence[str], inside: range, first: int, row: int) -> None:
    """Raise TokenError unless the words of a range follow it."""
    for number, index in enumerate(inside, first):
        if index >= len(ids) or ids[index] != str(number):
            raise TokenError(f"the word {number} of {ids[row]} does not follow", row)


class Name(NamedTuple):
    """A name: its first word, the word behind its last, and its label."""

    first: int
    behind: int
    label: str


def record_of(
    line: int | None, words: Sequence[str], names: Iterable[Name], join: Join, id_: str | None, *, ragged: bool = False
) -> Record:
    """The record of a sentence. Raises ValueError for names outside of its words.

    ``ragged``: white space at the edges of words is what was between them, and no part of a name.
    """
    text, bounds = joined(words, join)
    if ragged:
        bounds = [_trimmed(text, *one) for one in bounds]
    spans = []
    for first, behind, label in names:
        if not 0 <= first < behind <= len(words):
            raise ValueError(f"{label} {first}–{behind} is empty or outside the words (0–{len(words)})")
        spans.append(Span(bounds[first][0], bounds[behind - 1][1], label))
    return Record(line, id=id_, text=text, spans=tuple(spans), fidelity=Fidelity.SQUEEZED)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A word without the white space at its edges; one of white space alone as it is."""
    word = text[start:end]
    return (start + len(word) - len(word.lstrip()), start + len(word.rstrip())) if word.strip() else (start, end)


def words_of(value: Any, what: str) -> list[str]:
    """The words of a sentence. Raises ValueError for anything but strings that are not empty."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ValueError(f"expected a list of words as {what}, got {shown(value)}")
    return value


def sentences_of(value: Any, what: str) -> list[list[str]]:
    """The words of each sentence, of a list of sentences or of one alone. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"expected a list of words as {what}, got {shown(value)}")
    if is_one(value):
        return [words_of(value, what)]
    return [words_of(sentence, what) for sentence in value]


def is_one(value: Sequence[Any]) -> bool:
    """Whether a list is the words of one sentence, and not of several."""
    return bool(value) and isinstance(value[0], str)


def same(words: Sequence[str], name: str) -> bool:
    """Whether words make up a name, whatever white space is between."""
    return "".join("".join(words).split()) == "".join(name.split())


class _Sentence(NamedTuple):
    line: int
    id: str | None
    text: str
    bounds: list[Bounds]
    tags: list[str]
    given: bool
    rejected: bool


def read_tags(fields: FieldMap, found: Sequence[tuple[int, Any]], source: Source, options: Options) -> Iterator[Record]:
    """A record for each. Raises InputError."""
    check_names(options.encoding, options.repair)
    names: dict[str, tuple[str, ...]] = {}
    sentences = []
    for line, value in found:
        try:
            sentences.append(_sentence(line, value, fields, source, options, names))
        except ValueError as error:
            raise source.error(str(error), line) from None
    usual = usual_tags({tag for one in sentences for tag in one.tags}, options.encoding)
    encoding = options.encoding or detect(usual[tag] for one in sentences for tag in one.tags)
    for one in sentences:
        try:
            chunks, repaired = decode([usual[tag] for tag in one.tags], encoding, options.repair)
        except TagError as error:
            how = (
                ""
                if options.encoding
                else advice("the encoding was detected, choose another with {encoding}", encoding=None)
            )
            raise source.error(f"tag {error.index + 1}: {error}{how}", one.line) from None
        yield Record(
            one.line,
            id=one.id,
            text=one.text,
            spans=tuple(Span(one.bounds[a][0], one.bounds[b - 1][1], label) for a, b, label in chunks),
            fidelity=Fidelity.EXACT if one.given else Fidelity.SQUEEZED,
            repaired=repaired,
            rejected=one.rejected,
        )


def _sentence(
    line: int, value: Any, fields: FieldMap, source: Source, options: Options, names: dict[str, tuple[str, ...]]
) -> _Sentence:
    if not isinstance(value, Mapping):
        raise ValueError(f"expected a JSON object, got {shown(value)}")
    column = options.column if isinstance(options.column, str) else None
    keys = tags_in(value, fields) if column is None else [column]
    check_all_read(value, (*fields.read, *keys), fields.name)
    if len(keys) != 1:
        several = advice("choose one with {column}", column="NAME") if keys else ""
        raise ValueError(f"expected the tags under one of {', '.join(fields.tags)}, got {keys or 'none'}{several}")
    tags = value.get(keys[0])
    if not isinstance(tags, list):
        raise ValueError(f"expected a list of tags as {keys[0]}, got {shown(tags)}")
    if any(not isinstance(tag, str) for tag in tags):
        if keys[0] not in names:
            names[keys[0]] = fields.names or names_of(source, keys[0])
        tags = [_named(tag, keys[0], names[keys[0]]) for tag in tags]
    bad = next((tag for tag in tags if spelling_of([tag]) is None), None)
    if bad is not None and options.encoding != "io":
        raise ValueError(odd(bad))
    key, tokens = value_of(value, fields.tokens)
    where, text = value_of(value, fields.text)
    if text is not None and not isinstance(text, str):
        raise ValueError(f"expected a string as {where}, got {shown(text)}")
    if key is None:
        if text is None:
            raise ValueError(f"has tags without tokens, expected them under one of {', '.join(fields.tokens)}")
        key, tokens = f"characters of {where}", list(text)
    if not isinstance(tokens, list) or not all(isinstance(token, str) and token for token in tokens):
        raise ValueError(f"expected a list of tokens as {key}, got {shown(tokens)}")
    if len(tokens) != len(tags):
        raise ValueError(f"has {len(tokens)} {key} and {len(tags)} {keys[0]}, expected the same number")
    if not tokens:
        raise ValueError(f"has no {key}, expected at least one")
    given = text is not None and options.join is None
    text, bounds = (
        (text, located(tokens, text)) if text is not None and given else joined(tokens, options.join or "auto")
    )
    return _Sentence(line, id_in(value, fields), text, bounds, tags, given, not decided(value, fields))


def _named(tag: Any, key: str, names: Sequence[str]) -> str:
    number = whole_number(tag, "a tag")
    if not names:
        raise ValueError(f"{key} are numbers without names" + advice("set names in a file for {fields}", fields=None))
    return name_of(number, names)
