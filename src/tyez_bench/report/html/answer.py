"""What was asked, first: which system is better and whether that can be told, or what the single system scored."""

import re
from collections.abc import Sequence
from itertools import combinations

from msgspec import Struct

from tyez_bench.model.errors import counted
from tyez_bench.model.hints import advice
from tyez_bench.report.html.elements import Html, element, fold, html_table
from tyez_bench.report.html.marks import LETTERS, Result
from tyez_bench.report.html.plots import Group, listed, plot, score_groups
from tyez_bench.report.table import figure, number, p_value, signed_bounds
from tyez_bench.report.tables.comparisons import comparison_table, power_table
from tyez_bench.report.tables.scores import headline_line, report_tables, several_table
from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.comparison import Comparison, common_types, compare
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.scores import MICRO
from tyez_bench.scoring.significance import LEVEL

# More pairs than those of so many systems are folded, but for those with the best system.
_IN_SIGHT = 3
# And more lines than these are folded, too: of the pairs with the best system, and of the reasons. Of so many systems
# the answer has the names.
_LINES = 8


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
        lead = element("p", _unbroken(_headline(reports[0])), class_="lead")
        return [lead, _ranking(results), html_table(report_tables(reports[0])[0])]
    lead = element("p", _unbroken(_lead(reports, tests.pairs)), class_="lead")
    parts = [lead, *_verdicts(reports, tests.pairs), _ranking(results)]
    if tests.pairs:
        tables = [make(tests.pairs, reports, tests.draws) for make in (comparison_table, power_table)]
        parts.append(fold("The tests as tables", *map(html_table, tables)))
    return [*parts, html_table(several_table(reports))]


def _headline(report: Report) -> str:
    """The score of a single system in a sentence."""
    if report.f1 is None:
        return f"Strict micro F1 is {report.without_interval()[MICRO]['f1']}."
    words = headline_line(report).removeprefix("headline: ")
    return f"{words[0].upper()}{words[1:]}."


def _f1(reports: Sequence[Report]) -> list[float]:
    """F1 over the types that all can express; below all others where it is undefined."""
    types = common_types(reports)
    return [-1.0 if (f1 := report.narrowed(types).f1) is None else f1 for report in reports]


def _order(reports: Sequence[Report]) -> list[int]:
    """The numbers of the systems, that with the highest F1 first."""
    f1 = _f1(reports)
    return sorted(range(len(f1)), key=f1.__getitem__, reverse=True)


def _ranking(results: Sequence[Result]) -> Html:
    reports = [result.report for result in results]
    types = common_types(reports)
    name = "Strict micro F1 with its 95 % interval"
    if len(reports) > 1 and types:
        name += ", the best over the common types first"
    # Without a common type there is no figure over the types that all can express.
    groups = score_groups(results) if types else score_groups(results)[-1:]
    if any(bar.second for group in groups for bar in group.bars):
        name += f": thick, drawn by {reports[0].unit_word(reports[0].settings.unit)}; thin, by name"
    order = _order(reports)
    return plot([Group(group.title, tuple(group.bars[n] for n in order)) for group in groups], name, dots=True)


def told_apart(pair: Comparison) -> bool:
    """Whether the test tells the two systems apart, after the correction for all pairs."""
    return pair.holm is not None and pair.holm < LEVEL


def _lead(reports: Sequence[Report], pairs: Sequence[Comparison]) -> str:
    """The answer in a sentence or two: of one pair that of the pair, of more what can be said of the best."""
    if not pairs:
        more = advice("{all_types} counts what a system can't express, as false negatives", all_types=True)
        return f"The systems have no type in common, so they can't be compared{more}."
    if len(pairs) == 1:
        return verdict(pairs[0], 1)
    if all(pair.difference is None for pair in pairs):
        return "The systems can't be compared: F1 is undefined."
    names, f1, order = [report.system for report in reports], _f1(reports), _order(reports)
    beside = {tuple(sorted(two)): told_apart(pair) for two, pair in _numbered(reports, pairs)}
    highest = [n for n in order if f1[n] == f1[order[0]]]
    beaten = [names[n] for n in order[1:] if beside[min(order[0], n), max(order[0], n)]]
    level = [names[n] for n in order[1:] if names[n] not in beaten]
    best = f"{_all([names[n] for n in highest])} {'has' if len(highest) == 1 else 'have'} the highest F1"
    if not level:
        return f"{names[order[0]]} is the best of the {len(order)} systems: it is better than each of the others."
    if not beaten:
        return f"No system can be called the best: {best}, which can't be told apart from that of any other."
    if len(highest) > 1:
        return f"No system can be called the best: {best}."
    return f"{best}. It is better than {_all(beaten)}; it can't be told apart from {_all(level)}."


