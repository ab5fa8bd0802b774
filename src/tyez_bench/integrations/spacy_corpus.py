"""The gold as a corpus for spaCy, registered as ``tyez_bench.Corpus.v1``.

In a training config:

[corpora.dev]
@readers = "tyez_bench.Corpus.v1"
gold = null
documents = ["wanbolin", "yingze"]
exclude = null
by = "sentence"

The reference has one token a character, so that it holds every entity exactly; the pipeline has the tokens of its own
tokenizer. Tokens of optional entities have no annotation, and are neither learned nor scored.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tyez_bench.corpus.gold import Gold, load
from tyez_bench.errors import UsageError
from tyez_bench.hints import Arguments, asked_by
from tyez_bench.views.spacy_docs import docs_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example


def make_corpus(
    gold: Path | None = None,
    documents: list[str] | None = None,
    exclude: list[str] | None = None,
    by: str = "sentence",
) -> "Callable[[Language], Iterator[Example]]":
    """Make the reader of a gold set: a file, or the built-in one.

    ``documents`` names those to read (all), ``exclude`` those to leave out, so that a config can train on some and
    evaluate on others. Raises UsageError for a document that there is not, InputError for a file.
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
