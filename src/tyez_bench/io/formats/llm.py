"""Answers of language models: ``{"id", "answer"}`` with tags in a copied text or JSON, or ``{"id", "entities"}``.

The answer may also be called ``output``, ``response``, ``completion`` or ``prediction``; an optional ``text``
is the text that the model was given. A JSON answer is a list of ``{"text", "type", "occurrence"}`` (the number is
optional) or of pairs, or an object with lists of names by type, alone, fenced or within prose; whatever else a model
adds is ignored, as are other members of a record. A ``<think>…</think>`` at the beginning is not part of the
answer; if it never closes, there is no answer. Offsets in a model's words are ignored and counted, since models are
bad at them. Names that are data (``entities``, or an answer that is not a string) may not have any, since they would be
lost.

JSON may use Python's list syntax: single quotes, tuples, a trailing comma. An answer counts as unread and names
nothing if it is empty, if its JSON is broken or names nothing readable, or if it has neither tags nor names and is
not a copy of the text (more than half of the text differs), such as a refusal. Names that are data are not a
model's words: if they are broken, the file is refused.

Names without a position are located as follows. A name with an occurrence number n is at its n-th place in the
text, from 1. The others follow, the longest first and equally long ones in order: each takes the leftmost free
place, one that touches no character of another name; in a nested layer, one that is not taken by the same text and
crosses no other name. A name that is nowhere in the text counts as a false positive.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from msgspec import structs

from tyez_bench.io.align.texts import copied, is_copy, moved
from tyez_bench.io.fields import check_all_read, id_of, label_of, objects, shown, text_of
from tyez_bench.io.formats.answer import (
    ANSWERS,
    TEXTS,
    is_list_of_pairs,
    json_alone,
    json_among_words,
    named_in,
    without_thought,
)
from tyez_bench.io.formats.inline import has_tags, parse_tags
from tyez_bench.io.record import Fidelity, Mention, Options, RawUnlocated, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, first_line
from tyez_bench.model.spans import Span

# What an annotator decides, in Prodigy.
_DECISIONS = ("accept", "reject", "ignore")
_OFFSETS = ("start", "start_offset", "entity_group")


def sniff(source: Source) -> bool:
    """Whether the records have an answer, or entities without offsets; the first that has any entities tells."""
    if source.is_directory:
        return False
    try:
        for _, value in source.items():
            if not isinstance(value, dict):
                return False
            if any(key in value for key in ANSWERS):
                return True
            if value.get("entities") or "entities" not in value:
                return _without_offsets(value.get("entities"))
    except InputError:
        return False
    return False


def _without_offsets(entities: object) -> bool:
    if isinstance(entities, dict):
        return True
    first = entities[0] if isinstance(entities, list) else None
    if isinstance(first, dict):
        return not any(key in first for key in _OFFSETS) and any(key in first for key in TEXTS)
    return isinstance(first, list) and len(first) == 2


def read(source: Source, options: Options, *, strict: bool = False) -> Iterator[Record]:
    """One record an answer. Raises InputError; with ``strict`` for answers, too, that can't be read."""
    for line, fields in objects(source):
        try:
            yield _record(line, fields, strict=strict)
        except ValueError as error:
            raise source.error(first_line(error), line) from None


def _record(line: int, fields: dict[str, Any], *, strict: bool) -> Record:
    keys = [key for key in (*ANSWERS, "entities") if key in fields]
    if len(keys) != 1:
        raise ValueError(f"expected the answer under one of {', '.join(ANSWERS)}, entities, got {keys or 'none'}")
    if fields[keys[0]] in _DECISIONS:
        raise ValueError(
            f"{keys[0]} is {fields[keys[0]]!r}, an annotator's decision as Prodigy writes it, and no model's answer: "
            "expected the format prodigy"
        )
    check_all_read(fields, (*keys, "id", "text"), "llm")
    id_, text, answer = id_of(fields, "id"), text_of(fields, "text"), fields[keys[0]]
    try:
        mentions = _mentions(answer)
        if mentions is not None:
            return _named(line, id_, text, mentions, data=not isinstance(answer, str))
    except ValueError as error:
        if isinstance(answer, str) and not strict:
            return Record(line, id=id_, text=text, unread="broken", fidelity=Fidelity.COPIED)
        raise ValueError(f"{keys[0]}: {error}") from None
    return _copy(line, id_, text, without_thought(answer))


