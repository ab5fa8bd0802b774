"""Plain native JSON Lines, decoded in chunks without a look at each record, and their canonical form.

Plain is a gold set of records with an id, a text and entities, a set of predictions of records with an id and entities,
and entities with a start, an end, a type and perhaps their text. Of anything else, and of whatever is wrong, nothing is
said here: the readers take the files then, and have the words for it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, Struct, UnsetType
from numpy.typing import NDArray

from tyez_bench.files.inputs import GZIP, limits
from tyez_bench.files.jsonl import encode
from tyez_bench.model.documents import Document, Entity

# Bytes of a file at a time.
CHUNK = 1 << 19
# A line of more chunks than these is nobody's plain record.
_LONGEST = 64


class PlainSpan(Struct, gc=False, forbid_unknown_fields=True):
    """An entity of a plain record."""

    start: int
    end: int
    type: str
    text: str | UnsetType = UNSET


class PlainDocument(Struct, gc=False, forbid_unknown_fields=True):
    """A record of a plain gold set."""

    id: str
    text: str
    entities: list[PlainSpan]


class PlainPrediction(Struct, gc=False, forbid_unknown_fields=True):
    """A record of plain predictions."""

    id: str
    entities: list[PlainSpan]


class NotPlainError(Exception):
    """The files are for the readers of ``io``."""


def records(file: Any, kind: type[Any], *, whole: bool) -> Iterator[list[Any]]:
    """The records of a file, in chunks; the limit of what is read is one of the ``whole``, or of each line.

    Raises NotPlainError.
    """
    decoder = msgspec.json.Decoder(kind)
    return (_decoded(lines, decoder) for lines in _lines(file, whole=whole))


def decoded(gold: bytes, predictions: bytes) -> tuple[list[PlainDocument], list[PlainPrediction]]:
    """The records of some lines of both sides. Raises NotPlainError."""
    one, other = map(msgspec.json.Decoder, (PlainDocument, PlainPrediction))
    return _decoded(gold, one), _decoded(predictions, other)


def documents(lines: bytes) -> list[PlainDocument]:
    """The records of some lines of a gold set, without the last line feed. Raises NotPlainError."""
    return _decoded(lines, msgspec.json.Decoder(PlainDocument))


def _lines(file: Any, *, whole: bool) -> Iterator[bytes]:
    """The lines of a file, many at a time, without the last line feed of each time."""
    rest, size = b"", 0
    while True:
        data = file.read(CHUNK)
        size += len(data)
        packed = size == len(data) and data.startswith(GZIP)
        if packed or (size if whole else len(rest)) > limits().plain or len(rest) > _LONGEST * CHUNK:
            raise NotPlainError
        lines, feed, behind = (rest + data).rpartition(b"\n")
        if not data:
            # What is left has no line feed.
            if behind:
                yield behind
            return
        rest = behind
        if feed:
            yield lines


def _decoded(chunk: bytes, decoder: msgspec.json.Decoder[Any]) -> list[Any]:
    # The decoder of lines takes values as they follow one another, several in a line and one over several, too. Between
    # an object's end and the next one's beginning nothing but a line feed is a line's end for certain.
    if b"\r" in chunk or chunk[:1] != b"{" or chunk[-1:] != b"}":
        raise NotPlainError
    codes = np.frombuffer(chunk, np.uint8)
    feeds = np.flatnonzero(codes == _LINE_FEED)
    if (codes[feeds - 1] != _CLOSING).any() or (codes[feeds + 1] != _OPENING).any():
        raise NotPlainError
    try:
        found: list[Any] = decoder.decode_lines(chunk)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise NotPlainError from None
    # A record a line, no line empty; and no key twice, of which the decoder takes the last without a word: each key
    # that was found stands there once, and nothing else looks like one.
    entities = list(chain.from_iterable(record.entities for record in found))
    keys = sum(map(len, (record.__struct_fields__ for record in found[:1]))) * len(found) + 4 * len(entities)
    keys -= [one.text for one in entities].count(UNSET)
    before = codes[np.flatnonzero(codes == _COLON) - 1]
    odd = ((before == _SPACE) | (before == _TAB)).any() and _ODD_KEY.search(chunk)
    if len(found) != len(feeds) + 1 or int((before == _QUOTE).sum()) != keys or odd:
        raise NotPlainError
    return found


_ODD_KEY = re.compile(rb'"[ \t]+:')
_LINE_FEED, _TAB, _SPACE, _QUOTE, _COLON, _OPENING, _CLOSING = b'\n\t ":{}'


def line_by_line(gold: Any, predictions: Any, *, whole: bool) -> Iterator[tuple[bytes, bytes]]:
    """Chunks of the lines of one file, and as many lines of another one; limits are those of :func:`records`.

    Raises NotPlainError where one has fewer lines.
    """
    rest = b""
    size = 0
    for lines in _lines(gold, whole=whole):
        wanted = lines.count(b"\n") + 1
        parts, found = [rest], rest.count(b"\n")
        while found < wanted and (data := predictions.read(CHUNK)):
            size += len(data)
            parts.append(data)
            found += data.count(b"\n")
            if (size if whole else len(data) * len(parts)) > limits().plain:
                raise NotPlainError
        there = b"".join(parts)
        if found < wanted - 1 or not there:
            raise NotPlainError
        feeds = np.flatnonzero(np.frombuffer(there, np.uint8) == _LINE_FEED)
        end = int(feeds[wanted - 1]) if found >= wanted else len(there)
        yield lines, there[:end]
        rest = there[end + 1 :]
    if rest or predictions.read(1):
        raise NotPlainError


def paired(
    gold: Iterator[list[PlainDocument]], predictions: Iterator[list[PlainPrediction]]
) -> Iterator[tuple[list[PlainDocument], list[list[PlainSpan] | None]]]:
    """Each chunk of the gold with the entities predicted for its records, None for a record without a prediction.

    Raises NotPlainError for predictions that are not in the order of the gold.
    """
    waiting: list[PlainPrediction] = []
    nothing: list[PlainPrediction] = []
    for chunk in gold:
        while len(waiting) < len(chunk) and (more := next(predictions, nothing)) is not nothing:
            waiting += more
        ids, following = [record.id for record in chunk], [record.id for record in waiting[: len(chunk)]]
        if ids == following:
            yield chunk, [record.entities for record in waiting[: len(chunk)]]
            waiting = waiting[len(chunk) :]
            continue
        found: list[list[PlainSpan] | None] = []
        at = 0
        for id_ in ids:
            if at < len(waiting) and waiting[at].id == id_:
                found.append(waiting[at].entities)
                at += 1
            else:
                found.append(None)
        yield chunk, found
        waiting = waiting[at:]
    if waiting or next(predictions, nothing):
        raise NotPlainError


def _templates() -> tuple[list[bytes], list[bytes]]:
    """The canonical form of a document without entities, and of an entity, in pieces: what is filled in is between."""
    entity = encode(Entity(id="#:#-#", start=1, end=2, text="#", type="#")).replace(b":1,", b":#,")
    document = encode(Document(id="#", text="#", entities=())).replace(b'"entities":[]', b'"entities":[#]')
    pieces = entity.replace(b":2,", b":#,").split(b"#"), document.split(b"#")
    assert tuple(map(len, pieces)) == (8, 4)
    return pieces


(_BEFORE, _COLON_OF_ID, _DASH, _TO_START, _TO_END, _TO_SURFACE, _TO_TYPE, _BEHIND), _OF_DOCUMENT = _templates()
_TO_ID, _TO_TEXT, _TO_ENTITIES = _OF_DOCUMENT[:3]
_END = _OF_DOCUMENT[3] + b"\n"


class Columns(NamedTuple):
    """The entities of some documents beside one another; ``document`` is the number of that of each, in order."""

    document: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    labels: list[str]


def canonical(ids: Sequence[str], texts: Sequence[str], entities: Columns, surfaces: Sequence[str]) -> bytes:
    """The lines of documents in the form that fingerprints are made of, as ``gold.derived.canonical`` makes each.

    Their ids are nobody's but their own, and their entities neither nest nor cross.
    """
    # What stands before the colon of each entity's id: of the first of a document, all that is before it.
    heads: list[bytes] = []
    waiting = b""
    sizes = np.bincount(entities.document, minlength=len(ids)).tolist()
    for id_, text, size in zip(_escaped(ids), _escaped(texts), sizes, strict=True):
        if size:
            own = _BEFORE + id_
            heads.append(b"".join((waiting, _TO_ID, id_, _TO_TEXT, text, _TO_ENTITIES, own)))
            heads += [b"," + own] * (size - 1)
            waiting = _END
        else:
            waiting = b"".join((waiting, _TO_ID, id_, _TO_TEXT, text, _TO_ENTITIES, _END))
    tails = {label: b"".join((_TO_TYPE, *_escaped([label]), _BEHIND)) for label in set(entities.labels)}
    # All side by side: much faster than one after the other.
    pieces = [waiting] * (4 * len(heads) + 1)
    pieces[0:-1:4] = heads
    pieces[1::4] = map(_Places().__getitem__, (entities.start << _BITS | entities.end).tolist())
    pieces[2::4] = _escaped(surfaces)
    pieces[3::4] = map(tails.__getitem__, entities.labels)
    return b"".join(pieces)


_BITS = 31


class _Places(dict[int, bytes]):
    """What stands between an entity's document and its text, by its offsets: few differ in a chunk of sentences."""

    def __missing__(self, key: int) -> bytes:
        start, end = divmod(key, 1 << _BITS)
        one, other = b"%d" % start, b"%d" % end
        found = self[key] = b"".join((_COLON_OF_ID, one, _DASH, other, _TO_START, one, _TO_END, other, _TO_SURFACE))
        return found


def _escaped(texts: Sequence[str]) -> list[bytes]:
    """Texts as JSON has them, between its quotation marks."""
    every = "".join(texts).encode("utf-8", "surrogatepass")
    if len(every.translate(None, _ESCAPED)) == len(every):
        return list(map(str.encode, texts))
    return [encode(text)[1:-1] for text in texts]


_ESCAPED = b'"\\\x7f' + bytes(range(32))
