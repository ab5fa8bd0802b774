"""The segmentation ceiling: the share of gold entities that words can hold.

A tagger that gives tags to words finds an entity only where both of its edges are edges of words: the share of such
entities is the highest strict recall that it can reach. Sentences are cut one at a time.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tyez_bench.corpus.gold import Gold
from tyez_bench.errors import UsageError
from tyez_bench.model import Document, Entity
from tyez_bench.views.rows import units, words_of
from tyez_bench.views.words import Segmenter, snap

LAYERS = ("outermost", "nested", "all")


@dataclass(frozen=True)
class Ceiling:
    """What one segmenter's words can hold of the required entities, by type."""

    segmenter: str
    words: int
    gold: Counter[str]
    held: Counter[str]
    cut: tuple[tuple[Document, Entity], ...]
    """The entities that it cuts, with their documents."""
    labels: tuple[str, ...] = ()
    """The labels of the gold, in order."""

    def share(self, label: str | None = None) -> float | None:
        """The highest recall for a type, or for all; None where the gold has none."""
        gold, held = (counts.total() if label is None else counts[label] for counts in (self.gold, self.held))
        return held / gold if gold else None


def ceilings(gold: Gold, segmenters: Mapping[str, Segmenter], *, layer: str = "outermost") -> list[Ceiling]:
    """The ceiling of each segmenter over the required entities of a layer. Raises UsageError for another layer."""
    if layer not in LAYERS:
        raise UsageError(f"unknown layer {layer!r}, expected one of: {', '.join(LAYERS)}")
    return [_ceiling(gold, name, segment, layer) for name, segment in segmenters.items()]


def _ceiling(gold: Gold, name: str, segment: Segmenter, layer: str) -> Ceiling:
    total = 0
    wanted: Counter[str] = Counter()
    cut: list[tuple[Document, Entity]] = []
    for document in gold:
        for unit in units(document):
            words = words_of(unit, segment)
            total += len(words)
            entities = [e for e in unit.entities if e.required and layer in ("all", _layer(e))]
            wanted.update(entity.type for entity in entities)
            _, moved = snap([(unit.bounds(e), e) for e in entities], words, "drop")
            cut.extend((document, entity) for entity, _, _ in moved)
    held = wanted - Counter(entity.type for _, entity in cut)
    return Ceiling(name, total, wanted, held, tuple(cut), gold.labels.order(wanted))


def _layer(entity: Entity) -> str:
    return "outermost" if entity.outermost else "nested"
