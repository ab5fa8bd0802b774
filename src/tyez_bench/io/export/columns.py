"""The columns of the published tables, and their form in Hugging Face's ``Features``."""

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from tyez_bench.gold.build.adjudication import Decision
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.documents import Document, DocumentDate, Entity, Section, Sentence
from tyez_bench.model.values import Money, Timex

if TYPE_CHECKING:
    from datasets import Features


class ListOf(NamedTuple):
    """A list of values of one type."""

    item: "Type"


class Labels(NamedTuple):
    """A whole number that stands for one of these names."""

    names: tuple[str, ...]


class Column(NamedTuple):
    """A column's type and what it holds."""

    type: "Type"
    meaning: str


Columns = dict[str, Column]
Type = str | ListOf | Labels | Columns
"""A type of Arrow by its name, or one of these."""

OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{prefix}-{label}" for label in shipped(BUILT_IN).names for prefix in "BI"))


def features(columns: Columns) -> "Features":
    """The columns as ``datasets.Features``. Needs the extra hf."""
    from datasets import Features

    return Features({name: _feature(column.type) for name, column in columns.items()})


def _feature(type_: Type) -> Any:
    import datasets

    if isinstance(type_, ListOf):
        return datasets.List(_feature(type_.item))
    if isinstance(type_, Labels):
        return datasets.ClassLabel(names=list(type_.names))
    if isinstance(type_, dict):
        return {name: _feature(column.type) for name, column in type_.items()}
    return datasets.Value(type_)


def type_name(type_: Type) -> str:
    """A type in words, for tables in documents."""
    if isinstance(type_, ListOf):
        return f"list of {type_name(type_.item)}"
    if isinstance(type_, Labels):
        return "class label"
    if isinstance(type_, dict):
        return f"{{{', '.join(type_)}}}"
    return type_


def _meanings(type_: Any) -> dict[str, str]:
    """What each field of a record of the model holds, as the model says it."""
    schema = msgspec.json.schema(type_)
    definition = schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return {name: facts.get("description", "") for name, facts in definition["properties"].items()}


_NAMES = shipped(BUILT_IN).names
LABELS_IN_WORDS = f"{', '.join(_NAMES[:-1])} or {_NAMES[-1]}"
_ENTITY, _DOCUMENT, _DECISION = (_meanings(type_) for type_ in (Entity, Document, Decision))
# The tables are those of the built-in gold set, and its labels are these.
_ENTITY["type"] = LABELS_IN_WORDS
_MONEY, _TIMEX, _DATE = (_meanings(type_) for type_ in (Money, Timex, DocumentDate))
_SECTION, _SENTENCE = (_meanings(type_) for type_ in (Section, Sentence))


# An offset that needs no words of its own: its table says what it is.
BOUNDARY: Columns = {
    "start": Column("int32", ""),
    "end": Column("int32", ""),
}

VALUE: Columns = {
    "kind": Column("string", "money or timex3; the columns of the other kind are null"),
    "amount": Column("string", f"money: {_MONEY['amount']}"),
    "currency": Column("string", f"money: {_MONEY['currency']}"),
    "type": Column("string", f"timex3: {_TIMEX['type']}"),
    "value": Column("string", f"timex3: {_TIMEX['value']}"),
    "modifier": Column("string", "TIMEX3 modifier, as APPROX or END"),
    "lower": Column("string", _MONEY["lower"]),
    "upper": Column("string", _MONEY["upper"]),
}

_JUDGED: Columns = {
    "type": Column("string", _ENTITY["type"]),
    "status": Column("string", _ENTITY["status"]),
    "alternatives": Column(ListOf(BOUNDARY), _ENTITY["alternatives"]),
    "role": Column("string", _ENTITY["role"]),
    "value": Column(VALUE, _ENTITY["value"]),
    "code": Column("string", _ENTITY["code"]),
    "rule": Column("string", _ENTITY["rule"]),
}

ENTITY: Columns = {
    "id": Column("string", _ENTITY["id"]),
    "start": Column("int32", "offset of the first character, in code points of the row's text"),
    "end": Column("int32", "offset behind the last character"),
    "text": Column("string", "the surface: the row's text from start to end"),
    "type": _JUDGED["type"],
    "parent": Column("string", _ENTITY["parent"]),
    "depth": Column("int32", "how many entities lie around it; 0 on the outermost layer"),
    **{name: column for name, column in _JUDGED.items() if name != "type"},
    "page_start": Column("int32", "offset of the first character on the page as received"),
    "page_end": Column(
        "int32", "offset on the page behind the last character; a column break or a caption may lie between"
    ),
}

IN_DOCUMENT: Columns = {
    "document_start": Column("int32", "offset of the first character in the document"),
    "document_end": Column("int32", "offset in the document behind the last character"),
}

_SPAN: Columns = {
    "start": Column("int32", _SECTION["start"]),
    "end": Column("int32", _SECTION["end"]),
}

