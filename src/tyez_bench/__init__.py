"""tyez-bench: a hand-annotated Chinese NER gold set of one newspaper page, and its scorer.

>>> import tyez_bench
>>> gold = tyez_bench.load()
>>> gold["wanbolin"].entities[0].text
'万柏林区'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tyez_bench.corpus.gold import Gold, load
from tyez_bench.errors import AnnotationError, InputError, MissingExtraError, TyezBenchError, UsageError
from tyez_bench.evaluation import evaluate
from tyez_bench.formats.read import read_predictions
from tyez_bench.gold.agreement import agreement
from tyez_bench.integrations import lm_eval_path, metric_path
from tyez_bench.model import (
    Document,
    Entity,
    Label,
    PredictedEntity,
    Prediction,
    Role,
    Status,
)
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.score import score, score_spans
from tyez_bench.scoring.settings import Settings
from tyez_bench.values import Money, Timex

if TYPE_CHECKING:
    from tyez_bench.checks.project import check
    from tyez_bench.dataset.frames import to_pandas
    from tyez_bench.dataset.load import load_dataset, to_dataset
    from tyez_bench.gold.diff import differences
    from tyez_bench.views.export import export
    from tyez_bench.views.spacy_docs import to_spacy

__version__ = "1.7.0"

__all__ = [
    "AnnotationError",
    "Document",
    "Entity",
    "Gold",
    "InputError",
    "Label",
    "MissingExtraError",
    "Money",
    "PredictedEntity",
    "Prediction",
    "Report",
    "Role",
    "Settings",
    "Status",
    "Timex",
    "TyezBenchError",
    "UsageError",
    "__version__",
    "agreement",
    "check",
    "differences",
    "evaluate",
    "export",
    "lm_eval_path",
    "load",
    "load_dataset",
    "metric_path",
    "read_predictions",
    "score",
    "score_spans",
    "to_dataset",
    "to_pandas",
    "to_spacy",
]

# Not needed to score, and so imported when they are asked for.
_LATER = {
    "check": "tyez_bench.checks.project",
    "differences": "tyez_bench.gold.diff",
    "export": "tyez_bench.views.export",
    "load_dataset": "tyez_bench.dataset.load",
    "to_dataset": "tyez_bench.dataset.load",
    "to_pandas": "tyez_bench.dataset.frames",
    "to_spacy": "tyez_bench.views.spacy_docs",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
