"""Which document, or which part of one, each record stands for."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.texts import Folded, align_hint, first_difference, harmless, shared, squeezed, whole
from tyez_bench.io.record import Fidelity, Record
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import InputError, counted

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


Fold = Callable[[str], Folded]
_FOLDS = {Fidelity.EXACT: (whole,), Fidelity.SQUEEZED: (squeezed,), Fidelity.COPIED: (whole, squeezed)}


class _Texts:
    """Documents and sentences by their folded text."""

    def __init__(self, gold: Gold, fold: Fold):
        self.fold = fold
        self.documents = [fold(document.text) for document in gold]
        # Documents and sentences by themselves, each in the order of the gold.
        self.places: dict[str, tuple[list[Place], list[Place]]] = {}
        for place, folded in zip(documents_of(gold, Key.TEXT), self.documents, strict=True):
            self.places.setdefault(folded.text, ([], []))[0].append(place)
        for place in sentences_of(gold, Key.TEXT):
            self.places.setdefault(fold(place.text or "").text, ([], []))[1].append(place)


@dataclass
class Finder:
    """Places records one after the other, and remembers what is taken."""

    gold: Gold
    source: Source
    align: bool
    last: Place | None = None
    taken: set[tuple[str, int | None]] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    texts: dict[Fold, _Texts] = field(default_factory=dict)

    @cached_property
    def sentences(self) -> dict[str, Place]:
        """The sentences by their ids."""
        return {p.document.sentences[p.number or 0].id: p for p in sentences_of(self.gold, Key.SENTENCE) if p.document}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The documents' positions by their ids."""
        return {document.id: number for number, document in enumerate(self.gold)}

    def find(self, record: Record) -> Place:
        """The place of the next record. Raises InputError."""
        place = self.by_id(record, record.id) if record.id is not None else None
        if place is None and record.text is None:
            raise self.source.error(f"unknown document id {record.id!r}", record.line, record.path)
        if place is None:
            place = self.by_text(record, record.text or "")
        if place.document is not None:
            self.last = place
            if place.is_document:
                self.taken.add((place.document.id, None))
            self.begun.add(place.document.id)
            self.taken.add((place.document.id, place.start))
        return place

    def in_order(self, records: Sequence[Record]) -> list[Place] | None:
        """The places of columns of tokens that are, one behind the other, the gold's texts in their order; else None.

        Where texts are alike, no look at one record alone can tell which of them it is.
        """
        if any(record.id is not None or record.fidelity is not Fidelity.SQUEEZED for record in records):
            return None
        texts = self.texts.setdefault(squeezed, _Texts(self.gold, squeezed))
        keys = [texts.fold(record.text or "").text for record in records]
        if "".join(keys) != "".join(folded.text for folded in texts.documents):
            return None
        places: list[Place] = []
        rest = iter(keys)
        for document, folded in zip(self.gold, texts.documents, strict=True):
            begin, size = 0, len(folded.text)
            while begin < size:
                end = begin + len(next(rest))
                if not begin < end <= size:
                    return None
                is_whole = (begin, end) == (0, size)
                bounds = (0, len(document.text)) if is_whole else (folded.owners[begin], folded.owners[end - 1] + 1)
                places.append(Place(Key.TEXT, document, *bounds))
                begin = end
        return places if len(places) == len(records) else None

    def by_id(self, record: Record, id_: str) -> Place | None:
        """The document, the part of it, the sentence or the page that the id names."""
        if id_ in self.gold:
            document = self.gold[id_]
            if record.fidelity is Fidelity.SQUEEZED and record.text is not None:
                for texts in self.folds(record):
                    part = self.stretch(texts, texts.fold(record.text).text, self.numbers[document.id])
                    if part is not None:
                        return Place(Key.DOCUMENT, document, part.start, part.end)
            return Place(Key.DOCUMENT, document, 0, len(document.text))
        if id_ in self.sentences:
            return self.sentences[id_]
        return Place(Key.PAGE, None) if id_ in (PAGE, self.gold.name) else None

    def folds(self, record: Record) -> Iterator[_Texts]:
        """The ways in which the record's text may equal the gold's, from the strictest on."""
        for fold in (*_FOLDS[record.fidelity], *((harmless,) if self.align else ())):
            if fold not in self.texts:
                self.texts[fold] = _Texts(self.gold, fold)
            yield self.texts[fold]

    def by_text(self, record: Record, text: str) -> Place:
        """The document or sentence with the text; for tokens also the part of a document that comes next."""
        known = False
        for texts in self.folds(record):
            key = texts.fold(text).text
            known = known or key in texts.places
            following = self.following()
            if following is not None and texts.fold(following.text or "").text == key:
                return following
            tokens = record.fidelity is Fidelity.SQUEEZED and key != ""
            if tokens and self.last is not None and self.last.document is not None:
                part = self.stretch(texts, key, self.numbers[self.last.document.id], at_start=False)
                if part is not None:
                    return part
            for candidates in texts.places.get(key, ()):
                place = self.next_of(candidates)
                if place is not None:
                    return place
            if tokens:
                part = self.beginning(texts, key)
                if part is not None:
                    return part
        if known:
            raise self.source.error(
                f"the text {_short(text)} occurs more often than in the gold", record.line, record.path
            )
        raise self.source.error(f"the text matches no document; {self.nearest(record, text)}", record.line, record.path)

    def next_of(self, candidates: list[Place]) -> Place | None:
        """The first free place behind the last record, else the first of all. What is taken is removed."""
        behind = 0 if self.last is None else bisect_right(candidates, self.position(self.last), key=self.position)
        for first in (behind, 0):
            while first < len(candidates):
                place = candidates.pop(first)
                if self.is_free(place):
                    return place
        return None

    def position(self, place: Place) -> tuple[int, int]:
        """Where a place begins: the number of its document, and the character."""
        return (-1, 0) if place.document is None else (self.numbers[place.document.id], place.start)

    def is_free(self, place: Place) -> bool:
        """Whether nothing of the place is taken, as far as documents and sentences go."""
        if place.document is None or (place.document.id, None) in self.taken:
            return False
        if place.is_document and place.document.id in self.begun:
            return False
        return (place.document.id, place.start) not in self.taken

    def following(self) -> Place | None:
        """The sentence behind the last record's, if that was one: of equal sentences the one in order is meant."""
        last = self.last
        if last is None or last.document is None or last.number is None:
            return None
        document, number = last.document, last.number + 1
        if number == len(document.sentences):
            position = self.numbers[document.id] + 1
            if position == len(self.gold) or not self.gold[position].sentences:
                return None
            document, number = self.gold[position], 0
        sentence = document.sentences[number]
        place = Place(Key.TEXT, document, sentence.start, sentence.end, number)
        return place if self.is_free(place) else None

    def stretch(self, texts: _Texts, key: str, number: int, *, at_start: bool = True) -> Place | None:
        """The part of a document that goes on where the last record ended, or that the document begins with."""
        document, folded = self.gold[number], texts.documents[number]
        begin = 0
        if self.last is not None and self.last.document is document and not self.last.is_document:
            begin = bisect_left(folded.owners, self.last.end)
        elif not at_start or document.id in self.begun:
            return None
        end = begin + len(key)
        if not key or not folded.text.startswith(key, begin):
            return None
        # A character of which only a part is in the record belongs to no record.
        if end < len(folded.owners) and folded.owners[end - 1] == folded.owners[end]:
            return None
        return Place(Key.TEXT, document, folded.owners[begin], folded.owners[end - 1] + 1)

    def beginning(self, texts: _Texts, key: str) -> Place | None:
        """The beginning of another document: of the next one if it fits, else of the first that does."""
        last = -1 if self.last is None or self.last.document is None else self.numbers[self.last.document.id]
        for number in (*range(last + 1, len(self.gold)), *range(last)):
            part = self.stretch(texts, key, number)
            if part is not None:
                return part
        return None

    def nearest(self, record: Record, text: str) -> str:
        """The document or sentence that begins most like the text, and where they part, in words."""
        fold = squeezed if record.fidelity is Fidelity.SQUEEZED else whole
        own = fold(text).text
        best: tuple[int, int, str, Place] | None = None
        for place in (*documents_of(self.gold, Key.TEXT), *sentences_of(self.gold, Key.TEXT)):
            other = fold(place.text or "").text
            likeness = shared(own, other), -abs(len(own) - len(other))
            if best is None or likeness > best[:2]:
                best = (*likeness, other, place)
        hint = "" if self.align or harmless(text).text not in _Texts(self.gold, harmless).places else align_hint()
        if best is None or best[0] == 0:
            return f"none begins with {text[:1]!r}{hint}"
        return f"the nearest is {best[3].name}, {first_difference(own, best[2])}{hint}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")


