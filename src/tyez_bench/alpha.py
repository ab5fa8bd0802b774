"""Krippendorff's alpha over characters, by the package krippendorff."""

from collections.abc import Sequence
from importlib.util import find_spec

from tyez_bench.errors import MissingExtraError

EXTRA = "agree"


def installed() -> bool:
    """Whether the package is there."""
    return find_spec("krippendorff") is not None


def alpha(labels: Sequence[Sequence[str]]) -> float | None:
    """Alpha, nominal, of as many annotators as there are sequences of labels, one label a character.

    None when there is nothing to disagree on: no characters, or one label throughout. Raises MissingExtraError.
    """
    if not installed():
        raise MissingExtraError("krippendorff", EXTRA)
    import krippendorff

    names = sorted({label for found in labels for label in found})
    if len(names) < 2:
        return None
    numbers = {name: number for number, name in enumerate(names)}
    data = [[numbers[label] for label in found] for found in labels]
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))
