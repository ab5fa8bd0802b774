"""From a token classifier's tags, and from tagged words, to spans.

What a token stands for is its characters without white space at either end (tokenizers of words with their spaces count
these in). A token of white space alone, or of SentencePiece's mark for a word's beginning, stands for none. Tokens that
share a character, as the bytes of one do, stand together for theirs, and the first one's tag counts. Tags are read line
by line with the rules of ``encodings``, illegal ones as conlleval does. Labels without a prefix go on as long as they
are the same.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from tyez_bench.io.encodings import OUTSIDE, TagError, decode, detect, is_tag
from tyez_bench.io.export.words import place_words
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import Span

# SentencePiece's mark of a word's beginning.
_BEGINNING = "\N{LOWER ONE EIGHTH BLOCK}"
_NAMELESS = re.compile(r"LABEL_[0-9]+")


class TagSet(NamedTuple):
    """The tags of a model by number, as they are decoded, and their encoding; ``plain`` if none has a prefix."""

    tags: tuple[str, ...]
    encoding: str
    plain: bool

    @property
    def labels(self) -> list[str]:
        """The labels, without those of no entity."""
        return sorted({tag.partition("-")[2] for tag in self.tags if tag != OUTSIDE})


class TokenSpan(NamedTuple):
    """The characters that a token stands for."""

    token: int
    start: int
    end: int


def tag_set(names: Mapping[int, str], model: str) -> TagSet:
    """The tags of a model's ``id2label``. Raises UsageError for names that say nothing, and for tags of no encoding."""
    ordered = [str(names[number]) for number in sorted(names)]
    if any(map(_NAMELESS.fullmatch, ordered)):
        raise UsageError(
            f"{model}: its labels have no names ({', '.join(ordered[:3])}, …): what they mean is for id2label in its "
            "config.json to say"
        )
    tags = tuple(name if is_tag(name) else f"I-{name}" for name in ordered)
    encoding = detect(name for name in ordered if is_tag(name))
    for name, tag in zip(ordered, tags, strict=True):
        try:
            decode([tag], encoding, "conlleval")
        except TagError as error:
            raise UsageError(f"{model}: its label {name!r} can't be read: {error}") from None
    return TagSet(tags, encoding, not any(is_tag(name) and name != OUTSIDE for name in ordered))


def pieces(text: str, tokens: Sequence[str], offsets: Sequence[tuple[int, int]]) -> list[TokenSpan]:
    """The characters that tokens stand for, in their order, none twice."""
    found: list[TokenSpan] = []
    for number, (token, (start, end)) in enumerate(zip(tokens, offsets, strict=True)):
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end or not token.strip(_BEGINNING):
            continue
        if found and start < found[-1].end:
            found[-1] = found[-1]._replace(end=max(end, found[-1].end))
        else:
            found.append(TokenSpan(number, start, end))
    return found


def spans(text: str, found: Sequence[TokenSpan], tags: Sequence[int], known: TagSet) -> list[Span]:
    """The spans of a text whose tokens have these tags, by number."""
    result = []
    for line in _lines(text, found):
        chunks, _ = decode([known.tags[tags[piece.token]] for piece in line], known.encoding, "conlleval")
        for first, behind, label in chunks:
            start, end = line[first].start, line[behind - 1].end
            result.append(Span(start, end, label, text[start:end]))
    return result


def _lines(text: str, found: Sequence[TokenSpan]) -> list[list[TokenSpan]]:
    """The pieces by line."""
    lines: list[list[TokenSpan]] = [[]]
    before = 0
    for piece in found:
        if "\n" in text[before : piece.start]:
            lines.append([])
        lines[-1].append(piece)
        before = piece.end
    return lines


def words_to_spans(text: str, words: Iterable[tuple[str, str]], tags: Collection[str]) -> list[Span]:
    """One span for each word whose tag is among ``tags``; words are not joined.

    The words must be the text, in order; white space that the segmenter left out is stepped over. Raises
    InputError when they are not.
    """
    tagged = [(word, tag) for word, tag in words if word.strip()]
    places = place_words(text, (word for word, _ in tagged))
    return [
        Span(start, end, tag, word) for (start, end), (word, tag) in zip(places, tagged, strict=True) if tag in tags
    ]
