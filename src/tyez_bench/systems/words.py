"""From tagged words to spans."""

from collections.abc import Collection, Iterable

from tyez_bench.formats.record import RawSpan
from tyez_bench.views.words import place_words


def words_to_spans(text: str, words: Iterable[tuple[str, str]], tags: Collection[str]) -> list[RawSpan]:
    """One span for each word whose tag is among ``tags``; words are not joined.

    The words must be the text, in order; white space that the segmenter left out is stepped over. Raises
    InputError when they are not.
    """
    tagged = [(word, tag) for word, tag in words if word.strip()]
    places = place_words(text, (word for word, _ in tagged))
    return [
        RawSpan(start, end, tag, word) for (start, end), (word, tag) in zip(places, tagged, strict=True) if tag in tags
    ]
