"""The section of the documents: which sentences of a large gold set are shown, the legend, and the filters.

In turn one sentence comes from those with each kind of error of each system, one from those in which all is right,
and one from those without any span; the turns and the sentences are shuffled with the seed. So a rare error is there
as soon as a common one, and the first N of the order are the sample of N, whatever N is.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.model.hints import advice
from tyez_bench.report.html.documents import Part, folds, parts_of
from tyez_bench.report.html.elements import Html, element, filled, fold, html_table, joined
from tyez_bench.report.html.lanes import Row, rows_of
from tyez_bench.report.html.marks import (
    ERRORS,
    LETTERS,
    NOT_COUNTED,
    OUTCOMES,
    RIGHT,
    Mark,
    Result,
    colours_of,
    marks_of,
    slug,
)
from tyez_bench.report.table import table
from tyez_bench.report.tables.scores import missing_line

ALL_RIGHT = "all right"
NO_SPAN = "no span"
# The classes of marks by what became of them, but for what is wrong.
_STATES = {RIGHT: "right", NOT_COUNTED: "uncounted", "missed": "gap"}

# A sentence by the number of its document and its own number in it, from 0.
Place = tuple[int, int]


class Sentences(Struct, frozen=True):
    """All sentences of a gold set, by document, and which of them have what: an error's kind, or none.

    ``strata`` has the sentences in order by a system's letter and a kind of error, and by no letter and ALL_RIGHT or
    NO_SPAN. ``whole`` are the documents that tell no sentences. A sentence with several errors is in several of them.
    """

    rows: tuple[tuple[Row, ...], ...]
    whole: tuple[bool, ...]
    strata: Mapping[tuple[str, str], Sequence[Place]]

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(map(len, self.rows))

    def word(self, unit: str) -> str:
        """What they are called: ``unit``, unless the rows of documents without sentences are their lines."""
        lines = any(case_rows[1:] for case_rows, whole in zip(self.rows, self.whole, strict=True) if whole)
        return "line" if lines else unit

    def kinds(self, shown: set[Place] | None = None) -> dict[str, int]:
        """How many sentences have each kind of error of any system, are all right, or have no span."""
        found: dict[str, set[Place]] = {name: set() for name in (*ERRORS, ALL_RIGHT, NO_SPAN)}
        for (_, name), places in self.strata.items():
            found[name].update(places)
        return {name: len(places if shown is None else places & shown) for name, places in found.items()}


def sentences_of(results: Sequence[Result]) -> Sentences:
    """The sentences of the documents that were scored; lines, where a document has no sentences."""
    cases = results[0].cases
    # A document without text has one row of nothing, where mentions that are nowhere are told.
    rows = tuple(tuple(rows_of(case.document)) or (Row(0, 0),) for case in cases)
    starts = [[row.start for row in of_document] for of_document in rows]
    number = {case.document.id: n for n, case in enumerate(cases)}

    def places(document: int, start: int, end: int) -> Iterator[Place]:
        first = bisect_right(starts[document], start) - 1
        last = bisect_right(starts[document], max(start, end - 1)) - 1
        return ((document, row) for row in range(first, last + 1))

    strata: dict[tuple[str, str], set[Place]] = defaultdict(set)
    marked: set[Place] = set()
    for letter, result in zip(LETTERS, results, strict=False):
        for error in result.diagnosis.errors:
            for span in (*error.gold, *error.predicted):
                strata[letter, error.kind].update(places(number[error.document], span.start, span.end))
        for document, case in enumerate(result.cases):
            ends = [(entity.start, entity.end) for entity in case.document.entities]
            ends += [(entity.start, entity.end) for entity in case.predicted]
            for start, end in ends:
                marked.update(places(document, start, end))
    wrong: set[Place] = set().union(*strata.values())
    every = {(document, row) for document, of_document in enumerate(rows) for row in range(len(of_document))}
    strata["", ALL_RIGHT] = marked - wrong
    strata["", NO_SPAN] = every - marked - wrong
    whole = tuple(not case.document.sentences for case in cases)
    return Sentences(rows, whole, {name: sorted(strata[name]) for name in sorted(strata)})


def drawn(sentences: Sentences, number: int, seed: int) -> list[Place]:
    """The first ``number`` sentences of the order in which they are drawn."""
    rng = np.random.default_rng(seed)
    waiting = {
        name: iter([places[at] for at in rng.permutation(len(places))])
        for name, places in sentences.strata.items()
        if places
    }
    taken: dict[Place, None] = {}
    while waiting and len(taken) < number:
        names = list(waiting)
        for at in rng.permutation(len(names)):
            found = next((place for place in waiting[names[at]] if place not in taken), None)
            if found is None:
                del waiting[names[at]]
            elif len(taken) < number:
                taken[found] = None
    return list(taken)


def key(types: Mapping[str, str]) -> Html:
    """Types, with the classes that colour them, and signs in a line or two that stay in sight."""
    kinds = [
        element("li", element("span", type_[0], class_=f"m {colour} gold"), f" {type_}")
        for type_, colour in types.items()
    ]
    signs = [
        element("li", element("b", outcome.sign), f" {outcome.word if name == RIGHT else name}")
        for name, outcome in OUTCOMES.items()
    ]
    return element(
        "div",
        element("ul", *kinds, *signs, class_="key", aria_label="types and outcomes"),
        class_="keys",
        tabindex=0,
        role="group",
        aria_label="legend",
    )


def legend(systems: int, types: Mapping[str, str]) -> Html:
    """What the marks, letters and signs mean; ``types`` with the classes that colour them."""
    lanes = "lane below it" if systems == 1 else "lanes below it, always in this order"
    # An example in the colour of the first type.
    letter, colour = next(((type_[0], colour) for type_, colour in types.items()), ("P", ""))
    outcomes = [
        element(
            "li",
            element("span", f"{LETTERS[0]} {letter}{outcome.sign}", class_=f"m {colour} {_STATES.get(name, 'wrong')}"),
            element("span", element("b", name), f": {outcome.meaning}"),
        )
        for name, outcome in OUTCOMES.items()
    ]
    return filled("legend.html", lanes=lanes, letter=letter, colour=colour, outcomes=joined(outcomes))


def filters(systems: Sequence[str], types: Sequence[str]) -> Html:
    """The form, hidden until the script of the page is there to answer it."""
    lanes = [("gold", "gold"), *((letter, f"{letter} {name}") for letter, name in zip(LETTERS, systems, strict=False))]
    choices = (
        _choices("Lanes", "lane", lanes),
        _choices("Types", "type", [(type_, type_) for type_ in types]),
        _choices("Outcomes", "outcome", [(slug(name), name) for name in OUTCOMES]),
    )
    return filled("filters.html", choices=joined(choices))


def _choices(title: str, name: str, choices: Iterable[tuple[str, str]]) -> Html:
    boxes = (
        element("label", element("input", type="checkbox", name=name, value=value, checked=True), f" {words}")
        for value, words in choices
    )
    return element("fieldset", element("legend", title), element("div", *boxes, class_="boxes"))


def shown_documents(results: Sequence[Result], sentences: Sentences, places: Sequence[Place]) -> list[Html]:
    """These sentences of the documents, in the order of the text, with what the marks mean."""
    systems = [result.report.system for result in results]
    parts = _parts(results, sentences, places)
    labels = results[0].report.gold.labels
    types = labels.order({mark.type for part in parts for mark in part.marks})
    colours = colours_of(results)
    coloured = {type_: colours[type_] for type_ in types}
    missing = [element("p", line) for line in map(missing_line, (result.report for result in results)) if line]
    return [
        *_sample(results, sentences, places),
        *missing,
        legend(len(systems), coloured),
        element("div", key(coloured), filters(systems, types), class_="bar"),
        *folds(parts, systems),
    ]


def _parts(results: Sequence[Result], sentences: Sentences, places: Sequence[Place]) -> list[Part]:
    rows: dict[int, list[int]] = {}
    for document, row in sorted(places):
        rows.setdefault(document, []).append(row)

    def stretches(document: int, shown: Sequence[int]) -> list[tuple[int, int]] | None:
        own = sentences.rows[document]
        return None if len(shown) == len(own) else [(own[row].start, own[row].end) for row in shown]

    marks: Mapping[int, list[Mark]] = dict(
        marks_of(results, {document: stretches(document, shown) for document, shown in rows.items()})
    )
    return [
        part
        for document, shown in rows.items()
        for part in parts_of(
            results[0].cases[document].document,
            document + 1,
            marks[document],
            shown,
            len(sentences.rows[document]),
            len(results),
        )
    ]


def _sample(results: Sequence[Result], sentences: Sentences, places: Sequence[Place]) -> list[Html]:
    """What is shown, and what was left out; nothing where all sentences are shown."""
    if len(places) == sentences.total:
        return []
    report = results[0].report
    unit = sentences.word(report.unit_word("sentence"))
    line = (
        f"{len(places)} of {sentences.total} {unit}s are shown, drawn with seed {report.settings.seed}"
        f"{advice('{sample} shows N of them', sample='N')}. They are not representative: each system's errors of each "
        f"kind were drawn in turn, however rare they are. All other figures on this page are of all {unit}s."
    )
    every, shown = sentences.kinds(), sentences.kinds(set(places))
    rows = [(name, str(shown[name]), str(number)) for name, number in every.items() if number]
    title = f"{unit}s by kind of error; one with several kinds is counted in each"
    counts = html_table(table(title, ("with", "shown", "of"), rows))
    return [element("p", line, class_="sample"), fold("How many of each kind are shown", counts)]
