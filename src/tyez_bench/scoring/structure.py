"""How well nesting is found: strict scores by depth, and the edges between an entity and what lies directly inside it.

The depth of an entity is 1 + the number of entities around it: 1 is the outermost layer. An entity lies inside another
when that one has all of its characters and more. There is an edge between two entities when one lies inside the other,
and no third one lies between. An edge is right when both of its ends were found and there is an edge between what was
found. ``strict``: an end is found with its boundary and type; ``type``: by a prediction of its type that overlaps it.

Optional gold spans and predictions that are ignored are no part of the structure. By depth, a pair belongs to the gold
span's depth, a prediction without a partner to its own; what is not in the text has nothing around it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from msgspec import Struct

from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Prediction
from tyez_bench.model.errors import UsageError
from tyez_bench.model.hints import advice, public
from tyez_bench.scoring.bootstrap import Interval, counted_units, intervals, reasons
from tyez_bench.scoring.counting import Case, lost_mentions, to_spans
from tyez_bench.scoring.pairing import Matched, match_spans
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.score import cases_for
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.spans import Bools, Ints, Side, Spans

# When the end of an edge is found.
FOUND = ("strict", "type")
UNREAD = ("empty", "broken", "no_copy")
FAULTS = ("broken_tags", "offsets", "edits", "unlocated")


class Depth(Struct, frozen=True):
    """Strict counts of a depth.

    Attributes:
        counts: gold spans, predictions, and how many are right.
        intervals: by measure the 95 % interval, None where there is none.
        reasons: by measure, in words, why it has none.

    Example:
        >>> import tyez_bench
        >>> gold = [[(0, 9, "ORG"), (0, 2, "PLACE")]]
        >>> found = tyez_bench.structure_spans(gold, [[(0, 9, "ORG")]])
        >>> found.depths[1].counts.right, found.depths[2].counts.right
        (1, 0)
    """

    counts: Counts
    intervals: dict[str, Interval | None]
    reasons: dict[str, str]


class Edges(Struct, frozen=True):
    """Edges between an entity and what lies directly inside it.

    Attributes:
        counts: edges of the gold, of the predictions, and how many are right.
        both_found: the gold edges of which both ends were found: those of them that are not right have the spans right
            and the nesting wrong.
        misattached: the predicted edges of which both ends are gold spans that were found, and between which the gold
            has no edge.
        intervals: by measure the 95 % interval, None where there is none.
        reasons: by measure, in words, why it has none.

    Example:
        >>> import tyez_bench
        >>> gold = [[(0, 9, "ORG"), (0, 2, "PLACE")]]
        >>> found = tyez_bench.structure_spans(gold, [[(0, 9, "ORG")]])
        >>> found.edges["strict"].counts.gold, found.edges["strict"].both_found
        (1, 0)
    """

    counts: Counts
    both_found: int
    misattached: int
    intervals: dict[str, Interval | None]
    reasons: dict[str, str]


class Answers(Struct, frozen=True):
    """A model's answers, and what went wrong with them.

    Attributes:
        number: all.
        unread: those that could not be read at all: ``empty``, ``broken``, or ``no_copy`` of the text.
        faults: what went wrong, by kind; the faults of those that were read have the names of the notes on reading.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.Answers(number=4, unread=1, faults={"empty": 1}).rate
        0.75
    """

    number: int
    unread: int
    faults: dict[str, int]

    @property
    def rate(self) -> float | None:
        """Share of the answers that were read; None without answers."""
        return 1 - self.unread / self.number if self.number else None


class Structure(Struct, frozen=True):
    """How well nesting is found, as :func:`tyez_bench.structure` has it.

    Attributes:
        depths: scores by depth, from 1, the outermost layer.
        edges: by what counts as found: ``strict``, ``type``.
        answers: those of a model, where the predictions are some.

    Example:
        >>> import tyez_bench
        >>> gold = [[(0, 9, "ORG"), (0, 2, "PLACE")]]
        >>> found = tyez_bench.structure_spans(gold, [[(0, 9, "ORG")]])
        >>> list(found.depths), list(found.edges), found.answers
        ([1, 2], ['strict', 'type'], None)
    """

    depths: dict[int, Depth]
    edges: dict[str, Edges]
    answers: Answers | None = None


@public
def structure(
    report: Report, gold: Gold, predictions: Mapping[str, Prediction], *, answers: int | None = None
) -> Structure:
    """How well nesting is found: strict scores by depth, and edges from an entity to what lies directly inside it.

    Args:
        report: what :func:`tyez_bench.score` made of the other two, with all layers, by position.
        gold: the gold set that was scored against.
        predictions: the predictions that were scored, by document id.
        answers: how many answers of a model the predictions are, where they are some.

    Returns:
        Counts and 95 % intervals by depth, from 1 (the outermost layer), and of edges.

    Raises:
        UsageError: not all layers count, or not by position; gold or predictions are not those of the report.

    Example:
        >>> import tyez_bench
        >>> gold, settings = tyez_bench.load(), tyez_bench.Settings(layer="all")
        >>> report = tyez_bench.score(gold, {}, settings=settings)
        >>> tyez_bench.structure(report, gold, {}).depths[2].counts.gold
        60
    """
    return structure_of(report, cases_for(report, gold, predictions), answers)


def structure_of(report: Report, cases: Sequence[Case], answers: int | None = None) -> Structure:
    """The structure of a report from the cases that it was counted on."""
    if report.settings.layer != "all" or report.settings.matching != "position":
        how = advice("expected {layer} and {matching}", layer="all", matching="position")
        made = f"but the report is of layer {report.settings.layer}, by {report.settings.matching}"
        raise UsageError(f"the structure is that of all layers, by position, {made}{how}")
    matched = match_spans(to_spans(cases), report.tables.types, report.settings.min_overlap)
    lost = lost_mentions(cases, matched)
    found = _structure(matched, lost.unit, report.settings, report.unit_word("sentence"))
    return found if answers is None else Structure(found.depths, found.edges, _answers(answers, report.notes))


@public
def structure_spans(
    gold: Sequence[Sequence[tuple[int, int, str]]],
    predicted: Sequence[Sequence[tuple[int, int, str]]],
    *,
    settings: Settings | None = None,
    **more: Any,
) -> Structure:
    """The structure of plain spans: as :func:`tyez_bench.structure`, of what :func:`tyez_bench.score_spans` takes.

    Args:
        gold: for each text its gold spans, (start, end, type), half-open.
        predicted: for each text what was predicted, in the same order.
        settings: how intervals are drawn; None: as for the headline.
        **more: as for :func:`tyez_bench.score_spans`.

    Returns:
        Counts and 95 % intervals by depth, and of edges.

    Raises:
        InputError: spans that are empty, reversed, or twice on one side.

    Example:
        >>> import tyez_bench
        >>> gold = [[(0, 9, "ORG"), (0, 2, "PLACE")]]
        >>> tyez_bench.structure_spans(gold, [[(0, 9, "ORG")]]).depths[2].counts
        Counts(gold=1, predicted=0, right=0)
    """
    settings = settings or Settings()
    matched = match_spans(Spans.plain(gold, predicted, **more), None, settings.min_overlap)
    return _structure(matched, np.zeros(0, np.int64), settings)


def _answers(number: int, notes: Mapping[str, Any]) -> Answers:
    kinds = notes.get("unread_kinds", {})
    faults = {name: of[name] for names, of in ((UNREAD, kinds), (FAULTS, notes)) for name in names if of.get(name)}
    return Answers(number, notes.get("unread", 0), faults)


def _structure(matched: Matched, lost: Ints, settings: Settings, unit: str = "sentence") -> Structure:
    counted = np.flatnonzero(~matched.plain.ignored)
    sides = matched.gold, matched.predicted[counted]
    # The partner of each gold span among the counted predictions: what is ignored has none.
    place = np.full(len(matched.predicted), -1, np.int64)
    place[counted] = np.arange(len(counted))
    partner = matched.plain.gold_partner.copy()
    partner[partner >= 0] = place[partner[partner >= 0]]
    gold_unit, predicted_unit = matched.units.gold, matched.units.predicted[counted].copy()
    paired = np.flatnonzero(partner >= 0)
    predicted_unit[partner[paired]] = gold_unit[paired]
    (gold_depth, gold_edges), (predicted_depth, predicted_edges) = map(_nesting, sides)
    predicted_depth[partner[paired]] = gold_depth[paired]
    right = _right(sides, partner)
    tables = _Tables(matched.units.number, settings, unit)
    return Structure(
        tables.depths(
            (gold_unit, gold_depth),
            (np.concatenate([predicted_unit, lost]), np.concatenate([predicted_depth, np.ones(len(lost), np.int64)])),
            right["strict"],
        ),
        {
            name: tables.edges((gold_unit, gold_edges), (predicted_unit, predicted_edges), np.where(is_, partner, -1))
            for name, is_ in right.items()
        },
    )


def _right(sides: tuple[Side, Side], partner: Ints) -> dict[str, Bools]:
    """Which gold spans were found."""
    gold, paired = sides[0], partner >= 0
    # Where there is no partner the last prediction stands in for it, or the span itself where there is none at all.
    other = sides[1][partner] if len(sides[1]) else gold
    type_ = paired & (gold.type == other.type)
    return {"strict": type_ & (gold.start == other.start) & (gold.end == other.end), "type": type_}


def _nesting(side: Side) -> tuple[Ints, list[tuple[int, int]]]:
    """The depth of each span, and the edges: index of the outer one, of the inner one."""
    depth = np.ones(len(side), np.int64)
    edges: list[tuple[int, int]] = []
    # Spans that reach as far as the one at hand, by (start, −end): whatever lies around it is among them.
    active: list[tuple[int, int, int]] = []
    order = side.order()
    for index, start, end in zip(order.tolist(), side.start[order].tolist(), side.end[order].tolist(), strict=True):
        active = [span for span in active if span[1] > start]
        around = [span for span in active if span[1] >= end and span[:2] != (start, end)]
        depth[index] += len(around)
        edges.extend((outer, index) for outer in _closest(around))
        active.append((start, end, index))
    return depth, edges


def _closest(around: Sequence[tuple[int, int, int]]) -> Iterator[int]:
    """Those of the spans around a place that have no other of them inside; they come by (start, −end)."""
    least: int | None = None
    for (_, end), spans in groupby(reversed(around), key=lambda span: span[:2]):
        # Those before begin later, or at the same place and end earlier: one that ends no later lies inside.
        if least is None or end < least:
            yield from (index for _, _, index in spans)
            least = end


_Row = tuple[Counts, dict[str, Interval | None], dict[str, str]]


class _Tables:
    """Makes tables of counts by unit, (units, rows, 3), as the other scores have them, and their sums."""

    def __init__(self, units: int, settings: Settings, word: str) -> None:
        self.units = units
        self.settings = settings
        self.word = word

    def _count(self, rows: int, *columns: tuple[Ints, Ints]) -> list[_Row]:
        """Of gold, predicted and right: unit and row of each."""
        table = np.zeros((self.units, rows, 3), np.int64)
        for number, (unit, row) in enumerate(columns):
            np.add.at(table[:, :, number], (unit, row), 1)
        drawn = intervals(table.astype(np.float64), self.settings.draws, self.settings.seed)
        counts = [Counts(*row) for row in table.sum(axis=0).tolist()]
        why = [reasons(counted, self.word) for counted in counted_units(table)]
        return list(zip(counts, drawn, why, strict=True))

    def depths(self, gold: tuple[Ints, Ints], predicted: tuple[Ints, Ints], right: Bools) -> dict[int, Depth]:
        """By depth, from the unit and the depth of each span."""
        deepest = max([0, *gold[1].tolist(), *predicted[1].tolist()])
        if not deepest:
            return {}
        columns = [(unit, depth - 1) for unit, depth in (gold, predicted, (gold[0][right], gold[1][right]))]
        # Inside an entity of two types nothing has depth 2.
        return {n: Depth(*row) for n, row in enumerate(self._count(deepest, *columns), 1) if row[0] != Counts()}

    def edges(
        self,
        gold: tuple[Ints, list[tuple[int, int]]],
        predicted: tuple[Ints, list[tuple[int, int]]],
        found: Ints,
    ) -> Edges:
        """From the units of the spans and the edges between them; an edge belongs to the unit of its inner end.

        ``found`` is the prediction by which each gold span was found, −1 where it was not.
        """
        of = {p: g for g, p in enumerate(found.tolist()) if p >= 0}
        of_gold, of_predicted = set(gold[1]), predicted[1]
        both = [(outer, inner) for outer, inner in gold[1] if found[outer] >= 0 and found[inner] >= 0]
        known = [(of[outer], of[inner]) for outer, inner in of_predicted if outer in of and inner in of]
        right = [edge for edge in known if edge in of_gold]
        columns = [
            (unit[np.array([inner for _, inner in edges], np.int64)], np.zeros(len(edges), np.int64))
            for unit, edges in ((gold[0], gold[1]), (predicted[0], of_predicted), (gold[0], right))
        ]
        ((counts, drawn, why),) = self._count(1, *columns)
        return Edges(counts, len(both), len(known) - len(right), drawn, why)
