"""Draw a report of systems: a page of HTML, or the plots as pictures."""

import argparse
from typing import TYPE_CHECKING

from tyez_bench.cli.compare import draws_and_seed
from tyez_bench.cli.options import positive
from tyez_bench.cli.output import output_path
from tyez_bench.cli.reports import add_file_arguments, score_files, system_names
from tyez_bench.files.jsonl import check_target, write_all
from tyez_bench.model.errors import UsageError

if TYPE_CHECKING:
    from tyez_bench.report.html.plots import Stressed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_file_arguments(parser)
    parser.add_argument(
        "--stress", nargs="+", metavar="FILE", help="with --html: predictions for the texts of the stress suite"
    )
    parser.add_argument(
        "--sample",
        type=positive,
        metavar="N",
        help="with --html: show N random sentences (default: at most 500, and a page below 3 MB)",
    )
    out = parser.add_argument_group("output")
    out.add_argument("--html", type=output_path, metavar="FILE", help="write a self-contained HTML page")
    out.add_argument("--png", type=output_path, metavar="DIR", help="write the plots as images (extra pictures)")


def run(args: argparse.Namespace) -> int:
    """Score, draw, and write when all is drawn."""
    if args.html is None and args.png is None:
        raise UsageError("nothing to write: expected --html FILE, --png DIR, or both")
    from tyez_bench.report.html.marks import Result, check_number

    check_number(len(args.predictions))
    if args.stress and args.html is None:
        raise UsageError("--stress applies to the page: expected --html FILE")
    if args.sample and args.html is None:
        raise UsageError("--sample applies to the page: expected --html FILE")
    # Told before the work begins.
    if args.html is not None:
        check_target(args.html, force=True)
    if args.png is not None:
        check_target(args.png, directory=True, force=True)
    from tyez_bench.scoring.diagnosis import diagnose_cases

    scored = score_files(args)
    results = []
    for one in scored:
        cases = one.cases
        results.append(Result(one.report, cases, diagnose_cases(one.report, cases)))
    page, pictures = b"", {}
    if args.html is not None:
        from tyez_bench.report.html.answer import pair_tests
        from tyez_bench.report.html.page import report_page

        tests = pair_tests([one.report for one in scored], *draws_and_seed(args))
        page = report_page(scored[0].gold, results, _stressed(args.stress or []), tests=tests, sample=args.sample)
    if args.png is not None:
        from tyez_bench.report.pictures import report_pictures

        pictures = report_pictures(results)
    # All is drawn before anything is written.
    if args.png is not None:
        args.png.mkdir(exist_ok=True)
    pages = [] if args.html is None else [(args.html, page)]
    write_all([*pages, *((args.png / name, data) for name, data in pictures.items())])
    return 0


def _stressed(files: list[str]) -> list["Stressed"]:
    if not files:
        return []
    from tyez_bench.cli.stress import score_stress
    from tyez_bench.report.html.plots import Stressed
    from tyez_bench.stress.suite import suite

    names = system_names(files)
    whole = suite()
    found = []
    for file, name in zip(files, names, strict=True):
        one = score_stress(file, whole, name=name)
        found.append(Stressed(whole, one.report, one.rows, one.renamed))
    return found
