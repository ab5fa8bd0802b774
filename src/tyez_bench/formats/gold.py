"""Gold sets in any format: the same readers as for predictions, with texts of their own."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from msgspec import structs

from tyez_bench.corpus import gold as native
from tyez_bench.corpus.gold import SENTENCES, Gold, entity_id, labels_of, load_published, misfit, read_gold
from tyez_bench.corpus.inline import with_entities
from tyez_bench.corpus.manifest import MANIFEST
from tyez_bench.corpus.sentences import split_sentences
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.detect import format_of, has_ids, is_gold, looks_native
from tyez_bench.formats.label_maps import LabelMap, load_map, shown
from tyez_bench.formats.locate import span_problem, trusting
from tyez_bench.formats.merge import OVERLAP_RULES, Found, Keep, keep
from tyez_bench.formats.record import Fidelity, Options, Record
from tyez_bench.formats.registry import DIRECTORIES, load_format
from tyez_bench.formats.source import STDIN, Source, open_source
from tyez_bench.hints import advice
from tyez_bench.jsonl import encode_lines, sha256
from tyez_bench.labels import LabelSet, listed
from tyez_bench.model import Document, Entity, Sentence, order_key

NATIVE = native.NATIVE
# What the project's own form of a gold set is called, as predictions have one of the same name as the format.
GOLD = "gold"
# The gold set of a published directory.
GOLD_FILE = "gold.jsonl"
# Where a format says nothing of sentences, and our rule tells them.
_BY_RULE = {SENTENCES: "rule"}
# The formats whose records are sentences; the records of others are texts of any length.
_OF_SENTENCES = ("conll", "conllu", "hanlp", "ltp")
# The formats that say nothing of where a sentence or a record ends: our rule for sentences tells.
OF_DOCUMENTS = ("brat",)
_NO_OPTIONS = Options()
_NO_ID = "-"
_HALF = re.compile("[\ud800-\udfff]")


def load(
    path: str | Path | None = None,
    *,
    version: str | None = None,
    format: str | None = None,
    label_set: LabelSet | str | Path | None = None,
    labels: LabelMap | str | Path | None = None,
    ignore_labels: Iterable[str] = (),
    options: Options | None = None,
    overlaps: Keep | None = None,
) -> Gold:
    """Load the built-in gold set, or a gold set of your own from a file or directory in any format that is read.

    ``version`` asks for a version of the built-in set by its number (the present one). ``format`` is detected unless
    named; ``options`` are those of the format. ``label_set`` says which labels there are, in what order and of what
    kind (a name, a file or a set): by default the smallest set of the package that has all labels of the file, else
    the labels of the file by frequency. ``labels`` is a label map that translates the labels of the file, and
    ``ignore_labels`` are left out; both are counted in ``Gold.out_of_scope``. Entities may nest, cross, and have two
    labels on one span; what stands there twice with one label is refused, or dropped under a rule for ``overlaps``.

    Raises InputError with file, line and reason, UsageError for names that there are not.

    >>> load().labels.names
    ('PLACE', 'ORG', 'MONEY', 'DATE')
    """
    if path is None:
        if format is not None or label_set is not None or labels is not None:
            raise UsageError("the built-in gold has its own format and labels: they are asked of a file")
        return native.load(version=version)
    if version is not None:
        raise UsageError("a version is of the built-in gold, and can't be asked of a file")
    place = _published(path)
    plain = format in (None, NATIVE) and label_set is labels is overlaps is None and not ignore_labels
    if place is not None and plain and (place.parent / MANIFEST).is_file():
        return load_published(place.parent)
    return load_source(
        open_source(place or path, "a gold set"),
        _stem(path),
        format=format,
        label_set=label_set,
        labels=labels,
        ignore_labels=frozenset(ignore_labels),
        options=options or Options(),
        overlaps=overlaps,
    )


def _published(path: str | Path) -> Path | None:
    """The gold set in a published directory; None for any other path."""
    try:
        place = Path(path) / GOLD_FILE
        return place if str(path) != STDIN and place.is_file() else None
    except (OSError, ValueError):
        return None


def load_source(
    source: Source,
    name: str,
    *,
    format: str | None = None,
    label_set: LabelSet | str | Path | None = None,
    labels: LabelMap | str | Path | None = None,
    ignore_labels: frozenset[str] = frozenset(),
    options: Options = _NO_OPTIONS,
    overlaps: Keep | None = None,
) -> Gold:
    """A gold set from a source that is open, called ``name``; the rest is as for :func:`load`."""
    if overlaps is not None and overlaps not in OVERLAP_RULES:
        raise UsageError(f"unknown rule for overlaps {overlaps!r}, expected one of: {', '.join(OVERLAP_RULES)}")
    if format == GOLD:
        format = NATIVE
    elif format is not None:
        load_format(format)
    label_map = load_map(labels) if isinstance(labels, str | Path) else labels
    asked = _asked(format, label_map, ignore_labels, options, overlaps)
    reading = _Reading(label_map, ignore_labels, overlaps, Counter(), Counter())
    if format is None and options.fields is None and is_gold(source):
        format = NATIVE
    if format == NATIVE and has_ids(source):
        found = _native(source, name, label_set, reading)
        return replace(found, reading=asked)
    try:
        format = format_of(source, format, options)
    except InputError:
        # Objects that no format knows: what is wrong with them as records of a gold set is the better answer.
        if not looks_native(source):
            raise
        return replace(_native(source, name, label_set, reading), reading=asked)
    if source.is_directory and format not in DIRECTORIES:
        raise source.error(f"is a directory, expected a file in the format {format}")
    records = list(load_format(format).read(source, options))
    if not records:
        raise source.error("holds no records, expected a gold set")
    rejected = sum(record.rejected for record in records)
    records = trusting([record for record in records if not record.rejected], options.trust)
    if not records:
        raise source.error(f"holds {rejected} records, all of which were rejected or ignored, expected a gold set")
    for record in records:
        if lacks := lacking(record):
            raise WithoutTextsError(f"{source.name}: records in the format {format} without {lacks} are no gold set")
    documents, made_up = _documents(records, source, reading)
    set_ = labels_of(documents, label_set)
    for record, document in zip(records, documents, strict=True):
        strange = next((problem for e in document.entities if (problem := misfit(e, set_)) is not None), None)
        if strange is not None:
            raise source.error(strange, record.line, record.path)
    return Gold(
        name=name,
        version=None,
        fingerprint=fingerprint(documents, made_up),
        documents=tuple(map(with_sentences, documents)) if format in OF_DOCUMENTS else tuple(documents),
        labels=set_,
        open_labels=label_set is None,
        format=format,
        reading=asked | (_BY_RULE if format in OF_DOCUMENTS else {}),
        unit="sentence" if format in (*_OF_SENTENCES, *OF_DOCUMENTS) else "record",
        out_of_scope=dict(sorted(reading.out_of_scope.items())),
        rejected=rejected,
        dropped=reading.dropped.total(),
    )


def fingerprint(documents: Iterable[Document], made_up: frozenset[str] = frozenset()) -> str:
    """SHA-256 of documents in canonical form, without the ids among ``made_up``, which no file has.

    Entities are named after their document, and lose its id with it: what was read from columns, from JSON Lines and
    from DocBin has one fingerprint when it is the same.
    """
    return sha256(encode_lines(_without_id(d) if d.id in made_up else d for d in documents))


def _without_id(document: Document) -> Document:
    # A document has an id; that of one that was given none is a dash.
    bare = structs.replace(document, id=_NO_ID, entities=())
    return with_entities(bare, [structs.replace(e, id=_id(_NO_ID, e.id, document.id)) for e in document.entities])


def _id(new: str, id_: str, document: str) -> str:
    return new + id_.removeprefix(document)


class WithoutTextsError(UsageError):
    """The records of a file have no texts and offsets of their own: they need the gold that they are for."""


def lacking(record: Record) -> str:
    """What a record lacks that one of a gold set has, in words; empty when it has all. A model's copy is no text."""
    if record.text is None or record.fidelity is Fidelity.COPIED:
        return "texts"
    return "offsets" if record.mentions or record.unlocated else ""


