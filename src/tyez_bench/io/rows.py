"""Records of JSON or Parquet, records of tokens with tags, and the words of taggers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from tyez_bench.io.encodings import TagError, check_names, decode, detect, odd, spelling_of, usual_tags
from tyez_bench.io.field_maps import FieldMap, decided, id_in, member, name_of, unpaired, value_of
from tyez_bench.io.fields import check_all_read, shown, whole_number
from tyez_bench.io.record import Fidelity, Options, Record
from tyez_bench.io.source import Source
from tyez_bench.io.tokens import Bounds, Join, joined, located
from tyez_bench.model.errors import MissingExtraError, first_line
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span

_PARQUET = b"PAR1"


def rows(source: Source, fields: FieldMap | None = None) -> Iterator[tuple[int, Any]]:
    """Line (of Parquet: number) and value of each record. Raises InputError.

    Where the map says under which member of one object the records are, and it is there, these.
    """
    for line, value in _table(source) if source.data.startswith(_PARQUET) else _values(source):
        inner = inner_of(value, fields)
        if inner is None:
            yield line, value
        else:
            # Tools for annotation write null for a text that was passed over.
            yield from ((line, one) for one in inner if one is not None)


def inner_of(value: Any, fields: FieldMap | None) -> list[Any] | None:
    """The records that an object holds, as the map says; None where it is a record itself."""
    for key in () if fields is None or not isinstance(value, Mapping) else fields.records:
        _, found = member(value, key)
        if isinstance(found, list) and (not found or any(isinstance(one, Mapping | list) for one in found)):
            return found
    return None


def _values(source: Source) -> Iterator[tuple[int, Any]]:
    items = source.items()
    first = next(items, None)
    if first is not None and isinstance(first[1], str):
        rest = list(items)
        if len(rest) == 1 and isinstance(rest[0][1], Mapping):
            # The only record, a list of its text and an object, and not a list of two records.
            yield first[0], [first[1], rest[0][1]]
            return
        items = iter(rest)
    if first is not None:
        yield first
    yield from items


def _table(source: Source) -> Iterator[tuple[int, Any]]:
    batches = _read(source).to_batches()
    yield from enumerate((row for batch in batches for row in batch.to_pylist()), 1)


def _read(source: Source) -> Any:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "hf") from None
    try:
        return parquet.read_table(BytesIO(source.data)).combine_chunks()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise source.error(f"is not valid Parquet: {first_line(error)}") from None


def names_of(source: Source, key: str) -> tuple[str, ...]:
    """The names of a column's numbers, as ``datasets`` writes them into Parquet; empty without."""
    if not source.data.startswith(_PARQUET):
        return ()
    said = (_read(source).schema.metadata or {}).get(b"huggingface", b"{}")
    try:
        feature = json.loads(said)["info"]["features"][key]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
    while isinstance(feature, Mapping) and "names" not in feature:
        feature = feature.get("feature")
    if isinstance(feature, list) and feature:
        feature = feature[0]
    names = feature.get("names") if isinstance(feature, Mapping) else None
    return tuple(map(str, names)) if isinstance(names, list) else ()


class _Sentence(NamedTuple):
    line: int
    id: str | None
    text: str
    bounds: list[Bounds]
    tags: list[str]
    given: bool
    rejected: bool


def read_tags(fields: FieldMap, found: Sequence[tuple[int, Any]], source: Source, options: Options) -> Iterator[Record]:
    """A record for each. Raises InputError."""
    check_names(options.encoding, options.repair)
    names: dict[str, tuple[str, ...]] = {}
    sentences = []
    for line, value in found:
        try:
            sentences.append(_sentence(line, value, fields, source, options, names))
        except ValueError as error:
            raise source.error(str(error), line) from None
    usual = usual_tags({tag for one in sentences for tag in one.tags}, options.encoding)
    encoding = options.encoding or detect(usual[tag] for one in sentences for tag in one.tags)
    for one in sentences:
        try:
            chunks, repaired = decode([usual[tag] for tag in one.tags], encoding, options.repair)
        except TagError as error:
            how = (
                "" if options.encoding else advice("the encoding was detected, {encoding} names another", encoding=None)
            )
            raise source.error(f"tag {error.index + 1}: {error}{how}", one.line) from None
        yield Record(
            one.line,
            id=one.id,
            text=one.text,
            spans=tuple(Span(one.bounds[a][0], one.bounds[b - 1][1], label) for a, b, label in chunks),
            fidelity=Fidelity.EXACT if one.given else Fidelity.SQUEEZED,
            repaired=repaired,
            rejected=one.rejected,
        )


