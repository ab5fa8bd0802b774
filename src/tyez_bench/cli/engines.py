"""The options of engines, and the reports that they make."""

import argparse
from collections.abc import Sequence

from tyez_bench.cli.options import READING, positive
from tyez_bench.cli.output import output_name
from tyez_bench.cli.reports import settings_of_rules, system_names
from tyez_bench.engines.paths import is_pattern
from tyez_bench.engines.score import ENGINES, score_shards
from tyez_bench.model.errors import UsageError
from tyez_bench.scoring.report import Report

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
        "(default with --jobs, or with files named by a pattern as 'gold-*.parquet': processes)",
    )
    group.add_argument(
        "--jobs", type=positive, metavar="N", help="how many processes (default: 1; of Spark and Ray one a core)"
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
        raise UsageError("an engine joins files: expected --gold FILE, whose documents the predictions are of")
    said = [name for name in _NEITHER if getattr(args, name) is not None and getattr(args, name) is not False]
    said += [name for name in _of_reading() if getattr(args, name)]
    if said:
        option = said[0].replace("input_format", "input-format").replace("_", "-")
        raise UsageError(f"--{option} can't be given with an engine, which reads native JSON Lines and Parquet by id")
    if args.units_to is not None and len(args.predictions) > 1:
        raise UsageError("--units-to holds the counts of one system: expected one file of predictions beside it")
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
