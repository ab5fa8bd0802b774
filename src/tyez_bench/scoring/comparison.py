"""Whether systems differ, by paired tests on the same units, or could be told apart; several runs of one system.

Approximate randomisation (Noreen 1989): if the systems were the same, it would not matter which of the two gave a
sentence's answer. The answers are swapped at random, sentence by sentence; p is the share of swaps, the observed
one among them, whose difference of F1 is at least the observed one. Paired bootstrap (Berg-Kirkpatrick, Burkett and
Klein 2012): sentences are drawn with replacement, the same ones for both; it gives the difference its interval, and
p as the share of draws whose difference is off from their mean by at least the observed one.

What is compared is the headline: strict micro F1, over the types that all systems can express.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from msgspec import Struct, structs

from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import public
from tyez_bench.scoring.bootstrap import Array, Histogram, Interval, one_unit
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import MEASURES, SCHEMES, Spread, spread_of, summed
from tyez_bench.scoring.settings import SEED, Unit
from tyez_bench.scoring.significance import (
    Resampled,
    bootstrapped,
    detectable,
    f1_differences,
    gains,
    holm,
    least_p,
    p_value,
    pair_rows,
    resample,
)

NUMBER = 10_000


class Comparison(Struct, frozen=True):
    """System ``a`` against ``b``, as :func:`tyez_bench.compare` has it.

    What can't be told is None, and ``reason`` says why: all, when F1 is undefined for one of the two; all but the
    difference, of a single unit; ``deviation`` and the p-value of the bootstrap, when no draw differs from another;
    that p-value and ``detectable``, of fewer than ENOUGH units. Systems with the same counts in every unit have p = 1.

    Attributes:
        a: what the first system is called.
        b: what the second is called.
        difference: of micro F1, b − a.
        interval: the 95 % interval of the difference.
        deviation: the standard deviation of the difference over the bootstrap draws.
        randomisation: the p-value of the test by swaps.
        bootstrap: the p-value of the test by draws.
        holm: that of the randomisation test after Holm's correction (1979) for all pairs compared.
        units: in how many units one of the two has counts.
        differing: in how many their counts differ.
        reason: in words, why something can't be told.

    Example:
        >>> import tyez_bench
        >>> a = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 20, system="a")
        >>> b = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 12 + [[]] * 8, system="b")
        >>> (pair,) = tyez_bench.compare([a, b], number=1000)
        >>> pair.a, pair.b, round(pair.difference, 3), pair.units, pair.differing
        ('a', 'b', -0.25, 20, 8)
    """

    a: str
    b: str
    difference: float | None
    interval: Interval | None
    deviation: float | None
    randomisation: float | None
    bootstrap: float | None
    holm: float | None = None
    units: int = 0
    differing: int = 0
    reason: str | None = None

    @property
    def detectable(self) -> float | None:
        """The smallest difference that is found with 80 % power at 5 % two-sided; None where nothing can be told."""
        return detectable(self.deviation, self.units)

    @property
    def least(self) -> float | None:
        """The smallest p-value that swaps in the units in which the two differ can give: ``2 / 2 ** differing``."""
        return None if self.randomisation is None else least_p(self.differing)


def common_types(reports: Sequence[Report]) -> tuple[str, ...]:
    """The types that count for all of the systems, in the gold's order; then those that predictions alone have.

    What a system found of a type that the gold lacks is wrong, and stays so in a comparison.
    """
    gold = reports[0].gold
    own = [type_ for type_ in gold.labels.names if type_ not in gold.absent]
    common = [type_ for type_ in own if all(report.settings.counts(type_) for report in reports)]
    there = [type_ for type_ in common if any(type_ in report.types for report in reports)]
    # Where nobody has anything of them, undefined figures are the answer, and not that there is nothing to compare.
    return (*(there or common), *sorted({type_ for report in reports for type_ in report.only_predicted}))


def check_comparable(reports: Sequence[Report]) -> None:
    """Raise UsageError unless the systems are scored against the same gold in the same way."""
    first = reports[0]
    for report in reports[1:]:
        if report.gold != first.gold:
            raise UsageError(f"{first.system} and {report.system} are scored against different gold")
        if structs.replace(report.settings, types=()) != structs.replace(first.settings, types=()):
            raise UsageError(f"{first.system} and {report.system} are scored with different settings")
        if not np.array_equal(report.documents, first.documents):
            raise UsageError(f"{first.system} and {report.system} are scored on different documents")


@public
def compare(reports: Sequence[Report], *, number: int = NUMBER, seed: int = SEED) -> list[Comparison]:
    """Tell whether systems differ, every pair by two paired tests of strict micro F1 over the types that all express.

    Approximate randomisation (Noreen 1989), with Holm's correction (1979) for all pairs, and the paired bootstrap
    (Berg-Kirkpatrick, Burkett and Klein 2012). The units are those of the reports' settings.

    Args:
        reports: of two systems or more, scored against the same gold in the same way.
        number: how many swaps, and how many draws.
        seed: their seed.

    Returns:
        A :class:`Comparison` for each pair. What can't be told is None, and ``reason`` says why.

    Raises:
        UsageError: a single system, different gold or settings, no type in common.

    Example:
        >>> import tyez_bench
        >>> a = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 20, system="a")
        >>> b = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 12 + [[]] * 8, system="b")
        >>> (pair,) = tyez_bench.compare([a, b], number=1000)
        >>> round(pair.difference, 3), pair.holm < 0.05
        (-0.25, True)
    """
    if len(reports) < 2:
        raise UsageError(f"expected at least two systems to compare, got {len(reports)}")
    check_comparable(reports)
    types = common_types(reports)
    if not types:
        raise UsageError("the systems have no type in common")
    unit = reports[0].settings.unit
    word = reports[0].unit_word(unit)
    names = list(combinations([report.system for report in reports], 2))
    if unit == "name":
        # Which names there are is another question for each pair, and so is how many.
        found = [
            compare_counts(a.system, b.system, *paired_counts(a, b, types, unit), number=number, seed=seed, unit=word)
            for a, b in combinations(reports, 2)
        ]
    else:
        tables = [_counts(report, types, unit) for report in reports]
        found = _compare(names, list(combinations(tables, 2)), number, seed, word)
    corrected = iter(holm([pair.randomisation for pair in found if pair.randomisation is not None]))
    return [pair if pair.randomisation is None else structs.replace(pair, holm=next(corrected)) for pair in found]


class Power(Struct, frozen=True):
    """How small a difference of micro F1 between systems ``a`` and ``b`` could be told from none.

    Attributes:
        a: what the first system is called.
        b: what the second is called.
        detectable: the smallest difference found with 80 % power at 5 % two-sided; None where nothing can be told.
        deviation: the standard deviation of the difference over paired bootstrap draws.
        units: in how many units one of the two has counts.
        differing: in how many their counts differ.
        reason: in words, why nothing can be told.

    Example:
        >>> import tyez_bench
        >>> a = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 20, system="a")
        >>> b = tyez_bench.score_spans([[(0, 2, "PER")]] * 20, [[(0, 2, "PER")]] * 12 + [[]] * 8, system="b")
        >>> (pair,) = tyez_bench.power([a, b], number=1000)
        >>> round(pair.detectable, 2), pair.reason is None
        (0.24, True)
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


