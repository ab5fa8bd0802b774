"""A metric for Hugging Face evaluate: ``evaluate.load(tyez_bench.metric_path())``.

Predictions and references are lists of tags a sentence (as seqeval takes them), or lists of spans
``{"start", "end", "type"}``, half-open. Unlike seqeval's default, illegal tags are refused unless a repair is named;
so are sentences with more tags on one side than on the other.
"""

from typing import Any

import datasets
import evaluate

import tyez_bench
from tyez_bench.integrations.sentences import SIDES, Sentence, sentences, spans_of
from tyez_bench.io.encodings import ENCODINGS, REPAIRS
from tyez_bench.model.errors import InputError

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
        interval = report.intervals()["micro"]["f1"]
        result["f1_interval"] = None if interval is None else [interval.low, interval.high]
        if interval is None:
            result["f1_interval_reason"] = report.without_interval()["micro"]["f1"]
        for type_ in report.types:
            result[type_] = {**report.figures(type_), "number": report.counts(type_).gold}
        for scheme in report.schemes:
            if scheme not in ("strict", "tolerant"):
                result[f"{scheme}_f1"] = report.figures(scheme=scheme)["f1"]
        return result


def _kept(one: Sentence) -> dict[str, Any]:
    return {
        "tags": list(one.tags),
        "spans": [{"start": start, "end": end, "type": type_} for start, end, type_ in one.spans],
    }


def _sentence(kept: Any) -> Sentence:
    spans = tuple((span["start"], span["end"], span["type"]) for span in kept["spans"])
    return Sentence(tuple(kept["tags"]), spans)
