"""Score predictions against the gold; many files, by an engine."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tyez_bench.cli.options import READING, positive
from tyez_bench.cli.output import add_output, emit, output_name, say
from tyez_bench.cli.reports import (
    Scored,
    add_file_arguments,
    score_files,
    score_reports,
    settings_of_rules,
    share,
    system_names,
)
from tyez_bench.engines.paths import is_pattern
from tyez_bench.engines.score import ENGINES, score_shards
from tyez_bench.files.jsonl import json_text
from tyez_bench.io.label_maps import shown
from tyez_bench.model.errors import UsageError
from tyez_bench.report.table import Table
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.scores import MICRO

if TYPE_CHECKING:
    from tyez_bench.scoring.structure import Structure


_ASKED = ("engine", "jobs", "address", "units_to")
# What an engine reads is in one form; what it counts is by position, and without the documents.
_NEITHER = ("gold_version", "signature", "counts", "errors", "slices", "structure")


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Declare the options of engines."""
    group = parser.add_argument_group("many files, many machines")
    group.add_argument(
        "--engine",
        choices=ENGINES,
        help="join gold and predictions by id: native JSON Lines or Parquet, of any size, in any order "
        "(default with --jobs, or with files named by a pattern such as 'gold-*.parquet': processes)",
    )
    group.add_argument(
        "--jobs", type=positive, metavar="N", help="number of processes (default: 1; Spark and Ray: one per core)"
    )
    group.add_argument(
        "--address", metavar="URL", help="the cluster: Spark's master or Ray's address (default: this machine)"
    )
    group.add_argument(
        "--units-to", type=output_name, metavar="DIR", help="write the counts of every sentence as Parquet"
    )


def is_asked(args: argparse.Namespace) -> bool:
    """Whether the arguments ask for an engine: by an option, or by a pattern that stands for several files."""
    if any(getattr(args, name) is not None for name in _ASKED):
        return True
    return any(any(c in str(path) for c in "*?[") and is_pattern(path) for path in (args.gold, *args.predictions))


def engine_reports(args: argparse.Namespace) -> list[Report]:
    """The report of each file. Raises UsageError for what an engine can't do."""
    if args.gold is None:
        raise UsageError("an engine joins files: expected --gold FILE with the documents of the predictions")
    said = [name for name in _NEITHER if getattr(args, name) is not None and getattr(args, name) is not False]
    said += [name for name in _of_reading() if getattr(args, name)]
    if said:
        option = said[0].replace("input_format", "input-format").replace("_", "-")
        raise UsageError(f"--{option} can't be given with an engine, which reads native JSON Lines and Parquet by id")
    if args.units_to is not None and len(args.predictions) > 1:
        raise UsageError("--units-to holds the counts of one system: expected one predictions file")
    reports = []
    for path, name in zip(args.predictions, system_names(args.predictions), strict=True):
        reports.append(
            score_shards(
                args.gold,
                path,
                engine=args.engine or "processes",
                jobs=args.jobs,
                address=args.address,
                labels=args.labels,
                label_set=args.gold_label_set,
                system=name,
                settings=settings_of_rules(args),
                units=args.units_to,
            )
        )
    return reports


def _of_reading() -> Sequence[str]:
    gold = [f"gold_{name}" for name in READING if name != "input_format"]
    return [*(name for name in READING if name != "labels"), "gold_format", *gold]


# The format of what language models answer.
ANSWERS = "llm"

OUTPUTS = ("text", "json", "markdown", "latex", "csv")


def typed_share(text: str) -> tuple[str, float]:
    """A threshold for a type, as ``ORG=0.5``."""
    # A label may hold an equals sign itself.
    type_, equals, value = text.rpartition("=")
    if not equals or not type_:
        raise argparse.ArgumentTypeError(f"{text!r} is not TYPE=F, as ORG=0.5")
    return type_, share(value)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser)
    add_engine(parser)
    out = parser.add_argument_group("output")
    add_output(out, OUTPUTS)
    out.add_argument("--counts", action="store_true", help="include the counts of every sentence in the JSON")
    out.add_argument(
        "--errors", type=int, nargs="?", const=0, metavar="N", help="count the kinds of errors, and show N examples"
    )
    out.add_argument("--slices", metavar="A,B", help="also score by these properties, or by all")
    out.add_argument("--structure", action="store_true", help="also score nesting, and by depth; needs --layer all")
    limits = parser.add_argument_group("thresholds")
    add_thresholds(limits, "micro F1 is at least F", "F1 of this type is at least F")


def add_thresholds(parser: Any, least: str, of_type: str) -> None:
    """Declare the thresholds, with what must hold of micro F1 and of a type for exit code 0."""
    parser.add_argument("--min-f1", type=share, metavar="F", help=f"exit 1 unless {least} (0 to 1)")
    how = f"exit 1 unless {of_type}; may be repeated"
    parser.add_argument("--min-f1-type", type=typed_share, action="append", default=[], metavar="TYPE=F", help=how)


