"""Run NER systems over the gold's texts; score them, write their predictions, or both."""

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

from msgspec.structs import replace

from tyez_bench.cli.llm_arguments import add_llm_arguments, asking
from tyez_bench.cli.output import emit
from tyez_bench.cli.reports import natural, positive
from tyez_bench.corpus.gold import load
from tyez_bench.errors import UsageError
from tyez_bench.formats.read import How, read_source
from tyez_bench.formats.source import Source
from tyez_bench.jsonl import write_atomic
from tyez_bench.render.sheet import Sheet
from tyez_bench.render.text import render
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.systems import DEFAULT, Request, load_system, request, versions
from tyez_bench.systems.running import Progress, Ran, facts_of, journal_of
from tyez_bench.systems.running import run as run_system
from tyez_bench.systems.system import UNITS, Options

# Characters of a file's name.
_LONGEST = 80


class Job(NamedTuple):
    """A system to run in one way; ``end`` tells its file from those of its other runs (nothing when there are none)."""

    asked: Request
    options: Options
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
        help=f"see tyez-bench systems; A+B puts systems together (default: {' '.join(DEFAULT)})",
    )
    parser.add_argument("--score", action="store_true", help="score the predictions and print the table")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="PATH",
        help="write the predictions: a file, or a directory for SYSTEM.jsonl; the facts of the run beside it (.json)",
    )
    parser.add_argument("--fresh", action="store_true", help="begin anew where an interrupted run could go on")
    parser.add_argument(
        "--gold",
        type=Path,
        metavar="FILE",
        help="texts of a gold set of your own (default: the built-in one)",
    )
    how = parser.add_argument_group("how a system is run, where it can be told")
    how.add_argument("--by", "--track", choices=UNITS, help="what it is given at a time (default: what suits it)")
    how.add_argument("--labels", metavar="NAME|FILE", help="the label map (default: told by the system)")
    how.add_argument("--batch-size", type=positive, default=8, metavar="N", help="texts at a time (default: 8)")
    how.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, mps (default: cpu)")
    how.add_argument(
        "--segmenter", help="words of a spaCy or GLiNER model: char, jieba, pkuseg:MODEL (default: its own)"
    )
    how.add_argument("--seed", type=natural, default=Options().seed, metavar="N", help="seed of what is trained")
    add_llm_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Run, write and score."""
    if not args.score and args.out is None:
        raise UsageError("nothing to do with the predictions: expected --score, --out PATH, or both")
    asked = [request(name) for name in dict.fromkeys(args.systems)] or [request(name) for name in DEFAULT]
    jobs = [job for one in asked for job in _jobs(one, args)]
    files = _files(args.out, jobs)
    gold = load(args.gold)
    # Missing packages are told before the first slow start.
    for one in asked:
        versions(one)
    reports = []
    for job, path in zip(jobs, files, strict=True):
        started = time.perf_counter()
        system = load_system(job.asked, gold, job.options)
        loading = time.perf_counter() - started
        with _progress(job.name) as progress:
            journal = None if path is None else journal_of(path)
            ran = run_system(job.asked, system, gold, journal=journal, fresh=args.fresh, progress=progress)
        # Reading checks every prediction; none is written that could not be scored.
        how = How(labels=system.labels)
        name = f"{system.name or job.asked.name}{job.end}"
        predictions = read_source(Source(name, ran.data), gold, how, format=system.format)
        reports.append(score(gold, predictions, system=name))
        _say(name, ran, loading)
        if path is not None:
            _write(path, ran, loading)
    # Not before all is done: the same command goes on behind the runs that are.
    for path in files:
        if path is not None:
            journal_of(path).unlink(missing_ok=True)
    if args.score:
        emit(render(_sheets(jobs, reports)))
    return 0


def _jobs(one: Request, args: argparse.Namespace) -> list[Job]:
    """The runs of a system: one, or of a language model as many as are asked for."""
    options = Options(
        by=args.by,
        batch_size=args.batch_size,
        device=args.device,
        labels=args.labels,
        segmenter=args.segmenter,
        seed=args.seed,
    )
    if one.parts[0][0] != "llm":
        return [Job(one, options)]
    return [Job(one, replace(options, llm=found), end) for end, found in asking(args)]


def _sheets(jobs: Sequence[Job], reports: Sequence[Report]) -> list[Sheet]:
    """The scores of one run in full, of several side by side; of several runs of one system also mean and range."""
    from tyez_bench.render.run_sheets import spread_sheet
    from tyez_bench.render.score_sheets import report_sheets, several_sheet

    if len(reports) == 1:
        return report_sheets(reports[0])
    found = [several_sheet(reports)]
    for name in dict.fromkeys(job.asked.name for job in jobs):
        runs = [report for job, report in zip(jobs, reports, strict=True) if job.asked.name == name]
        if len(runs) > 1:
            found.append(spread_sheet(name, runs))
    return found


def _files(out: Path | None, jobs: Sequence[Job]) -> list[Path | None]:
    """Where the predictions of each run go. Raises UsageError, before the slow start, where they can't."""
    if out is None:
        return [None] * len(jobs)
    systems = {job.asked for job in jobs}
    if out.is_dir():
        files = [out / f"{file_stem(job.asked)}{job.end}.jsonl" for job in jobs]
    elif len(systems) == 1 and out.suffix == ".jsonl":
        files = [out.with_name(f"{out.stem}{job.end}.jsonl") for job in jobs]
    else:
        one = "a directory, or a file that ends in .jsonl"
        expected = "a directory for several systems" if len(systems) > 1 else one
        raise UsageError(f"{out}: no such directory, expected {expected}")
    if len(set(files)) < len(files):
        raise UsageError(f"{out}: two systems would write the same file; run one of them with --out FILE.jsonl")
    for path in files:
        if not path.parent.is_dir():
            raise UsageError(f"{path}: can't be written: no such directory {str(path.parent)!r}")
        if not os.access(path.parent, os.W_OK):
            raise UsageError(f"{path.parent}: can't be written")
        for written in (path, facts_of(path), journal_of(path)):
            if written.is_dir():
                raise UsageError(f"{written}: is a directory, expected a file to write")
    return list(files)


