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


class ClassLabel(NamedTuple):
    """A whole number that stands for one of these names."""

    names: tuple[str, ...]


class Field(NamedTuple):
    """The type of a column, or of a member of its records, and what it holds."""

    type: "Type"
    meaning: str


Columns = dict[str, Field]
Type = str | ListOf | ClassLabel | Columns
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
    if isinstance(type_, ClassLabel):
        return datasets.ClassLabel(names=list(type_.names))
    if isinstance(type_, dict):
        return {name: _feature(column.type) for name, column in type_.items()}
    return datasets.Value(type_)


def type_name(type_: Type) -> str:
    """A type in words, for tables in documents."""
    if isinstance(type_, ListOf):
        return f"list of {type_name(type_.item)}"
    if isinstance(type_, ClassLabel):
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
    "start": Field("int32", ""),
    "end": Field("int32", ""),
}

VALUE: Columns = {
    "kind": Field("string", "money or timex3; the columns of the other kind are null"),
    "amount": Field("string", f"money: {_MONEY['amount']}"),
    "currency": Field("string", f"money: {_MONEY['currency']}"),
    "type": Field("string", f"timex3: {_TIMEX['type']}"),
    "value": Field("string", f"timex3: {_TIMEX['value']}"),
    "modifier": Field("string", "TIMEX3 modifier, as APPROX or END"),
    "lower": Field("string", _MONEY["lower"]),
    "upper": Field("string", _MONEY["upper"]),
}

_JUDGED: Columns = {
    "type": Field("string", _ENTITY["type"]),
    "status": Field("string", _ENTITY["status"]),
    "alternatives": Field(ListOf(BOUNDARY), _ENTITY["alternatives"]),
    "role": Field("string", _ENTITY["role"]),
    "value": Field(VALUE, _ENTITY["value"]),
    "code": Field("string", _ENTITY["code"]),
    "rule": Field("string", _ENTITY["rule"]),
}

ENTITY: Columns = {
    "id": Field("string", _ENTITY["id"]),
    "start": Field("int32", "offset of the first character, in code points of the row's text"),
    "end": Field("int32", "offset behind the last character"),
    "text": Field("string", "the surface: the row's text from start to end"),
    "type": _JUDGED["type"],
    "parent": Field("string", _ENTITY["parent"]),
    "depth": Field("int32", "how many entities lie around it; 0 on the outermost layer"),
    **{name: column for name, column in _JUDGED.items() if name != "type"},
    "page_start": Field("int32", "offset of the first character on the page as received"),
    "page_end": Field(
        "int32", "offset on the page behind the last character; a column break or a caption may lie between"
    ),
}

IN_DOCUMENT: Columns = {
    "document_start": Field("int32", "offset of the first character in the document"),
    "document_end": Field("int32", "offset in the document behind the last character"),
}

_SPAN: Columns = {
    "start": Field("int32", _SECTION["start"]),
    "end": Field("int32", _SECTION["end"]),
}

DOCUMENTS: Columns = {
    "id": Field("string", "the document's id"),
    "title": Field("string", _DOCUMENT["title"]),
    "text": Field("string", _DOCUMENT["text"]),
    "district": Field(
        {"name": Field("string", "as on the page"), "code": Field("string", "GB/T 2260")},
        _DOCUMENT["district"],
    ),
    "byline": Field("string", _DOCUMENT["byline"]),
    "date": Field({name: Field("string", meaning) for name, meaning in _DATE.items()}, _DOCUMENT["date"]),
    "code_edition": Field("string", _DOCUMENT["code_edition"]),
    "sections": Field(ListOf({"role": Field("string", _SECTION["role"]), **_SPAN}), _DOCUMENT["sections"]),
    "sentences": Field(ListOf({"id": Field("string", _SENTENCE["id"]), **_SPAN}), _DOCUMENT["sentences"]),
    "provenance": Field(
        ListOf({name: Field("int32", "") for name in ("start", "page", "length")}),
        "runs of characters that stand on the page as they stand in the text: offset in the text, offset on the "
        "page, how many",
    ),
    "entities": Field(ListOf(ENTITY), "by (start, −end, type): an outer entity before those in it"),
}

_SENTENCE_HEAD: Columns = {
    "id": Field("string", _SENTENCE["id"]),
    "document": Field("string", "the document's id"),
    "start": Field("int32", "offset of the sentence in the document"),
    "end": Field("int32", "offset in the document behind the sentence"),
}

