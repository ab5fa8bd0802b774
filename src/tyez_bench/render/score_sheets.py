"""Reports as sheets: the headline with its uncertainty first, everything else below it and called secondary."""

from collections.abc import Sequence

from tyez_bench.render.numbers import bounds, figure, number
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.report import MICRO, Figures, Report
from tyez_bench.scoring.schemes import SCHEMES, Counts
from tyez_bench.scoring.signature import signature

LAYER_WORDS = {
    "outermost": "outermost layer",
    "nested": "nested layer",
    "all": "all layers",
}
OPTIONAL_WORDS = {
    "ignore": "optional spans ignored",
    "require": "optional spans required",
    "drop": "optional spans dropped",
}
UNIT_WORDS = {"sentence": "sentences", "document": "documents", "name": "names"}


def report_sheets(report: Report) -> list[Sheet]:
    """The scores of one system in full."""
    found = [_types(report), _schemes(report)]
    if report.tables.values:
        found.append(_values(report))
    return found


def _types(report: Report) -> Sheet:
    by_row = report.intervals()
    rows = [
        (
            name,
            *_prf(counts),
            bounds(by_row[name]["f1"]),
            number(counts.gold_right),
            number(counts.predicted - counts.predicted_right),
            number(counts.gold - counts.gold_right),
            str(counts.gold),
        )
        for name, counts in report.rows()
    ]
    header = ("", "P", "R", "F1", "95 %", "TP", "FP", "FN", "gold")
    notes = [
        headline_line(report),
        *reading_lines(report),
        gold_line(report),
        interval_line(report),
        missing_line(report),
    ]
    title = f"{report.system}: strict, by type"
    return sheet(title, header, rows, [*filter(None, notes), f"signature: {signature(report)}"])


def _schemes(report: Report) -> Sheet:
    rows = []
    for name in report.schemes:
        found = report.outcome(scheme=name)
        categories = ("",) * 5 if found is None else _categories(found)
        interval = report.intervals(name)[MICRO]["f1"]
        rows.append((name, *_prf(report.counts(scheme=name)), bounds(interval), *categories))
    if report.settings.optional == "ignore" and report.settings.matching == "position":
        rows.append(("strict, optional required", *_prf(report.required), "", *("",) * 5))
    if report.surfaces is not None:
        rows.append(("surface", *_prf(report.surfaces[MICRO]), bounds(report.surface_interval), *("",) * 5))
    for name, words in (("macro", "macro over types"), ("weighted", "weighted"), ("documents", "macro over documents")):
        rows.append((f"strict, {words}", *_figures(report.averages()[name]), "", *("",) * 5))
    header = ("micro", "P", "R", "F1", "95 %", "COR", "INC", "PAR", "MIS", "SPU")
    summaries = "; ".join(f"{name}: {SCHEMES[name].summary}" for name in report.schemes if name != "strict")
    notes = [summaries] if summaries else []
    if report.surfaces is not None:
        notes.append("surface: distinct (type, text) pairs in place of mentions")
    return sheet("secondary", header, rows, notes)


def _categories(found: object) -> tuple[str, ...]:
    return tuple(str(getattr(found, n)) for n in ("correct", "incorrect", "partial", "missed", "spurious"))


def _values(report: Report) -> Sheet:
    rows = [
        (type_, figure(found.accuracy), str(found.equal), str(found.both), str(found.pairs))
        for type_, found in report.tables.values.items()
    ]
    header = ("values", "accuracy", "equal", "both", "pairs")
    return sheet("values on pairs of the same boundary and type, where both sides carry one", header, rows)


def _prf(counts: Counts) -> tuple[str, str, str]:
    return figure(precision(counts)), figure(recall(counts)), figure(f1(counts))


def _figures(found: Figures) -> tuple[str, ...]:
    return tuple(figure(found[name]) for name in ("precision", "recall", "f1"))


def headline_line(report: Report) -> str:
    """The headline in one line, with its intervals."""
    drawn = bounds(report.intervals()[MICRO]["f1"])
    line = f"headline: strict micro F1 {figure(report.f1)}, 95 % {drawn} by {report.settings.unit}"
    if report.by_name is not None and report.settings.unit != "name":
        line += f", {bounds(report.by_name)} by name"
    return f"{line}; over {', '.join(report.types)}"


