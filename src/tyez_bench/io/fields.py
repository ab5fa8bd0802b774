"""Members of JSON objects, checked; and what looks like a span and was not read.

A reader of JSON says which members of a record it reads. Whatever looks like a span in any other is refused, since a
span that is passed over without a word makes a wrong figure. It looks like one

- as an object with offsets and a label, by the words in its keys: ``start_idx``, ``beginOffset``, ``position``, 起始;
- as a list of offsets and words: ``[0, 3, "ORG"]``, ``["太原", "PLACE", [0, 2]]``;
- as anything with numbers, or a name with its type, under a key that says so: ``spans``, ``entities``, ``ner``;
- as tags on tokens: ``["B-ORG", "I-ORG", "O"]``.

Tokens, sentences, relations and whatever describes a record (``meta``) are none.
"""

import operator
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tyez_bench.files.toml import word_lists
from tyez_bench.io.encodings import OUTSIDE, is_tag
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span


def shown(value: object) -> str:
    """A value for an error, cut where it is long."""
    whole = repr(value)
    return whole if len(whole) <= 40 else f"{whole[:40]}…"


def objects(source: Source) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line and value of each JSON value, all of them objects. Raises InputError."""
    for line, value in source.items():
        if not isinstance(value, dict):
            raise source.error(f"expected a JSON object, got {shown(value)}", line)
        yield line, value


def id_of(fields: Mapping[str, Any], *keys: str) -> str | None:
    """The id under the first of the keys that has one, a whole number as its digits; else None. Raises ValueError."""
    value = next((fields[key] for key in keys if fields.get(key) is not None), None)
    if value is not None and (not isinstance(value, str | int) or isinstance(value, bool)):
        raise ValueError(f"expected a string as id, got {shown(value)}")
    return None if value is None else str(value)


def text_of(fields: Mapping[str, Any], *keys: str) -> str | None:
    """The text under the first of the keys that is there; None without any. Raises ValueError."""
    key = next((key for key in keys if key in fields), None)
    if key is not None and not isinstance(fields[key], str):
        raise ValueError(f"expected a string as {key}, got {shown(fields[key])}")
    return None if key is None else fields[key]


def whole_number(value: Any, name: str) -> int:
    """The value as an integer, of whatever library. Raises ValueError for fractions and booleans."""
    if not isinstance(value, bool | float):
        try:
            return operator.index(value)
        except TypeError:
            pass
    raise ValueError(f"expected a whole number as {name}, got {shown(value)}")


def label_of(value: Any, name: str = "label") -> str:
    """The value as a label. Raises ValueError."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a string as {name}, got {shown(value)}")
    return value


def span_of(start: Any, end: Any, label: Any, names: tuple[str, str] = ("start", "end")) -> Span:
    """A span from its offsets, half-open, and its label. Raises ValueError."""
    first, behind, named = whole_number(start, names[0]), whole_number(end, names[1]), label_of(label)
    if not 0 <= first < behind:
        raise ValueError(f"{named} {first}–{behind} is empty, reversed or negative")
    return Span(first, behind, named)


def first_element(source: Source, *keys: str) -> object:
    """The first element of the first list with any under one of the keys, record by record; None without one."""
    try:
        for _, value in source.items():
            for key in keys:
                found = value.get(key) if isinstance(value, dict) else None
                if isinstance(found, list) and found:
                    return found[0]
    except InputError:
        # The reader says what is wrong.
        return None
    return None


WAY_ON = 'expected one of the formats of docs/formats.md, such as {"id", "text", "label": [[start, end, TYPE], …]}'


_LISTS = word_lists("tyez_bench.io", "fields")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_OFFSETS = frozenset(_LISTS.words("offsets"))
_OFFSET_PARTS = re.compile("start|begin|offset|position|index|idx|^end|end$|pos$", re.IGNORECASE)
_OFFSETS_IN_CHINESE = re.compile(_LISTS.any("offsets-in-chinese"))
_LABELS = frozenset(_LISTS.words("labels"))
_LABELS_IN_CHINESE = re.compile(_LISTS.any("labels-in-chinese"))
_NAMES = frozenset(_LISTS.words("names"))
_NAMES_IN_CHINESE = re.compile(_LISTS.any("names-in-chinese"))
_HOLDERS = frozenset(_LISTS.words("holders"))
_HOLDERS_IN_CHINESE = re.compile(_LISTS.any("holders-in-chinese"))
_OTHERS = frozenset(_LISTS.words("others"))
_COUNTS = frozenset(_LISTS.words("counts"))
_DIGITS = re.compile(r"\s*[\[(（]?\s*\d+\s*(?:[-–—~:,，]\s*\d+\s*)?[\])）]?\s*")
_DEPTH = 6


def _words(key: object) -> set[str]:
    return {word.lower() for word in _WORD.findall(str(key))}


def _says(key: object, words: frozenset[str], chinese: re.Pattern[str]) -> bool:
    return bool(_words(key) & words) or chinese.search(str(key)) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def holds_numbers(value: object, depth: int = 0) -> bool:
    """Whether it is a whole number, in digits or not, or holds one: what offsets look like under any key.

    What is nested too deeply to be looked at may hold one.
    """
    if isinstance(value, str):
        return _DIGITS.fullmatch(value) is not None
    if isinstance(value, Mapping | list):
        parts = value.values() if isinstance(value, Mapping) else value
        return depth > _DEPTH or any(holds_numbers(part, depth + 1) for part in parts)
    return _is_number(value) or (isinstance(value, float) and value.is_integer() and value > 1)


