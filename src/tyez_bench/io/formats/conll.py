"""Columns of tokens (CoNLL): the token first, its tag last, one token a line, an empty line after each sentence.

A line with a tab is split at tabs, any other at spaces; empty columns at the end are ignored. If the first column
numbers the tokens (``1``, ``2``; ranges ``3-4`` and empty nodes ``8.1`` as in CoNLL-U), the token is in the second, as
in the ``.iob2`` files of Universal NER. The tags are in the last column, or, if that has none, in the last one that
has only tags. ``--column`` and ``--token-column`` name others by number, or by name if there is a comment
``# global.columns = ID FORM NER`` or a header such as ``sentence_id words labels``. A first row is a header if one of
its columns is called ``token``, ``word``, ``form``, ``text`` or ``char`` (the token column) and none is a
tag. A gold set with different tags of the same labels in several columns (gold and predictions in one file, as for
the script conlleval; outer and inner names) is refused until one is named; for predictions the last one is read,
and the score says so.

Before a sentence, ``# id = X`` or ``# sent_id = X`` gives its id, else ``# doc_id = X`` or ``# newdoc id = X``, and
``# text = X`` its text; other lines that begin with ``#`` and a space are comments, unless they have the columns of a
token and a tag. ``-DOCSTART-`` lines are skipped. Without ids, sentences are matched by their texts: a file of the
whole gold in order, else each at the next occurrence of its text. If all tokens are a character with its position in
the word (``官0``, ``方1``, as in Weibo NER), the positions are stripped and counted.

How tokens become a text, how tags are spelt and what they mean: see "Tokens and tags".
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from tyez_bench.io.columns import DOCSTART, Block, blocks, first_rows, has_header
from tyez_bench.io.encodings import Chunk, TagError, decode, encode, is_tag
from tyez_bench.io.layout import ColumnLayout, is_spelt, layout_of, tag_fault, take_header, without_place
from tyez_bench.io.plain_columns import TagReader
from tyez_bench.io.record import Fidelity, Options, Record, Sample, raising
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Bounds, TokenError, joined, located, not_there, numbered_words
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import to_rename
from tyez_bench.model.spans import Span

_LOOKED_AT = 100


def sniff(source: Source) -> bool:
    """Whether most of the first tokens have a tag in one and the same column behind the first."""
    rows = first_rows(source, _LOOKED_AT)
    if not rows or has_header(rows[0]):
        return False
    counts = Counter(column for row in rows for column, text in enumerate(row) if column and is_tag(text))
    if 2 * max(counts.values(), default=0) > len(rows):
        return True
    return any(is_spelt({row[column] for row in rows}) for column in range(1, min(map(len, rows))))


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a sentence. Raises InputError, and UsageError for an unknown encoding or repair."""
    return raising(read_each(source, options))


def read_each(source: Source, options: Options) -> Iterator[Record | InputError]:
    """One record a sentence, or what is wrong with it.

    Raises InputError for what is wrong with the whole, and UsageError for an unknown encoding or repair.
    """
    parts = list(blocks(source))
    sound = [part for part in parts if part.rows and part.fault is None]
    header = take_header(sound)
    layout = layout_of([part for part in sound if part.rows], source, options, header)
    reader = TagReader(layout.usual, layout.encoding) if _is_usual(layout) else None
    for part in parts:
        try:
            if part.fault is not None:
                raise part.fault
            id_ = part.id(source)
            if part.rows:
                record = None if reader is None else _usual_record(part, id_, layout, reader)
                yield _record(part, id_, layout, source) if record is None else record
        except InputError as error:
            yield error


def _is_usual(layout: ColumnLayout) -> bool:
    return layout.repair is None and not layout.numbered and not layout.with_places


def _usual_record(block: Block, id_: str | None, layout: ColumnLayout, reader: TagReader) -> Record | None:
    """As :func:`_record`, for a sentence without a text of its own whose tags are legal; None for any other."""
    if any(key == "text" for _, key, _ in block.comments):
        return None
    tag, token = layout.tag, layout.token
    chunks = reader.chunks([row[tag] for row in block.rows])
    if chunks is None:
        return None
    tokens = [row[token] for row in block.rows]
    text = "".join(tokens)
    if len(text) == len(tokens) and layout.join != "space":
        # A character each, so that the chunks are the spans.
        spans = [Span(start, end, label) for start, end, label in chunks]
    else:
        text, bounds = joined(tokens, layout.join or "auto")
        spans = [Span(bounds[start][0], bounds[end - 1][1], label) for start, end, label in chunks]
    return Record(
        block.lines[0], id=id_, text=text, spans=tuple(spans), fidelity=Fidelity.SQUEEZED, rivals=layout.rivals
    )