def reading_lines(report: Report) -> list[str]:
    """How the predictions were read: label map, coverage, and what was counted on the way."""
    lines = []
    notes = dict(report.notes)
    out_of_scope = notes.pop("out_of_scope", None)
    lines.append(f"labels: {report.labels}, which can express {', '.join(report.types) or 'none of the types'}")
    if out_of_scope:
        counted = ", ".join(f"{label} {count}" for label, count in sorted(out_of_scope.items()))
        lines.append(f"out of scope, ignored: {counted}")
    words = {
        "dropped": "overlapping predictions dropped",
        "repaired": "tags repaired",
        "broken_tags": "tags without a counterpart or a text, passed over",
        "moved": "spans moved by alignment",
        "lost": "spans lost by alignment",
        "edits": "edits between the copied texts and the gold's",
        "unlocated": "mentions not found in the text, spurious",
        "missing_sentences": "sentences without predictions, counted as empty",
    }
    counted_words = [f"{notes[key]} {said}" for key, said in words.items() if notes.get(key)]
    if counted_words:
        lines.append("; ".join(counted_words))
    ignored = report.columns()
    from tyez_bench.scoring.counts import Column

    gold, predicted = int(ignored[Column.IGNORED_GOLD]), int(ignored[Column.IGNORED_PREDICTED])
    if report.settings.optional == "ignore":
        lines.append(
            f"optional spans: {gold} in the gold, {predicted} predictions ignored; "
            f"micro F1 if they were required: {figure(f1(report.required))}"
        )
    elif predicted:
        lines.append(f"{predicted} predictions ignored")
    return lines


def gold_line(report: Report) -> str:
    """Which gold, and what counts of it."""
    version = f" {report.gold.version}" if report.gold.version else ""
    rule = {"position": "", "set": "; by text, as sets", "multiset": "; by text, as multisets"}
    how = f"{LAYER_WORDS[report.settings.layer]}, {OPTIONAL_WORDS[report.settings.optional]}"
    if report.settings.min_overlap:
        how += f"; an overlap is {report.settings.min_overlap} of a gold span's characters"
    return (
        f"gold: {report.gold.name}{version}, sha256 {report.gold.fingerprint[:12]}, "
        f"{report.tables.documents} documents; {how}{rule[report.settings.matching]}"
    )


def interval_line(report: Report) -> str:
    """What the intervals are."""
    unit, draws, seed = report.settings.unit, report.settings.draws, report.settings.seed
    units = len(report.tables.by(unit))
    words = UNIT_WORDS[unit] if report.settings.matching == "position" or unit != "sentence" else "samples"
    return f"95 %: bootstrap interval of F1, percentiles of {draws} draws of the {units} {words}, seed {seed}"


def missing_line(report: Report) -> str:
    """Documents without predictions; empty when there are none."""
    if not report.missing:
        return ""
    return f"{report.system}: no predictions for {', '.join(report.missing)}: counted as empty"


def several_sheet(reports: Sequence[Report]) -> Sheet:
    """Several systems side by side: strict F1 over the types that all can express, then by type."""
    from tyez_bench.scoring.comparison import check_comparable, common_types

    check_comparable(reports)
    types = common_types(reports)
    rows = []
    for report in reports:
        narrow = report if report.types == types else report.narrowed(types)
        per_type = [figure(report.figures(t)["f1"]) if t in report.types else "–" for t in _all_types(reports)]
        interval = narrow.intervals()[MICRO]["f1"]
        own = figure(report.f1) if any(r.types != types for r in reports) else None
        by_name = [bounds(narrow.by_name)] if report.tables.names is not None else []
        rows.append(
            (report.system, *_prf(narrow.counts()), bounds(interval), *by_name, *([own] if own else []), *per_type)
        )
    names = ["95 % by name"] if reports[0].tables.names is not None else []
    own_header = ["F1 own types"] if any(report.types != types for report in reports) else []
    header = ("system", "P", "R", "F1", "95 %", *names, *own_header, *(f"F1 {t}" for t in _all_types(reports)))
    title = f"strict micro over the types that all systems can express: {', '.join(types) or 'none'}; then F1 by type"
    notes = [gold_line(reports[0]), interval_line(reports[0]), *filter(None, map(missing_line, reports))]
    return sheet(title, header, rows, [*notes, *(f"{report.system}: {signature(report)}" for report in reports)])


def _all_types(reports: Sequence[Report]) -> list[str]:
    found = dict.fromkeys(t for report in reports for t in report.types)
    order = list(reports[0].tables.types)
    from tyez_bench.scoring.settings import LABELS

    return sorted(found, key=lambda t: LABELS.index(t) if t in LABELS else len(LABELS) + order.index(t))
