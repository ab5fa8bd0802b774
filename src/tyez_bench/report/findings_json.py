"""Findings for programs: JSON, JSON Lines, SARIF, JUnit, and GitHub's workflow commands."""

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from msgspec import structs

from tyez_bench.checks.engine import CheckResult
from tyez_bench.checks.rule import Finding, Rule, Severity, rules
from tyez_bench.files.jsonl import json_text
from tyez_bench.model.errors import counted, one_line, shortened
from tyez_bench.report.tables.findings import context, place, rules_text, summary

# What GitHub takes of a run; more is dropped there, the errors come first.
SARIF_LIMIT = 25_000
# SARIF makes links of such brackets, in plain text, too.
_LINK = re.compile(r"(?=\]\()")


def record(finding: Finding, *, accepted: bool = False) -> dict[str, Any]:
    """A finding as plain data."""
    rule = finding.rule
    data = structs.asdict(structs.replace(finding, more=()))
    return {
        "code": finding.code,
        "name": rule.name,
        "severity": rule.severity.value,
        **{name: value for name, value in data.items() if name not in ("cause", "rank", "more")},
        "related": [other._asdict() for other in finding.related],
        "places": [{**other.where()._asdict(), "fingerprint": other.fingerprint} for other in finding.more],
        "mend": rule.fix,
        "page": rule.page,
        "fingerprint": finding.fingerprint,
        "accepted": accepted,
    }


def _records(outcome: CheckResult, accepted: bool) -> Iterator[dict[str, Any]]:
    yield from map(record, outcome.findings)
    if accepted:
        yield from (record(finding, accepted=True) for finding in outcome.accepted)


def as_json(outcome: CheckResult, *, accepted: bool = False) -> str:
    """One object: findings, and what was looked at."""
    data = {
        "findings": list(_records(outcome, accepted)),
        "errors": outcome.errors,
        "warnings": outcome.warnings,
        "accepted": len(outcome.accepted),
        **{name: getattr(outcome, name) for name in ("files", "records", "entities", "skipped", "out_of_scope")},
        "rules": sorted(outcome.ran),
        "not_run": list(outcome.not_run),
        "leaks": [one._asdict() for one in outcome.leaks],
        "conventions": [one._asdict() for one in outcome.conventions],
    }
    return json_text(data)


def as_jsonl(outcome: CheckResult, *, accepted: bool = False) -> str:
    """A finding a line."""
    return "".join(json_text(found, indent=None) for found in _records(outcome, accepted))


def _errors_first(outcome: CheckResult) -> list[Finding]:
    return sorted(outcome.findings, key=lambda f: (f.rule.severity is Severity.WARNING, f.sort_key()))


def github(outcome: CheckResult) -> str:
    """Workflow commands, errors first: of each kind GitHub shows ten a step. Then the summary."""
    lines = []
    for finding in _errors_first(outcome):
        # Lines of JSON are long: the message itself says where in the text it is.
        around = f" … {context(finding)} …" if finding.start is not None else ""
        message = shortened(f"{finding.message}{around} [{place(finding)}] {finding.rule.fix}")
        properties = [f"file={_property(finding.path)}"]
        if finding.line is not None:
            properties.append(f"line={finding.line}")
        properties.append(f"title={_property(f'{finding.code} {finding.rule.name}')}")
        lines.append(f"::{finding.rule.severity} {','.join(properties)}::{_escaped(message)}")
    return "\n".join([*lines, summary(outcome)]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(one_line(text)).replace(":", "%3A").replace(",", "%2C")


def sarif(outcome: CheckResult, version: str) -> str:
    """SARIF 2.1.0: one run, its rules, a result for each finding; accepted ones as suppressed."""
    everything = (*outcome.findings, *outcome.accepted)
    used = [code for code in rules() if code in {finding.code for finding in everything}]
    numbers = _numbers(everything)
    results = [_sarif_result(finding, used, numbers[finding]) for finding in _errors_first(outcome)]
    for finding in outcome.accepted:
        suppressed = {"suppressions": [{"kind": "external"}]}
        results.append({**_sarif_result(finding, used, numbers[finding]), **suppressed})
    driver = {"name": "tyez-bench", "version": version, "rules": [_sarif_rule(code) for code in used]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results[:SARIF_LIMIT]}
    data = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json_text(data)


def _numbers(findings: Sequence[Finding]) -> dict[Finding, int]:
    """Which one it is of the findings with its fingerprint, from 1."""
    seen: Counter[str] = Counter()
    numbers = {}
    for finding in sorted(findings, key=Finding.sort_key):
        seen[finding.fingerprint] += 1
        numbers[finding] = seen[finding.fingerprint]
    return numbers


def _sarif_result(finding: Finding, used: list[str], number: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": used.index(finding.code),
        "level": finding.rule.severity.value,
        "message": {"text": _sarif_text(f"{finding.message} [{place(finding)}]")},
        "locations": [_sarif_location(finding.path, finding.line)],
        # GitHub looks at the first of the two alone, and makes one alert of all results that have the same.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:{number}",
            "tyezBench/v1": finding.fingerprint,
        },
    }
    places = [*finding.related, *(other.where() for other in finding.more)]
    if places:
        found["relatedLocations"] = [
            {
                **_sarif_location(other.path, other.line),
                "message": {"text": _sarif_text(f"{other.document} {other.surface}".strip())},
            }
            for other in places
        ]
    return found


def _sarif_text(text: str) -> str:
    return _LINK.sub(r"\\", shortened(text))


def _sarif_location(path: str, line: int | None) -> dict[str, Any]:
    # The name of a file may be no UTF-8. Without a region a result is not shown.
    physical = {
        "artifactLocation": {"uri": quote(os.fsencode(path))},
        "region": {"startLine": 1 if line is None else line},
    }
    return {"physicalLocation": physical}


def _sarif_rule(code: str) -> dict[str, Any]:
    rule = rules()[code]
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.fix, "markdown": _sarif_markdown(rule)},
        "defaultConfiguration": {"level": rule.severity.value},
        # A helpUri must be absolute, and where the documentation is put is not known here.
        "properties": {"page": rule.page},
    }


def _sarif_markdown(rule: Rule) -> str:
    """All that is known of a rule, as it is printed for people: examples are no Markdown."""
    return f"```text\n{rules_text([rule])}```\n"


def junit(outcome: CheckResult) -> str:
    """JUnit's XML: a suite a file, a case for each rule that ran, a failure for each finding."""
    # One line of characters that can be seen: XML can hold them all.
    suites = ElementTree.Element("testsuites")
    paths = dict.fromkeys([*outcome.files, *(finding.path for finding in outcome.findings)])
    for path in paths:
        found: dict[str, list[Finding]] = {code: [] for code in rules() if code in outcome.ran}
        for finding in outcome.findings:
            if finding.path == path:
                found.setdefault(finding.code, []).append(finding)
        failed = sum(map(bool, found.values()))
        suite = ElementTree.SubElement(
            suites, "testsuite", name=one_line(path), tests=str(len(found)), failures=str(failed), errors="0"
        )
        for code, findings in found.items():
            case = ElementTree.SubElement(
                suite, "testcase", classname=one_line(path), name=f"{code} {rules()[code].name}"
            )
            if findings:
                lines = [shortened(f"{place(finding)}: {finding.message}") for finding in findings]
                failure = ElementTree.SubElement(case, "failure", message=counted(len(findings), "finding"))
                failure.text = "\n".join(lines)
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"
