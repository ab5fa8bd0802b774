"""Label Studio's exports JSON and JSON-MIN: regions of plain text under ``annotations``, or else ``predictions``.

A task's text is ``data.text``, or the only string in ``data`` besides an id; ``data.id`` takes precedence over the
task's own number. A task needs one annotation that was not cancelled, or, without any, one prediction; of several
annotators ``--annotator`` names one, by address or number, and tasks that they skipped have no spans then. Regions
with several labels are several spans. Relations, choices and other results without offsets are ignored; regions of
HTML, dialogues and audio are refused. Offsets are half-open code points, as in Label Studio since 1.4; before, they
were UTF-16 code units, which ``--offsets utf-16`` reads, and ``--align`` if regions have texts.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from tyez_bench.io.align.offsets import offsets_of
from tyez_bench.io.fields import (
    check_all_read,
    find_unread,
    first_element,
    id_of,
    label_of,
    objects,
    shown,
    span_of,
    text_of,
    whole_number,
)
from tyez_bench.io.record import Options, Record, Sample
from tyez_bench.io.source import Source
from tyez_bench.model.errors import counted
from tyez_bench.model.hints import advice
from tyez_bench.model.spans import Span

_ANNOTATIONS = ("annotations", "completions")
_REGIONS = ("labels", "hypertextlabels", "paragraphlabels")


NAME = "label-studio"


def sniff(source: Source) -> bool:
    """Whether the first record has ``data`` and annotations or predictions, or is of JSON-MIN."""
    first = None if source.is_directory else source.first
    if not isinstance(first, dict):
        return False
    if isinstance(first.get("data"), dict):
        return any(isinstance(first.get(key), list) for key in (*_ANNOTATIONS, "predictions"))
    if not any(isinstance(value, str) for value in first.values()):
        return False
    lists = [key for key, value in first.items() if isinstance(value, list)]
    return "annotation_id" in first or _is_region(first_element(source, *lists))


def _is_region(value: object) -> bool:
    return isinstance(value, dict) and "start" in value and any(key in value for key in _REGIONS)


def read(source: Source, options: Options) -> Iterator[Record]:
    """One record a task. Raises InputError."""
    if options.annotator is not None:
        _check_annotator(source, options.annotator)
    for line, fields in objects(source):
        if "data" not in fields and options.annotator not in (None, str(fields.get("annotator"))):
            continue
        try:
            yield _task(line, fields, options) if "data" in fields else _minimal(line, fields, options)
        except ValueError as error:
            raise source.error(str(error), line) from None


def annotators(source: Source, options: Options) -> list[tuple[str, ...]]:
    """By task, in their order, who annotated it; of annotations that nobody's name is on nothing."""
    found: list[tuple[str, ...]] = []
    for _, fields in objects(source):
        if "data" not in fields:
            found.append((str(fields["annotator"]),) if fields.get("annotator") is not None else ())
            continue
        made = [one for key in _ANNOTATIONS for one in _list(fields.get(key, []), key)]
        handed_in = [one for one in made if isinstance(one, dict) and not one.get("was_cancelled")]
        found.append(tuple(name for one in handed_in for name in _made_by(one)[:1]))
    return found


def _check_annotator(source: Source, annotator: str) -> None:
    """Raise InputError where nobody of that name made any annotation."""
    who: dict[str, None] = {}
    for _, fields in objects(source):
        for key in _ANNOTATIONS:
            made = fields.get(key)
            for one in made if isinstance(made, list) else ():
                names = _made_by(one)
                if annotator in names:
                    return
                who.update(dict.fromkeys(names[:1]))
        if str(fields.get("annotator")) == annotator:
            return
    known = ", ".join(who) or "nobody by name"
    raise source.error(f"has no annotation by {annotator!r}, expected one of: {known}")


def _task(line: int, fields: dict[str, Any], options: Options) -> Record:
    data = fields["data"]
    # A draft was not handed in, and a prediction stands behind what a person says.
    check_all_read(fields, ("data", *_ANNOTATIONS, "predictions", "drafts"), "label-studio")
    if not isinstance(data, dict):
        raise ValueError(f"expected an object as data, got {shown(data)}")
    id_ = id_of(data if data.get("id") is not None else fields, "id")
    text = _text(data, "data")
    spans: list[Span] = []
    for result in _results(fields, options.annotator):
        span = _usual(result) if options.offsets is None else None
        if span is None:
            spans.extend(_result(result, text, options))
        else:
            spans.append(span)
    return Record(line, id=id_, text=text, spans=tuple(spans))


def _text(fields: dict[str, Any], where: str, *passed: str) -> str:
    text = text_of(fields, "text")
    if text is not None:
        return text
    texts = [key for key, value in fields.items() if isinstance(value, str) and key not in ("id", *passed)]
    if len(texts) != 1:
        found = ", ".join(map(repr, texts)) or "no string"
        raise ValueError(f"expected the text under text, or one string in {where}, got {found}")
    return str(fields[texts[0]])


