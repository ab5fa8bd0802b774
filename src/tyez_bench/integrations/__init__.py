"""The scorer inside other people's frameworks: spaCy, Hugging Face evaluate, pytest, evaluation harnesses."""

from pathlib import Path

__all__ = ["lm_eval_path", "metric_path"]


def metric_path() -> str:
    """Where the metric module for ``evaluate.load`` of Hugging Face is.

    Returns:
        The path of the module.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.metric_path().endswith("tyez_ner.py")
        True
    """
    return str(Path(__file__).parent / "tyez_ner.py")


def lm_eval_path() -> str:
    """Where the tasks for lm-evaluation-harness are: the argument of its ``--include_path``.

    Returns:
        The path of the directory.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.lm_eval_path().endswith("lm_eval_tasks")
        True
    """
    return str(Path(__file__).parent / "lm_eval_tasks")
