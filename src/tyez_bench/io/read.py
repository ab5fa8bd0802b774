"""Predictions in any format, read for a gold set: labels mapped, records placed, spans checked; what is odd is said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from tyez_bench.files.inputs import without_collection
from tyez_bench.gold.gold import NATIVE, Gold
from tyez_bench.io.align.offsets import misread, on_texts, unit_of
from tyez_bench.io.align.places import Place, missing_sentences, place_records
from tyez_bench.io.align.spans import Candidate, Keep, Tally, check_rule, located, merge
from tyez_bench.io.detect import read_as, taken
from tyez_bench.io.label_maps import AS_THEY_ARE, LabelMap, check_leads, choose, identity, left_out, load_map, shown
from tyez_bench.io.record import Options, RawUnlocated, Record
from tyez_bench.io.registry import load_format, takes_offsets, usual_map
from tyez_bench.io.source import Source, open_source
from tyez_bench.model.documents import Prediction, Unlocated
from tyez_bench.model.errors import UsageError, counted, one_line
from tyez_bench.model.hints import public, unadvised
from tyez_bench.model.labels import LabelSet, listed

# The length up to which a text may well be one name.
_NAME = 10


@dataclass(frozen=True, slots=True)
class ReadingNotes:
    """How a file was read, to be printed with the score.

    ``keyed_by`` says by what the records were placed (document, sentence, page, text, position). ``out_of_scope``
    counts the labels that were ignored; ``dropped`` the spans that lost to an overlapping one under a rule asked for;
    ``moved`` and ``lost`` what aligning did; ``edits`` the differences of a model's copies; ``unlocated`` what is not
    in the text; ``repaired`` the tags that a named repair changed; ``places`` the tokens read without their place in
    the word; ``broken_tags`` the tags of a model's answer that mark nothing, because they lack a counterpart or a text;
    ``offsets`` its names whose own offsets were passed over; ``unread`` the answers that are empty, broken or no copy
    of the text, and name nothing, ``unread_kinds`` how many of each; ``whole_texts`` the names that are all of their
    record's text, where most are; ``rejected`` the records that an annotator set aside; ``white_edges`` the spans that
    begin or end with white space; ``touching`` the groups of a pipeline that touch one of the same label, where most
    do. ``missing_sentences`` counts those that no record stands for. ``unit`` is what the offsets count, if not code
    points; ``rivals`` are columns, from 1, with different tags of the same labels, of which the last was read;
    ``misread`` is another reading under which many more spans would fit the gold (see align/offsets.py).
    """

    format: str
    keyed_by: str
    records: int
    out_of_scope: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    moved: int = 0
    lost: int = 0
    edits: int = 0
    unlocated: int = 0
    repaired: int = 0
    places: int = 0
    broken_tags: int = 0
    offsets: int = 0
    unread: int = 0
    unread_kinds: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    white_edges: int = 0
    touching: int = 0
    whole_texts: int = 0
    missing_sentences: int = 0
    unit: str | None = None
    rivals: tuple[int, ...] = ()
    misread: dict[str, Any] = field(default_factory=dict)

    @property
    def notes(self) -> dict[str, Any]:
        """What was left out or changed on the way, by the names above, as far as there was any."""
        return {name: value for name, value in asdict(self).items() if value and name not in ("format", "records")}


@dataclass(frozen=True, repr=False)
class Predictions(Mapping[str, Prediction]):
    """Predictions by document id, with the label map and how they were read.

    ``asked`` holds what the reading was told to do, by the names of the command line's options, and the format.
    """

    by_document: Mapping[str, Prediction]
    label_map: LabelMap
    reading: ReadingNotes
    asked: Mapping[str, str] = field(default_factory=dict)
    # Fingerprint and labels of the gold that they were read for, whether they are one flat layer, and what was read.
    _checked: tuple[str, LabelSet, bool, tuple[tuple[str, Prediction], ...]] | None = field(
        default=None, init=False, compare=False
    )

    def fits(self, gold: Gold, *, flat: bool) -> bool:
        """Whether they were checked against this gold set as they were read, and nobody has changed them since."""
        if self._checked is None:
            return False
        fingerprint, labels, layer, items = self._checked
        return (
            (fingerprint, labels) == (gold.fingerprint, gold.labels)
            and layer in (True, flat)
            and items == tuple(self.by_document.items())
        )

    def __getitem__(self, key: str) -> Prediction:
        return self.by_document[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_document)

    def __len__(self) -> int:
        return len(self.by_document)

    def __repr__(self) -> str:
        return one_line(
            f"<Predictions: {counted(len(self), 'document')}, {self.reading.format}, labels {self.label_map.name}>"
        )


class FileOptions(Struct, frozen=True):
    """How a file is read: what is None is left to the reader; labels out of scope are beside the map's."""

    format: str | None = None
    labels: str | None = None
    ignore_labels: tuple[str, ...] = ()
    label_set: str | None = None
    options: Options = Options()
    align: bool = False
    overlaps: Keep | None = None

    def arguments(self) -> dict[str, Any]:
        """What :func:`read_predictions` is told, by its parameters."""
        return {name: value for name, value in structs.asdict(self).items() if name != "label_set"}

    def of_gold(self) -> dict[str, Any]:
        """What is told where a gold set is loaded, by the parameters there."""
        told = {name: value for name, value in structs.asdict(self).items() if name != "align"}
        return told | {"options": structs.replace(self.options, align=self.align)}


