"""Any other format as raw records of a gold set, part by part where the whole can't be read."""

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from tyez_bench.checks.rule import Finding, line_finding
from tyez_bench.files.jsonl import other_encoding
from tyez_bench.gold.derived import complete_ids
from tyez_bench.io.gold_documents import WithoutTextsError, lacking
from tyez_bench.io.label_maps import LabelMap
from tyez_bench.io.record import Options, Record
from tyez_bench.io.registry import PART_BY_PART, check_offsets, load_by_part, load_format, with_offsets
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span

# A byte that is no UTF-8, as the error handler surrogateescape leaves it.
_BAD = re.compile("[\udc80-\udcff]")
_SPACE = re.compile(r"[ \t\r\n]*")


class FilePart(NamedTuple):
    """A part as a file of its own, and how many lines are before it.

    Where something is wrong with its bytes or its JSON, what, and how many lines are before that.
    """

    before: int
    data: bytes
    fault: str | None = None


def bad_byte(line: str) -> str | None:
    """What a line with a byte that is no UTF-8 is refused for; None where there is none."""
    found = _BAD.search(line)
    if found is None:
        return None
    other = other_encoding(line.encode("utf-8", "surrogateescape"))
    return f"byte 0x{ord(found[0]) - 0xDC00:02x} is not valid UTF-8{other}"


def without_bad_blocks(source: Source) -> tuple[Source, list[InputError]]:
    """A file of columns without the sentences that have bytes which are no UTF-8: empty lines are in their places."""
    lines = _text(source).split("\n")
    bad = {number: fault for number, line in enumerate(lines) if (fault := bad_byte(line)) is not None}
    for number in bad:
        for step in (-1, 1):
            at = number + step
            while 0 <= at < len(lines) and lines[at].strip():
                lines[at] = ""
                at += step
        lines[number] = ""
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    faults = [source.error(fault, number + 1) for number, fault in sorted(bad.items())]
    return Source(source.name, data), faults


def json_parts(source: Source) -> list[FilePart]:
    """The lines of JSON Lines, or the elements of an array, each in an array of its own; else the whole."""
    if is_array(source):
        found = list(_elements(_text(source)))
        return found or [FilePart(0, source.data)]
    lines = source.data.split(b"\n")
    return [FilePart(number, line) for number, line in enumerate(lines) if line.strip()]


def is_array(source: Source) -> bool:
    """Whether a file is one JSON array, and not JSON Lines of arrays."""
    text = _text(source)
    head, _, rest = text.strip().partition("\n")
    if not head.startswith("["):
        return False
    try:
        json.loads(head)
    except (ValueError, RecursionError):
        return True
    return not rest.strip()


def sound_elements(source: Source) -> Source:
    """An array of those elements of an array that are JSON; the file itself where there are none."""
    found = [part.data[1:-1] for part in _elements(_text(source)) if part.fault is None]
    return Source(source.name, b"[" + b",".join(found) + b"]") if found else source


def _text(source: Source) -> str:
    return source.data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def _elements(text: str) -> Iterator[FilePart]:
    """The elements of an array; behind one that is no JSON it goes on where the next line begins like the first."""
    decoder = json.JSONDecoder()
    at = _skip(text, text.index("[") + 1)
    # Each on a line of its own, as deep as the first.
    begin = text[text.rfind("\n", 0, at) : at + 1] if "\n" in text[:at] else None
    counted, before = 0, 0
    while at < len(text) and text[at] != "]":
        before += text.count("\n", counted, at)
        counted = at
        try:
            _, end = decoder.raw_decode(text, at)
            following = _skip(text, end)
            if text[following : following + 1] not in (",", "]"):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, following)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
            place = error.pos if isinstance(error, json.JSONDecodeError) else at
            following = -1 if begin is None else text.find(begin, at)
            lost = "; the rest was not read" if following < 0 else ""
            yield FilePart(before + text.count("\n", at, place), b"", f"not valid JSON: {reason}{lost}")
            if begin is None or following < 0:
                return
            at = following + len(begin) - 1
            continue
        data = text[at:end]
        wrong = _BAD.search(data)
        lines = 0 if wrong is None else data.count("\n", 0, wrong.start())
        yield FilePart(before + lines, b"[" + data.encode("utf-8", "surrogateescape") + b"]", bad_byte(data))
        at = _skip(text, following + 1) if text[following] == "," else following


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    assert found is not None
    return found.end()


_NO_OPTIONS = Options()


class RawRecord(NamedTuple):
    """A record of a gold set, not looked at yet. ``named``: its id is the file's, and not made of the text.

    ``aside``: the spans of its labels that are out of scope. ``unsaid``: its offsets may be said to count something
    else.
    """

    record: dict[str, Any]
    path: str | None
    line: int | None
    named: bool
    aside: tuple[tuple[int, int], ...] = ()
    unsaid: bool = True


class Read(NamedTuple):
    """The records of a file, a finding (F002) for each part that its reader refuses, and the labels left out.

    ``number``: how many records there are, read or refused.
    """

    records: list[RawRecord]
    findings: list[Finding]
    out_of_scope: dict[str, int]
    number: int


