"""What a NER system is to the runner: texts in, records out. Taggers as systems, and systems put together."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tyez_bench.gold.derived import split_sentences
from tyez_bench.gold.gold import Gold
from tyez_bench.io.label_maps import OWN, LabelMap, load_map
from tyez_bench.model.errors import InputError, UsageError, first_line
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span
from tyez_bench.systems.llm.options import Asking

UNITS = ("document", "sentence")


class Passage(Struct, frozen=True):
    """A text that a system is given: a document, or one of its sentences.

    ``document`` is the id of the document that it is from, for systems that must not have seen that one.
    """

    id: str
    document: str
    text: str


class RunOptions(Struct, frozen=True, kw_only=True):
    """What a user may tell a system; each looks at what concerns it.

    ``by``: whether it is given documents or sentences (None: as suits it). ``labels``: label map of its labels (None:
    as the registry says, else as its label set tells). ``segmenter`` is for spaCy pipelines and GLiNER, ``llm`` for
    language models. ``lessons`` is the gold that those which learn are trained on (None: the one that is predicted,
    each document left out), and ``origins`` has, by id, the document of it that a document is made from.
    """

    by: str | None = None
    batch_size: int = 8
    device: str = "cpu"
    labels: str | None = None
    segmenter: str | None = None
    seed: int = 20220809
    llm: Asking = Asking()
    lessons: Gold | None = None
    origins: Mapping[str, str] = {}


# A text to spans with the system's own labels.
Tagger = Callable[[str], list[Span]]
# Passages to one record each, in their order: JSON objects of a predictions format, with the passage's id.
Predict = Callable[[Sequence[Passage]], Iterable[Mapping[str, Any]]]
# All records of a run to what is told of it beside the predictions.
Facts = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]


class System(Struct, frozen=True, kw_only=True):
    """A system that is ready to run.

    ``settings`` is all that decides what it predicts and can be written as JSON: an interrupted run goes on only with
    the same ones. ``labels`` names the label map (None: detected from the labels). ``format`` is that of the records.
    ``facts`` makes what the facts of a run have beyond the usual, from all its records.
    ``name`` is the system's in facts and tables (None: as it was asked for), without the paths of a machine.
    """

    predict: Predict
    by: str = "document"
    labels: str | None = None
    format: str = "native"
    name: str | None = None
    settings: Mapping[str, Any] = {}
    facts: Facts | None = None


def passages(gold: Gold, by: str) -> list[Passage]:
    """The texts of a gold set: its documents, or their sentences (a document without any is one passage).

    Raises UsageError for another unit.
    """
    if by not in UNITS:
        raise UsageError(f"by {by!r} is neither of {', '.join(UNITS)}")
    if by == "document":
        return [Passage(document.id, document.id, document.text) for document in gold]
    found = []
    for document in gold:
        if not document.sentences:
            found.append(Passage(document.id, document.id, document.text))
        for sentence in document.sentences:
            found.append(Passage(sentence.id, document.id, document.text[sentence.start : sentence.end]))
    return found


def span_record(passage: Passage, spans: Iterable[Span]) -> dict[str, Any]:
    """Spans of a passage as a native record, in their order in the text."""
    ordered = sorted(spans, key=lambda span: (span.start, -span.end, span.label))
    return {
        "id": passage.id,
        "entities": [
            {"start": s.start, "end": s.end, "type": s.label, **({} if s.text is None else {"text": s.text})}
            for s in ordered
        ],
    }


def spans_at(text: str, places: Iterable[tuple[int, int, str]]) -> list[Span]:
    """Spans of ``text`` from (start, end, label), with their surface."""
    return [Span(start, end, label, text[start:end]) for start, end, label in places]


def tagging(tag: Tagger) -> Predict:
    """A tagger of texts as the function that the runner calls; whatever goes wrong in it names the passage."""

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage in given:
            try:
                found = tag(passage.text)
            except Exception as error:
                reason = f"the system failed: {type(error).__name__}: {error}"
                raise InputError(f"{passage.id!r}: {reason}") from error
            yield span_record(passage, found)

    return predict


def sentence_places(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as half-open offsets that cover it; a line break ends one, too."""
    found, start = [], 0
    for line in re.findall("[^\n]*\n?", text):
        found += list(split_sentences(text, start, start + len(line)))
        start += len(line)
    return found


Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of ``size`` items, the last of what is left; no item is taken before its batch is asked for."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


Whole = TypeVar("Whole")
Part = TypeVar("Part")
# A passage with its spans so far.
_Answer = tuple[Passage, list[Span]]


