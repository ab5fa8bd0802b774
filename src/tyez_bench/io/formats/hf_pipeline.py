"""Results of Hugging Face's token-classification pipeline as JSON, aggregated or not.

A file has a list (the result for one text), a list of lists (for several), or JSON Lines of either, or of objects
``{"id", "text", "entities"}`` around them. Aggregated items have ``entity_group``; un-aggregated ones ``entity``, a
tag (B-, I-, and E-, S-, L-, U-, M-) or a plain label, and the ``index`` of the token. Offsets are code points,
half-open. ``word`` is the tokenizer's rendering of the tokens, not the text; if it certainly differs from the text
at the offsets, as with ``is_split_into_words=True``, whose offsets refer to words joined by spaces, the file is
refused. An additional list around all results, and groups called O, are ignored.

Groups whose labels are tags (``B-ORG``, as from ``grouped_entities``) are joined like tokens. The pipeline's own
aggregation knows only B and I: with a model that uses E and S, each token of a name becomes a group. If most groups
touch one of the same label, the output says so; ``aggregation_strategy="none"`` gives tags that can be read.

Tokens are joined as by the pipeline's ``simple`` aggregation: a token continues the previous entity if it
is adjacent (the next index; without indices, only white space between), and has its label and a prefix other
than B, S and U; a plain label continues in the same way. Any other token begins an entity.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from tyez_bench.files.jsonl import encode_lines
from tyez_bench.io.align.offsets import Offsets, offsets_of
from tyez_bench.io.align.texts import shift_hint
from tyez_bench.io.fields import first_element, id_of, shown, text_of, whole_number
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import InputError
from tyez_bench.model.hints import unadvised
from tyez_bench.model.spans import Span, WordSpan

_KEYS = {"id", "text", "entities"}
_PREFIXES = ("B", "I", "E", "S", "L", "U", "M")
_BEGINS = ("B", "S", "U")
_HALF_OPEN = Offsets()


class _Item(NamedTuple):
    start: int
    end: int
    prefix: str | None
    label: str
    number: int | None
    """The token's index."""
    aggregated: bool
    word: str | None


def sniff(source: Source) -> bool:
    """Whether the first item says ``entity`` or ``entity_group``; or all results are lists, of such items or empty."""
    if source.is_directory:
        return False
    first = source.first
    if isinstance(first, Mapping) and isinstance(first.get("entities"), list):
        found = first_element(source, "entities")
        # Native records have no text.
        return "text" in first and first.keys() <= _KEYS if found is None else _is_item(found)
    if isinstance(first, list):
        if first and isinstance(first[0], list):
            first = next((part for part in first if part), first[0])
        return isinstance(first, list) and (_is_item(first[0]) if first else _only_lists(source))
    return _is_item(first)


def _is_item(value: object) -> bool:
    return isinstance(value, Mapping) and ("entity_group" in value or "entity" in value) and "start" in value


def _only_lists(source: Source) -> bool:
    """Whether every result is a list, as where the first text has no entities."""
    try:
        results = [value for _, value in source.items()]
    except InputError:
        return False
    return all(isinstance(value, list) and all(_is_item(item) for item in value) for value in _flat(results))


def _flat(results: list[Any]) -> list[Any]:
    """The results without a list more around them."""
    if results and all(isinstance(value, list) and value and _all_lists(value) for value in results):
        return [part for value in results for part in value]
    return results


def _all_lists(value: list[Any]) -> bool:
    return all(isinstance(part, list) for part in value)


def read(source: Source, options: Options) -> Iterator[Record]:
    """A record a result, in order. Raises InputError."""
    results = list(source.items())
    if results and all(isinstance(value, list) and value and _all_lists(value) for _, value in results):
        results = [(line, part) for line, value in results for part in value]
    tagged, offsets = _are_tagged(results), offsets_of(options)
    if results and all(isinstance(value, Mapping) and "entities" not in value for _, value in results):
        # The result for a single text is a list of items.
        yield _record(results[0][0], None, None, _spans(source, results, None, offsets, tagged=tagged))
        return
    if not results and not source.is_directory and source.text.strip():
        yield Record(1)
        return
    for line, value in results:
        if isinstance(value, Mapping):
            yield _keyed(source, line, value, offsets, tagged=tagged)
        elif isinstance(value, list):
            items = [(line, item) for item in value]
            yield _record(line, None, None, _spans(source, items, None, offsets, tagged=tagged))
        else:
            raise source.error(f"expected a list of entities, got {shown(value)}", line)


def _record(line: int, id_: str | None, text: str | None, spans: list[Span]) -> Record:
    by_place = sorted(spans, key=lambda span: (span.start, span.end, span.label))
    edges = [one.end == other.start and one.label == other.label for one, other in pairwise(by_place)]
    touching = sum(before or behind for before, behind in zip([False, *edges], [*edges, False], strict=True))
    return Record(line, id=id_, text=text, spans=tuple(spans), touching=touching if spans else 0)


