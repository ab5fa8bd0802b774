"""Tell whether systems differ, by paired tests; and how large a difference the gold or the stress suite can show."""

import argparse
from itertools import combinations

from tyez_bench.cli.options import READING, reading_of
from tyez_bench.cli.output import add_output, emit_json, print_tables
from tyez_bench.cli.reports import add_file_arguments, score_reports
from tyez_bench.gold.gold import data_dir
from tyez_bench.model.errors import UsageError
from tyez_bench.scoring.comparison import NUMBER, compare
from tyez_bench.scoring.settings import SEED

# What power --stress goes with.
_STRESS = ("predictions", "stress", *READING, "draws", "output_format", "answer_file", "quiet", "run", "command")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser)
    add_output(parser)


def run(args: argparse.Namespace) -> int:
    """Score, compare every pair, and print."""
    return compare_and_print(args, power=False)


def draws_and_seed(args: argparse.Namespace) -> tuple[int, int]:
    """How many draws the tests make, and their seed."""
    return args.draws or NUMBER, SEED if args.seed is None else args.seed


def compare_and_print(args: argparse.Namespace, *, power: bool, default: list[str] | None = None) -> int:
    """Score the files, compare every pair of systems, and print the tests, or what they could show at all."""
    reports = score_reports(args, default)
    number, seed = draws_and_seed(args)
    comparisons = compare(reports, number=number, seed=seed)
    if args.output_format == "json":
        from tyez_bench.report.json import comparison_data

        emit_json(comparison_data(comparisons, reports, number))
        return 0
    from tyez_bench.report.tables.comparisons import comparison_table, power_table

    print_tables([(power_table if power else comparison_table)(comparisons, reports, number)], args.output_format)
    return 0


def add_power_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of power."""
    add_file_arguments(parser, files="*")
    parser.add_argument(
        "--stress", action="store_true", help="use the stress suite, by capability; the files are predictions for it"
    )
    add_output(parser)


def run_power(args: argparse.Namespace) -> int:
    """Score the files, by default the published predictions over all types, and print what each pair could show."""
    folder = data_dir() / "predictions"
    if args.stress:
        return _stress(args, args.predictions or sorted(str(path) for path in (folder / "stress").glob("*.jsonl.gz")))
    if args.gold is not None and not args.predictions:
        raise UsageError(
            "--gold needs predictions for that gold set: the published ones, used by default, are for the built-in gold"
        )
    published = sorted(str(path) for path in folder.glob("*.jsonl"))
    if not args.predictions and args.signature is None:
        # Some have no type in common.
        args.all_types = True
    return compare_and_print(args, power=True, default=published)


def _stress(args: argparse.Namespace, files: list[str]) -> int:
    from tyez_bench.cli.stress import compare_stress, score_stress
    from tyez_bench.report.json import power_data
    from tyez_bench.report.tables.stress import stress_power_table
    from tyez_bench.stress.suite import suite

    if len(files) < 2:
        raise UsageError("needs the predictions of two systems or more")
    given = [name for name, value in vars(args).items() if name not in _STRESS and value]
    if given:
        raise UsageError(f"--{given[0].replace('_', '-')} can't be combined with --stress")
    whole, how = suite(), reading_of(args)
    done = [score_stress(file, whole, how=how) for file in files]
    pairs = [compare_stress(a, b, args.draws or NUMBER) for a, b in combinations(done, 2)]
    rates, f1 = [pair.rates for pair in pairs], [pair.f1 for pair in pairs]
    if args.output_format == "json":
        emit_json(power_data(whole, rates, f1))
    else:
        print_tables([stress_power_table(rates, f1)], args.output_format)
    return 0
