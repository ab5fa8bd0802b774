"""Which sentences of a large gold set the page shows: drawn, with every kind of error among them.

In turn one sentence comes from those with each kind of error of each system, one from those in which all is right,
and one from those without any span; the turns and the sentences are shuffled with the seed. So a rare error is there
as soon as a common one, and the first N of the order are the sample of N, whatever N is.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from tyez_bench.report.html.lanes import Row, rows_of
from tyez_bench.report.html.marks import LETTERS, Result
from tyez_bench.report.html.outcomes import ERRORS

ALL_RIGHT = "all right"
NO_SPAN = "no span"

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
