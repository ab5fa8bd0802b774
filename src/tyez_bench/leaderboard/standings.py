"""Every submission scored, and which systems can't be told apart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tyez_bench.gold.gold import Gold
from tyez_bench.leaderboard.submission import Entry, problems, read_entry
from tyez_bench.model.errors import UsageError
from tyez_bench.scoring.comparison import compare, spread
from tyez_bench.scoring.diagnosis import Diagnosis, diagnose_cases
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import Spread
from tyez_bench.scoring.score import cases_of, score
from tyez_bench.scoring.scores import MICRO
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.significance import LEVEL
from tyez_bench.scoring.slices import Slice, slices_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def letters(names: Sequence[str], p_values: Mapping[frozenset[str], float | None]) -> dict[str, str]:
    """The groups that each system is in, a letter each: two that share a letter do not differ at 5 %.

    ``names`` from the best to the worst, so that ``a`` is the group of the best. ``p_values`` of every pair, corrected
    for their number; None (undefined) tells nothing apart. More than 26 groups go on as ``a2``, ``b2`` ….
    """
    alike = {
        name: {
            other
            for other in names
            if other != name and ((p := p_values[frozenset((name, other))]) is None or p >= LEVEL)
        }
        for name in names
    }
    order = {name: number for number, name in enumerate(names)}
    groups = sorted(_cliques(set(), set(names), set(), alike), key=lambda group: sorted(order[name] for name in group))
    found = dict.fromkeys(names, "")
    for number, group in enumerate(groups):
        turn, at = divmod(number, len(LETTERS))
        for name in group:
            found[name] += LETTERS[at] + (str(turn + 1) if turn else "")
    return found


def _cliques(
    chosen: set[str], possible: set[str], done: set[str], alike: Mapping[str, set[str]]
) -> Iterator[frozenset[str]]:
    """Every largest set of systems that are pairwise alike (Bron and Kerbosch 1973)."""
    if not possible and not done:
        yield frozenset(chosen)
        return
    pivot = max(possible | done, key=lambda name: (len(alike[name] & possible), name))
    for name in sorted(possible - alike[pivot]):
        yield from _cliques(chosen | {name}, possible & alike[name], done & alike[name], alike)
        possible = possible - {name}
        done = done | {name}


@dataclass(frozen=True)
class Standing:
    """A submission's place.

    ``report`` is over the types that it can express, ``whole`` over all four: what it has no type for counts as a
    false negative there. ``unseen`` has recall on names that another document has, too, and on those that none has.
    ``group`` has the letters of the systems that it can't be told from, by ``whole``. ``runs`` are the reports of its
    further runs.
    """

    entry: Entry
    report: Report
    whole: Report
    diagnosis: Diagnosis
    unseen: tuple[Slice, ...]
    runs: tuple[Report, ...]
    group: str = ""

    @property
    def spread(self) -> Spread | None:
        """Mean, lowest and highest F1 of all runs; None for a single run, or where one has none."""
        return spread([self.report, *self.runs])[MICRO]["f1"] if self.runs else None


def read_entries(folder: Path, gold: Gold) -> list[Entry]:
    """The submissions of a directory, by name.

    Raises InputError for one that can't be read, UsageError for one that does not belong in the table.
    """
    entries = [read_entry(path, gold) for path in sorted(folder.glob("*.yaml"))]
    if not entries:
        raise UsageError(f"{folder}: has no submissions, expected NAME.yaml with NAME.jsonl next to it")
    for entry in entries:
        for problem in problems(entry, gold):
            raise UsageError(f"{folder / entry.name}.yaml: {problem}")
    names = [entry.submission.system for entry in entries]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"{folder}: two submissions are called {name!r}")
    return entries


def standing(entry: Entry, gold: Gold) -> Standing:
    """A submission scored."""
    name = entry.submission.system
    report = score(gold, entry.predictions, system=name)
    cases = cases_of(gold, entry.predictions, report.settings)
    return Standing(
        entry=entry,
        report=report,
        whole=score(gold, entry.predictions, system=name, settings=Settings(all_types=True)),
        diagnosis=diagnose_cases(report, cases),
        unseen=tuple(slices_of(report, gold, cases, ["unseen"])),
        runs=tuple(score(gold, run, system=name) for run in entry.runs),
    )


def standings(entries: Sequence[Entry], gold: Gold) -> list[Standing]:
    """All submissions with their groups, the best over all four types first."""
    found = sorted(
        (standing(entry, gold) for entry in entries), key=lambda one: (-(one.whole.f1 or 0.0), one.report.system)
    )
    if len(found) < 2:
        return found
    pairs = compare([one.whole for one in found])
    p_values = {frozenset((pair.a, pair.b)): pair.holm for pair in pairs}
    grouped = letters([one.report.system for one in found], p_values)
    return [replace(one, group=grouped[one.report.system]) for one in found]
