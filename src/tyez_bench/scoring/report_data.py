"""A report as plain data, for JSON, CSV and frames. The form is described in docs/report-format.md."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import structs

from tyez_bench.model.errors import MissingExtraError
from tyez_bench.scoring.bootstrap import LEVEL
from tyez_bench.scoring.counts import Column
from tyez_bench.scoring.report import MICRO, Report
from tyez_bench.scoring.scores import bounded, figures_data
from tyez_bench.scoring.settings import GoldFacts
from tyez_bench.scoring.signature import signature

if TYPE_CHECKING:
    from pandas import DataFrame

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
            "units": report.tables.number(report.settings.unit),
            "number": report.settings.draws,
            "seed": report.settings.seed,
            "level": LEVEL,
        },
        "headline": {
            "measure": "strict/f1/micro",
            "value": report.f1,
            **bounded("interval", report.intervals()[MICRO]["f1"], report.without_interval()[MICRO].get("f1")),
            **bounded("interval_by_name", report.by_name, report.without_interval(unit="name")[MICRO].get("f1")),
        },
        "scores": _scheme(report, "strict"),
        "schemes": {name: _scheme(report, name) for name in report.schemes if name != "strict"},
        "averages": report.averages(),
        "ignored_gold": int(total[Column.IGNORED_GOLD]),
        "ignored_pred": int(total[Column.IGNORED_PREDICTED]),
        "require": figures_data(report.required),
        "surface": None,
        "values": {
            type_: {**structs.asdict(found), "accuracy": found.accuracy}
            for type_, found in report.tables.values.items()
        },
        "documents": report.tables.documents,
        "missing_documents": list(report.missing),
    }
    if report.surfaces is not None:
        data["surface"] = {name: figures_data(found) for name, found in report.surfaces.items()}
        data["surface"][MICRO] |= bounded("f1_interval", report.surface_interval, report.without_surface_interval)
    if counts:
        data["counts"] = {
            "unit": "sentence",
            "ids": list(report.unit_ids),
            "types": list(report.tables.types),
            "columns": [column.name.lower() for column in Column],
            "table": report.tables.units.dense().tolist(),
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
    total = report[scheme]
    return {name: found.to_dict() for name, found in {**total.types, MICRO: total}.items()}


# Of the columns of a frame: figures that are undefined are NaN, also where all of a column are.
_DTYPES = {
    **dict.fromkeys(("system", "scheme", "row"), "string"),
    **dict.fromkeys(("precision", "recall", "f1", "f1_low", "f1_high", "tp", "fp", "fn"), "float64"),
    **dict.fromkeys(("gold", "predicted"), "int64"),
    "only_predicted": "bool",
}
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
                figures = figures_data(counts)
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


def report_frame(report: Report) -> "DataFrame":
    """The rows of the CSV as a pandas data frame, the signature among its ``attrs``. Raises MissingExtraError."""
    try:
        import pandas
    except ImportError:
        raise MissingExtraError("pandas", "hf") from None
    columns = dict(zip(CSV_HEADER, zip(*csv_rows([report]), strict=True), strict=True))
    line = columns.pop("signature")[0]
    frame = pandas.DataFrame({name: pandas.Series(values, dtype=_DTYPES[name]) for name, values in columns.items()})
    frame.attrs["signature"] = line
    return frame
