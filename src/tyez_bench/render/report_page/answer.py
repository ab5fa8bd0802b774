"""What was asked, first: which system is better and whether that can be told, or what the single system scored."""

import re
from collections.abc import Sequence

from msgspec import Struct

from tyez_bench.render.numbers import figure, p_value, signed_bounds
from tyez_bench.render.other_sheets import comparison_sheet, power_sheet
from tyez_bench.render.report_page.html import Html, element, joined
from tyez_bench.render.report_page.marks import LETTERS, Result
from tyez_bench.render.report_page.plots import plot
from tyez_bench.render.report_page.series import Group, score_groups
from tyez_bench.render.report_page.tables import fold, table
from tyez_bench.render.score_sheets import counted, headline_line, report_sheets, several_sheet
from tyez_bench.scoring.comparison import LEVEL, Comparison, common_types, compare
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.resampling import Interval

# More pairs than those of so many systems are folded, but for those with the best system.
_IN_SIGHT = 3


class PairTests(Struct, frozen=True):
    """Every pair of systems compared, as by ``tyez-bench compare``, with so many draws."""

    pairs: Sequence[Comparison]
    draws: int


def pair_tests(reports: Sequence[Report], draws: int, seed: int) -> PairTests:
    """The tests of every pair; of none where there is a single system, or no type that all can express."""
    if len(reports) < 2 or not common_types(reports):
        return PairTests((), draws)
    return PairTests(compare(reports, number=draws, seed=seed), draws)


def answer(results: Sequence[Result], tests: PairTests) -> list[Html]:
    """The answer in words, the systems in order with their intervals, and the tables that it rests on."""
    reports = [result.report for result in results]
    if len(reports) == 1:
        words = headline_line(reports[0]).removeprefix("headline: ")
        lead = element("p", _unbroken(f"{words[0].upper()}{words[1:]}."), class_="lead")
        return [lead, _ranking(results), table(report_sheets(reports[0])[0])]
    parts = [
        element("p", _unbroken(_lead(tests.pairs, _order(reports))), class_="lead"),
        *_verdicts(reports, tests.pairs),
    ]
    parts.append(_ranking(results))
    if tests.pairs:
        sheets = [make(tests.pairs, reports, tests.draws) for make in (comparison_sheet, power_sheet)]
        parts.append(fold("The tests in figures", *map(table, sheets)))
    return [*parts, table(several_sheet(reports))]


def _order(reports: Sequence[Report]) -> list[str]:
    """The systems by their F1 over the types that all can express, the highest first; without one last."""
    types = common_types(reports)
    f1 = {report.system: report.narrowed(types).f1 for report in reports}
    return sorted(f1, key=lambda system: -1.0 if (value := f1[system]) is None else value, reverse=True)


def _ranking(results: Sequence[Result]) -> Html:
    reports = [result.report for result in results]
    name = "Strict micro F1 with its 95 % interval"
    if len(reports) > 1:
        name += ", the highest first"
    groups = score_groups(results)
    if any(bar.second for group in groups for bar in group.bars):
        name += f": thick, drawn by {reports[0].unit_word(reports[0].settings.unit)}; thin, by name"
    ordered = [
        Group(
            group.title, tuple(sorted(group.bars, key=lambda bar: -1 if bar.value is None else bar.value, reverse=True))
        )
        for group in groups
    ]
    return plot(ordered if len(reports) > 1 else groups, name, dots=True)


def told_apart(pair: Comparison) -> bool:
    """Whether the test tells the two systems apart, after the correction for all pairs."""
    return pair.holm is not None and pair.holm < LEVEL


def _lead(pairs: Sequence[Comparison], order: Sequence[str]) -> str:
    """The answer in a sentence or two: of one pair that of the pair, of more what can be said of the best."""
    if not pairs:
        return "The systems have no type in common, so that they can't be compared."
    if len(pairs) == 1:
        return verdict(pairs[0], 1)
    if all(pair.difference is None for pair in pairs):
        return "The systems can't be compared: F1 is undefined."
    best = order[0]
    beside = {pair.b if pair.a == best else pair.a: told_apart(pair) for pair in pairs if best in (pair.a, pair.b)}
    beaten = [system for system in order if beside.get(system)]
    level = [system for system in order[1:] if not beside[system]]
    if not level:
        return f"{best} is the best of the {len(order)} systems: it is better than each of the others."
    if not beaten:
        return f"No system can be called the best: {best} has the highest F1, but can't be told apart from any other."
    return (
        f"{best} has the highest F1. It is better than {_listed(beaten)}; it can't be told apart from {_listed(level)}."
    )


