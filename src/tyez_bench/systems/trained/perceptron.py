"""An averaged structured perceptron over characters (Collins 2002), trained on the gold, each document left out.

A character's label says whether it begins, is inside, ends, or is alone an entity of a type (BIOES), or is outside;
the best sequence of labels is found with Viterbi's algorithm, and impossible ones are never looked at. All weights are
whole numbers, also the average, which is kept as a sum: the predictions are the same on every machine.

Nothing is taken from a dictionary or from a gold set's text. Characters count as they are written, without
normalisation; what is beyond an edge of the text is a neighbour of its own kind.
"""

import random
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tyez_bench.gold.gold import Gold
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import RunOptions, System, Tagger, spans_at
from tyez_bench.systems.trained.folds import Fold, Lesson, folds_of, predicting, training_facts

NUMERALS = frozenset("〇零一二三四五六七八九十百千两")
UNITS = frozenset("年月日元亿万")

# How far a character's neighbours reach.
REACH = 2

# Each feature by name: the offsets of the characters that it is made of, and whether they or their classes.
FEATURES: dict[str, tuple[tuple[int, ...], bool]] = {
    **{f"character {offset:+d}": ((offset,), False) for offset in range(-REACH, REACH + 1)},
    "characters -2 -1": ((-2, -1), False),
    "characters -1 +0": ((-1, 0), False),
    "characters +0 +1": ((0, 1), False),
    "characters +1 +2": ((1, 2), False),
    "characters -1 +1": ((-1, 1), False),
    "class +0": ((0,), True),
    "classes -1 +0": ((-1, 0), True),
    "classes +0 +1": ((0, 1), True),
    "classes -1 +0 +1": ((-1, 0, 1), True),
    "classes -2 -1 +0 +1 +2": ((-2, -1, 0, 1, 2), True),
}


def class_of(character: str) -> str:
    """The class of a character: digit, numeral, unit, letter (Latin), space, mark (punctuation, signs), or other."""
    if character in NUMERALS:
        return "numeral"
    if character in UNITS:
        return "unit"
    if character.isspace():
        return "space"
    if not character.isalnum():
        return "mark"
    # Full-width forms stand apart from their ASCII ones by a fixed distance.
    plain = chr(ord(character) - 0xFEE0) if "！" <= character <= "～" else character
    if plain.isascii():
        return "digit" if plain.isdigit() else "letter"
    return "other"


def features(text: str) -> Iterator[Sequence[Hashable]]:
    """The features of each character of ``text``, one of each kind, in the order of ``FEATURES``."""
    beyond = [""] * REACH
    characters = [*beyond, *text, *beyond]
    classes = [*beyond, *map(class_of, text), *beyond]
    for place in range(REACH, REACH + len(text)):
        yield [
            (number, *((classes if of_classes else characters)[place + offset] for offset in offsets))
            for number, (offsets, of_classes) in enumerate(FEATURES.values())
        ]


if TYPE_CHECKING:
    from tyez_bench.scoring.spans import Bools, Ints

# How often the whole of the training data is gone through.
EPOCHS = 10

# Less than any sum of weights, and far enough from the smallest whole number to be added to itself.
_NEVER = -(2**60)


def load(argument: str, gold: Gold, options: RunOptions) -> System:
    """The tagger as a system of sentences. Raises UsageError for a gold that can't be trained on."""
    by = options.by or "sentence"
    folds = folds_of(gold, options, by)

    def trainer(fold: Fold) -> Tagger:
        return train(fold.lessons, seed=options.seed).tag

    settings = {
        **training_facts(gold, options, folds),
        "epochs": EPOCHS,
        "seed": options.seed,
        "scheme": "BIOES",
        "features": list(FEATURES),
    }
    return System(predict=predicting(folds, trainer, options.origins), by=by, settings=settings)


class BioesLabels(Struct, frozen=True):
    """The labels of some types: O first, then B-, I-, E- and S- of each; what may follow what."""

    names: tuple[str, ...]
    rules: "Ints"

    @classmethod
    def of(cls, types: Iterable[str]) -> "BioesLabels":
        """The labels for ``types``; rules are 0 for what may follow, else less than any sum of weights."""
        names = ("O", *(f"{place}-{type_}" for type_ in types for place in "BIES"))
        return cls(names, np.array([[0 if _follows(a, b) else _NEVER for b in names] for a in names], np.int64))

    def allowed(self, lesson: Lesson) -> "Bools":
        """Which labels a lesson allows for each character: (characters, labels)."""
        table = np.zeros((len(lesson.text), len(self.names)), np.bool_)
        table[:, 0] = True
        for start, end in lesson.unknown:
            table[start:end] = True
        for start, end, type_ in lesson.entities:
            table[start:end] = False
            for place, letter in zip(range(start, end), _letters(end - start), strict=True):
                table[place, self.names.index(f"{letter}-{type_}")] = True
        return table

    def spans(self, path: Sequence[int]) -> list[tuple[int, int, str]]:
        """The entities of a sequence of labels that keeps the rules, as (start, end, type)."""
        found, start = [], 0
        for place, number in enumerate(path):
            letter, _, type_ = self.names[number].partition("-")
            if letter in "BS":
                start = place
            if letter in "ES":
                found.append((start, place + 1, type_))
        return found


