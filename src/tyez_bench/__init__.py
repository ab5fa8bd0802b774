"""tyez-bench: a hand-annotated Chinese NER gold set of one newspaper page, and its scorer.

>>> import tyez_bench
>>> gold = tyez_bench.load()
>>> gold["wanbolin"].entities[0].text
'万柏林区'
"""

from tyez_bench.agreement import agreement
from tyez_bench.corpus.gold import Gold, load
from tyez_bench.errors import AnnotationError, InputError, MissingExtraError, TyezBenchError, UsageError
from tyez_bench.evaluation import evaluate
from tyez_bench.formats.read import read_predictions
from tyez_bench.integrations import metric_path
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

__version__ = "1.2.0"

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
    "evaluate",
    "load",
    "metric_path",
    "read_predictions",
    "score",
    "score_spans",
]
