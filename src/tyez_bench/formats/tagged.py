"""Records of tokens with a tag for each, as strings or as numbers whose names are known."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tyez_bench.formats.encodings import TagError, check_names, decode, detect
from tyez_bench.formats.field_maps import FieldMap
from tyez_bench.formats.fields import shown, whole_number
from tyez_bench.formats.members import decided, id_in, name_of, value_of
from tyez_bench.formats.record import Fidelity, Options, RawSpan, Record
from tyez_bench.formats.rows import names_of
from tyez_bench.formats.source import Source
from tyez_bench.formats.spellings import odd, spelling_of, usual_tags
from tyez_bench.formats.tokens import Bounds, joined, located
from tyez_bench.formats.unread import check_all_read
from tyez_bench.hints import advice


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
            spans=tuple(RawSpan(one.bounds[a][0], one.bounds[b - 1][1], label) for a, b, label in chunks),
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
        raise ValueError(f"has {len(tokens)} {key} and {len(tags)} {keys[0]}, expected as many")
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
