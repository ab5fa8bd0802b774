"""Comparisons, power, errors, slices and structure as tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import counted
from tyez_bench.report.reading import marked, only_predicted_line
from tyez_bench.report.table import Table, bounds, figure, number, p_value, signed_bounds, table
from tyez_bench.report.tables.scores import first_of, gold_line, read_lines, width_note, without_width
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import Counts, f1, precision, recall
from tyez_bench.scoring.spans import TypedSpan

if TYPE_CHECKING:
    # numpy is slow to import.
    from tyez_bench.scoring.comparison import Comparison
    from tyez_bench.scoring.diagnosis import DiagnosedError, Diagnosis
    from tyez_bench.scoring.slices import Slice

# How much of the text stands on either side of an example.
_CONTEXT = 12


def comparison_table(comparisons: Sequence["Comparison"], reports: Sequence[Report], draws: int) -> Table:
    """Every pair of systems, with the difference of F1 and what the tests say of it."""
    from tyez_bench.scoring.bootstrap import ENOUGH
    from tyez_bench.scoring.comparison import common_types
    from tyez_bench.scoring.significance import LEVEL

    rows = [
        (
            f"{pair.b} − {pair.a}",
            "–" if pair.difference is None else f"{pair.difference:+.3f}",
            signed_bounds(pair.interval),
            *(p_value(p) for p in (pair.randomisation, pair.holm, pair.bootstrap)),
        )
        for pair in comparisons
    ]
    header = ("difference of F1", "", "95 %", "p", "p (Holm)", "p (bootstrap)")
    only_predicted = {label for report in reports for label in report.only_predicted}
    types = ", ".join(marked(type_, only_predicted) for type_ in common_types(reports))
    unit = reports[0].unit_word(reports[0].settings.unit)
    note = (
        f"p: approximate randomisation, {draws} swaps, then with Holm's correction for "
        f"{counted(len(comparisons), 'pair')}; 95 % and p (bootstrap): {draws} paired draws"
    )
    notes = [note, *reason_notes([(f"{pair.b} − {pair.a}", pair.reason) for pair in comparisons])]
    for pair in comparisons:
        # Fewer units in all are a reason of their own.
        if pair.units >= ENOUGH and pair.differing and (pair.least or 0) >= LEVEL:
            notes.append(
                f"{pair.b} − {pair.a}: they differ in {counted(pair.differing, unit)}, "
                f"so p can't get below {pair.least:g}"
            )
    return table(f"strict micro F1 over {types}, paired by {unit}", header, rows, [*notes, *_how_read(reports)])


def _how_read(reports: Sequence[Report]) -> list[str]:
    return [*filter(None, [gold_line(reports[0]), only_predicted_line(reports)]), *read_lines(reports)]


def reason_notes(reasons: Iterable[tuple[str, str | None]]) -> list[str]:
    """Why figures are not told, a line a reason with all that it is about."""
    by_reason: dict[str, list[str]] = {}
    for name, reason in reasons:
        if reason is not None:
            by_reason.setdefault(reason, []).append(name)
    return [f"–: {'; '.join(first_of(names))}: {reason}" for reason, names in by_reason.items()]


def power_table(comparisons: Sequence["Comparison"], reports: Sequence[Report], draws: int) -> Table:
    """The smallest difference of F1 that each pair of systems could show."""
    from tyez_bench.scoring.significance import DETECTABLE

    rows = [(f"{pair.a}, {pair.b}", figure(pair.deviation), figure(pair.detectable)) for pair in comparisons]
    found = [pair.detectable for pair in comparisons if pair.detectable is not None]
    unit = reports[0].unit_word(reports[0].settings.unit)
    notes = [f"{DETECTABLE:.2f} × the standard deviation of the difference of F1 over {draws} paired draws by {unit}"]
    if found:
        notes.insert(
            0,
            f"two systems must differ by {min(found):.3f} to {max(found):.3f} of F1 "
            "to be told apart in 80 % of the cases",
        )
    notes += reason_notes([(f"{pair.a}, {pair.b}", pair.reason) for pair in comparisons])
    title = "smallest difference of strict micro F1 found with 80 % power at 5 % two-sided"
    return table(title, ("systems", "deviation", "smallest"), rows, [*notes, *_how_read(reports)])


def error_tables(report: Report, diagnosis: "Diagnosis", gold: Gold, number: int) -> list[Table]:
    """Kinds of errors with the F1 that fixing them would give, the confusion matrix, examples in context."""
    kinds = [
        (
            name,
            str(kind.errors),
            str(kind.false_negatives),
            str(kind.false_positives),
            figure(kind.fixed),
            "–" if kind.fixed is None or report.f1 is None else f"{kind.fixed - report.f1:+.3f}",
        )
        for name, kind in diagnosis.kinds.items()
    ]
    header = ("error", "number", "FN", "FP", "F1 if fixed", "gain")
    names = list(diagnosis.confusion)
    matrix = [(one, *(str(diagnosis.confusion[one][other]) for other in names)) for one in names]
    notes = []
    if report.settings.matching == "set":
        notes = ["errors, FN and FP are counted by position, F1 by text, as sets"]
    found = [
        table(f"{report.system}: errors", header, kinds, notes),
        table("gold (rows) and predictions (columns) that share a character; ∅: no partner", ("", *names), matrix),
    ]
    if number:
        examples = [_example(error, gold) for error in diagnosis.errors[:number]]
        shown = f"first {len(examples)} of {len(diagnosis.errors)} errors; [gold] and {{prediction}}"
        found.append(table(shown, ("document", "error", "in context", "gold", "predicted", "rule"), examples, words=6))
    return found


def _example(error: "DiagnosedError", gold: Gold) -> tuple[str, ...]:
    text = gold[error.document].text
    return (
        f"{error.document}:{error.start}",
        error.kind,
        in_context(text, error.gold, error.predicted),
        "; ".join(f"{span.type} {text[span.start : span.end]}" for span in error.gold) or "–",
        "; ".join(f"{span.type} {text[span.start : span.end]}" for span in error.predicted) or "–",
        ", ".join(dict.fromkeys(error.rules)) or "–",
    )


def in_context(text: str, gold: Sequence[TypedSpan], predicted: Sequence[TypedSpan]) -> str:
    """The spans in their text, gold in square brackets and predictions in braces."""
    spans = [*gold, *predicted]
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    marks: dict[int, list[str]] = {}
    for side, (opening, closing) in ((gold, "[]"), (predicted, "{}")):
        for span in side:
            if span.start < span.end:
                marks.setdefault(span.start, []).append(opening)
                marks.setdefault(span.end, []).insert(0, closing)
    begin, end = max(0, first - _CONTEXT), min(len(text), last + _CONTEXT)
    shown = []
    for position in range(begin, end + 1):
        # What ends here is closed before anything is opened.
        shown.extend(sorted(marks.get(position, ()), key="]}{[".index))
        if position < end:
            shown.append("⏎" if text[position] == "\n" else text[position])
    return ("…" if begin else "") + "".join(shown) + ("…" if end < len(text) else "")


def slice_tables(system: str, slices: Sequence["Slice"]) -> list[Table]:
    """A table for each property."""
    found = []
    for name in dict.fromkeys(part.name for part in slices):
        rows = []
        for part in slices:
            if part.name != name:
                continue
            figures = part.figures
            main = "recall" if part.gold_only else "f1"
            rows.append(
                (
                    part.value,
                    figure(figures.get("precision")) if not part.gold_only else "",
                    figure(figures["recall"]),
                    figure(figures["f1"]) if not part.gold_only else "",
                    bounds(part.intervals[main]),
                    str(part.support),
                )
            )
        notes = reason_notes(
            (part.value, part.reasons.get("recall" if part.gold_only else "f1")) for part in slices if part.name == name
        )
        flat = [part for part in slices if part.name == name]
        notes += width_note([p.value for p in flat if without_width(p.intervals["recall" if p.gold_only else "f1"])])
        interval = "95 % of R" if all(part.gold_only for part in slices if part.name == name) else "95 % of F1"
        found.append(table(f"{system}: by {name}", (name, "P", "R", "F1", interval, "gold"), rows, notes))
    return found


if TYPE_CHECKING:
    # numpy is slow to import.
    from tyez_bench.scoring.bootstrap import Interval
    from tyez_bench.scoring.structure import Answers, Structure

_HEADER = ("P", "R", "F1", "95 %", "TP", "FP", "FN")
_ENDS = {"strict": "ends right", "type": "ends overlap, same type"}
_FAULTS = {
    "empty": "not read: empty",
    "broken": "not read: JSON that is broken or of no known form",
    "no_copy": "not read: words that are not a copy of the text",
    "broken_tags": "tags without a counterpart or a text",
    "offsets": "names with offsets, which were ignored",
    "edits": "edits between the copied texts and the gold's",
    "unlocated": "mentions not found in the text",
}


def structure_tables(system: str, structure: "Structure") -> list[Table]:
    """Scores by depth; edges; and a model's answers, where there are some."""
    depths = [
        (str(depth), *_cells(found.counts, found.intervals), str(found.counts.gold))
        for depth, found in structure.depths.items()
    ]
    edges = [
        (_ENDS[name], *_cells(found.counts, found.intervals), str(found.both_found), str(found.misattached))
        for name, found in structure.edges.items()
    ]
    tables = [
        table(
            f"{system}: strict, by depth",
            ("depth", *_HEADER, "gold"),
            depths,
            [
                "depth: 1 + the number of entities around; a pair stands at the gold span's depth",
                *reason_notes((f"depth {depth}", found.reasons.get("f1")) for depth, found in structure.depths.items()),
            ],
        ),
        table(
            f"{system}: nesting",
            ("edges", *_HEADER, "both found", "misattached"),
            edges,
            [
                "an edge joins an entity and what lies directly inside it",
                "both found: gold edges with both ends found",
                "misattached: predicted edges between gold spans that were both found, which the gold does not have",
                *reason_notes((_ENDS[name], found.reasons.get("f1")) for name, found in structure.edges.items()),
            ],
        ),
    ]
    return tables if structure.answers is None else [*tables, _answers(system, structure.answers)]


def _cells(counts: Counts, drawn: "Mapping[str, Interval | None]") -> tuple[str, ...]:
    return (
        figure(precision(counts)),
        figure(recall(counts)),
        figure(f1(counts)),
        bounds(drawn["f1"]),
        number(counts.right),
        number(counts.predicted - counts.right),
        number(counts.gold - counts.right),
    )


def _answers(system: str, answers: "Answers") -> Table:
    rows = [
        ("all", str(answers.number)),
        ("not read", str(answers.unread)),
        ("share read", figure(answers.rate)),
        *((_FAULTS[name], str(found)) for name, found in answers.faults.items()),
    ]
    return table(f"{system}: answers", ("answers", "number"), rows)
