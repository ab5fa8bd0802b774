"""Plain records of a gold set as documents, many lines at a time and without an object of JSON for each entity.

Plain is what ``io.plain`` says. Of a part of a file in which a line is anything else nothing is said here, and of a
record whose entities overlap or are wrong in any way, neither: the reader of raw records has the words for it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import UNSET

from tyez_bench.gold.derived import entity_id
from tyez_bench.io.plain import CHUNK, NotPlainError, PlainDocument, documents
from tyez_bench.model.documents import Document, Entity


class Part(NamedTuple):
    """Some lines of a file, and the number of the first of them."""

    data: bytes
    first: int


def parts(data: bytes) -> Iterator[Part]:
    """A file in parts of whole lines."""
    at, line = 0, 1
    while True:
        end = data.find(b"\n", at + CHUNK) + 1 or len(data)
        part = data[at:end]
        yield Part(part, line)
        at, line = end, line + part.count(b"\n")
        if at == len(data):
            return


def plain_records(part: Part) -> list[PlainDocument] | None:
    """The records of lines that are all plain; None for others."""
    try:
        return documents(part.data.removesuffix(b"\n"))
    except NotPlainError:
        return None


def plain_document(record: PlainDocument, surfaces: dict[str, str]) -> Document | None:
    """The document of a plain record; None where its entities overlap, or anything is wrong with it.

    ``surfaces`` has each surface of the file once: a name that is there a thousand times is one string in memory.
    """
    id_, text, at = record.id, record.text, 0
    entities = []
    for one in record.entities:
        start, end = one.start, one.end
        surface = text[start:end]
        if not at <= start < end <= len(text) or not one.type or (one.text != surface and one.text is not UNSET):
            return None
        entities.append(
            Entity(
                id=entity_id(id_, start, end),
                start=start,
                end=end,
                text=surfaces.setdefault(surface, surface),
                type=surfaces.setdefault(one.type, one.type),
            )
        )
        at = end
    return Document(id=id_, text=text, entities=tuple(entities)) if id_ and text else None
