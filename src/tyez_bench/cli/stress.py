"""Score systems and prediction files on the stress suite, as power and report do, too; or check files of templates."""

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from msgspec import structs

from tyez_bench.cli.options import READING, add_reading, check_one_stdin, natural, positive, reading_of
from tyez_bench.cli.output import add_form, emit, emit_json, output_name, output_path, print_tables, say
from tyez_bench.cli.run_files import targets, write
from tyez_bench.files.jsonl import check_target, encode_lines, write_atomic
from tyez_bench.gold.gold import load
from tyez_bench.io.read import FileOptions, Predictions, ReadOptions, read_predictions, read_source
from tyez_bench.io.source import STDIN, Source
from tyez_bench.model.errors import InputError, UsageError, one_line
from tyez_bench.scoring.comparison import NUMBER, Comparison, common_types
from tyez_bench.scoring.from_files import labels_beside
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.stress.capability import read_capability
from tyez_bench.stress.cases import cases
from tyez_bench.stress.rates import CapabilityRow, RateDifference, differences, f1_differences, rows
from tyez_bench.stress.suite import PER_CAPABILITY, SEED, Suite, suite
from tyez_bench.stress.validity import findings, problems
from tyez_bench.stress.verdicts import Renamed, Verdict, renamed, verdicts
from tyez_bench.systems import request

_AS_IT_IS = FileOptions()
# What is meant as a file, and not as a system.
_FILES = (".jsonl", ".json", ".gz", ".txt", ".conll", ".tsv")


@dataclass(frozen=True)
class SuiteResult:
    """A system on the suite: its report, what it predicted, and what became of each case."""

    suite: Suite
    report: Report
    predictions: Predictions
    verdicts: list[Verdict]

    @cached_property
    def rows(self) -> list[CapabilityRow]:
        """A row for each capability and transformation."""
        return rows(self.suite, self.report, self.verdicts)

    @cached_property
    def renamed(self) -> Renamed | None:
        """Names of the page against others in their place."""
        return renamed(self.suite, self.predictions, self.report.types)

    @property
    def spans(self) -> dict[str, list[tuple[int, int, str]]]:
        """What was predicted of the types that count, by text."""
        return {
            id_: [(e.start, e.end, e.type) for e in found.entities if e.type in self.report.types]
            for id_, found in self.predictions.items()
        }


@dataclass(frozen=True)
class Compared:
    """Two systems on the types that both have: pass rates, and F1, by capability; nothing where there are none."""

    a: str
    b: str
    types: tuple[str, ...]
    rates: list[RateDifference]
    f1: dict[str, Comparison]


def compare_stress(one: SuiteResult, other: SuiteResult, number: int) -> Compared:
    """System ``other`` against ``one``."""
    a, b = one.report, other.report
    types = common_types([a, b])
    if not types:
        return Compared(a.system, b.system, (), [], {})
    found = [verdicts(s.suite, s.report.narrowed(types), s.predictions) for s in (one, other)]
    f1 = f1_differences(one.suite, a, b, types, number=number)
    return Compared(a.system, b.system, types, differences(one.suite, *found, number=number), f1)


def is_file(asked_for: str) -> bool:
    """Whether a predictions file is meant, and not a system. Raises InputError for one that there is not."""
    if asked_for == STDIN or os.path.exists(asked_for):
        return True
    if ":" not in asked_for and asked_for.endswith(_FILES):
        raise InputError("no such file", path=asked_for)
    return False


def score_stress(
    asked_for: str,
    whole: Suite,
    *,
    how: FileOptions = _AS_IT_IS,
    out: Path | None = None,
    name: str | None = None,
    before: Sequence[str] = (),
) -> SuiteResult:
    """A predictions file scored; or a system run, its predictions written to ``out``, and scored.

    ``how`` a file is read; of a system's predictions, its label map, labels out of scope and the rule for overlaps.
    ``name`` is the system's in tables (None: the file's, or as the system calls itself). ``before`` names the systems
    that the process has run already.

    Raises InputError for predictions that are not of the suite's texts, UsageError for an unknown system.
    """
    if is_file(asked_for):
        labels = how.labels or labels_beside(asked_for, whole.gold)
        predictions = read_predictions(asked_for, whole.gold, **structs.replace(how, labels=labels).arguments())
        title = Path(asked_for.removesuffix(".gz")).stem
    else:
        from tyez_bench.systems import load_system, request
        from tyez_bench.systems.runner import run as run_system
        from tyez_bench.systems.system import RunOptions

        asked = request(asked_for)
        # What learns is trained on the page, and not on the suite.
        options = RunOptions(labels=how.labels, lessons=load(), origins=whole.origins)
        started = time.perf_counter()
        system = load_system(asked, whole.gold, options)
        loading = time.perf_counter() - started
        ran = run_system(asked, system, whole.gold, before=before)
        reading = ReadOptions(labels=system.labels, ignore_labels=frozenset(how.ignore_labels), overlaps=how.overlaps)
        predictions = read_source(Source(asked_for, ran.data), whole.gold, reading, format=system.format)
        title = system.name or asked_for
        if out is not None:
            write(out, ran, loading)
    report = score(whole.gold, predictions, system=name or title)
    return SuiteResult(whole, report, predictions, verdicts(whole, report, predictions))


