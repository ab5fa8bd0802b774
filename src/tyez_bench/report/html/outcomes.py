"""What can become of a span: the words, the sign and the explanation of each outcome, in the order of the page."""

from typing import NamedTuple

from tyez_bench.scoring.diagnosis import KINDS

RIGHT = "right"
NOT_COUNTED = "not counted"
MISSED = "missed"


class OutcomeSign(NamedTuple):
    """A sign for narrow marks, a word for wide ones, and what it means."""

    sign: str
    word: str
    meaning: str


OUTCOMES: dict[str, OutcomeSign] = {
    RIGHT: OutcomeSign("✓", "right", "boundary and type are the gold's"),
    "missed": OutcomeSign("−", "missed", "a gold span that no prediction overlaps, or that has no partner"),
    "spurious": OutcomeSign("+", "spurious", "a prediction that no gold span overlaps, or that has no partner"),
    "type": OutcomeSign("≠", "type", "the gold's boundary, another type"),
    "short": OutcomeSign("⊂", "short", "the gold's type, within the gold span"),
    "long": OutcomeSign("⊃", "long", "the gold's type, around the gold span"),
    "shifted": OutcomeSign("↔", "shifted", "the gold's type, across an edge of the gold span"),
    "split": OutcomeSign("÷", "split", "several predictions for one gold span"),
    "merged": OutcomeSign("∪", "merged", "one prediction for several gold spans"),
    "boundary and type": OutcomeSign("×", "both", "boundary and type differ from the gold's"),
    NOT_COUNTED: OutcomeSign(
        "○", "not counted", "neither right nor wrong: optional, of another layer, or out of scope"
    ),
}

# Every kind of error of the diagnosis has its sign.
ERRORS = tuple(kind for kind in OUTCOMES if kind in KINDS)


def slug(outcome: str) -> str:
    """An outcome as a name for classes and attributes."""
    return outcome.replace(" ", "-")
