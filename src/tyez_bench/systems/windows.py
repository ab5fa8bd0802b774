"""Windows over texts that are longer than what a model takes: of whole sentences, overlapping; and which is believed.

A window has as many whole sentences as go into it. The next one begins with a sentence of the window before, so that
at most a quarter of the limit is read twice. A sentence that is longer than the limit is cut into windows that overlap
by a quarter. A token gets its tag from the window in which it stands furthest from an edge, the first of several; the
beginning and the end of the text are no edges, since nothing is missing there.
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tyez_bench.corpus.sentences import split_sentences

# What part of the limit is read twice.
_SHARE = 4


class Window(NamedTuple):
    """Tokens of a text, half-open."""

    start: int
    end: int


def sentence_places(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as half-open offsets that cover it; a line break ends one, too."""
    found, start = [], 0
    for line in re.findall("[^\n]*\n?", text):
        found += list(split_sentences(text, start, start + len(line)))
        start += len(line)
    return found


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
