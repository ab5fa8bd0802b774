"""What a language model's answer says: names with their types as JSON, in whatever dress, or tags in a copied text."""

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from tyez_bench.files.jsonl import distinct_keys
from tyez_bench.io.fields import label_of, offsets_beside, shown
from tyez_bench.io.record import Mention

ANSWERS = ("answer", "output", "response", "completion", "prediction")
"""What the answer of a model is called in a record."""
TEXTS = ("text", "name", "span", "mention", "word", "entity", "实体", "文本", "名称")
TYPES = ("type", "label", "entity_type", "category", "tag", "entity", "类型", "类别")
_WRAPPERS = ("entities", "mentions", "result", "results", "output", "answer", "实体列表")
_THOUGHT = re.compile(r"\s*(?:<think>)?(?:(?!</?think>).)*</think>", re.DOTALL)
_UNENDED = re.compile(r"\s*<think>")
_FENCE = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)
_OPENING = re.compile(r"[\[{]")
_PAIRS = re.compile(r"\s*(?:[(（][^()（）;；,，]+[;；,，][^()（）;；,，]+[)）][\s,，;；、]*)+")
# What is given to Python's parser, which is slow and counts on its stack.
_LONGEST, _DEEPEST = 100_000, 50
_LIKE_JSON = re.compile(r"[\[{]\s*[\"'“{\[(]")


class _BrokenError(ValueError):
    """A text is not JSON."""


def without_thought(answer: str) -> str:
    """The answer behind a leading ``<think>…</think>``, whose tags are none of the task's; "" where it has no end."""
    match = _THOUGHT.match(answer)
    if match is None and _UNENDED.match(answer):
        return ""
    return answer[match.end() :] if match else answer


def named_in(value: object) -> list[Mention]:
    """The mentions of a JSON value: of a list of objects or of pairs, or of an object with lists of names by type.

    Either may stand in an object as its only member. Raises ValueError for anything else.
    """
    if isinstance(value, list):
        return [_mention(item) for item in value]
    if not isinstance(value, dict):
        raise ValueError(f"expected a list of names and types, got {shown(value)}")
    wrapped = next((value[key] for key in _WRAPPERS if key in value), None) if len(value) == 1 else None
    if isinstance(wrapped, dict) or (isinstance(wrapped, list) and not all(isinstance(item, str) for item in wrapped)):
        return named_in(wrapped)
    if _key(value, TEXTS) is not None and _key(value, TYPES) is not None:
        # A model that found one entity may leave out the list around it.
        return [_mention(value)]
    return [mention for label, names in value.items() for mention in _of_type(label, names)]


def _key(item: Mapping[str, Any], keys: tuple[str, ...], but: str | None = None) -> str | None:
    return next((key for key in keys if key in item and key != but), None)


def _of_type(label: str, names: object) -> Iterator[Mention]:
    if names is None:
        return
    if not isinstance(names, list):
        raise ValueError(f"expected a list of names as {label_of(label, 'type')}, got {shown(names)}")
    for name in names:
        if isinstance(name, dict):
            yield _mention({**name, "type": label})
        else:
            yield Mention(_name(name), label_of(label, "type"))


def _mention(item: object) -> Mention:
    if isinstance(item, list) and len(item) == 2:
        return Mention(_name(item[0]), label_of(item[1], "type"))
    if not isinstance(item, dict):
        raise ValueError(f"expected a name and its type, got {shown(item)}")
    text = _key(item, TEXTS)
    type_ = _key(item, TYPES, text)
    if text is None or type_ is None:
        raise ValueError(f"expected an object with text and type, got {shown(item)}")
    occurrence = item.get("occurrence")
    if occurrence is not None and (not isinstance(occurrence, int) or isinstance(occurrence, bool) or occurrence < 1):
        raise ValueError(f"expected a whole number from 1 as occurrence, got {shown(occurrence)}")
    offsets = offsets_beside(item, (text, type_))
    return Mention(_name(item[text]), label_of(item[type_], type_), occurrence, offsets)


def _name(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a name as a string, got {shown(value)}")
    return value


def json_alone(answer: str) -> list[Mention] | None:
    """The mentions of an answer that is JSON, or has it in a fence; None for other answers.

    Raises ValueError for broken JSON in a fence, and for JSON of no form that is known.
    """
    text = answer.strip()
    if _OPENING.match(text):
        try:
            return named_in(_decoded(text))
        except _BrokenError:
            # It may be text that begins with a bracket.
            return None
    fenced = [part for part in (match.strip() for match in _FENCE.findall(text)) if _LIKE_JSON.match(part)]
    if len(fenced) > 1:
        raise ValueError(f"has {len(fenced)} fenced parts that begin as JSON, expected one")
    return named_in(_decoded(fenced[0])) if fenced else None


def json_among_words(answer: str) -> list[Mention] | None:
    """The mentions of the only JSON value among words; None when there is nothing like one.

    Raises ValueError for broken JSON, JSON of no form that is known, and for two values that name something.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_distinct)
    found: list[list[Mention]] = []
    position = 0
    while opening := _OPENING.search(answer, position):
        position = opening.end()
        if _LIKE_JSON.match(answer, opening.start()):
            try:
                value, position = decoder.raw_decode(answer, opening.start())
            except (json.JSONDecodeError, RecursionError):
                # Up to the last bracket of its kind: more words may follow.
                behind = answer.rfind("]" if opening[0] == "[" else "}") + 1
                value, position = _of_python(answer[opening.start() : max(behind, opening.end())]), behind
            found.append(named_in(value))
        elif answer.startswith(("[]", "{}"), opening.start()):
            found.append([])
    if len(found) > 1:
        # An empty list beside the answer's is an example, or a part of the words.
        found = [mentions for mentions in found if mentions] or found[:1]
    if len(found) > 1:
        raise ValueError(f"has {len(found)} JSON values that name something, expected one")
    return found[0] if found else None


def is_list_of_pairs(answer: str) -> bool:
    """Whether all that an answer says is names and types in brackets: ``(太原; PLACE), (晋祠; PLACE)``."""
    return _PAIRS.fullmatch(answer) is not None


def _decoded(text: str) -> Any:
    """The JSON value that is all of a text, or the value that it is in Python. Raises ValueError."""
    try:
        return json.loads(text, object_pairs_hook=_distinct)
    except (json.JSONDecodeError, RecursionError):
        return _of_python(text)


def _of_python(text: str) -> Any:
    """Lists, tuples (as lists) and objects as Python writes them. Raises _BrokenError."""
    broken = _BrokenError(f"broken JSON: {shown(text)}")
    if len(text) > _LONGEST or _too_deep(text):
        raise broken
    try:
        with warnings.catch_warnings():
            # Of escapes that Python does not know.
            warnings.simplefilter("ignore")
            return json.loads(json.dumps(ast.literal_eval(text)))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise broken from None


def _too_deep(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if depth > _DEEPEST:
            return True
    return False


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    try:
        return distinct_keys(pairs)
    except ValueError as error:
        raise ValueError(f"not valid JSON: {error}") from None
