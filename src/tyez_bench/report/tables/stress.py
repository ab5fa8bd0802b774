"""The stress suite as tables: a line a capability, the worst one named, and no average over them."""

from collections.abc import Mapping, Sequence
from statistics import median

from tyez_bench.model.errors import counted
from tyez_bench.report.json import NO_COMMON_TYPE
from tyez_bench.report.reading import counted_words, out_of_scope_words
from tyez_bench.report.table import Table, bounds, figure, p_value, signed_bounds, table
from tyez_bench.report.tables.comparisons import reason_notes
from tyez_bench.report.tables.scores import width_note, without_width
from tyez_bench.scoring.bootstrap import ENOUGH
from tyez_bench.scoring.comparison import Comparison
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.significance import DETECTABLE
from tyez_bench.stress.capability import CaseKind, without_marks
from tyez_bench.stress.rates import CapabilityRow, F1s, RateDifference, detectable, worst
from tyez_bench.stress.suite import Suite, signature_of
from tyez_bench.stress.verdicts import Renamed, Verdict, required


def stress_table(suite: Suite, report: Report, rows: Sequence[CapabilityRow], renamed: Renamed | None) -> Table:
    """Pass rate of each capability with its interval, by kind of test, and strict F1."""
    cells = []
    for row in rows:
        kinds = [figure(row.kinds[kind].value) for kind in CaseKind]
        moved = (figure(row.before.value), figure(row.consistent.value))
        cells.append(
            (
                row.capability,
                str(row.rate.cases),
                figure(row.rate.value),
                bounds(row.rate.interval),
                *kinds,
                *moved,
                figure(row.f1),
                bounds(row.f1_interval),
            )
        )
    header = (
        *("capability", "cases", "passed", "95 %", "mft", "directional", "invariance", "before", "consistent"),
        *("F1", "95 % of F1"),
    )
    lowest = worst(rows)
    notes = []
    if lowest is not None:
        notes.append(f"worst: {lowest.capability}, {figure(lowest.rate.value)} of {lowest.rate.cases} cases passed")
    if report.missing:
        notes.append(f"no predictions for {len(report.missing)} of {len(suite.gold)} texts: counted as empty")
    notes += filter(None, (out_of_scope_words(report.notes), counted_words(report.notes)))
    if renamed is not None:
        notes.append(
            f"known names: recall {figure(renamed.before)} of names of the page, {figure(renamed.after)} of others in "
            f"their place ({renamed.difference:+.3f}, 95 % {signed_bounds(renamed.interval)}, "
            f"{counted(renamed.spans, 'span')} of {counted(renamed.sentences, 'sentence')}"
            f"{f'; {renamed.reason}' if renamed.reason else ''})"
        )
    told = [(row.capability, row.rate.reason or row.f1_reason) for row in rows]
    notes += [
        *reason_notes(told),
        *width_note([row.capability for row in rows if without_width(row.rate.interval)]),
        "passed: every span exactly right, in both texts of a directional or invariance case; before: the first text "
        "of an invariance alone; consistent: both answers name the same, right or wrong",
        f"cases: those that ask for something of {', '.join(report.types)}, or for nothing; 95 %: drawn by template",
        f"suite: seed {suite.seed}, {counted(len(suite.cases), 'case')}, sha256 {suite.gold.fingerprint[:12]}",
        f"signature: {signature_of(report)}",
    ]
    return table(f"{report.system}: stress suite", header, cells, notes)


def together_table(title: str, found: Mapping[str, Sequence[CapabilityRow]]) -> Table:
    """Pass rates of several systems side by side, with the number of cases; no average over the lines.

    A star marks the lowest of each system.
    """
    lowest = {system: worst(rows) for system, rows in found.items()}
    lines = []
    for rows in zip(*found.values(), strict=True):
        cells = [
            f"{figure(row.rate.value)} of {row.rate.cases}{'*' * (row is lowest[system])}"
            for system, row in zip(found, rows, strict=True)
        ]
        lines.append((rows[0].capability, *cells))
    notes = ("pass rates of the cases that ask for something that the system's labels can express; a star: its lowest",)
    return table(title, ("capability", *found), lines, notes)


def f1_table(title: str, found: Mapping[str, Sequence[CapabilityRow]]) -> Table:
    """Strict F1 of several systems side by side, over the texts of each capability, with its interval."""
    lines = [
        (rows[0].capability, *(f"{figure(row.f1)} ({bounds(row.f1_interval)})" for row in rows))
        for rows in zip(*found.values(), strict=True)
    ]
    return table(title, ("capability", *found), lines)


