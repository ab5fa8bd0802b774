"""The tokens of a classifier: a text in windows of as many as it takes, and from the tags of tokens to spans.

A window has as many whole sentences as go into it. The next one begins with a sentence of the window before, so that
at most a quarter of the limit is read twice. A sentence that is longer than the limit is cut into windows that overlap
by a quarter. A token gets its tag from the window in which it stands furthest from an edge, the first of several; the
beginning and the end of the text are no edges, since nothing is missing there.

What a token stands for is its characters without white space at either end (tokenizers of words with their spaces count
these in). A token of white space alone, or of SentencePiece's mark for a word's beginning, stands for none. Tokens that
share a character, as the bytes of one do, stand together for theirs, and the first one's tag counts. Tags are read line
by line with the rules of ``encodings``, illegal ones as conlleval does. Labels without a prefix go on as long as they
are the same.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tyez_bench.io.encodings import OUTSIDE, TagError, decode, detect, is_tag
from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import Span

# What part of the limit is read twice.
_SHARE = 4


class Window(NamedTuple):
    """Tokens of a text, half-open."""

    start: int
    end: int


def sentences_in_tokens(sentences: Sequence[tuple[int, int]], starts: Sequence[int]) -> list[Window]:
    """The tokens that begin in each sentence; ``starts`` are their first characters, in order."""
    edges = np.searchsorted(np.asarray(starts), [start for start, _ in sentences]).tolist()
    spans = [Window(start, end) for start, end in zip(edges, [*edges[1:], len(starts)], strict=False)]
    return [span for span in spans if span.start < span.end]


def windows(sentences: Sequence[Window], limit: int) -> list[Window]:
    """The windows of at most ``limit`` tokens over sentences that follow each other without a gap."""
    found: list[Window] = []
    first = 0
    while first < len(sentences):
        start, end = sentences[first]
        if end - start > limit:
            found += _cut(start, end, limit)
            first += 1
            continue
        behind = first
        while behind < len(sentences) and sentences[behind].end - start <= limit:
            behind += 1
        end = sentences[behind - 1].end
        found.append(Window(start, end))
        first = behind if behind == len(sentences) else _next(sentences, first, behind, limit)
    return found


def _next(sentences: Sequence[Window], first: int, behind: int, limit: int) -> int:
    """The sentence that the next window begins with: it has room for the one behind the window before."""
    end = sentences[behind - 1].end
    for number in range(first + 1, behind):
        start = sentences[number].start
        if end - start <= limit // _SHARE and sentences[behind].end - start <= limit:
            return number
    return behind


def _cut(start: int, end: int, limit: int) -> list[Window]:
    step = max(1, limit - limit // _SHARE)
    found = [Window(at, at + limit) for at in range(start, end - limit, step)]
    return [*found, Window(end - limit, end)]


def depths(window: Window, size: int) -> NDArray[np.int64]:
    """How far each token of a window stands from its nearest edge, in a text of ``size`` tokens."""
    places = np.arange(window.end - window.start, dtype=np.int64)
    left = places if window.start > 0 else np.full_like(places, size)
    right = places[::-1] if window.end < size else np.full_like(places, size)
    return np.minimum(left, right)


class Merged:
    """The tags of a text's tokens while its windows come in, in any number and in their order."""

    def __init__(self, size: int):
        self.tags: NDArray[np.int64] = np.zeros(size, dtype=np.int64)
        self._depths: NDArray[np.int64] = np.full(size, -1, dtype=np.int64)

    def take(self, window: Window, tags: NDArray[Any]) -> None:
        """Believe a window where its tokens stand further from an edge than in those before."""
        here = slice(window.start, window.end)
        found = depths(window, len(self.tags))
        better = found > self._depths[here]
        self.tags[here][better] = tags[better]
        self._depths[here][better] = found[better]


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
            f"{model}: its labels have no names ({', '.join(ordered[:3])}, …): id2label in its "
            "config.json must define their meaning"
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
