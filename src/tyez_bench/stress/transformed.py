"""The page's own sentences, changed in ways that keep their labels: invariance with the sentence itself as before."""

import random
from collections.abc import Iterable, Iterator

import msgspec

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.rows import Unit, units
from tyez_bench.model.documents import Document
from tyez_bench.stress.capability import CaseKind
from tyez_bench.stress.cases import Edit, StressCase, carried, in_sentences
from tyez_bench.stress.transformations import TRANSFORMATIONS, Transformation


def transformed(gold: Gold, seed: int) -> Iterator[StressCase]:
    """Every transformation of every sentence that it changes and in which a span must be found.

    A sentence without one would be passed by whoever predicts nothing. Raises ValueError for an edit that cuts an
    entity.
    """
    pages = [(document.id, page(unit)) for document in gold for unit in units(document) if unit.flat(required=True)]
    for name, transformation in TRANSFORMATIONS.items():
        for origin, source in pages:
            sentence = source.id.removeprefix(PREFIX)
            # Only random() is promised to be the same in every version of Python.
            chance = random.Random(f"{seed}/{name}/{sentence}")
            for number, edits in enumerate(_different(transformation.edits(source, chance)), 1):
                case = _case(name, transformation, source, edits, f"{name}/{sentence}.{number}")
                yield msgspec.structs.replace(case, source=origin)


PREFIX = "page/"


def page(unit: Unit) -> Document:
    """A sentence of the page as a document of its own, with the date of the page."""
    document = unit.document
    own = [
        msgspec.structs.replace(
            entity,
            id=f"{PREFIX}{unit.sentence.id}:{start}-{end}",
            start=start,
            end=end,
            alternatives=tuple((a - unit.sentence.start, b - unit.sentence.start) for a, b in entity.alternatives),
            parent=entity.parent and _shifted(entity.parent, unit),
        )
        for entity in unit.entities
        for start, end in [unit.bounds(entity)]
    ]
    bare = in_sentences(Document(id=f"{PREFIX}{unit.sentence.id}", text=unit.text, date=document.date))
    return msgspec.structs.replace(bare, entities=tuple(own))


def _shifted(parent: str, unit: Unit) -> str:
    outer = next(entity for entity in unit.entities if entity.id == parent)
    start, end = unit.bounds(outer)
    return f"{PREFIX}{unit.sentence.id}:{start}-{end}"


def _different(found: Iterable[tuple[Edit, ...]]) -> Iterator[tuple[Edit, ...]]:
    """The edits that change something, each once."""
    given: set[frozenset[Edit]] = set()
    for edits in found:
        if edits and frozenset(edits) not in given:
            given.add(frozenset(edits))
            yield edits


def _case(name: str, transformation: Transformation, source: Document, edits: tuple[Edit, ...], id_: str) -> StressCase:
    document, changes = carried(source, edits, id_)
    if transformation.renames:
        # Another area has another code.
        entities = tuple(
            entity if entity.text == old.text else msgspec.structs.replace(entity, code=None)
            for entity, old in zip(document.entities, source.entities, strict=True)
        )
        document = msgspec.structs.replace(document, entities=entities)
    return StressCase(
        id=id_,
        capability=name,
        template=source.id.removeprefix(PREFIX),
        kind=CaseKind.INVARIANCE,
        change=transformation.change,
        texts=(source, in_sentences(document)),
        changes=changes,
    )
