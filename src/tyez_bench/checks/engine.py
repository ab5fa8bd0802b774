"""Running the rules: level after level, what fails a low level is skipped above it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from tyez_bench.checks.accepted import AcceptedEntry, Before, apart, judge, ratchet
from tyez_bench.checks.config import Config, options
from tyez_bench.checks.labels import Known, known_labels, misfits
from tyez_bench.checks.parallel import shared
from tyez_bench.checks.read import Loaded
from tyez_bench.checks.rule import Check, Convention, Finding, Level, Severity, joined, matching, rules
from tyez_bench.checks.rules import (
    amounts,
    date_edges,
    dates,
    edges,
    leaks,
    misplaced,
    names,
    occurrences,
    repeats,
    shape,
    types,
    unmarked,
    unmarked_dates,
)
from tyez_bench.checks.rules.leaks import Leak, shares
from tyez_bench.checks.rules.records import repeated_ids
from tyez_bench.checks.texts import Set, Text, TextKey

# Those of a structure, over all texts that have one.
TEXT_CHECKS: tuple[Check, ...] = edges.CHECKS
# Of the same level, but told by all texts of a file together.
FILE_CHECKS: tuple[Check, ...] = (*edges.FILE_CHECKS, *misplaced.FILE_CHECKS)
SET_CHECKS: Mapping[Level, tuple[Check, ...]] = {
    Level.EXPRESSION: (
        *(*shape.CHECKS, *names.CHECKS, *amounts.CHECKS, *dates.CHECKS),
        *(*date_edges.CHECKS, *unmarked_dates.CHECKS, *unmarked.CHECKS),
    ),
    Level.OCCURRENCES: (*types.CHECKS, *occurrences.CHECKS, *repeats.CHECKS),
}
# Over all texts, those with errors, too: their marks don't matter.
ALL_CHECKS: Mapping[Level, tuple[Check, ...]] = {Level.OCCURRENCES: leaks.CHECKS}
# What entities do to one another: the rules above can do with it.
OVERLAPS = ("S103", "S104", "S114")
# Says of whole records that their marks belong elsewhere, which leaves nothing to say of each.
MISPLACED = "S116"
# Rules about what is not there.
UNMARKED = ("L307", "M406", "D505", "D507", "P304", "X602", "X603")
# Yields findings over all sound texts; what else it needs it knows.
Later = Callable[[Sequence[Text]], Iterator[Finding]]


@dataclass(frozen=True)
class Plan:
    """Which rules run, and on what: the highest level, the codes chosen, the stages that only a project has.

    ``stages`` by level, each with the codes that it may yield. ``everything`` as in :class:`Set`.
    """

    level: Level = Level.RELEASE
    codes: frozenset[str] = frozenset()
    stages: Mapping[Level, tuple[tuple[tuple[str, ...], Later], ...]] = field(default_factory=dict)
    everything: bool = False

    def wants(self, codes: Iterable[str]) -> bool:
        """Whether any of these codes is to be looked for."""
        return any(code in self.codes for code in codes)


@dataclass(frozen=True)
class CheckResult:
    """What a check found: findings that stand, findings that are accepted, and what was looked at.

    ``ran``: the codes of the rules that ran. ``skipped``: how many records the levels above 2 did not see.
    ``complete``: whether all files and all of their records were looked at. ``not_run``: the release commands that were
    not asked for. ``notes``: what is to be said of the question itself. ``texts``: those of the records, refused
    ones too, by path, line and id. ``conventions``: what the set as a whole does otherwise than rules expect.
    ``leaks``: what two files share.
    """

    findings: tuple[Finding, ...]
    accepted: tuple[Finding, ...]
    ran: frozenset[str]
    files: tuple[str, ...]
    records: int
    entities: int
    skipped: int
    complete: bool = True
    not_run: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    out_of_scope: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[TextKey, str] = field(default_factory=dict, repr=False)
    conventions: tuple[Convention, ...] = ()
    leaks: tuple[Leak, ...] = ()

    @property
    def in_silence(self) -> bool:
        """Whether records were skipped, and nothing that was asked for says so: no finding is then no good news."""
        return self.skipped > 0 and not self.findings and not self.accepted

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(finding.rule.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many of them are warnings."""
        return len(self.findings) - self.errors


