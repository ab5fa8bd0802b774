"""Answers of language models: ``{"id", "answer"}`` with tags in a copied text or JSON, or ``{"id", "entities"}``.

The answer may also be called ``output``, ``response``, ``completion`` or ``prediction``; an optional ``text``
is the text that the model was given. A JSON answer is a list of ``{"text", "type", "occurrence"}`` (the number is
optional) or of pairs, or an object with lists of names by type, alone, fenced or within prose; whatever else a model
adds is ignored, as are other members of a record. A ``<think>…</think>`` at the beginning is not part of the
answer; if it never closes, there is no answer. Offsets in a model's words are ignored and counted, since models are
bad at them. Names that are data (``entities``, or an answer that is not a string) may not have any, since they would be
lost.

JSON may use Python's list syntax: single quotes, tuples, a trailing comma. An answer counts as unread and names
nothing if it is empty, if its JSON is broken or names nothing readable, or if it has neither tags nor names and is
not a copy of the text (more than half of the text differs), such as a refusal. Names that are data are not a
model's words: if they are broken, the file is refused.

Names without a position are located as follows. A name with an occurrence number n is at its n-th place in the
text, from 1. The others follow, the longest first and equally long ones in order: each takes the leftmost free
place, one that touches no character of another name; in a nested layer, one that is not taken by the same text and
crosses no other name. A name that is nowhere in the text counts as a false positive.
"""

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from msgspec import structs

from tyez_bench.files.jsonl import distinct_keys
from tyez_bench.io.align.mentions import occurrences
from tyez_bench.io.align.texts import copied, is_copy, moved
from tyez_bench.io.fields import check_all_read, id_of, label_of, objects, offsets_beside, shown, text_of
from tyez_bench.io.formats.inline import has_tags, parse_tags
from tyez_bench.io.record import Fidelity, Mention, Options, RawUnlocated, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError, first_line
from tyez_bench.model.spans import Span

ANSWERS = ("answer", "output", "response", "completion", "prediction")
"""What the answer of a model is called in a record."""
_TEXTS = ("text", "name", "span", "mention", "word", "entity", "实体", "文本", "名称")
_TYPES = ("type", "label", "entity_type", "category", "tag", "entity", "类型", "类别")
_WRAPPERS = ("entities", "mentions", "result", "results", "output", "answer", "实体列表")
_THOUGHT = re.compile(r"\s*(?:<think>)?(?:(?!</?think>).)*</think>", re.DOTALL)
_UNENDED = re.compile(r"\s*<think>")
_FENCE = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)
_OPENING = re.compile(r"[\[{]")
_PAIRS = re.compile(r"\s*(?:[(（][^()（）;；,，]+[;；,，][^()（）;；,，]+[)）][\s,，;；、]*)+")
# What is given to Python's parser, which is slow and counts on its stack.
_LONGEST, _DEEPEST = 100_000, 50
_LIKE_JSON = re.compile(r"[\[{]\s*[\"'“{\[(]")
# What an annotator decides, in Prodigy.
_DECISIONS = ("accept", "reject", "ignore")
_OFFSETS = ("start", "start_offset", "entity_group")


class _BrokenError(ValueError):
    """A text is not JSON."""


def sniff(source: Source) -> bool:
    """Whether the records have an answer, or entities without offsets; the first that has any entities tells."""
    if source.is_directory:
        return False
    try:
        for _, value in source.items():
            if not isinstance(value, dict):
                return False
            if any(key in value for key in ANSWERS):
                return True
            if value.get("entities") or "entities" not in value:
                return _without_offsets(value.get("entities"))
    except InputError:
        return False
    return False


def _without_offsets(entities: object) -> bool:
    if isinstance(entities, dict):
        return True
    first = entities[0] if isinstance(entities, list) else None
    if isinstance(first, dict):
        return not any(key in first for key in _OFFSETS) and any(key in first for key in _TEXTS)
    return isinstance(first, list) and len(first) == 2


def read(source: Source, options: Options, *, strict: bool = False) -> Iterator[Record]:
    """One record an answer. Raises InputError; with ``strict`` for answers, too, that can't be read."""
    for line, fields in objects(source):
        try:
            yield _record(line, fields, strict=strict)
        except ValueError as error:
            raise source.error(first_line(error), line) from None


