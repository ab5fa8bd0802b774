"""A metric for Hugging Face evaluate: ``evaluate.load(tyez_bench.metric_path())``.

Predictions and references are lists of tags a sentence (as seqeval takes them), or lists of spans
``{"start", "end", "type"}``, half-open. Unlike seqeval's default, illegal tags are refused unless a repair is named;
so are sentences with more tags on one side than on the other. What is no sentence is refused with its number,
from 1, and its side: a figure of what was read otherwise than it was meant would be wrong without a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import index
from typing import Any, NamedTuple

import datasets
import evaluate

import tyez_bench
from tyez_bench.io.encodings import ENCODINGS, REPAIRS, TagError, decode, detect
from tyez_bench.model.errors import InputError, counted
from tyez_bench.model.hints import Arguments, asked_by
from tyez_bench.scoring.spans import LIMIT

KEYS = ("start", "end", "type")
SIDES = ("predictions", "references")
# How many keys of a wrong span an error lists.
_SHOWN = 8
_DESCRIPTION = "Precision, recall and F1 of named entities: boundary and type (strict), and other schemes."
_CITATION = "tyez-bench; see CITATION.cff of the project"
_INPUTS = f"""
predictions, references: a list of tags for each sentence, or of spans with start, end (half-open) and type; a dict
    of the lists start, end and type is a list of spans, too. Sentences without any are empty lists.
encoding: {", ".join(ENCODINGS)}; detected from the tags unless named.
repair: {" or ".join(REPAIRS)}; illegal tags are an error unless one is named.
"""


def _sides(one: Any) -> Any:
    return datasets.Features({"predictions": one, "references": one})


_TAGS = datasets.Sequence(datasets.Value("string"))
_SPAN = {"start": datasets.Value("int64"), "end": datasets.Value("int64"), "type": datasets.Value("string")}
# How sentences are kept. Which of the two they are can't be told from the first, as evaluate does: an empty list is
# both.
_KEPT = _sides({"tags": [datasets.Value("string")], "spans": [_SPAN]})


Triple = tuple[int, int, str]


class TagsOrSpans(NamedTuple):
    """The tags of a sentence, or its spans; an empty list is either."""

    tags: tuple[str, ...] = ()
    spans: tuple[Triple, ...] = ()


class TyezNer(evaluate.Metric):  # type: ignore[misc]  # the package has no types
    """Strict figures of all types and of each, and micro F1 under the other schemes."""

    _added = 0

    def _info(self) -> Any:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=[_sides(_TAGS), _sides([_SPAN])],
        )

    def add_batch(self, *, predictions: Any = None, references: Any = None, **more: Any) -> None:
        """Add sentences. Raises InputError for one that is neither tags nor spans."""
        found = {
            side: sentences(given, side, self._added)
            for side, given in zip(SIDES, (predictions, references), strict=True)
        }
        numbers = {len(ones) for ones in found.values()}
        if len(numbers) > 1:
            counted = " and ".join(f"{len(ones)} of {side}" for side, ones in found.items())
            raise InputError(f"expected the same number of sentences on both sides, got {counted}")
        super().add_batch(**{side: list(map(_kept, ones)) for side, ones in found.items()}, **more)
        self._added += numbers.pop()

    def add(self, *, prediction: Any = None, reference: Any = None, **more: Any) -> None:
        """Add a sentence, as :meth:`add_batch`."""
        self.add_batch(predictions=[prediction], references=[reference], **more)

    def compute(self, *, predictions: Any = None, references: Any = None, **more: Any) -> Any:
        """The figures of all sentences added, and of those given. Raises InputError."""
        try:
            return super().compute(predictions=predictions, references=references, **more)
        finally:
            if self.writer is None:
                self._added = 0

    def _infer_feature_from_batch(self, batch: Any) -> Any:
        return _KEPT

    def _compute(
        self, predictions: list[Any], references: list[Any], encoding: str | None = None, repair: str | None = None
    ) -> dict[str, Any]:
        gold, predicted = spans_of(
            list(map(_sentence, references)), list(map(_sentence, predictions)), encoding, repair
        )
        report = tyez_bench.score_spans(gold, predicted)
        result: dict[str, Any] = {**report.figures()}
        whole = report["strict", "micro"]
        result["f1_interval"] = None if whole.interval is None else [whole.interval.low, whole.interval.high]
        if whole.interval is None:
            result["f1_interval_reason"] = whole.reasons["f1"]
        for type_ in report.types:
            result[type_] = {**report.figures(type_), "number": report.counts(type_).gold}
        for scheme in report.schemes:
            if scheme not in ("strict", "tolerant"):
                result[f"{scheme}_f1"] = report.figures(scheme=scheme)["f1"]
        return result


def _kept(one: TagsOrSpans) -> dict[str, Any]:
    return {
        "tags": list(one.tags),
        "spans": [{"start": start, "end": end, "type": type_} for start, end, type_ in one.spans],
    }


def _sentence(kept: Any) -> TagsOrSpans:
    spans = tuple((span["start"], span["end"], span["type"]) for span in kept["spans"])
    return TagsOrSpans(tuple(kept["tags"]), spans)


def sentences(given: Any, side: str, before: int = 0) -> list[TagsOrSpans]:
    """The sentences of one side; ``before`` is how many there were earlier. Raises InputError."""
    if given is None:
        raise InputError(f"{side} are missing")
    return [sentence(one, f"sentence {number} of {side}") for number, one in enumerate(_items(given, side), before + 1)]


def sentence(given: Any, where: str) -> TagsOrSpans:
    """A sentence from a list of tags, a list of dicts, or a dict of lists (as datasets has it). Raises InputError."""
    if isinstance(given, Mapping):
        return TagsOrSpans(spans=_distinct(_columns(given, where), where))
    items = _items(given, where)
    tags = [item for item in items if isinstance(item, str)]
    if not tags:
        return TagsOrSpans(
            spans=_distinct([_span(item, f"{where}: item {n}") for n, item in enumerate(items, 1)], where)
        )
    for number, item in enumerate(items, 1):
        if not isinstance(item, str):
            raise InputError(f"{where}: item {number} is of type {type(item).__name__}, expected a tag like the others")
        _writable(item, f"{where}: item {number}")
    return TagsOrSpans(tags=tuple(map(str, tags)))


def spans_of(
    references: Sequence[TagsOrSpans], predictions: Sequence[TagsOrSpans], encoding: str | None, repair: str | None
) -> tuple[list[tuple[Triple, ...]], list[tuple[Triple, ...]]]:
    """The spans of both sides. Raises InputError for tags beside spans, unequal lengths and illegal tags.

    The encoding is detected from the tags of both sides unless named. Raises UsageError for unknown names.
    """
    tagged = {bool(one.tags) for side in (references, predictions) for one in side if one.tags or one.spans}
    if tagged == {False} or not tagged:
        return [one.spans for one in references], [one.spans for one in predictions]
    for number, (reference, prediction) in enumerate(zip(references, predictions, strict=True), 1):
        for side, one in zip(SIDES, (prediction, reference), strict=True):
            if one.spans:
                raise InputError(f"sentence {number} of {side} has spans, and others have tags; expected one of them")
        if len(reference.tags) != len(prediction.tags):
            raise InputError(
                f"sentence {number}: {counted(len(prediction.tags), 'tag')} in predictions, "
                f"{len(reference.tags)} in references; expected one for each token"
            )
    name = encoding or detect(tag for side in (references, predictions) for one in side for tag in one.tags)
    return _decoded(references, "references", name, repair), _decoded(predictions, "predictions", name, repair)


def _decoded(side: Sequence[TagsOrSpans], called: str, encoding: str, repair: str | None) -> list[tuple[Triple, ...]]:
    found = []
    for number, one in enumerate(side, 1):
        try:
            with asked_by(Arguments(("encoding", "repair"))):
                found.append(tuple(decode(one.tags, encoding, repair)[0]))
        except TagError as error:
            raise InputError(f"sentence {number} of {called}, token {error.index + 1}: {error}") from None
    return found


def _items(given: Any, where: str) -> list[Any]:
    """What a list, an array or a column holds."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise InputError(f"{where}: expected a list, got {type(given).__name__}")
    try:
        return list(given)
    # An array without a dimension says that it can be gone through, and can't.
    except TypeError:
        raise InputError(f"{where}: expected a list, got {type(given).__name__}") from None