def chosen(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """The codes that are selected (all of them without a selection) and not ignored. Raises UsageError."""
    wanted = list(select)
    selected = matching(wanted) & set(rules()) if wanted else set(rules())
    return frozenset(selected - matching(ignore))


class Run(NamedTuple):
    """What a plan came to: its findings in order, the texts that are sound, the codes of the rules that ran."""

    findings: list[Finding]
    texts: list[Text]
    codes: frozenset[str]
    conventions: tuple[Convention, ...]


def run(loaded: Sequence[Loaded], config: Config, plan: Plan, known: Known | None = None, jobs: int = 1) -> Run:
    """Run a plan over files. ``known``: the labels there are; None: what the configuration or the files tell.

    ``jobs``: how many processes may look, this one among them.
    """
    known = known_labels(loaded, config) if known is None else known
    everything = [text for file in loaded for text in file.texts]
    findings = [finding for file in loaded for finding in file.findings]
    findings += [finding for file in loaded for finding in repeated_ids(file.ids)]
    findings += misfits(everything, known)
    told = options(config)
    conventions: list[Convention] = []
    ran = {code for code, rule in rules().items() if rule.level <= min(plan.level, Level.STRUCTURE) and code[0] in "FS"}
    whole = Set(tuple(everything), told, known.label_set, plan.everything)

    def look(checks: Iterable[tuple[Check, object]]) -> None:
        wanted = [(check, of) for check, of in checks if plan.wants(check.codes)]
        ran.update(code for check, _ in wanted for code in check.codes)
        for found in shared([partial(_found, check, of) for check, of in wanted], jobs):
            conventions.extend(one for one in found if isinstance(one, Convention))
            findings.extend(one for one in found if isinstance(one, Finding))

    if plan.level >= Level.STRUCTURE:
        whole.prepare()
        look([(check, whole) for check in TEXT_CHECKS] + [(check, everything) for check in FILE_CHECKS])
    findings += _stages(plan, Level.FILE, everything, ran)
    findings = [finding for finding in findings if not _is_allowed(finding, told.allow)]
    # What is found in the records of a run of misplaced marks has that one cause.
    misplaced_in = {(w.path, w.line, w.document) for f in findings if f.code == MISPLACED for w in f.related}
    findings = [f for f in findings if not _is_of_a_run(f, misplaced_in)]
    failed = {(f.path, f.line, f.document) for f in findings if _is_in_the_way(f)} | misplaced_in
    texts = [text for text in everything if text.key not in failed] if failed else everything
    together = Set(tuple(texts), told, known.label_set, plan.everything) if failed else whole
    above = [level for level in Level if Level.STRUCTURE < level <= plan.level]
    if above:
        together.prepare()
        of_sets = [(check, together) for level in above for check in SET_CHECKS.get(level, ())]
        look(of_sets + [(check, everything) for level in above for check in ALL_CHECKS.get(level, ())])
    for level in above:
        findings += _stages(plan, level, texts, ran)
    aside = {text.key: text.aside for text in everything if text.aside}
    findings = [f for f in findings if not _is_marked(f, aside.get((f.path, f.line, f.document or ""), ()))]
    kept = sorted({f for f in findings if f.code in plan.codes and f.rule.level <= plan.level}, key=Finding.sort_key)
    said = tuple(one for one in conventions if one.code in plan.codes)
    return Run(kept, texts, frozenset(ran & plan.codes), said)


def _found(check: Check, of: object) -> list[Finding | Convention]:
    return list(check.run(of))


def _is_in_the_way(finding: Finding) -> bool:
    """Whether the rules above can't do with the record that a finding is about."""
    if finding.code[0] == "F":
        return finding.code in ("F002", "F003", "F006")
    return finding.code[0] in "SC" and finding.code not in OVERLAPS and finding.rule.severity is Severity.ERROR


def _is_of_a_run(finding: Finding, misplaced_in: Collection[tuple[str, int | None, str]]) -> bool:
    """Whether a warning about a mark is one about a run of marks that belong elsewhere."""
    if finding.code[0] != "S" or finding.code == MISPLACED or finding.rule.severity is Severity.ERROR:
        return False
    return (finding.path, finding.line, finding.document) in misplaced_in


def _is_allowed(finding: Finding, allow: Mapping[str, Sequence[str]]) -> bool:
    """Whether two types of one span are what the options allow for its surface."""
    if finding.code != "S114":
        return False
    types = {finding.label, *(where.label for where in finding.related)}
    return types <= set(allow.get(finding.surface, ()))


def _is_marked(finding: Finding, aside: Sequence[tuple[int, int]]) -> bool:
    """Whether what a rule calls unmarked is marked, with a label that is out of scope."""
    if finding.code not in UNMARKED or finding.start is None or finding.end is None:
        return False
    return any(start < finding.end and finding.start < end for start, end in aside)


def _stages(plan: Plan, level: Level, texts: Sequence[Text], ran: set[str]) -> list[Finding]:
    found: list[Finding] = []
    if level <= plan.level:
        for codes, stage in plan.stages.get(level, ()):
            if plan.wants(codes):
                ran |= set(codes)
                found += stage(texts)
    return found


def check(
    loaded: Sequence[Loaded],
    config: Config,
    plan: Plan,
    *,
    accepted: Sequence[tuple[int, AcceptedEntry]] = (),
    accepted_path: str = "",
    whole: bool = True,
    before: Before | None = None,
    known: Known | None = None,
    jobs: int = 1,
) -> CheckResult:
    """Run a plan over files and set aside what is accepted.

    ``whole``: whether every entry of the accepted file should have its finding here (not so when only some of the
    project's files are looked at). ``before``: what was accepted at the base.
    """
    findings, texts, codes, conventions = run(loaded, config, plan, known, jobs)
    ran = set(codes)
    standing, set_aside = apart(findings, [entry for _, entry in accepted])
    records = sum(file.records for file in loaded)
    complete = whole and len(texts) == records
    judged, documents = set(ran), None
    if not complete:
        # Above level 2 a rule looks at all texts together: what it found may be gone with the texts that are not here.
        judged = {code for code in ran if rules()[code].level <= Level.STRUCTURE}
        documents = {text.document.id for text in texts}
    about = list(judge(accepted, set_aside, judged, documents, accepted_path))
    if before is not None:
        present = {id_ for file in loaded for id_ in file.documents}
        about += ratchet([entry for _, entry in accepted], before, present, accepted_path)
    standing += [finding for finding in about if finding.code in plan.codes]
    if accepted_path:
        ran |= {code for code in plan.codes if code[0] == "B"}
    return CheckResult(
        findings=tuple(sorted(joined(standing), key=Finding.sort_key)),
        accepted=tuple(set_aside),
        ran=frozenset(ran),
        files=tuple(file.path for file in loaded),
        records=records,
        entities=sum(len(text.document.entities) for file in loaded for text in file.texts),
        skipped=records - len(texts),
        complete=complete,
        out_of_scope=sum((Counter(file.out_of_scope) for file in loaded), Counter[str]()),
        texts={
            key: text
            for file in loaded
            for key, text in (*file.refused.items(), *((t.key, t.document.text) for t in file.texts))
        },
        conventions=conventions,
        leaks=shares(
            (*standing, *set_aside),
            {text.path: file.path for file in loaded for text in file.texts},
            {file.path: file.records for file in loaded},
        ),
    )