def _sentence(
    line: int, value: Any, fields: FieldMap, source: Source, options: Options, names: dict[str, tuple[str, ...]]
) -> _Sentence:
    if not isinstance(value, Mapping):
        raise ValueError(f"expected a JSON object, got {shown(value)}")
    column = options.column if isinstance(options.column, str) else None
    keys = tags_in(value, fields) if column is None else [column]
    check_all_read(value, (*fields.read, *keys), fields.name)
    if len(keys) != 1:
        several = advice("{column} names one", column="NAME") if keys else ""
        raise ValueError(f"expected the tags under one of {', '.join(fields.tags)}, got {keys or 'none'}{several}")
    tags = value.get(keys[0])
    if not isinstance(tags, list):
        raise ValueError(f"expected a list of tags as {keys[0]}, got {shown(tags)}")
    if any(not isinstance(tag, str) for tag in tags):
        if keys[0] not in names:
            names[keys[0]] = fields.names or names_of(source, keys[0])
        tags = [_named(tag, keys[0], names[keys[0]]) for tag in tags]
    bad = next((tag for tag in tags if spelling_of([tag]) is None), None)
    if bad is not None and options.encoding != "io":
        raise ValueError(odd(bad))
    key, tokens = value_of(value, fields.tokens)
    where, text = value_of(value, fields.text)
    if text is not None and not isinstance(text, str):
        raise ValueError(f"expected a string as {where}, got {shown(text)}")
    if key is None:
        if text is None:
            raise ValueError(f"has tags without tokens, expected them under one of {', '.join(fields.tokens)}")
        key, tokens = f"characters of {where}", list(text)
    if not isinstance(tokens, list) or not all(isinstance(token, str) and token for token in tokens):
        raise ValueError(f"expected a list of tokens as {key}, got {shown(tokens)}")
    if len(tokens) != len(tags):
        raise ValueError(f"has {len(tokens)} {key} and {len(tags)} {keys[0]}, expected the same number")
    if not tokens:
        raise ValueError(f"has no {key}, expected at least one")
    given = text is not None and options.join is None
    text, bounds = (
        (text, located(tokens, text)) if text is not None and given else joined(tokens, options.join or "auto")
    )
    return _Sentence(line, id_in(value, fields), text, bounds, tags, given, not decided(value, fields))


def tags_in(value: Mapping[str, Any], fields: FieldMap) -> list[str]:
    """The keys of the map under which there are tags: a list of tags, or of numbers."""
    return [key for key in fields.tags if _are_tags(value.get(key))]


def _are_tags(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return isinstance(value, list)
    numbers = all(isinstance(tag, int) and not isinstance(tag, bool) for tag in value)
    return numbers or (all(isinstance(tag, str) for tag in value) and spelling_of(value) is not None)


def _named(tag: Any, key: str, names: Sequence[str]) -> str:
    number = whole_number(tag, "a tag")
    if not names:
        raise ValueError(
            f"{key} are numbers, which say nothing without their names"
            + advice("names in a file of {fields} say what they stand for", fields=None)
        )
    return name_of(number, names)


class Name(NamedTuple):
    """A name: its first word, the word behind its last, and its label."""

    first: int
    behind: int
    label: str


def record_of(
    line: int | None, words: Sequence[str], names: Iterable[Name], join: Join, id_: str | None, *, ragged: bool = False
) -> Record:
    """The record of a sentence. Raises ValueError for names outside of its words.

    ``ragged``: white space at the edges of words is what was between them, and no part of a name.
    """
    text, bounds = joined(words, join)
    if ragged:
        bounds = [_trimmed(text, *one) for one in bounds]
    spans = []
    for first, behind, label in names:
        if not 0 <= first < behind <= len(words):
            raise ValueError(f"{label} {first}–{behind} is empty or outside the words (0–{len(words)})")
        spans.append(Span(bounds[first][0], bounds[behind - 1][1], label))
    return Record(line, id=id_, text=text, spans=tuple(spans), fidelity=Fidelity.SQUEEZED)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A word without the white space at its edges; one of white space alone as it is."""
    word = text[start:end]
    return (start + len(word) - len(word.lstrip()), start + len(word.rstrip())) if word.strip() else (start, end)


def words_of(value: Any, what: str) -> list[str]:
    """The words of a sentence. Raises ValueError for anything but strings that are not empty."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ValueError(f"expected a list of words as {what}, got {shown(value)}")
    return value


def sentences_of(value: Any, what: str) -> list[list[str]]:
    """The words of each sentence, of a list of sentences or of one alone. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"expected a list of words as {what}, got {shown(value)}")
    if is_one(value):
        return [words_of(value, what)]
    return [words_of(sentence, what) for sentence in value]


def is_one(value: Sequence[Any]) -> bool:
    """Whether a list is the words of one sentence, and not of several."""
    return bool(value) and isinstance(value[0], str)


def same(words: Sequence[str], name: str) -> bool:
    """Whether words make up a name, whatever white space is between."""
    return "".join("".join(words).split()) == "".join(name.split())


Rows = Sequence[tuple[int, Any]]


def makers(found: Rows, fields: FieldMap) -> list[str | None]:
    """By record, who made it; None where it does not say, or was set aside."""
    return [_maker(value, fields) for _, value in found]


def _maker(value: Any, fields: FieldMap) -> str | None:
    try:
        record = unpaired(value, fields)
        if not isinstance(record, Mapping) or not decided(record, fields):
            return None
    except ValueError:
        # The reader says what is wrong with it.
        return None
    name = value_of(record, fields.annotator)[1]
    return None if name is None else str(name)


def of_one(found: Rows, fields: FieldMap, annotator: str | None, source: Source) -> Rows:
    """The records of the annotator who is named; all where none is, and nobody annotated the text of another.

    Raises InputError where the one who is named made none, and where none is named and a text has several annotators:
    read together, each would be a text of its own.
    """
    if not fields.annotator:
        return found
    who = makers(found, fields)
    if annotator is not None:
        chosen = [one for one, name in zip(found, who, strict=True) if name == annotator]
        if not chosen:
            known = ", ".join(sorted(set(filter(None, who)))) or "nobody by name"
            raise source.error(f"has no record by {annotator!r}, expected one of: {known}")
        return chosen
    before: dict[str, str] = {}
    for (line, value), name in zip(found, who, strict=True):
        text = value_of(unpaired(value, fields), fields.text or fields.tokens)[1] if name is not None else None
        if name is None or text is None:
            continue
        first = before.setdefault(str(text), name)
        if first != name:
            how = advice("{annotator} reads those of one", annotator="NAME")
            raise source.error(f"its text was annotated by {first} and {name}, expected one annotator{how}", line)
    return found
