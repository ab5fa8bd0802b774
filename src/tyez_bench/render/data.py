"""Reports as plain data, for JSON and CSV. The form is described in docs/report-format.md."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import structs

from tyez_bench.scoring.comparison import Comparison
from tyez_bench.scoring.counts import Column
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.report import MICRO, GoldFacts, Report
from tyez_bench.scoring.resampling import LEVEL, Interval
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.signature import signature

if TYPE_CHECKING:
    from tyez_bench.scoring.diagnosis import Diagnosis
    from tyez_bench.scoring.slices import Slice
    from tyez_bench.scoring.structure import Structure

REPORT_SCHEMA = "tyez-bench/report/2"


def report_data(report: Report, *, counts: bool = False) -> dict[str, Any]:
    """A report; with ``counts`` also the counts of every unit, from which others can resample."""
    total = report.columns()
    data: dict[str, Any] = {
        "schema": REPORT_SCHEMA,
        "signature": str(signature(report)),
        "system": report.system,
        "gold": gold_data(report.gold),
        "layer": report.settings.layer,
        "optional": report.settings.optional,
        "matching": report.settings.matching,
        "min_overlap": report.settings.min_overlap,
        "types": list(report.types),
        "only_predicted": report.only_predicted,
        "labels": report.labels,
        "reading": {**report.reading, **report.notes},
        "resampling": {
            "unit": report.settings.unit,
            "units": len(report.tables.by(report.settings.unit)),
            "number": report.settings.draws,
            "seed": report.settings.seed,
            "level": LEVEL,
        },
        "headline": {
            "measure": "strict/f1/micro",
            "value": report.f1,
            **_bounded("interval", report.intervals()[MICRO]["f1"], report.without_interval()[MICRO].get("f1")),
            **_bounded("interval_by_name", report.by_name, report.without_interval(unit="name")[MICRO].get("f1")),
        },
        "scores": _scheme(report, "strict"),
        "schemes": {name: _scheme(report, name) for name in report.schemes if name != "strict"},
        "averages": report.averages(),
        "ignored_gold": int(total[Column.IGNORED_GOLD]),
        "ignored_pred": int(total[Column.IGNORED_PREDICTED]),
        "require": _figures(report.required),
        "surface": None,
        "values": {
            type_: {**structs.asdict(found), "accuracy": found.accuracy}
            for type_, found in report.tables.values.items()
        },
        "documents": report.tables.documents,
        "missing_documents": list(report.missing),
    }
    if report.surfaces is not None:
        data["surface"] = {name: _figures(found) for name, found in report.surfaces.items()}
        data["surface"][MICRO] |= _bounded("f1_interval", report.surface_interval, report.without_surface_interval)
    if counts:
        data["counts"] = {
            "unit": "sentence",
            "ids": list(report.unit_ids),
            "types": list(report.tables.types),
            "columns": [column.name.lower() for column in Column],
            "table": report.tables.units.tolist(),
        }
    return data


def gold_data(gold: GoldFacts) -> dict[str, Any]:
    """Which gold, with its label set and how its file was read."""
    return {
        "name": gold.name,
        "version": gold.version,
        "fingerprint": gold.fingerprint,
        "label_set": {"name": gold.labels.name, "labels": list(gold.labels.names)},
        "format": gold.format,
        "reading": dict(gold.reading),
        "unit": gold.unit,
        "out_of_scope": gold.out_of_scope,
        "dropped": gold.dropped,
        "changed": gold.changed,
        "rejected": gold.rejected,
    }


def _scheme(report: Report, scheme: str) -> dict[str, Any]:
    drawn, reasons = report.intervals(scheme), report.without_interval(scheme)
    rows: dict[str, Any] = {}
    for name, counts in report.rows(scheme):
        found = report.outcome(name, scheme)
        rows[name] = {
            **_figures(counts),
            **_all_bounded(drawn[name], reasons[name]),
            **(structs.asdict(found) if found else {}),
        }
    return rows


def _figures(counts: Counts) -> dict[str, Any]:
    return {
        "precision": precision(counts),
        "recall": recall(counts),
        "f1": f1(counts),
        "tp": counts.right,
        "fp": counts.predicted - counts.right,
        "fn": counts.gold - counts.right,
        "gold": counts.gold,
        "predicted": counts.predicted,
    }


def _bounds(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _bounded(name: str, interval: Interval | None, reason: str | None) -> dict[str, Any]:
    """An interval under its name; where it is null, why it is, under the same name with ``_reason``."""
    return {name: _bounds(interval)} | ({} if reason is None else {f"{name}_reason": reason})


def _all_bounded(found: Mapping[str, Interval | None], reasons: Mapping[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for measure, interval in found.items():
        data |= _bounded(f"{measure}_interval", interval, reasons.get(measure))
    return data


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
                "interval": _bounds(pair.interval),
                "detectable": pair.detectable,
                "least_p": pair.least,
            }
            for pair in comparisons
        ],
    }


def diagnosis_data(diagnosis: "Diagnosis") -> dict[str, Any]:
    """Every error with its spans, the figures of each kind, the confusion matrix."""
    return {
        "kinds": {name: structs.asdict(kind) for name, kind in diagnosis.kinds.items()},
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
            **_all_bounded({name: part.intervals[name] for name in part.figures}, part.reasons),
        }
        for part in slices
    ]


def structure_data(structure: "Structure") -> dict[str, Any]:
    """Scores by depth, edges, and a model's answers (null where there are none)."""
    answers = structure.answers
    return {
        "depths": {
            str(depth): {**_figures(found.counts), **_intervals(found.intervals)}
            for depth, found in structure.depths.items()
        },
        "edges": {
            name: {
                **_figures(found.counts),
                **_intervals(found.intervals),
                "both_found": found.both_found,
                "misattached": found.misattached,
            }
            for name, found in structure.edges.items()
        },
        "answers": None if answers is None else {**structs.asdict(answers), "rate": answers.rate},
    }


def _intervals(drawn: dict[str, Interval | None]) -> dict[str, Any]:
    return {f"{measure}_interval": _bounds(interval) for measure, interval in drawn.items()}


CSV_HEADER = [
    "system",
    "scheme",
    "row",
    "precision",
    "recall",
    "f1",
    "f1_low",
    "f1_high",
    "tp",
    "fp",
    "fn",
    "gold",
    "predicted",
    "only_predicted",
    "signature",
]


def csv_rows(reports: Sequence[Report]) -> list[list[object]]:
    """A row for each system, scheme and type."""
    rows: list[list[object]] = []
    for report in reports:
        line = str(signature(report))
        for scheme in report.schemes:
            drawn = report.intervals(scheme)
            for name, counts in report.rows(scheme):
                figures = _figures(counts)
                interval = drawn[name]["f1"]
                bounds = (None, None) if interval is None else (interval.low, interval.high)
                first = [figures.pop(key) for key in ("precision", "recall", "f1")]
                rows.append(
                    [
                        report.system,
                        scheme,
                        name,
                        *first,
                        *bounds,
                        *figures.values(),
                        name in report.only_predicted,
                        line,
                    ]
                )
    return rows
