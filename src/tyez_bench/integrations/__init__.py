"""The scorer inside other people's frameworks: spaCy, Hugging Face evaluate, pytest, evaluation harnesses."""

from pathlib import Path


def metric_path() -> str:
    """Where the metric module for ``evaluate.load`` is."""
    return str(Path(__file__).parent / "tyez_ner.py")


def lm_eval_path() -> str:
    """Where the tasks for lm-evaluation-harness are: the argument of its ``--include_path``."""
    return str(Path(__file__).parent / "lm_eval_tasks")
