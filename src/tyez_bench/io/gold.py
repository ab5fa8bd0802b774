"""Gold sets in any format: the same readers as for predictions, with texts of their own."""

import json
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from msgspec import structs

from tyez_bench.gold import gold as native
from tyez_bench.gold.derived import fingerprint, is_made_up, with_entities, with_sentences
from tyez_bench.gold.gold import SENTENCES, Gold, first_misfit, labels_of, load_published, read_gold
from tyez_bench.gold.manifest import MANIFEST
from tyez_bench.io.align.offsets import Offsets, offsets_of
from tyez_bench.io.align.spans import Candidate, Keep, check_rule
from tyez_bench.io.align.texts import shift_hint
from tyez_bench.io.detect import detect_format, format_of, has_ids, is_gold, is_in_full, looks_native, read_as, taken
from tyez_bench.io.formats.native import source_in_code_points
from tyez_bench.io.gold_documents import Choice, WithoutTextsError, documents_of, lacking
from tyez_bench.io.label_maps import LabelMap, load_map
from tyez_bench.io.record import Options, Record
from tyez_bench.io.registry import load_format
from tyez_bench.io.source import STDIN, Source, open_source
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import advice, public, unadvised
from tyez_bench.model.labels import LabelSet, listed
from tyez_bench.model.spans import Span, order_key

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


