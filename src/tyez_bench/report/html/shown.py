"""The section of the documents: the sentences that are shown, the legend, and how the shown ones were drawn."""

from collections.abc import Mapping, Sequence

from tyez_bench.model.hints import advice
from tyez_bench.report.html.documents import Part, folds, parts_of
from tyez_bench.report.html.elements import Html, element
from tyez_bench.report.html.filters import filters, key, legend
from tyez_bench.report.html.marks import Mark, Result, colours_of, marks_of
from tyez_bench.report.html.sample import Place, Sentences
from tyez_bench.report.html.tables import fold, html_table
from tyez_bench.report.table import table
from tyez_bench.report.tables.scores import missing_line


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
        *_drawn(results, sentences, places),
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


def _drawn(results: Sequence[Result], sentences: Sentences, places: Sequence[Place]) -> list[Html]:
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
