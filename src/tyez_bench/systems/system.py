"""What a NER system is to the runner: passages in, one record each out, and the settings that decide what it says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.record import RawSpan
from tyez_bench.systems.llm.options import Asking

UNITS = ("document", "sentence")


class Passage(Struct, frozen=True):
    """A text that a system is given: a document, or one of its sentences.

    ``document`` is the id of the document that it is from, for systems that must not have seen that one.
    """

    id: str
    document: str
    text: str


class Options(Struct, frozen=True, kw_only=True):
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
Tagger = Callable[[str], list[RawSpan]]
# Passages to one record each, in their order: JSON objects of a predictions format, with the passage's id.
Predict = Callable[[Sequence[Passage]], Iterable[Mapping[str, Any]]]
# All records of a run to what is told of it beside the predictions.
Facts = Callable[[Sequence[Mapping[str, Any]]], Mapping[str, Any]]


class System(Struct, frozen=True, kw_only=True):
    """A system that is ready to run.

    ``settings`` is all that decides what it predicts and can be written as JSON: an interrupted run goes on only with
    the same ones. ``labels`` names the label map (None: told by the labels). ``format`` is that of the records.
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


def span_record(passage: Passage, spans: Iterable[RawSpan]) -> dict[str, Any]:
    """Spans of a passage as a native record, in their order in the text."""
    ordered = sorted(spans, key=lambda span: (span.start, -span.end, span.label))
    return {
        "id": passage.id,
        "entities": [
            {"start": s.start, "end": s.end, "type": s.label, **({} if s.text is None else {"text": s.text})}
            for s in ordered
        ],
    }


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
