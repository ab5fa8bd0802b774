"""A real pipeline of transformers, loaded and run: its files are those kept, and ``evaluate`` scores it."""

import json
from pathlib import Path
from typing import Any

import pytest
import tiny

import tyez_bench

# Where the outputs are kept that the other tests read.
REAL = Path(__file__).parents[1] / "io" / "real"


@pytest.mark.parametrize("strategy", tiny.FILES)
def test_the_kept_files_are_what_the_pipeline_writes(gold: tyez_bench.Gold, tmp_path: Path, strategy: str) -> None:
    """But for scores, whose last digits depend on the machine."""
    fresh = tiny.pipeline(gold, tmp_path, strategy)(tiny.sentences(gold))
    kept = json.loads((REAL / tiny.FILES[strategy]).read_text("utf-8"))

    def told(results: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
        return [[{k: v for k, v in item.items() if k != "score"} for item in result] for result in results]

    assert told(fresh) == told(kept)


@pytest.mark.parametrize("strategy", tiny.FILES)
def test_evaluate_runs_it(gold: tyez_bench.Gold, tmp_path: Path, strategy: str) -> None:
    """From the pipeline in memory the same score as from its file."""
    model = tiny.pipeline(gold, tmp_path, strategy)
    report = tyez_bench.evaluate(model, by="sentence", labels="conll03")
    predictions = tyez_bench.read_predictions(REAL / tiny.FILES[strategy], gold, labels="conll03")
    from_file = tyez_bench.score(gold, predictions)
    assert report.rows() == from_file.rows()
    assert report.system == "TokenClassificationPipeline"