def _named(line: int, id_: str | None, text: str | None, mentions: Sequence[Mention], *, data: bool) -> Record:
    """A record of names without positions. Raises ValueError for names of data that have one."""
    beside = [mention for mention in mentions if mention.offsets]
    if data and beside:
        keys = ", ".join(map(repr, beside[0].offsets))
        raise ValueError(
            f"the name {shown(beside[0].text)} has {keys} beside it, which look like offsets and are not read; "
            f'expected "start" and "end" in code points, half-open (native), or a name and its type alone'
        )
    plain = tuple(mention._replace(offsets=()) for mention in mentions)
    return Record(line, id=id_, text=text, mentions=plain, offsets=len(beside))


def _mentions(answer: object) -> list[Mention] | None:
    """What an answer names without a position; None for a copy of the text."""
    if not isinstance(answer, str):
        return named_in(answer)
    said = without_thought(answer)
    found = json_alone(said)
    if found is None and not has_tags(said):
        found = json_among_words(said)
        if found is None and is_list_of_pairs(said):
            raise ValueError(f"names and types in brackets, {shown(said)}, which are neither JSON nor a copied text")
    return found


def _copy(line: int, id_: str | None, text: str | None, answer: str) -> Record:
    """A record of a copied text with tags, put on the text that the model was given where the file has it."""
    copy, spans, problems = parse_tags(answer)
    if not copy.strip():
        given = copy if text is None else text
        return Record(line, id=id_, text=given, fidelity=Fidelity.COPIED, broken_tags=len(problems), unread="empty")
    if text is None:
        found = Record(line, id=id_, text=copy, spans=tuple(spans), fidelity=Fidelity.COPIED)
    else:
        projection, edits = copied(copy, text)
        put: list[Span] = []
        nowhere: list[RawUnlocated] = []
        for span in spans:
            at = moved(span.start, span.end, projection)
            if at is None:
                nowhere.append(RawUnlocated(copy[span.start : span.end], span.label))
            else:
                put.append(Span(*at, span.label))
        if not spans and not is_copy(edits, text):
            return Record(line, id=id_, text=text, broken_tags=len(problems), unread="no_copy")
        found = Record(line, id=id_, text=text, spans=tuple(put), unlocated=tuple(nowhere), edits=edits)
    return structs.replace(found, broken_tags=len(problems))


def locate(
    text: str, mentions: Sequence[Mention], *, nested: bool, beside: Collection[tuple[int, int]] = ()
) -> list[tuple[int, int] | None]:
    """Start and end of each mention, in their order, by the rule at the top; None for what is nowhere.

    ``beside`` are the places of other names, which are not free either.
    """
    found: list[tuple[int, int] | None] = [None] * len(mentions)
    everywhere: dict[str, list[int]] = {}
    for index, mention in enumerate(mentions):
        if mention.occurrence is not None:
            if mention.text not in everywhere:
                everywhere[mention.text] = list(places(text, mention.text))
            starts = everywhere[mention.text]
            if mention.occurrence <= len(starts):
                start = starts[mention.occurrence - 1]
                found[index] = start, start + len(mention.text)
    taken = {*beside, *(place for place in found if place is not None)}
    covered = bytearray(len(text))
    for start, end in taken:
        covered[start:end] = b"\1" * (end - start)
    # Places only fill up, so that the leftmost free one of a text never moves to the left.
    following: dict[str, Iterator[int]] = {}
    rest = [index for index, mention in enumerate(mentions) if mention.occurrence is None]
    for index in sorted(rest, key=lambda index: -len(mentions[index].text)):
        name = mentions[index].text
        for start in following.setdefault(name, places(text, name)):
            end = start + len(name)
            if nested:
                free = (start, end) not in taken and not any(_cross(start, end, *place) for place in taken)
            else:
                free = 1 not in covered[start:end]
            if free:
                found[index] = (start, end)
                taken.add((start, end))
                covered[start:end] = b"\1" * (end - start)
                break
    return found


def places(text: str, name: str) -> Iterator[int]:
    """Where a text has a name, from the left; the places may overlap."""
    start = text.find(name)
    while start >= 0:
        yield start
        start = text.find(name, start + 1)


def _cross(start: int, end: int, other_start: int, other_end: int) -> bool:
    return start < other_start < end < other_end or other_start < start < other_end < end


def write(samples: Iterable[Sample]) -> bytes:
    """One object a line: names with their occurrence numbers; a span's value is not written. Raises ValueError."""
    lines = (
        json.dumps({"id": s.id, "entities": [_written(s, p) for p in s.spans]}, ensure_ascii=False) for s in samples
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _written(sample: Sample, span: Span) -> dict[str, Any]:
    name = sample.surface(span)
    before = sum(1 for _ in takewhile(lambda start: start < span.start, places(sample.text, name)))
    return {"text": name, "type": label_of(span.label), "occurrence": before + 1}
