"""From tagged words to spans."""

from collections.abc import Iterable, Mapping

from tyez_bench.errors import InputError
from tyez_bench.model import Label, PredictedEntity


def words_to_entities(
    text: str, words: Iterable[tuple[str, str]], labels: Mapping[str, Label]
) -> list[PredictedEntity]:
    """One entity for each word whose tag is in ``labels``; words are not joined.

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
        if tag in labels:
            found.append(PredictedEntity(start=start, end=position, type=labels[tag], text=word))
    return found
