"""LTP's output as JSON: ``{"cws": [[WORD, …], …], "ner": [[[LABEL, NAME, 2, 4], …], …]}``, the members of LTPOutput.

The numbers count words, from 0, with inclusive ends. With ``raw_format=True`` the names
are tags, one a word. The legacy models give only ``[LABEL, NAME]``: these are read if the name occurs as
often among the words as it is listed, and refused if that is ambiguous. A file has one output, a list, or JSON
Lines, of one sentence or several; each sentence is a record. An output may have an ``id``. Parts of speech and parses
are ignored. Words are joined to sentences like other tokens. White space is at the end of the word before it,
and not part of a name that ends there.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from tyez_bench.io.encodings import TagError, check_names, decode, detect, is_tag
from tyez_bench.io.fields import check_all_read, id_of, label_of, objects, shown, whole_number
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Name, is_one, record_of, same, sentences_of
from tyez_bench.model.errors import counted

_TASKS = ("cws", "pos", "ner", "srl", "dep", "sdp", "sdpg")


def sniff(source: Source) -> bool:
    """Whether the first record has words and names under LTP's keys."""
    first = None if source.is_directory else source.first
    return isinstance(first, dict) and {"cws", "ner"} <= first.keys()


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a sentence. Raises InputError, and UsageError for an unknown encoding or repair."""
    check_names(options.encoding, options.repair)
    for line, fields in objects(source):
        try:
            check_all_read(fields, ("id", *_TASKS), "ltp")
            records = list(_records(fields, line, options))
        except ValueError as error:
            raise source.error(str(error), line) from None
        yield from records


def _records(fields: Mapping[str, Any], line: int, options: Options) -> Iterator[Record]:
    if "cws" not in fields or "ner" not in fields:
        raise ValueError("expected words as cws and names as ner, as LTP writes them for tasks cws, pos and ner")
    sentences, names = sentences_of(fields["cws"], "cws"), fields["ner"]
    if not isinstance(names, list):
        raise ValueError(f"expected a list of names as ner, got {shown(names)}")
    if is_one(fields["cws"]):
        names = [names]
    if len(sentences) != len(names):
        raise ValueError(f"cws has {counted(len(sentences), 'sentence')}, but ner {len(names)}")
    tags = [tag for given in names if isinstance(given, list) for tag in given if isinstance(tag, str)]
    encoding = options.encoding or detect(tags)
    id_ = id_of(fields, "id")
    for words, given in zip(sentences, names, strict=True):
        if isinstance(given, list) and given and all(isinstance(tag, str) and is_tag(tag) for tag in given):
            found, repaired = _from_tags(words, given, encoding, options.repair)
        else:
            found, repaired = _names(words, given), 0
        yield replace(record_of(line, words, found, options.join or "auto", id_, ragged=True), repaired=repaired)


def _from_tags(words: list[str], tags: list[str], encoding: str, repair: str | None) -> tuple[list[Name], int]:
    if len(tags) != len(words):
        raise ValueError(f"{counted(len(words), 'word has', 'words have')} {counted(len(tags), 'tag')}")
    try:
        chunks, repaired = decode(tags, encoding, repair)
    except TagError as error:
        raise ValueError(f"word {error.index}: {error}") from None
    return [Name(*chunk) for chunk in chunks], repaired


def _names(words: list[str], value: Any) -> list[Name]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list of names in ner, got {shown(value)}")
    if value and all(isinstance(item, list) and len(item) == 2 for item in value):
        return _without_numbers(words, value)
    found = []
    for item in value:
        if not isinstance(item, list) or len(item) != 4 or not isinstance(item[1], str):
            raise ValueError(f"expected [LABEL, NAME, first word, last word] in ner, got {shown(item)}")
        first, last = whole_number(item[2], "first word"), whole_number(item[3], "last word")
        if not 0 <= first <= last < len(words) or not same(words[first : last + 1], item[1]):
            raise ValueError(f"the words {first}–{last} are not {item[1]!r} (of {counted(len(words), 'word')})")
        found.append(Name(first, last + 1, label_of(item[0])))
    return found


def _without_numbers(words: list[str], pairs: Sequence[list[Any]]) -> list[Name]:
    """Names without places, each where it stands, if it stands nowhere else."""
    named = Counter(str(name) for _, name in pairs)
    places = {name: _places(words, name) for name in named}
    for name, count in named.items():
        if len(places[name]) != count:
            raise ValueError(
                f"{name!r} is named {counted(count, 'time')} but occurs {counted(len(places[name]), 'time')} among the "
                "words, and the output does not say where: expected LTP's output with raw_format=True"
            )
    return [Name(*places[str(name)].pop(0), label_of(label)) for label, name in pairs]


def _places(words: list[str], name: str) -> list[tuple[int, int]]:
    found = []
    for first in range(len(words)):
        size, behind = 0, first
        while behind < len(words) and size < len(name) and name.startswith(words[behind], size):
            size += len(words[behind])
            behind += 1
        if size == len(name):
            found.append((first, behind))
    return found
