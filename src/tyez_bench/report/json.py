"""Results as plain data, for JSON; the forms are described in docs/report-format.md."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import structs, to_builtins

from tyez_bench.scoring.comparison import Comparison
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import all_bounded, bounded, bounds_data, figures_data
from tyez_bench.stress.rates import CapabilityRow, F1s, Rate, RateDifference, detectable, worst
from tyez_bench.stress.suite import Suite, signature_of
from tyez_bench.stress.verdicts import Renamed, Verdict, required

if TYPE_CHECKING:
    from tyez_bench.scoring.diagnosis import Diagnosis
    from tyez_bench.scoring.slices import Slice
    from tyez_bench.scoring.structure import Structure


def comparison_data(comparisons: Sequence[Comparison], reports: Sequence[Report], draws: int) -> dict[str, Any]:
    """Comparisons of pairs, with the signatures of the systems."""
    return {
        "schema": "tyez-bench/comparison/1",
        "draws": draws,
        "unit": reports[0].settings.unit,
        "signatures": {report.system: str(report.signature) for report in reports},
        "reading": {report.system: report.notes for report in reports},
        "pairs": [
            {
                **structs.asdict(pair),
                "interval": bounds_data(pair.interval),
                "detectable": pair.detectable,
                "least_p": pair.least,
            }
            for pair in comparisons
        ],
    }


def diagnosis_data(diagnosis: "Diagnosis") -> dict[str, Any]:
    """Every error with its spans, the figures of each kind, the confusion matrix."""
    return {
        "kinds": {name: to_builtins(kind) for name, kind in diagnosis.kinds.items()},
        "confusion": diagnosis.confusion,
        "errors": [
            {
                "kind": error.kind,
                "document": error.document,
                "gold": [span._asdict() for span in error.gold],
                "predicted": [span._asdict() for span in error.predicted],
                "rules": list(error.rules),
            }
            for error in diagnosis.errors
        ],
    }


def slices_data(slices: Sequence["Slice"]) -> list[dict[str, Any]]:
    """Slices with their figures and intervals."""
    return [
        {
            "property": part.name,
            "value": part.value,
            "support": part.support,
            **part.figures,
            **all_bounded({name: part.intervals[name] for name in part.figures}, part.reasons),
        }
        for part in slices
    ]


def structure_data(structure: "Structure") -> dict[str, Any]:
    """Scores by depth, edges, and a model's answers (null where there are none)."""
    answers = structure.answers
    return {
        "depths": {
            str(depth): {**figures_data(found.counts), **all_bounded(found.intervals, found.reasons)}
            for depth, found in structure.depths.items()
        },
        "edges": {
            name: {
                **figures_data(found.counts),
                **all_bounded(found.intervals, found.reasons),
                "both_found": found.both_found,
                "misattached": found.misattached,
            }
            for name, found in structure.edges.items()
        },
        "answers": None if answers is None else {**structs.asdict(answers), "rate": answers.rate},
    }


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
            **bounded("interval", renamed.interval, renamed.reason),
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
        **bounded("f1_interval", row.f1_interval, row.f1_reason),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "passed": rate.passed,
        "cases": rate.cases,
        "templates": rate.templates,
        "rate": rate.value,
        **bounded("interval", rate.interval, rate.reason),
    }


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
            "interval": bounds_data(row.interval),
            "p": row.p,
            "holm": row.holm,
            "detectable": row.detectable,
            "reason": row.reason,
            "f1": {
                "difference": pair.difference,
                "interval": bounds_data(pair.interval),
                "p": pair.randomisation,
                "holm": pair.holm,
                "detectable": pair.detectable,
                "reason": pair.reason,
            },
        }
        for row, pair in ((row, f1[row.capability]) for row in found)
    ]


def power_data(suite: Suite, rates: Sequence[Sequence[RateDifference]], f1: Sequence[F1s]) -> dict[str, Any]:
    """By capability, the smallest differences that pairs of systems could show, in order; both are of pairs."""
    return {
        "schema": "tyez-bench/stress-power/1",
        "suite": suite_data(suite),
        "detectable": {capability: sorted(values) for capability, values in detectable(rates).items()},
        "detectable_f1": {capability: sorted(values) for capability, values in detectable(f1).items()},
    }
