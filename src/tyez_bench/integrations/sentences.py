"""Sentences as a metric of somebody else's framework is given them: tags of tokens, or spans; checked one by one.

What is no sentence is refused with its number, from 1, and the side that it is on: a figure of what was read otherwise
than it was meant would be wrong without a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import index
from typing import Any, NamedTuple

from tyez_bench.io.encodings import TagError, decode, detect
from tyez_bench.model.errors import InputError, counted
from tyez_bench.model.hints import Arguments, asked_by
from tyez_bench.scoring.spans import LIMIT

KEYS = ("start", "end", "type")
SIDES = ("predictions", "references")
# How many keys of a wrong span an error lists.
_SHOWN = 8

Span = tuple[int, int, str]


class Sentence(NamedTuple):
    """The tags of a sentence, or its spans; an empty list is either."""

    tags: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


def sentences(given: Any, side: str, before: int = 0) -> list[Sentence]:
    """The sentences of one side; ``before`` is how many there were earlier. Raises InputError."""
    if given is None:
        raise InputError(f"{side} are missing")
    return [sentence(one, f"sentence {number} of {side}") for number, one in enumerate(_items(given, side), before + 1)]


def sentence(given: Any, where: str) -> Sentence:
    """A sentence from a list of tags, a list of dicts, or a dict of lists (as datasets has it). Raises InputError."""
    if isinstance(given, Mapping):
        return Sentence(spans=_distinct(_columns(given, where), where))
    items = _items(given, where)
    tags = [item for item in items if isinstance(item, str)]
    if not tags:
        return Sentence(spans=_distinct([_span(item, f"{where}: item {n}") for n, item in enumerate(items, 1)], where))
    for number, item in enumerate(items, 1):
        if not isinstance(item, str):
            raise InputError(f"{where}: item {number} is of type {type(item).__name__}, expected a tag like the others")
        _writable(item, f"{where}: item {number}")
    return Sentence(tags=tuple(map(str, tags)))


def spans_of(
    references: Sequence[Sentence], predictions: Sequence[Sentence], encoding: str | None, repair: str | None
) -> tuple[list[tuple[Span, ...]], list[tuple[Span, ...]]]:
    """The spans of both sides. Raises InputError for tags beside spans, unequal lengths and illegal tags.

    The encoding is detected from the tags of both sides unless named. Raises UsageError for unknown names.
    """
    tagged = {bool(one.tags) for side in (references, predictions) for one in side if one.tags or one.spans}
    if tagged == {False} or not tagged:
        return [one.spans for one in references], [one.spans for one in predictions]
    for number, (reference, prediction) in enumerate(zip(references, predictions, strict=True), 1):
        for side, one in zip(SIDES, (prediction, reference), strict=True):
            if one.spans:
                raise InputError(f"sentence {number} of {side} has spans, and others have tags; expected one of them")
        if len(reference.tags) != len(prediction.tags):
            raise InputError(
                f"sentence {number}: {_number(prediction)} in predictions, {len(reference.tags)} in references; "
                "expected one for each token"
            )
    name = encoding or detect(tag for side in (references, predictions) for one in side for tag in one.tags)
    return _decoded(references, "references", name, repair), _decoded(predictions, "predictions", name, repair)


def _decoded(side: Sequence[Sentence], called: str, encoding: str, repair: str | None) -> list[tuple[Span, ...]]:
    found = []
    for number, one in enumerate(side, 1):
        try:
            with asked_by(Arguments(("encoding", "repair"))):
                found.append(tuple(decode(one.tags, encoding, repair)[0]))
        except TagError as error:
            raise InputError(f"sentence {number} of {called}, token {error.index + 1}: {error}") from None
    return found


def _number(one: Sentence) -> str:
    return counted(len(one.tags), "tag")


def _items(given: Any, where: str) -> list[Any]:
    """What a list, an array or a column holds."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"{where}: expected a list, got {type(given).__name__}")
    try:
        return list(given)
    # An array without a dimension says that it can be gone through, and can't.
    except TypeError:
        raise InputError(f"{where}: expected a list, got {type(given).__name__}") from None


def _distinct(spans: Sequence[Span], where: str) -> tuple[Span, ...]:
    seen: set[Span] = set()
    for span in spans:
        if span in seen:
            raise InputError(f"{where}: the {span[2]} {span[0]}–{span[1]} occurs twice")
        seen.add(span)
    return tuple(spans)


def _columns(given: Mapping[Any, Any], where: str) -> list[Span]:
    _check_keys(given, where)
    columns = [_items(given[key], f"{where}: {key!r}") for key in KEYS]
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        sizes = ", ".join(f"{length} of {key!r}" for key, length in zip(KEYS, lengths, strict=True))
        raise InputError(f"{where}: expected the same number of each key, got {sizes}")
    rows = (dict(zip(KEYS, row, strict=True)) for row in zip(*columns, strict=True))
    return [_span(row, f"{where}: item {number}") for number, row in enumerate(rows, 1)]


def _span(item: Any, where: str) -> Span:
    if not isinstance(item, Mapping):
        raise InputError(f"{where}: expected a tag, or a span with start, end and type, got {type(item).__name__}")
    _check_keys(item, where)
    start, end = (_offset(item[key], f"{where}: {key!r}") for key in ("start", "end"))
    if not 0 <= start < end <= LIMIT:
        raise InputError(f"{where}: span {start}–{end} is empty, reversed or out of reach")
    type_ = item["type"]
    if not isinstance(type_, str) or not type_:
        raise InputError(f"{where}: 'type' is {type_!r}, expected a label as text")
    _writable(type_, where)
    return start, end, str(type_)


def _check_keys(item: Mapping[Any, Any], where: str) -> None:
    for key in KEYS:
        if key not in item:
            there = ", ".join(repr(name) for name in list(item)[:_SHOWN]) or "none"
            raise InputError(f"{where} has no key {key!r}, expected start, end and type; its keys: {there}")


def _offset(value: Any, where: str) -> int:
    if not isinstance(value, bool):
        try:
            return index(value)
        except TypeError:
            pass
    raise InputError(f"{where} is {value!r}, expected a whole number")


def _writable(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{where}: {text!r} has half of a surrogate pair, which is no character") from None
