"""Training on a gold set: every document of it is predicted by a model that was trained on the others.

What is made from a document is predicted by the model of that document, and what has nothing to do with the set by one
that was trained on all of it.

The folds are scikit-learn's LeaveOneGroupOut with the documents as groups. What is learned are passages with the
required entities of the outermost layer; the optional ones have no annotation, so that a model is not told whether
they are entities. No passage that is predicted was learned: beside the document itself, a fold leaves out every
document that contains its text or lies in it, and every passage whose text is one of those left out, white space at
the edges aside.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from msgspec import Struct

from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document
from tyez_bench.model.errors import UsageError
from tyez_bench.systems.system import Passage, Predict, RunOptions, Tagger, passages, tagging

# How a split and what is learned are named in the settings.
SPLIT = "LeaveOneGroupOut by document"
LEARNED = "required entities of the outermost layer; optional ones without annotation"


class Lesson(Struct, frozen=True):
    """A text to learn from: its entities as (start, end, type), and the places where nothing is said."""

    text: str
    entities: tuple[tuple[int, int, str], ...]
    unknown: tuple[tuple[int, int], ...] = ()


class Fold(Struct, frozen=True):
    """What predicts one document: the lessons, and the ids of the documents and passages that are not among them.

    ``documents`` are those that the lessons are from; ``alike`` those left out for their text, and the passages.
    """

    left_out: str
    documents: tuple[str, ...]
    alike: tuple[str, ...]
    lessons: tuple[Lesson, ...]

    @property
    def types(self) -> list[str]:
        """The types that the lessons have, in order."""
        return sorted({type_ for lesson in self.lessons for _, _, type_ in lesson.entities})

    @property
    def facts(self) -> dict[str, Any]:
        """What is recorded of it."""
        facts: dict[str, Any] = {"left_out": self.left_out, "trained_on": list(self.documents)}
        if self.alike:
            facts["left_out_for_their_text"] = list(self.alike)
        entities = sum(len(lesson.entities) for lesson in self.lessons)
        return {**facts, "passages": len(self.lessons), "entities": entities}


# The name of the fold that leaves nothing out.
NOTHING = "-"
# So many trained models are kept.
_KEPT = 16

# A fold to what tags the texts of its document.
Trainer = Callable[[Fold], Tagger]


def folds_of(gold: Gold, options: RunOptions, by: str) -> tuple[Fold, ...]:
    """What the documents of ``gold`` are predicted with: one fold each, or those of another set and one of all of it.

    Raises UsageError as :func:`leave_one_out`.
    """
    if options.lessons is None:
        return leave_one_out(gold, by)
    given = passages(options.lessons, by)
    whole = Fold(
        left_out=NOTHING,
        documents=tuple(document.id for document in options.lessons),
        alike=(),
        lessons=tuple(_lesson(p, options.lessons[p.document]) for p in given if p.text.strip()),
    )
    return (*leave_one_out(options.lessons, by), whole)


def leave_one_out(gold: Gold, by: str) -> tuple[Fold, ...]:
    """One fold for each document of ``gold``, in order, of documents or sentences (``by``).

    Raises UsageError for a gold set of fewer than two documents, and where a fold has no entity to learn from.
    """
    if len(gold) < 2:
        raise UsageError(f"{gold.name}: training needs two documents or more, one to predict and others to learn from")
    from sklearn.model_selection import LeaveOneGroupOut

    ids = [document.id for document in gold]
    given = passages(gold, by)
    found = []
    for train, (left_out,) in LeaveOneGroupOut().split(ids, groups=ids):
        found.append(_fold(gold[ids[left_out]], [gold[ids[number]] for number in train], given))
    # The groups come in the order of their names.
    found.sort(key=lambda fold: ids.index(fold.left_out))
    for fold in found:
        if not fold.types:
            raise UsageError(f"{gold.name}: nothing to learn from when {fold.left_out!r} is left out: no entities")
    return tuple(found)


def _fold(left_out: Document, others: Sequence[Document], given: Sequence[Passage]) -> Fold:
    kept = {document.id: document for document in others if not _alike(document.text, left_out.text)}
    texts = {passage.text.strip() for passage in given if passage.document == left_out.id}
    chosen = [passage for passage in given if passage.document in kept and passage.text.strip()]
    alike = [document.id for document in others if document.id not in kept]
    alike += [passage.id for passage in chosen if passage.text.strip() in texts]
    return Fold(
        left_out=left_out.id,
        documents=tuple(kept),
        alike=tuple(alike),
        lessons=tuple(_lesson(p, kept[p.document]) for p in chosen if p.text.strip() not in texts),
    )


def _alike(one: str, other: str) -> bool:
    one, other = one.strip(), other.strip()
    return bool(one and other) and (one in other or other in one)


def _lesson(passage: Passage, document: Document) -> Lesson:
    base = next((s.start for s in document.sentences if s.id == passage.id), 0)
    inside = [e for e in document.outermost() if base <= e.start < base + len(passage.text)]
    return Lesson(
        text=passage.text,
        entities=tuple((e.start - base, e.end - base, str(e.type)) for e in inside if e.required),
        unknown=tuple((e.start - base, e.end - base) for e in inside if not e.required),
    )


def training_facts(gold: Gold, options: RunOptions, folds: Iterable[Fold]) -> dict[str, Any]:
    """What is recorded of the training data: the gold set with its hash, the split, what is learned, the folds."""
    learned = gold if options.lessons is None else options.lessons
    return {
        "trained_on": {"gold": learned.name, "sha256": learned.fingerprint},
        "learned": LEARNED,
        "split": SPLIT,
        "folds": [fold.facts for fold in folds],
    }


def predicting(folds: Iterable[Fold], train: Trainer, origins: Mapping[str, str] | None = None) -> Predict:
    """The function that the runner calls: a model is trained when the first passage that it predicts comes.

    ``origins`` has, by id, the document of the folds that a document is made from. Raises UsageError for a passage of
    a document that no fold leaves out (where there is none of all), and for one whose text was learned.
    """
    by_document = {fold.left_out: fold for fold in folds}
    made_from = origins or {}

    def fold_of(document: str) -> Fold:
        fold = by_document.get(made_from.get(document, document)) or by_document.get(NOTHING)
        if fold is None:
            raise UsageError(f"{document!r} is not a document of the gold that was trained on")
        return fold

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        @lru_cache(_KEPT)
        def trained(left_out: str) -> Tagger:
            return train(by_document[left_out])

        for left_out, group in groupby(given, key=lambda passage: fold_of(passage.document).left_out):
            learned = {lesson.text.strip() for lesson in by_document[left_out].lessons}
            wanted = list(group)
            for passage in wanted:
                if passage.text.strip() in learned:
                    raise UsageError(f"{passage.id!r}: the text was used in training, so it can't be predicted")
            yield from tagging(trained(left_out))(wanted)

    return predict