# What the predictions of systems are read by, too.
_OF_SYSTEMS = ("labels", "ignore_labels", "overlaps")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "systems", nargs="*", metavar="SYSTEM|FILE", help="systems to run, or predictions for the suite's texts"
    )
    parser.add_argument(
        "--output",
        "-o",
        type=output_name,
        metavar="PATH",
        help="write the predictions of the systems to a file, or to SYSTEM.jsonl in a directory",
    )
    parser.add_argument("--texts", type=output_path, metavar="FILE", help="write the suite as a gold set and exit")
    parser.add_argument("--failures", type=positive, metavar="N", help="show N failures of each capability")
    parser.add_argument("--seed", type=natural, default=SEED, metavar="N", help="new cases from the same templates")
    parser.add_argument("--check", nargs="+", type=Path, metavar="FILE", help="check template files (TOML)")
    parser.add_argument("--show", type=positive, metavar="N", help="with --check: print N cases with their marks")
    add_form(parser)
    add_reading(parser, "the predictions")


def run(args: argparse.Namespace) -> int:
    """Score, or check."""
    if args.check:
        if args.systems:
            raise UsageError("--check takes template files only, no systems")
        return _check(args)
    # Told before the work begins.
    files: dict[str, Path | None] = {}
    if args.texts is not None:
        check_target(args.texts, force=True)
    elif args.systems:
        files = _targets(args.systems, args.output)
    whole = suite(args.seed)
    if args.texts is not None:
        write_atomic(args.texts, encode_lines(whole.gold))
        return 0
    if not args.systems:
        raise UsageError("nothing to do: expected a system, a predictions file, --texts or --check")
    ran, how = list(files), _how(args)
    done = [
        score_stress(name, whole, how=how, out=files.get(name), before=ran[: ran.index(name)] if name in files else ())
        for name in args.systems
    ]
    if args.output_format == "json":
        emit_json(_data(whole, done, args.failures))
    else:
        _print(whole, done, args.failures, args.output_format)
    return 0


def _how(args: argparse.Namespace) -> FileOptions:
    """How the files are read. Raises UsageError for what is said of files where there are none."""
    check_one_stdin(*args.systems)
    idle = [name for name in READING if getattr(args, name) and name not in _OF_SYSTEMS]
    if idle and not any(map(is_file, args.systems)):
        raise UsageError(f"--{idle[0].replace('_', '-')} applies to predictions files, but only systems are given")
    return reading_of(args)


def _targets(names: list[str], out: str | None) -> dict[str, Path | None]:
    """Where the predictions of each system go that is run. Raises UsageError, InputError."""
    run = [name for name in dict.fromkeys(names) if not is_file(name)]
    if out is not None and not run:
        raise UsageError("--output applies to systems that are run, but only files are given")
    return dict(zip(run, targets(out, [(request(name), "") for name in run]), strict=True))


def _print(whole: Suite, done: list[SuiteResult], failures: int | None, form: str) -> None:
    from tyez_bench.report.tables.stress import differences_table, failures_table, stress_table, together_table

    tables = []
    for one in done:
        tables.append(stress_table(whole, one.report, one.rows, one.renamed))
        if failures:
            tables.append(failures_table(one.verdicts, one.spans, failures))
    if len(done) > 1:
        tables.append(together_table("together", {one.report.system: one.rows for one in done}))
    for a, b in combinations(done, 2):
        pair = compare_stress(a, b, NUMBER)
        tables.append(differences_table(pair.a, pair.b, pair.types, pair.rates, pair.f1))
    print_tables(tables, form)


def _data(whole: Suite, done: list[SuiteResult], failures: int | None) -> dict[str, Any]:
    from tyez_bench.report.json import (
        NO_COMMON_TYPE,
        STRESS_SCHEMA,
        differences_data,
        failures_data,
        suite_data,
        system_data,
    )

    systems = []
    for one in done:
        found = system_data(one.report, one.rows, one.renamed)
        systems.append(found | {"failures": failures_data(one.verdicts, one.spans, failures)} if failures else found)
    pairs, apart = [], []
    for a, b in combinations(done, 2):
        pair = compare_stress(a, b, NUMBER)
        apart += [] if pair.types else [{"a": pair.a, "b": pair.b, "reason": NO_COMMON_TYPE}]
        pairs += differences_data(pair.a, pair.b, pair.types, pair.rates, pair.f1)
    return {
        "schema": STRESS_SCHEMA,
        "suite": suite_data(whole),
        "systems": systems,
        "differences": pairs,
        "not_compared": apart,
    }


def _check(args: argparse.Namespace) -> int:
    wrong = 0
    for path in args.check:
        capability = read_capability(path)
        made = cases(capability, PER_CAPABILITY, args.seed)
        said = list(problems(capability, made))
        said += [f"{found.code} {found.document}: {found.message}" for found in findings(capability, made)]
        for line in said:
            say(f"{path}: {line}")
        wrong += bool(said)
        if args.show:
            for case in made[:: max(1, len(made) // args.show)]:
                for text in case.texts:
                    spans = [(e.start, e.end, e.type) for e in text.entities]
                    emit(one_line(f"{text.id}  {_marked(text.text, spans)}") + "\n")
        emit(one_line(f"{path.name}: {len(capability.templates)} templates, {len(made)} cases") + "\n")
    return int(wrong > 0)


def _marked(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts = []
    for at in range(len(text) + 1):
        parts.append("⟧" * sum(end == at for _, end, _ in spans))
        parts += [f"⟦{type_}|" for start, _, type_ in spans if start == at]
        parts.append("⏎" if text[at : at + 1] == "\n" else text[at : at + 1])
    return "".join(parts)
