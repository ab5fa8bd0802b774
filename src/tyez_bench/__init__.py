"""tyez-bench: a hand-annotated Chinese NER gold set of one newspaper page, and its scorer.

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
    from tyez_bench.scoring.diff import Difference, Differences, EditedDocument, diff, differences
    from tyez_bench.scoring.from_files import score_files, score_stream
    from tyez_bench.scoring.report import Report
    from tyez_bench.scoring.schemes import Counts, MucCounts
    from tyez_bench.scoring.score import score, score_spans
    from tyez_bench.scoring.scores import Score
    from tyez_bench.scoring.settings import Settings
    from tyez_bench.scoring.slices import Slice, slices
    from tyez_bench.scoring.spans import TypedSpan
    from tyez_bench.scoring.structure import Answers, Depth, Edges, Structure, structure, structure_spans
    from tyez_bench.systems.evaluate import evaluate

__version__ = "1.9.0"

__all__ = [
    "Agreement",
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

# By name the module that has it: imported when it is asked for, so that a command starts at once and can be stopped.
_MODULES = {
    "Agreement": "tyez_bench.scoring.agreement",
    "AnnotationError": "tyez_bench.model.errors",
    "Answers": "tyez_bench.scoring.structure",
    "Comparison": "tyez_bench.scoring.comparison",
    "Counts": "tyez_bench.scoring.schemes",
    "Depth": "tyez_bench.scoring.structure",
    "DiagnosedError": "tyez_bench.scoring.diagnosis",
    "Diagnosis": "tyez_bench.scoring.diagnosis",
    "Difference": "tyez_bench.scoring.diff",
    "Differences": "tyez_bench.scoring.diff",
    "Document": "tyez_bench.model.documents",
    "Edges": "tyez_bench.scoring.structure",
    "EditedDocument": "tyez_bench.scoring.diff",
    "Entity": "tyez_bench.model.documents",
    "ErrorKind": "tyez_bench.scoring.diagnosis",
    "Gold": "tyez_bench.gold.gold",
    "InputError": "tyez_bench.model.errors",
    "Interval": "tyez_bench.scoring.bootstrap",
    "Kind": "tyez_bench.model.labels",
    "Label": "tyez_bench.model.labels",
    "LabelSet": "tyez_bench.model.labels",
    "MissingExtraError": "tyez_bench.model.errors",
    "Money": "tyez_bench.model.values",
    "MucCounts": "tyez_bench.scoring.schemes",
    "Options": "tyez_bench.io.record",
    "Power": "tyez_bench.scoring.comparison",
    "PredictedEntity": "tyez_bench.model.documents",
    "Prediction": "tyez_bench.model.documents",
    "Report": "tyez_bench.scoring.report",
    "Role": "tyez_bench.model.documents",
    "Score": "tyez_bench.scoring.scores",
    "Settings": "tyez_bench.scoring.settings",
    "Share": "tyez_bench.scoring.agreement",
    "Slice": "tyez_bench.scoring.slices",
    "Status": "tyez_bench.model.documents",
    "Structure": "tyez_bench.scoring.structure",
    "Timex": "tyez_bench.model.values",
    "TyezBenchError": "tyez_bench.model.errors",
    "TypedSpan": "tyez_bench.scoring.spans",
    "UsageError": "tyez_bench.model.errors",
    "agreement": "tyez_bench.scoring.agreement",
    "check": "tyez_bench.checks.project",
    "compare": "tyez_bench.scoring.comparison",
    "diagnose": "tyez_bench.scoring.diagnosis",
    "diff": "tyez_bench.scoring.diff",
    "differences": "tyez_bench.scoring.diff",
    "evaluate": "tyez_bench.systems.evaluate",
    "export": "tyez_bench.io.export.files",
    "lm_eval_path": "tyez_bench.integrations",
    "load": "tyez_bench.io.gold",
    "load_dataset": "tyez_bench.dataset.load",
    "metric_path": "tyez_bench.integrations",
    "power": "tyez_bench.scoring.comparison",
    "read_predictions": "tyez_bench.io.read",
    "reading_at_most": "tyez_bench.files.inputs",
    "score": "tyez_bench.scoring.score",
    "score_files": "tyez_bench.scoring.from_files",
    "score_shards": "tyez_bench.engines.score",
    "score_spans": "tyez_bench.scoring.score",
    "score_stream": "tyez_bench.scoring.from_files",
    "slices": "tyez_bench.scoring.slices",
    "structure": "tyez_bench.scoring.structure",
    "structure_spans": "tyez_bench.scoring.structure",
    "to_dataset": "tyez_bench.dataset.load",
    "to_pandas": "tyez_bench.dataset.load",
    "to_spacy": "tyez_bench.io.export.spacy_docs",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
