"""The documents, in parts that open: each with its gold and its systems' marks."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from tyez_bench.model.documents import Document
from tyez_bench.model.errors import counted
from tyez_bench.report.html.elements import Html, element, escaped, joined
from tyez_bench.report.html.lanes import Piece, Placed, Row, pieces_of
from tyez_bench.report.html.marks import GOLD, LETTERS, NOT_COUNTED, OUTCOMES, RIGHT, Fact, Mark, slug

# Documents are folded together until they have so many sentences, so that small ones are no fold each.
_TOGETHER = 12
# More sentences of one document are in several parts.
_MOST = 25
# So many sentences are in sight before anything is opened, or those of the first fold.
_OPEN = 5


class Part(Struct, frozen=True):
    """A document, or some sentences of a long one: what is shown of it together.

    ``number`` is the document's in the gold set, from 1, ``rows`` are the sentences with their numbers, of ``total``.
    ``marks`` begin here, or with the text that is shown; ``drawn`` are the ids of those of the document that are on
    the page already. ``whole`` says that nothing more of the document is shown.
    """

    document: Document
    number: int
    rows: Sequence[tuple[int, Row, Sequence[Piece]]]
    total: int
    marks: Sequence[Mark]
    drawn: set[str]
    whole: bool

    @property
    def name(self) -> str:
        """What it is called."""
        title = self.document.title or self.document.id
        return title if self.whole else f"{title} {self.rows[0][0]}–{self.rows[-1][0]}"

    @property
    def id(self) -> str:
        """The id of its heading."""
        return f"d{self.number}" if self.whole else f"d{self.number}-{self.rows[0][0]}"


def parts_of(
    document: Document, number: int, marks: Sequence[Mark], shown: Sequence[int], total: int, systems: int
) -> list[Part]:
    """A document with the marks of its shown rows, given by their numbers from 0; in parts where they are many."""
    chosen, drawn, placed = set(shown), set[str](), set[str]()
    rows = [
        (at + 1, row, pieces) for at, (row, pieces) in enumerate(pieces_of(document, marks, systems)) if at in chosen
    ]
    by_id = {mark.id: mark for mark in marks}
    nowhere = [mark for mark in marks if mark.start == mark.end]
    parts = []
    for first in range(0, max(1, len(rows)), _MOST):
        some = rows[first : first + _MOST]
        here = dict.fromkeys(
            one.mark.id for _, _, pieces in some for piece in pieces for one in (*piece.above, *piece.below)
        )
        begun = [by_id[id_] for id_ in here if id_ not in placed]
        placed.update(here)
        last = first + _MOST >= len(rows)
        part = Part(
            document, number, some, total, [*begun, *(nowhere if last else ())], drawn, whole=len(rows) <= _MOST
        )
        parts.append(part)
    return parts


def folds(parts: Iterable[Part], systems: Sequence[str]) -> list[Html]:
    """Every document, small ones together, in parts that open; the first sentences are in sight."""
    groups: list[list[Part]] = []
    for part in parts:
        if not groups or sum(len(one.rows) for one in groups[-1]) + len(part.rows) > _TOGETHER:
            groups.append([])
        groups[-1].append(part)
    found, seen = [], 0
    for number, group in enumerate(groups):
        seen += sum(len(part.rows) for part in group)
        found.append(_fold(group, systems, open_=number == 0 or seen <= _OPEN))
    return found


def _fold(group: Sequence[Part], systems: Sequence[str], *, open_: bool) -> Html:
    alone = len(group) == 1
    marks = [mark for part in group for mark in part.marks]
    first, last = group[0], group[-1]
    if alone:
        heading = element("h3", first.name, id=first.id, lang="zh")
        what = [element("code", first.document.id), *_some(first)]
    else:
        title = [element("span", first.name, lang="zh"), " – ", element("span", last.name, lang="zh")]
        heading = element("h3", *title, id=f"f{first.number}")
        what = [f"{len(group)} documents"]
    facts = element("span", joined([*what, _found(marks, systems)], " · "), class_="facts")
    articles = (_article(part, systems, alone=alone) for part in group)
    return element("details", element("summary", heading, facts), *articles, class_="fold", open=open_)


def _some(part: Part) -> list[str]:
    return (
        []
        if not part.rows or len(part.rows) == part.total or not part.whole
        else [f"{len(part.rows)} of {part.total} shown"]
    )


def _article(part: Part, systems: Sequence[str], *, alone: bool) -> Html:
    """A document: its heading unless the fold has it, what each system found of it, its text with the marks."""
    rows = [_row(number, row, pieces, part.document.text, part.drawn) for number, row, pieces in part.rows]
    head = Html("")
    if not alone:
        facts = joined([*_some(part), _found(part.marks, systems)], " · ")
        title = element("span", part.name, lang="zh")
        head = element("h4", title, " ", element("span", facts, class_="facts"), id=part.id)
    nowhere = [mark for mark in part.marks if mark.start == mark.end]
    text = element("div", *rows, class_="text", lang="zh")
    return element("article", head, text, _nowhere(nowhere), aria_labelledby=part.id)


def _found(marks: Sequence[Mark], systems: Sequence[str]) -> str:
    gold = [mark for mark in marks if mark.lane == GOLD]
    told = [counted(len(gold), "gold span")]
    for number, name in enumerate(systems):
        of_system = [mark.outcomes[number][1] for mark in gold]
        number_of = sum(outcome != NOT_COUNTED for outcome in of_system)
        told.append(f"{LETTERS[number]} {name}: {of_system.count(RIGHT)} of {number_of} right")
    return " · ".join(told)


def _row(number: int, row: Row, pieces: Sequence[Piece], text: str, drawn: set[str]) -> Html:
    """A row; ``drawn`` are the ids of the marks that are there already."""
    label = element("span", f"{number} {row.role}".strip(), class_="number", lang="en")
    parts = [
        _piece(piece, text, drawn) if piece.edges else _words(text[piece.start : piece.end], ends=piece.end == row.end)
        for piece in pieces
    ]
    return element("p", label, element("span", *parts, class_="words"), class_=f"row {row.role}".strip())


def _words(text: str, *, ends: bool = False) -> str:
    """Words of the text. The line feed that ends a row is seen as its end, others have a sign."""
    return (text.removesuffix("\n") if ends else text).replace("\n", "⏎")


def _piece(piece: Piece, text: str, drawn: set[str]) -> Html:
    cells = [
        element("i", _words(text[start:end]), class_=f"x{column}")
        for column, (start, end) in enumerate(zip(piece.edges, piece.edges[1:], strict=False), 1)
    ]
    column = {edge: number for number, edge in enumerate(piece.edges, 1)}

    def place(placed: Placed, lane: int) -> str:
        start, end = column[placed.start], column[placed.end]
        open_ = f"{'' if placed.first else ' from'}{'' if placed.last else ' on'}"
        return f"x{start} w{end - start} y{lane}{open_}"

    # The lane between the two sides is the text itself.
    marks = [_mark(placed, place(placed, placed.lane), drawn) for placed in piece.above]
    marks += [_mark(placed, place(placed, piece.lanes_above + 1 + placed.lane), drawn) for placed in piece.below]
    lanes = element(
        "span", element("span", *cells, class_="cells", aria_hidden="true"), *marks, class_="lanes", lang="en"
    )
    size = f"h{piece.lanes_above}-{piece.lanes_below}"
    return element("span", _words(text[piece.start : piece.end]), lanes, class_=f"piece {size}")


def _mark(placed: Placed, place: str, drawn: set[str]) -> Html:
    mark = placed.mark
    # The sentence in which it begins need not be shown.
    first = mark.id not in drawn
    drawn.add(mark.id)
    if mark.gap or not first:
        kind = "gap" if mark.gap else "more"
        content = _label(mark) if first else Html("")
        of = None if mark.gap else mark.id
        classes = f"{_classes(mark)} {kind} {place}"
        return element("span", content, class_=classes, aria_hidden="true", data_of=of, **_told(mark))
    return button(mark, place)


def button(mark: Mark, place: str = "") -> Html:
    """A mark that the pointer and the keyboard reach, and what is known of it."""
    located = mark.start < mark.end
    pressed = element(
        "button",
        element("span", spoken(mark), class_="spoken"),
        _label(mark),
        type="button",
        id=mark.id,
        class_=f"{_classes(mark)} {place}".strip(),
        aria_describedby=f"{mark.id}t",
        data_start=mark.start if located else None,
        data_end=mark.end if located else None,
        **_told(mark),
    )
    return joined([pressed, _tip(mark, f"{mark.id}t")])


def _classes(mark: Mark) -> str:
    if mark.lane == GOLD:
        state = "gold" if mark.required else "gold optional"
        return f"m {mark.colour} {state}" if mark.counted else f"m {mark.colour} {state} uncounted"
    outcome = mark.outcomes[0][1]
    state = {RIGHT: "right", NOT_COUNTED: "uncounted"}.get(outcome, "wrong")
    return f"m {mark.colour} {state}"


def _told(mark: Mark) -> dict[str, str]:
    """What the filters and the links between the marks of an error go by."""
    return {
        "data_lane": "gold" if mark.lane == GOLD else LETTERS[mark.lane - 1],
        "data_type": mark.type,
        "data_outcomes": " ".join(f"{letter}:{slug(outcome)}" for letter, outcome in mark.outcomes),
        "data_errors": " ".join(mark.errors),
    }


def _label(mark: Mark) -> Html:
    """Sign and word: which of them is seen depends on the room that the mark has; one character has room for a sign."""
    if mark.lane == GOLD:
        doubt = "" if mark.required else "?"
        short, long = f"{mark.type[0]}{doubt}", f"{mark.type}{doubt}"
    else:
        outcome = OUTCOMES[mark.outcomes[0][1]]
        start = f"{LETTERS[mark.lane - 1]}\N{THIN SPACE}{mark.type[0]}"
        short = outcome.sign if mark.end - mark.start == 1 else f"{start}{outcome.sign}"
        long = f"{start} {outcome.sign if outcome.word == RIGHT else outcome.word}"
    seen = ((short, "sign"), (long, "word"))
    return joined(element("span", words, class_=name, aria_hidden="true") for words, name in seen)


def spoken(mark: Mark) -> str:
    """A mark in words, for those who do not see it."""
    if mark.lane == GOLD:
        return f"gold {mark.type} {mark.text}"
    letter, outcome = mark.outcomes[0]
    return f"{letter} {mark.type} {mark.text}, {outcome}"


def _tip(mark: Mark, name: str) -> Html:
    who = "gold" if mark.lane == GOLD else LETTERS[mark.lane - 1]
    head = element("span", element("b", who), f" {mark.type} ", element("span", mark.text, lang="zh"), class_="head")
    return element("span", head, *map(_fact, mark.facts), class_="tip", id=name, role="tooltip", lang="en")


def _fact(fact: Fact) -> Html:
    value = element("span", fact.value, lang="zh") if fact.text else escaped(fact.value)
    return element("span", element("b", fact.name), " ", value, class_="fact")


def _nowhere(marks: Sequence[Mark]) -> Html:
    """What systems named and the text does not have."""
    if not marks:
        return Html("")
    listed = [element("li", element("span", mark.text, lang="zh"), " ", button(mark)) for mark in marks]
    return element("div", element("h4", "Named, but not in the text"), element("ul", *listed), class_="nowhere")
