"""Texts longer than a model takes, cut into windows and put together; and items in batches.

A window has as many whole sentences as go into it. The next one begins with a sentence of the window before, so that
at most a quarter of the limit is read twice. A sentence that is longer than the limit is cut into windows that overlap
by a quarter. A token gets its tag from the window in which it stands furthest from an edge, the first of several; the
beginning and the end of the text are no edges, since nothing is missing there.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tyez_bench.gold.derived import split_sentences
from tyez_bench.model.errors import InputError, first_line
from tyez_bench.model.spans import Span
from tyez_bench.systems.system import Passage, Predict, span_record

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


Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of ``size`` items, the last of what is left; no item is taken before its batch is asked for."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


Whole = TypeVar("Whole")
Part = TypeVar("Part")
# A passage with its spans so far.
_Answer = tuple[Passage, list[Span]]


def in_batches(
    given: Iterable[Passage],
    cut: Callable[[Passage], tuple[Whole, Sequence[Part]]],
    run: Callable[[list[tuple[Whole, Part]]], None],
    size: int,
) -> Iterator[Whole]:
    """What ``cut`` made of each passage, after ``run`` has seen all of its parts, ``size`` parts at a time.

    Raises InputError that names the passages of the batch for whatever goes wrong in ``run``.
    """
    waiting: deque[list[Any]] = deque()

    def to_do() -> Iterator[tuple[list[Any], Part, Passage]]:
        for passage in given:
            whole, parts = cut(passage)
            job = [whole, len(parts)]
            waiting.append(job)
            yield from ((job, part, passage) for part in parts)

    for batch in batches(to_do(), size):
        try:
            run([(job[0], part) for job, part, _ in batch])
        except InputError:
            raise
        except Exception as error:
            which = " to ".join(dict.fromkeys(repr(passage.id) for _, _, passage in (batch[0], batch[-1])))
            raise InputError(f"{which}: the model failed: {type(error).__name__}: {first_line(error)}") from error
        for job, _, _ in batch:
            job[1] -= 1
        while waiting and not waiting[0][1]:
            yield waiting.popleft()[0]
    yield from (whole for whole, _ in waiting)


def by_sentences(tag: Callable[[list[str]], list[list[Span]]], size: int) -> Predict:
    """A tagger of sentences as the function that the runner calls; it is given up to ``size`` of them at a time.

    Sentences end at line breaks, too, and are given without the white space around them.
    """

    def cut(passage: Passage) -> tuple[_Answer, list[tuple[int, str]]]:
        places = [(start, passage.text[start:end]) for start, end in sentence_places(passage.text)]
        parts = [(start + len(one) - len(one.lstrip()), one.strip()) for start, one in places]
        return (passage, []), [(start, sentence) for start, sentence in parts if sentence]

    def run(batch: list[tuple[_Answer, tuple[int, str]]]) -> None:
        found = tag([sentence for _, (_, sentence) in batch])
        for ((_, spans), (start, _)), more in zip(batch, found, strict=True):
            spans += [replace(span, start=span.start + start, end=span.end + start) for span in more]

    def predict(given: Sequence[Passage]) -> Iterator[Mapping[str, Any]]:
        for passage, spans in in_batches(given, cut, run, size):
            yield span_record(passage, spans)

    return predict
