"""What follows from a text and its entities: ids, parents, surfaces, sentences; and the fingerprint.

A document of a file without ids is named after its text, so that two readings of one text have one id wherever it
stands; a text that occurs again has a number behind it. An export may write such an id down, which makes nobody's id of
it: one gold set is the same one with it and without, since the fingerprint leaves out ids that were made up.

A sentence ends behind 。！？ (half-width !? too) and the closing quotes or brackets that follow, or at the end of its
section. Commas, semicolons, colons and …… don't end one.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Any

from msgspec import structs

from tyez_bench.files.jsonl import encode, sha256
from tyez_bench.model.documents import Document, Entity, Sentence
from tyez_bench.model.spans import order_key, parents

_MADE = re.compile(r"(?P<text>[0-9a-f]{12})(-([2-9]|[1-9][0-9]+))?")
# What stands in the canonical form for an id that no file has.
_NO_ID = "-"
# The kind of a value, by the fields that give it away.
_KINDS = {"currency": "money", "amount": "money", "type": "timex3", "value": "timex3"}
_END = re.compile(r"[。！？!?]+[”’』」）)》】]*")


def is_made_up(id_: str, text: str) -> bool:
    """Whether an id is one that a document with this text is given where its file has none.

    Which of several documents of the same text it names is not asked, so that a part of a file is read like the whole.

    >>> is_made_up("5ca468f50ff8", "太原"), is_made_up("5ca468f50ff8-2", "太原"), is_made_up("5ca468f50ff8", "大同")
    (True, True, False)
    """
    made = _MADE.fullmatch(id_)
    return made is not None and made["text"] == _of_text(text)


def complete_ids(given: Iterable[tuple[str | None, str]]) -> Iterator[str]:
    """An id for each document, by the one that it has and its text: its own, else one that none of them has.

    >>> list(complete_ids([(None, "太原"), ("a", "太原"), (None, "太原")]))
    ['5ca468f50ff8', 'a', '5ca468f50ff8-2']
    """
    documents = list(given)
    taken = {id_ for id_, _ in documents if id_ is not None}
    numbers: dict[str, int] = {}
    for id_, text in documents:
        yield another_id(text, taken, numbers) if id_ is None else id_


def with_ids(records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Raw records of a gold set in our schema, where none has an id as the schema has it, with ids.

    A number is an id of other tools, and becomes a string; what else is wrong with a record stays so.
    """
    found = list(records)
    own = [str(id_) if type(id_ := record.get("id")) is int else None for record in found]
    texts = [text if isinstance(text := record.get("text"), str) else "" for record in found]
    for record, id_ in zip(found, complete_ids(zip(own, texts, strict=True)), strict=True):
        yield {**record, "id": id_} if record.get("id") is None or type(record["id"]) is int else record


def another_id(text: str, taken: Container[str], numbers: dict[str, int]) -> str:
    """The id of a further document with this text: the first that is not ``taken``.

    ``numbers`` has for each text how many were tried, so that many documents of one text take no more time than others.
    """
    made = _of_text(text)
    while True:
        number = numbers[made] = numbers.get(made, 0) + 1
        id_ = made if number == 1 else f"{made}-{number}"
        if id_ not in taken:
            return id_


def _of_text(text: str) -> str:
    # JSON can write half of a surrogate pair; what reads it refuses it in words.
    return sha256(text.encode("utf-8", "surrogatepass"))[:12]


def entity_id(document: str, start: int, end: int, label: str | None = None) -> str:
    """The id of an entity: the document's and its place; with its label where another entity has the same place.

    >>> entity_id("a", 0, 2), entity_id("a", 0, 2, "ORG")
    ('a:0-2', 'a:0-2:ORG')
    """
    return f"{document}:{start}-{end}" if label is None else f"{document}:{start}-{end}:{label}"


def canonical(document: Document) -> bytes:
    """The line of a document in the canonical form that fingerprints are made of.

    Without an id that was made up; entities and sentences that are named after the document lose it with it.
    """
    return encode(renamed(document, _NO_ID) if is_made_up(document.id, document.text) else document) + b"\n"


