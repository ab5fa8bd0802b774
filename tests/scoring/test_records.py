"""One text, broken into records in different places: found as one, with the real differences and no others."""

import random
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.gold.derived import complete_ids, entity_id, with_entities
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity
from tyez_bench.report.tables.gold import diff_markdown, diff_text, pair_lines
from tyez_bench.scoring import streams
from tyez_bench.scoring.agreement import alpha, disagreements, labels_of_all
from tyez_bench.scoring.common import together
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.streams import counterparts, stream_of

Span = tuple[int, int, str]
Ids = Literal["numbers", "made up", "own"]
IDS: tuple[Ids, ...] = ("numbers", "made up", "own")
LABELS = ("PLACE", "ORG")


def broken(name: str, text: str, spans: list[Span], breaks: list[int], ids: Ids, space: str = "") -> Gold:
    """A text as one document between each two breaks, with ``space`` behind each; no span crosses a break."""
    bounds = list(pairwise(sorted({0, len(text), *breaks})))
    texts = [text[start:end] + space for start, end in bounds]
    given: dict[Ids, list[str | None]] = {
        "numbers": [str(number) for number in range(len(texts))],
        "made up": [None] * len(texts),
        "own": [f"{name}-{number}" for number in range(len(texts))],
    }
    documents = []
    for id_, own, (start, end) in zip(complete_ids(zip(given[ids], texts, strict=True)), texts, bounds, strict=True):
        inside = [(s - start, e - start, label) for s, e, label in spans if start <= s and e <= end]
        entities = [
            Entity(id=entity_id(id_, s, e, label), start=s, end=e, text=own[s:e], type=label) for s, e, label in inside
        ]
        documents.append(with_entities(Document(id=id_, text=own), entities))
    assert sum(len(document.entities) for document in documents) == len(spans)
    return Gold(name, None, "", tuple(documents))


def made(rng: random.Random, sentences: int, *, repeated: bool) -> tuple[str, list[Span], list[int]]:
    """A text of sentences with spans apart from one another, and where it may be broken."""
    text, spans, ends = "", [], []
    earlier: list[tuple[str, list[Span]]] = []
    for _ in range(sentences):
        if repeated and earlier and rng.random() < 0.2:
            own, found = rng.choice(earlier)
        else:
            own, found = "", []
            for _ in range(rng.randrange(1, 4)):
                own += "".join(rng.choices("的在是了和有人中上大为国", k=rng.randrange(1, 9)))
                name = "".join(rng.choices("太原市万柏林区发改局晋祠", k=rng.randrange(2, 5)))
                found.append((len(own), len(own) + len(name), rng.choice(LABELS)))
                own += name
            own += "到了。"
            earlier.append((own, found))
        spans += [(len(text) + start, len(text) + end, label) for start, end, label in found]
        text += own
        ends.append(len(text))
    return text, spans, ends


def edited(rng: random.Random, spans: list[Span], number: int) -> tuple[list[Span], list[str]]:
    """The spans with so many edits, and what each of them is called."""
    chosen, kinds = set(rng.sample(range(len(spans)), number)), []
    found: list[Span] = []
    for place, (start, end, label) in enumerate(spans):
        kind = rng.choice(("removed", "relabelled", "moved")) if place in chosen else ""
        other = LABELS[label == LABELS[0]]
        kinds += [kind] if kind else []
        found += {
            "": [(start, end, label)],
            "removed": [],
            "relabelled": [(start, end, other)],
            "moved": [(start, end - 1, label)],
        }[kind]
    return found, kinds


@given(
    st.randoms(use_true_random=False),
    st.integers(1, 10),
    st.integers(0, 3),
    st.sampled_from(IDS),
    st.sampled_from(["", " ", "\n"]),
    st.booleans(),
)
def test_exactly_the_edits_are_reported(
    rng: random.Random, sentences: int, edits: int, ids: Ids, space: str, repeated: bool
) -> None:
    text, spans, ends = made(rng, sentences, repeated=repeated)
    later, kinds = edited(rng, spans, min(edits, len(spans)))
    ways = [rng.sample(ends, rng.randrange(len(ends) + 1)) for _ in range(2)]
    old = broken("a", text, spans, ways[0], ids)
    new = broken("b", text, later, ways[1], ids, space)
    found = tyez_bench.diff(old, new)
    assert sorted(one.kind for one in found.entities) == sorted(kinds)
    assert (found.added, found.removed) == ((), ())
    assert not any(one.crosses for one in found.entities)
    # Everything stands where it is said to.
    for one in found.entities:
        if one.new is not None:
            assert one.new in new[one.document].entities
        if one.old is not None:
            assert one.old in old[one.old_document or one.document].entities
    if not kinds and not found.renamed and not space:
        assert not found
        assert not found.rewritten