class ReadOptions(Struct, frozen=True, kw_only=True):
    """What a reading is told.

    Label map (None: detected), labels out of scope beside the map's, options of the format, whether texts are aligned,
    which of overlapping spans are kept (None: refused), whether the layer is flat.
    """

    labels: str | Path | LabelMap | None = None
    ignore_labels: frozenset[str] = frozenset()
    options: Options = Options()
    align: bool = False
    overlaps: Keep | None = None
    flat: bool = True

    def asked(self, format: str) -> dict[str, str]:
        """What is not the default, by the names of the signature, and the format."""
        told = {
            "format": format,
            "ignored": listed(sorted(self.ignore_labels)),
            "align": "yes" if self.align else "",
            "overlaps": self.overlaps,
        }
        return {name: str(value) for name, value in told.items() if value} | self.options.told()


@public
def read_predictions(
    path: str | Path,
    gold: Gold,
    *,
    format: str | None = None,
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    options: Options | None = None,
    align: bool = False,
    overlaps: Keep | None = None,
    flat: bool = True,
) -> Predictions:
    """Read predictions for ``gold`` from a file, a directory or standard input, in any format that is read.

    Args:
        path: a file, a directory (brat), or ``-`` for the standard input.
        gold: the gold set that they are for. Records are found by the id or the text of its documents and sentences.
        format: the format of the file, as ``conll``; None: detected.
        labels: the label map that leads from the labels of the file to the gold's, by name, as a file or as a map;
            None: detected by the labels.
        ignore_labels: labels of the file that are out of scope, beside those of the map.
        options: further options of the format.
        align: project offsets across harmless differences between the text of the file and the gold's.
        overlaps: the rule by which one of two overlapping spans is dropped, ``keep-longest`` or ``keep-first``; None:
            they are refused.
        flat: whether spans may not overlap; False where all layers count.

    Returns:
        Predictions by document id, with the label map and what was counted as they were read. Offsets are half-open
        code points into the gold's texts. A document that the file lacks is not among them.

    Raises:
        InputError: what is invalid or does not fit the gold, with file and line.
        UsageError: an unknown name.

    Example:
        >>> import tyez_bench
        >>> from pathlib import Path
        >>> record = '{"id": "wanbolin", "entities": [{"start": 0, "end": 4, "type": "PLACE"}]}'
        >>> _ = Path("mine.jsonl").write_text(record, "utf-8")
        >>> found = tyez_bench.read_predictions("mine.jsonl", tyez_bench.load())
        >>> found["wanbolin"].entities[0].end, found.reading.format
        (4, 'native')
    """
    how = ReadOptions(
        labels=labels,
        ignore_labels=frozenset(ignore_labels),
        options=options or Options(),
        align=align,
        overlaps=overlaps,
        flat=flat,
    )
    if format is not None:
        load_format(format)
    return read_source(open_source(path), gold, how, format=format)


def read_source(source: Source, gold: Gold, how: ReadOptions, *, format: str | None = None) -> Predictions:
    """Read predictions as :func:`read_predictions` does, from a source that is open."""
    options = structs.replace(how.options, align=how.align)
    with without_collection():
        name, records = read_as(source, format, options, "predictions")
        return read_records(records, source, gold, how, format=name)


