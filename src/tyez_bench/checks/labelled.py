"""Files that are held against one another: their texts with the entities of each."""

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from tyez_bench.checks.read import check_readable
from tyez_bench.gold.derived import entity_id, with_entities
from tyez_bench.gold.gold import SENTENCES, Gold
from tyez_bench.io.detect import format_of, is_gold
from tyez_bench.io.gold import GOLD, GOLD_FILE, load, load_source
from tyez_bench.io.read import FileOptions, read_predictions
from tyez_bench.io.registry import BY_ANNOTATOR, load_by_annotator
from tyez_bench.io.source import Source, open_source
from tyez_bench.model.documents import Document, Entity, Prediction
from tyez_bench.model.errors import InputError
from tyez_bench.model.labels import LabelSet


@dataclass(frozen=True)
class Base:
    """The gold set whose texts records are put on, what people call it, and what an error adds: how to name another."""

    gold: Gold
    name: str
    hint: str = ""


@dataclass(frozen=True)
class Labelled:
    """The documents of a file, each with the entities that the file gives it, and the set of their labels.

    ``notes``: what was left out or changed on the way, by the names of ``io.read.ReadingNotes``; labels out of scope
    with their numbers. ``texts``: the gold set that the texts are from, None for the file's own. ``without``: the
    documents of that gold set that the file has no record for; they are not among ``documents``. ``open_labels``:
    nobody said which labels there are.
    """

    documents: tuple[Document, ...]
    labels: LabelSet
    notes: dict[str, Any] = field(default_factory=dict)
    texts: str | None = None
    without: tuple[str, ...] = ()
    open_labels: bool = True

    def to_dict(self) -> dict[str, Any]:
        """How the file was read, as plain data."""
        out_of_scope = self.notes.get("out_of_scope", {})
        return {**self.notes, "out_of_scope": out_of_scope, "texts": self.texts, "without_record": list(self.without)}


def built_in() -> Base:
    """The built-in gold set: what ``tyez-bench run`` predicts unless it is given another."""
    hint = "; the files have no texts: --gold FILE names their gold set"
    return Base(load(), "the built-in gold set", hint)


def read_labelled(path: Path, called: str, how: FileOptions, base: Base | None = None) -> Labelled:
    """Read a file or directory on its own texts; with ``base`` on the texts of that gold set.

    ``called`` is what errors call it. Raises InputError for the first record that is not sound, WithoutTextsError for
    a file without texts where there is no base, UsageError for unknown formats and label maps.
    """
    if base is not None:
        return _on(base, path, called, how)
    check_readable(path, called)
    if (path / GOLD_FILE).is_file():
        path, called = path / GOLD_FILE, f"{called.rstrip('/')}/{GOLD_FILE}"
    source = open_source(path, "a gold set")
    return _own(Source(called, source.data, source.is_directory), called, how)


def read_annotators(path: Path, called: str, how: FileOptions) -> dict[str, Labelled]:
    """What each annotator of a file marked, by name, in the texts that they annotated.

    Nothing for a file that does not say who annotated what, or names no two. Raises as :func:`read_labelled`.
    """
    check_readable(path, called)
    source = open_source(path, "a gold set")
    source = Source(called, source.data, source.is_directory)
    by_task = _annotators(source, how)
    names = list(dict.fromkeys(name for task in by_task for name in task))
    if len(names) < 2:
        return {}
    read, seen = {}, {}
    for name in names:
        options = structs.replace(how.options, annotator=name)
        read[name] = _own(source, called, structs.replace(how, options=options))
        documents = read[name].documents
        # Tasks that somebody left out are read as empty ones.
        whole = (
            zip(documents, by_task, strict=True)
            if len(documents) == len(by_task)
            else ((d, (name,)) for d in documents)
        )
        seen[name] = {document.id for document, who in whole if name in who}
    times = Counter(id_ for ids in seen.values() for id_ in ids)
    if max(times.values(), default=0) < 2:
        raise InputError(f"no text was annotated by two of {', '.join(names)}", path=called)
    return {
        name: replace(one, documents=tuple(d for d in one.documents if d.id in seen[name]))
        for name, one in read.items()
    }


def _annotators(source: Source, how: FileOptions) -> list[tuple[str, ...]]:
    """By record, who annotated it; nothing where the format does not say so, or there is none."""
    try:
        name = GOLD if is_gold(source) else format_of(source, how.format, how.options)
    except InputError:
        # The reader says what is wrong.
        return []
    return load_by_annotator(name).annotators(source, how.options) if name in BY_ANNOTATOR else []


def _own(source: Source, called: str, how: FileOptions) -> Labelled:
    """A file on its own texts."""
    found = load_source(source, called, **how.of_gold() | {"ignore_labels": frozenset(how.ignore_labels)})
    counted = {
        "out_of_scope": dict(found.out_of_scope),
        "dropped": found.dropped,
        "rejected": found.rejected,
        **found.changed,
    }
    notes = {name: value for name, value in counted.items() if value}
    documents = found.documents
    if SENTENCES in found.reading:
        # Those of our rule are nothing that the file says, and no difference from another file.
        documents = tuple(structs.replace(document, sentences=()) for document in documents)
    return Labelled(documents, found.labels, notes, open_labels=found.open_labels)


def _on(base: Base, path: Path, called: str, how: FileOptions) -> Labelled:
    try:
        found = read_predictions(path, base.gold, **how.arguments(), flat=False)
    except InputError as error:
        named = called if error.path is not None and str(error.path) == str(path) else error.path
        raise InputError(
            f"{error.reason} (read on the texts of {base.name}{base.hint})", path=named, line=error.line
        ) from None
    documents = tuple(_marked(document, found[document.id], called) for document in base.gold if document.id in found)
    without = tuple(document.id for document in base.gold if document.id not in found)
    labels = base.gold.labels.with_more(found.label_map.unknown_to_gold)
    return Labelled(documents, labels, found.reading.notes, base.name, without)


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
