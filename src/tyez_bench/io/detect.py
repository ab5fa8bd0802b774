"""Which format a file is in: told in one place for every command, so that no two of them read one file differently."""

import codecs
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tyez_bench.io.align.spans import trusting
from tyez_bench.io.encodings import OUTSIDE, is_tag
from tyez_bench.io.encodings import odd as no_tag
from tyez_bench.io.field_maps import OWN
from tyez_bench.io.fields import WAY_ON, find_unread, like, shown
from tyez_bench.io.record import Options, Record
from tyez_bench.io.registry import DIRECTORIES, FORMATS, MAPS, check_offsets, load_format
from tyez_bench.io.source import Source
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import TyezBenchError, counted
from tyez_bench.model.hints import advice

# What records and entities of other formats have, and those of a gold set have not.
_OTHER_KEYS = frozenset(("label", "labels", "data", "answer", "tags", "tokens"))
_OTHER_ENTITIES = frozenset(("start_offset", "entity_group", "entity", "label"))
# What entities of our schema alone have, and what a score hangs on.
_OF_THE_SCHEMA = frozenset(("status", "alternatives", "role", "code", "rule"))
_TAGGED_WORDS = re.compile(r"\S+/[A-Za-z]{1,4}(\s+|$)")
# A line that may be an object or an array. A bracket alone, as in a file written over several lines, is none.
_JSON_LINE = re.compile(rb"^[^\S\n]*+[{\[][^\n]++", re.MULTILINE)
_LOOKED_AT = 100
_NO_OPTIONS = Options()
_NAMES_ALONE = "llm"
_NOT_OF_JSON = ("conll", "conllu", "hipe", "docbin", "brat")
_COLUMNS = "expected columns with the token first and the tag last"


def format_of(source: Source, given: str | None, options: Options) -> str:
    """The format that is given; that of a field map of one's own where there is one; else as it is detected."""
    if given is not None:
        return given
    return detect_format(source, options) if options.fields is None else OWN


def detect_format(source: Source, options: Options = _NO_OPTIONS) -> str:
    """The one format that the file looks like, detected from the lines that are sound where some are broken.

    Raises InputError when none or several do.
    """
    found = _fitting(source) or _fitting(source.sound)
    if len(found) > 1:
        found = _told_apart(found, source, Options(offsets=options.offsets))
    if len(found) == 1:
        return found[0]
    if found:
        raise source.error(
            f"matches several formats: {', '.join(found)}{advice('choose one with {format}', format=None)}"
        )
    if source.is_directory:
        raise source.error(f"is a directory, but not in a format of directories ({', '.join(DIRECTORIES)})")
    # What is wrong with the text, or with the first JSON value in it, is the better answer.
    first: object = None
    if source.text.lstrip()[:1] in ("{", "["):
        _, first = next(source.items(), (1, None))
    what = _text_like(source) if first is None else _record_like(first)
    known = f": {', '.join(FORMATS)}"
    own = (
        advice("pass {fields} to read records with your own field map", fields="FILE")
        if isinstance(first, dict | list) and not what
        else ""
    )
    how = advice("choose one with {format}", format=None)
    raise source.error(f"is not in a known format{what or known}{how}{own}")


def read_as(source: Source, format: str | None, options: Options, expected: str) -> tuple[str, list[Record]]:
    """The format of a file, given or detected, and its records; ``expected`` is what errors say should be there.

    Raises InputError, and UsageError for options that the format does not take.
    """
    name = format_of(source, format, options)
    if source.is_directory and name not in DIRECTORIES:
        raise source.error(f"is a directory, expected a file in the format {name}")
    check_offsets(name, options, source)
    records = list(load_format(name).read(source, options))
    if not records:
        raise source.error(f"has no records, expected {expected}")
    return name, records


def taken(records: list[Record], options: Options, source: Source, expected: str, *, blank: bool) -> list[Record]:
    """The records that were not set aside, or (unless ``blank``) empty, as far as their texts are to be trusted.

    Raises InputError where none is left.
    """
    found = [record for record in records if not (record.rejected or (record.is_blank and not blank))]
    if found:
        return trusting(found, options.trust)
    rejected = sum(record.rejected for record in records)
    which = f"only {counted(rejected, 'rejected or ignored record')}" if rejected else "no record with a text"
    raise source.error(f"has {which}, expected {expected}")


def _fitting(source: Source) -> list[str]:
    # A file of JSON is none of columns, nor one for spaCy alone.
    others = _NOT_OF_JSON if isinstance(source.first, dict | list) else ()
    coded = [name for name in FORMATS if name not in (*MAPS, OWN, *others) and load_format(name).sniff(source)]
    # Names without offsets are the weakest sign of all: their offsets may be called something else.
    if any(name != _NAMES_ALONE for name in coded):
        return coded
    # Most files need no field map.
    from tyez_bench.io.rows import fitting

    return [*fitting(source), *coded]


