"""The rows of the published tables, as plain Python values. What each column holds is in ``columns``."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from tyez_bench.gold.build.adjudication import Decision, Reading
from tyez_bench.gold.gold import Gold
from tyez_bench.io.encodings import encode
from tyez_bench.io.export.columns import TAGS, VALUE
from tyez_bench.io.export.words import Bounds, Segmenter, place_words, snap
from tyez_bench.model.documents import Document, Entity, Sentence
from tyez_bench.model.errors import InputError
from tyez_bench.model.values import Money, Timex

Row = dict[str, Any]
UNITS = ("document", "sentence")


class Unit(NamedTuple):
    """A sentence, or a whole document, with its entities; offsets are those of the document.

    ``parts`` are the sentences in it, as offsets into its text.
    """

    document: Document
    sentence: Sentence
    entities: tuple[Entity, ...]
    parts: tuple[Bounds, ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return self.document.text[self.sentence.start : self.sentence.end]

    def place(self, places: Mapping[str, str]) -> str | None:
        """Where it stands, by the ``places`` of documents whose ids are made up; None where the id is the file's."""
        place = places.get(self.document.id)
        return None if place is None else place + self.sentence.id.removeprefix(self.document.id)

    def flat(self, *, required: bool) -> list[Entity]:
        """The required, or the optional, entities of the outermost layer."""
        return [e for e in self.entities if e.outermost and e.required is required]

    def bounds(self, entity: Entity) -> Bounds:
        """Where an entity stands in the sentence."""
        return entity.start - self.sentence.start, entity.end - self.sentence.start


def units(document: Document) -> Iterator[Unit]:
    """The sentences of a document; where it has none, the document as one, if there is a character in it.

    Raises InputError for an entity that lies in no sentence.
    """
    at, entities = 0, document.entities
    for sentence in _sentences(document):
        first = at
        while at < len(entities) and sentence.start <= entities[at].start < entities[at].end <= sentence.end:
            at += 1
        yield Unit(document, sentence, entities[first:at], ((0, sentence.end - sentence.start),))
    if at < len(entities):
        raise InputError(f"document {document.id!r}: the entity {entities[at].id!r} lies in no sentence")


def whole(document: Document) -> Unit:
    """A document as one unit, under its own id."""
    sentence = Sentence(id=document.id, start=0, end=len(document.text))
    parts = tuple((sentence.start, sentence.end) for sentence in _sentences(document))
    return Unit(document, sentence, document.entities, parts)


def _sentences(document: Document) -> tuple[Sentence, ...]:
    if not document.sentences and document.text:
        return (Sentence(id=document.id, start=0, end=len(document.text)),)
    return document.sentences


def words_of(unit: Unit, segment: Segmenter) -> list[Bounds]:
    """The words of a sentence, or of a whole document; segmenters are given a sentence at a time."""
    found = []
    for start, end in unit.parts:
        text = unit.text[start:end]
        found += [(a + start, b + start) for a, b in place_words(text, segment(text))]
    return found


def document_rows(gold: Iterable[Document]) -> Iterator[Row]:
    """A row a document."""
    for document in gold:
        yield {
            "id": document.id,
            "title": document.title,
            "text": document.text,
            "district": _fields(document.district, ("name", "code")),
            "byline": document.byline,
            "date": _fields(document.date, ("value", "reference", "basis")),
            "code_edition": document.code_edition,
            "sections": [_fields(section, ("role", "start", "end")) for section in document.sections],
            "sentences": [_fields(sentence, ("id", "start", "end")) for sentence in document.sentences],
            "provenance": [run._asdict() for run in document.provenance],
            "entities": list(_entities(document)),
        }


def sentence_rows(gold: Iterable[Document]) -> Iterator[Row]:
    """A row a sentence; its entities have offsets into it and into the document."""
    for document in gold:
        depths = depths_of(document)
        for unit in units(document):
            base = unit.sentence.start
            yield {
                **_head(unit),
                "section": _section(unit),
                "text": unit.text,
                "entities": [
                    {**entity_row(document, e, depths[e.id], base), "document_start": e.start, "document_end": e.end}
                    for e in unit.entities
                ],
            }


def token_rows(gold: Iterable[Document]) -> Iterator[Row]:
    """A row a sentence: its characters with tags."""
    for document in gold:
        for unit in units(document):
            if unit.text:
                yield {**_head(unit), **_tagged(unit, [(at, at + 1) for at in range(len(unit.text))])[0]}