def paired_counts(a: Report, b: Report, types: Sequence[str], unit: Unit) -> tuple[Array, Array]:
    """Strict counts of both, (units, 3) over the same units, of some types together."""
    one, other = (_counts(report, types, unit) for report in (a, b))
    if unit == "name" and a.tables.names is not None and b.tables.names is not None:
        # A name that only one of the two predicts is a unit of both.
        keys = np.union1d(a.tables.names.keys, b.tables.names.keys)
        spread = []
        for report, table in ((a, one), (b, other)):
            assert report.tables.names is not None
            full = np.zeros((len(keys), 3))
            full[np.searchsorted(keys, report.tables.names.keys)] = table
            spread.append(full)
        return spread[0], spread[1]
    return one, other


def _counts(report: Report, types: Sequence[str], unit: Unit) -> Array:
    columns = [report.tables.types.index(type_) for type_ in types if type_ in report.tables.types]
    return summed(report.tables.by(unit), columns, SCHEMES["strict"])


def compare_counts(
    a: str, b: str, one: Array, other: Array, *, number: int, seed: int, unit: str = "unit"
) -> Comparison:
    """Two systems by their strict counts over the same units, (units, 3), whatever a unit is; ``unit`` is its name."""
    return _compare([(a, b)], [(one, other)], number, seed, unit)[0]


def _compare(
    names: Sequence[tuple[str, str]], pairs: Sequence[tuple[Array, Array]], number: int, seed: int, unit: str
) -> list[Comparison]:
    """Pairs of systems by their counts over the same units; drawn and swapped where that can tell anything."""
    joined = [pair_rows(*pair) for pair in pairs]
    observed = [float(pair.sign * f1_differences(pair.rows.sizes @ pair.rows.rows)) for pair in joined]
    able = [n for n, value in enumerate(observed) if not np.isnan(value) and _units(joined[n].rows) > 1]
    resampled = dict(zip(able, resample([joined[n] for n in able], number=number, seed=seed), strict=True))
    return [
        _compared(pair, both.rows, value, resampled.get(n), unit)
        for n, (pair, both, value) in enumerate(zip(names, joined, observed, strict=True))
    ]


def _units(pair: Histogram) -> int:
    """In how many units one of the two has counts."""
    return int(pair.sizes[pair.rows.any(axis=1)].sum())


def _compared(
    names: tuple[str, str], pair: Histogram, observed: float, resampled: Resampled | None, unit: str
) -> Comparison:
    (a, b), units = names, _units(pair)
    differing = int(pair.sizes[gains(pair.rows).any(axis=1)].sum())
    if np.isnan(observed):
        undefined = "F1 is undefined for one of the two"
        return Comparison(a, b, None, None, None, None, None, None, units, differing, undefined)
    if resampled is None:
        p = None if differing else 1.0
        return Comparison(a, b, observed, None, None, p, p, None, units, differing, one_unit(unit))
    told = bootstrapped(resampled.drawn, observed, units, differing, unit)
    return Comparison(
        a=a,
        b=b,
        difference=observed,
        interval=told.interval,
        deviation=told.deviation,
        randomisation=p_value(np.abs(resampled.swapped), observed),
        bootstrap=told.p,
        units=units,
        differing=differing,
        reason=told.reason,
    )


def spread(reports: Sequence[Report], scheme: str = "strict") -> dict[str, dict[str, Spread | None]]:
    """Precision, recall and F1 of each type and of all (``micro``) over runs of one system.

    The mean is that of the runs' figures. None where a figure is undefined in one of the runs: a mean over the others
    would be of other runs in each cell. Raises UsageError for no run, and for runs that were not scored alike.
    """
    if not reports:
        raise UsageError("no runs, and so no mean and no range")
    check_comparable(reports)
    found: dict[str, dict[str, Spread | None]] = {}
    for row, _ in reports[0].rows(scheme):
        figures = [report.figures(row, scheme) for report in reports]
        found[row] = {name: spread_of([one[name] for one in figures]) for name in MEASURES}
    return found