DOCUMENTS: Columns = {
    "id": Column("string", "the document's id"),
    "title": Column("string", _DOCUMENT["title"]),
    "text": Column("string", _DOCUMENT["text"]),
    "district": Column(
        {"name": Column("string", "as on the page"), "code": Column("string", "GB/T 2260")}, _DOCUMENT["district"]
    ),
    "byline": Column("string", _DOCUMENT["byline"]),
    "date": Column({name: Column("string", meaning) for name, meaning in _DATE.items()}, _DOCUMENT["date"]),
    "code_edition": Column("string", _DOCUMENT["code_edition"]),
    "sections": Column(ListOf({"role": Column("string", _SECTION["role"]), **_SPAN}), _DOCUMENT["sections"]),
    "sentences": Column(ListOf({"id": Column("string", _SENTENCE["id"]), **_SPAN}), _DOCUMENT["sentences"]),
    "provenance": Column(
        ListOf({name: Column("int32", "") for name in ("start", "page", "length")}),
        "runs of characters that stand on the page as they stand in the text: offset in the text, offset on the "
        "page, how many",
    ),
    "entities": Column(ListOf(ENTITY), "by (start, −end, type): an outer entity before those in it"),
}

_SENTENCE_HEAD: Columns = {
    "id": Column("string", _SENTENCE["id"]),
    "document": Column("string", "the document's id"),
    "start": Column("int32", "offset of the sentence in the document"),
    "end": Column("int32", "offset in the document behind the sentence"),
}

SENTENCES: Columns = {
    **_SENTENCE_HEAD,
    "section": Column("string", _SECTION["role"]),
    "text": Column("string", "the sentence; offsets of its entities count its code points"),
    "entities": Column(ListOf({**ENTITY, **IN_DOCUMENT}), "the entities of the sentence, of all layers"),
}

_TAGS = Column(ListOf(Labels(TAGS)), "BIO tags of the required entities of the outermost layer")

TOKENS: Columns = {
    **_SENTENCE_HEAD,
    "tokens": Column(ListOf("string"), "the characters of the sentence, one code point each"),
    "ner_tags": _TAGS,
    "optional": Column(
        ListOf("bool"), "whether the token lies in an optional entity of the outermost layer: mask it in loss and score"
    ),
}

MISALIGNED: Columns = {
    "id": Column("string", _ENTITY["id"]),
    "start": Column("int32", "offset in the sentence"),
    "end": Column("int32", "offset in the sentence behind it"),
    "text": Column("string", "the surface"),
    "type": Column("string", _ENTITY["type"]),
}

WORDS: Columns = {
    "segmenter": Column("string", "what cut the sentence into words: take the rows of one"),
    **_SENTENCE_HEAD,
    "tokens": Column(ListOf("string"), "the words; white space is left out"),
    "offsets": Column(ListOf(BOUNDARY), "where each word stands in the sentence"),
    "ner_tags": Column(_TAGS.type, f"{_TAGS.meaning} whose edges are edges of words; the others are in misaligned"),
    "optional": Column(ListOf("bool"), "whether the word shares a character with an optional entity"),
    "misaligned": Column(
        ListOf(MISALIGNED), "the required outermost entities that no tag can hold, because an edge cuts a word"
    ),
}

STRESS: Columns = {
    "id": Column("string", "the text's id: the case, with .before or .after where a case has two"),
    "case": Column("string", "the case that the text is of; null for a sentence of the page, which is in several"),
    "capability": Column(
        "string", "what is tested: a file of templates, or a transformation; page for a sentence of the page"
    ),
    "template": Column("string", "the template in that file, or the sentence of the page"),
    "kind": Column("string", "mft, directional or invariance"),
    "change": Column("string", "what changes from the text in before to this one"),
    "before": Column("string", "id of the text that this one is the change of"),
    "text": Column("string", "the text; offsets of its entities count its code points"),
    "reference": Column("string", "what its relative dates are resolved against, TIMEX3"),
    "entities": Column(
        ListOf(
            {
                **{name: column for name, column in ENTITY.items() if not name.startswith("page_")},
                "on_page": Column("bool", "whether the gold of the page has an entity of this text and type"),
            }
        ),
        "the labels, of all layers",
    ),
    "fills": Column(
        ListOf({"slot": Column("string", "the slot"), "value": Column("string", "what fills it, without marks")}),
        "what was put into the template",
    ),
    "source_sentence": Column("string", "the sentence of the page that it is made from, or is"),
    "offset_map": Column(
        ListOf(
            {
                "source_start": Column("int32", "where the part begins in the text in before"),
                "source_end": Column("int32", "where it ends there; at its start where something was put in"),
                "start": Column("int32", "where what took its place begins"),
                "end": Column("int32", "where that ends"),
            }
        ),
        "the parts of a sentence that a transformation changed; all else is as it was",
    ),
}

PASSES: Columns = {
    "annotator": Column("string", "the pass, A or B; what did the reading is in the datasheet"),
    "document": Column("string", "the document's id"),
    "text": Column("string", "the document's text"),
    "entities": Column(ListOf(ENTITY), "what the pass marked, before adjudication"),
}

ADJUDICATION: Columns = {
    "id": Column("string", _DECISION["id"]),
    "document": Column("string", "the document's id"),
    "start": Column("int32", _DECISION["start"]),
    "end": Column("int32", _DECISION["end"]),
    "text": Column("string", _DECISION["text"]),
    "origin": Column("string", _DECISION["origin"]),
    "a": Column(_JUDGED, _DECISION["a"]),
    "b": Column(_JUDGED, _DECISION["b"]),
    "decision": Column(_JUDGED, _DECISION["decision"]),
    "rule": Column("string", _DECISION["rule"]),
    "reason": Column("string", _DECISION["reason"]),
}

ENTITIES: Columns = {
    "document": Column("string", "the document's id"),
    "sentence": Column("string", _SENTENCE["id"]),
    **ENTITY,
    "start": Column("int32", _ENTITY["start"]),
    "end": Column("int32", _ENTITY["end"]),
    "text": Column("string", _ENTITY["text"]),
}