class _Reading(NamedTuple):
    """What becomes of labels and of what overlaps; the last two count, by label."""

    label_map: LabelMap | None
    ignored: frozenset[str]
    overlaps: Keep | None
    out_of_scope: Counter[str]
    dropped: Counter[str]

    def kept(self, spans: list[Found]) -> list[Found]:
        """What the rule for overlaps keeps; what it drops is counted."""
        if self.overlaps is None:
            return spans
        found = keep(spans, self.overlaps)
        self.dropped.update(Counter(span.type for span in spans) - Counter(span.type for span in found))
        return found

    def label(self, label: str, source: Source, record: Record) -> str | None:
        """The gold's label for that of the file; None for one that is out of scope, which is counted.

        What the map leads to may stand in the file as it is.
        """
        known: Mapping[str, str | None] = {} if self.label_map is None else self.label_map.labels
        if self.label_map is not None and label not in (*known, *self.label_map.expresses, *self.ignored):
            raise source.error(
                f"unknown label {label!r}, expected {shown(known)} (label map {self.label_map.name})"
                + advice(f"--ignore-labels {label} leaves it out"),
                record.line,
                record.path,
            )
        found = None if label in self.ignored else known.get(label, label)
        if found is None:
            self.out_of_scope[label] += 1
        return found


