"""A scorer for spaCy, registered as ``tyez_bench.ner_scorer.v1``.

In a training config:

[components.ner.scorer]
@scorers = "tyez_bench.ner_scorer.v1"

Names are compared by their characters. spaCy's own scorer of named entities (``get_ner_prf``, 3.8) compares them by the
tokens of the reference: it widens a prediction that cuts a token to whole tokens, so that 北京 is right where 北京市 is
one token and the name. Like that one, this scorer leaves out predictions on tokens without annotation
(``set_ents(…, default="missing")``), which are neither right nor wrong, and it says how many. Optional spans are an
annotation of their tokens.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from tyez_bench.errors import InputError
from tyez_bench.formats.align import first_difference
from tyez_bench.scoring.score import score_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from spacy.training import Example

Scores = dict[str, Any]
Triple = tuple[int, int, str]


def make_ner_scorer(optional_key: str | None = None) -> "Callable[..., Scores]":
    """Make the scorer; ``optional_key`` names a group of the reference's ``Doc.spans``, neither right nor wrong."""

    def scorer(examples: "Iterable[Example]", **_: Any) -> Scores:
        return score_examples(examples, optional_key=optional_key)

    return scorer


def score_examples(examples: "Iterable[Example]", *, optional_key: str | None = None) -> Scores:
    """Precision, recall and F1 of ``Doc.ents``: spaCy's names for the strict scheme, ours for the others.

    Examples whose reference has no annotation of entities are left out, as spaCy does, and so are predictions that
    touch a token without annotation: ``ents_unannotated`` is their number. Figures are None where nothing is to be
    scored. Raises InputError for an example whose two documents have different texts: their characters can't be
    compared.
    """
    annotated = [
        _checked(example, number)
        for number, example in enumerate(examples, 1)
        if example.reference.has_annotation("ENT_IOB")
    ]
    predicted = [_spans(example.predicted) for example in annotated]
    optional = [_optional(example.reference, optional_key) for example in annotated]
    counted = [
        [span for span in spans if _is_annotated(example.reference, span, maybe)]
        for example, spans, maybe in zip(annotated, predicted, optional, strict=True)
    ]
    report = score_spans(
        [_spans(example.reference) for example in annotated],
        counted,
        optional=optional,
    )
    strict = report.figures()
    scores: Scores = {
        "ents_p": strict["precision"],
        "ents_r": strict["recall"],
        "ents_f": strict["f1"],
        "ents_unannotated": sum(map(len, predicted)) - sum(map(len, counted)),
        "ents_per_type": {type_: _named(report.figures(type_)) for type_ in report.types},
    }
    for scheme in report.schemes:
        if scheme not in ("strict", "tolerant"):
            scores |= {f"ents_{scheme}_{name}": value for name, value in _named(report.figures(scheme=scheme)).items()}
    return scores


def _checked(example: "Example", number: int) -> "Example":
    predicted, reference = example.predicted.text, example.reference.text
    if predicted != reference:
        raise InputError(
            f"example {number}: the text of the prediction is not that of the reference ({len(predicted)} and "
            f"{len(reference)} characters): {first_difference(predicted, reference)}"
        )
    return example


def _named(figures: dict[str, float | None]) -> dict[str, float | None]:
    return {"p": figures["precision"], "r": figures["recall"], "f": figures["f1"]}


def _spans(doc: "Doc") -> list[Triple]:
    return [(span.start_char, span.end_char, span.label_) for span in doc.ents]


def _is_annotated(doc: "Doc", span: Triple, optional: list[Triple]) -> bool:
    """Whether all tokens that a span touches say what they are, or are part of an optional span."""
    tokens = doc.char_span(span[0], span[1], alignment_mode="expand")
    return tokens is None or all(
        # 0 stands for a missing tag.
        token.ent_iob != 0 or any(start <= token.idx < end for start, end, _ in optional)
        for token in tokens
    )


def _optional(doc: "Doc", key: str | None) -> list[Triple]:
    if key is None or key not in doc.spans:
        return []
    return [(span.start_char, span.end_char, span.label_) for span in doc.spans[key]]
