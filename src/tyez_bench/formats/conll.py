"""Columns of tokens (CoNLL): the token first, its tag last, one token a line, an empty line behind each sentence.

A line with a tab is split at tabs, any other at spaces. Tokens may be characters or words; the text is the tokens
joined with nothing between. Lines ``-DOCSTART-`` are passed over. Before a sentence, ``# id = X`` or ``# sent_id = X``
gives its id, else ``# doc_id = X`` or ``# newdoc id = X``; other comments of that form (``# key = value``) are passed
over. Without ids, sentences are placed by their texts: a file of the whole gold in order, else each where its text
comes next. The encodings are those of ``encodings``, detected from the prefixes unless named.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from tyez_bench.errors import InputError
from tyez_bench.formats.encodings import Chunk, TagError, check_names, decode, detect, encode, is_tag
from tyez_bench.formats.record import Fidelity, Options, RawSpan, Record, Sample
from tyez_bench.formats.source import Source
from tyez_bench.hints import advice

_COMMENT = re.compile(r"# *(?P<key>(?:sent_|doc_|newdoc )?id) *=(?P<id>.*)|# \S.* = .*")
_DOCSTART = "-DOCSTART-"
# The more telling key first.
_KEYS = (("id", "sent_id"), ("doc_id", "newdoc id"))
_LOOKED_AT = 100
_WITH_PLACE = re.compile(r"\D[0-9]")


@dataclass(slots=True)
class _Sentence:
    """The tokens of a sentence with their tags and lines, and the ids that stand before it, each with its line."""

    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    ids: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)


def sniff(source: Source) -> bool:
    """Whether most of the first tokens have a tag in one and the same column behind the first."""
    if source.is_directory:
        return False
    try:
        rows = [_split(line) for _, line in islice(_token_lines(source), _LOOKED_AT)]
    except InputError:
        return False
    counts = Counter(column for row in rows for column, text in enumerate(row) if column and is_tag(text))
    return bool(rows) and 2 * max(counts.values(), default=0) > len(rows)


def _token_lines(source: Source) -> Iterator[tuple[int, str]]:
    for number, line in source.lines():
        if line.strip() and not _is_docstart(line) and not _COMMENT.fullmatch(line):
            yield number, line


def _split(line: str) -> list[str]:
    # Not at all white space: a token may be an ideographic space.
    return line.split("\t") if "\t" in line else [part for part in line.split(" ") if part]


def _is_docstart(line: str) -> bool:
    return re.split("[\t ]", line, maxsplit=1)[0] == _DOCSTART


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a sentence. Raises InputError, and UsageError for an unknown encoding or repair."""
    check_names(options.encoding, options.repair)
    sentences = list(_sentences(source, options.column))
    _check_tokens(sentences, source)
    encoding = options.encoding or detect(tag for sentence in sentences for tag in sentence.tags)
    for sentence in sentences:
        try:
            chunks, repaired = decode(sentence.tags, encoding, options.repair)
        except TagError as error:
            how = "" if options.encoding else advice("the encoding was detected, --encoding names another")
            raise source.error(f"{error}{how}", sentence.lines[error.index]) from None
        starts = list(accumulate(map(len, sentence.tokens), initial=0))
        yield Record(
            sentence.lines[0],
            id=next((sentence.ids[keys][0] for keys in _KEYS if keys in sentence.ids), None),
            text="".join(sentence.tokens),
            spans=tuple(RawSpan(starts[start], starts[end], label) for start, end, label in chunks),
            fidelity=Fidelity.SQUEEZED,
            repaired=repaired,
        )


def _check_tokens(sentences: Sequence[_Sentence], source: Source) -> None:
    """Raise InputError where the first column has no tokens: to take it for the text would be a silent slip."""
    long = [sentence for sentence in sentences if len(sentence.tokens) > 1]
    if long and all(_is_counted(sentence.tokens) for sentence in long):
        raise source.error(
            "the first column numbers the tokens, expected the tokens themselves in it", long[0].lines[0]
        )
    tokens = [token for sentence in sentences for token in sentence.tokens]
    if len(tokens) > 1 and all(map(_WITH_PLACE.fullmatch, tokens)):
        raise source.error(
            f"every token ends with a number, as {tokens[0]!r}: its place in the word, as in Weibo NER; expected the "
            "tokens without it",
            sentences[0].lines[0],
        )


def _is_counted(tokens: Sequence[str]) -> bool:
    first = tokens[0] == "1"
    return all(token == str(number) for number, token in enumerate(tokens, int(first)))


