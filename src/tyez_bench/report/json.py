"""Comparisons, diagnoses, slices and structure as plain data, for JSON; described in docs/report-format.md."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import structs, to_builtins

from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.comparison import Comparison
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.scores import all_bounded, bounds_data, figures_data
from tyez_bench.scoring.signature import signature

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
        "signatures": {report.system: str(signature(report)) for report in reports},
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
            str(depth): {**figures_data(found.counts), **_intervals(found.intervals)}
            for depth, found in structure.depths.items()
        },
        "edges": {
            name: {
                **figures_data(found.counts),
                **_intervals(found.intervals),
                "both_found": found.both_found,
                "misattached": found.misattached,
            }
            for name, found in structure.edges.items()
        },
        "answers": None if answers is None else {**structs.asdict(answers), "rate": answers.rate},
    }


def _intervals(drawn: dict[str, Interval | None]) -> dict[str, Any]:
    return {f"{measure}_interval": bounds_data(interval) for measure, interval in drawn.items()}
