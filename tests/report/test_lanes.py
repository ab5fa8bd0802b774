"""Rows, clusters and pieces: where marks are drawn."""

from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.model.documents import Document, Section, Sentence
from tyez_bench.report.html.lanes import LONGEST, Piece, Placed, pieces_of, rows_of
from tyez_bench.report.html.marks import Mark


def mark(start: int, end: int, lane: int = 0, type_: str = "PLACE") -> Mark:
    """A mark without facts."""
    return Mark(start=start, end=end, type=type_, lane=lane, text="", outcomes=(), id=f"{lane}:{start}-{end}")


def document(text: str, **more: tuple[Section, ...] | tuple[Sentence, ...]) -> Document:
    """A document without entities."""
    return Document(id="a", text=text, **more)  # type: ignore[arg-type]


def only_row(text: str, marks: list[Mark], systems: int = 1) -> list[Piece]:
    """The pieces of a text of one row."""
    [(_, pieces)] = pieces_of(document(text), marks, systems)
    return pieces


def lanes(placed: tuple[Placed, ...]) -> list[tuple[str, int]]:
    """Which mark is in which lane."""
    return [(one.mark.id, one.lane) for one in placed]


def test_rows_are_sentences_with_the_roles_of_their_sections() -> None:
    found = rows_of(
        document(
            "题\n一。二。",
            sections=(Section(role="headline", start=0, end=1), Section(role="body", start=2, end=6)),
            sentences=(
                Sentence(id="a.s1", start=0, end=1),
                Sentence(id="a.s2", start=2, end=4),
                Sentence(id="a.s3", start=4, end=6),
            ),
        )
    )
    assert [(row.start, row.end, row.role) for row in found] == [(0, 2, "headline"), (2, 4, ""), (4, 6, "")]


def test_rows_are_lines_where_there_are_no_sentences() -> None:
    assert [(row.start, row.end) for row in rows_of(document("一\n\n二"))] == [(0, 2), (2, 3), (3, 4)]
    assert rows_of(document("")) == []


def test_nested_gold_spans_stand_in_lanes_by_depth() -> None:
    [piece] = only_row("太原市委", [mark(0, 4), mark(0, 3), mark(0, 2), mark(3, 4)])
    assert lanes(piece.above) == [("0:0-4", 1), ("0:0-3", 2), ("0:0-2", 3), ("0:3-4", 2)]
    assert piece.lanes_above == 3


def test_every_system_has_its_lane_whether_it_found_anything_or_not() -> None:
    [piece, _] = only_row("太原市委", [mark(0, 2), mark(0, 2, lane=3)], systems=3)
    assert lanes(piece.below) == [("3:0-2", 3)]
    assert piece.lanes_below == 3


def test_overlapping_predictions_of_a_system_take_lanes_of_their_own_and_move_the_next_system() -> None:
    [piece] = only_row("太原市委", [mark(0, 3, lane=1), mark(2, 4, lane=1), mark(0, 4, lane=2)], systems=2)
    assert lanes(piece.below) == [("1:0-3", 1), ("1:2-4", 2), ("2:0-4", 3)]
    assert piece.lanes_below == 3


def test_spans_that_touch_without_overlapping_are_drawn_apart() -> None:
    assert [(p.start, p.end) for p in only_row("太原市委", [mark(0, 2), mark(2, 4)])] == [(0, 2), (2, 4)]


def test_punctuation_stays_with_the_name_beside_it() -> None:
    found = only_row("在《太原》,市", [mark(2, 4)])
    assert [(p.start, p.end) for p in found] == [(0, 1), (1, 6), (6, 7)]
    assert found[1].edges == (1, 2, 4, 6)


def test_a_long_span_is_cut_into_pieces_that_say_where_it_goes_on() -> None:
    found = only_row("一" * (LONGEST + 1), [mark(0, LONGEST + 1)])
    assert [(p.above[0].first, p.above[0].last) for p in found] == [(True, False), (False, True)]
    assert max(p.end - p.start for p in found) <= LONGEST


def test_characters_that_are_written_as_code_points_take_their_room() -> None:
    found = only_row("\u202e" * 4, [mark(0, 4)])
    assert [p.end - p.start for p in found] == [2, 2]


def test_a_prediction_across_rows_has_a_part_in_each() -> None:
    found = pieces_of(document("太原\n市委"), [mark(1, 4, lane=1)], 1)
    parts = [[(p.start, p.end) for piece in pieces for p in piece.below] for _, pieces in found]
    assert parts == [[(1, 3)], [(3, 4)]]


@st.composite
def texts_with_marks(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text("太原,\n《》 a\u202e", min_size=1, max_size=60))
    marks = []
    for number in range(draw(st.integers(0, 12))):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        marks.append(Mark(start=start, end=end, type="ORG", lane=number % 4, text="", outcomes=(), id=str(number)))
    return text, marks


@given(texts_with_marks())
def test_pieces_are_the_text_and_hold_every_character_of_every_mark_once(drawn: tuple[str, list[Mark]]) -> None:
    text, marks = drawn
    pieces = [piece for _, of_row in pieces_of(document(text), marks, 3) for piece in of_row]
    assert "".join(text[p.start : p.end] for p in pieces) == text
    for one in marks:
        parts = [p for piece in pieces for p in (*piece.above, *piece.below) if p.mark is one]
        assert [i for p in parts for i in range(p.start, p.end)] == list(range(one.start, one.end))
        assert sum(p.first for p in parts) == sum(p.last for p in parts) == 1
    for piece in pieces:
        for side, lanes_of_side in ((piece.above, piece.lanes_above), (piece.below, piece.lanes_below)):
            cells = [(p.lane, i) for p in side for i in range(p.start, p.end)]
            assert len(set(cells)) == len(cells), "two marks in one place"
            assert all(1 <= lane <= lanes_of_side for lane, _ in cells)