def _record(block: Block, id_: str | None, layout: ColumnLayout, source: Source) -> Record:
    tokens = [row[layout.token] for row in block.rows]
    tags = [layout.usual[row[layout.tag]] for row in block.rows]
    rows: Sequence[int] = range(len(tags))
    places: Sequence[int] = rows
    form_rows: Sequence[int] = rows
    if layout.with_places:
        tokens = [without_place(token) for token in tokens]
    try:
        if layout.numbered:
            tokens, form_rows, tags, places, rows = numbered_words([row[0] for row in block.rows], tokens, tags)
    except TokenError as error:
        raise source.error(str(error), block.lines[error.index]) from None
    try:
        chunks, repaired = decode(tags, layout.encoding, layout.repair)
    except TagError as error:
        row = rows[error.index]
        raise source.error(tag_fault(error, block.rows[row][layout.tag], layout), block.lines[row]) from None
    said = block.text(source) if layout.join is None else None
    try:
        text, bounds = joined(tokens, layout.join or "auto") if said is None else (said[0], located(tokens, said[0]))
    except TokenError as error:
        raise source.error(not_there(error, said[1] if said else 0), block.lines[form_rows[error.index]]) from None
    return Record(
        block.lines[0],
        id=id_,
        text=text,
        spans=tuple(Span(bounds[places[s]][0], bounds[places[e - 1]][1], label) for s, e, label in chunks),
        fidelity=Fidelity.SQUEEZED,
        repaired=repaired,
        places=len(tokens) if layout.with_places else 0,
        rivals=layout.rivals,
    )


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
    before each sentence, and ``# text = X`` where the tokens alone would be read as another text: few readers know such
    lines, and the others take them for a token. Raises ValueError for overlapping spans, for those with an edge inside
    a token, and for what no line can hold.
    """
    parts: list[str] = []
    for sample in samples:
        if comments and (not sample.id or sample.id != sample.id.strip() or "\n" in sample.id):
            raise ValueError(f"the id {sample.id!r} can't be written in a comment")
        places = tokens(sample)
        if not places:
            raise ValueError(f"{sample.called}: the text is only white space")
        try:
            words = [_token(sample.text[start:end]) for start, end in places]
            tags = encode(len(words), _chunks(sample, places), encoding)
        except ValueError as error:
            raise ValueError(f"{sample.called}: {error}") from None
        if not parts and not comments and words[0].startswith("\ufeff"):
            raise ValueError(f"{sample.called}: the text begins with a byte order mark, which a file can't begin with")
        if comments:
            parts.append(f"# id = {sample.id}\n")
            if is_told(sample.text, words):
                parts.append(f"# text = {sample.text}\n")
        parts += [f"{word}\t{tag}\n" for word, tag in zip(words, tags, strict=True)]
        parts.append("\n")
    return "".join(parts).encode()


def is_told(text: str, words: Sequence[str]) -> bool:
    """Whether a comment says the text of these tokens: they are read as another one, and a line can hold it."""
    return joined(words)[0] != text and text == text.strip() and len(text.splitlines()) == 1


def _token(word: str) -> str:
    if len(word.split()) != 1 or word.strip() != word:
        raise ValueError(f"the token {word!r} has white space in it")
    if word == DOCSTART:
        raise ValueError(f"the token {word!r} marks the beginning of a document in columns")
    return word


def _chunks(sample: Sample, places: Sequence[Bounds]) -> Iterator[Chunk]:
    """The spans in tokens."""
    starts, ends = [start for start, _ in places], [end for _, end in places]
    for span in sample.spans:
        if span.end > len(sample.text):
            raise ValueError(f"{span.label} {span.start}–{span.end} is outside the text")
        if len(span.label.split()) != 1 or span.label.strip() != span.label:
            raise ValueError(f"the label {span.label!r} can't be part of a tag{to_rename()}")
        first, behind = bisect_right(ends, span.start), bisect_left(starts, span.end)
        if first >= behind:
            raise ValueError(f"{span.label} {span.start}–{span.end} is only white space")
        if starts[first] < span.start or span.end < ends[behind - 1]:
            raise ValueError(f"{span.label} {span.start}–{span.end} has an edge inside a token")
        yield first, behind, span.label
