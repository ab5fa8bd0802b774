"""Reports as tables: the headline with its uncertainty first; several runs of one system."""

from collections.abc import Mapping, Sequence

from tyez_bench.gold.gold import NATIVE
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.errors import counted
from tyez_bench.report.reading import counted_words, marked, only_predicted_line, out_of_scope_words, reading_line
from tyez_bench.report.table import Table, bounds, figure, number, table
from tyez_bench.scoring.bootstrap import ENOUGH, Interval
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import MEASURES, SCHEMES, Counts, Spread, f1, precision, recall
from tyez_bench.scoring.scores import MICRO

LAYER_WORDS = {"outermost": "outermost layer", "nested": "nested layer", "all": "all layers"}
OPTIONAL_WORDS = {
    "ignore": "optional spans ignored",
    "require": "optional spans required",
    "drop": "optional spans dropped",
}


def report_tables(report: Report) -> list[Table]:
    """The scores of one system in full."""
    found = [_types(report), _schemes(report)]
    if report.tables.values:
        found.append(_values(report))
    return found


def _types(report: Report) -> Table:
    by_row = report.intervals()
    rows = [
        (
            marked(name, report.only_predicted),
            *_prf(counts),
            bounds(by_row[name]["f1"]),
            number(counts.right),
            number(counts.predicted - counts.right),
            number(counts.gold - counts.right),
            str(counts.gold),
        )
        for name, counts in report.rows()
    ]
    header = ("", "P", "R", "F1", "95 %", "TP", "FP", "FN", "gold")
    notes = [
        headline_line(report),
        *reading_lines(report),
        gold_line(report),
        only_predicted_line([report]),
        interval_line(report),
        *interval_notes({**by_row, **_drawn_by_name(report)}, report.without_interval()),
        missing_line(report),
    ]
    title = f"{report.system}: strict, by type"
    return table(title, header, rows, [*filter(None, notes), f"signature: {report.signature}"])


_CATEGORIES = ("correct", "incorrect", "partial", "missed", "spurious")


def _schemes(report: Report) -> Table:
    rows = []
    for name in report.schemes:
        found = report.outcome(scheme=name)
        categories = ("",) * 5 if found is None else tuple(str(getattr(found, one)) for one in _CATEGORIES)
        interval = report[name, MICRO].interval
        rows.append((name, *_prf(report.counts(scheme=name)), bounds(interval), *categories))
    if report.settings.optional == "ignore" and report.settings.matching == "position":
        rows.append(("strict, optional required", *_prf(report.required), "", *("",) * 5))
    if report.surfaces is not None:
        rows.append(("surface", *_prf(report.surfaces[MICRO]), bounds(report.surface_interval), *("",) * 5))
    averages = report.averages()
    for name, words in (("macro", "macro over types"), ("weighted", "weighted"), ("documents", "macro over documents")):
        rows.append((f"strict, {words}", *(figure(averages[name][measure]) for measure in MEASURES), "", *("",) * 5))
    header = ("micro", "P", "R", "F1", "95 %", "COR", "INC", "PAR", "MIS", "SPU")
    summaries = "; ".join(f"{name}: {SCHEMES[name].summary}" for name in report.schemes if name != "strict")
    notes = [summaries] if summaries else []
    if report.surfaces is not None:
        notes.append("surface: distinct (type, text) pairs in place of mentions")
        if report.without_surface_interval is not None:
            notes.append(f"surface has no interval: {report.without_surface_interval}")
    return table("secondary", header, rows, notes)


def _values(report: Report) -> Table:
    rows = [
        (type_, figure(found.accuracy), str(found.equal), str(found.both), str(found.pairs))
        for type_, found in report.tables.values.items()
    ]
    header = ("values", "accuracy", "equal", "both", "pairs")
    return table("values on pairs of the same boundary and type, where both sides carry one", header, rows)


def _prf(counts: Counts) -> tuple[str, str, str]:
    return figure(precision(counts)), figure(recall(counts)), figure(f1(counts))


