"""Run NER systems over the gold's texts; score them, write their predictions, or both. List what can be run."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from tyez_bench.cli.llm_options import add_llm_arguments, asking, given_llm_arguments
from tyez_bench.cli.options import add_gold, labels, load_gold, natural, positive
from tyez_bench.cli.output import emit, note, output_name
from tyez_bench.cli.run_files import Interrupted, targets, watched, write
from tyez_bench.gold.gold import Gold
from tyez_bench.io.align.spans import OVERLAP_RULES
from tyez_bench.io.label_maps import AS_THEY_ARE, check_leads, load_map
from tyez_bench.io.read import ReadOptions, read_source
from tyez_bench.io.source import Source
from tyez_bench.model.errors import MissingExtraError, TyezBenchError, UsageError
from tyez_bench.model.hints import how_to_install
from tyez_bench.report.table import Table, render
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.systems import DEFAULT, SYSTEMS, Request, load_system, request, usage, versions
from tyez_bench.systems.runner import Ran, journal_of, remove
from tyez_bench.systems.runner import run as run_system
from tyez_bench.systems.system import UNITS, RunOptions


class Job(NamedTuple):
    """A system to run in one way; ``end`` tells its file from those of its other runs (nothing when there are none)."""

    asked: Request
    options: RunOptions
    end: str = ""

    @property
    def name(self) -> str:
        """What the run is called."""
        return f"{self.asked.name}{self.end}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "systems",
        nargs="*",
        metavar="SYSTEM",
        help=f"see tyez-bench systems; A+B combines systems (default: {' '.join(DEFAULT)})",
    )
    parser.add_argument("--score", action="store_true", help="score the predictions and print the table")
    parser.add_argument(
        "--output",
        "-o",
        type=output_name,
        metavar="PATH",
        help="write the predictions to a file, or SYSTEM.jsonl in a directory; facts of the run go to a .json",
    )
    parser.add_argument("--fresh", action="store_true", help="start over instead of resuming an interrupted run")
    add_gold(parser, help="your gold set, whose texts are used (default: the built-in one)")
    how = parser.add_argument_group("how a system is run, if it supports the option")
    how.add_argument("--by", choices=UNITS, help="the unit of input (default: what suits the system)")
    how.add_argument("--labels", metavar="NAME|FILE", help="the label map (default: the system's)")
    how.add_argument(
        "--ignore-labels", type=labels, metavar="A,B", help="labels to leave out, in addition to those of the map"
    )
    how.add_argument(
        "--overlaps", choices=OVERLAP_RULES, help="score overlapping predictions by this rule (default: refuse)"
    )
    how.add_argument("--batch-size", type=positive, default=8, metavar="N", help="texts per batch")
    how.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, mps")
    how.add_argument(
        "--segmenter", help="segmenter for a spaCy or GLiNER model: char, jieba, pkuseg:MODEL (default: its own)"
    )
    how.add_argument("--seed", type=natural, default=RunOptions().seed, metavar="N", help="seed for training")
    add_llm_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Run, write and score."""
    if not args.score and args.output is None:
        raise UsageError("nothing to do with the predictions: expected --score, --output PATH, or both")
    asked = [request(name) for name in dict.fromkeys(args.systems)] or [request(name) for name in DEFAULT]
    for one in asked:
        _check_options(one, args)
    jobs = [job for one in asked for job in _jobs(one, args)]
    files = targets(args.output, [(job.asked, job.end) for job in jobs])
    gold = load_gold(args)
    # Missing packages are told before the first slow start.
    for one in asked:
        versions(one)
    names = [job.name for job in jobs]
    reports = [_run(job, path, gold, args, names[:at]) for at, (job, path) in enumerate(zip(jobs, files, strict=True))]
    # Not before all is done: the same command goes on behind the runs that are.
    for path in files:
        if path is not None:
            remove(journal_of(path))
    if args.score:
        emit(render(_tables(jobs, reports)))
    return 0


def _check_options(one: Request, args: argparse.Namespace) -> None:
    """Raise UsageError for an option that no part of the system takes: it would be passed over in silence."""
    takes = {option for family, _ in one.parts for option in SYSTEMS[family].takes}
    given = {"device": args.device != "cpu", "segmenter": args.segmenter is not None}
    for option, is_given in given.items():
        if is_given and option not in takes:
            raise UsageError(f"{one.name} does not take --{option}")
    if args.labels is not None and _has_own_maps(one):
        raise UsageError(f"{one.name} does not take --labels: its parts have their own maps")
    asked = given_llm_arguments(args)
    if asked and "llm" not in takes:
        raise UsageError(f"{one.name} does not take {asked[0]}, which is for language models")


