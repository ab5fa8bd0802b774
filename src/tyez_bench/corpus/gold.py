"""Gold sets: load, verify, find one's way in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tyez_bench.corpus.manifest import read_manifest, verify
from tyez_bench.errors import InputError, UsageError, one_line
from tyez_bench.jsonl import convert, encode_lines, read_records, records_of, sha256
from tyez_bench.model import Document, Entity, parents


@dataclass(frozen=True, repr=False)
class Gold:
    """A gold set: its documents in order, by position or by id; name, version and fingerprint."""

    name: str
    version: str | None
    fingerprint: str
    documents: tuple[Document, ...]

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

    def __repr__(self) -> str:
        version = f" {self.version}" if self.version else ""
        entities = sum(1 for _ in self.entities())
        return one_line(
            f"<Gold {self.name}{version}: {len(self)} documents, {entities} entities, {self.fingerprint[:12]}>"
        )

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


def load(path: str | Path | None = None, *, version: str | None = None) -> Gold:
    """Load the built-in gold set, verified against its manifest, or a gold set from a JSONL file.

    ``version`` asks for a version of the built-in set by its number (the present one). A file of your own has one
    document a line, in the schema of ``docs/gold-format.md``. Only ``id``, ``text`` and the entities' ``start``,
    ``end`` and ``type`` are needed: what is left out of an entity (``id``, ``text``, ``parent``) is filled in, what is
    given is checked. Raises InputError with file, line and reason, UsageError for a version that there is not.
    """
    if path is None:
        return load_published(data_dir(), version)
    if version is not None:
        raise UsageError("a version is of the built-in gold, and can't be asked of a file")
    return _read(Path(path), Path(path).stem, None)


def load_published(folder: Path, version: str | None = None) -> Gold:
    """Load the gold of a published directory, verified. Raises as :func:`load`."""
    manifest = read_manifest(folder)
    release = manifest.release(manifest.version if version is None else version)
    verify(folder, manifest, [release.file])
    gold = _read(folder / release.file, manifest.name, release.version)
    if gold.fingerprint != release.fingerprint:
        raise InputError(
            f"fingerprint is {gold.fingerprint[:12]}…, expected {release.fingerprint[:12]}…: the gold was changed",
            path=folder / release.file,
        )
    return gold


def read_gold(data: bytes, name: str) -> Gold:
    """A gold set from the bytes of a file that errors call ``name``. Raises InputError."""
    return _collect(records_of(data, name), name, name, None)


def _read(path: Path, name: str, version: str | None) -> Gold:
    return _collect(read_records(path), path, name, version)


def _collect(records: Iterable[tuple[int, dict[str, Any]]], path: str | Path, name: str, version: str | None) -> Gold:
    documents: dict[str, Document] = {}
    for line, record in records:
        document = convert(complete(record), Document, path=path, line=line)
        if document.id in documents:
            raise InputError(f"document id {document.id!r} occurs twice", path=path, line=line)
        documents[document.id] = document
    found = tuple(documents.values())
    return Gold(name, version, sha256(encode_lines(found)), found)


def complete(record: dict[str, Any]) -> dict[str, Any]:
    """Fill in what an entity may leave out, and order the entities.

    A record of the wrong shape is returned as it is: the conversion says what is wrong with it.
    """
    text, entities = record.get("text"), record.get("entities")
    if not isinstance(text, str) or not isinstance(entities, list):
        return record
    for entity in entities:
        if not isinstance(entity, dict) or not all(type(entity.get(k)) is int for k in ("start", "end")):
            return record
    ordered = sorted(entities, key=lambda e: (e["start"], -e["end"], str(e.get("type"))))
    spans = [(entity["start"], entity["end"]) for entity in ordered]
    completed: list[dict[str, Any]] = []
    try:
        around = parents(spans)
    except ValueError:
        # The model refuses what crosses or is reversed, and says which.
        around = [None] * len(spans)
    for entity, parent in zip(ordered, around, strict=True):
        completed.append(_fill(entity, record, None if parent is None else completed[parent]["id"]))
    return {**record, "entities": completed}


def _fill(entity: dict[str, Any], record: dict[str, Any], parent: str | None) -> dict[str, Any]:
    start, end = entity["start"], entity["end"]
    filled = {
        "id": f"{record.get('id')}:{start}-{end}",
        "text": record["text"][start:end],
        "parent": parent,
    }
    return {**filled, **with_kind(entity)}


def with_kind(entity: dict[str, Any]) -> dict[str, Any]:
    """Name the kind of an entity's value, which the entity's type gives away."""
    value = entity.get("value")
    kind = {"MONEY": "money", "DATE": "timex3"}.get(str(entity.get("type")))
    if isinstance(value, dict) and kind is not None and "kind" not in value:
        return {**entity, "value": {"kind": kind, **value}}
    return entity
