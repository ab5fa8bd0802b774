"""From systems and prediction files to scores on the stress suite: what stress, power and report share."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tyez_bench.cli.run_files import write
from tyez_bench.gold.gold import load
from tyez_bench.io.read import FileOptions, Predictions, ReadOptions, read_predictions, read_source
from tyez_bench.io.source import STDIN, Source
from tyez_bench.model.errors import InputError
from tyez_bench.scoring.comparison import Comparison, common_types
from tyez_bench.scoring.from_files import labels_beside
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score
from tyez_bench.stress.rates import CapabilityRow, RateDifference, differences, f1_differences, rows
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.verdicts import Renamed, Verdict, renamed, verdicts

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
        predictions = read_predictions(
            asked_for,
            whole.gold,
            format=how.format,
            labels=how.labels or labels_beside(asked_for, whole.gold),
            ignore_labels=how.ignore_labels,
            options=how.options,
            align=how.align,
            overlaps=how.overlaps,
        )
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
