"""Output of taggers as JSON: the words of a sentence, and names that are numbers of words."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tyez_bench.formats.fields import shown
from tyez_bench.formats.record import Fidelity, RawSpan, Record
from tyez_bench.formats.tokens import Join, joined


class Name(NamedTuple):
    """A name: its first word, the word behind its last, and its label."""

    first: int
    behind: int
    label: str


def record_of(
    line: int | None, words: Sequence[str], names: Iterable[Name], join: Join, id_: str | None, *, ragged: bool = False
) -> Record:
    """The record of a sentence. Raises ValueError for names outside of its words.

    ``ragged``: white space at the edges of words is what was between them, and no part of a name.
    """
    text, bounds = joined(words, join)
    if ragged:
        bounds = [_trimmed(text, *one) for one in bounds]
    spans = []
    for first, behind, label in names:
        if not 0 <= first < behind <= len(words):
            raise ValueError(f"{label} {first}–{behind} is empty or outside the words (0–{len(words)})")
        spans.append(RawSpan(bounds[first][0], bounds[behind - 1][1], label))
    return Record(line, id=id_, text=text, spans=tuple(spans), fidelity=Fidelity.SQUEEZED)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A word without the white space at its edges; one of white space alone as it is."""
    word = text[start:end]
    return (start + len(word) - len(word.lstrip()), start + len(word.rstrip())) if word.strip() else (start, end)


def words_of(value: Any, what: str) -> list[str]:
    """The words of a sentence. Raises ValueError for anything but strings that are not empty."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise ValueError(f"expected a list of words as {what}, got {shown(value)}")
    return value


def sentences_of(value: Any, what: str) -> list[list[str]]:
    """The words of each sentence, of a list of sentences or of one alone. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"expected a list of words as {what}, got {shown(value)}")
    if is_one(value):
        return [words_of(value, what)]
    return [words_of(sentence, what) for sentence in value]


def is_one(value: Sequence[Any]) -> bool:
    """Whether a list is the words of one sentence, and not of several."""
    return bool(value) and isinstance(value[0], str)


def same(words: Sequence[str], name: str) -> bool:
    """Whether words make up a name, whatever white space is between."""
    return "".join("".join(words).split()) == "".join(name.split())
