"""Files held against one another, gold sets and predictions: what has no texts of its own gets those of a gold set."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tyez_bench.checks.foreign import WithoutTextsError
from tyez_bench.checks.read import load_texts
from tyez_bench.corpus.gold import Gold, entity_id, load
from tyez_bench.corpus.inline import with_entities
from tyez_bench.errors import InputError
from tyez_bench.formats.read import read_predictions
from tyez_bench.model import Document, Entity, Prediction

__all__ = ["Base", "How", "Labelled", "WithoutTextsError", "built_in", "read_labelled"]


@dataclass(frozen=True)
class How:
    """How a file is read: its format and label map (None: detected), the labels out of scope beside the map's."""

    format: str | None = None
    labels: str | None = None
    ignore_labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Base:
    """The gold set whose texts records are put on, what people call it, and what an error adds: how to name another."""

    gold: Gold
    name: str
    hint: str = ""


@dataclass(frozen=True)
class Labelled:
    """The documents of a file, each with the entities that the file gives it.

    ``notes``: what was left out or changed on the way, by the names of ``formats.read.Reading``; labels out of scope
    with their numbers. ``texts``: the gold set that the texts are from, None for the file's own. ``without``: the
    documents of that gold set that the file has no record for; they are not among ``documents``.
    """

    documents: tuple[Document, ...]
    notes: dict[str, Any] = field(default_factory=dict)
    texts: str | None = None
    without: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """How the file was read, as plain data."""
        out_of_scope = self.notes.get("out_of_scope", {})
        return {**self.notes, "out_of_scope": out_of_scope, "texts": self.texts, "without_record": list(self.without)}


def built_in() -> Base:
    """The built-in gold set: what ``tyez-bench run`` predicts unless it is given another."""
    hint = ", as the files are without texts: --gold FILE names the gold set that they are for"
    return Base(load(), "the built-in gold set", hint)


def read_labelled(path: Path, called: str, how: How, base: Base | None = None) -> Labelled:
    """Read a file or directory on its own texts; with ``base`` on the texts of that gold set.

    ``called`` is what errors call it. Raises InputError for the first record that is not sound, WithoutTextsError for
    a file without texts where there is no base, UsageError for unknown formats and label maps.
    """
    if base is not None:
        return _on(base, path, called, how)
    loaded = load_texts(path, called, format=how.format, labels=how.labels, ignore_labels=how.ignore_labels)
    first = loaded.reason
    if first is not None:
        raise InputError(first.message, path=first.path, line=first.line)
    found: dict[str, Document] = {}
    for text in loaded.texts:
        if found.setdefault(text.document.id, text.document) is not text.document:
            raise InputError(f"document id {text.document.id!r} occurs twice", path=text.path, line=text.line)
    return Labelled(tuple(found.values()), {"out_of_scope": loaded.out_of_scope} if loaded.out_of_scope else {})


def _on(base: Base, path: Path, called: str, how: How) -> Labelled:
    try:
        found = read_predictions(
            path, base.gold, format=how.format, labels=how.labels, ignore_labels=how.ignore_labels, flat=False
        )
    except InputError as error:
        named = called if error.path is not None and str(error.path) == str(path) else error.path
        raise InputError(
            f"{error.reason} (read on the texts of {base.name}{base.hint})", path=named, line=error.line
        ) from None
    documents = tuple(_marked(document, found[document.id], called) for document in base.gold if document.id in found)
    without = tuple(document.id for document in base.gold if document.id not in found)
    return Labelled(documents, found.reading.notes, base.name, without)


def _marked(document: Document, prediction: Prediction, called: str) -> Document:
    """A document with the entities of a prediction in the place of its own."""
    taken = Counter((e.start, e.end) for e in prediction.entities)
    entities = [
        Entity(
            id=entity_id(document.id, e.start, e.end, e.type if taken[e.start, e.end] > 1 else None),
            start=e.start,
            end=e.end,
            text=document.text[e.start : e.end],
            type=e.type,
            value=e.value,
        )
        for e in prediction.entities
    ]
    try:
        return with_entities(document, entities)
    except ValueError as error:
        raise InputError(f"{document.id}: {error}", path=called) from None
