"""Sentences.

The rule: a sentence ends behind 。！？ (half-width !? too) and the closing quotes or brackets that follow, or at
the end of its section. Commas, semicolons, colons and …… don't end one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from msgspec import structs

from tyez_bench.model.documents import Document, Sentence

_END = re.compile(r"[。！？!?]+[”’』」）)》】]*")


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of the section ``start``–``end`` as half-open offsets into ``text``.

    Together they cover the section: nothing is left out between them.
    """
    begin = start
    for match in _END.finditer(text, start, end):
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def with_sentences(document: Document) -> Document:
    """The document with the sentences of our rule; two that an entity crosses are one."""
    bounds: list[tuple[int, int]] = []
    edges = [edge for part in _sections(document) for edge in split_sentences(document.text, *part)]
    starts = [entity.start for entity in document.entities]
    # How far the entities reach that begin at one place or before it.
    reach = list(accumulate((entity.end for entity in document.entities), max))
    for start, end in edges:
        before = bisect_left(starts, start)
        if before and reach[before - 1] > start:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    sentences = tuple(
        Sentence(id=f"{document.id}.s{number}", start=start, end=end) for number, (start, end) in enumerate(bounds, 1)
    )
    return structs.replace(document, sentences=sentences)


def _sections(document: Document) -> Iterator[tuple[int, int]]:
    """The lines of the text that have anything in them."""
    start = 0
    for line in document.text.split("\n"):
        if line:
            yield start, start + len(line)
        start += len(line) + 1