def offsets_beside(item: Mapping[str, Any], read: Collection[str]) -> tuple[str, ...]:
    """The keys of a name and its type that look like its offsets: those not read that hold whole numbers."""
    return tuple(key for key in item if key not in read and not _words(key) & _COUNTS and holds_numbers(item[key]))


def find_unread(fields: Mapping[str, Any], read: Collection[str]) -> tuple[str, object] | None:
    """The first thing that looks like a span outside of the members ``read``: its key and itself; None without one."""
    for key, value in fields.items():
        if key not in read:
            found = next(_spans(value, key, 0), None)
            if found is not None:
                return key, found
    return None


def check_all_read(fields: Mapping[str, Any], read: Collection[str], name: str) -> None:
    """Raise ValueError when anything outside of the members ``read`` looks like a span.

    ``name`` is the format in which the record is read.
    """
    found = find_unread(fields, read)
    if found is not None:
        said = f"{found[0]!r} has what looks like a span, {shown(found[1])}, which the format {name} does not read"
        raise ValueError(f"{said}{like(fields)}; {WAY_ON}")


def like(fields: Mapping[str, Any]) -> str:
    """Whose records have these members, as far as that is known, in words that follow a comma."""
    keys = fields.keys()
    entity = next((item for key in ("entities", "ents") for item in _mappings(fields.get(key))), {})
    tools = (
        ("Prodigy", "_task_hash" in keys or "_input_hash" in keys or {"text", "spans"} <= keys),
        ("spaCy's Doc.to_json", {"ents", "tokens"} <= keys),
        ("HanLP", any(key.startswith(("tok/", "ner/")) for key in keys) or {"tok", "ner"} <= keys),
        ("W2NER", {"sentence", "ner"} <= keys),
        ("tokens with tags", any({one, other} <= keys for one in ("tokens", "words") for other in _TAGS)),
        ("CCKS", "originalText" in keys),
        ("CMeEE", {"start_idx", "end_idx"} <= entity.keys()),
        ("GLiNER", {"start", "end", "label"} <= entity.keys() or {"start", "end", "label"} <= keys),
    )
    tool = next((tool for tool, holds in tools if holds), None)
    return "" if tool is None else f" (it looks like {tool})"


_TAGS = ("ner_tags", "tags", "labels", "ner")


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    return (item for item in value if isinstance(item, Mapping)) if isinstance(value, list) else iter(())


def _spans(value: object, key: str, depth: int) -> Iterator[object]:
    """What looks like a span in a member, from the outside in."""
    holder = _says(key, _HOLDERS, _HOLDERS_IN_CHINESE)
    if depth > _DEPTH or (not holder and _words(key) & _OTHERS):
        return
    if isinstance(value, Mapping):
        if _is_object(value, holder):
            yield value
        for name, part in value.items():
            if holder and _is_range(part):
                yield {name: part}
            yield from _spans(part, key if holder else name, depth + 1)
    elif isinstance(value, list):
        if _is_list(value) or (holder and _is_range(value)) or _is_tagged(value):
            yield value
        for part in value:
            yield from _spans(part, key, depth + 1)


def _is_object(item: Mapping[str, Any], holder: bool) -> bool:
    """Whether an object has offsets and a label; under a key that says so offsets alone, or a name and its type."""
    offsets = any(is_offset(key, part) for key, part in item.items())
    label = any(_says(key, _LABELS, _LABELS_IN_CHINESE) and _is_said(part) for key, part in item.items())
    name = any(_says(key, _NAMES, _NAMES_IN_CHINESE) and _is_said(part) for key, part in item.items())
    return (offsets and (label or holder)) or (holder and label and name)


def is_offset(key: object, value: object) -> bool:
    """Whether a member looks like an offset: a number, under a word that says so."""
    named = _says(key, _OFFSETS, _OFFSETS_IN_CHINESE) or _OFFSET_PARTS.search(str(key)) is not None
    return named and not _words(key) & _COUNTS and holds_numbers(value)


def _is_said(value: object) -> bool:
    return bool(value) and (isinstance(value, str) or (isinstance(value, list) and isinstance(value[0], str)))


def _is_list(value: Sequence[object]) -> bool:
    """Whether a list is of offsets and words: two numbers or a pair of them, and a string."""
    numbers = sum(map(_is_number, value)) + 2 * any(_is_pair(part) for part in value)
    return 2 <= len(value) <= _DEPTH and numbers >= 2 and any(isinstance(part, str) and part for part in value)


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))


def _is_range(value: object) -> bool:
    """Whether it is a pair of offsets, or a list of them."""
    return _is_pair(value) or (isinstance(value, list) and any(map(_is_pair, value)))


def _is_tagged(value: Sequence[object]) -> bool:
    tags = [part for part in value if isinstance(part, str)]
    return bool(tags) and all(map(is_tag, tags)) and any(tag != OUTSIDE for tag in tags)
