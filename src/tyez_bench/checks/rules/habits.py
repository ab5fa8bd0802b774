"""How a set itself marks names: by the words on either side, counted over all names that are known in it."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from tyez_bench.files.toml import word_lists
from tyez_bench.model.labels import Kind
from tyez_bench.zh.characters import simplified
from tyez_bench.zh.lexicon import NAMES, word_before, word_behind, words

_ENDS = frozenset(word_lists("tyez_bench.checks", "longer-names").words("ends"))
_EDGE = re.compile(r"[\s，。、；：！？,;:!?“”‘’「」『』《》〈〉()（）【】\[\]…—\-─~～\"'／/]")
_DOT = re.compile("[·•・‧∙．]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_DIGIT = re.compile("[0-9０-９%％]")
# So many characters behind a name are looked at for the end of a longer one.
_FAR = 7
# No title is longer.
_TITLE = 30
# What is thought of the words around before anything was counted: how much more often they stand around a name that is
# marked; and how many counts that is worth.
_BEFOREHAND = {
    "edge": 1.5,
    "function": 1.5,
    "dot": 0.02,
    "more latin": 0.02,
    "more digit": 0.02,
    "longer": 0.2,
    "title": 0.3,
    "name": 0.5,
}
_WORTH = 4.0


class Around(NamedTuple):
    """What stands on the left and on the right of a span: a class of words, and the word itself."""

    left: tuple[str, str]
    right: tuple[str, str]


def around(text: str, start: int, end: int) -> Around:
    """The words around a span."""
    return Around(_left(text, start), _right(text, end))


def _left(text: str, start: int) -> tuple[str, str]:
    opened = text.rfind("《", max(0, start - _TITLE), start)
    if opened > text.rfind("》", max(0, start - _TITLE), start):
        return "title", ""
    sign = _sign(text[max(0, start - 1) : start], text[start])
    if sign:
        return sign
    word = word_before(text, start)
    return _of_word(text, word.start if word else start - 1, start, word.kind if word else None)


def _right(text: str, end: int) -> tuple[str, str]:
    sign = _sign(text[end : end + 1], text[end - 1])
    if sign:
        return sign
    word = word_behind(text, end)
    found = _of_word(text, end, word.end if word else end + 1, word.kind if word else None)
    return ("longer", found[1]) if found[0] != "function" and _is_part_of_longer(text, end) else found


def _sign(character: str, inner: str) -> tuple[str, str] | None:
    """What a character beside a span is where it is no Chinese one; ``inner`` is that of the span beside it."""
    if not character or _EDGE.match(character):
        return "edge", character
    if _DOT.match(character):
        return "dot", ""
    for name, pattern in (("latin", _LATIN), ("digit", _DIGIT)):
        if pattern.match(character):
            return (f"more {name}" if pattern.match(inner) else name), ""
    return None


def _of_word(text: str, start: int, end: int, kind: str | None) -> tuple[str, str]:
    word = simplified(text[start:end])
    if kind in NAMES:
        return "name", word
    return ("function" if kind == "function" else "word"), word


def _is_part_of_longer(text: str, end: int) -> bool:
    """Whether the words behind a name make a longer one of it: up to a function word or a sign."""
    for word in words(text, end, min(len(text), end + _FAR)):
        if word.kind == "function" or _sign(text[word.start], "") is not None:
            return False
        found = simplified(text[word.start : word.end])
        if found in _ENDS or (found[-1] in _ENDS and word.kind in NAMES):
            return True
    return False


class Habits:
    """How often names of a kind are marked between such words, against how often they are not."""

    def __init__(self, marked: Iterable[tuple[Kind | None, Around]], unmarked: Iterable[tuple[Kind | None, Around]]):
        self._counts = {True: Counter[tuple[object, ...]](), False: Counter[tuple[object, ...]]()}
        for is_marked, uses in ((True, marked), (False, unmarked)):
            for kind, sides in uses:
                for side, (class_, word) in zip("lr", sides, strict=True):
                    self._counts[is_marked].update([(kind, side), (kind, side, class_), (kind, side, class_, word)])

    def times(self, kind: Kind | None, sides: Around) -> float:
        """How many times as often a name of the kind is marked here as anywhere."""
        return math.prod(self._of_side(kind, side, *found) for side, found in zip("lr", sides, strict=True))

    def _of_side(self, kind: Kind | None, side: str, class_: str, word: str) -> float:
        times = _BEFOREHAND.get(class_, 1.0)
        marked, unmarked = self._counts[True], self._counts[False]
        # So many marked names are for one that is not; the place itself says nothing of its kind.
        ratio = (marked[kind, side] + 1) / max(1, unmarked[kind, side])
        worth = _WORTH + ratio
        # The class first; what the word itself does is measured against it.
        for key in ((kind, side, class_), (kind, side, class_, word)):
            m, u = marked[key], max(0, unmarked[key] - 1)
            times = (m + worth * times) / (u * ratio + worth)
        return times
