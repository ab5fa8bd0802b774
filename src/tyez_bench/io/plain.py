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
CHUNK = 2 << 20
# A line of more chunks than these is nobody's plain record.
_LONGEST = 16


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
    rest, size = b"", 0
    while True:
        data = file.read(CHUNK)
        size += len(data)
        packed = size == len(data) and data.startswith(GZIP)
        if packed or (size if whole else len(rest)) > limits().plain or len(rest) > _LONGEST * CHUNK:
            raise NotPlainError
        chunk, feed, behind = (rest + data).rpartition(b"\n")
        if not data:
            # What is left has no line feed.
            if behind:
                yield _decoded(behind, decoder)
            return
        rest = behind
        if feed:
            yield _decoded(chunk, decoder)


_ODD_KEY = re.compile(rb'"[ \t]+:')


def _decoded(chunk: bytes, decoder: msgspec.json.Decoder[Any]) -> list[Any]:
    # The decoder of lines takes values as they follow one another, several in a line and one over several, too. Between
    # an object's end and the next one's beginning nothing but a line feed is a line's end for certain.
    feeds = chunk.count(b"\n")
    if b"\r" in chunk or chunk[:1] != b"{" or chunk[-1:] != b"}" or chunk.count(b"}\n{") != feeds:
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
    if len(found) != feeds + 1 or chunk.count(b'":') != keys or _ODD_KEY.search(chunk):
        raise NotPlainError
    return found


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


def _template() -> tuple[str, str]:
    """The canonical form of a document without entities but for these, and of an entity, to be filled in."""
    entity = Entity(id="i:1-2", start=1, end=2, text="t", type="l")
    of_entity = encode(entity).decode().replace("%", "%%")
    for there, here in (("i:1-2", "%s:%d-%d"), (":1,", ":%d,"), (":2,", ":%d,"), ('"t"', "%s"), ('"l"', "%s")):
        assert of_entity.count(there) == 1
        of_entity = of_entity.replace(there, here)
    document = encode(Document(id="i", text="t", entities=())).decode().replace("%", "%%")
    for there, here in (('"i"', "%s"), ('"t"', "%s"), ('"entities":[]', '"entities":[%s]')):
        assert document.count(there) == 1
        document = document.replace(there, here)
    return document + "\n", of_entity


_DOCUMENT, _ENTITY = _template()


class Columns(NamedTuple):
    """The entities of some documents beside one another; ``document`` is the number of that of each, in order."""

    document: NDArray[np.int64]
    starts: list[int]
    ends: list[int]
    labels: list[str]
    surfaces: list[str]


def canonical(ids: Sequence[str], texts: Sequence[str], entities: Columns) -> bytes:
    """The lines of documents in the form that fingerprints are made of, as ``gold.derived.canonical`` makes each.

    Their ids are nobody's but their own, and their entities neither nest nor cross.
    """
    id_, text, surface, label = map(_quoted, (ids, texts, entities.surfaces, entities.labels))
    inner = [one[1:-1] for one in id_]
    starts, ends = entities.starts, entities.ends
    names = map(inner.__getitem__, entities.document.tolist())
    lines = list(map(_ENTITY.__mod__, zip(names, starts, ends, starts, ends, surface, label, strict=True)))
    cuts = np.cumsum(np.bincount(entities.document, minlength=len(ids))).tolist()
    return "".join(
        _DOCUMENT % (one, other, ",".join(lines[first:behind]))
        for one, other, first, behind in zip(id_, text, [0, *cuts[:-1]], cuts, strict=True)
    ).encode()


def _quoted(texts: Sequence[str]) -> list[str]:
    """Texts as JSON has them."""
    if _ESCAPED.search("".join(texts)) is None:
        return [f'"{text}"' for text in texts]
    return [encode(text).decode() for text in texts]


_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]')
