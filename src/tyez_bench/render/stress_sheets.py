"""The stress suite as sheets: a line a capability, the worst one named, and no average over them."""

from collections.abc import Sequence

from tyez_bench.render.numbers import bounds, figure, p_value, signed_bounds
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.scoring.comparison import DETECTABLE
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.signature import signature
from tyez_bench.stress.capability import Kind
from tyez_bench.stress.outcomes import Outcome, required
from tyez_bench.stress.rates import Difference, Row
from tyez_bench.stress.suite import Suite


def stress_sheet(suite: Suite, report: Report, rows: Sequence[Row]) -> Sheet:
    """Pass rate of each capability with its interval, by kind of test, and strict F1."""
    cells = []
    for row in rows:
        kinds = [figure(row.kinds[kind].value) for kind in Kind]
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
    told = [row for row in rows if row.rate.value is not None]
    notes = []
    if told:
        worst = min(told, key=lambda row: row.rate.value or 0.0)
        notes.append(f"worst: {worst.capability}, {figure(worst.rate.value)} of {worst.rate.cases} cases passed")
    notes += [
        "passed: every span exactly right, in both texts of a directional or invariance case; before: the first text "
        "of an invariance alone; consistent: both answers name the same, right or wrong",
        f"cases: those that ask for something of {', '.join(report.types)}, or for nothing; 95 %: drawn by template",
        f"suite: seed {suite.seed}, {len(suite.cases)} cases, sha256 {suite.gold.fingerprint[:12]}",
        f"signature: {signature(report)}",
    ]
    return sheet(f"{report.system}: stress suite", header, cells, notes)


def failures_sheet(found: Sequence[Outcome], predicted: dict[str, list[tuple[int, int, str]]], number: int) -> Sheet:
    """The first failures of each capability: template, text, what was asked and what was answered."""
    rows: list[tuple[str, ...]] = []
    shown: dict[str, int] = {}
    for outcome in found:
        if outcome.passed is not False or shown.get(outcome.case.capability, 0) >= number:
            continue
        shown[outcome.case.capability] = shown.get(outcome.case.capability, 0) + 1
        for text, right in zip(outcome.case.texts, outcome.right, strict=True):
            if not right:
                wanted = ", ".join(f"{e.type} {e.text}" for e in required(text)) or "–"
                given = ", ".join(f"{label} {text.text[s:e]}" for s, e, label in predicted.get(text.id, ())) or "–"
                fills = "; ".join(f"{name}={value}" for name, value in outcome.case.fills.items()) or "–"
                rows.append((text.id, text.text, wanted, given, fills))
    return sheet("failures", ("case", "text", "gold", "predicted", "fills"), rows, words=5)


def differences_sheet(one: str, other: str, found: Sequence[Difference]) -> Sheet:
    """Two systems, capability by capability."""
    rows = [
        (
            row.capability,
            f"{row.difference:+.3f}",
            signed_bounds(row.interval),
            p_value(row.p),
            p_value(row.holm),
            figure(DETECTABLE * row.deviation),
        )
        for row in found
    ]
    header = ("capability", "difference", "95 %", "p", "p (Holm)", "smallest")
    notes = (
        "difference of pass rates, paired by template, over the cases that ask something of both",
        f"smallest: what is found with 80 % power at 5 % two-sided, {DETECTABLE:.2f} standard deviations",
    )
    return sheet(f"{other} − {one}", header, rows, notes)