def as_gold_records(
    source: Source,
    name: str,
    given: LabelMap | None,
    ignored: frozenset[str] = frozenset(),
    options: Options = _NO_OPTIONS,
) -> Read:
    """The records of a file in the format ``name``, without the labels ``ignored``. Raises WithoutTextsError."""
    check_offsets(name, options, source)
    read, findings = _records(source, name, options)
    out_of_scope: Counter[str] = Counter()
    records = []
    # By content, so that what is accepted stays so when lines are moved.
    ids = complete_ids((record.id, record.text or "") for record in read)
    for record, id_ in zip(read, ids, strict=True):
        own = {"id": id_, "text": record.text or "", "entities": [_entity(span) for span in record.spans]}
        raw, aside = mapped(own, given, ignored, out_of_scope)
        unsaid = name in with_offsets() and not record.told
        records.append(RawRecord(raw, record.path, record.line, record.id is not None, aside, unsaid))
    return Read(records, findings, dict(sorted(out_of_scope.items())), len(records) + len(findings))


def labels_in(record: dict[str, Any]) -> Iterator[str]:
    """The labels of the entities of a raw record, as far as it has such things."""
    entities = record.get("entities")
    for entity in entities if isinstance(entities, list) else ():
        label = entity.get("type") if isinstance(entity, dict) else None
        if isinstance(label, str) and label:
            yield label


def mapped(
    record: dict[str, Any], labels: LabelMap | None, ignored: frozenset[str], out_of_scope: Counter[str]
) -> tuple[dict[str, Any], tuple[tuple[int, int], ...]]:
    """A raw record with its labels as the map reads them, and the spans that are out of scope, which are counted.

    Labels that the map does not know, and whatever is no entity with a label, stay as they are.
    """
    entities = record.get("entities")
    if not isinstance(entities, list) or (labels is None and not ignored):
        return record, ()
    known: Mapping[str, Any] = {} if labels is None else labels.labels
    kept: list[Any] = []
    aside: list[tuple[int, int]] = []
    for entity in entities:
        label = entity.get("type") if isinstance(entity, dict) else None
        if not isinstance(label, str):
            kept.append(entity)
        elif label in ignored or known.get(label, label) is None:
            out_of_scope[label] += 1
            if all(type(entity.get(name)) is int for name in ("start", "end")):
                aside.append((entity["start"], entity["end"]))
        else:
            kept.append({**entity, "type": known.get(label, label)})
    if len(kept) < len(entities):
        # What was around one may be gone; without it the parents follow from the boundaries.
        kept = [{k: v for k, v in one.items() if k != "parent"} if isinstance(one, dict) else one for one in kept]
    return {**record, "entities": kept}, tuple(aside)


def _records(source: Source, name: str, options: Options) -> tuple[list[Record], list[Finding]]:
    """What a format's reader makes of a file, part by part where it refuses the whole (F002).

    Raises WithoutTextsError.
    """
    try:
        return _all(source, name, options), []
    except InputError as error:
        first = error
    if name in PART_BY_PART:
        return _each(source, name, options, first)
    parts = [] if source.is_directory or name == "docbin" else json_parts(source)
    if len(parts) < 2:
        return [], [_not_read(source, first)]
    records: list[Record] = []
    findings: list[Finding] = []
    for before, data, fault in parts:
        try:
            if fault is not None:
                raise source.error(fault, 1)
            found = _all(Source(source.name, data), name, options)
        except InputError as error:
            line = None if error.line is None else error.line + before
            findings.append(line_finding("F002", error.reason, source.name, line))
            continue
        records += [replace(record, line=None if record.line is None else record.line + before) for record in found]
    return records, findings


def _each(source: Source, name: str, options: Options, first: InputError) -> tuple[list[Record], list[Finding]]:
    """The parts of a file or directory that can be read; ``first`` is what is wrong with it."""
    records: list[Record] = []
    faults: list[InputError] = []
    if not source.is_directory:
        source, faults = without_bad_blocks(source)
    try:
        for one in load_by_part(name).read_each(source, options):
            if isinstance(one, InputError):
                faults.append(one)
            else:
                records.append(one)
    except InputError:
        return [], [_not_read(source, first)]
    return records, [line_finding("F002", one.reason, one.path or source.name, one.line) for one in faults]


def _not_read(source: Source, error: InputError) -> Finding:
    return line_finding("F002", f"{error.reason}; the file was not read", error.path or source.name, error.line)


def _all(source: Source, name: str, options: Options) -> list[Record]:
    records = []
    for record in load_format(name).read(source, options):
        if record.rejected:
            continue
        if lacks := lacking(record):
            raise WithoutTextsError(f"{source.name}: records in the format {name} without {lacks} are not a gold set")
        records.append(record)
    return records


def _entity(span: Span) -> dict[str, Any]:
    entity: dict[str, Any] = {"start": span.start, "end": span.end, "type": span.label}
    return entity if span.text is None else {**entity, "text": span.text}