def word_rows(gold: Iterable[Document], segmenters: Mapping[str, Segmenter]) -> Iterator[Row]:
    """A row a segmenter and sentence: its words with tags, and the entities that the words cut."""
    documents = list(gold)
    for name, segment in segmenters.items():
        for document in documents:
            for unit in units(document):
                words = words_of(unit, segment)
                columns, cut = _tagged(unit, words)
                yield {
                    "segmenter": name,
                    **_head(unit),
                    "tokens": columns["tokens"],
                    "offsets": [{"start": start, "end": end} for start, end in words],
                    "ner_tags": columns["ner_tags"],
                    "optional": columns["optional"],
                    "misaligned": [
                        {
                            "id": entity.id,
                            **dict(zip(("start", "end"), unit.bounds(entity), strict=True)),
                            "text": entity.text,
                            "type": str(entity.type),
                        }
                        for entity in cut
                    ],
                }


def entity_rows(gold: Iterable[Document]) -> Iterator[Row]:
    """A row an entity, with offsets into the document."""
    for document in gold:
        sentences = [unit.sentence.id for unit in units(document) for _ in unit.entities]
        for sentence, row in zip(sentences, _entities(document), strict=True):
            yield {"document": document.id, "sentence": sentence, **row}


def pass_rows(passes: Mapping[str, Gold]) -> Iterator[Row]:
    """A row a pass and document."""
    for name, documents in passes.items():
        for document in documents:
            yield {
                "annotator": name,
                "document": document.id,
                "text": document.text,
                "entities": list(_entities(document)),
            }


def decision_rows(log: Iterable[Decision]) -> Iterator[Row]:
    """A row an entry of the adjudication log."""
    for entry in log:
        yield {
            **_plain(entry, ("id", "document", "start", "end", "text", "origin")),
            **{name: _reading(getattr(entry, name)) for name in ("a", "b", "decision")},
            "rule": entry.rule,
            "reason": entry.reason,
        }


def _head(unit: Unit) -> Row:
    sentence = unit.sentence
    return {"id": sentence.id, "document": unit.document.id, "start": sentence.start, "end": sentence.end}


def _section(unit: Unit) -> str | None:
    sections = unit.document.sections
    return next((s.role for s in sections if s.start <= unit.sentence.start and unit.sentence.end <= s.end), None)


def _tagged(unit: Unit, words: list[Bounds]) -> tuple[Row, list[Entity]]:
    """Tokens, tags and optional positions of a sentence cut into ``words``; the entities that they cut."""
    fitting, moved = snap([(unit.bounds(e), e) for e in unit.flat(required=True)], words, "drop")
    first = {start: index for index, (start, _) in enumerate(words)}
    behind = {end: index + 1 for index, (_, end) in enumerate(words)}
    tags = encode(len(words), [(first[start], behind[end], str(e.type)) for (start, end), e in fitting], "bio")
    optional = [unit.bounds(e) for e in unit.flat(required=False)]
    columns = {
        "tokens": [unit.text[start:end] for start, end in words],
        "ner_tags": [TAGS.index(tag) for tag in tags],
        "optional": [any(a < end and start < b for a, b in optional) for start, end in words],
    }
    return columns, [entity for entity, _, _ in moved]


def _entities(document: Document) -> Iterator[Row]:
    depths = depths_of(document)
    return (entity_row(document, entity, depths[entity.id]) for entity in document.entities)


def entity_row(document: Document, entity: Entity, depth: int, base: int = 0) -> Row:
    """An entity with offsets counted from ``base``; its depth is that in the document."""
    last = document.page_offset(entity.end - 1)
    return {
        "id": entity.id,
        "start": entity.start - base,
        "end": entity.end - base,
        "text": entity.text,
        "type": str(entity.type),
        "parent": entity.parent,
        "depth": depth,
        **{name: value for name, value in _reading(entity, base).items() if name != "type"},
        "page_start": document.page_offset(entity.start),
        "page_end": None if last is None else last + 1,
    }


def depths_of(document: Document) -> dict[str, int]:
    """By id, how many entities lie around each."""
    depths: dict[str, int] = {}
    for entity in document.entities:
        depths[entity.id] = 0 if entity.parent is None else depths[entity.parent] + 1
    return depths


def _reading(read: Reading | Entity | None, base: int = 0) -> Any:
    if read is None:
        return None
    return {
        "type": str(read.type),
        "status": str(read.status),
        "alternatives": [{"start": start - base, "end": end - base} for start, end in read.alternatives],
        "role": None if read.role is None else str(read.role),
        "value": value_row(read.value),
        "code": read.code,
        "rule": read.rule,
    }


def value_row(value: Money | Timex | None) -> Row | None:
    """A value with the columns of both kinds; those that it lacks are None."""
    if value is None:
        return None
    kind = "money" if isinstance(value, Money) else "timex3"
    fields = {name: getattr(value, name, None) for name in VALUE if name != "kind"}
    return {"kind": kind, **{name: None if field is None else str(field) for name, field in fields.items()}}


def _plain(record: object, names: Iterable[str]) -> Row:
    return {name: getattr(record, name) for name in names}


def _fields(record: object | None, names: Iterable[str]) -> Row | None:
    return None if record is None else _plain(record, names)