def file_stem(asked: Request) -> str:
    """A system's name as that of a file: letters, digits, dots, plus and minus signs, one dash for all others.

    A model in a directory is called by the directory's own name.
    """
    parts = []
    for family, argument in asked.parts:
        shown = Path(argument).resolve().name if os.path.isdir(argument) else argument
        parts.append(f"{family}:{shown}" if argument else family)
    return re.sub(r"[^\w.+-]+", "-", "+".join(parts)).strip("-.")[:_LONGEST] or "system"


def _write(path: Path, ran: Ran, loading: float) -> None:
    facts = {**ran.facts, "run": {**ran.facts["run"], "loading_seconds": round(loading, 3)}}
    write_atomic(path, ran.data)
    write_atomic(facts_of(path), (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode())


def _say(name: str, ran: Ran, loading: float) -> None:
    took = ran.facts["run"]
    memory = "" if took["peak_megabytes"] is None else f", {took['peak_megabytes']} MB"
    passages = f"{took['passages']} {ran.facts['by']}s"
    print(f"{name}: {passages} in {took['seconds']:.1f} s, loaded in {loading:.1f} s{memory}", file=sys.stderr)
    answers = ran.facts.get("llm", {"problems": {}})
    problems = ", ".join(f"{problem} {count}" for problem, count in answers["problems"].items() if count)
    if problems:
        failures = answers["parse_failures"]
        print(f"{name}: of {answers['answers']} answers {problems}; {failures} name nothing for it", file=sys.stderr)


def _progress(name: str) -> AbstractContextManager[Progress | None]:
    return _bar(name) if sys.stderr.isatty() else nullcontext()


@contextmanager
def _bar(name: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
