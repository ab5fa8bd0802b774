"""Inline markup: ``<ORG>太原市政府</ORG>`` in plain text, one record a line, or in the ``text`` of JSON Lines with ids.

Tags may nest, but not cross. A label is any run of characters except white space, ``<``, ``>`` and ``/``. The
references ``&lt;``, ``&gt;`` and ``&amp;`` stand for ``<``, ``>`` and ``&``; any other ``&`` is itself.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tyez_bench.io.fields import check_all_read
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import to_rename
from tyez_bench.model.spans import Span

_MARK = re.compile(
    r"<(?P<end>/?)(?P<label>[^\s<>/]+)(?:\s*|(?P<attributes>\s[^<>=]*=[^<>]*))>|&(?P<name>lt|gt|amp);|(?P<bare><)"
)
_JSON = re.compile(r"\s*(\[\s*)?\{")
_LABEL = re.compile(r"[^\s<>/]+")
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&"}
_ESCAPES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})
_OTHER_ANNOTATIONS = ("label", "labels", "entities", "spans")


class _Problem(NamedTuple):
    """What is wrong at a character of the marked text; ``bare``: only a ``<`` that begins no tag."""

    at: int
    message: str
    bare: bool = False


class _Open(NamedTuple):
    """A tag that waits for its end: its label, where it stands in the marked text, where its span starts."""

    label: str
    at: int
    start: int


def parse_tags(text: str) -> tuple[str, list[Span], list[str]]:
    """The text without its tags, the spans, and what is wrong with the tags, leniently. Never raises.

    For what a language model wrote: a ``<`` that begins no tag is text; a tag without its counterpart, around
    nothing, or closed too late is left out and named among the problems, with its place; attributes are passed over.
    The spans are in the order of their starts, the longer first.
    """
    plain, spans, problems = _parse(text)
    return plain, spans, [f"character {p.at + 1}: {p.message}" for p in problems if not p.bare]


def _parse(text: str) -> tuple[str, list[Span], list[_Problem]]:
    plain: list[str] = []
    problems: list[_Problem] = []
    spans: list[tuple[int, Span]] = []
    waiting: list[_Open] = []
    labels: Counter[str] = Counter()
    length = position = 0
    for mark in _MARK.finditer(text):
        at, label = mark.start(), mark["label"]
        before = text[position:at] + _CHARACTERS.get(mark["name"], mark["bare"] or "")
        plain.append(before)
        length += len(before)
        position = mark.end()
        if mark["bare"]:
            problems.append(_Problem(at, "'<' does not start a tag, expected &lt; for a literal '<'", bare=True))
        if mark["attributes"]:
            problems.append(_Problem(at, f"the tag {mark.group()!r} has attributes, expected a label only"))
        if label is None:
            continue
        if not mark["end"]:
            waiting.append(_Open(label, at, length))
            labels[label] += 1
            continue
        if not labels[label]:
            problems.append(_Problem(at, f"</{label}> closes nothing, expected <{label}> before it"))
            continue
        while waiting[-1].label != label:
            left = waiting.pop()
            labels[left.label] -= 1
            problems.append(_Problem(at, f"</{label}> comes before </{left.label}>: tags may nest but not cross"))
        opened = waiting.pop()
        labels[label] -= 1
        if opened.start == length:
            problems.append(_Problem(opened.at, f"<{label}> has no text"))
        else:
            spans.append((opened.at, Span(opened.start, length, label)))
    plain.append(text[position:])
    problems += [_Problem(left.at, f"<{left.label}> is never closed") for left in waiting]
    # By where the tags stand: of tags around the same characters the outer one is first.
    return "".join(plain), [span for _, span in sorted(spans)], sorted(problems)


def sniff(source: Source) -> bool:
    """Whether it is text with a closing tag, or JSON Lines with such texts and no other annotation."""
    if source.is_directory:
        return False
    try:
        if _is_json(source):
            return any(_is_marked(value) for _, value in source.items())
        return "</" in source.text and any(has_tags(line) for _, line in source.lines())
    except InputError:
        return False


def _is_json(source: Source) -> bool:
    # Told by the first characters alone, so that what is broken JSON is not read as text.
    return _JSON.match(source.text) is not None


def _is_marked(value: object) -> bool:
    if not isinstance(value, dict) or any(key in value for key in _OTHER_ANNOTATIONS):
        return False
    text = value.get("text")
    return isinstance(text, str) and has_tags(text)


def has_tags(text: str) -> bool:
    """Whether a text has a closing tag."""
    return "</" in text and any(mark["end"] for mark in _MARK.finditer(text))


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a line; empty lines of plain text are passed over. Raises InputError."""
    if _is_json(source):
        for line, value in source.items():
            id_, text = _members(value, source, line)
            yield _record(source, line, id_, text, "character {} of the text")
        return
    for line, text in source.lines():
        if text.strip():
            yield _record(source, line, None, text, "column {}")


def _members(value: object, source: Source, line: int) -> tuple[str | None, str]:
    if not isinstance(value, dict):
        raise source.error(f"expected a JSON object with a text, got {type(value).__name__}", line)
    text, id_ = value.get("text"), value.get("id", "")
    if not isinstance(text, str):
        found = type(text).__name__ if "text" in value else "no such key"
        raise source.error(f"'text': expected a string with tags, got {found}", line)
    if isinstance(id_, bool) or not isinstance(id_, str | int):
        raise source.error(f"'id': expected a string or a whole number, got {type(id_).__name__}", line)
    other = next((key for key in _OTHER_ANNOTATIONS if key in value), None)
    if other is not None:
        raise source.error(f"has {other!r} besides its text, expected spans only as tags in the text", line)
    try:
        check_all_read(value, ("id", "text"), "inline")
    except ValueError as error:
        raise source.error(str(error), line) from None
    return str(id_) if "id" in value else None, text


def _record(source: Source, line: int, id_: str | None, text: str, place: str) -> Record:
    plain, spans, problems = _parse(text)
    if problems:
        raise source.error(f"{place.format(problems[0].at + 1)}: {problems[0].message}", line)
    return Record(line, id=id_, text=plain, spans=tuple(spans))


def write(samples: Iterable[Sample]) -> bytes:
    """One JSON object a line. Raises ValueError for spans that cross and for labels that are no tag."""
    lines = (json.dumps({"id": s.id, "text": _marked(s)}, ensure_ascii=False) + "\n" for s in samples)
    return "".join(lines).encode()


def _marked(sample: Sample) -> str:
    parts: list[str] = []
    open_spans: list[Span] = []
    position = 0

    def close(until: int) -> None:
        nonlocal position
        while open_spans and open_spans[-1].end <= until:
            span = open_spans.pop()
            parts.append(sample.text[position : span.end].translate(_ESCAPES) + f"</{span.label}>")
            position = span.end

    for span in sorted(sample.spans, key=lambda span: (span.start, -span.end)):
        sample.surface(span)
        if not _LABEL.fullmatch(span.label):
            raise ValueError(f"{sample.called}: the label {span.label!r} can't be a tag{to_rename()}")
        close(span.start)
        if open_spans and span.end > open_spans[-1].end:
            other = open_spans[-1]
            raise ValueError(
                f"{sample.called}: {other.label} {other.start}–{other.end} and "
                f"{span.label} {span.start}–{span.end} cross"
            )
        parts.append(sample.text[position : span.start].translate(_ESCAPES) + f"<{span.label}>")
        position = span.start
        open_spans.append(span)
    close(len(sample.text))
    return "".join(parts) + sample.text[position:].translate(_ESCAPES)
