"""What is in a gold set, in numbers; and what words can hold of it.

A tagger that gives tags to words finds an entity only where both of its edges are edges of words: the share of such
entities is the highest strict recall that it can reach. Sentences are cut one at a time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.rows import depths_of, units, words_of
from tyez_bench.io.export.words import Segmenter, snap
from tyez_bench.model.documents import Document, Entity, Role
from tyez_bench.model.errors import UsageError
from tyez_bench.model.values import Money, Timex

Kind = tuple[str, bool, bool]
"""Type, outermost, required."""

LAYERS: tuple[tuple[str, bool, bool], ...] = (
    ("outermost, required", True, True),
    ("outermost, optional", True, False),
    ("nested, required", False, True),
    ("nested, optional", False, False),
)


class CountedName(NamedTuple):
    """A surface with its type, and how often the required outermost layer has it."""

    type: str
    text: str
    times: int


class Length(NamedTuple):
    """Lengths in characters of the required outermost entities of a type."""

    shortest: int
    median: float
    longest: int
    mean: float


class DocumentCounts(NamedTuple):
    """A document in numbers: characters without line feeds, required outermost entities by type, and the others."""

    id: str
    characters: int
    sentences: int
    required: dict[str, int]
    optional: int
    nested: int


@dataclass(frozen=True)
class Statistics:
    """A gold set in numbers. Characters are counted without the line feeds that join sections."""

    gold: Gold
    sentences: int
    characters: int
    by_kind: Counter[Kind]
    by_document: tuple[DocumentCounts, ...]
    names: tuple[CountedName, ...]
    sizes: dict[str, Counter[int]]
    """How many required outermost entities of a type have how many characters."""
    depths: Counter[int]
    attributes: dict[str, int]
    """How many entities have an alternative, a role, a code, a value of each kind, a modifier, a range."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that there are, in the order of the gold's set."""
        return labels_in(self.gold)

    @property
    def entities(self) -> int:
        """All of them, of all layers."""
        return self.by_kind.total()

    def count(self, label: str | None = None, outermost: bool | None = None, required: bool | None = None) -> int:
        """Entities of a type, layer and status; None stands for any."""
        asked = (label, outermost, required)
        return sum(
            times
            for kind, times in self.by_kind.items()
            if all(want is None or want == has for want, has in zip(asked, kind, strict=True))
        )

    @property
    def lengths(self) -> dict[str, Length]:
        """Shortest, median, longest and mean, of the types that there are."""
        return {label: _length(sizes) for label, sizes in self.sizes.items() if sizes}

    def to_dict(self) -> dict[str, Any]:
        """All numbers as plain data, for JSON."""
        return {
            "name": self.gold.name,
            "version": self.gold.version,
            "fingerprint": self.gold.fingerprint,
            "documents": len(self.gold),
            "sentences": self.sentences,
            "characters": self.characters,
            "entities": {
                label: {name: self.by_kind[label, outermost, required] for name, outermost, required in LAYERS}
                for label in self.labels
            },
            "by_document": [row._asdict() for row in self.by_document],
            "depths": {str(depth): times for depth, times in sorted(self.depths.items())},
            "lengths": {label: length._asdict() for label, length in self.lengths.items()},
            "attributes": self.attributes,
            "names": [name._asdict() for name in self.names],
        }


def labels_in(gold: Gold) -> tuple[str, ...]:
    """The labels that the entities of a gold set have, in the order of its label set."""
    return gold.labels.order({entity.type for _, entity in gold.entities()})


def statistics(gold: Gold) -> Statistics:
    """Count. Names are ordered by how often they occur, then by their first place."""
    entities = [entity for _, entity in gold.entities()]
    flat = [entity for entity in entities if entity.outermost and entity.required]
    labels = labels_in(gold)
    names = Counter((entity.type, entity.text) for entity in flat)
    return Statistics(
        gold=gold,
        sentences=sum(1 for document in gold for _ in units(document)),
        characters=sum(_characters(document) for document in gold),
        by_kind=Counter((e.type, e.outermost, e.required) for e in entities),
        by_document=tuple(_document(document, labels) for document in gold),
        names=tuple(CountedName(type_, text, times) for (type_, text), times in names.most_common()),
        sizes={label: Counter(e.end - e.start for e in flat if e.type == label) for label in labels},
        depths=Counter(depth for document in gold for depth in depths_of(document).values()),
        attributes=_attributes(entities),
    )


def _characters(document: Document) -> int:
    return len(document.text) - document.text.count("\n")


def _document(document: Document, labels: Sequence[str]) -> DocumentCounts:
    flat = [entity for entity in document.entities if entity.outermost]
    required = Counter(entity.type for entity in flat if entity.required)
    return DocumentCounts(
        id=document.id,
        characters=_characters(document),
        sentences=sum(1 for _ in units(document)),
        required={label: required[label] for label in labels},
        optional=sum(not entity.required for entity in flat),
        nested=len(document.entities) - len(flat),
    )


def _length(sizes: Counter[int]) -> Length:
    every = list(sizes.elements())
    return Length(min(every), median(every), max(every), round(sum(every) / len(every), 2))


def _attributes(entities: Sequence[Entity]) -> dict[str, int]:
    values = [entity.value for entity in entities if entity.value is not None]
    return {
        "alternative boundary": sum(bool(entity.alternatives) for entity in entities),
        "role location": sum(entity.role is Role.LOCATION for entity in entities),
        "role actor": sum(entity.role is Role.ACTOR for entity in entities),
        "area code": sum(entity.code is not None for entity in entities),
        "money value": sum(isinstance(value, Money) for value in values),
        **{
            f"time value {type_}": times
            for type_, times in sorted(Counter(v.type.value for v in values if isinstance(v, Timex)).items())
        },
        "value with modifier": sum(value.modifier is not None for value in values),
        "value that is a range": sum(value.lower is not None for value in values),
    }


CEILING_LAYERS = ("outermost", "nested", "all")


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
    if layer not in CEILING_LAYERS:
        raise UsageError(f"unknown layer {layer!r}, expected one of: {', '.join(CEILING_LAYERS)}")
    return [_ceiling(gold, name, segment, layer) for name, segment in segmenters.items()]


def _ceiling(gold: Gold, name: str, segment: Segmenter, layer: str) -> Ceiling:
    total = 0
    wanted: Counter[str] = Counter()
    cut: list[tuple[Document, Entity]] = []
    for document in gold:
        for unit in units(document):
            words = words_of(unit, segment)
            total += len(words)
            entities = [e for e in unit.entities if e.required and layer in ("all", CEILING_LAYERS[not e.outermost])]
            wanted.update(entity.type for entity in entities)
            _, moved = snap([(unit.bounds(e), e) for e in entities], words, "drop")
            cut.extend((document, entity) for entity, _, _ in moved)
    held = wanted - Counter(entity.type for _, entity in cut)
    return Ceiling(name, total, wanted, held, tuple(cut), gold.labels.order(wanted))