@given(st.text("太原 ", max_size=40), st.text("太原 ", max_size=40), st.integers(2, 400))
def test_counterparts_are_equal_characters_one_to_one(one: str, other: str, short: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(streams, "_SHORT", short)
        patched.setattr(streams, "_STRETCHES", (4, 2))
        old, new = stream_of([one]), stream_of([other])
        there, _ = counterparts(old, new)
    kept = there[there >= 0]
    assert len(set(kept.tolist())) == len(kept)
    assert np.array_equal(old.codes[there >= 0], new.codes[kept])
    if "".join(one.split()) == "".join(other.split()):
        assert np.array_equal(there, np.arange(len(old.codes)))


def test_documents_in_another_order_are_found() -> None:
    rng = random.Random(3)
    text, spans, ends = made(rng, 200, repeated=False)
    old = broken("a", text, spans, ends, "own")
    parts = list(broken("b", text, spans, ends[::5], "own"))
    rng.shuffle(parts)
    found = tyez_bench.diff(old, Gold("b", None, "", tuple(parts)))
    assert (found.entities, found.added, found.removed, found.rewritten) == ((), (), (), ())
    assert (found.aligned.old, found.aligned.new) == (199, 40)


def test_a_text_that_was_edited_too() -> None:
    rng = random.Random(4)
    text, spans, ends = made(rng, 100, repeated=False)
    old = broken("a", text, spans, ends, "numbers")
    at = ends[49]
    longer = text[:at] + "此处新增一句话。" + text[at:]
    moved = [(s + 8 * (s >= at), e + 8 * (s >= at), label) for s, e, label in spans]
    new = broken("b", longer, moved, [end + 8 * (end >= at) for end in ends[::3]], "numbers")
    found = tyez_bench.diff(old, new)
    assert (found.entities, found.added, found.removed) == ((), (), ())
    assert len(found.rewritten) == 1
    assert "此处新增一句话" in new[found.rewritten[0]].text
    back = tyez_bench.diff(new, old)
    assert (back.entities, back.added, back.removed, len(back.rewritten)) == ((), (), (), 1)


def test_an_entity_that_crosses_a_break_is_said_to() -> None:
    text = "昨日上午记者从太原市万柏林区了解到这一情况。"
    old = broken("a", text, [(7, 14, "PLACE")], [], "own")
    new = broken("b", text, [(7, 10, "PLACE"), (10, 14, "PLACE")], [10], "own")
    found = tyez_bench.diff(old, new)
    said = [(one.kind, one.document, one.old_document, one.crosses) for one in found.entities]
    assert said == [("added", "b-0", None, False), ("moved", "b-1", "a-0", True)]
    assert "a-0:7 → b-1:0 moved" in diff_text(found, old, new)
    assert "crosses a break of the other version's records" in diff_text(found, old, new)
    back = tyez_bench.diff(new, old)
    assert sorted((one.kind, one.document, one.crosses) for one in back.entities) == [
        ("moved", "a-0", True),
        ("removed", "b-0", False),
    ]


def test_what_the_outputs_say() -> None:
    text = "昨日上午记者从太原市万柏林区了解到这一情况。"
    old, new = broken("a", text, [], [], "own"), broken("b", text, [], [10], "own")
    line = "1 record of a and 2 of b hold the same text broken in other places: aligned by their characters"
    found = tyez_bench.diff(old, new)
    assert diff_text(found, old, new) == f"no differences between a and b\n{line}\n"
    assert diff_markdown(found, old, new) == f"No differences between a and b.\n\n- {line}\n"
    assert found.to_dict()["documents"]["aligned"] == {"old": 1, "new": 2, "groups": 1}
    marked = broken("b", text, [(7, 10, "PLACE")], [10], "own")
    found = tyez_bench.diff(old, marked)
    assert line in diff_text(found, old, marked)
    assert line in diff_markdown(found, old, marked)
    assert "+ b-0:7 added: PLACE 太原市" in diff_text(found, old, marked)


def test_a_document_that_was_edited_under_another_id_is_the_same() -> None:
    text = "昨日上午记者从太原市万柏林区了解到这一情况。"
    old, new = broken("a", text, [(7, 10, "PLACE")], [], "own"), broken("b", f"在{text}", [(8, 11, "PLACE")], [], "own")
    found = tyez_bench.diff(old, new)
    assert (found.renamed, found.rewritten, found.entities) == ((("a-0", "b-0"),), ("b-0",), ())
    other = broken("c", "本报讯上海市昨日宣布一项决定。", [(3, 6, "PLACE")], [], "own")
    assert tyez_bench.diff(old, other).removed == ("a-0",)


@given(
    st.randoms(use_true_random=False),
    st.integers(1, 8),
    st.integers(0, 3),
    st.sampled_from(IDS),
    st.sampled_from(["", " ", "\n"]),
    st.integers(0, 2),
)
def test_passes_of_other_breaks_agree_as_those_of_the_same(
    rng: random.Random, sentences: int, edits: int, ids: Ids, space: str, more: int
) -> None:
    text, spans, ends = made(rng, sentences, repeated=False)
    later, kinds = edited(rng, spans, min(edits, len(spans)))
    ways = [rng.sample(ends, rng.randrange(len(ends) + 1)) for _ in range(2)]
    one, other = broken("a", text, spans, ways[0], ids), broken("b", text, later, ways[1], ids, space)
    # What only one pass has counts nowhere.
    alone = tuple(Document(id=f"more-{number}", text="本报讯" * (number + 5)) for number in range(more))
    other = replace(other, documents=(*other.documents, *alone))
    found = tyez_bench.agreement(one, other)
    same = tyez_bench.agreement(broken("a", text, spans, ends, "own"), broken("a", text, later, ends, "own"))
    assert (found.exact, found.overlap, found.boundary) == (same.exact, same.overlap, same.boundary)
    assert found.left_out == (0, more)
    assert found.kappa == pytest.approx(same.kappa) if same.kappa is not None and not space else True
    places = list(disagreements([one, other]))
    assert len(places) == len(kinds)
    for place in places:
        for pass_, reading in zip((one, other), place.readings, strict=True):
            assert reading is not None
            assert all(any(entity in document.entities for document in pass_) for entity in reading)
    back = tyez_bench.agreement(other, one)
    assert back.exact == {
        layer: {row: Counts(c.predicted, c.gold, c.right) for row, c in rows.items()}
        for layer, rows in found.exact.items()
    }


def test_partial_double_annotation() -> None:
    """Three annotators, each text read by two of them: every pair by what it shares, alpha by all of it."""
    texts = {"a": "太原市在山西省。", "b": "上海市在长江口。", "c": "沈阳市在辽宁省。"}

    def read(name: str, *ids: str) -> Gold:
        documents = []
        for id_ in ids:
            entity = Entity(id=f"{id_}:0-3", start=0, end=3, text=texts[id_][:3], type="PLACE")
            documents.append(Document(id=id_, text=texts[id_], entities=(entity,)))
        return Gold(name, None, "", tuple(documents))

    passes = [read("x", "a", "b"), read("y", "b", "c"), read("z", "a", "c")]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        pair = tyez_bench.agreement(passes[one], passes[other])
        assert (pair.left_out, pair.exact["all"]["micro"], pair.kappa) == ((1, 1), Counts(1, 1, 1), 1.0)
    common = together(passes)
    assert common.left_out == (0, 0, 0)
    assert alpha(labels_of_all(common.passes)) == pytest.approx(1.0)
    assert list(disagreements(passes)) == []
    passes[0] = replace(passes[0], documents=(Document(id="a", text=texts["a"]), passes[0]["b"]))
    (place,) = disagreements(passes)
    assert (place.document, place.kind, place.readings[:2]) == ("a", "missing", ((), None))


def test_the_lines_of_an_agreement_across_breaks() -> None:
    text = "昨日上午记者从太原市万柏林区了解到这一情况。"
    one, other = broken("a", text, [(7, 14, "PLACE")], [], "own"), broken("b", text, [(10, 14, "PLACE")], [10], "own")
    found = tyez_bench.agreement(one, other)
    assert (found.aligned, found.to_dict()["documents"]["aligned"]) == ((1, 2), {"a": 1, "b": 2})
    line = "1 record of a and 2 of b hold the same text broken in other places: aligned by their characters"
    assert pair_lines(found) == [line]
    (place,) = disagreements([other, one])
    assert (place.document, place.start, place.end) == ("b-0", 7, 14)
    assert [[(e.id, e.start) for e in reading or ()] for reading in place.readings] == [
        [("b-1:0-4:PLACE", 0)],
        [("a-0:7-14:PLACE", 7)],
    ]