@public
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
    r"""Load the built-in gold set, or a gold set of your own from a file or directory in any format that is read.

    Offsets in the result are half-open code points into each document's text, whatever the file counts. Entities may
    nest, cross, and have two labels on one span. Nothing is normalised.

    Args:
        path: a file, a directory (brat, or a published one), or ``-`` for the standard input; None: the built-in set,
            which is verified against its manifest.
        version: a version of the built-in set by its number, as ``1.0.0``; None: the present one.
        format: the format of the file, as ``conll``; None: detected.
        label_set: which labels there are, in what order and of what kind: a name, a file or a set. None: the smallest
            set of the package that has all labels of the file, else the labels of the file by frequency.
        labels: a label map that translates the labels of the file, by name or as a file.
        ignore_labels: labels that are left out; they are counted in ``Gold.out_of_scope``.
        options: further options of the format.
        overlaps: the rule for what stands there twice with one label, ``keep-longest`` or ``keep-first``; None:
            refused.

    Returns:
        The gold set.

    Raises:
        InputError: what can't be read or is invalid, with file, line and reason.
        UsageError: an unknown name, or an option that the built-in set does not take.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.load().labels.names
        ('PLACE', 'ORG', 'MONEY', 'DATE')
        >>> from pathlib import Path
        >>> _ = Path("own.conll").write_text("太 B-LOC\n原 I-LOC\n", "utf-8")
        >>> tyez_bench.load("own.conll")[0].entities
        (<LOC '太原' 0–2>,)
    """
    if path is None:
        if any(given is not None for given in (format, label_set, labels, options, overlaps)) or tuple(ignore_labels):
            raise UsageError("the built-in gold has its own format and labels: options for reading are for files")
        return native.load(version=version)
    if version is not None:
        raise UsageError("only the built-in gold has versions, not a file")
    place = _published(path)
    plain = format in (None, NATIVE) and label_set is labels is overlaps is None and not ignore_labels
    plain = plain and offsets_of(options or _NO_OPTIONS) == Offsets()
    if place is not None and plain and (place.parent / MANIFEST).is_file():
        return load_published(place.parent)
    return load_source(
        open_source(place or path, "a gold set"),
        stem(path),
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
    check_rule(overlaps)
    if format == GOLD:
        format = NATIVE
    elif format is not None:
        load_format(format)
    label_map = load_map(labels) if isinstance(labels, str | Path) else labels
    asked = _asked(format, label_map, ignore_labels, options, overlaps)
    reading = Choice(label_map, ignore_labels, overlaps, Counter(), Counter(), Counter(), options.align)
    own = format == NATIVE or (format is None and options.fields is None and is_gold(source))
    if own and is_in_full(source):
        found = _native(source_in_code_points(source, options), name, label_set, reading)
        return replace(found, reading=asked)
    try:
        format = format_of(source, format, options)
    except InputError:
        # Objects that no format knows: what is wrong with them as records of a gold set is the better answer.
        if not looks_native(source):
            raise
        return replace(_native(source_in_code_points(source, options), name, label_set, reading), reading=asked)
    _, records = read_as(source, format, options, "a gold set")
    rejected = sum(record.rejected for record in records)
    records = taken(records, options, source, "a gold set", blank=True)
    for record in records:
        if record.rivals:
            said = f"columns {' and '.join(map(str, record.rivals))} have different tags with the same labels"
            said += ", like gold and predictions; expected only the gold's"
            raise source.error(said + advice("choose it with {column}", column=record.rivals[0]), record.line)
        if lacks := lacking(record):
            raise WithoutTextsError(f"{source.name}: records in the format {format} without {lacks} are not a gold set")
    told = options.offsets is not None or any(record.told for record in records)
    with unadvised("offsets", when=told):
        documents = documents_of(records, source, reading)
    set_ = labels_of(documents, label_set)
    for record, document in zip(records, documents, strict=True):
        strange = first_misfit(document, set_)
        if strange is not None:
            raise source.error(strange, record.line, record.path)
    return Gold(
        name=name,
        version=None,
        fingerprint=fingerprint(documents),
        documents=tuple(map(with_sentences, documents)) if format in OF_DOCUMENTS else tuple(documents),
        labels=set_,
        open_labels=label_set is None,
        format=format,
        reading=asked | (_BY_RULE if format in OF_DOCUMENTS else {}),
        unit="sentence" if format in (*_OF_SENTENCES, *OF_DOCUMENTS) else "record",
        out_of_scope=dict(sorted(reading.out_of_scope.items())),
        rejected=rejected,
        dropped=reading.dropped.total(),
        places=_places(source, records, documents),
        changed=_changed(records, reading),
    )


def _places(source: Source, records: list[Record], documents: list[Document]) -> dict[str, str]:
    """Where the documents stand whose ids are made up: by line, or by number where a format has no lines."""
    found = {}
    for number, (record, document) in enumerate(zip(records, documents, strict=True), 1):
        if is_made_up(document.id, document.text):
            where = f", record {number}" if record.line is None else f":{record.line}"
            found[document.id] = (record.path or source.name) + where
    return found


def _native(source: Source, name: str, label_set: LabelSet | str | Path | None, reading: Choice) -> Gold:
    dropped = None if reading.overlaps is None else reading.dropped
    labels = label_set if reading.label_map is None else None
    try:
        found = read_gold(source.data, source.name, labels, dropped=dropped, named=has_ids(source))
    except InputError as error:
        why = _why(source, error)
        raise (InputError(f"{error.reason}{why}", path=error.path, line=error.line) if why else error) from None
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
        spans = [Candidate(Span(e.start, e.end, e.type), e.type, Record(None)) for e in named]
        kept = Counter(map(Candidate.order, reading.kept(spans)))
        chosen = [entity for entity in named if kept[order_key(entity)]]
        documents.append(with_entities(structs.replace(document, entities=()), chosen))
    set_ = labels_of(documents, label_set)
    for document in documents:
        strange = first_misfit(document, set_)
        if strange is not None:
            raise source.error(f"{found.places.get(document.id, document.id)}: {strange}")
    return replace(
        found,
        documents=tuple(documents),
        fingerprint=fingerprint(documents),
        labels=set_,
        open_labels=label_set is None,
        out_of_scope=dict(sorted(reading.out_of_scope.items())),
        dropped=reading.dropped.total(),
    )


def _why(source: Source, error: InputError) -> str:
    """What more can be said of a record that is none of our own form: what its offsets may count, or what reads it."""
    if error.line is None:
        return ""
    try:
        record = json.loads(source.data.split(b"\n")[error.line - 1].removeprefix(BOM_UTF8))
        entities = [one for one in record["entities"] if isinstance(one.get("text"), str)]
        found = (shift_hint(record["text"], e["text"], e["start"], e["end"], align=False) for e in entities)
        hint = next(filter(None, found), "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        hint = ""
    if hint or "unknown field" not in error.reason:
        return hint
    try:
        other = detect_format(source)
    except InputError:
        return ""
    return advice("read it with {format}", format=other) if other != NATIVE else ""


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
        "align": "yes" if options.align else None,
    }
    return {name: value for name, value in told.items() if value} | options.told()


def _changed(records: list[Record], reading: Choice) -> dict[str, int]:
    """What was changed on the way, with its number, by the names of ``io.read.ReadingNotes``."""
    found = {name: sum(getattr(record, name) for record in records) for name in ("repaired", "places")}
    return {name: number for name, number in (found | {"moved": reading.moved.total()}).items() if number}


def stem(path: str | Path) -> str:
    """What a gold set is called after its file."""
    if str(path) == STDIN:
        return "stdin"
    name = Path(path).name.removesuffix(".gz")
    return Path(name).stem or name or str(path)
