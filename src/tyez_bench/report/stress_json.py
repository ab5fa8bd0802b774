"""Scores on the stress suite as plain data, for JSON. The form is described in docs/report-format.md."""

from collections.abc import Sequence
from typing import Any

from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.report import Report
from tyez_bench.stress.rates import CapabilityRow, F1s, Rate, RateDifference, detectable, detectable_f1, worst
from tyez_bench.stress.suite import Suite, signature_of
from tyez_bench.stress.verdicts import Renamed, Verdict, required

NO_COMMON_TYPE = "they have no type in common"
STRESS_SCHEMA = "tyez-bench/stress/1"


def suite_data(suite: Suite) -> dict[str, Any]:
    """Which suite."""
    return {
        "name": suite.gold.name,
        "version": suite.gold.version,
        "seed": suite.seed,
        "cases": len(suite.cases),
        "fingerprint": suite.gold.fingerprint,
    }


def system_data(report: Report, rows: Sequence[CapabilityRow], renamed: Renamed | None) -> dict[str, Any]:
    """A system: a record for each capability and transformation, and the names of the page against others."""
    return {
        "system": report.system,
        "signature": signature_of(report),
        "types": list(report.types),
        "reading": report.notes,
        "worst": None if (lowest := worst(rows)) is None else lowest.capability,
        "capabilities": [_row(row) for row in rows],
        "renamed": renamed
        and {
            "spans": renamed.spans,
            "sentences": renamed.sentences,
            "recall_before": renamed.before,
            "recall_after": renamed.after,
            "difference": renamed.difference,
            **_bounded("interval", renamed.interval, renamed.reason),
        },
    }


def _row(row: CapabilityRow) -> dict[str, Any]:
    return {
        "capability": row.capability,
        "transformation": row.transformed,
        **_rate(row.rate),
        "kinds": {str(kind): _rate(rate) for kind, rate in row.kinds.items()},
        "before": _rate(row.before),
        "consistent": _rate(row.consistent),
        "drop": row.drop,
        "f1": row.f1,
        **_bounded("f1_interval", row.f1_interval, row.f1_reason),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "passed": rate.passed,
        "cases": rate.cases,
        "templates": rate.templates,
        "rate": rate.value,
        **_bounded("interval", rate.interval, rate.reason),
    }


def _bounded(name: str, interval: Interval | None, reason: str | None) -> dict[str, Any]:
    return {name: _bounds(interval)} | ({} if reason is None else {f"{name}_reason": reason})


def _bounds(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def failures_data(
    found: Sequence[Verdict], predicted: dict[str, list[tuple[int, int, str]]], number: int | None
) -> list[dict[str, Any]]:
    """The failed cases, up to ``number`` of each capability (None: all): fills, and both answers of each text."""
    failures: list[dict[str, Any]] = []
    shown: dict[str, int] = {}
    for verdict in found:
        case = verdict.case
        if verdict.passed is not False or (number is not None and shown.get(case.capability, 0) >= number):
            continue
        shown[case.capability] = shown.get(case.capability, 0) + 1
        texts = [
            {
                "id": text.id,
                "text": text.text,
                "right": right,
                "gold": [[e.start, e.end, str(e.type), e.text] for e in required(text)],
                "predicted": [[s, e, label, text.text[s:e]] for s, e, label in predicted.get(text.id, ())],
            }
            for text, right in zip(case.texts, verdict.right, strict=True)
        ]
        told = {"case": case.id, "capability": case.capability, "template": case.template, "kind": str(case.kind)}
        failures.append({**told, "change": case.change, "fills": case.fills, "texts": texts})
    return failures


def differences_data(
    one: str, other: str, types: Sequence[str], found: Sequence[RateDifference], f1: F1s
) -> list[dict[str, Any]]:
    """System ``other`` against ``one``, by capability."""
    return [
        {
            "a": one,
            "b": other,
            "types": list(types),
            "capability": row.capability,
            "difference": row.difference,
            "interval": _bounds(row.interval),
            "p": row.p,
            "holm": row.holm,
            "detectable": row.detectable,
            "reason": row.reason,
            "f1": {
                "difference": f1[row.capability].difference,
                "interval": _bounds(f1[row.capability].interval),
                "p": f1[row.capability].randomisation,
                "holm": f1[row.capability].holm,
                "detectable": f1[row.capability].detectable,
                "reason": f1[row.capability].reason,
            },
        }
        for row in found
    ]


def power_data(suite: Suite, rates: Sequence[Sequence[RateDifference]], f1: Sequence[F1s]) -> dict[str, Any]:
    """By capability, the smallest differences that pairs of systems could show, in order; both are of pairs."""
    return {
        "schema": "tyez-bench/stress-power/1",
        "suite": suite_data(suite),
        "detectable": {capability: sorted(values) for capability, values in detectable(rates).items()},
        "detectable_f1": {capability: sorted(values) for capability, values in detectable_f1(f1).items()},
    }