def fingerprint(documents: Iterable[Document]) -> str:
    """SHA-256 of the canonical form of documents, in hexadecimal digits.

    What was read from columns, from JSON Lines and from DocBin has one fingerprint when it is the same.
    """
    digest = hashlib.sha256()
    for document in documents:
        digest.update(canonical(document))
    return digest.hexdigest()


def renamed(document: Document, id_: str) -> Document:
    """The document under another id, and under it what of its entities and sentences is named after the document."""

    def new(name: str) -> str:
        return id_ + name[len(document.id) :] if name.startswith(document.id) else name

    return structs.replace(
        document,
        id=id_,
        sentences=tuple(structs.replace(one, id=new(one.id)) for one in document.sentences),
        entities=tuple(
            structs.replace(one, id=new(one.id), parent=None if one.parent is None else new(one.parent))
            for one in document.entities
        ),
    )


def complete(record: dict[str, Any]) -> dict[str, Any]:
    """Fill in what an entity may leave out, and order the entities.

    A record of the wrong shape is returned as it is: the conversion says what is wrong with it.
    """
    text, entities = record.get("text"), record.get("entities")
    if not isinstance(text, str) or not isinstance(entities, list):
        return record
    spans: list[tuple[int, int]] = []
    for entity in entities:
        start, end = (entity.get("start"), entity.get("end")) if isinstance(entity, dict) else (None, None)
        if type(start) is not int or type(end) is not int:
            return record
        spans.append((start, end))
    ordered = entities
    if not all(one[0] < other[0] for one, other in pairwise(spans)):
        ordered = sorted(entities, key=lambda e: (e["start"], -e["end"], str(e.get("type"))))
        spans = [(entity["start"], entity["end"]) for entity in ordered]
    completed: list[dict[str, Any]] = []
    document, before = str(record.get("id")), None
    for entity, span, parent in zip(ordered, spans, parents(spans), strict=True):
        start, end = span
        filled = {
            "id": entity_id(document, start, end, str(entity.get("type")) if span == before else None),
            "text": text[start:end],
            "parent": None if parent is None else completed[parent]["id"],
            **with_kind(entity),
        }
        completed.append(filled)
        before = span
    return {**record, "entities": completed}


def with_kind(entity: dict[str, Any]) -> dict[str, Any]:
    """Name the kind of an entity's value, which the value's own fields give away."""
    value = entity.get("value")
    if not isinstance(value, dict) or "kind" in value:
        return entity
    kind = next((kind for key, kind in _KINDS.items() if key in value), None)
    return entity if kind is None else {**entity, "value": {"kind": kind, **value}}


def with_entities(document: Document, entities: list[Entity]) -> Document:
    """Return ``document`` with ``entities``, ordered, each with its parent. Raises ValueError."""
    entities = sorted(entities, key=order_key)
    around = parents([(entity.start, entity.end) for entity in entities])
    nested = tuple(
        structs.replace(entity, parent=None if parent is None else entities[parent].id)
        for entity, parent in zip(entities, around, strict=True)
    )
    return structs.replace(document, entities=nested)


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the section ``start``–``end`` as half-open offsets into ``text``.

    Together they cover the section: nothing is left out between them.
    """
    begin = start
    for match in _END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def with_sentences(document: Document) -> Document:
    """The document with the sentences of our rule; two that an entity crosses are one."""
    bounds: list[tuple[int, int]] = []
    edges = [edge for part in _sections(document) for edge in split_sentences(document.text, *part)]
    starts = [entity.start for entity in document.entities]
    # How far the entities reach that begin at one place or before it.
    reach = list(accumulate((entity.end for entity in document.entities), max))
    for start, end in edges:
        before = bisect_left(starts, start)
        if before and reach[before - 1] > start:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    sentences = tuple(
        Sentence(id=f"{document.id}.s{number}", start=start, end=end) for number, (start, end) in enumerate(bounds, 1)
    )
    return structs.replace(document, sentences=sentences)


def _sections(document: Document) -> Iterator[tuple[int, int]]:
    """The lines of the text that have anything in them."""
    start = 0
    for line in document.text.split("\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1
