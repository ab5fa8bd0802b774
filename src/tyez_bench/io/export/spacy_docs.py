"""A gold set as spaCy documents.

``Doc.ents`` holds the required entities of the outermost layer; ``Doc.spans["optional"]`` the optional ones of that
layer, whose tokens have no annotation (spaCy calls it missing), so that neither training nor spaCy's scorer takes them
for right or wrong; ``Doc.spans["nested"]`` the nested ones. Each span carries what the gold says of it as extension
attributes: ``span._.value`` and so on (``EXTENSIONS``).
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.export.losses import Misaligned, check_apart, check_policy, misaligned, refuse
from tyez_bench.io.export.rows import UNITS, Unit, units, value_row, whole, words_of
from tyez_bench.io.export.words import Bounds, Moved, load_segmenter, snap
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import MissingExtraError, UsageError
from tyez_bench.model.hints import public

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

OPTIONAL, NESTED = "optional", "nested"
EXTENSIONS = ("entity_id", "status", "role", "value", "code", "rule", "alternatives")


@public
def to_spacy(
    gold: Gold | None = None,
    *,
    words: str = "char",
    nlp: "Language | None" = None,
    on_misaligned: str = "error",
    by: str = "document",
) -> "list[Doc]":
    """The gold as spaCy documents: required outermost entities in ``Doc.ents``, the others in ``Doc.spans``.

    Args:
        gold: the gold set; None: the built-in one.
        words: the segmenter whose words are the tokens: ``char``, ``jieba`` and the others of ``tyez-bench export``.
        nlp: a pipeline whose tokenizer cuts them instead.
        on_misaligned: what becomes of an entity with an edge inside a token: error, expand, contract or drop; what
            became of those is listed in ``doc.user_data["misaligned"]``.
        by: one ``Doc`` a document, or a sentence.

    Returns:
        The documents. ``doc.text`` is the text, ``doc.user_data["id"]`` the id of the document or sentence.

    Raises:
        InputError: an entity with an edge inside a token.
        UsageError: an unknown name.
        MissingExtraError: spaCy is not installed.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.to_spacy()[2].ents[:2]
        (万柏林区, 今年上半年)
    """
    gold = load() if gold is None else gold
    return docs_of(gold, words=words, nlp=nlp, on_misaligned=on_misaligned, by=by, places=gold.places)[0]


def docs_of(
    gold: Iterable[Document],
    *,
    words: str = "char",
    nlp: "Language | None" = None,
    on_misaligned: str = "error",
    by: str = "document",
    vocab: "Vocab | None" = None,
    places: Mapping[str, str] = MappingProxyType({}),
) -> "tuple[list[Doc], list[Misaligned]]":
    """As :func:`to_spacy`, with the entities that had an edge inside a token.

    ``vocab`` is that of the documents whose tokens are ``words`` (one of their own); ``places`` those of the gold set.
    """
    check_policy(on_misaligned)
    if by not in UNITS:
        raise UsageError(f"by {by!r}: expected one of: {', '.join(UNITS)}")
    register()
    make = _cutter(words, vocab) if nlp is None else lambda unit: nlp.make_doc(unit.text)
    cut = units_of(gold, by)
    docs, found = [], []
    for unit in cut:
        doc = make(unit)
        here = _annotate(doc, unit, on_misaligned, places)
        doc.user_data |= {"id": unit.sentence.id, "misaligned": [one.to_dict() for one in here]}
        docs.append(doc)
        found += here
    refuse(found, on_misaligned)
    return docs, found


def register() -> None:
    """Have spaCy know the extension attributes of spans. Raises MissingExtraError."""
    try:
        from spacy.tokens import Span
    except ImportError:
        raise MissingExtraError("spacy", "spacy") from None
    for name in EXTENSIONS:
        if not Span.has_extension(name):
            Span.set_extension(name, default=None)


def units_of(gold: Iterable[Document], by: str) -> list[Unit]:
    """What becomes a ``Doc`` each. Raises UsageError for outermost entities that overlap."""
    cut = [unit for document in gold for unit in (units(document) if by == "sentence" else [whole(document)])]
    check_apart("docbin", [(unit, [e for e in unit.entities if e.outermost]) for unit in cut], "outermost")
    return cut


def _cutter(words: str, vocab: "Vocab | None") -> "Callable[[Unit], Doc]":
    from spacy.tokens import Doc
    from spacy.util import get_words_and_spaces
    from spacy.vocab import Vocab

    segment = load_segmenter(words)
    kept = Vocab() if vocab is None else vocab

    def make(unit: Unit) -> Doc:
        text = unit.text
        tokens, spaces = get_words_and_spaces([text[start:end] for start, end in words_of(unit, segment)], text)
        return Doc(kept, words=tokens, spaces=spaces)

    return make


def _annotate(doc: "Doc", unit: Unit, policy: str, of_documents: Mapping[str, str]) -> list[Misaligned]:
    """Set sentences, entities and groups of spans; the entities that have an edge inside a token."""
    places = [(token.idx, token.idx + len(token)) for token in doc]
    make = partial(_span, doc, unit, Edges(places))
    _set_sentences(doc, unit)
    chosen = chosen_of(unit, places, policy)
    required, optional = ([make(*one) for one in group] for group in (chosen.required, chosen.optional))
    doc.set_ents(required, missing=optional, default="outside")
    doc.spans[OPTIONAL] = optional
    doc.spans[NESTED] = [make(*one) for one in chosen.nested]
    return misaligned(unit, of_documents, chosen.moved)


class Chosen(NamedTuple):
    """The entities of a unit with the places that they have among its tokens, and those that were moved."""

    required: list[tuple[Bounds, Entity]]
    optional: list[tuple[Bounds, Entity]]
    nested: list[tuple[Bounds, Entity]]
    moved: list[Moved[Entity]]


def chosen_of(unit: Unit, places: list[Bounds], policy: str) -> Chosen:
    """The entities of a unit whose tokens are at ``places``."""
    # Where two came to want the same tokens, a required entity has them.
    flat = [(unit.bounds(e), e) for required in (True, False) for e in unit.flat(required=required)]
    outer, moved = snap(flat, places, policy)
    inner, more = snap([(unit.bounds(e), e) for e in unit.entities if not e.outermost], places, policy, nested=True)
    # Attributes are kept by place: a nested entity is dropped where an outer one has its boundary now.
    taken = {bounds for bounds, _ in outer}
    lost = {entity.id: entity for bounds, entity in inner if bounds in taken}
    more = [one for one in more if one.item.id not in lost]
    more += [Moved(entity, unit.bounds(entity), None) for entity in lost.values()]
    return Chosen(
        [one for one in outer if one[1].required],
        [one for one in outer if not one[1].required],
        [one for one in inner if one[1].id not in lost],
        [*moved, *more],
    )


def sentence_marks(unit: Unit, starts: Iterable[int]) -> list[int] | None:
    """For each token, by where it begins, whether a sentence does; None where the document has no sentences."""
    of_sentences = {sentence.start - unit.sentence.start for sentence in unit.document.sentences}
    if not of_sentences:
        return None
    return [1 if number == 0 or start in of_sentences else -1 for number, start in enumerate(starts)]


def _set_sentences(doc: "Doc", unit: Unit) -> None:
    import numpy

    marks = sentence_marks(unit, [token.idx for token in doc])
    if marks is None:
        return
    # As an array: token by token, spaCy looks at the whole document each time.
    column: Any = numpy.array(marks, dtype="int64").astype("uint64").reshape(-1, 1)
    doc.from_array(["SENT_START"], column)


class Edges:
    """Which token begins, and which ends, at a character; ``Doc.char_span`` looks for them in the whole document."""

    def __init__(self, places: list[Bounds]):
        self.first = {start: index for index, (start, _) in enumerate(places)}
        self.behind = {end: index + 1 for index, (_, end) in enumerate(places)}


def _span(doc: "Doc", unit: Unit, tokens: Edges, bounds: Bounds, entity: Entity) -> "Span":
    from spacy.tokens import Span

    span = Span(doc, tokens.first[bounds[0]], tokens.behind[bounds[1]], label=str(entity.type))
    for name, fact in facts_of(entity, unit.sentence.start).items():
        span._.set(name, fact)
    return span


def facts_of(entity: Entity, base: int) -> dict[str, Any]:
    """What the gold says of an entity, by the names of ``EXTENSIONS``; offsets count from ``base``."""
    return {
        "entity_id": entity.id,
        "status": str(entity.status),
        "role": None if entity.role is None else str(entity.role),
        "value": value_row(entity.value),
        "code": entity.code,
        "rule": entity.rule,
        "alternatives": tuple((start - base, end - base) for start, end in entity.alternatives),
    }
