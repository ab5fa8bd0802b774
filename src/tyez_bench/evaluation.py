"""Run a model over the gold's texts and score what it finds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tyez_bench.corpus.gold import Gold, load
from tyez_bench.errors import InputError, UsageError
from tyez_bench.formats.label_maps import LabelMap
from tyez_bench.formats.read import How, Predictions, read_records
from tyez_bench.formats.record import RawSpan, Record
from tyez_bench.formats.source import Source
from tyez_bench.model import Document
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.scoring.settings import Settings

Model = Callable[[str], Any]


def evaluate(
    model: Model,
    gold: Gold | None = None,
    *,
    by: str = "document",
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    system: str | None = None,
    settings: Settings | None = None,
) -> Report:
    """Run ``model`` over the texts of ``gold`` (the built-in one), and score it.

    ``model`` is a function from a text to spans, a spaCy ``Language``, or a Hugging Face token-classification pipeline.
    Spans are (start, end, label) or objects or dicts with these; offsets are half-open code points into the text given.
    ``by="sentence"`` gives the model a sentence at a time, for models of limited length. The label map is detected
    unless named. Raises InputError, with the document, for what goes wrong in the model or does not fit the text.
    """
    settings = settings or Settings()
    gold = load() if gold is None else gold
    predictions = run(model, gold, by=by, labels=labels, ignore_labels=ignore_labels, settings=settings)
    return score(gold, predictions, system=system or _name(model), settings=settings)


def run(
    model: Model,
    gold: Gold,
    *,
    by: str = "document",
    labels: str | Path | LabelMap | None = None,
    ignore_labels: Iterable[str] = (),
    settings: Settings | None = None,
) -> Predictions:
    """What ``model`` finds in the texts of ``gold``; see :func:`evaluate`."""
    if by not in ("document", "sentence"):
        raise UsageError(f"by {by!r} is neither 'document' nor 'sentence'")
    records = [
        Record(None, id=id_, spans=tuple(_answer(model, text, id_)))
        for document in gold
        for id_, text in _texts(document, by)
    ]
    flat = (settings or Settings()).layer == "outermost"
    how = How(labels=labels, ignore_labels=frozenset(ignore_labels), flat=flat)
    return read_records(records, Source(_name(model), b""), gold, how, format="native")


def _texts(document: Document, by: str) -> Iterator[tuple[str, str]]:
    if by == "document" or not document.sentences:
        yield document.id, document.text
    else:
        for sentence in document.sentences:
            yield sentence.id, document.text[sentence.start : sentence.end]


def _name(model: Model) -> str:
    meta = getattr(model, "meta", None)
    if isinstance(meta, Mapping) and meta.get("name"):
        return str(meta["name"])
    return str(getattr(model, "__name__", type(model).__name__))


def _answer(model: Model, text: str, id_: str) -> list[RawSpan]:
    try:
        answer = model(text)
    except Exception as error:
        raise InputError(f"{id_!r}: the model failed: {type(error).__name__}: {error}") from error
    if hasattr(answer, "ents"):
        return [RawSpan(span.start_char, span.end_char, span.label_, span.text) for span in answer.ents]
    if not isinstance(answer, Iterable) or isinstance(answer, str | bytes | Mapping):
        raise InputError(f"{id_!r}: expected spans from the model, got {type(answer).__name__}")
    found = list(answer)
    if any(isinstance(item, Mapping) and ("entity" in item or "entity_group" in item) for item in found):
        from tyez_bench.formats.hf_pipeline import spans_of

        return spans_of(found, text, id_)
    return [_span(item, id_) for item in found]


def _span(item: Any, id_: str) -> RawSpan:
    if isinstance(item, Mapping):
        item = {**item}
        start, end, label = item.get("start"), item.get("end"), item.get("label", item.get("type"))
        surface = item.get("text")
    elif isinstance(item, tuple | list) and len(item) == 3:
        (start, end, label), surface = item, None
    else:
        start, end = getattr(item, "start", None), getattr(item, "end", None)
        label = getattr(item, "label", None) or getattr(item, "type", None)
        surface = getattr(item, "text", None)
    try:
        whole = [int(offset.__index__()) for offset in (start, end)]
    except AttributeError:
        raise InputError(f"{id_!r}: {item!r} is no span: expected (start, end, label)") from None
    if not isinstance(label, str) or not 0 <= whole[0] < whole[1]:
        raise InputError(f"{id_!r}: {item!r} is no span: expected (start, end, label), start before end")
    return RawSpan(whole[0], whole[1], str(label), surface if isinstance(surface, str) else None)
