"""What lies outside of all spans of a sentence: characters, and places between two of them."""

from tyez_bench.model import Document

Bounds = tuple[int, int]


def spans(document: Document) -> list[Bounds]:
    """The bounds of all entities, optional and nested ones too, and of their alternatives."""
    return [bounds for entity in document.entities for bounds in ((entity.start, entity.end), *entity.alternatives)]


def characters(document: Document, *, apart: int = 0) -> list[int]:
    """Offsets of characters in no span, and with more than ``apart`` others between them and any span."""
    taken = spans(document)
    return [
        at for at in range(len(document.text)) if not any(start - apart <= at < end + apart for start, end in taken)
    ]


def places(document: Document) -> list[int]:
    """Offsets at which something can be put in without being inside of a span; the edges of spans are among them."""
    taken = spans(document)
    return [at for at in range(len(document.text) + 1) if not any(start < at < end for start, end in taken)]


def edges(document: Document) -> list[int]:
    """The places right at an edge of a span."""
    at_edge = {at for bounds in spans(document) for at in bounds}
    return [at for at in places(document) if at in at_edge]