def place_records(records: Sequence[Record], gold: Gold, source: Source, *, align: bool = False) -> list[Place]:
    """The place of each record, in the order of the records.

    By its id (of a document or a sentence, or ``page``), else by its text, where columns of tokens that are together
    the whole gold are taken in order; records that have neither by their position. Raises InputError for a record that
    belongs nowhere, and for what is there twice.
    """
    bare = [record.id is None and record.text is None for record in records]
    if all(bare):
        places = _by_position(gold, len(records), source)
    else:
        odd = next((record for record, is_bare in zip(records, bare, strict=True) if is_bare), None)
        if odd is not None:
            raise source.error("has neither id nor text, unlike other records of the file", odd.line, odd.path)
        finder = Finder(gold, source, align)
        try:
            places = finder.in_order(records) or [finder.find(record) for record in records]
        except InputError:
            # Copies that differ from every text can still be told by their number.
            copies = all(record.id is None and record.fidelity is Fidelity.COPIED for record in records)
            if not copies or len(records) not in _sizes(gold):
                raise
            places = _by_position(gold, len(records), source)
    _check_disjoint(records, places, source)
    return places


def missing_sentences(places: Sequence[Place], gold: Gold) -> int:
    """How many sentences of the gold no record stands for; 0 when records stand for documents or the page."""
    if all(place.document is None or place.is_document for place in places):
        return 0
    ends: dict[str, list[tuple[int, int]]] = {}
    for place in places:
        if place.document is not None:
            ends.setdefault(place.document.id, []).append((place.start, place.end))
    missing = 0
    for document in gold:
        parts = deque(sorted(ends.get(document.id, [])))
        for sentence in document.sentences:
            while parts and parts[0][1] <= sentence.start:
                parts.popleft()
            # Of white space alone nobody writes a record.
            is_blank = not document.text[sentence.start : sentence.end].strip()
            missing += not (is_blank or (parts and parts[0][0] < sentence.end))
    return missing