def renamed_table(title: str, found: Mapping[str, Renamed | None]) -> Table:
    """Recall of names of the page, and of the names put in their place."""
    lines = [
        (
            system,
            str(one.spans),
            figure(one.before),
            figure(one.after),
            f"{one.difference:+.3f}",
            signed_bounds(one.interval),
        )
        for system, one in found.items()
        if one is not None
    ]
    return table(title, ("system", "spans", "of the page", "others", "difference", "95 %"), lines)


def stress_power_table(rates: Sequence[Sequence[RateDifference]], f1: Sequence[F1s]) -> Table:
    """By capability, the smallest differences of pass rates and of F1 that pairs of systems could show."""
    passed, scored = detectable(rates), detectable(f1)
    rows = [
        (capability, *_spread(passed.get(capability, [])), *_spread(scored.get(capability, [])))
        for capability in dict.fromkeys([*passed, *scored])
    ]
    note = (
        f"{DETECTABLE:.2f} × the standard deviation of the difference over paired draws by template: the smallest, the "
        f"median and the largest of the pairs of systems with {ENOUGH} templates or more whose difference is not the "
        "same in every draw"
    )
    title = "smallest difference of pass rates, and of F1, found with 80 % power at 5 % two-sided"
    header = ("capability", "pairs", "passed", "median", "largest", "pairs", "F1", "median", "largest")
    return table(title, header, rows, [note])


def _spread(values: Sequence[float]) -> tuple[str, ...]:
    if not values:
        return "0", "–", "–", "–"
    return str(len(values)), figure(min(values)), figure(median(values)), figure(max(values))


def failures_table(found: Sequence[Verdict], predicted: dict[str, list[tuple[int, int, str]]], number: int) -> Table:
    """The first failures of each capability: template, text, what was asked and what was answered."""
    rows: list[tuple[str, ...]] = []
    shown: dict[str, int] = {}
    for verdict in found:
        if verdict.passed is not False or shown.get(verdict.case.capability, 0) >= number:
            continue
        shown[verdict.case.capability] = shown.get(verdict.case.capability, 0) + 1
        # Of two texts both, since the failure may be in what lies between them.
        for text, right in zip(verdict.case.texts, verdict.right, strict=True):
            wanted = ", ".join(f"{e.type} {e.text}" for e in required(text)) or "–"
            given = ", ".join(f"{label} {text.text[s:e]}" for s, e, label in predicted.get(text.id, ())) or "–"
            fills = "; ".join(f"{name}={without_marks(value)}" for name, value in verdict.case.fills.items()) or "–"
            rows.append((text.id, "right" if right else "wrong", text.text, wanted, given, fills))
    return table("failures", ("case", "", "text", "gold", "predicted", "fills"), rows, words=6)


def differences_table(one: str, other: str, types: Sequence[str], found: Sequence[RateDifference], f1: F1s) -> Table:
    """Two systems on the types that both have, capability by capability: pass rates, and F1."""
    rows = [
        (
            row.capability,
            f"{row.difference:+.3f}",
            signed_bounds(row.interval),
            p_value(row.p),
            p_value(row.holm),
            figure(row.detectable),
            *_f1(f1[row.capability]),
        )
        for row in found
    ]
    header = ("capability", "passed", "95 %", "p", "p (Holm)", "smallest", "F1", "95 %", "p", "p (Holm)", "smallest")
    if not types:
        return table(f"{other} − {one}", (), (), (f"not compared: {NO_COMMON_TYPE}",))
    reasons = [(row.capability, row.reason or f1[row.capability].reason) for row in found]
    notes = (
        f"differences over {', '.join(types)}, of pass rates of the cases that both are asked, and of F1 of all texts; "
        "paired by template; p: approximate randomisation, then with Holm's correction over the capabilities",
        f"smallest: what is found with 80 % power at 5 % two-sided, {DETECTABLE:.2f} standard deviations",
        *reason_notes(reasons),
    )
    return table(f"{other} − {one}", header, rows, notes)


def _f1(pair: Comparison) -> tuple[str, ...]:
    if pair.difference is None:
        return ("–",) * 5
    return (
        f"{pair.difference:+.3f}",
        signed_bounds(pair.interval),
        p_value(pair.randomisation),
        p_value(pair.holm),
        figure(pair.detectable),
    )