def _told_apart(found: list[str], source: Source, options: Options) -> list[str]:
    """Of several formats those that read the file, and whose readings differ; of those that read it alike the first.

    A reading in which each span's own text is where its offsets lead goes before others. Where none reads the file,
    the first of them says what is wrong.
    """
    readings: dict[str, list[Record]] = {}
    for name in found:
        try:
            readings[name] = list(load_format(name).read(source, options))
        except TyezBenchError:
            continue
    if not readings:
        return found[:1]
    sound = {name: read for name, read in readings.items() if all(map(_agrees, read))}
    distinct: dict[Any, str] = {}
    for name, read in (sound or readings).items():
        distinct.setdefault(tuple(map(_said, read)), name)
    return list(distinct.values())


def _agrees(record: Record) -> bool:
    text = record.text
    return text is None or all(s.text is None or s.text == text[s.start : s.end] for s in record.spans)


def _said(record: Record) -> tuple[object, ...]:
    spans = frozenset((span.start, span.end, span.label) for span in record.spans)
    return record.id, record.text, spans, frozenset(record.mentions), record.unread, record.rejected


def is_gold(source: Source) -> bool:
    """Whether a file looks like a gold set in the project's own schema, by its lines that are JSON.

    The first has a text and entities, and nothing that other formats have; the first entity has a start.
    """
    seen = False
    for record in () if source.is_directory else _values(source):
        if not isinstance(record, dict):
            return False
        entities = record.get("entities")
        if not seen and not (isinstance(record.get("text"), str) and isinstance(entities, list)):
            return False
        if _OTHER_KEYS & record.keys():
            return False
        seen = True
        if isinstance(entities, list) and entities:
            first = entities[0]
            return isinstance(first, dict) and "start" in first and not _OTHER_ENTITIES & first.keys()
    return seen


def has_ids(source: Source) -> bool:
    """Whether any of the lines that are JSON objects has an id as our schema has it; also without such lines."""
    seen = False
    for value in _values(source):
        if isinstance(value, dict):
            if isinstance(value.get("id"), str):
                return True
            seen = True
    return not seen


def is_in_full(source: Source) -> bool:
    """Whether the records of a gold set are to be read by the whole schema, as the lines that are JSON objects tell.

    They have ids as it has them, or what it alone has beside texts, spans and labels, and what a score hangs on.
    """
    return has_ids(source) or any(map(_has_more, _values(source)))


def _has_more(record: object) -> bool:
    if not isinstance(record, dict):
        return False
    entities = record.get("entities")
    found = [one for one in entities if isinstance(one, dict)] if isinstance(entities, list) else []
    return "sentences" in record or any(_OF_THE_SCHEMA & one.keys() for one in found)


def looks_native(source: Source) -> bool:
    """Whether the first record has an id and a text and nothing that looks like a span of another format."""
    first = next(_values(source), None)
    return (
        isinstance(first, dict)
        and {"id", "text"} <= first.keys()
        and not _OTHER_KEYS & first.keys()
        and spans_of_no_format(source) is None
    )


def spans_of_no_format(source: Source) -> str | None:
    """What a file of JSON objects has that looks like spans, and no format has; None without any.

    Members of a gold set are none: what is wrong with them has rules of its own.
    """
    for record in _values(source):
        if isinstance(record, dict):
            entities = record.get("entities")
            found = [one for one in entities if isinstance(one, dict)] if isinstance(entities, list) else []
            odd = any(_OTHER_ENTITIES & one.keys() or not {"start", "end"} & one.keys() for one in found)
            if odd or find_unread(record, Document.__struct_fields__) is not None:
                return _record_like(record)
    return None


def _values(source: Source) -> Iterator[Any]:
    """The values of the lines that are JSON objects or arrays."""
    for line in _JSON_LINE.finditer(source.data.removeprefix(codecs.BOM_UTF8)):
        try:
            yield json.loads(line[0])
        except (ValueError, RecursionError):
            continue


def _record_like(value: object) -> str:
    """What a record of no format looks like, in words."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        # The answers for several texts.
        value = value[0]
    if not isinstance(value, dict):
        return ""
    found = find_unread(value, ())
    what = "" if found is None else f": {found[0]!r} has what looks like a span, {shown(found[1])}"
    tool = like(value)
    own = advice("pass {fields} to read records with your own field map", fields="FILE")
    return f"{tool}{what}: {WAY_ON}{own}" if tool or what else ""


def _text_like(source: Source) -> str:
    """What a text of no format looks like, in words."""
    lines = [line for _, line in islice(source.lines(), _LOOKED_AT) if line.strip()]
    if lines and lines[0].startswith("#FORMAT=WebAnno"):
        return " (it looks like WebAnno TSV): export it as CoNLL 2002"
    rows = [line.split("\t") if "\t" in line else line.split() for line in lines if not line.startswith("#")]
    if rows and all(map(_TAGGED_WORDS.match, lines)):
        return f" (it looks like words with parts of speech, word/tag): {_COLUMNS}"
    if rows and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1:
        last = [row[-1] for row in rows]
        odd = next((text for text in last if text != OUTSIDE and not is_tag(text)), None)
        if odd is not None:
            return f": in its last column, {no_tag(odd)}"
    return ""
