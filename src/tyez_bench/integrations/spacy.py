"""The scorer and the gold for spaCy, as ``tyez_bench.ner_scorer.v1`` and ``tyez_bench.Corpus.v1``.

In a training config:

[corpora.dev]
@readers = "tyez_bench.Corpus.v1"
gold = null
documents = ["wanbolin", "yingze"]
exclude = null
by = "sentence"

The reference has one token a character, so that it holds every entity exactly; the pipeline has the tokens of its own
tokenizer. Tokens of optional entities have no annotation, and are neither learned nor scored.

In a training config:

[components.ner.scorer]
@scorers = "tyez_bench.ner_scorer.v1"

Names are compared by their characters. spaCy's own scorer of named entities (``get_ner_prf``, 3.8) compares them by the
tokens of the reference: it widens a prediction that cuts a token to whole tokens, so that 北京 is right where 北京市 is
one token and the name. Like that one, this scorer leaves out predictions on tokens without annotation
(``set_ents(…, default="missing")``), which are neither right nor wrong, and it says how many. Optional spans are an
annotation of their tokens.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.align.texts import first_difference
from tyez_bench.io.export.spacy_docs import docs_of
from tyez_bench.model.errors import InputError, UsageError, counted
from tyez_bench.model.hints import Arguments, asked_by
from tyez_bench.scoring.score import score_spans

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.training import Example


def make_corpus(
    gold: Path | None = None, documents: list[str] | None = None, exclude: list[str] | None = None, by: str = "sentence"
) -> "Callable[[Language], Iterator[Example]]":
    """Make the reader of a gold set: a file, or the built-in one.

    ``documents`` names those to read (all), ``exclude`` those to leave out, so that a config can train on some and
    evaluate on others. Raises UsageError for an unknown document, InputError for a file.
    """

    def read(nlp: "Language") -> "Iterator[Example]":
        from spacy.training import Example

        # None of the reader's arguments says how a file is read.
        with asked_by(Arguments(())):
            found = load(gold)
        for name in (*(documents or ()), *(exclude or ())):
            if name not in found:
                raise UsageError(f"the gold {found.name} has no document {name!r}")
        # In the pipeline's vocabulary, so that labels of the reference are known to what is made from it.
        for reference in docs_of(_chosen(found, documents, exclude), by=by, vocab=nlp.vocab)[0]:
            if len(reference):
                yield Example(nlp.make_doc(reference.text), reference)

    return read


def _chosen(gold: Gold, documents: list[str] | None, exclude: list[str] | None) -> Gold:
    chosen = [d for d in gold if (documents is None or d.id in documents) and d.id not in (exclude or ())]
    return replace(gold, documents=tuple(chosen))


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
    report = score_spans([_spans(example.reference) for example in annotated], counted, optional=optional)
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
            f"{counted(len(reference), 'character')}): {first_difference(predicted, reference)}"
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