def headline_line(report: Report) -> str:
    """The headline in one line, with its intervals."""
    drawn = bounds(report["strict", MICRO].interval)
    line = f"headline: strict micro F1 {figure(report.f1)}, 95 % {drawn} by {report.unit_word(report.settings.unit)}"
    if report.tables.names is not None and report.settings.unit != "name":
        line += f", {bounds(report.by_name)} by name"
        if report.by_name is None and report.f1 is not None:
            line += f" ({report.without_interval(unit='name')[MICRO]['f1']})"
    return f"{line}; over {', '.join(marked(type_, report.only_predicted) for type_ in report.types) or 'no types'}"


def reading_lines(report: Report) -> list[str]:
    """How the predictions were read: label map, coverage, and what was counted on the way."""
    can = [type_ for type_ in report.types if type_ not in report.only_predicted]
    alike = report.notes.get("maps_alike")
    others = f"; read alike by {', '.join(alike)}" if alike else ""
    lines = [f"labels: {report.labels}, which can express {', '.join(can) or 'none of the types'}{others}"]
    lines += filter(None, (out_of_scope_words(report.notes), counted_words(report.notes)))
    ignored = report.columns()
    from tyez_bench.scoring.counts import Count

    gold, predicted = int(ignored[Count.IGNORED_GOLD]), int(ignored[Count.IGNORED_PREDICTED])
    if report.settings.optional == "ignore":
        lines.append(
            f"optional spans: {gold} in the gold, {counted(predicted, 'prediction')} ignored; "
            f"micro F1 if they were required: {figure(f1(report.required))}"
        )
    elif predicted:
        lines.append(f"{counted(predicted, 'prediction')} ignored")
    return lines


def gold_line(report: Report) -> str:
    """Which gold, how it was read, and what counts of it."""
    version = f" {report.gold.version}" if report.gold.version else ""
    rule = {"position": "", "set": "; by text, as sets", "multiset": "; by text, as multisets"}
    gold = report.gold
    read = [] if gold.format == NATIVE else [f"format {gold.format}"]
    read += [] if gold.labels == shipped(BUILT_IN) else [f"label set {gold.labels.name}"]
    left_out = ", ".join(f"{label} {number}" for label, number in gold.out_of_scope.items())
    read += [f"out of scope: {left_out}"] if left_out else []
    read += [f"{counted(gold.rejected, 'rejected or ignored record')} left out"] if gold.rejected else []
    read += [f"{counted(gold.dropped, 'overlapping entity', 'overlapping entities')} dropped"] if gold.dropped else []
    read += [counted_words(gold.changed)] if gold.changed else []
    how = f"{LAYER_WORDS[report.settings.layer]}, {OPTIONAL_WORDS[report.settings.optional]}"
    if report.settings.min_overlap:
        how += f"; an overlap is {report.settings.min_overlap} of a gold span's characters"
    return (
        f"gold: {report.gold.name}{version}, sha256 {report.gold.fingerprint[:12]}, "
        f"{', '.join([*read, counted(report.tables.documents, 'document')])}; {how}{rule[report.settings.matching]}"
    )


def interval_line(report: Report) -> str:
    """What the intervals are."""
    unit, draws, seed = report.settings.unit, report.settings.draws, report.settings.seed
    units = report.tables.number(unit)
    of = counted(units, report.unit_word(unit))
    line = f"95 %: bootstrap interval of F1, percentiles of {draws} draws of the {of}, seed {seed}"
    return f"{line}; with so few it is rough and too narrow" if 1 < units < ENOUGH else line