def _record(line: int, fields: dict[str, Any], *, strict: bool) -> Record:
    keys = [key for key in (*ANSWERS, "entities") if key in fields]
    if len(keys) != 1:
        raise ValueError(f"expected the answer under one of {', '.join(ANSWERS)}, entities, got {keys or 'none'}")
    if fields[keys[0]] in _DECISIONS:
        raise ValueError(
            f"{keys[0]} is {fields[keys[0]]!r}, an annotator's decision as Prodigy writes it, not a model's answer: "
            "expected the format prodigy"
        )
    check_all_read(fields, (*keys, "id", "text"), "llm")
    id_, text, answer = id_of(fields, "id"), text_of(fields, "text"), fields[keys[0]]
    try:
        mentions = _mentions(answer)
        if mentions is not None:
            return _named(line, id_, text, mentions, data=not isinstance(answer, str))
    except ValueError as error:
        if isinstance(answer, str) and not strict:
            return Record(line, id=id_, text=text, unread="broken", fidelity=Fidelity.COPIED)
        raise ValueError(f"{keys[0]}: {error}") from None
    return _copy(line, id_, text, without_thought(answer))


def _named(line: int, id_: str | None, text: str | None, mentions: Sequence[Mention], *, data: bool) -> Record:
    """A record of names without positions. Raises ValueError for names of data that have one."""
    beside = [mention for mention in mentions if mention.offsets]
    if data and beside:
        keys = ", ".join(map(repr, beside[0].offsets))
        raise ValueError(
            f"the name {shown(beside[0].text)} also has {keys}, which look like offsets but are not read; "
            f'expected "start" and "end" in code points, half-open (native), or a name and its type alone'
        )
    plain = tuple(mention._replace(offsets=()) for mention in mentions)
    return Record(line, id=id_, text=text, mentions=plain, offsets=len(beside))


def _mentions(answer: object) -> list[Mention] | None:
    """What an answer names without a position; None for a copy of the text."""
    if not isinstance(answer, str):
        return named_in(answer)
    said = without_thought(answer)
    found = _json_alone(said)
    if found is None and not has_tags(said):
        found = _json_among_words(said)
        if found is None and _is_list_of_pairs(said):
            raise ValueError(f"names and types in brackets, {shown(said)}, which are neither JSON nor a copied text")
    return found


def _copy(line: int, id_: str | None, text: str | None, answer: str) -> Record:
    """A record of a copied text with tags, put on the text that the model was given where the file has it."""
    copy, spans, problems = parse_tags(answer)
    if not copy.strip():
        given = copy if text is None else text
        return Record(line, id=id_, text=given, fidelity=Fidelity.COPIED, broken_tags=len(problems), unread="empty")
    if text is None:
        found = Record(line, id=id_, text=copy, spans=tuple(spans), fidelity=Fidelity.COPIED)
    else:
        projection, edits = copied(copy, text)
        put: list[Span] = []
        nowhere: list[RawUnlocated] = []
        for span in spans:
            at = moved(span.start, span.end, projection)
            if at is None:
                nowhere.append(RawUnlocated(copy[span.start : span.end], span.label))
            else:
                put.append(Span(*at, span.label))
        if not spans and not is_copy(edits, text):
            return Record(line, id=id_, text=text, broken_tags=len(problems), unread="no_copy")
        found = Record(line, id=id_, text=text, spans=tuple(put), unlocated=tuple(nowhere), edits=edits)
    return structs.replace(found, broken_tags=len(problems))


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
    if _key(value, _TEXTS) is not None and _key(value, _TYPES) is not None:
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
    text = _key(item, _TEXTS)
    type_ = _key(item, _TYPES, text)
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


def _json_alone(answer: str) -> list[Mention] | None:
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
        raise ValueError(f"has {len(fenced)} fenced blocks of JSON, expected one")
    return named_in(_decoded(fenced[0])) if fenced else None


def _json_among_words(answer: str) -> list[Mention] | None:
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
        raise ValueError(f"has {len(found)} JSON values with names, expected one")
    return found[0] if found else None


def _is_list_of_pairs(answer: str) -> bool:
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


def write(samples: Iterable[Sample]) -> bytes:
    """One object a line: names with their occurrence numbers; a span's value is not written. Raises ValueError."""
    lines = (
        json.dumps({"id": s.id, "entities": [_written(s, p) for p in s.spans]}, ensure_ascii=False) for s in samples
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _written(sample: Sample, span: Span) -> dict[str, Any]:
    name = sample.surface(span)
    before = sum(1 for _ in takewhile(lambda start: start < span.start, occurrences(sample.text, name)))
    return {"text": name, "type": label_of(span.label), "occurrence": before + 1}
