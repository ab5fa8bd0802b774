"""A metric for Hugging Face evaluate: ``evaluate.load(tyez_bench.metric_path())``.

Predictions and references are lists of tags a sentence (as seqeval takes them), or lists of spans
``{"start", "end", "type"}``, half-open. Unlike seqeval's default, illegal tags are refused unless a repair is named.
"""

from typing import Any

import datasets
import evaluate

import tyez_bench
from tyez_bench.formats.encodings import decode, detect

_DESCRIPTION = "Precision, recall and F1 of named entities: boundary and type (strict), and other schemes."
_CITATION = "tyez-bench; see CITATION.cff of the project"
_INPUTS = """
predictions, references: a list of tags for each sentence, or of spans with start, end (half-open) and type.
encoding: bio, bioes, bmes, bilou or iob1; detected from the tags unless named.
repair: conlleval or discard; illegal tags are an error unless one is named.
"""

Span = tuple[int, int, str]


class TyezNer(evaluate.Metric):  # type: ignore[misc]  # the package has no types
    """Strict figures of all types and of each, and micro F1 under the other schemes."""

    def _info(self) -> Any:
        tags = datasets.Sequence(datasets.Value("string"))
        span = {"start": datasets.Value("int64"), "end": datasets.Value("int64"), "type": datasets.Value("string")}
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=[
                datasets.Features({"predictions": tags, "references": tags}),
                datasets.Features({"predictions": [span], "references": [span]}),
            ],
        )

    def _compute(
        self, predictions: list[Any], references: list[Any], encoding: str | None = None, repair: str | None = None
    ) -> dict[str, Any]:
        encoding = encoding or detect(tag for side in (predictions, references) for tag in _tags(side))
        gold, predicted = (
            [_spans(sentence, encoding, repair) for sentence in side] for side in (references, predictions)
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


def _tags(side: list[Any]) -> list[str]:
    return [item for sentence in side for item in sentence if isinstance(item, str)]


def _spans(sentence: Any, encoding: str, repair: str | None) -> list[Span]:
    if all(isinstance(item, str) for item in sentence):
        chunks, _ = decode(list(sentence), encoding, repair)
        return [(start, end, label) for start, end, label in chunks]
    return [(span["start"], span["end"], span["type"]) for span in sentence]
