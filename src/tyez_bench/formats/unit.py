"""The parts of a gold set that a record can stand for: a document, a sentence, a stretch of either, the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tyez_bench.corpus.gold import Gold
from tyez_bench.model import Document

PAGE = "page"


class Key(StrEnum):
    """By what a record was placed."""

    DOCUMENT = "document"
    SENTENCE = "sentence"
    PAGE = "page"
    TEXT = "text"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a document that a record stands for. ``number`` is the sentence's, from 0, if it is one.

    A record for the whole page has no document.
    """

    key: Key
    document: Document | None
    start: int = 0
    end: int = 0
    number: int | None = None

    @property
    def text(self) -> str | None:
        """The gold's text there; None for the page, whose text the gold does not have."""
        return None if self.document is None else self.document.text[self.start : self.end]

    @property
    def is_document(self) -> bool:
        """Whether it is a whole document."""
        if self.document is None or self.number is not None:
            return False
        return self.start == 0 and self.end == len(self.document.text)

    @property
    def name(self) -> str:
        """What it is, for people."""
        if self.document is None:
            return PAGE
        if self.number is not None:
            return f"sentence id {self.document.sentences[self.number].id!r}"
        whole_name = f"document id {self.document.id!r}"
        return whole_name if self.is_document else f"{whole_name}, {self.start}–{self.end},"


def sentences_of(gold: Gold, key: Key) -> Iterator[Place]:
    """The sentences in order, as found by ``key``."""
    for document in gold:
        for number, sentence in enumerate(document.sentences):
            yield Place(key, document, sentence.start, sentence.end, number)


def documents_of(gold: Gold, key: Key) -> Iterator[Place]:
    """The documents in order, as found by ``key``."""
    return (Place(key, document, 0, len(document.text)) for document in gold)