def _unbroken(words: str) -> str:
    """Words in which no line ends within ``95 %`` or ``p = 0.01``."""
    return re.sub(r"(?<=95) (?=%)|(?<=\bp) (?=[=<])|(?<=\bp [=<]) ", "\N{NO-BREAK SPACE}", words)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _verdicts(reports: Sequence[Report], pairs: Sequence[Comparison]) -> list[Html]:
    """A sentence a pair, those with the best system first, and what the gold could have told."""
    if not pairs:
        return []
    order = _order(reports)
    place = {system: number for number, system in enumerate(order)}
    ordered = sorted(pairs, key=lambda pair: sorted((place[pair.a], place[pair.b])))
    items = [
        element("li", _unbroken(verdict(pair, len(pairs))), class_="told" if told_apart(pair) else "untold")
        for pair in ordered
    ]
    first = len(items) if len(order) <= _IN_SIGHT else len(order) - 1
    found = [element("ul", *items[:first], class_="verdicts")] if len(pairs) > 1 else []
    if items[first:]:
        rest = counted(len(items) - first, "more pair")
        found.append(fold(rest, element("ul", *items[first:], class_="verdicts")))
    return [*found, element("p", _how(reports, pairs), class_="facts")]


def _how(reports: Sequence[Report], pairs: Sequence[Comparison]) -> str:
    """What was compared and what could have been told at all."""
    unit = reports[0].unit_word(reports[0].settings.unit)
    corrected = f", with Holm's correction for {len(pairs)} pairs" if len(pairs) > 1 else ""
    line = (
        f"Compared: strict micro F1 over {', '.join(common_types(reports))}, paired by {unit}. "
        f"Better means p below {LEVEL}{corrected}. "
    )
    found = [pair.detectable for pair in pairs if pair.detectable is not None]
    if not found:
        return f"{line}No difference could have been told with this gold."
    least, most = figure(min(found)), figure(max(found))
    size = least if least == most else f"{least} to {most}"
    return (
        f"{line}What could have been told: a difference of {size} of F1 is found in 80 % of the cases"
        f"{', before the correction' if corrected else ''}."
    )


def verdict(pair: Comparison, pairs: int) -> str:
    """A pair of so many in a sentence: who is better, or that it can't be told and what could have been."""
    if pair.difference is None:
        return f"{pair.a} and {pair.b} can't be compared: {pair.reason}."
    better, other, size, drawn = pair.b, pair.a, pair.difference, pair.interval
    if size < 0:
        better, other, size = other, better, -size
        drawn = drawn and Interval(0 - drawn.high, 0 - drawn.low)
    between = "" if drawn is None else f", 95 % {signed_bounds(drawn)}"
    p = pair.holm
    # Of a million draws p may be smaller than its digits.
    written = (
        "" if p is None else f", p < 0.0001{_after(pairs)}" if p < 0.00005 else f", p = {p_value(p)}{_after(pairs)}"
    )
    figures = f"{size:+.3f} F1{between}{written}"
    if told_apart(pair):
        return f"{better} is better than {other}: {figures}."
    if not pair.differing:
        return f"{better} and {other} can't be told apart: {pair.reason}."
    line = f"{better} and {other} can't be told apart: {figures}"
    if pair.detectable is None:
        return f"{line}; no difference could have been told" + (f": {pair.reason}." if pair.reason else ".")
    return (
        f"{line}; with this gold a difference of {figure(pair.detectable)} could have been told, in 80 % of the cases."
    )


def _after(pairs: int) -> str:
    return " after Holm" if pairs > 1 else ""


def why(results: Sequence[Result]) -> list[Html]:
    """Where each system gains and loses, a line a system, in the order of the answer."""
    order = _order([result.report for result in results])
    lines = {
        result.report.system: element(
            "li", element("b", letter, class_="letter"), " ", element("span", _reasons(result, len(results)))
        )
        for letter, result in zip(LETTERS, results, strict=False)
    }
    return [element("ul", *(lines[system] for system in order), class_="why")]


def _reasons(result: Result, systems: int) -> str:
    report = result.report
    found = report.counts()
    over = f" (over {', '.join(report.types) or 'no types'})" if systems > 1 else ""
    parts = [
        f"{report.system}{over}: {found.right:g} of {found.predicted:g} predictions are right, "
        f"and {found.right:g} of {found.gold:g} gold spans are found"
    ]
    costs = [
        (kind.mended - report.f1, name, kind)
        for name, kind in result.diagnosis.kinds.items()
        if kind.errors and kind.mended is not None and report.f1 is not None and kind.mended > report.f1
    ]
    worst = sorted(costs, key=lambda cost: cost[0], reverse=True)[:2]
    if worst:
        told = (f"{name} ({counted(kind.errors, 'error')}, F1 {gain:+.3f} without them)" for gain, name, kind in worst)
        parts.append(f"it loses most by {joined(told, ' and ')}")
    by_type = {type_: value for type_ in report.types if (value := report.figures(type_)["f1"]) is not None}
    if len(by_type) > 1:
        high, low = max(by_type, key=by_type.__getitem__), min(by_type, key=by_type.__getitem__)
        parts.append(f"its best type is {high}, F1 {figure(by_type[high])}, its worst {low}, {figure(by_type[low])}")
    return "; ".join(parts) + "."
