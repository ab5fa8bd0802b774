"""Labels that predictions alone have: their star in a table, and the line that says what it stands for."""

from collections.abc import Collection, Sequence

from tyez_bench.hints import advice
from tyez_bench.scoring.report import Report


def marked(label: str, only_predicted: Collection[str]) -> str:
    """A label for a table, with a star where predictions alone have it."""
    return f"{label} *" if label in only_predicted else label


def only_predicted_line(reports: Sequence[Report]) -> str:
    """What the star stands for, with the numbers of predictions; empty without any."""
    found = {report.system: report.only_predicted for report in reports if report.only_predicted}
    counts = [", ".join(f"{label} {number}" for label, number in labels.items()) for labels in found.values()]
    said = counts if len(reports) == 1 else [f"{name}: {line}" for name, line in zip(found, counts, strict=True)]
    return f"* only predicted, no label of the gold: {'; '.join(said)}{_unmatched(reports)}" if said else ""


def _unmatched(reports: Sequence[Report]) -> str:
    """Labels of the gold that a system never has, which has others: one may be the other by another name."""
    never = {
        label
        for report in reports
        if report.only_predicted
        for label in report.types
        if label not in report.only_predicted and not report.counts(label).predicted
    }
    if not never:
        return ""
    return f"; never predicted: {', '.join(reports[0].gold.labels.order(never))}" + advice(
        "{labels} reads one as the other", labels="FILE"
    )
