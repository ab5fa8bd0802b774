"""Gold sets: load, verify, find one's way in them; and, too large for memory, document by document."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from tyez_bench.files.jsonl import convert, read_records, records_of, stream_records
from tyez_bench.gold.derived import canonical, complete, fingerprint, is_made_up, with_ids
from tyez_bench.gold.label_sets import BUILT_IN, label_set_of, load_label_set, shipped
from tyez_bench.gold.manifest import read_manifest, verify
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import InputError, UsageError, counted, one_line
from tyez_bench.model.hints import advice, one_of_two
from tyez_bench.model.labels import Kind, LabelSet
from tyez_bench.model.values import Money, Timex

NATIVE = "native"
# In ``Gold.reading``: how sentences were told where the format does not say where they end.
SENTENCES = "sentences"
# The kinds of labels whose entities may carry a value of each class.
_CARRIES: dict[type, tuple[Kind, ...]] = {Money: (Kind.MONEY,), Timex: (Kind.DATE, Kind.TIME)}


@dataclass(frozen=True, repr=False)
class Gold:
    """A gold set: its documents in order, by position or by id; name, version, fingerprint and label set.

    Attributes:
        name: what it is called.
        version: that of the built-in set; None for one's own.
        fingerprint: SHA-256 of the documents in canonical JSON Lines without ids that were made up; it is in every
            signature.
        documents: the documents, in order.
        labels: every label of the documents, in order.
        open_labels: whether nobody said which labels there are.
        format: that of the file it was read from.
        reading: the options that it was read with.
        unit: what its sentences are: ``sentence`` (or ``record`` and the like, in the words of the format).
        out_of_scope: how many entities of which labels a label map or the user left out.
        rejected: how many records an annotator set aside.
        dropped: how many entities a rule for overlaps left out.
        changed: what was read otherwise than it stands there, by the names that notes of a reading have.
        places: where the documents stand whose ids are made up, by these: what errors name.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> len(gold), gold[0].id, gold["wanbolin"].text[:4], "nowhere" in gold
        (8, 'series', '万柏林区', False)
    """

    name: str
    version: str | None
    fingerprint: str
    documents: tuple[Document, ...]
    labels: LabelSet = field(default_factory=lambda: shipped(BUILT_IN))
    open_labels: bool = False
    format: str = NATIVE
    reading: Mapping[str, str] = field(default_factory=dict, hash=False)
    unit: str = "sentence"
    out_of_scope: Mapping[str, int] = field(default_factory=dict, hash=False)
    rejected: int = 0
    dropped: int = 0
    changed: Mapping[str, int] = field(default_factory=dict, hash=False)
    places: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def __contains__(self, id_: object) -> bool:
        return id_ in self._by_id

    def __getitem__(self, key: int | str) -> Document:
        """Document by position or by id. Raises IndexError or KeyError."""
        return self.documents[key] if isinstance(key, int) else self._by_id[key]

    @cached_property
    def _by_id(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def present(self) -> frozenset[str]:
        """The labels that entities have. A label set that follows from them may have more."""
        return frozenset(entity.type for _, entity in self.entities())

    def __repr__(self) -> str:
        version = f" {self.version}" if self.version else ""
        entities = counted(sum(1 for _ in self.entities()), "entity", "entities")
        size = f"{counted(len(self), 'document')}, {entities}"
        return one_line(f"<Gold {self.name}{version}: {size}, {self.fingerprint[:12]}>")

    def entities(self) -> Iterator[tuple[Document, Entity]]:
        """Every entity with its document."""
        for document in self.documents:
            for entity in document.entities:
                yield document, entity

    def locate(self, page_offset: int) -> tuple[Document, int] | None:
        """Document and offset of the page's character at ``page_offset``; None when it is in none."""
        for document in self.documents:
            offset = document.offset(page_offset)
            if offset is not None:
                return document, offset
        return None

    def span(self, page_start: int, page_end: int) -> tuple[Document, int, int] | None:
        """Document, start and end of a half-open span of the page, by its first and last character.

        None unless both are in the same document and in order.
        """
        first, last = self.locate(page_start), self.locate(page_end - 1)
        if first is None or last is None or first[0].id != last[0].id or last[1] < first[1]:
            return None
        return first[0], first[1], last[1] + 1


def data_dir() -> Path:
    """The directory of the published data: inside the package, or ``data/`` of a checkout."""
    installed = Path(__file__).parent.parent / "data"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "data"


def load(
    path: str | Path | None = None, *, version: str | None = None, label_set: LabelSet | str | Path | None = None
) -> Gold:
    """Load the built-in gold set, verified against its manifest, or a gold set from a JSONL file.

    ``version`` asks for a version of the built-in set by its number (the present one). A file of your own has one
    document a line, in the schema of ``docs/gold-format.md``. Only ``id``, ``text`` and the entities' ``start``,
    ``end`` and ``type`` are needed: what is left out of an entity (``id``, ``text``, ``parent``) is filled in, what is
    given is checked. Raises InputError with file, line and reason, UsageError for an unknown version.
    """
    if path is None:
        return load_published(data_dir(), version)
    if version is not None:
        raise UsageError("only the built-in gold has versions, not a file")
    return _collect(read_records(path), path, Path(path).stem, None, label_set)


def load_published(folder: Path, version: str | None = None) -> Gold:
    """Load the gold of a published directory, verified. Raises as :func:`load`."""
    manifest = read_manifest(folder)
    release = manifest.release(manifest.version if version is None else version)
    verify(folder, manifest, [release.file])
    path = folder / release.file
    gold = _collect(read_records(path), path, manifest.name, release.version, BUILT_IN)
    if gold.fingerprint != release.fingerprint:
        raise InputError(
            f"fingerprint is {gold.fingerprint[:12]}…, expected {release.fingerprint[:12]}…: the gold was changed",
            path=path,
        )
    return gold