SENTENCES: Columns = {
    **_SENTENCE_HEAD,
    "section": Field("string", _SECTION["role"]),
    "text": Field("string", "the sentence; offsets of its entities count its code points"),
    "entities": Field(ListOf({**ENTITY, **IN_DOCUMENT}), "the entities of the sentence, of all layers"),
}

_TAGS = Field(ListOf(ClassLabel(TAGS)), "BIO tags of the required entities of the outermost layer")

TOKENS: Columns = {
    **_SENTENCE_HEAD,
    "tokens": Field(ListOf("string"), "the characters of the sentence, one code point each"),
    "ner_tags": _TAGS,
    "optional": Field(
        ListOf("bool"), "whether the token lies in an optional entity of the outermost layer: mask it in loss and score"
    ),
}

MISALIGNED: Columns = {
    "id": Field("string", _ENTITY["id"]),
    "start": Field("int32", "offset in the sentence"),
    "end": Field("int32", "offset in the sentence behind it"),
    "text": Field("string", "the surface"),
    "type": Field("string", _ENTITY["type"]),
}

WORDS: Columns = {
    "segmenter": Field("string", "what cut the sentence into words: take the rows of one"),
    **_SENTENCE_HEAD,
    "tokens": Field(ListOf("string"), "the words; white space is left out"),
    "offsets": Field(ListOf(BOUNDARY), "where each word stands in the sentence"),
    "ner_tags": Field(_TAGS.type, f"{_TAGS.meaning} whose edges are edges of words; the others are in misaligned"),
    "optional": Field(ListOf("bool"), "whether the word shares a character with an optional entity"),
    "misaligned": Field(
        ListOf(MISALIGNED), "the required outermost entities that no tag can hold, because an edge cuts a word"
    ),
}

STRESS: Columns = {
    "id": Field("string", "the text's id: the case, with .before or .after where a case has two"),
    "case": Field("string", "the case that the text is of; null for a sentence of the page, which is in several"),
    "capability": Field(
        "string", "what is tested: a file of templates, or a transformation; page for a sentence of the page"
    ),
    "template": Field("string", "the template in that file, or the sentence of the page"),
    "kind": Field("string", "mft, directional or invariance"),
    "change": Field("string", "what changes from the text in before to this one"),
    "before": Field("string", "id of the text that this one is the change of"),
    "text": Field("string", "the text; offsets of its entities count its code points"),
    "reference": Field("string", "what its relative dates are resolved against, TIMEX3"),
    "entities": Field(
        ListOf(
            {
                **{name: column for name, column in ENTITY.items() if not name.startswith("page_")},
                "on_page": Field("bool", "whether the gold of the page has an entity of this text and type"),
            }
        ),
        "the labels, of all layers",
    ),
    "fills": Field(
        ListOf({"slot": Field("string", "the slot"), "value": Field("string", "what fills it, without marks")}),
        "what was put into the template",
    ),
    "source_sentence": Field("string", "the sentence of the page that it is made from, or is"),
    "offset_map": Field(
        ListOf(
            {
                "source_start": Field("int32", "where the part begins in the text in before"),
                "source_end": Field("int32", "where it ends there; at its start where something was put in"),
                "start": Field("int32", "where what took its place begins"),
                "end": Field("int32", "where that ends"),
            }
        ),
        "the parts of a sentence that a transformation changed; all else is as it was",
    ),
}

PASSES: Columns = {
    "annotator": Field("string", "the pass, A or B; what did the reading is in the datasheet"),
    "document": Field("string", "the document's id"),
    "text": Field("string", "the document's text"),
    "entities": Field(ListOf(ENTITY), "what the pass marked, before adjudication"),
}

ADJUDICATION: Columns = {
    "id": Field("string", _DECISION["id"]),
    "document": Field("string", "the document's id"),
    "start": Field("int32", _DECISION["start"]),
    "end": Field("int32", _DECISION["end"]),
    "text": Field("string", _DECISION["text"]),
    "origin": Field("string", _DECISION["origin"]),
    "a": Field(_JUDGED, _DECISION["a"]),
    "b": Field(_JUDGED, _DECISION["b"]),
    "decision": Field(_JUDGED, _DECISION["decision"]),
    "rule": Field("string", _DECISION["rule"]),
    "reason": Field("string", _DECISION["reason"]),
}

ENTITIES: Columns = {
    "document": Field("string", "the document's id"),
    "sentence": Field("string", _SENTENCE["id"]),
    **ENTITY,
    "start": Field("int32", _ENTITY["start"]),
    "end": Field("int32", _ENTITY["end"]),
    "text": Field("string", _ENTITY["text"]),
}
