"""spaCy documents where the tokens are not the gold's: nothing is lost without being named."""

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.model.documents import Document, Entity, Status
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import parents

TEXT = "甲乙 丙丁,戊己庚 辛"


def document(bounds: list[tuple[int, int]], optional: set[int] = frozenset()) -> Document:  # type: ignore[assignment]
    """A document of places; those of ``optional`` numbers are optional."""
    ordered = sorted(bounds, key=lambda b: (b[0], -b[1]))
    around = parents(ordered)
    entities = tuple(
        Entity(
            id=f"d:{start}-{end}",
            start=start,
            end=end,
            text=TEXT[start:end],
            type="PLACE",
            parent=None if parent is None else "d:{}-{}".format(*ordered[parent]),
            status=Status.OPTIONAL if number in optional else Status.REQUIRED,
        )
        for number, ((start, end), parent) in enumerate(zip(ordered, around, strict=True))
    )
    return Document(id="d", text=TEXT, entities=entities)


def gold_of(found: Document) -> tyez_bench.Gold:
    """A gold set of one document."""
    return tyez_bench.Gold("own", None, "0" * 64, (found,))


def test_an_entity_that_comes_to_lie_on_a_nested_one() -> None:
    """The tokens are 甲乙 and 丙丁: the outer entity shrinks to the nested one, which is then named as dropped."""
    (doc,) = tyez_bench.to_spacy(gold_of(document([(0, 4), (0, 2)])), words="spacy:xx", on_misaligned="contract")
    assert [(e.text, e._.entity_id) for e in doc.ents] == [("甲乙", "d:0-4")]
    assert list(doc.spans["nested"]) == []
    assert [(one["id"], one["to"]) for one in doc.user_data["misaligned"]] == [("d:0-4", (0, 2)), ("d:0-2", None)]


def test_a_required_entity_comes_before_an_optional_one() -> None:
    """Both want the token 戊己庚."""
    gold = gold_of(document([(6, 7), (7, 9)], optional={0}))
    (doc,) = tyez_bench.to_spacy(gold, words="spacy:xx", on_misaligned="expand")
    assert [(e.text, e._.entity_id) for e in doc.ents] == [("戊己庚", "d:7-9")]
    assert list(doc.spans["optional"]) == []
    assert {one["id"]: one["to"] for one in doc.user_data["misaligned"]} == {"d:7-9": (6, 9), "d:6-7": None}


def test_the_tokenizer_of_a_pipeline(gold: tyez_bench.Gold) -> None:
    docs = tyez_bench.to_spacy(gold, nlp=spacy.blank("zh"))
    assert [doc.text for doc in docs] == [document.text for document in gold]
    with pytest.raises(UsageError, match="by 'page': expected one of: document, sentence"):
        tyez_bench.to_spacy(gold, by="page")
    with pytest.raises(UsageError, match="on_misaligned 'shrink': expected one of: error, expand, contract, drop"):
        tyez_bench.to_spacy(gold, on_misaligned="shrink")


def test_what_is_listed_can_be_written_as_json(gold: tyez_bench.Gold, tmp_path: Path) -> None:
    docs = tyez_bench.to_spacy(gold, words="jieba", on_misaligned="drop")
    listed = [one for doc in docs for one in json.loads(json.dumps(doc.user_data["misaligned"]))]
    assert [one["text"] for one in listed] == ["万柏林区发改局", "中北高新区"]


@given(
    bounds=st.lists(
        st.tuples(st.integers(0, 10), st.integers(1, 11)).filter(
            lambda b: b[0] < b[1] and TEXT[b[0] : b[1]].strip() == TEXT[b[0] : b[1]]
        ),
        unique=True,
        max_size=6,
    ),
    optional=st.sets(st.integers(0, 5)),
    how=st.sampled_from(["expand", "contract", "drop"]),
)
def test_every_entity_is_in_a_document_or_on_the_list(
    bounds: list[tuple[int, int]], optional: set[int], how: str
) -> None:
    apart = [
        b
        for n, b in enumerate(bounds)
        if not any(a[0] < b[0] < a[1] < b[1] or b[0] < a[0] < b[1] < a[1] for a in bounds[:n])
    ]
    gold = gold_of(document(apart, optional))
    (doc,) = tyez_bench.to_spacy(gold, words="spacy:xx", on_misaligned=how)
    spans = [*doc.ents, *doc.spans["optional"], *doc.spans["nested"]]
    held = [span._.entity_id for span in spans]
    dropped = [one["id"] for one in doc.user_data["misaligned"] if one["to"] is None]
    assert sorted(held + dropped) == sorted(entity.id for entity in gold[0].entities)
    moved = {one["id"]: one["to"] for one in doc.user_data["misaligned"]}
    for span in spans:
        entity = next(e for e in gold[0].entities if e.id == span._.entity_id)
        assert (span.start_char, span.end_char) == (moved.get(entity.id) or (entity.start, entity.end))
        assert span._.status == entity.status