def _are_tagged(results: Sequence[tuple[int, Any]]) -> bool:
    """Whether the groups of a file are called after tags: all of them, and one by what only begins a name."""
    items = [value.get("entities", value) if isinstance(value, Mapping) else value for _, value in results]
    flat = [one for value in items for one in (value if isinstance(value, list) else [value])]
    labels = {str(one["entity_group"]) for one in flat if isinstance(one, Mapping) and "entity_group" in one} - {"O"}
    parts = [label.partition("-") for label in labels]
    return any(prefix == "B" for prefix, _, _ in parts) and all(
        prefix in _PREFIXES and dash and rest for prefix, dash, rest in parts
    )


def _keyed(source: Source, line: int, value: Mapping[str, Any], offsets: Offsets, *, tagged: bool) -> Record:
    strange = sorted(value.keys() - _KEYS)
    if strange:
        raise source.error(f"unknown key {strange[0]!r}, expected id, text and entities", line)
    entities = value.get("entities")
    if not isinstance(entities, list):
        raise source.error(f"expected a list of entities, got {shown(entities)}", line)
    try:
        id_ = id_of(value, "id")
        text = None if value.get("text") is None else text_of(value, "text")
    except ValueError as error:
        raise source.error(str(error), line) from None
    return _record(line, id_, text, _spans(source, [(line, item) for item in entities], text, offsets, tagged=tagged))


def _spans(
    source: Source, items: Sequence[tuple[int, Any]], text: str | None, offsets: Offsets, *, tagged: bool
) -> list[Span]:
    parsed = []
    for line, item in items:
        try:
            # Whether it is inside the text is looked at where more is known of what is wrong with it.
            parsed.append(_item(item, None if offsets == _HALF_OPEN else text, offsets, tagged=tagged))
        except ValueError as error:
            raise source.error(str(error), line) from None
    return _joined(parsed, text)


def spans_of(items: Iterable[Any], text: str, name: str) -> list[Span]:
    """The spans of a result in memory, as a pipeline returns it. Raises InputError that names ``name``."""
    found = list(items)
    tagged = _are_tagged([(1, found)])
    try:
        with unadvised("offsets"):
            return _joined([_item(item, text, tagged=tagged) for item in found], text)
    except ValueError as error:
        raise InputError(f"{name!r}: {error}") from None


def _item(item: Any, text: str | None, offsets: Offsets = _HALF_OPEN, *, tagged: bool) -> _Item:
    if not isinstance(item, Mapping):
        raise ValueError(f"expected an entity as an object, got {shown(item)}")
    key = "entity_group" if "entity_group" in item else "entity"
    label = item.get(key)
    if not isinstance(label, str) or not label:
        raise ValueError(f"expected a label as entity_group or entity, got {shown(label)}")
    if item.get("start") is None or item.get("end") is None:
        raise ValueError("start or end is null: the pipeline's tokenizer gives no offsets, expected a fast tokenizer")
    start, end, index = whole_number(item["start"], "start"), whole_number(item["end"], "end"), None
    if item.get("index") is not None:
        index = whole_number(item["index"], "index")
    if offsets != _HALF_OPEN:
        start, end = offsets.placed(start, end, label, text)
    if not 0 <= start < end:
        raise ValueError(f"{label} {start}–{end} is empty, reversed or negative")
    if text is not None and end > len(text):
        raise ValueError(
            f"{label} {start}–{end} is outside the text (0–{len(text)}){shift_hint(text, None, start, end)}"
        )
    word = item["word"] if isinstance(item.get("word"), str) else None
    if key == "entity_group" and not tagged:
        return _Item(start, end, None, label, index, True, word)
    prefix, dash, rest = label.partition("-")
    if dash and prefix in _PREFIXES and rest:
        return _Item(start, end, prefix, rest, index, False, word)
    return _Item(start, end, None, label, index, False, word)


def _joined(items: Sequence[_Item], text: str | None) -> list[Span]:
    found: list[Span] = []
    before: _Item | None = None
    for item in items:
        if item.label == "O":
            before = None
            continue
        if before is not None and _goes_on(before, item, text):
            word = None if found[-1].word is None or item.word is None else found[-1].word + item.word
            found[-1] = _span(found[-1].start, max(found[-1].end, item.end), item.label, word)
        else:
            found.append(_span(item.start, item.end, item.label, item.word))
        before = item
    return found


def _span(start: int, end: int, label: str, word: str | None) -> Span:
    return Span(start, end, label) if word is None else WordSpan(start, end, label, word=word)


def _goes_on(before: _Item, item: _Item, text: str | None) -> bool:
    if item.aggregated or before.aggregated or item.prefix in _BEGINS or item.label != before.label:
        return False
    if before.number is not None and item.number is not None:
        return item.number == before.number + 1
    between = "" if text is None else text[before.end : item.start]
    return before.end <= item.start and (item.start == before.end if text is None else not between.strip())


def write(samples: Iterable[Sample]) -> bytes:
    """An object a line, aggregated; a span's value is not written."""
    return encode_lines(
        {
            "id": sample.id,
            "text": sample.text,
            "entities": [
                {"entity_group": s.label, "word": sample.text[s.start : s.end], "start": s.start, "end": s.end}
                for s in sample.spans
            ],
        }
        for sample in samples
    )
