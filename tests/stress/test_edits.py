"""Edits of labelled texts: what they make of the text, of offsets and of spans."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.gold.derived import with_entities
from tyez_bench.model.documents import Document, Entity
from tyez_bench.stress.cases import Change, Edit, apply, carried, moved

TEXT = "太原酒厂位于杏花岭区。"


def document(*bounds: tuple[int, int], text: str = TEXT, alternatives: tuple[tuple[int, int], ...] = ()) -> Document:
    """A text with spans; the first has the alternatives."""
    entities = [
        Entity(
            id=f"d:{start}-{end}",
            start=start,
            end=end,
            text=text[start:end],
            type="PLACE",
            alternatives=alternatives if number == 0 else (),
        )
        for number, (start, end) in enumerate(bounds)
    ]
    return with_entities(Document(id="d", text=text), entities)


def spans(changed: Document) -> list[str]:
    return [entity.text for entity in changed.entities]


@st.composite
def edits(draw: st.DrawFn, length: int) -> list[Edit]:
    """Edits of a text of this length that don't overlap and change something: their new text is foreign to it."""
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    found = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        new = draw(st.text(alphabet="xyz ", max_size=4))
        if new or start < end:
            found.append(Edit(start, end, new))
    return found


def back(source: str, text: str, changes: Sequence[Change]) -> str:
    """The changed text with the source put back in its places."""
    for change in reversed(changes):
        text = text[: change.start] + source[change.source_start : change.source_end] + text[change.end :]
    return text


@given(edits(len(TEXT)))
def test_the_offset_map_leads_back_to_the_source(found: list[Edit]) -> None:
    text, changes = apply(TEXT, found)
    assert len(text) == len(TEXT) + sum(len(edit.new) - (edit.end - edit.start) for edit in found)
    assert back(TEXT, text, changes) == TEXT


@given(edits(len(TEXT)), st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT)))
def test_a_span_that_is_not_touched_reads_the_same(found: list[Edit], start: int, length: int) -> None:
    end = min(len(TEXT), start + length)
    text, changes = apply(TEXT, found)
    if all(edit.end <= start or end <= edit.start for edit in found):
        bounds = moved(start, end, changes)
        assert bounds is not None
        assert text[slice(*bounds)] == TEXT[start:end]


@given(edits(len(TEXT)), st.integers(0, len(TEXT) - 1), st.integers(1, len(TEXT)))
def test_spans_that_were_apart_stay_apart(found: list[Edit], cut: int, length: int) -> None:
    _, changes = apply(TEXT, found)
    left = moved(0, cut, changes) if cut else None
    right = moved(cut, min(len(TEXT), cut + length), changes)
    if left is not None and right is not None:
        assert left[1] <= right[0]


@given(edits(len(TEXT)))
def test_spans_are_carried_along_or_refused(found: list[Edit]) -> None:
    source = document((0, 4), (6, 10))
    bounds = [moved(entity.start, entity.end, apply(TEXT, found)[1]) for entity in source.entities]
    gone = any(bound is None or bound[0] >= bound[1] for bound in bounds)
    if gone:
        with pytest.raises(ValueError, match=r"cuts|empty"):
            carried(source, found, "e")
    else:
        changed, _ = carried(source, found, "e")
        assert [(entity.start, entity.end) for entity in changed.entities] == bounds


@pytest.mark.parametrize("at", [0, 4, 6, 10])
def test_what_is_put_in_at_an_edge_stays_outside(at: int) -> None:
    changed, _ = carried(document((0, 4), (6, 10)), [Edit(at, at, " ")], "e")
    assert spans(changed) == ["太原酒厂", "杏花岭区"]


def test_what_is_put_in_between_two_spans_belongs_to_neither() -> None:
    changed, _ = carried(document((0, 2), (2, 4)), [Edit(2, 2, "\n")], "e")
    assert [(entity.start, entity.end) for entity in changed.entities] == [(0, 2), (3, 5)]


def test_a_span_that_is_rewritten_whole_takes_the_new_text() -> None:
    changed, changes = carried(document((0, 4), (0, 2)), [Edit(0, 2, "石家庄")], "e")
    assert spans(changed) == ["石家庄酒厂", "石家庄"]
    assert changed.entities[1].parent == "e:0-5"
    assert changes == (Change(0, 2, 0, 3),)


def test_characters_replaced_one_by_one_keep_the_edges_inside_of_them() -> None:
    changed, _ = carried(document((1, 3)), [Edit(0, 4, "甲乙丙丁")], "e")
    assert spans(changed) == ["乙丙"]


@pytest.mark.parametrize("edit", [Edit(3, 5, "x"), Edit(0, 5, ""), Edit(5, 8, "某"), Edit(9, 11, "")])
def test_an_edit_that_cuts_a_span_is_refused(edit: Edit) -> None:
    with pytest.raises(ValueError, match="cuts"):
        carried(document((0, 4), (6, 10)), [edit], "e")


def test_an_edit_that_cuts_an_alternative_is_refused() -> None:
    source = document((6, 9), alternatives=((6, 10),))
    assert carried(source, [Edit(10, 11, "!!")], "e")[0].entities[0].alternatives == ((6, 10),)
    with pytest.raises(ValueError, match="alternative"):
        carried(source, [Edit(9, 11, "县")], "e")


@pytest.mark.parametrize(
    "found",
    [
        [Edit(0, 3, "x"), Edit(2, 4, "y")],
        [Edit(0, 1, "太")],
        [Edit(4, 4, "")],
        [Edit(10, 12, "x")],
        [Edit(3, 2, "x")],
        [Edit(-1, 0, "x")],
    ],
)
def test_edits_that_overlap_change_nothing_or_are_outside_are_refused(found: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps another, changes nothing or is outside"):
        apply(TEXT, found)