def interval_notes(
    found: Mapping[str, Mapping[str, Interval | None]], reasons: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Why rows have no interval of F1, and what one without width does not say."""
    by_reason: dict[str, list[str]] = {}
    for row, why in reasons.items():
        if "f1" in why:
            by_reason.setdefault(why["f1"], []).append(row)
    notes = [f"no interval for {', '.join(rows)}: {why}" for why, rows in by_reason.items()]
    flat = [row for row, drawn in found.items() if (one := drawn["f1"]) is not None and without_width(one)]
    return [*notes, *width_note(flat)]


# How many rows a note names.
_NAMED = 30


def _drawn_by_name(report: Report) -> dict[str, dict[str, Interval | None]]:
    """The interval by name beside the headline, as that of a row."""
    beside = report.tables.names is not None and report.settings.unit != "name"
    return {f"{MICRO} by name": {"f1": report.by_name}} if beside else {}


def without_width(drawn: Interval | None) -> bool:
    """Whether an interval is a point."""
    return drawn is not None and drawn.high - drawn.low < 1e-9


def width_note(rows: Sequence[str]) -> list[str]:
    """What an interval that is a point means."""
    if not rows:
        return []
    named = ", ".join(first_of(rows))
    return [f"intervals without width ({named}): no draw differs, which says nothing certain about other texts"]


def first_of(rows: Sequence[str]) -> list[str]:
    """The rows that a note names, in a line that can be read: there may be one for each of many documents."""
    more = len(rows) - _NAMED
    return [*rows[:_NAMED], f"and {more} more"] if more > 0 else list(rows)


def missing_line(report: Report) -> str:
    """Documents without predictions; empty when there are none."""
    if not report.missing:
        return ""
    called = [report.gold.places.get(id_, id_) for id_ in report.missing]
    return f"{report.system}: no predictions for {', '.join(first_of(called))}: counted as empty"


def read_lines(reports: Sequence[Report]) -> list[str]:
    """What was left out or changed when the predictions of several systems were read, and what they lack."""
    lines = [line for r in reports for line in (reading_line(r.system, r.notes), missing_line(r))]
    return list(filter(None, lines))


def several_table(reports: Sequence[Report]) -> Table:
    """Several systems side by side: strict F1 over the types that all can express, then by type."""
    from tyez_bench.scoring.comparison import check_comparable, common_types

    check_comparable(reports)
    types = common_types(reports)
    rows, without, flat = [], [], []
    for report in reports:
        narrow = report if report.types == types else report.narrowed(types)
        per_type = [figure(report.figures(t)["f1"]) if t in report.types else "–" for t in _all_types(reports)]
        whole = narrow["strict", MICRO]
        interval = whole.interval
        if interval is None:
            without.append(f"{report.system} has no interval: {whole.reasons['f1']}")
        elif narrow.tables.names is not None and narrow.by_name is None:
            why = narrow.without_interval(unit="name")[MICRO]["f1"]
            without.append(f"{report.system} has no interval by name: {why}")
        if without_width(interval):
            flat.append(report.system)
        if narrow.tables.names is not None and without_width(narrow.by_name):
            flat.append(f"{report.system} by name")
        own = figure(report.f1) if any(r.types != types for r in reports) else None
        by_name = [bounds(narrow.by_name)] if report.tables.names is not None else []
        rows.append(
            (report.system, *_prf(narrow.counts()), bounds(interval), *by_name, *([own] if own else []), *per_type)
        )
    only_predicted = {label for report in reports for label in report.only_predicted}
    names = ["95 % by name"] if reports[0].tables.names is not None else []
    own_header = ["F1 own types"] if any(report.types != types for report in reports) else []
    header = (
        "system",
        "P",
        "R",
        "F1",
        "95 %",
        *names,
        *own_header,
        *(f"F1 {marked(t, only_predicted)}" for t in _all_types(reports)),
    )
    over = ", ".join(marked(type_, only_predicted) for type_ in types)
    title = f"strict micro over the types that all systems can express: {over or 'none'}; then F1 by type"
    starred = filter(None, [only_predicted_line(reports)])
    notes = [
        gold_line(reports[0]),
        *starred,
        interval_line(reports[0]),
        *without,
        *width_note(flat),
        *read_lines(reports),
    ]
    return table(title, header, rows, [*notes, *(f"{report.system}: {report.signature}" for report in reports)])


def _all_types(reports: Sequence[Report]) -> list[str]:
    found = dict.fromkeys(t for report in reports for t in report.types)
    return list(reports[0].gold.labels.order(found))


def spread_table(name: str, reports: Sequence[Report]) -> Table:
    """Mean, lowest and highest of each figure over runs of the system ``name``."""
    from tyez_bench.scoring.comparison import spread

    found = spread(reports)
    rows = [(row, *(cell for measure in MEASURES for cell in _cells(found[row][measure]))) for row in found]
    header = ("", "P", "range", "R", "range", "F1", "range")
    notes = (
        gold_line(reports[0]),
        "range: the lowest and the highest run; – where a figure is undefined in one of the runs",
    )
    return table(f"{name}: strict, mean over {len(reports)} runs", header, rows, notes)


def _cells(found: Spread | None) -> tuple[str, str]:
    return (figure(None), "") if found is None else (figure(found.mean), f"{figure(found.low)}–{figure(found.high)}")
