"""From files to texts: gold sets in JSON Lines record by record, every other format through its reader."""

import codecs
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from tyez_bench.checks.config import Config, reader_options
from tyez_bench.checks.foreign import RawRecord, Read, as_gold_records, is_array, labels_in, mapped, sound_elements
from tyez_bench.checks.plain import parts, plain_document, plain_records
from tyez_bench.checks.rule import Finding, line_finding
from tyez_bench.checks.rules.records import Raw, read_raw
from tyez_bench.checks.rules.structure import typed
from tyez_bench.checks.texts import Text, TextKey, span_finding
from tyez_bench.gold.derived import with_ids
from tyez_bench.io.detect import detect_format, has_ids, is_gold, is_in_full, spans_of_no_format
from tyez_bench.io.field_maps import OWN
from tyez_bench.io.formats.native import in_code_points
from tyez_bench.io.label_maps import LabelMap, load_map
from tyez_bench.io.plain import PlainDocument
from tyez_bench.io.record import Options
from tyez_bench.io.registry import FORMATS
from tyez_bench.io.source import STDIN, Source, open_source
from tyez_bench.model.errors import InputError, UsageError
from tyez_bench.model.hints import unadvised

GOLD = "gold"
# The longer marks first: one begins with another.
_WIDE = {"UTF-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE), "UTF-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)}
_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Loaded:
    """What a file holds: sound texts, findings of the first two levels, and how many records are not sound.

    ``ids``: path, line and id of every record that has an id of its own, sound or not. ``refused``: the texts of the
    records that are not sound, as far as they have one, by path, line and id. ``labels`` counts the entities of all
    records by their labels, as the label map reads them.
    """

    path: str
    format: str
    texts: tuple[Text, ...]
    findings: tuple[Finding, ...]
    records: int
    out_of_scope: dict[str, int] = field(default_factory=dict)
    ids: tuple[TextKey, ...] = ()
    refused: dict[TextKey, str] = field(default_factory=dict)
    labels: Counter[str] = field(default_factory=Counter)

    @property
    def skipped(self) -> int:
        """How many records the levels above do not see."""
        return self.records - len(self.texts)

    @property
    def documents(self) -> Iterator[str]:
        """The ids of the documents, given or made of the text, sound or not."""
        yield from (id_ for _, _, id_ in self.ids)
        yield from (id_ for _, _, id_ in self.refused)
        yield from (text.document.id for text in self.texts)

    @property
    def reason(self) -> Finding | None:
        """The first finding for which a record is not what the file says; None where there is none.

        It is not when there is no sound text of it, and when an entity that is there twice was taken once (S103).
        """
        sound = {(text.path, text.line) for text in self.texts}
        wrong = (one for one in self.findings if one.code == "S103" or (one.path, one.line) not in sound)
        return next(wrong, self.findings[0] if self.skipped else None)


def load_file(path: Path, shown: str, config: Config) -> Loaded:
    """Read a file or directory as the configuration says; ``shown`` is what findings call it.

    A directory that holds ``gold.jsonl`` stands for it. Raises InputError for what can't be read at all,
    WithoutTextsError for a file without texts, UsageError for unknown names of formats and label maps.
    """
    format, options = config.format, reader_options(config)
    if format is not None and format not in (GOLD, *FORMATS):
        raise UsageError(f"unknown format {format!r}, expected one of: {', '.join((GOLD, *FORMATS))}")
    labels = None if config.labels is None else load_map(config.labels)
    if os.path.isfile(path / "gold.jsonl"):
        path, shown = path / "gold.jsonl", f"{shown.rstrip('/')}/gold.jsonl"
    check_readable(path, shown)
    source = open_source(path)
    source = Source(shown, source.data, source.is_directory)
    _check_encoding(source)
    ignored = frozenset(config.ignore_labels)
    if format is None and options.fields is not None:
        format = OWN
    if format == GOLD or (format is None and is_gold(source) and is_in_full(source)):
        return _native(source, labels, ignored, options)
    try:
        name = _detected(source, options) if format is None else format
    except InputError:
        # Objects that no format knows: what is wrong with them as records of a gold set is the better answer, unless
        # they have spans of another kind.
        if source.is_directory or source.data.lstrip()[:1] != b"{":
            raise
        other = spans_of_no_format(source)
        if other is not None:
            raise InputError(f"is not in a known format{other}", path=source.name) from None
        return _native(source, labels, ignored, options)
    return _loaded(source, name, as_gold_records(source, name, labels, ignored, options), options)


def _detected(source: Source, options: Options) -> str:
    """The format that a file looks like, by the elements that are sound where it is an array in which one is broken."""
    try:
        return detect_format(source, options)
    except InputError:
        if source.is_directory or not is_array(source):
            raise
        sound = sound_elements(source)
        if sound.data == source.data:
            raise
        return detect_format(sound, options)


def check_readable(path: Path, shown: str) -> None:
    """Raise InputError for a pipe or device: to wait for one that nobody writes to would be to wait for ever."""
    if str(path) != STDIN and os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise InputError("is a pipe or a device, expected a file", path=shown)


def _check_encoding(source: Source) -> None:
    """Raise InputError for UTF-16 and UTF-32, of which no line can be read."""
    data = source.data
    marked = next((name for name, marks in _WIDE.items() if data.startswith(marks)), None)
    # Without a mark, each character of ASCII has bytes 0 beside it.
    if marked is None and data[:1] in b"{[\0" and b"\0" in data[:4] and b"\0" in data[4:8]:
        marked = "UTF-32" if data[:4].count(0) == 3 else "UTF-16"
    if marked is not None:
        raise InputError(f"is in {marked}, expected UTF-8", path=source.name)