def _sizes(gold: Gold) -> tuple[int, int]:
    return len(gold), sum(len(document.sentences) for document in gold)


def _by_position(gold: Gold, size: int, source: Source) -> list[Place]:
    documents, sentences = _sizes(gold)
    if size == documents:
        return list(documents_of(gold, Key.POSITION))
    if size == sentences:
        return list(sentences_of(gold, Key.POSITION))
    raise source.error(
        f"the records have neither ids nor texts of the gold, and their number fits neither its documents nor its "
        f"sentences: {counted(size, 'record')}, expected {documents} (documents) or {sentences} (sentences)"
    )


def _check_disjoint(records: Sequence[Record], places: Sequence[Place], source: Source) -> None:
    """Raise InputError when two records stand for the same characters."""
    pages = [record for record, place in zip(records, places, strict=True) if place.document is None]
    if pages and len(places) > 1:
        odd = pages[0] if len(pages) == 1 else pages[1]
        what = "a record for the whole page is mixed with others" if len(pages) == 1 else "the page occurs twice"
        raise source.error(what, odd.line, odd.path)
    parts: dict[str, list[tuple[int, int, int]]] = {}
    for number, place in enumerate(places):
        if place.document is not None:
            parts.setdefault(place.document.id, []).append((place.start, place.end, number))
    for found in parts.values():
        for one, other in pairwise(sorted(found)):
            if other[0] < one[1] or one[:2] == other[:2]:
                first, second = sorted((one[2], other[2]))
                record, name = records[second], places[second].name
                if one[:2] == other[:2]:
                    raise source.error(f"{name} occurs twice", record.line, record.path)
                where = "" if records[first].line is None else f" (line {records[first].line})"
                raise source.error(f"{name} overlaps {places[first].name}{where}", record.line, record.path)
