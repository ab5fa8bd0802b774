"""From tagged words to spans."""

from collections.abc import Collection, Iterable

from tyez_bench.errors import InputError
from tyez_bench.formats.record import RawSpan


def words_to_spans(text: str, words: Iterable[tuple[str, str]], tags: Collection[str]) -> list[RawSpan]:
    """One span for each word whose tag is among ``tags``; words are not joined.

    The words must be the text, in order; white space that the segmenter left out is stepped over. Raises
    InputError when they are not.
    """
    found = []
    position = 0
    for word, tag in words:
        start = position
        while not text.startswith(word, start) and start < len(text) and text[start].isspace():
            start += 1
        if not text.startswith(word, start):
            raise InputError(
                f"the segmenter's word {word!r} is not in the text at {position}: {text[position:][:12]!r}"
            )
        position = start + len(word)
        if tag in tags:
            found.append(RawSpan(start, position, tag, word))
    return found
