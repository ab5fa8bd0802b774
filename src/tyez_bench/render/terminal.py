"""Tables for the terminal; plain text when the output is not one."""

from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING, TextIO

from tyez_bench.agreement import Agreement
from tyez_bench.errors import one_line
from tyez_bench.render.numbers import bounds, figure, p_value, signed_bounds
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.report import LABELS, Report

# Wide enough for every table, so that none is cut; a narrower terminal wraps the lines.
_WIDTH = 120


if TYPE_CHECKING:
    # numpy is slow to import, and scoring without intervals does not need it.
    from tyez_bench.scoring.comparison import Comparison


def table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], file: TextIO) -> None:
    """Print a table in plain characters: the first column to the left, figures to the right."""
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table

    rows = [[one_line(cell) for cell in row] for row in rows]
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(header):
        drawn.add_column(name, justify="left" if number == 0 else "right", no_wrap=True)
    for row in rows:
        drawn.add_row(*row)
    # As wide as it must be, so that no figure is cut; a narrower terminal wraps the lines.
    columns = zip(header, *rows, strict=True)
    width = sum(max(cell_len(cell) for cell in column) + 3 for column in columns)
    # Drawn into a string: rich would end the process itself when the reader of a pipe goes away.
    canvas = StringIO()
    Console(file=canvas, highlight=False, markup=False, emoji=False, width=width).print(drawn)
    print(one_line(title), file=file)
    for line in canvas.getvalue().splitlines():
        if line.strip():
            print(line.rstrip(), file=file)


def reports_text(reports: Sequence[Report]) -> str:
    """The scores of one system in full, of several side by side."""
    out = StringIO()
    if len(reports) == 1:
        print_report(reports[0], out)
    else:
        print_reports(reports, out)
    return out.getvalue()


def print_report(report: Report, file: TextIO) -> None:
    """The scores of one system."""
    rows = [
        (
            name,
            figure(precision(counts)),
            figure(recall(counts)),
            figure(f1(counts)),
            bounds(report.intervals[name]["f1"]),
            str(counts.gold_right),
            str(counts.false_positives),
            str(counts.false_negatives),
            str(counts.gold),
        )
        for name, counts in report.rows()
    ]
    header = ("", "P", "R", "F1", "95 %", "TP", "FP", "FN", "gold")
    table(report.system, header, rows, file)
    print(_gold_line(report), file=file)
    print(_interval_line(report), file=file)
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
                bounds(report.intervals["micro"]["f1"]),
                *per_type,
            )
        )
    header = ("system", "P", "R", "F1", "95 %", *(f"F1 {label}" for label in LABELS))
    table("strict, micro over the four types; then F1 per type", header, rows, file)
    print(_gold_line(reports[0]), file=file)
    print(_interval_line(reports[0]), file=file)
    for report in reports:
        _print_missing(report, file)


def print_comparisons(comparisons: Sequence["Comparison"], file: TextIO) -> None:
    """Every pair of systems, with the difference of F1 and what the tests say of it."""
    from tyez_bench.scoring.comparison import NUMBER

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
    table("strict micro F1, paired by sentence", header, rows, file)
    print(
        f"p: approximate randomisation, {NUMBER} swaps, then with Holm's correction for {len(comparisons)} "
        f"pair{'s' if len(comparisons) > 1 else ''}; 95 % and p (bootstrap): {NUMBER} paired draws",
        file=file,
    )


def _gold_line(report: Report) -> str:
    version = f" {report.version}" if report.version else ""
    return one_line(
        f"gold: {report.gold}{version}, sha256 {report.fingerprint[:12]}, {report.documents} documents; "
        "boundary and type exact, outermost layer, optional spans ignored"
    )


def _interval_line(report: Report) -> str:
    from tyez_bench.scoring.resampling import NUMBER, SEED

    drawn = f"percentiles of {NUMBER} draws of the {len(report.units)} sentences, seed {SEED}"
    return f"95 %: bootstrap interval of F1, {drawn}"


def _print_missing(report: Report, file: TextIO) -> None:
    if report.missing:
        missing = f"{report.system}: no predictions for {', '.join(report.missing)}: counted as empty"
        print(one_line(missing), file=file)


def print_agreement(result: Agreement, file: TextIO) -> None:
    """The agreement of two passes."""
    columns = [*result.exact.values(), *result.boundary.values()]
    rows = [(label, *(figure(f1(counts.row(label))) for counts in columns)) for label in LABELS]
    rows.append(("micro", *(figure(f1(counts.total)) for counts in columns)))
    header = ("", *(f"exact {layer}" for layer in result.exact), *(f"boundary {layer}" for layer in result.boundary))
    title = f"agreement of {result.a} and {result.b}: F1, boundary and type equal, then boundary alone"
    table(title, header, rows, file)
    shares = ((n, figure(s.value), str(s.equal), str(s.cases)) for n, s in result.attributes.items())
    print(file=file)
    table("on spans with the same boundary and type", ("attribute", "agree", "equal", "cases"), shares, file)
    print(f"\nCohen's kappa over characters, outermost layer: {figure(result.kappa)}", file=file)
