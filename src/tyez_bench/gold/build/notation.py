"""The notation in which passes are written by hand: ⟦TYPE? key=value … rule=P1|text⟧, nested freely."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from tyez_bench.files.jsonl import read_text
from tyez_bench.gold.derived import entity_id, with_entities
from tyez_bench.gold.gold import misfit
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.documents import Document, Entity, Status
from tyez_bench.model.errors import AnnotationError
from tyez_bench.model.labels import Kind
from tyez_bench.model.spans import crossing

_TOKEN = re.compile(r"⟦|⟧")
_HEAD = re.compile(r"([A-Z]+)(\?)?((?: [a-z]+=[^\s|⟦⟧]+)*)\|")
LABELS = shipped(BUILT_IN)
_VALUE_KEYS = {
    Kind.MONEY: ("amount", "currency", "mod", "lower", "upper"),
    Kind.DATE: ("type", "value", "mod", "lower", "upper"),
}


@dataclass(slots=True)
class Marked:
    """A mark as it was read: what it says of its entity, and where the entity begins in the text without marks."""

    label: str
    status: Status
    start: int
    line: int
    keys: dict[str, list[str]] = field(default_factory=dict)


def read_pass(path: Path, documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Read a pass: every document once, in any order, each with the annotator's entities.

    Raises AnnotationError with the line of the pass for a mark that does not parse, a text that
    is not the document's, or an entity that the model refuses.
    """
    by_id = {document.id: document for document in documents}
    found: dict[str, Document] = {}
    for line, name, marked in _split(path):
        if name not in by_id:
            raise AnnotationError(f"unknown document {name!r}", path=path, line=line)
        if name in found:
            raise AnnotationError(f"document {name!r} occurs twice", path=path, line=line)
        found[name] = _annotate(by_id[name], marked, path, line + 1)
    missing = [document.id for document in documents if document.id not in found]
    if missing:
        raise AnnotationError(f"document {missing[0]!r} is missing", path=path)
    return tuple(found[document.id] for document in documents)


def _split(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, id and marked text of each document of a pass."""
    lines = read_text(path).removesuffix("\n").split("\n")
    heads = [number for number, line in enumerate(lines) if line.startswith("=== ")]
    if not heads or heads[0] != 0:
        raise AnnotationError("expected a line '=== id' first", path=path, line=1)
    for head, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        yield head + 1, lines[head].removeprefix("=== "), "\n".join(lines[head + 1 : following])


def _annotate(document: Document, marked: str, path: Path, first_line: int) -> Document:
    plain, marks = parse_marks(marked, path, first_line)
    if plain != document.text:
        at = next(
            (i for i, (a, b) in enumerate(zip(plain, document.text, strict=False)) if a != b),
            min(len(plain), len(document.text)),
        )
        raise AnnotationError(
            f"document {document.id!r}: without its marks the text differs at character {at}: "
            f"{plain[at : at + 12]!r}, the document reads {document.text[at : at + 12]!r}",
            path=path,
            line=first_line + plain.count("\n", 0, at),
        )
    entities = []
    for mark, end in marks:
        try:
            if "rule" not in mark.keys:
                raise ValueError("names no rule")
            entities.append(entity_of(document, mark, end))
        except (ValueError, msgspec.ValidationError) as error:
            surface = document.text[mark.start : end]
            raise AnnotationError(f"{mark.label} {surface!r}: {error}", path=path, line=mark.line) from None
    try:
        return nested(document, entities)
    except ValueError as error:
        raise AnnotationError(str(error), path=path, line=first_line) from None


def parse_marks(marked: str, path: Path, first_line: int) -> tuple[str, list[tuple[Marked, int]]]:
    """Plain text, and each mark with the offset behind its last character. Raises AnnotationError."""
    plain: list[str] = []
    length = 0
    open_marks: list[Marked] = []
    closed: list[tuple[Marked, int]] = []
    position = 0
    for token in _TOKEN.finditer(marked):
        length += token.start() - position
        plain.append(marked[position : token.start()])
        line = first_line + marked.count("\n", 0, token.start())
        if token.group() == "⟧":
            if not open_marks:
                raise AnnotationError("⟧ without ⟦", path=path, line=line)
            closed.append((open_marks.pop(), length))
            position = token.end()
            continue
        head = _HEAD.match(marked, token.end())
        if head is None or head[1] not in LABELS:
            raise AnnotationError(
                f"{marked[token.start() : token.start() + 30]!r} is not a mark ⟦TYPE key=value|text⟧ with a known type",
                path=path,
                line=line,
            )
        mark = Marked(head[1], Status.OPTIONAL if head[2] else Status.REQUIRED, length, line)
        for pair in head[3].split():
            key, value = pair.split("=", 1)
            mark.keys.setdefault(key, []).append(value)
        open_marks.append(mark)
        position = head.end()
    if open_marks:
        raise AnnotationError("⟦ without ⟧", path=path, line=open_marks[-1].line)
    plain.append(marked[position:])
    return "".join(plain), closed


def entity_of(document: Document, mark: Marked, end: int) -> Entity:
    """The entity of a mark in the document's text. Raises ValueError, ValidationError."""
    keys = {name: values[0] for name, values in mark.keys.items() if name != "alt"}
    for name, values in mark.keys.items():
        if name != "alt" and len(values) > 1:
            raise ValueError(f"key {name!r} is given twice")
    kind = LABELS.kind(mark.label)
    value: dict[str, Any] = {name: keys.pop(name) for name in _VALUE_KEYS.get(kind, ()) if name in keys} if kind else {}
    if "mod" in value:
        value["modifier"] = value.pop("mod")
    if value:
        value["kind"] = "money" if kind is Kind.MONEY else "timex3"
    unknown = sorted(keys.keys() - {"rule", "role", "code"})
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}")
    record = {
        "id": entity_id(document.id, mark.start, end),
        "start": mark.start,
        "end": end,
        "text": document.text[mark.start : end],
        "type": mark.label,
        "status": mark.status,
        "alternatives": [_locate(document.text, alt, mark.start, end) for alt in mark.keys.get("alt", [])],
        "value": value or None,
        **keys,
    }
    entity = msgspec.convert(record, Entity)
    wrong = misfit(entity, LABELS)
    if wrong is not None:
        raise ValueError(wrong)
    return entity


def _locate(text: str, alternative: str, start: int, end: int) -> tuple[int, int]:
    """The one occurrence of ``alternative`` that overlaps ``start``–``end``."""
    first = max(0, start - len(alternative) + 1)
    places = [at for at in range(first, end) if text.startswith(alternative, at)]
    if len(places) != 1:
        raise ValueError(f"alternative {alternative!r} overlaps it {len(places)} times, expected once")
    return places[0], places[0] + len(alternative)


def nested(document: Document, entities: list[Entity]) -> Document:
    """The document with these entities. Raises ValueError when two cross or have the same boundaries."""
    document = with_entities(document, entities)
    for one, other in pairwise(document.entities):
        if (one.start, one.end) == (other.start, other.end):
            raise ValueError(f"entities {one.id!r} and {other.id!r} have the same boundaries {one.start}–{one.end}")
    crossed = crossing([(entity.start, entity.end) for entity in document.entities])
    if crossed is not None:
        outer, inner = (document.entities[number] for number in crossed)
        raise ValueError(f"{inner.start}–{inner.end} crosses {outer.start}–{outer.end}")
    return document