def _distinct(spans: Sequence[Triple], where: str) -> tuple[Triple, ...]:
    seen: set[Triple] = set()
    for span in spans:
        if span in seen:
            raise InputError(f"{where}: the {span[2]} {span[0]}–{span[1]} occurs twice")
        seen.add(span)
    return tuple(spans)


def _columns(given: Mapping[Any, Any], where: str) -> list[Triple]:
    _check_keys(given, where)
    columns = [_items(given[key], f"{where}: {key!r}") for key in KEYS]
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        sizes = ", ".join(f"{length} of {key!r}" for key, length in zip(KEYS, lengths, strict=True))
        raise InputError(f"{where}: expected the same number of each key, got {sizes}")
    rows = (dict(zip(KEYS, row, strict=True)) for row in zip(*columns, strict=True))
    return [_span(row, f"{where}: item {number}") for number, row in enumerate(rows, 1)]


def _span(item: Any, where: str) -> Triple:
    if not isinstance(item, Mapping):
        raise InputError(f"{where}: expected a tag, or a span with start, end and type, got {type(item).__name__}")
    _check_keys(item, where)
    start, end = (_offset(item[key], f"{where}: {key!r}") for key in ("start", "end"))
    if not 0 <= start < end <= LIMIT:
        raise InputError(f"{where}: span {start}–{end} is empty, reversed or out of range")
    type_ = item["type"]
    if not isinstance(type_, str) or not type_:
        raise InputError(f"{where}: 'type' is {type_!r}, expected a label as text")
    _writable(type_, where)
    return start, end, str(type_)


def _check_keys(item: Mapping[Any, Any], where: str) -> None:
    for key in KEYS:
        if key not in item:
            there = ", ".join(repr(name) for name in list(item)[:_SHOWN]) or "none"
            raise InputError(f"{where} has no key {key!r}, expected start, end and type; its keys: {there}")


def _offset(value: Any, where: str) -> int:
    if not isinstance(value, bool):
        try:
            return index(value)
        except TypeError:
            pass
    raise InputError(f"{where} is {value!r}, expected a whole number")


def _writable(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(f"{where}: {text!r} has half of a surrogate pair, which is not a character") from None
