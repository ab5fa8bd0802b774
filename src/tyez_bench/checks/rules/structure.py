"""Level 2: the spans of a record, raw, as they may be wrong; and what crosses what."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate, groupby, pairwise
from operator import add
from typing import Any

import msgspec

from tyez_bench.checks.rule import Finding, Where
from tyez_bench.checks.rules.records import field_errors
from tyez_bench.checks.texts import span_finding
from tyez_bench.gold.derived import complete, entity_id, with_kind
from tyez_bench.io.align.texts import shift_hint
from tyez_bench.io.fields import shown
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import excerpt, quoted
from tyez_bench.model.spans import are_apart, crossing, parents

Crossed = tuple[dict[str, Any] | None, int]


def crossings(entities: list[dict[str, Any]]) -> Iterator[Crossed]:
    """For each raw entity, by (start, −end): the first that it crosses, and how many more.

    An entity crosses those that begin before it and end inside of it.
    """
    ends = sorted({entity["end"] for entity in entities})
    place = {end: at for at, end in enumerate(ends)}
    # By end: how many entities, the number of the first of them.
    number = _Tree(len(ends), add, 0)
    first = _Tree(len(ends), min, len(entities))
    # What begins at one place crosses nothing that begins there.
    waiting: list[tuple[int, int]] = []
    begin, beyond = -1, 0
    for bounds, group in groupby(enumerate(entities), lambda pair: (pair[1]["start"], pair[1]["end"])):
        start, at = bounds[0], place[bounds[1]]
        members = [index for index, _ in group]
        if start != begin:
            for index, end in waiting:
                number.put(end, 1)
                first.put(end, index)
            waiting, begin = [], start
            while beyond < len(ends) and ends[beyond] <= start:
                beyond += 1
        crossed = first.of(beyond, at)
        found: Crossed = (entities[crossed] if crossed < len(entities) else None, max(0, number.of(beyond, at) - 1))
        for index in members:
            waiting.append((index, at))
            yield found


class _Tree:
    """Values at places from 0, and what an operation makes of all of those in a range (a segment tree)."""

    def __init__(self, size: int, operation: Callable[[int, int], int], nothing: int):
        self._size, self._operation, self._nothing = size, operation, nothing
        self._values = [nothing] * (2 * size)

    def put(self, place: int, value: int) -> None:
        """Add a value at a place."""
        at = place + self._size
        while at:
            self._values[at] = self._operation(self._values[at], value)
            at //= 2

    def of(self, low: int, high: int) -> int:
        """What the values from ``low`` up to ``high``, without it, make together."""
        found, low, high = self._nothing, low + self._size, high + self._size
        while low < high:
            if low % 2:
                found = self._operation(found, self._values[low])
                low += 1
            if high % 2:
                high -= 1
                found = self._operation(found, self._values[high])
            low, high = low // 2, high // 2
        return found


# With these, the record is one all the same.
_OF_COPIES = {"S103", "S104", "S114"}


def typed(record: dict[str, Any], path: str, line: int | None) -> tuple[Document | None, list[Finding]]:
    """The document of a raw record, and what is wrong with it (F002–F004, S101–S105, S109, S111, S114).

    There is a document in spite of entities that cross or have the same boundaries; of those that are the same the
    first is taken.
    """
    try:
        document = msgspec.convert(complete(record), Document)
        return document, list(_spans(record, path, line)) if _overlap(document) else []
    except msgspec.ValidationError as error:
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    found = [*field_errors(record, path, line), *_spans(record, path, line)]
    if not found:
        # The model refuses more than the rules name one by one.
        id_ = record.get("id")
        found = [
            span_finding(
                "F002", reason, path=path, line=line, document=id_ if isinstance(id_, str) else None, surface=reason
            )
        ]
    if {one.code for one in found} <= _OF_COPIES:
        return typed(_without_copies(record), path, line)[0], found
    return None, found


def _overlap(document: Document) -> bool:
    """Whether two entities cross or have the same boundaries."""
    spans = [(entity.start, entity.end) for entity in document.entities]
    if are_apart(spans):
        return False
    return any(one == other for one, other in pairwise(spans)) or crossing(spans) is not None


def _without_copies(record: dict[str, Any]) -> dict[str, Any]:
    """A record whose entities are sound one by one, without those that are there a second time."""
    kept = {(entity["start"], entity["end"], entity["type"]): entity for entity in reversed(record["entities"])}
    return {**record, "entities": list(kept.values())}


def _spans(record: dict[str, Any], path: str, line: int | None) -> Iterator[Finding]:
    """What is wrong with the entities of a raw record, one by one and together."""
    text, id_, entities = record.get("text"), record.get("id"), record.get("entities")
    if not isinstance(text, str) or not isinstance(entities, list):
        return

    def finding(
        code: str, message: str, entity: object, subject: str | None = None, related: tuple[Where, ...] = ()
    ) -> Finding:
        has = entity if isinstance(entity, dict) else {}
        start, end, label = has.get("start"), has.get("end"), has.get("type")
        whole = type(start) is int and type(end) is int
        return span_finding(
            code,
            message,
            path=path,
            line=line,
            document=id_ if isinstance(id_, str) else None,
            text=text,
            start=start if whole else None,
            end=end if whole else None,
            label=label if isinstance(label, str) else None,
            surface=subject,
            related=related,
        )

    sound: list[dict[str, Any]] = []
    for entity in entities:
        wrong = _entity(entity, text)
        if wrong is None:
            sound.append(entity)
        else:
            yield finding(wrong[0], wrong[1], entity, wrong[2])
    sound.sort(key=lambda e: (e["start"], -e["end"], e["type"]))
    bounds = {(e["start"], e["end"]): e for e in reversed(sound)}
    for code, message, entity in (*_together(sound, text, str(id_)), *_edges(sound, record.get("sentences"))):
        # Where one entity is wrong, the parents of those in it only follow.
        if code == "S114":
            other = bounds[entity["start"], entity["end"]]
            surface = excerpt(text[other["start"] : other["end"]])
            where = Where(path, line, str(id_), other["start"], other["end"], surface, other["type"])
            yield finding(code, message, entity, related=(where,))
        elif code != "S105" or len(sound) == len(entities):
            yield finding(code, message, entity)


def _entity(entity: Any, text: str) -> tuple[str, str, str | None] | None:
    """Code, message and subject of the first thing that is wrong with a raw entity by itself."""
    if not isinstance(entity, dict):
        return "F002", f"an entity is {shown(entity)}, expected an object", "entity"
    for name in ("start", "end"):
        if type(entity.get(name)) is not int:
            given = "missing" if name not in entity else shown(entity[name])
            return "F002", f"the {name} of an entity is {given}, expected a whole number", name
    start, end, label, surface = (entity.get(name) for name in ("start", "end", "type", "text"))
    assert isinstance(start, int)
    assert isinstance(end, int)
    if not isinstance(label, str):
        return "F002", f"the type of {start}–{end} is {shown(label)}, expected a string", "type"
    if not label:
        return "F004", f"the label of {start}–{end} is empty, expected a name", None
    stated = surface if isinstance(surface, str) else None
    hint = shift_hint(text, stated, start, end) if start >= 0 else ""
    if not 0 <= start < end:
        return "S101", f"{label} {start}–{end} is empty, reversed or negative", None
    if end > len(text):
        return "S101", f"{label} {start}–{end} is outside the text (0–{len(text)}){hint}", None
    if surface is not None and surface != text[start:end]:
        given = shown(surface)
        return "S102", f"{label} {start}–{end} reads {quoted(text[start:end])}, but its text is {given}{hint}", None
    filled = {"id": "", "text": text[start:end], "parent": None, **with_kind(entity)}
    try:
        msgspec.convert(filled, Entity)
    except (msgspec.ValidationError, RecursionError) as error:
        # Alternatives are refused by Entity itself; whatever else is wrong is a field's type or value.
        code = "S111" if str(error).startswith("alternative ") else "F002"
        return code, f"{label} {quoted(text[start:end])}: {error}", None
    for one in entity.get("alternatives") or ():
        if one[1] > len(text):
            return "S111", f"{label} {quoted(text[start:end])}: alternative {one[0]}–{one[1]} is outside the text", None
    return None


def _together(entities: list[dict[str, Any]], text: str, document: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Duplicates, crossings, wrong parents, ids and alternatives among sound entities in order."""
    ids: dict[str, dict[str, Any]] = {}
    bounds: dict[tuple[int, int], dict[str, Any]] = {}
    seen: set[tuple[int, int, str]] = set()
    taken = {(e["start"], e["end"], e["type"]) for e in entities}
    around = parents([(e["start"], e["end"]) for e in entities])
    names: list[str] = []
    for number, (entity, (crossed, more)) in enumerate(zip(entities, crossings(entities), strict=True)):
        start, end = entity["start"], entity["end"]
        id_ = entity.get("id")
        name = f"{entity['type']} {start}–{end} {quoted(text[start:end])}"
        if isinstance(id_, str) and ids.setdefault(id_, entity) is not entity:
            yield "F003", f"{name} has the id {id_!r} of another entity", entity
        same = bounds.setdefault((start, end), entity)
        if same is not entity:
            if (start, end, entity["type"]) in seen:
                yield "S103", f"{name} occurs twice", entity
            else:
                yield "S114", f"{name} has the boundaries of {same['type']}", entity
        seen.add((start, end, entity["type"]))
        if crossed is not None:
            others = f" and {more} more" if more else ""
            yield "S104", f"{name} crosses {crossed['type']} {crossed['start']}–{crossed['end']}{others}", entity
        second = same is not entity
        names.append(
            str(id_) if "id" in entity else entity_id(document, start, end, entity["type"] if second else None)
        )
        outer = around[number]
        parent = None if outer is None else names[outer]
        if "parent" in entity and same is entity and crossed is None and entity["parent"] != parent:
            yield "S105", f"{name} has the parent {entity['parent']!r}, expected {parent!r}", entity
        for alternative in entity.get("alternatives") or ():
            if (*alternative, entity["type"]) in taken:
                yield "S111", f"{name}: the alternative {alternative[0]}–{alternative[1]} is an entity itself", entity


def _edges(entities: list[dict[str, Any]], sentences: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Entities that cross the edge of one of the record's own sentences."""
    bounds = []
    for sentence in sentences if isinstance(sentences, list) else ():
        if isinstance(sentence, dict) and all(type(sentence.get(key)) is int for key in ("start", "end")):
            bounds.append((sentence["start"], sentence["end"]))
    bounds.sort()
    # The furthest end of the sentences so far: where they overlap one another, those that come first may end last.
    reach = list(accumulate((last for _, last in bounds), max))
    for entity in entities:
        start, end = entity["start"], entity["end"]
        for first, last in bounds[bisect_right(reach, start) : bisect_left(bounds, (end,))]:
            if start < last and first < end and not first <= start < end <= last:
                yield "S109", f"{entity['type']} {start}–{end} crosses the edge of the sentence {first}–{last}", entity
                break
