"""How small a difference between systems a gold set can show."""

from collections.abc import Sequence

from msgspec import Struct

from tyez_bench.model.hints import public
from tyez_bench.scoring.comparison import NUMBER, compare
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.settings import SEED


class Power(Struct, frozen=True):
    """How small a difference of micro F1 between systems ``a`` and ``b`` could be told from none.

    ``detectable`` is the smallest that is found in 80 % of the cases, at 5 % two-sided: 2.80 times ``deviation``, the
    standard deviation of the difference over paired bootstrap draws. Both are None where nothing can be told, and
    ``reason`` says why. ``units`` is in how many units one of the two has counts, ``differing`` in how many they
    differ.
    """

    a: str
    b: str
    detectable: float | None
    deviation: float | None
    units: int
    differing: int
    reason: str | None


@public
def power(reports: Sequence[Report], *, number: int = NUMBER, seed: int = SEED) -> list[Power]:
    """Tell how small a difference of strict micro F1 could be told from none, for every pair of systems.

    The smallest difference that is found in 80 % of the cases, at 5 % two-sided: (z(.975) + z(.80)) times the standard
    deviation of the difference over paired bootstrap draws.

    Args:
        reports: of two systems or more, scored against the same gold in the same way.
        number: how many draws.
        seed: their seed.

    Returns:
        A :class:`Power` for each pair; ``detectable`` is a difference of F1, from 0 to 1.

    Raises:
        UsageError: a single system, different gold or settings, no type in common.

    Example:
        >>> import tyez_bench
        >>> a = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 20, system="a")
        >>> b = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 12 + [[]] * 8, system="b")
        >>> (pair,) = tyez_bench.power([a, b], number=1000)
        >>> pair.units, pair.differing, round(pair.detectable, 2)
        (20, 8, 0.24)
    """
    return [
        Power(pair.a, pair.b, pair.detectable, pair.deviation, pair.units, pair.differing, pair.reason)
        for pair in compare(reports, number=number, seed=seed)
    ]
