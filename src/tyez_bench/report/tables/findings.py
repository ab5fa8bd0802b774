"""Findings of the check for people, and its rules."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.measured import measured
from tyez_bench.checks.rule import Convention, Finding, Rule, Severity, family, rules
from tyez_bench.checks.rules.leaks import Leak
from tyez_bench.checks.texts import inside
from tyez_bench.model.errors import counted, cut, one_line, shortened
from tyez_bench.report.table import Table, cell, paragraph, render, row, table, width

# How much of a line stands around a span, in characters.
_AROUND = 24
# How many files a summary names.
_FILES = 4
# How many rules it offers to explain.
_EXPLAINED = 6
_END = "。！？!?\n"


def place(finding: Finding) -> str:
    """File, line and offsets of a finding; a long id is cut, so that it leaves room for what is said of it."""
    parts = [finding.path, *([str(finding.line)] if finding.line is not None else [])]
    where = ":".join(parts)
    if finding.document is None:
        return where
    document = cut(finding.document)
    return f"{where} {document}" if finding.start is None else f"{where} {document}:{finding.start}-{finding.end}"


def context(finding: Finding) -> str:
    """The characters of a finding between those around it; nothing where it is no span."""
    return "" if finding.start is None else f"{finding.before}⟦{cut(finding.surface)}⟧{finding.after}"


def in_full(outcome: CheckResult, *, statistics: bool = False, accepted: bool = False) -> str:
    """Every finding with the sentence and a line that points at the span; then the summary."""
    parts = [_block(finding, outcome.texts) for finding in outcome.findings]
    if accepted and outcome.accepted:
        parts.append("accepted:\n" + "".join(f"  {_line(finding)}\n" for finding in outcome.accepted))
    if statistics:
        parts.append(render([statistics_table(outcome)]))
    return "\n".join([*parts, _explained(outcome) + "".join(f"{line}\n" for line in _last(outcome))])


def _explained(outcome: CheckResult) -> str:
    """The command that says more of the rules that objected, the most frequent first."""
    codes = [code for code, _ in Counter(finding.code for finding in outcome.findings).most_common(_EXPLAINED)]
    return f"more about these rules: tyez-bench explain {' '.join(codes)}\n" if codes else ""


def _block(finding: Finding, texts: Mapping[tuple[str, int | None, str], str]) -> str:
    rule = finding.rule
    lines = [f"{finding.code} {rule.name} ({rule.severity})  {place(finding)}", f"  {finding.message}"]
    text = texts.get((finding.path, finding.line, finding.document or ""))
    if text and finding.start is not None and finding.end is not None:
        lines += [f"    {line}" for line in pointed(text, finding.start, finding.end)]
    for other in finding.related:
        where = f"{other.path}{'' if other.line is None else f':{other.line}'} {cut(other.document)}"
        what = f":{other.start}-{other.end} {other.label or ''} {cut(other.surface)}" if other.surface else ""
        lines.append(f"    see {where}{what}")
    lines.append(f"  fix: {rule.fix}")
    return "\n".join(map(shortened, lines)) + "\n"


def pointed(text: str, start: int, end: int) -> tuple[str, str]:
    """The sentence around a span, cut to what is near, and carets below the span, by the width of the characters.

    Of a span that lies outside of the text, the edge next to it.
    """
    start, end = inside(text, start, end)
    # At the end of the text there is nothing but what ends there.
    reach = start - (start == len(text))
    begin = max((text.rfind(mark, max(0, start - _AROUND), reach) + 1 for mark in _END), default=0)
    begin = max(begin, start - _AROUND)
    stops = [at + 1 for mark in _END if (at := text.find(mark, end, end + _AROUND)) >= 0]
    stop = min([*stops, end + _AROUND, len(text)])
    parts = (text[begin:start], cut(text[start:end]), text[end:stop].rstrip("\n"))
    before, span, after = map(_visible, parts)
    cut_before, cut_after = (
        ("…" if begin > 0 and text[begin - 1] not in _END else ""),
        ("…" if stop < len(text) else ""),
    )
    if text[stop - 1 : stop] in _END:
        cut_after = ""
    shown = f"{cut_before}{before}{span}{after}{cut_after}"
    return shown, " " * width(cut_before + before) + "^" * max(1, width(span))


def _visible(text: str) -> str:
    return one_line(text.replace("\n", "⏎"))


def _line(finding: Finding) -> str:
    return shortened(f"{place(finding)}: {finding.code} {finding.message}")


def concise(outcome: CheckResult, *, statistics: bool = False, accepted: bool = False) -> str:
    """One line a finding, then the summary."""
    lines = [_line(finding) for finding in outcome.findings]
    if accepted:
        lines += [f"accepted: {_line(finding)}" for finding in outcome.accepted]
    if statistics:
        lines.append(render([statistics_table(outcome)]).rstrip("\n"))
    return "\n".join([*lines, *_last(outcome)]) + "\n"


def summary(outcome: CheckResult) -> str:
    """What was looked at and found, in a line."""
    found = f"{counted(outcome.errors, 'error')}, {counted(outcome.warnings, 'warning')}"
    if not outcome.findings:
        checked = outcome.records - outcome.skipped
        found = (
            f"no findings in {checked} of {counted(outcome.records, 'record')}" if outcome.skipped else "no findings"
        )
    parts = [f"{found}; {len(outcome.accepted)} accepted"]
    records, rules = counted(outcome.records, "record"), counted(len(outcome.ran), "rule")
    counts = f"{records}, {counted(outcome.entities, 'entity', 'entities')}, {rules}"
    parts.append(f"{_names(outcome.files)}: {counts}")
    if outcome.skipped:
        parts.append(f"{counted(outcome.skipped, 'record')} with errors on levels 1 and 2 skipped above")
    if outcome.in_silence:
        parts.append("the rules that say why are not selected")
    parts += [leak(one) for one in outcome.leaks]
    if outcome.out_of_scope:
        labels = ", ".join(f"{label} {number}" for label, number in outcome.out_of_scope.items())
        parts.append(f"out of scope: {labels}")
    if outcome.not_run:
        parts.append(f"not run without --run: {', '.join(outcome.not_run)}")
    return shortened("; ".join(parts))


def leak(one: Leak) -> str:
    """What a file shares with another one, in words."""
    share = f"{100 * one.texts / one.of:.1f} %"
    return f"{one.texts} of {counted(one.of, 'text')} of {one.path} ({share}) stand in {one.other}, too"


def _last(outcome: CheckResult) -> list[str]:
    """The summary, and below it a line for each convention of the set that a rule would object to."""
    return [summary(outcome), *(shortened(f"convention of the set: {convention(one)}") for one in outcome.conventions)]


def convention(one: Convention) -> str:
    """A convention with the rule that it is of."""
    return f"{one.message} ({one.code} {rules()[one.code].name})"


def _names(files: Sequence[str]) -> str:
    """The files that were checked; of many the first."""
    more = len(files) - _FILES
    return ", ".join(files[:_FILES]) + (f" and {more} more" if more > 0 else "")


def statistics_table(outcome: CheckResult) -> Table:
    """How often each rule objected, and how often that is accepted."""
    found, accepted = (Counter(f.code for f in findings) for findings in (outcome.findings, outcome.accepted))
    rows = [
        (f"{code} {rule.name}", rule.severity.value, str(found[code]), str(accepted[code]))
        for code, rule in rules().items()
        if found[code] or accepted[code]
    ]
    return table("findings by rule", ("rule", "severity", "findings", "accepted"), rows, words=2)


def markdown(outcome: CheckResult, *, statistics: bool = False, accepted: bool = False) -> str:
    """A table for a job summary or a pull request."""
    lines = [f"**{cell(summary(outcome))}**", ""]
    if outcome.findings:
        lines += ["| rule | place | what | in context |", "|:--|:--|:--|:--|"]
        lines += list(_rows(outcome.findings))
    if outcome.conventions:
        lines += ["", "conventions of the set:", "", *(f"- {cell(convention(one))}" for one in outcome.conventions)]
    if accepted and outcome.accepted:
        lines += ["", "accepted:", "", "| rule | place | what | in context |", "|:--|:--|:--|:--|"]
        lines += list(_rows(outcome.accepted))
    if statistics:
        lines += ["", render([statistics_table(outcome)], "markdown").rstrip("\n")]
    return "\n".join(lines) + "\n"


def _rows(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in sorted(findings, key=lambda f: (f.rule.severity is Severity.WARNING, f.sort_key())):
        yield row((f"{finding.code} {finding.rule.name}", place(finding), shortened(finding.message), context(finding)))


FAMILIES = {
    "F": "File and record",
    "S": "Span structure",
    "C": "Characters",
    "L": "Words",
    "M": "Money",
    "D": "Dates",
    "P": "Places and their codes",
    "X": "Across occurrences",
    "A": "Agreement",
    "V": "Release",
    "B": "Accepted findings",
}


def rules_text(rules: Sequence[Rule]) -> str:
    """Each rule in a few lines."""
    return "\n".join(_text(rule) for rule in rules)


def _text(rule: Rule) -> str:
    fixable = ", fixed by tyez-bench fix" if rule.fixable else ""
    lines = (
        f"{rule.code} {rule.name}",
        f"  level {rule.level.value}, {rule.severity}, since {rule.since}{fixable}",
        *([] if rule.retired is None else [f"  Retired: {rule.retired}."]),
        f"  {rule.summary}",
        f"  Why: {rule.why}",
        f"  Bad:  {rule.bad}",
        f"  Good: {rule.good}",
        f"  Fix:  {rule.fix}",
        *([f"  Options: {', '.join(rule.options)}"] if rule.options else []),
        f"  May be wrong: {rule.wrong_when}",
        *(f"  Measured: {line}" for line in how_right(rule.code)),
        f"  Page: {rule.page}",
    )
    # Examples may have characters that can't be seen.
    return "".join(f"{one_line(line)}\n" for line in lines)


def how_right(code: str) -> list[str]:
    """How often a rule was right where its findings were read, a line for each set."""
    return [str(one) for one in measured().get(code, ())] or ["not measured"]


def rules_markdown(rules: Sequence[Rule]) -> str:
    """A table of the rules, then each by family."""
    lines = ["| code | name | level | severity | problem |", "|:--|:--|--:|:--|:--|"]
    for rule in rules:
        severity = rule.severity.value if rule.retired is None else "retired"
        lines.append(row((rule.code, rule.name, str(rule.level.value), severity, rule.summary)))
    last = ""
    for rule in sorted(rules, key=lambda rule: (list(FAMILIES).index(family(rule.code)), rule.code)):
        if family(rule.code) != last:
            last = family(rule.code)
            lines += ["", f"## {last}: {FAMILIES[last]}"]
        fixable = "; `tyez-bench fix` fixes it" if rule.fixable else ""
        lines += [
            "",
            f"### {rule.code} {rule.name}",
            "",
            f"{paragraph(rule.summary)} (level {rule.level.value}, {rule.severity}, since {rule.since}{fixable})",
            "",
            *([] if rule.retired is None else [f"- Retired: {cell(rule.retired)}"]),
            f"- Why: {cell(rule.why)}",
            f"- Bad: {cell(rule.bad)}",
            f"- Good: {cell(rule.good)}",
            f"- Fix: {cell(rule.fix)}",
            *([f"- Options: {', '.join(f'`{name}`' for name in rule.options)}"] if rule.options else []),
            f"- May be wrong: {cell(rule.wrong_when)}",
            *(f"- Measured: {cell(line)}" for line in how_right(rule.code)),
        ]
    return "\n".join(lines) + "\n"