def _sentences(source: Source, column: int | None) -> Iterator[_Sentence]:
    sentence = _Sentence()
    width: int | None = None
    for number, line in source.lines():
        row = _split(line)
        if not line.strip() or _is_docstart(line):
            if sentence.tokens:
                yield sentence
                sentence = _Sentence()
            continue
        comment = _COMMENT.fullmatch(line)
        if comment is not None and not sentence.tokens:
            _note_id(comment, sentence, source, number)
            continue
        if comment is not None and len(row) != width:
            raise source.error(f"the comment {line!r} is inside a sentence, expected an empty line before it", number)
        if width is None:
            width = _width(row, column, source, number)
        if len(row) != width:
            raise source.error(f"has {_columns(len(row))}, expected {width} as in the lines before", number)
        if not row[0]:
            raise source.error("the first column is empty, expected a token", number)
        sentence.tokens.append(row[0])
        sentence.tags.append(row[(column or width) - 1])
        sentence.lines.append(number)
    if sentence.tokens:
        yield sentence
    elif sentence.ids:
        name, number = next(iter(sentence.ids.values()))
        raise source.error(f"no tokens follow the id {name!r}", number)


def _note_id(comment: re.Match[str], sentence: _Sentence, source: Source, number: int) -> None:
    """Keep the id that a comment before a sentence gives, if it gives one."""
    if comment["key"] is None:
        return
    keys = next(keys for keys in _KEYS if comment["key"] in keys)
    name = comment["id"].strip()
    if not name:
        raise source.error("the id is empty", number)
    if keys in sentence.ids and sentence.ids[keys][0] != name:
        other, line = sentence.ids[keys]
        raise source.error(f"the id {name!r} comes before any token of the id {other!r} (line {line})", number)
    sentence.ids[keys] = name, number


def _width(row: list[str], column: int | None, source: Source, number: int) -> int:
    """How many columns the file has by its first token."""
    if len(row) < 2:
        raise source.error("has 1 column, expected a token and its tag, with a tab or a space between", number)
    if column is not None and not 2 <= column <= len(row):
        raise source.error(f"has {_columns(len(row))}, expected the tag in column {column}", number)
    return len(row)


def _columns(number: int) -> str:
    return f"{number} column{'' if number == 1 else 's'}"


Bounds = tuple[int, int]


def characters(sample: Sample) -> list[Bounds]:
    """Where the characters of a text are that are no white space."""
    return [(index, index + 1) for index, character in enumerate(sample.text) if not character.isspace()]


def write(
    samples: Iterable[Sample],
    encoding: str = "bio",
    tokens: Callable[[Sample], Sequence[Bounds]] = characters,
    comments: bool = False,
) -> bytes:
    """Tokens with their tags; white space between tokens is not written.

    ``tokens`` says where a sample's tokens are (characters, unless named). With ``comments`` a line ``# id = X`` stands
    before each sentence: few readers know such lines, and the others take them for a token. Raises ValueError for
    overlapping spans, for those with an edge inside a token, and for what no line can hold.
    """
    parts: list[str] = []
    for sample in samples:
        if comments and (not sample.id or sample.id != sample.id.strip() or "\n" in sample.id):
            raise ValueError(f"the id {sample.id!r} can't stand in a comment")
        places = tokens(sample)
        if not places:
            raise ValueError(f"{sample.id}: the text has no characters but white space")
        try:
            words = [_token(sample.text[start:end]) for start, end in places]
            tags = encode(len(words), _chunks(sample, places), encoding)
        except ValueError as error:
            raise ValueError(f"{sample.id}: {error}") from None
        if not parts and not comments and words[0].startswith("\ufeff"):
            raise ValueError(f"{sample.id}: the text begins with a byte order mark, which a file can't begin with")
        if comments:
            parts.append(f"# id = {sample.id}\n")
        parts += [f"{word}\t{tag}\n" for word, tag in zip(words, tags, strict=True)]
        parts.append("\n")
    return "".join(parts).encode()


def _token(word: str) -> str:
    if len(word.split()) != 1 or word.strip() != word:
        raise ValueError(f"the token {word!r} has white space in it")
    if word == _DOCSTART:
        raise ValueError(f"the token {word!r} stands for the beginning of a document in columns")
    return word


def _chunks(sample: Sample, places: Sequence[Bounds]) -> Iterator[Chunk]:
    """The spans in tokens."""
    starts, ends = [start for start, _ in places], [end for _, end in places]
    for span in sample.spans:
        if not 0 <= span.start < span.end <= len(sample.text):
            raise ValueError(f"{span.label} {span.start}–{span.end} is empty or outside the text")
        if len(span.label.split()) != 1 or span.label.strip() != span.label:
            raise ValueError(f"the label {span.label!r} can't be part of a tag")
        first, behind = bisect_right(ends, span.start), bisect_left(starts, span.end)
        if first >= behind:
            raise ValueError(f"{span.label} {span.start}–{span.end} has no characters but white space")
        if starts[first] < span.start or span.end < ends[behind - 1]:
            raise ValueError(f"{span.label} {span.start}–{span.end} has an edge inside a token")
        yield first, behind, span.label