def _letters(length: int) -> str:
    return "S" if length == 1 else f"B{'I' * (length - 2)}E"


def _follows(one: str, other: str) -> bool:
    if one[0] in "BI":
        return other[0] in "IE" and one[1:] == other[1:]
    return other[0] in "OBS"


class Perceptron(Struct, frozen=True):
    """A trained tagger: whole-number weights by feature and label, and by label and the next one.

    Row 0 of ``weights`` is that of features that were never seen.
    """

    labels: BioesLabels
    index: dict[Hashable, int]
    weights: "Ints"
    moves: "Ints"

    def tag(self, text: str) -> list[Span]:
        """The entities of ``text``."""
        if not text:
            return []
        numbers = np.array([[self.index.get(one, 0) for one in row] for row in features(text)], np.int64)
        path = decode(self.weights[numbers].sum(axis=1), self.moves, self.labels.rules)
        return spans_at(text, self.labels.spans(path.tolist()))


def decode(scores: "Ints", moves: "Ints", rules: "Ints") -> "Ints":
    """The best sequence of labels: of equal ones the one whose last label that differs comes first.

    ``scores`` are (characters, labels), ``moves`` and ``rules`` (labels, next labels). A text begins and ends as if
    outside of entities were around it.
    """
    steps = moves + rules
    best = np.maximum(scores[0] + rules[0], _NEVER)
    came = []
    for row in scores[1:]:
        through = best[:, None] + steps
        came.append(through.argmax(axis=0))
        best = np.maximum(through.max(axis=0) + row, _NEVER)
    path = [int(np.argmax(best + rules[:, 0]))]
    for back in reversed(came):
        path.append(int(back[path[-1]]))
    return np.array(path[::-1], np.int64)


def train(lessons: Sequence[Lesson], *, seed: int, epochs: int = EPOCHS) -> Perceptron:
    """Train on ``lessons``, in another order in each of the ``epochs``.

    Where a lesson leaves characters open, the best sequence that it allows is what the tagger should have said.
    """
    labels = BioesLabels.of(sorted({type_ for lesson in lessons for _, _, type_ in lesson.entities}))
    index: dict[Hashable, int] = {}
    seen = []
    for lesson in lessons:
        if lesson.text:
            rows = [[index.setdefault(one, len(index) + 1) for one in row] for row in features(lesson.text)]
            seen.append((np.array(rows, np.int64), labels.allowed(lesson)))
    learner = _Learner(len(index) + 1, labels)
    # Only random() is promised to be the same in every version of Python.
    chance = random.Random(seed)
    for _ in range(epochs):
        for _, number in sorted((chance.random(), number) for number in range(len(seen))):
            learner.see(*seen[number])
    return Perceptron(labels, index, *learner.averages())


class _Learner:
    """Weights in the making: as they are now, and the sum of each change times the step that made it."""

    def __init__(self, rows: int, labels: BioesLabels):
        size = len(labels.names)
        self.rules = labels.rules
        self.weights, self.weight_changes = (np.zeros((rows, size), np.int64) for _ in range(2))
        self.moves, self.move_changes = (np.zeros((size, size), np.int64) for _ in range(2))
        self.step = 0

    def see(self, numbers: "Ints", allowed: "Bools") -> None:
        """Tag a text, and change the weights where the labels are not among those allowed.

        A wrong label starts one ahead: what is right by a tie alone is not yet learned, and the average might lose it.
        """
        scores = self.weights[numbers].sum(axis=1)
        said = decode(scores + ~allowed, self.moves, self.rules)
        if not allowed[np.arange(len(said)), said].all():
            right = decode(np.where(allowed, scores, _NEVER), self.moves, self.rules)
            self._change(numbers, right, 1)
            self._change(numbers, said, -1)
        self.step += 1

    def _change(self, numbers: "Ints", path: "Ints", by: int) -> None:
        np.add.at(self.weights, (numbers, path[:, None]), by)
        np.add.at(self.weight_changes, (numbers, path[:, None]), by * self.step)
        for move in pairwise(path.tolist()):
            self.moves[move] += by
            self.move_changes[move] += by * self.step

    def averages(self) -> tuple["Ints", "Ints"]:
        """The weights over all steps, as sums: only what is more and what is less matters."""
        return self.weights * self.step - self.weight_changes, self.moves * self.step - self.move_changes
