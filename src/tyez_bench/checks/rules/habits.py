"""How a set itself marks names: by the words on either side, counted over all names that are known in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tyez_bench.files.toml import word_lists
from tyez_bench.model.labels import Kind
from tyez_bench.zh.characters import simplified
from tyez_bench.zh.lexicon import NAMES, word_before, word_behind, words

_WORDS = word_lists("tyez_bench.checks", "longer-names")
_ENDS = frozenset(_WORDS.words("ends"))
_LAST = frozenset(_WORDS.words("ends-of-words"))
_DERIVED = frozenset(_WORDS.words("derived"))
_PEOPLE = frozenset(_WORDS.words("people"))
_LANGUAGES = frozenset(_WORDS.words("ends-of-languages"))
_NO_PEOPLE = frozenset(_WORDS.words("no-people"))
# So many words behind a name are looked at for one for people.
_FEW = 3
_EDGE = re.compile(r"[\s，。、；：！？,;:!?“”‘’「」『』《》〈〉()（）【】\[\]…—\-─~～\"'／/]")
_DOT = re.compile("[·•・‧∙．]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_DIGIT = re.compile("[0-9０-９%％]")
# Several names with one word behind them; and peoples, one after the other.
_AND = re.compile("[和及与、或/／與]")
_PEOPLES = re.compile("[和及与、與等](?:[^，。；：！？,;:!?\\n]{0,40}?)(?:个|個)?民族")
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
    "derived": 0.03,
    "character": 0.4,
    "people": 0.3,
    "title": 0.3,
    "name": 0.5,
}
_WORTH = 4.0
_CALLED_AFTER = 0.05
_MOST_IN_FRONT = 1.5


class Around(NamedTuple):
    """What stands on the left and on the right of a span: a class of words, and the word itself."""

    left: tuple[str, str]
    right: tuple[str, str]

    def of_other_words(self, kind: Kind | None) -> bool:
        """Whether they make another word of a name of this kind: that a text has it marked elsewhere says little then.

        Before people stands the name of their country, which many sets leave out; that of a body is a name there, too.
        """
        people = kind is Kind.PLACE and self.right[0] == "people"
        return people or self.left[0] == "title" or self.right[0] in ("derived", "longer", "character")


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
    if _PEOPLES.match(text, end) is not None:
        return "derived", "民族"
    # Of 意大利及德意志人 both are in front of 人.
    joined = _AND.match(text, end)
    other = word_behind(text, joined.end()) if joined is not None else None
    if other is not None and other.kind in NAMES:
        class_, found = _behind(text, other.end)
        if class_ in ("derived", "people"):
            return class_, found
    return _behind(text, end)


def _behind(text: str, end: int) -> tuple[str, str]:
    sign = _sign(text[end : end + 1], text[end - 1])
    if sign:
        return sign
    word = word_behind(text, end)
    class_, found = _of_word(text, end, word.end if word else end + 1, word.kind if word else None)
    if class_ == "function":
        return class_, found
    behind = list(_words_behind(text, end))
    if (
        found in _DERIVED
        or simplified(text[end : end + 2]) in _DERIVED
        or (behind and (behind[0] in _DERIVED or behind[0][-1] in _LANGUAGES))
    ):
        return "derived", found
    if any(map(_is_people, behind[:_FEW])):
        return "people", found
    if any(one in _ENDS for one in behind):
        return "longer", found
    noun = class_ == "word" and (word is None or word.kind != "verb")
    return ("character" if noun and len(found) == 1 else class_), found


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


def _words_behind(text: str, end: int) -> Iterator[str]:
    """The words behind a name that may make a longer one of it, up to a function word, a verb or a sign."""
    found = words(text, end, min(len(text), end + _FAR))
    for number, word in enumerate(found):
        if word.kind in ("function", "numeral") or _sign(text[word.start], "") is not None:
            return
        own = simplified(text[word.start : word.end])
        if word.kind == "verb":
            # 指挥|家: a word for who does it.
            if number + 1 < len(found) and simplified(text[word.end]) in _PEOPLE:
                yield own + simplified(text[word.end])
            return
        yield own[-1] if own[-1] in (_ENDS if word.kind in NAMES else _LAST) else own


def _is_people(word: str) -> bool:
    """Whether a word is one for people: by its end, of two characters or of one."""
    if word in _NO_PEOPLE:
        return False
    return word in _PEOPLE or word[-2:] in _PEOPLE or (len(word) > 1 and word[-1] in _PEOPLE)


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
        left, right = (self._of_side(kind, side, *found) for side, found in zip("lr", sides, strict=True))
        # What stands in front of the name says nothing of the word that it is a part of.
        return (min(left, _MOST_IN_FRONT) if sides.of_other_words(kind) else left) * right

    def _of_side(self, kind: Kind | None, side: str, class_: str, word: str) -> float:
        times = _BEFOREHAND.get(class_, 1.0)
        if kind is not Kind.PLACE and class_ == "people":
            times = 1.0
        if kind is Kind.PERSON and class_ == "longer":
            # Prizes, schools and streets are called after people.
            times = _CALLED_AFTER
        marked, unmarked = self._counts[True], self._counts[False]
        # So many marked names are for one that is not; the place itself says nothing of its kind.
        ratio = (marked[kind, side] + 1) / max(1, unmarked[kind, side])
        worth = _WORTH + ratio
        # The class first; what the word itself does is measured against it.
        for key in ((kind, side, class_), (kind, side, class_, word)):
            m, u = marked[key], max(0, unmarked[key] - 1)
            times = (m + worth * times) / (u * ratio + worth)
        return times
