"""tyez-bench: a Chinese NER gold set of one newspaper page, read and annotated by a language model, and its scorer.

>>> import tyez_bench
>>> gold = tyez_bench.load()
>>> gold["wanbolin"].entities[0].text
'万柏林区'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tyez_bench.checks.project import check
    from tyez_bench.dataset.load import load_dataset, to_dataset, to_pandas
    from tyez_bench.engines.score import score_shards
    from tyez_bench.files.inputs import reading_at_most
    from tyez_bench.gold.gold import Gold
    from tyez_bench.integrations import lm_eval_path, metric_path
    from tyez_bench.io.export.files import export
    from tyez_bench.io.export.spacy_docs import to_spacy
    from tyez_bench.io.gold import load
    from tyez_bench.io.read import read_predictions
    from tyez_bench.io.record import Options
    from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction, Role, Status
    from tyez_bench.model.errors import AnnotationError, InputError, MissingExtraError, TyezBenchError, UsageError
    from tyez_bench.model.labels import Kind, Label, LabelSet
    from tyez_bench.model.values import Money, Timex
    from tyez_bench.scoring.agreement import Agreement, Share, agreement
    from tyez_bench.scoring.bootstrap import Interval
    from tyez_bench.scoring.comparison import Comparison, Power, compare, power
    from tyez_bench.scoring.diagnosis import DiagnosedError, Diagnosis, ErrorKind, diagnose
    from tyez_bench.scoring.diff import AlignedRecords, Difference, Differences, EditedDocument, diff, differences
    from tyez_bench.scoring.from_files import score_files, score_stream
    from tyez_bench.scoring.report import Report
    from tyez_bench.scoring.schemes import Counts, MucCounts
    from tyez_bench.scoring.score import score, score_spans
    from tyez_bench.scoring.scores import Score
    from tyez_bench.scoring.settings import Settings
    from tyez_bench.scoring.slices import Slice, slices
    from tyez_bench.scoring.spans import TypedSpan
    from tyez_bench.scoring.structure import Answers, Depth, Edges, Structure, structure, structure_spans
    from tyez_bench.systems.adapters.own import evaluate

__version__ = "1.9.0"

__all__ = [
    "Agreement",
    "AlignedRecords",
    "AnnotationError",
    "Answers",
    "Comparison",
    "Counts",
    "Depth",
    "DiagnosedError",
    "Diagnosis",
    "Difference",
    "Differences",
    "Document",
    "Edges",
    "EditedDocument",
    "Entity",
    "ErrorKind",
    "Gold",
    "InputError",
    "Interval",
    "Kind",
    "Label",
    "LabelSet",
    "MissingExtraError",
    "Money",
    "MucCounts",
    "Options",
    "Power",
    "PredictedEntity",
    "Prediction",
    "Report",
    "Role",
    "Score",
    "Settings",
    "Share",
    "Slice",
    "Status",
    "Structure",
    "Timex",
    "TyezBenchError",
    "TypedSpan",
    "UsageError",
    "__version__",
    "agreement",
    "check",
    "compare",
    "diagnose",
    "diff",
    "differences",
    "evaluate",
    "export",
    "lm_eval_path",
    "load",
    "load_dataset",
    "metric_path",
    "power",
    "read_predictions",
    "reading_at_most",
    "score",
    "score_files",
    "score_shards",
    "score_spans",
    "score_stream",
    "slices",
    "structure",
    "structure_spans",
    "to_dataset",
    "to_pandas",
    "to_spacy",
]

# The modules that have them: imported when a name is asked for, so that a command starts at once and can be stopped.
_NAMES = {
    "checks.project": "check",
    "dataset.load": "load_dataset to_dataset to_pandas",
    "engines.score": "score_shards",
    "files.inputs": "reading_at_most",
    "gold.gold": "Gold",
    "integrations": "lm_eval_path metric_path",
    "io.export.files": "export",
    "io.export.spacy_docs": "to_spacy",
    "io.gold": "load",
    "io.read": "read_predictions",
    "io.record": "Options",
    "model.documents": "Document Entity PredictedEntity Prediction Role Status",
    "model.errors": "AnnotationError InputError MissingExtraError TyezBenchError UsageError",
    "model.labels": "Kind Label LabelSet",
    "model.values": "Money Timex",
    "scoring.agreement": "Agreement Share agreement",
    "scoring.bootstrap": "Interval",
    "scoring.comparison": "Comparison Power compare power",
    "scoring.diagnosis": "DiagnosedError Diagnosis ErrorKind diagnose",
    "scoring.diff": "AlignedRecords Difference Differences EditedDocument diff differences",
    "scoring.from_files": "score_files score_stream",
    "scoring.report": "Report",
    "scoring.schemes": "Counts MucCounts",
    "scoring.score": "score score_spans",
    "scoring.scores": "Score",
    "scoring.settings": "Settings",
    "scoring.slices": "Slice slices",
    "scoring.spans": "TypedSpan",
    "scoring.structure": "Answers Depth Edges Structure structure structure_spans",
    "systems.adapters.own": "evaluate",
}
_MODULES = {name: f"{__name__}.{module}" for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
