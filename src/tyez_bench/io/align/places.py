"""Which document, or which part of one, each record stands for."""

from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.records import Finder, Key, Place, documents_of, sentences_of
from tyez_bench.io.record import Fidelity, Record
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, counted


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
        f"the records have neither ids nor texts of the gold, and their number does not tell which they are: "
        f"{counted(size, 'record')}, expected {documents} (the documents of the gold) or {sentences} (its sentences)"
    )


def _check_disjoint(records: Sequence[Record], places: Sequence[Place], source: Source) -> None:
    """Raise InputError when two records stand for the same characters."""
    pages = [record for record, place in zip(records, places, strict=True) if place.document is None]
    if pages and len(places) > 1:
        odd = pages[0] if len(pages) == 1 else pages[1]
        what = "a record for the whole page stands beside others" if len(pages) == 1 else "the page occurs twice"
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