def run(args: argparse.Namespace) -> int:
    """Score, print, and compare with the thresholds."""
    if args.counts and args.output_format != "json":
        raise UsageError("--counts applies to JSON: expected --output-format json")
    if args.output_format == "csv" and (args.errors is not None or args.slices or args.structure):
        raise UsageError("--output-format csv contains only scores, without --errors, --slices and --structure")
    if args.errors is not None and args.errors < 0:
        raise UsageError(f"--errors {args.errors}: expected a number from 0")
    if is_asked(args):
        scored, reports = [], engine_reports(args)
    else:
        # What needs the documents, too.
        scored = score_files(args) if args.errors is not None or args.slices or args.structure else []
        reports = [one.report for one in scored] or score_reports(args)
    _check_types(reports, args.min_f1_type)
    emit(_output(args, reports, scored), args.output_format)
    failed = [message for report in reports for message in _under(report, args.min_f1, args.min_f1_type)]
    for message in failed:
        say(message)
    return int(bool(failed))


def _check_types(reports: list[Report], limits: list[tuple[str, float]]) -> None:
    """Raise UsageError for a threshold of what is no label of the gold, nor of any of the predictions."""
    for row, _ in limits:
        known = [*reports[0].gold.labels.names, *(label for report in reports for label in report.only_predicted)]
        if row not in (*known, MICRO):
            raise UsageError(f"--min-f1-type {row}: is not a label of the gold, expected one of {shown(known)}")


def _under(report: Report, limit: float | None, limits: list[tuple[str, float]]) -> list[str]:
    wanted = [(MICRO, limit)] if limit is not None else []
    messages = []
    for row, least in [*wanted, *limits]:
        counts = row == MICRO or row not in report.gold.labels or report.settings.counts(row)
        value = report.figures(row)["f1"] if row in (*report.types, MICRO) else None
        if value is None:
            why = "neither the gold nor the predictions have any" if counts else "its labels can't express it"
            messages.append(f"{report.system}: {row} F1 – is below {least} (undefined: {why})")
        elif value < least:
            messages.append(f"{report.system}: {row} F1 {value:.3f} is below {least}")
    return messages


def _output(args: argparse.Namespace, reports: list[Report], scored: list[Scored]) -> str:
    if args.output_format == "json":
        data = [report.to_dict(counts=args.counts) for report in reports]
        for one, more in zip(scored, data, strict=False):
            more |= _more_data(args, one)
        return json_text(data[0] if len(data) == 1 else data)
    if args.output_format == "csv":
        from tyez_bench.report.table import comma_separated
        from tyez_bench.scoring.report import CSV_HEADER

        return comma_separated(CSV_HEADER, [row for report in reports for row in report.to_rows()])
    from tyez_bench.report.table import render

    return render(_tables(args, reports, scored), args.output_format)


def _tables(args: argparse.Namespace, reports: list[Report], scored: list[Scored]) -> list[Table]:
    from tyez_bench.report.tables.scores import report_tables, several_table

    tables = report_tables(reports[0]) if len(reports) == 1 else [several_table(reports)]
    if not scored:
        return tables
    from tyez_bench.report.tables.comparisons import error_tables, slice_tables, structure_tables
    from tyez_bench.scoring.diagnosis import diagnose_cases
    from tyez_bench.scoring.slices import slices_of

    for one in scored:
        cases = one.cases
        if args.errors is not None:
            tables += error_tables(one.report, diagnose_cases(one.report, cases), one.gold, args.errors)
        if args.slices:
            found = slices_of(one.report, one.gold, cases, _slice_names(args.slices))
            tables += slice_tables(one.report.system, found)
        if args.structure:
            tables += structure_tables(one.report.system, _structure(one))
    return tables


def _structure(one: Scored) -> "Structure":
    from tyez_bench.scoring.structure import structure_of

    reading = one.predictions.reading
    return structure_of(one.report, one.cases, reading.records if reading.format == ANSWERS else None)


def _slice_names(text: str) -> list[str]:
    from tyez_bench.scoring.slices import NAMES

    return list(NAMES) if text == "all" else [name for name in text.split(",") if name]


def _more_data(args: argparse.Namespace, one: Scored) -> dict[str, Any]:
    from tyez_bench.report.json import diagnosis_data, slices_data, structure_data
    from tyez_bench.scoring.diagnosis import diagnose_cases
    from tyez_bench.scoring.slices import slices_of

    data: dict[str, Any] = {}
    if args.errors is not None:
        data["diagnosis"] = diagnosis_data(diagnose_cases(one.report, one.cases))
    if args.slices:
        data["slices"] = slices_data(slices_of(one.report, one.gold, one.cases, _slice_names(args.slices)))
    if args.structure:
        data["structure"] = structure_data(_structure(one))
    return data