def _results(fields: dict[str, Any], annotator: str | None) -> list[Any]:
    """What the one annotation or prediction says, or that of the annotator who was named; nothing where they made none.

    Raises ValueError for several, naming who made them.
    """
    annotations = [
        item
        for key in _ANNOTATIONS
        for item in _list(fields.get(key, []), key)
        if not (isinstance(item, dict) and item.get("was_cancelled"))
    ]
    what, found = "annotation", annotations
    if not found:
        what, found = "prediction", _list(fields.get("predictions", []), "predictions")
    names = [_made_by(one) for one in found]
    if annotator is not None and what == "annotation":
        found = [one for one, name in zip(found, names, strict=True) if annotator in name]
        if not found:
            return []
    if len(found) != 1:
        count = counted(len(found), what) if found else "neither annotation nor prediction"
        who = list(dict.fromkeys(name[0] for name in names if name))
        by = f" by {', '.join(who)}" if who and len(found) > 1 else ""
        one = advice("pass {annotator} to read one of them", annotator="NAME") if who and annotator is None else ""
        how = ": export each annotator's work separately" if len(found) > 1 and not one else ""
        raise ValueError(f"the task has {count}{by}, expected one{how}{one}")
    if not isinstance(found[0], dict) or "result" not in found[0]:
        raise ValueError(f"expected an object with a result as {what}, got {shown(found[0])}")
    return _list(found[0]["result"], "result")


def _made_by(annotation: object) -> tuple[str, ...]:
    """What its annotator may be called: the e-mail address, the number, the user name."""
    who = annotation.get("completed_by") if isinstance(annotation, dict) else None
    if isinstance(who, dict):
        said = [who.get(key) for key in ("email", "id", "username")]
        return tuple(str(one) for one in said if isinstance(one, str | int) and one != "")
    return (str(who),) if isinstance(who, str | int) else ()


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list as {name}, got {shown(value)}")
    return value


def _usual(result: Any) -> Span | None:
    """The span of a region as Label Studio writes it; None where a closer look is needed."""
    value: Any = result.get("value") if type(result) is dict else None
    if type(value) is not dict:
        return None
    start: Any = value.get("start")
    end: Any = value.get("end")
    text, labels = value.get("text"), value.get("labels")
    whole = type(start) is int and type(end) is int and type(text) is str
    if not whole or not 0 <= start < end or type(labels) is not list or len(labels) != 1:
        return None
    label = labels[0]
    return Span(start, end, label, text) if type(label) is str and label else None


def _result(result: object, whole: str, options: Options) -> Iterator[Span]:
    if not isinstance(result, dict):
        raise ValueError(f"expected an object in result, got {shown(result)}")
    value = result.get("value")
    if isinstance(value, dict) and any(key in value for key in _REGIONS):
        yield from _region(value, whole, options)
    elif result.get("type") in _REGIONS or (isinstance(value, dict) and _is_other_region(value)):
        kind = result.get("type") if result.get("type") in _REGIONS else f"one of {', '.join(_REGIONS)}"
        raise ValueError(f"expected a region with start, end and {kind}, got {shown(value)}")


def _is_other_region(value: dict[str, Any]) -> bool:
    """Whether it has labels and a place, under names that are not read; choices and texts about a region have none."""
    named = any(key.lower().endswith(("label", "labels")) for key in value)
    return named and find_unread({"spans": value}, ()) is not None


def _region(value: dict[str, Any], whole: str, options: Options) -> Iterator[Span]:
    missing = next((key for key in ("start", "end") if key not in value), None)
    if missing is not None:
        raise ValueError(f"expected a region with start, end and labels, got no {missing}")
    if isinstance(value["start"], str):
        raise ValueError("a region of HTML or a dialogue, expected one of plain text, with whole numbers as offsets")
    text = text_of(value, "text") if value.get("text") is not None else None
    labels = _list(next(value[key] for key in _REGIONS if key in value), "labels")
    if not labels:
        raise ValueError("a region without labels, expected at least one")
    start, end = value["start"], value["end"]
    if options.offsets is not None:
        said = whole_number(start, "start"), whole_number(end, "end")
        start, end = offsets_of(options).placed(*said, ", ".join(map(str, labels)), whole)
    for label in labels:
        yield replace(span_of(start, end, label), text=text)


def _minimal(line: int, fields: dict[str, Any], options: Options) -> Record:
    """A record of JSON-MIN: members of the task's data, and the regions under the name of the tag that made them."""
    tags = [key for key, value in fields.items() if isinstance(value, list) and any(_is_region(item) for item in value)]
    check_all_read(fields, tags, "label-studio")
    regions = [region for key in tags for region in fields[key]]
    for region in regions:
        if not _is_region(region):
            raise ValueError(f"expected a region with start, end and labels, got {shown(region)}")
    text = _text(fields, "the record", "created_at", "updated_at", "annotator")
    spans = tuple(span for region in regions for span in _region(region, text, options))
    return Record(line, id=id_of(fields, "id"), text=text, spans=spans)


def write(samples: Iterable[Sample], result: str = "predictions") -> bytes:
    """One JSON array of tasks, spans as predictions, or as annotations; a span's value is not written.

    Raises ValueError.
    """
    tasks = [
        {
            # Its converter needs a number for each task; ours is the id in the data.
            "id": number,
            "data": {"id": sample.id, "text": sample.text},
            result: [{"result": [_written(span, sample) for span in sample.spans]}],
        }
        for number, sample in enumerate(samples, 1)
    ]
    return (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode()


def _written(span: Span, sample: Sample) -> dict[str, Any]:
    value = {
        "start": span.start,
        "end": span.end,
        "text": sample.surface(span),
        "labels": [label_of(span.label)],
    }
    # Regions of a task are told apart by their ids.
    id_ = f"{span.start}-{span.end}-{span.label}"
    return {"id": id_, "from_name": "label", "to_name": "text", "type": "labels", "value": value}
