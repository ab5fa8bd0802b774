"""What can become of a span: the words, the sign and the explanation of each outcome, in the order of the page."""

from typing import NamedTuple

from tyez_bench.scoring.diagnosis import KINDS

RIGHT = "right"
NOT_COUNTED = "not counted"
MISSED = "missed"


class Outcome(NamedTuple):
    """A sign for narrow marks, a word for wide ones, and what it means."""

    sign: str
    word: str
    meaning: str


OUTCOMES: dict[str, Outcome] = {
    RIGHT: Outcome("✓", "right", "boundary and type are the gold's"),
    "missed": Outcome("−", "missed", "a gold span that no prediction overlaps, or that has no partner"),
    "spurious": Outcome("+", "spurious", "a prediction that no gold span overlaps, or that has no partner"),
    "type": Outcome("≠", "type", "the gold's boundary, another type"),
    "short": Outcome("⊂", "short", "the gold's type, within the gold span"),
    "long": Outcome("⊃", "long", "the gold's type, around the gold span"),
    "shifted": Outcome("↔", "shifted", "the gold's type, across an edge of the gold span"),
    "split": Outcome("÷", "split", "several predictions for one gold span"),
    "merged": Outcome("∪", "merged", "one prediction for several gold spans"),
    "boundary and type": Outcome("×", "both", "boundary and type differ from the gold's"),
    NOT_COUNTED: Outcome("○", "not counted", "neither right nor wrong: optional, of another layer, or out of scope"),
}

# Every kind of error of the diagnosis has its sign.
ERRORS = tuple(kind for kind in OUTCOMES if kind in KINDS)


def slug(outcome: str) -> str:
    """An outcome as a name for classes and attributes."""
    return outcome.replace(" ", "-")