def _native(source: Source, name: str, label_set: LabelSet | str | Path | None, reading: _Reading) -> Gold:
    found = read_gold(source.data, source.name, label_set if reading.label_map is None else None)
    found = replace(found, name=name)
    if reading.label_map is None and not reading.ignored and reading.overlaps is None:
        return found
    documents = []
    for document in found:
        named = []
        for entity in document.entities:
            label = reading.label(entity.type, source, Record(None))
            if label is not None:
                named.append(structs.replace(entity, type=label))
        spans = [Found(e.start, e.end, e.type, e.type, False, e.value, Record(None)) for e in named]
        kept = Counter(map(order_key, reading.kept(spans)))
        chosen = [entity for entity in named if kept[order_key(entity)]]
        documents.append(with_entities(structs.replace(document, entities=()), chosen))
    set_ = labels_of(documents, label_set)
    for document in documents:
        strange = next((problem for e in document.entities if (problem := misfit(e, set_)) is not None), None)
        if strange is not None:
            raise source.error(strange)
    return replace(
        found,
        documents=tuple(documents),
        fingerprint=fingerprint(documents),
        labels=set_,
        open_labels=label_set is None,
        out_of_scope=dict(sorted(reading.out_of_scope.items())),
        dropped=reading.dropped.total(),
    )


def _documents(records: list[Record], source: Source, reading: _Reading) -> tuple[list[Document], frozenset[str]]:
    """The documents of the records, and the ids among theirs that were made up."""
    found: dict[str, Document] = {}
    made_up: set[str] = set()
    numbers: Counter[str] = Counter()
    for record in records:
        id_ = record.id
        if id_ is None:
            # By content, so that two readings of one text have one id wherever it stands.
            id_ = sha256((record.text or "").encode("utf-8", "surrogatepass"))[:12]
            numbers[id_] += 1
            id_ += f"-{numbers[id_]}" if numbers[id_] > 1 else ""
            made_up.add(id_)
        if id_ in found:
            raise source.error(f"id {id_!r} occurs twice", record.line, record.path)
        try:
            found[id_] = _document(id_, record, source, reading)
        except ValueError as error:
            where = "" if record.line is not None else f"{id_}: "
            raise source.error(f"{where}{error}", record.line, record.path) from None
    return list(found.values()), frozenset(made_up)


def _document(id_: str, record: Record, source: Source, reading: _Reading) -> Document:
    text = record.text or ""
    if any(_HALF.search(part) for part in (id_, text, *(span.label for span in record.spans))):
        # JSON can write it, and nothing can encode it.
        raise ValueError("has half of a surrogate pair, which is no character")
    spans = [
        Found(span.start, span.end, span.label, label, False, span.value, record)
        for span in record.spans
        if (label := reading.label(span.label, source, record)) is not None
    ]
    for raw in record.spans:
        problem = span_problem(raw, text)
        if problem is not None:
            raise ValueError(problem)
    ordered = sorted(reading.kept(spans), key=order_key)
    entities = []
    for number, span in enumerate(ordered):
        second = number > 0 and ordered[number - 1][:2] == span[:2]
        entities.append(
            Entity(
                id=entity_id(id_, span.start, span.end, span.type if second else None),
                start=span.start,
                end=span.end,
                text=text[span.start : span.end],
                type=span.type,
                value=span.value,
            )
        )
    for one, other in pairwise(ordered):
        if order_key(one) == order_key(other):
            raise ValueError(f"{one.type} {one.start}–{one.end} {text[one.start : one.end]!r} occurs twice")
    return with_entities(Document(id=id_, text=text), entities)


def with_sentences(document: Document) -> Document:
    """The document with the sentences of our rule; two that an entity crosses are one."""
    bounds: list[tuple[int, int]] = []
    edges = [edge for part in _sections(document) for edge in split_sentences(document.text, *part)]
    starts = [entity.start for entity in document.entities]
    # How far the entities reach that begin at one place or before it.
    reach = list(accumulate((entity.end for entity in document.entities), max))
    for start, end in edges:
        before = bisect_left(starts, start)
        if before and reach[before - 1] > start:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    sentences = tuple(
        Sentence(id=f"{document.id}.s{number}", start=start, end=end) for number, (start, end) in enumerate(bounds, 1)
    )
    return structs.replace(document, sentences=sentences)


def _sections(document: Document) -> Iterator[tuple[int, int]]:
    """The lines of the text that have anything in them."""
    start = 0
    for line in document.text.split("\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1


def _asked(
    format: str | None,
    label_map: LabelMap | None,
    ignored: frozenset[str],
    options: Options,
    overlaps: Keep | None,
) -> dict[str, str]:
    """What the reading was told, by the names of the signature."""
    told = {
        "format": format,
        "labels": None if label_map is None else f"{label_map.name}#{label_map.fingerprint}",
        "ignored": listed(sorted(ignored)),
        "overlaps": overlaps,
    }
    return {name: value for name, value in told.items() if value} | options.told()


def _stem(path: str | Path) -> str:
    if str(path) == STDIN:
        return "stdin"
    name = Path(path).name.removesuffix(".gz")
    return Path(name).stem or name or str(path)
