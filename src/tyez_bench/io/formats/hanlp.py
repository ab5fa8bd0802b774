"""HanLP's documents as JSON: ``{"tok/fine": [[WORD, …], …], "ner/msra": [[[NAME, LABEL, 2, 5], …], …]}``.

The numbers count words, from 0 and half-open. A file has one document, a list of them, JSON Lines, or documents as
printed, one after the other; each sentence is a record. If there are several NER tasks, ``--column
ner/msra`` names one. Of several tokenizations (``tok/fine``, ``tok/coarse``) the first whose words make up the names
is taken. With ``output_spans`` a word has its offsets (``[WORD, 0, 2]``), which are ignored. A document may have an
``id``. The other tasks (pos, dep, srl, con, …) are ignored. Words are joined to sentences like other tokens.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tyez_bench.io.fields import check_all_read, id_of, label_of, objects, shown, whole_number
from tyez_bench.io.record import Options, Record
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Name, is_one, record_of, same, sentences_of
from tyez_bench.model.errors import counted
from tyez_bench.model.hints import advice

_TASKS = ("tok", "lem", "pos", "fea", "ner", "dep", "sdp", "srl", "con", "amr")


def sniff(source: Source) -> bool:
    """Whether the first record has words and names under HanLP's keys."""
    first = None if source.is_directory else source.first
    return isinstance(first, dict) and bool(_keys(first, "tok") and _keys(first, "ner"))


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a sentence. Raises InputError."""
    for line, fields in objects(source):
        try:
            check_all_read(fields, ["id", *(key for task in _TASKS for key in _keys(fields, task))], "hanlp")
            records = list(_records(fields, line, options))
        except ValueError as error:
            raise source.error(str(error), line) from None
        yield from records


def _keys(fields: Mapping[str, Any], task: str) -> list[str]:
    return [key for key in fields if key == task or key.startswith(f"{task}/")]


def _records(fields: Mapping[str, Any], line: int, options: Options) -> Iterator[Record]:
    key = _key(_keys(fields, "ner"), options)
    value = fields[key]
    toks = _keys(fields, "tok")
    if not toks:
        raise ValueError("has no words, expected them under 'tok'")
    if not isinstance(value, list):
        raise ValueError(f"expected a list of names as {key}, got {shown(value)}")
    given = [_bare(fields[name]) for name in toks]
    several = [(name, sentences_of(words, name)) for name, words in zip(toks, given, strict=True)]
    names = [value] if is_one(given[0]) else value
    for name, sentences in several:
        if len(sentences) != len(names):
            raise ValueError(f"{name} has {counted(len(sentences), 'sentence')}, but {key} {len(names)}")
    found: list[list[Name]] = []
    wrong = ""
    for _, sentences in several:
        try:
            found = [_names(one, words, key) for one, words in zip(names, sentences, strict=True)]
            break
        except ValueError as error:
            wrong = wrong or str(error)
    else:
        raise ValueError(wrong)
    id_ = id_of(fields, "id")
    for words, spans in zip(sentences, found, strict=True):
        yield record_of(line, words, spans, options.join or "auto", id_)


def _bare(value: Any) -> Any:
    """The words of a task as strings, whether or not each has its offsets beside it."""
    if not isinstance(value, list):
        return value
    return [_word(one) if _has_offsets(one) or not isinstance(one, list) else [*map(_word, one)] for one in value]


def _word(value: Any) -> Any:
    return value[0] if _has_offsets(value) else value


def _has_offsets(value: Any) -> bool:
    return isinstance(value, list) and [*map(type, value)] == [str, int, int]


def _key(keys: list[str], options: Options) -> str:
    """The task of the names. Raises ValueError where none is told."""
    asked = options.column
    if not keys:
        raise ValueError("has no names, expected them under 'ner'")
    if asked is not None and asked not in keys:
        raise ValueError(f"has no task {asked!r}, expected one of: {', '.join(keys)}")
    if asked is None and len(keys) > 1:
        raise ValueError(
            f"has several tasks of names, {', '.join(keys)}" + advice("choose one with {column}", column="NAME")
        )
    return keys[0] if asked is None else str(asked)


def _names(value: Any, words: list[str], key: str) -> list[Name]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list of names in {key}, got {shown(value)}")
    found = []
    for item in value:
        if not isinstance(item, list) or len(item) != 4 or not isinstance(item[0], str):
            raise ValueError(f"expected [NAME, LABEL, first word, word after the last] in {key}, got {shown(item)}")
        first, behind = whole_number(item[2], "first word"), whole_number(item[3], "word after the last")
        if not 0 <= first < behind <= len(words) or not same(words[first:behind], item[0]):
            raise ValueError(f"the words {first}–{behind} are not {item[0]!r} (of {counted(len(words), 'word')})")
        found.append(Name(first, behind, label_of(item[1])))
    return found