def read_records(records: list[Record], source: Source, gold: Gold, how: ReadOptions, *, format: str) -> Predictions:
    """Predictions from records, wherever they come from; ``source`` is what errors name."""
    rejected = sum(record.rejected for record in records)
    records = taken(records, how.options, source, "predictions", blank=False)
    check_rule(how.overlaps)
    label_map = _label_map(records, how, gold, source, format)
    places = place_records(records, gold, source, align=how.align)
    records = on_texts(records, places, how.options, source)
    tally = Tally()
    told = how.options.offsets is not None or any(record.told for record in records)
    with unadvised("offsets", when=told):
        spans, unlocated = _collect(records, places, gold, source, label_map, how, tally)
    found: dict[str, Prediction] = {}
    dropped = 0
    for document in spans:
        prediction, lost = merge(
            gold[document],
            spans[document],
            unlocated[document],
            source,
            labels=gold.labels,
            flat=how.flat,
            overlaps=how.overlaps,
        )
        found[document] = prediction
        dropped += lost
    reading = ReadingNotes(
        format=format,
        keyed_by=", ".join(dict.fromkeys(place.key for place in places)),
        records=len(records),
        out_of_scope=dict(sorted(tally.out_of_scope.items())),
        dropped=dropped,
        moved=tally.moved,
        lost=tally.lost,
        edits=tally.edits,
        unlocated=sum(len(prediction.unlocated) for prediction in found.values()),
        repaired=sum(record.repaired for record in records),
        places=sum(record.places for record in records),
        broken_tags=sum(record.broken_tags for record in records),
        offsets=tally.offsets,
        unread=tally.unread.total(),
        unread_kinds=dict(sorted(tally.unread.items())),
        rejected=rejected,
        white_edges=sum(_white_edges(gold[id_].text, one) for id_, one in found.items()),
        touching=_touching(records),
        whole_texts=_whole_texts(records),
        missing_sentences=missing_sentences(places, gold),
        unit=tally.unit or unit_of(how.options),
        rivals=next((record.rivals for record in records if record.rivals), ()),
        misread=misread(
            records, places, gold, label_map, how.ignore_labels, lambda words: not told and takes_offsets(format, words)
        ),
    )
    predictions = Predictions(found, label_map, reading, how.asked(format))
    checked = gold.fingerprint, gold.labels, how.flat, tuple(found.items())
    object.__setattr__(predictions, "_checked", checked)
    return predictions


def _touching(records: Sequence[Record]) -> int:
    """How many groups of a pipeline touch one of the same label, where most do: a name is a group for each token."""
    found, spans = sum(record.touching for record in records), sum(len(record.spans) for record in records)
    return found if 2 * found > spans else 0


def _whole_texts(records: Sequence[Record]) -> int:
    """How many spans are the whole text of their record, where most are: a sentence was taken for one token."""
    spans = [(record.text, span) for record in records if record.text is not None for span in record.spans]
    whole = sum(len(text) > _NAME and (span.start, span.end) == (0, len(text)) for text, span in spans)
    return whole if 2 * whole > len(spans) else 0


def _white_edges(text: str, prediction: Prediction) -> int:
    """How many entities begin or end with white space."""
    return sum(text[one.start].isspace() or text[one.end - 1].isspace() for one in prediction.entities)


def _labels(record: Record) -> Iterator[str]:
    for part in (record.spans, record.mentions, record.unlocated):
        for item in part:
            yield item.label


def _label_map(records: list[Record], how: ReadOptions, gold: Gold, source: Source, format: str) -> LabelMap:
    """The label map named or chosen. Raises InputError for a label that it does not know, at its first record."""
    given, ignored = how.labels, how.ignore_labels
    observed = {label for record in records for label in _labels(record)} - ignored
    if given == AS_THEY_ARE:
        return identity(gold.labels, observed)
    if given is None:
        try:
            # Without any entity, a set in our own schema has our labels, and one in another form has none.
            there = gold.present or (gold.labels.names if gold.format == NATIVE else ())
            usual = usual_map(format, observed)
            return choose(observed, gold.labels, closed=not gold.open_labels, present=there, usual=usual)
        except UsageError as error:
            # The first record with a label that no map knows is where to look.
            lost = observed - set(gold.labels.names)
            at = next((r for r in records if any(label in lost for label in _labels(r))), None)
            line, path = (None, None) if at is None else (at.line, at.path)
            raise source.error(str(error), line, path) from None
    label_map = given if isinstance(given, LabelMap) else load_map(given)
    check_leads(label_map, gold)
    unknown = label_map.unknown(observed)
    for record in records if unknown else ():
        label = next((label for label in _labels(record) if label in unknown), None)
        if label is not None:
            raise source.error(
                f"unknown label {label!r}, expected {shown(label_map.labels)} (label map {label_map.name})"
                + left_out(unknown),
                record.line,
                record.path,
            )
    return label_map


def _collect(
    records: list[Record],
    places: list[Place],
    gold: Gold,
    source: Source,
    label_map: LabelMap,
    how: ReadOptions,
    tally: Tally,
) -> tuple[dict[str, list[Candidate]], dict[str, list[Unlocated]]]:
    """The spans and the unlocated mentions of each document that a record stands for."""
    spans: dict[str, list[Candidate]] = {}
    unlocated: dict[str, list[Unlocated]] = {}
    targets: dict[str, str | None] = dict.fromkeys(how.ignore_labels)
    for record, place in zip(records, places, strict=True):
        for document in gold if place.document is None else (place.document,):
            spans.setdefault(document.id, [])
            unlocated.setdefault(document.id, [])
        for document_id, item in located(record, place, gold, source, tally, align=how.align, nested=not how.flat):
            label = item.label
            if label not in targets:
                targets[label] = label_map.target(label)
            type_ = targets[label]
            if type_ is None:
                tally.out_of_scope[label] += 1
            elif isinstance(item, RawUnlocated):
                unlocated[document_id].append(Unlocated(text=item.text, type=type_, start=item.start))
            else:
                spans[document_id].append(Candidate(item, type_, record))
    return spans, unlocated
