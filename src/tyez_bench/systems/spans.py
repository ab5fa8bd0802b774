"""What a model answers for a text, whatever kind of model: spans as tuples, objects or dicts, or a spaCy Doc."""

from collections.abc import Iterable, Mapping
from typing import Any

from tyez_bench.io.formats.hf_pipeline import spans_of
from tyez_bench.model.errors import InputError
from tyez_bench.model.spans import Span


def spans_in(answer: Any, text: str, id_: str) -> list[Span]:
    """The spans of an answer: a spaCy Doc, items of a Hugging Face pipeline, or (start, end, label) in any form.

    Offsets are half-open code points into ``text``. Raises InputError, with the passage's id, for anything else.
    """
    found = _read(answer, text, id_)
    for span in found:
        try:
            f"{span.label}{span.text}".encode()
        except UnicodeEncodeError:
            said = f"({span.start}, {span.end}, {span.label!r}) has half of a surrogate pair"
            raise InputError(f"{id_!r}: {said}, which is no character") from None
    return found


def _read(answer: Any, text: str, id_: str) -> list[Span]:
    if hasattr(answer, "ents"):
        return [Span(span.start_char, span.end_char, span.label_, span.text) for span in answer.ents]
    if not isinstance(answer, Iterable) or isinstance(answer, str | bytes | Mapping):
        raise InputError(f"{id_!r}: expected spans from the model, got {type(answer).__name__}")
    found = list(answer)
    if any(isinstance(item, Mapping) and ("entity" in item or "entity_group" in item) for item in found):
        return spans_of(found, text, id_)
    return [_span(item, id_) for item in found]


def _span(item: Any, id_: str) -> Span:
    start: Any
    end: Any
    if isinstance(item, Mapping):
        start, end, surface = item.get("start"), item.get("end"), item.get("text")
        label = item.get("label", item.get("type"))
    elif isinstance(item, tuple | list) and len(item) == 3:
        (start, end, label), surface = item, None
    else:
        start, end = getattr(item, "start", None), getattr(item, "end", None)
        label = getattr(item, "label", None) or getattr(item, "type", None)
        surface = getattr(item, "text", None)
    try:
        whole = [int(offset.__index__()) for offset in (start, end)]
    except AttributeError:
        raise InputError(f"{id_!r}: {item!r} is not a span: expected (start, end, label)") from None
    if not isinstance(label, str) or not 0 <= whole[0] < whole[1]:
        raise InputError(f"{id_!r}: {item!r} is not a span: expected (start, end, label), start before end")
    return Span(whole[0], whole[1], str(label), surface if isinstance(surface, str) else None)