def read_gold(
    data: bytes,
    name: str,
    labels: LabelSet | str | Path | None = None,
    *,
    dropped: Counter[str] | None = None,
    named: bool = True,
) -> Gold:
    """A gold set from the bytes of a file that errors call ``name``. Raises InputError.

    What stands there twice is refused, or left out and counted in ``dropped`` by its label. Where it is not ``named``,
    no record has an id as the schema has it, and ids are made up.
    """
    records = records_of(data, name)
    if not named:
        found = list(records)
        lines = [line for line, _ in found]
        records = zip(lines, with_ids(record for _, record in found), strict=True)
    return _collect(records, name, name, None, labels, dropped)


def _collect(
    records: Iterable[tuple[int, dict[str, Any]]],
    path: str | Path,
    name: str,
    version: str | None,
    labels: LabelSet | str | Path | None,
    dropped: Counter[str] | None = None,
) -> Gold:
    documents: dict[str, Document] = {}
    lines: list[int] = []
    for line, record in records:
        try:
            once = _once(record, dropped)
        except ValueError as error:
            raise InputError(str(error), path=path, line=line) from None
        document = convert(complete(once), Document, path=path, line=line)
        if document.id in documents:
            raise InputError(f"document id {document.id!r} occurs twice", path=path, line=line)
        documents[document.id] = document
        lines.append(line)
    found = tuple(documents.values())
    set_ = labels_of(found, labels)
    for line, document in zip(lines, found, strict=True):
        wrong = first_misfit(document, set_)
        if wrong is not None:
            raise InputError(wrong, path=path, line=line)
    places = {d.id: f"{path}:{line}" for line, d in zip(lines, found, strict=True) if is_made_up(d.id, d.text)}
    return Gold(name, version, fingerprint(found), found, set_, labels is None, places=places)


def _once(record: dict[str, Any], dropped: Counter[str] | None) -> dict[str, Any]:
    """The record without entities that stand there twice, which are counted; with none to count in, ValueError."""
    entities, seen, kept = record.get("entities"), set(), []
    if not isinstance(entities, list):
        return record
    for entity in entities:
        match entity:
            case {"start": int(start), "end": int(end), "type": str(type_)}:
                if (start, end, type_) not in seen:
                    seen.add((start, end, type_))
                    kept.append(entity)
                elif dropped is None:
                    surface = str(record.get("text"))[start:end]
                    raise ValueError(f"{type_} {start}–{end} {surface!r} occurs twice{one_of_two()}")
                else:
                    dropped[type_] += 1
            case _:
                kept.append(entity)
    return {**record, "entities": kept}


def labels_of(documents: Iterable[Document], given: LabelSet | str | Path | None = None) -> LabelSet:
    """The label set of documents: the one given, else the one that has all of their labels, else one of their own."""
    if given is not None:
        return given if isinstance(given, LabelSet) else load_label_set(given)
    return label_set_of(Counter(entity.type for document in documents for entity in document.entities))


def first_misfit(document: Document, labels: LabelSet) -> str | None:
    """The first of a document's entities that is a misfit, and why; None where all is well."""
    found = ((one, misfit(one, labels)) for one in document.entities)
    return next((f"{e.type} {e.start}–{e.end} {e.text!r}: {why}" for e, why in found if why is not None), None)


def misfit(entity: Entity, labels: LabelSet) -> str | None:
    """What an entity has that its label can't carry, or that the label is none of the set; None where all is well."""
    if entity.type not in labels:
        return f"unknown label {entity.type!r}, expected {', '.join(labels.names)} (label set {labels.name})" + advice(
            "pass {ignore_labels} to leave it out", ignore_labels=(entity.type,)
        )
    strange = value_misfit(entity.type, entity.value, labels)
    if strange is not None:
        return strange
    kind = labels.kind(entity.type)
    for name in ("role", "code"):
        if getattr(entity, name) is not None and kind not in (None, Kind.PLACE):
            return f"{entity.type} can't carry a {name}"
    return None


def value_misfit(label: str, value: Money | Timex | None, labels: LabelSet) -> str | None:
    """That a label can't carry a value, by what the set says of it; None where it can, or the set says nothing."""
    kind = labels.kind(label)
    if value is None or kind is None or kind in _CARRIES[type(value)]:
        return None
    return f"{label} can't carry a value of kind {type(value).__name__.lower()}"


@dataclass
class GoldStream:
    """The documents of a gold file in its order, to be read once. The fingerprint is known at the end."""

    path: Path
    labels: LabelSet
    _digest: Any = field(default_factory=hashlib.sha256, init=False, repr=False)

    @property
    def name(self) -> str:
        """The file's name without its suffixes."""
        return self.path.name.removesuffix(".gz").removesuffix(".jsonl")

    @property
    def fingerprint(self) -> str:
        """That of what was read so far, as of a gold set that was read at once."""
        return str(self._digest.hexdigest())

    def __iter__(self) -> Iterator[tuple[int, Document]]:
        """Yield line and document. Raises InputError; that no id occurs twice is for the reader to see."""
        for line, record in stream_records(self.path):
            document = convert(complete(record), Document, path=self.path, line=line)
            wrong = first_misfit(document, self.labels)
            if wrong is not None:
                raise InputError(wrong, path=self.path, line=line)
            self._digest.update(canonical(document))
            yield line, document
