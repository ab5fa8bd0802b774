"""Every place that passes read differently, side by side."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from tyez_bench.corpus.gold import Gold
from tyez_bench.gold.agreement import ATTRIBUTES
from tyez_bench.model import Document, Entity


class Disagreement(Struct, frozen=True):
    """A stretch of a text on which passes differ, and what each of them has there.

    ``kind``: ``missing`` (some have nothing), ``type`` (the same boundaries), ``boundary``, ``attribute`` (status,
    value and the like of one span). ``readings``: the entities of each pass, in the order of the passes.
    """

    document: str
    start: int
    end: int
    kind: str
    readings: tuple[tuple[Entity, ...], ...]


def disagreements(passes: Sequence[Gold], *, attributes: bool = False) -> Iterator[Disagreement]:
    """The places of all texts in order. The passes are over the same texts.

    Spans that differ and overlap are one place. With ``attributes``, what is decided about equal spans counts, too.
    """
    for document in passes[0]:
        yield from _in_document([found[document.id] for found in passes], attributes)


def _in_document(documents: Sequence[Document], attributes: bool) -> Iterator[Disagreement]:
    said = [{(e.start, e.end, e.type): e for e in document.entities} for document in documents]
    everywhere = set(said[0]).intersection(*said[1:])
    differing = sorted({key for found in said for key in found} - everywhere, key=lambda key: (key[0], -key[1], key[2]))
    places: list[Disagreement] = []
    for group in _groups(differing):
        start, end = min(key[0] for key in group), max(key[1] for key in group)
        readings = tuple(tuple(found[key] for key in group if key in found) for found in said)
        places.append(Disagreement(documents[0].id, start, end, _kind(readings), readings))
    if attributes:
        for key in everywhere:
            entities = [found[key] for found in said]
            if any(getattr(one, name) != getattr(entities[0], name) for one in entities for name in ATTRIBUTES):
                readings = tuple((entity,) for entity in entities)
                places.append(Disagreement(documents[0].id, key[0], key[1], "attribute", readings))
    yield from sorted(places, key=lambda place: (place.start, -place.end, place.kind))


def _groups(keys: Sequence[tuple[int, int, str]]) -> Iterator[list[tuple[int, int, str]]]:
    """Runs of spans that overlap, directly or through others."""
    group: list[tuple[int, int, str]] = []
    reach = 0
    for key in keys:
        if group and key[0] >= reach:
            yield group
            group = []
        reach = max(reach, key[1]) if group else key[1]
        group.append(key)
    if group:
        yield group


def _kind(readings: Sequence[Sequence[Entity]]) -> str:
    if not all(readings):
        return "missing"
    bounds = {tuple((entity.start, entity.end) for entity in found) for found in readings}
    return "type" if len(bounds) == 1 else "boundary"
