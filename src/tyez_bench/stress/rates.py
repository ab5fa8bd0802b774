"""Pass rates of capabilities, with intervals from drawing templates: cases of one template stand or fall together."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct, structs

from tyez_bench.scoring.bootstrap import (
    Array,
    Interval,
    bootstrap,
    counted_units,
    interval,
    intervals,
    measures,
    one_unit,
    reason,
)
from tyez_bench.scoring.comparison import Comparison, compare_counts
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import SCHEMES, summed
from tyez_bench.scoring.settings import DRAWS, SEED
from tyez_bench.scoring.significance import bootstrapped, holm, p_value
from tyez_bench.scoring.significance import detectable as smallest
from tyez_bench.stress.capability import CaseKind
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.verdicts import Verdict


class Rate(Struct, frozen=True):
    """A share of cases: how many, of how many, of how many templates, and its interval (None of a single template)."""

    passed: int
    cases: int
    templates: int
    interval: Interval | None

    @property
    def reason(self) -> str | None:
        """Why there is no interval, in words; None where there is one."""
        if not self.cases:
            return "undefined: no case asks for it"
        return one_unit("template") if self.interval is None else None

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.passed / self.cases if self.cases else None


class CapabilityRow(Struct, frozen=True):
    """A capability, or a transformation: all its cases, those of each kind, and strict F1 over its texts.

    Of invariance, ``before`` is the rate at which the first text alone is right, and ``consistent`` that at which both
    answers name the same, right or wrong. ``f1_reason`` says in words why F1 has no interval (None where it has one).
    """

    capability: str
    transformed: bool
    rate: Rate
    kinds: dict[CaseKind, Rate]
    before: Rate
    consistent: Rate
    f1: float | None
    f1_interval: Interval | None
    f1_reason: str | None

    @property
    def drop(self) -> float | None:
        """How much of the rate is lost by the change that should change nothing."""
        both, before = self.kinds[CaseKind.INVARIANCE].value, self.before.value
        return None if both is None or before is None else before - both


def rows(
    suite: Suite, report: Report, found: Sequence[Verdict], *, draws: int = DRAWS, seed: int = SEED
) -> list[CapabilityRow]:
    """A row for each capability, in the order of the suite."""
    table = _counts(suite, report)
    result = []
    for capability, units in table.items():
        own = [verdict for verdict in found if verdict.case.capability == capability]
        asked = [verdict for verdict in own if verdict.passed is not None]

        def rate(chosen: Sequence[Verdict], passed: Callable[[Verdict], bool | None]) -> Rate:
            return _rate(chosen, passed, draws, seed)

        moved = [verdict for verdict in asked if verdict.case.kind is CaseKind.INVARIANCE]
        f1 = intervals(units[:, None, :], draws, seed)[0]["f1"]
        result.append(
            CapabilityRow(
                capability=capability,
                transformed=any(verdict.case.transformed for verdict in own),
                rate=rate(asked, lambda verdict: verdict.passed),
                kinds={
                    kind: rate([o for o in asked if o.case.kind is kind], lambda verdict: verdict.passed)
                    for kind in CaseKind
                },
                before=rate(moved, lambda verdict: verdict.right[0]),
                consistent=rate(moved, lambda verdict: verdict.consistent),
                f1=_f1(units.sum(axis=0)),
                f1_interval=f1,
                f1_reason=reason("f1", counted_units(units[:, None, :])[0]["f1"], "template"),
            )
        )
    return result


def worst(found: Sequence[CapabilityRow]) -> CapabilityRow | None:
    """The row with the lowest pass rate, the first of equal ones; None where nothing was asked."""
    asked = [row for row in found if row.rate.value is not None]
    return min(asked, key=lambda row: row.rate.value or 0.0) if asked else None


def _rate(found: Sequence[Verdict], passed: Callable[[Verdict], bool | None], draws: int, seed: int) -> Rate:
    units: dict[str, list[int]] = {}
    for verdict in found:
        unit = units.setdefault(verdict.case.template, [0, 0])
        unit[0] += bool(passed(verdict))
        unit[1] += 1
    if not units:
        return Rate(0, 0, 0, None)
    table = np.array(list(units.values()), np.float64)
    total = table.sum(axis=0)
    drawn = bootstrap(table, number=draws, seed=seed) if len(units) > 1 else np.zeros((0, 2))
    return Rate(int(total[0]), int(total[1]), len(units), interval(drawn[:, 0] / drawn[:, 1]))


def _counts(suite: Suite, report: Report) -> dict[str, Array]:
    """By capability, strict counts over the texts of each template: gold, predicted, right.

    Of a transformation, those of the changed texts alone: the sentences of the page have a score of their own.
    """
    places = [report.tables.types.index(type_) for type_ in report.types]
    counts = summed(report.tables.by("document"), places, SCHEMES["strict"])
    of = {document.id: row for document, row in zip(suite.gold, counts, strict=True)}
    found: dict[str, dict[str, Array]] = {}
    for case in suite.cases:
        units = found.setdefault(case.capability, {})
        for text in case.texts[case.transformed :]:
            units[case.template] = units.get(case.template, np.zeros(3)) + of[text.id]
    return {capability: np.array(list(units.values())) for capability, units in found.items()}


def _f1(counts: Array) -> float | None:
    value = float(measures(counts)["f1"])
    return None if np.isnan(value) else value


class RateDifference(Struct, frozen=True):
    """System ``b`` against ``a`` on a capability: difference of pass rates, interval, p, and p after Holm's correction.

    ``deviation`` is the standard deviation of the difference over the bootstrap draws. What can't be told is None, and
    ``reason`` says why, as of a :class:`Comparison`; ``templates`` is how many ask something of both.
    """

    capability: str
    difference: float
    interval: Interval | None
    p: float | None
    holm: float | None
    deviation: float | None
    templates: int
    reason: str | None

    @property
    def detectable(self) -> float | None:
        """The smallest difference that is found with 80 % power at 5 % two-sided; None where nothing can be told."""
        return smallest(self.deviation, self.templates)


F1s = Mapping[str, Comparison]
"""By capability, a comparison of F1."""


def detectable(found: Iterable[Sequence[RateDifference] | F1s]) -> dict[str, list[float]]:
    """By capability, what each pair of systems could show; a pair of which nothing can be told is left out."""
    result: dict[str, list[float]] = {}
    for pair in found:
        named = pair.items() if isinstance(pair, Mapping) else ((one.capability, one) for one in pair)
        for capability, one in named:
            if one.detectable is not None:
                result.setdefault(capability, []).append(one.detectable)
    return result


def f1_differences(
    suite: Suite, one: Report, other: Report, types: Sequence[str], *, number: int, seed: int = SEED
) -> dict[str, Comparison]:
    """By capability, strict F1 of two systems over some types, compared template by template as on the page.

    Holm's correction is over the capabilities.
    """
    tables = [_counts(suite, report.narrowed(types)) for report in (one, other)]
    found = {
        name: compare_counts(
            one.system, other.system, tables[0][name], tables[1][name], number=number, seed=seed, unit="template"
        )
        for name in tables[0]
    }
    told = [name for name, pair in found.items() if pair.randomisation is not None]
    for name, corrected in zip(told, holm([found[n].randomisation or 0.0 for n in told]), strict=True):
        found[name] = structs.replace(found[name], holm=corrected)
    return found


def differences(
    suite: Suite, one: Sequence[Verdict], other: Sequence[Verdict], *, number: int, seed: int = SEED
) -> list[RateDifference]:
    """Two systems compared template by template, on the cases that ask something of both.

    Paired bootstrap of templates for the interval, approximate randomisation (answers to a template change places) for
    p, Holm's correction over the capabilities.
    """
    found: list[RateDifference] = []
    for capability in suite.capabilities:
        pairs: dict[str, list[int]] = {}
        for a, b in zip(one, other, strict=True):
            if a.case.capability == capability and a.passed is not None and b.passed is not None:
                unit = pairs.setdefault(a.case.template, [0, 0, 0])
                unit[0] += a.passed
                unit[1] += b.passed
                unit[2] += 1
        if not pairs:
            continue
        found.append(_difference(capability, np.array(list(pairs.values()), np.float64), number, seed))
    corrected = iter(holm([one.p for one in found if one.p is not None]))
    return [one if one.p is None else structs.replace(one, holm=next(corrected)) for one in found]


def _difference(capability: str, table: Array, number: int, seed: int) -> RateDifference:
    """The difference from (templates, 3): cases that the one passed, that the other passed, and cases."""
    moves, total, templates = table[:, 1] - table[:, 0], table[:, 2].sum(), len(table)
    observed = float(moves.sum() / total)
    if templates < 2:
        p = None if moves.any() else 1.0
        return RateDifference(capability, observed, None, p, None, None, templates, one_unit("template"))
    drawn = bootstrap(np.stack([moves, table[:, 2]], axis=1), number=number, seed=seed)
    told = bootstrapped(drawn[:, 0] / drawn[:, 1], observed, templates, int((moves != 0).sum()), "template")
    # In order, so that p does not follow that of the templates.
    signs = np.random.default_rng(seed).integers(2, size=(number, templates)) * 2 - 1
    swapped = p_value(np.abs(signs @ np.sort(moves) / total), observed)
    return RateDifference(capability, observed, told.interval, swapped, None, told.deviation, templates, told.reason)
