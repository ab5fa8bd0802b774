"""The rules of the check for people."""

from collections.abc import Sequence

from tyez_bench.checks.rule import Rule, family
from tyez_bench.errors import one_line
from tyez_bench.render.markup import cell, paragraph, row

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


def as_text(rules: Sequence[Rule]) -> str:
    """Each rule in a few lines."""
    return "\n".join(_text(rule) for rule in rules)


def _text(rule: Rule) -> str:
    fixable = ", mended by tyez-bench fix" if rule.fixable else ""
    lines = (
        f"{rule.code} {rule.name}",
        f"  level {rule.level.value}, {rule.severity}, since {rule.since}{fixable}",
        *([] if rule.retired is None else [f"  Retired: {rule.retired}."]),
        f"  {rule.summary}",
        f"  Why: {rule.why}",
        f"  Bad:  {rule.bad}",
        f"  Good: {rule.good}",
        f"  Mend: {rule.mend}",
    )
    # Examples may have characters that can't be seen.
    return "".join(f"{one_line(line)}\n" for line in lines)


def as_markdown(rules: Sequence[Rule]) -> str:
    """A table of the rules, then each by family."""
    lines = ["| code | name | level | severity | what it objects to |", "|:--|:--|--:|:--|:--|"]
    for rule in rules:
        severity = rule.severity.value if rule.retired is None else "retired"
        lines.append(row((rule.code, rule.name, str(rule.level.value), severity, rule.summary)))
    last = ""
    for rule in sorted(rules, key=lambda rule: (list(FAMILIES).index(family(rule.code)), rule.code)):
        if family(rule.code) != last:
            last = family(rule.code)
            lines += ["", f"## {last}: {FAMILIES[last]}"]
        fixable = "; `tyez-bench fix` mends it" if rule.fixable else ""
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
            f"- Mend: {cell(rule.mend)}",
        ]
    return "\n".join(lines) + "\n"
