"""Level 1: files and records as they stand, and the texts against where they come from."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from tyez_bench.checks.rule import Finding, line_finding
from tyez_bench.checks.texts import Text, TextKey, span_finding
from tyez_bench.files.jsonl import distinct_keys, encode, may_repeat_keys, other_encoding
from tyez_bench.io.fields import shown
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import first_line

_BOM = b"\xef\xbb\xbf"


class Raw(NamedTuple):
    """A line of a gold file: its record, or what is wrong with it. ``mark``: it is no line, but a byte order mark."""

    line: int
    record: dict[str, Any] | None
    findings: tuple[Finding, ...] = ()
    mark: bool = False


def read_raw(data: bytes, path: str, first: int = 1) -> Iterator[Raw]:
    """Every line of a gold file in JSON Lines, with what is wrong with its text and JSON (F001); its form is free.

    ``first`` is the number of the first line of a part of a file.
    """
    if first == 1 and data.startswith(_BOM):
        data = data.removeprefix(_BOM)
        found = line_finding("F001", "starts with a byte order mark, expected plain UTF-8", path, 1)
        yield Raw(1, None, (found,), mark=True)
    lines = data.removesuffix(b"\n").split(b"\n")
    for number, line in enumerate(lines, first):
        record, reason = _decode(line.removesuffix(b"\r"))
        findings = () if reason is None else (line_finding("F001", reason, path, number),)
        yield Raw(number, record, findings)


def _decode(line: bytes) -> tuple[dict[str, Any] | None, str | None]:
    if not line.strip():
        return None, "empty line, expected a JSON object"
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, f"byte 0x{line[error.start]:02x} is not valid UTF-8{other_encoding(line)}"
    try:
        record = msgspec.json.decode(line)
        if encode(record) != line and may_repeat_keys(text, record):
            # The slower reader says where a key occurs twice, and what is wrong in other words.
            record = json.loads(text, object_pairs_hook=distinct_keys)
            encode(record)
    except RecursionError:
        return None, "not valid JSON: nested too deeply"
    except UnicodeEncodeError:
        return None, "has half of a surrogate pair, which is not a character"
    except ValueError as error:
        return None, f"not valid JSON: {first_line(error)}"
    if not isinstance(record, dict):
        return None, f"expected a JSON object, got {type(record).__name__}"
    return record, None


def repeated_ids(documents: Iterable[TextKey]) -> Iterator[Finding]:
    """Ids of documents that occur twice in a file (F003). Takes path, line and id of each."""
    seen: dict[str, tuple[str, int | None]] = {}
    for path, line, id_ in documents:
        if id_ in seen:
            where = ":".join(str(part) for part in seen[id_] if part is not None)
            message = f"document id {id_!r} is also used in {where}"
            yield span_finding("F003", message, path=path, line=line, document=id_, surface=id_)
        else:
            seen[id_] = (path, line)


def field_errors(record: dict[str, Any], path: str, line: int | None) -> Iterator[Finding]:
    """What is wrong with the fields of a document apart from its entities (F002)."""
    id_ = record.get("id")
    known = set(Document.__struct_fields__)
    name = id_ if isinstance(id_, str) else None

    def wrong(message: str, subject: str) -> Finding:
        return span_finding("F002", message, path=path, line=line, document=name, surface=subject)

    for field in sorted(record.keys() - known):
        yield wrong(f"unknown field {shown(field)}, expected {', '.join(Document.__struct_fields__)}", field)
    for field in ("id", "text"):
        if field not in record:
            yield wrong(f"lacks the field {field!r}", field)
        elif not isinstance(record[field], str) or not record[field]:
            yield wrong(f"{field!r} is {shown(record[field])}, expected a string that is not empty", field)
    entities = record.get("entities")
    if entities is not None and not isinstance(entities, list):
        yield wrong(f"'entities' is {shown(entities)}, expected a list", "entities")
    if isinstance(id_, str) and id_ and isinstance(record.get("text"), str):
        rest = {key: part for key, part in record.items() if key in known and key != "entities"}
        try:
            msgspec.convert(rest, Document)
        except msgspec.ValidationError as error:
            yield wrong(str(error), "fields")


def source_differs(texts: Sequence[Text], source: str, name: str) -> Iterator[Finding]:
    """F006: characters that are not those of the source at their place on record."""
    for text in texts:
        document = text.document
        for run in document.provenance:
            here = document.text[run.start : run.start + run.length]
            there = source[run.page : run.page + run.length]
            if here == there:
                continue
            at = next(
                (i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a != b), min(len(here), len(there))
            )
            reads = f"reads {there[at : at + 6]!r}" if at < len(there) else "has ended"
            message = f"the text differs from {name}, which {reads} at {run.page + at}"
            yield text.finding("F006", message, run.start + at, run.start + at + 1)
            break


def sizes(found: Mapping[str, int], expected: Mapping[str, int]) -> Iterator[Finding]:
    """F007: files that don't hold as many records as the configuration says."""
    for path, number in expected.items():
        if found.get(path) != number:
            has = f"holds {found[path]} records" if path in found else "was not among the files"
            yield Finding(code="F007", message=f"{has}, expected {number}", path=path, surface=path)