class _TypedRecord(NamedTuple):
    """What a record turned out to be: a sound text, or findings and whatever text it has."""

    path: str
    line: int | None
    id: str | None
    sound: Text | None
    refused: str | None
    findings: list[Finding]
    named: bool


@dataclass
class _Records:
    """What is known of a file from its records so far, in the order of the file."""

    source: Source
    options: Options
    texts: list[Text] = field(default_factory=list)
    not_read: list[Finding] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    number: int = 0
    out_of_scope: Counter[str] = field(default_factory=Counter)
    ids: list[TextKey] = field(default_factory=list)
    refused: dict[TextKey, str] = field(default_factory=dict)
    labels: Counter[str] = field(default_factory=Counter)
    surfaces: dict[str, str] = field(default_factory=dict)

    def add(self, read: Read) -> None:
        """Take raw records."""
        self.not_read += read.findings
        self.number += read.number
        self.out_of_scope.update(read.out_of_scope)
        for raw in read.records:
            self._add_typed(_record(raw, self.source, self.options))
            self.labels.update(labels_in(raw.record))

    def add_plain(self, records: list[PlainDocument], first: int) -> None:
        """Take plain records, of which the first is in this line."""
        path, unsaid = self.source.name, self.options.offsets is None
        self.number += len(records)
        for line, record in enumerate(records, first):
            document = plain_document(record, self.surfaces)
            if document is None:
                raw = RawRecord(msgspec.to_builtins(record), None, line, named=True)
                self._add_typed(_record(raw, self.source, self.options))
                continue
            self.texts.append(text := Text(path, line, document, path, (), unsaid, plain=True))
            self.ids.append(text.key)
        counts = Counter([one.type for record in records for one in record.entities])
        # The empty one is no label.
        counts.pop("", None)
        self.labels.update(counts)

    def _add_typed(self, one: _TypedRecord) -> None:
        self.findings += one.findings
        if one.sound is not None:
            self.texts.append(one.sound)
        if one.named and one.id is not None:
            self.ids.append((one.path, one.line, one.id))
        if one.refused is not None:
            self.refused[one.path, one.line, one.id or ""] = one.refused

    def loaded(self, format: str) -> Loaded:
        """The file."""
        return Loaded(
            path=self.source.name,
            format=format,
            texts=tuple(self.texts),
            findings=(*self.not_read, *self.findings),
            records=self.number,
            out_of_scope=dict(sorted(self.out_of_scope.items())),
            ids=tuple(self.ids),
            refused=self.refused,
            labels=self.labels,
        )


def _native(source: Source, labels: LabelMap | None, ignored: frozenset[str], options: Options) -> Loaded:
    """A gold set in JSON Lines, part by part, with a finding for each line that has no record."""
    found = _Records(source, options)
    as_it_is = labels is None and not ignored and options.offsets is None
    for part in parts(source.data):
        plain = plain_records(part) if as_it_is else None
        if plain is not None:
            found.add_plain(plain, part.first)
            continue
        lines = list(read_raw(part.data, source.name, part.first))
        first = next((raw.record for raw in lines if raw.record is not None), {})
        # The first record nearly always tells.
        told = part.first > 1 or isinstance(first.get("id"), str)
        if not told and not has_ids(source):
            lines = list(read_raw(source.data, source.name))
            found.add(_raw(lines, source, labels, ignored, options, made=True))
            break
        found.add(_raw(lines, source, labels, ignored, options))
    return found.loaded(GOLD)


def _raw(
    lines: Sequence[Raw],
    source: Source,
    labels: LabelMap | None,
    ignored: frozenset[str],
    options: Options,
    *,
    made: bool = False,
) -> Read:
    """The raw records of lines; ``made``: they get the ids that they do not have."""
    records: list[RawRecord] = []
    findings = [finding for raw in lines for finding in raw.findings]
    out_of_scope: Counter[str] = Counter()
    given = [(raw.line, raw.record) for raw in lines if raw.record is not None]
    own = [record for _, record in given]
    for (line, one), whole in zip(given, with_ids(own) if made else own, strict=True):
        try:
            record, aside = mapped(in_code_points(whole, options, source.name, line), labels, ignored, out_of_scope)
        except InputError as error:
            findings.append(line_finding("F002", error.reason, source.name, line))
            continue
        records.append(RawRecord(record, None, line, one.get("id") is not None, aside))
    return Read(records, findings, out_of_scope, sum(not raw.mark for raw in lines))


def _record(raw: RawRecord, source: Source, options: Options) -> _TypedRecord:
    record, path, line = raw.record, raw.path or source.name, raw.line
    unsaid = raw.unsaid and options.offsets is None
    with nullcontext() if unsaid else unadvised("offsets"):
        document, findings = typed(record, path, line)
    id_, text = (part if isinstance(part, str) else None for part in (record.get("id"), record.get("text")))
    half = _HALF.search(text or "")
    if half is not None or _HALF.search(id_ or ""):
        # JSON can write it, and nothing can encode it: the record gets no further.
        findings.append(_half(path, line, id_, text, half))
        document = None
    sound = None if document is None else Text(path, line, document, source.name, raw.aside, unsaid)
    return _TypedRecord(path, line, id_, sound, text if sound is None else None, findings, raw.named)


def _loaded(source: Source, format: str, read: Read, options: Options) -> Loaded:
    found = _Records(source, options)
    found.add(read)
    return found.loaded(format)


def _half(path: str, line: int | None, id_: str | None, text: str | None, match: re.Match[str] | None) -> Finding:
    return span_finding(
        "F001",
        f"the {'id' if match is None else 'text'} has half of a surrogate pair, which is not a character",
        path=path,
        line=line,
        document=id_,
        text=text or "",
        start=None if match is None else match.start(),
        end=None if match is None else match.end(),
    )