def in_batches(
    given: Iterable[Passage],
    cut: Callable[[Passage], tuple[Whole, Sequence[Part]]],
    run: Callable[[list[tuple[Whole, Part]]], None],
    size: int,
) -> Iterator[Whole]:
    """What ``cut`` made of each passage, after ``run`` has seen all of its parts, ``size`` parts at a time.

    Raises InputError that names the passages of the batch for whatever goes wrong in ``run``.
    """
    waiting: deque[list[Any]] = deque()

    def to_do() -> Iterator[tuple[list[Any], Part, Passage]]:
        for passage in given:
            whole, parts = cut(passage)
            job = [whole, len(parts)]
            waiting.append(job)
            yield from ((job, part, passage) for part in parts)

    for batch in batches(to_do(), size):
        try:
            run([(job[0], part) for job, part, _ in batch])
        except InputError:
            raise
        except Exception as error:
            which = " to ".join(dict.fromkeys(repr(passage.id) for _, _, passage in (batch[0], batch[-1])))
            raise InputError(f"{which}: the model failed: {type(error).__name__}: {first_line(error)}") from error
        for job, _, _ in batch:
            job[1] -= 1
        while waiting and not waiting[0][1]:
            yield waiting.popleft()[0]
    yield from (whole for whole, _ in waiting)


def by_sentences(tag: Callable[[list[str]], list[list[Span]]], size: int) -> Predict:
    """A tagger of sentences as the function that the runner calls; it is given up to ``size`` of them at a time.

    Sentences end at line breaks, too, and are given without the white space around them.
    """

    def cut(passage: Passage) -> tuple[_Answer, list[tuple[int, str]]]:
        places = [(start, passage.text[start:end]) for start, end in sentence_places(passage.text)]
        parts = [(start + len(one) - len(one.lstrip()), one.strip()) for start, one in places]
        return (passage, []), [(start, sentence) for start, sentence in parts if sentence]

    def run(batch: list[tuple[_Answer, tuple[int, str]]]) -> None:
        found = tag([sentence for _, (_, sentence) in batch])
        for ((_, spans), (start, _)), more in zip(batch, found, strict=True):
            spans += [replace(span, start=span.start + start, end=span.end + start) for span in more]

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage, spans in in_batches(given, cut, run, size):
            yield span_record(passage, spans)

    return predict


def combine(name: str, parts: Sequence[tuple[str | None, System]]) -> System:
    """One system of several, each with the name of its label map: of each further one the types that those before lack.

    The labels are the gold's own, read through the label map of each part. A span of a later part that overlaps one of
    an earlier part is left out: the earlier part has looked at that place.

    Raises UsageError for a part whose labels are not known beforehand, that answers in words, that is given other
    passages than the first, or that adds no type.
    """
    taken: set[str] = set()
    readings: list[tuple[LabelMap, frozenset[str]]] = []
    for labels, part in parts:
        called = part.name or "a part"
        if part.format != "native":
            raise UsageError(f"{name}: {called} gives no spans, but only systems that give spans can be combined")
        if labels is None:
            raise UsageError(
                f"{name}: the labels of {called} are not known in advance"
                + advice("{labels} names its label map", labels="NAME")
            )
        if part.by != parts[0][1].by:
            raise UsageError(
                f"{name}: only systems with the same passages can be combined"
                + advice("{by} gives them", by="document|sentence")
            )
        found = load_map(labels)
        adds = frozenset(found.expresses) - taken
        if not adds:
            raise UsageError(f"{name}: a part adds no type to those before it ({', '.join(sorted(taken))})")
        taken |= adds
        readings.append((found, adds))
    systems = [part for _, part in parts]

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        answers = [system.predict(given) for system in systems]
        for passage, *records in zip(given, *answers, strict=True):
            spans: list[Span] = []
            for record, (label_map, adds) in zip(records, readings, strict=True):
                spans += [
                    span for span in _mapped(record, label_map, adds) if not any(overlap(span, old) for old in spans)
                ]
            yield span_record(passage, spans)

    settings = {"parts": [dict(system.settings) for system in systems]} if any(s.settings for s in systems) else {}
    called = "+".join(system.name or "" for system in systems) if all(system.name for system in systems) else name
    return System(predict=predict, by=systems[0].by, labels=OWN, name=called, settings=settings)


def _mapped(record: Mapping[str, Any], label_map: LabelMap, adds: frozenset[str]) -> Iterator[Span]:
    for entity in record["entities"]:
        label = label_map.labels.get(entity["type"])
        if label is not None and label in adds:
            yield Span(entity["start"], entity["end"], label, entity.get("text"))


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.start < other.end and other.start < one.end
