"""The structure of nested entities as sheets."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tyez_bench.render.numbers import bounds, figure, number
from tyez_bench.render.sheet import Sheet, sheet
from tyez_bench.scoring.measures import f1, precision, recall
from tyez_bench.scoring.schemes import Counts

if TYPE_CHECKING:
    # numpy is slow to import.
    from tyez_bench.scoring.resampling import Interval
    from tyez_bench.scoring.structure import Answers, Structure

_HEADER = ("P", "R", "F1", "95 %", "TP", "FP", "FN")
_ENDS = {"strict": "ends right", "type": "ends overlap, same type"}
_FAULTS = {
    "empty": "not read: empty",
    "broken": "not read: JSON that is broken or of no known form",
    "no_copy": "not read: words that are no copy of the text",
    "broken_tags": "tags without a counterpart or a text",
    "offsets": "names with offsets, which were passed over",
    "edits": "edits between the copied texts and the gold's",
    "unlocated": "mentions not found in the text",
}


def structure_sheets(system: str, structure: "Structure") -> list[Sheet]:
    """Scores by depth; edges; and a model's answers, where there are some."""
    depths = [
        (str(depth), *_cells(found.counts, found.intervals), str(found.counts.gold))
        for depth, found in structure.depths.items()
    ]
    edges = [
        (_ENDS[name], *_cells(found.counts, found.intervals), str(found.both_found), str(found.misattached))
        for name, found in structure.edges.items()
    ]
    sheets = [
        sheet(
            f"{system}: strict, by depth",
            ("depth", *_HEADER, "gold"),
            depths,
            ["depth: 1 + the number of entities around; a pair stands at the gold span's depth"],
        ),
        sheet(
            f"{system}: nesting",
            ("edges", *_HEADER, "both found", "misattached"),
            edges,
            [
                "an edge joins an entity and what lies directly inside it",
                "both found: gold edges with both ends found",
                "misattached: predicted edges between gold spans that were both found, which the gold does not have",
            ],
        ),
    ]
    return sheets if structure.answers is None else [*sheets, _answers(system, structure.answers)]


def _cells(counts: Counts, drawn: "Mapping[str, Interval | None]") -> tuple[str, ...]:
    return (
        figure(precision(counts)),
        figure(recall(counts)),
        figure(f1(counts)),
        bounds(drawn["f1"]),
        number(counts.right),
        number(counts.predicted - counts.right),
        number(counts.gold - counts.right),
    )


def _answers(system: str, answers: "Answers") -> Sheet:
    rows = [
        ("all", str(answers.number)),
        ("not read", str(answers.unread)),
        ("share read", figure(answers.rate)),
        *((_FAULTS[name], str(found)) for name, found in answers.faults.items()),
    ]
    return sheet(f"{system}: answers", ("answers", "number"), rows)