def _numbered(reports: Sequence[Report], pairs: Sequence[Comparison]) -> list[tuple[tuple[int, int], Comparison]]:
    """The pairs with the numbers of their systems, whose names need not be different."""
    return list(zip(combinations(range(len(reports)), 2), pairs, strict=True))


def _unbroken(words: str) -> str:
    """Words in which no line ends within ``95 %`` or ``p = 0.01``."""
    return re.sub(r"(?<=95) (?=%)|(?<=\bp) (?=[=<])|(?<=\bp [=<]) ", "\N{NO-BREAK SPACE}", words)


def _all(names: Sequence[str]) -> str:
    # Of many, few: the answer has to fit the first screen of a phone.
    shown = _LINES if len(names) <= _LINES else _IN_SIGHT
    more = len(names) - shown
    some = [*names[:shown], f"{more} more"] if more > 1 else names
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}"


def _verdicts(reports: Sequence[Report], pairs: Sequence[Comparison]) -> list[Html]:
    """A sentence a pair, those with the best system first, and what the gold could have told."""
    if not pairs:
        return []
    order = _order(reports)
    numbered = sorted(_numbered(reports, pairs), key=lambda one: sorted(map(order.index, one[0])))
    items = [
        element("li", _unbroken(verdict(pair, len(pairs))), class_="told" if told_apart(pair) else "untold")
        for _, pair in numbered
    ]
    first = len(items) if len(order) <= _IN_SIGHT else min(len(order) - 1, _LINES)
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
        f"Compared: strict micro F1 over {listed(common_types(reports))}, paired by {unit}. "
        f"Better means p below {LEVEL}{corrected}. "
    )
    found = [pair.detectable for pair in pairs if pair.detectable is not None]
    if not found:
        return f"{line}No difference could have been detected with this gold."
    least, most = figure(min(found)), figure(max(found))
    size = least if least == most else f"{least} to {most}"
    return (
        f"{line}Detectable at all: a difference of {size} in F1 is found in 80 % of the cases"
        f"{', before the correction' if corrected else ''}."
    )


def verdict(pair: Comparison, pairs: int) -> str:
    """A pair of so many in a sentence: who is better, or that it can't be told and what could have been."""
    if pair.difference is None:
        return f"{pair.a} and {pair.b} can't be compared: {pair.reason}."
    better, other, size, drawn = pair.b, pair.a, abs(pair.difference), pair.interval
    if pair.difference < 0:
        better, other = other, better
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
        return f"{line}; no difference could have been detected" + (f": {pair.reason}." if pair.reason else ".")
    often = f"in 80 % of the cases{', before Holm' if pairs > 1 else ''}"
    return f"{line}; with this gold a difference of {figure(pair.detectable)} could have been detected ({often})."


def _after(pairs: int) -> str:
    return " after Holm" if pairs > 1 else ""


def why(results: Sequence[Result]) -> list[Html]:
    """Where each system gains and loses, a line a system, in the order of the answer."""
    alike = all(result.report.types == results[0].report.types for result in results)
    lines = [
        element("li", element("b", letter, class_="letter"), " ", element("span", _reasons(result, alike=alike)))
        for letter, result in zip(LETTERS, results, strict=False)
    ]
    order = _order([result.report for result in results])
    parts = [element("ul", *(lines[n] for n in order[:_LINES]), class_="why")]
    if rest := order[_LINES:]:
        parts.append(fold(counted(len(rest), "more system"), element("ul", *(lines[n] for n in rest), class_="why")))
    return parts


def _reasons(result: Result, *, alike: bool) -> str:
    report = result.report
    found = report.counts()
    over = "" if alike else f" (over {listed(report.types)})"
    parts = [
        f"{report.system}{over}: {number(found.right)} of {number(found.predicted)} predictions are right, "
        f"and {number(found.right)} of {found.gold} gold spans are found"
    ]
    costs = [
        (kind.fixed - report.f1, name, kind)
        for name, kind in result.diagnosis.kinds.items()
        if kind.errors and kind.fixed is not None and report.f1 is not None and kind.fixed > report.f1
    ]
    worst = sorted(costs, key=lambda cost: cost[0], reverse=True)[:2]
    if worst:
        told = (f"{name} ({counted(kind.errors, 'error')}; F1 {gain:+.3f} without them)" for gain, name, kind in worst)
        parts.append(f"it loses most to {' and '.join(told)}")
    by_type = {type_: value for type_ in report.types if (value := report.figures(type_)["f1"]) is not None}
    high, low = max(by_type, key=by_type.__getitem__, default=""), min(by_type, key=by_type.__getitem__, default="")
    if by_type and by_type[low] < by_type[high]:
        parts.append(f"its best type is {high}, F1 {figure(by_type[high])}, its worst {low}, {figure(by_type[low])}")
    return "; ".join(parts) + "."
