"""Tables for the terminal; plain text when the output is not one."""

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from tyez_bench.agreement import Agreement
from tyez_bench.render.numbers import figure
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.report import LABELS, Report


def table(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    file: TextIO,
    *,
    total: bool = False,
) -> None:
    """Print a table: the first column to the left, figures to the right; ``total`` sets the last row off."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    rows = [list(row) for row in rows]
    # SIMPLE_HEAD has rules of plain characters only: a pipe or a log shows the same table.
    drawn = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for number, name in enumerate(header):
        drawn.add_column(name, justify="left" if number == 0 else "right", no_wrap=True)
    for number, row in enumerate(rows):
        drawn.add_row(*row, style="bold" if total and number == len(rows) - 1 else None)
    # A pipe has no width: wide enough, so that no column is cut.
    console = Console(file=file, highlight=False, markup=False, width=None if file.isatty() else 120)
    console.print(drawn)


def print_report(report: Report, file: TextIO) -> None:
    """The scores of one system."""
    rows = [
        (
            name,
            figure(precision(counts)),
            figure(recall(counts)),
            figure(f1(counts)),
            str(counts.gold_right),
            str(counts.false_positives),
            str(counts.false_negatives),
            str(counts.gold),
        )
        for name, counts in report.rows()
    ]
    header = ("", "P", "R", "F1", "TP", "FP", "FN", "gold")
    table(report.system, header, rows, file, total=True)
    print(_gold_line(report), file=file)
    print(
        f"optional spans: {report.ignored.ignored_gold} in the gold, {report.ignored.ignored_predicted} predictions "
        f"ignored; micro F1 if they were required: {figure(f1(report.required.total))}",
        file=file,
    )
    _print_missing(report, file)


def print_reports(reports: Sequence[Report], file: TextIO) -> None:
    """F1 of several systems, side by side."""
    rows = []
    for report in reports:
        total = report.ignored.total
        per_type = [figure(f1(counts)) for _, counts in report.rows()[:-1]]
        rows.append(
            (
                report.system,
                figure(precision(total)),
                figure(recall(total)),
                figure(f1(total)),
                *per_type,
            )
        )
    header = ("system", "P", "R", "F1", *(f"F1 {label}" for label in LABELS))
    table("strict, micro over the four types; then F1 per type", header, rows, file)
    print(_gold_line(reports[0]), file=file)
    for report in reports:
        _print_missing(report, file)


def _gold_line(report: Report) -> str:
    version = f" {report.version}" if report.version else ""
    return (
        f"gold: {report.gold}{version}, sha256 {report.fingerprint[:12]}, {report.documents} documents; "
        "boundary and type exact, outermost layer, optional spans ignored"
    )


def _print_missing(report: Report, file: TextIO) -> None:
    if report.missing:
        print(
            f"{report.system}: no predictions for {', '.join(report.missing)}: counted as empty",
            file=file,
        )


def print_agreement(result: Agreement, file: TextIO) -> None:
    """The agreement of two passes."""
    rows: list[tuple[Any, ...]] = []
    for name in (*LABELS, "micro"):
        row = [name]
        for counts in (*result.exact.values(), *result.boundary.values()):
            row.append(
                figure(
                    f1(counts.total if name == "micro" else counts.rows[name])
                    if name == "micro" or name in counts.rows
                    else None
                )
            )
        rows.append(tuple(row))
    header = (
        "F1",
        "exact, outermost",
        "exact, all layers",
        "boundary, outermost",
        "boundary, all layers",
    )
    table(f"agreement of {result.a} and {result.b}", header, rows, file, total=True)
    shares = ((n, figure(s.value), str(s.equal), str(s.cases)) for n, s in result.attributes.items())
    table(
        "on spans with the same boundary and type",
        ("attribute", "agree", "equal", "cases"),
        shares,
        file,
    )
    print(f"Cohen's kappa over characters, outermost layer: {figure(result.kappa)}", file=file)