def _has_own_maps(one: Request) -> bool:
    """Whether it is several systems, each with the map that comes with it."""
    return len(one.parts) > 1 and all(SYSTEMS[family].labels for family, _ in one.parts)


def _run(job: Job, path: Path | None, gold: Gold, args: argparse.Namespace, before: Sequence[str]) -> Report:
    """Run, check that it can be scored, and write."""
    started = time.perf_counter()
    system = load_system(job.asked, gold, job.options)
    loading = time.perf_counter() - started
    if system.labels not in (None, AS_THEY_ARE):
        # Told before the run, which may be a long one.
        check_leads(load_map(str(system.labels)), gold, fixed=_has_own_maps(job.asked))
    journal = None if path is None else journal_of(path)
    try:
        with watched(job.name) as progress:
            ran = run_system(
                job.asked, system, gold, journal=journal, fresh=args.fresh, progress=progress, before=before
            )
    except Interrupted as stopped:
        kept = f"; {stopped.done} of {stopped.total} are kept in {journal}" if journal is not None else ""
        raise KeyboardInterrupt(f"interrupted{kept}") from None
    name = f"{system.name or job.asked.name}{job.end}"
    ignored = frozenset(args.ignore_labels or ())
    how = ReadOptions(labels=system.labels, ignore_labels=ignored, overlaps=args.overlaps)
    try:
        # Reading checks every prediction; none is written that could not be scored.
        predictions = read_source(Source(name, ran.data), gold, how, format=system.format)
        report = score(gold, predictions, system=name)
    except TyezBenchError as error:
        if journal is None:
            raise
        raise TyezBenchError(f"{error}; the predictions are kept in {journal}; --fresh starts over") from None
    if path is not None:
        write(path, ran, loading)
    _say(name, ran, loading)
    return report


def _jobs(one: Request, args: argparse.Namespace) -> list[Job]:
    """The runs of a system: one, or of a language model as many as are asked for."""
    named = ("by", "batch_size", "device", "labels", "segmenter", "seed")
    options = RunOptions(**{name: getattr(args, name) for name in named})
    if one.parts[0][0] != "llm":
        return [Job(one, options)]
    return [Job(one, replace(options, llm=found), end) for end, found in asking(args)]


def _tables(jobs: Sequence[Job], reports: Sequence[Report]) -> list[Table]:
    """The scores of one run in full, of several side by side; of several runs of one system also mean and range."""
    from tyez_bench.report.tables.scores import report_tables, several_table, spread_table

    if len(reports) == 1:
        return report_tables(reports[0])
    found = [several_table(reports)]
    for name in dict.fromkeys(job.asked.name for job in jobs):
        runs = [report for job, report in zip(jobs, reports, strict=True) if job.asked.name == name]
        if len(runs) > 1:
            found.append(spread_table(name, runs))
    return found


def _say(name: str, ran: Ran, loading: float) -> None:
    took = ran.facts["run"]
    peak = took["peak_megabytes"]
    memory = f"memory not known: {took['peak_megabytes_reason']}" if peak is None else f"{peak} MB"
    passages = f"{took['passages']} {ran.facts['by']}s"
    note(f"{name}: {passages} in {took['seconds']:.1f} s, loaded in {loading:.1f} s, {memory}")
    answers = ran.facts.get("llm", {"problems": {}})
    problems = ", ".join(f"{problem} {count}" for problem, count in answers["problems"].items() if count)
    if problems:
        failures = answers["parse_failures"]
        note(f"{name}: of {answers['answers']} answers {problems}; {failures} name nothing for it")


def add_systems_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run_systems(args: argparse.Namespace) -> int:
    """Print the list."""
    emit(render([systems_table()]))
    return 0


def systems_table() -> Table:
    """Each family with what it is, its label map, and its packages with their versions or what installs them."""
    rows = []
    for name, family in SYSTEMS.items():
        try:
            found = versions(Request(name, ((name, ""),)))
            needs = ", ".join(f"{package} {version}" for package, version in found.items()) or "nothing more"
        except MissingExtraError:
            needs = how_to_install((*family.packages, *family.others), family.extra)
        rows.append((usage(name), family.what, family.labels or "auto-detected", needs))
    notes = ("A+B combines systems: B adds the types that A lacks", "tyez-bench run SYSTEM --score runs one")
    return Table("", ("system", "what", "label map", "needs"), tuple(rows), notes, words=4)
