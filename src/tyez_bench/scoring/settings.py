"""What a score depends on besides predictions: the settings, all of them in the signature, and the gold."""

from typing import Literal, get_args

from msgspec import Struct, field

from tyez_bench.gold.gold import NATIVE, Gold
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import UsageError
from tyez_bench.model.labels import LabelSet

Layer = Literal["outermost", "nested", "all"]
Optional = Literal["ignore", "require", "drop"]
MatchingRule = Literal["position", "set", "multiset"]
Unit = Literal["sentence", "document", "name"]

LAYERS: tuple[Layer, ...] = get_args(Layer)
OPTIONAL_RULES: tuple[Optional, ...] = get_args(Optional)
MATCHING_RULES: tuple[MatchingRule, ...] = get_args(MatchingRule)
UNITS: tuple[Unit, ...] = get_args(Unit)

DRAWS = 1000
# So many take a second or two, and the edges of an interval no longer move in the third digit.
MOST_DRAWS = 1_000_000
SEED = 20220809


class Settings(Struct, frozen=True, kw_only=True):
    """How gold and predictions are compared, and how intervals are drawn. All of it is in the signature.

    The rules are defined in ``docs/scoring.md``. Raises UsageError for unknown values.

    Attributes:
        layer: which entities of the gold count: ``outermost``, ``nested`` or ``all``.
        optional: what becomes of optional gold spans: ``ignore`` (neither right nor wrong), ``require`` or ``drop``.
        matching: by ``position``, or by text and type alone, as a ``set`` or a ``multiset``.
        min_overlap: the share of a gold span's characters, from 0 to 1, that a prediction must have to overlap it; at
            0, one character.
        types: the types that count; None for the labels of the gold that the system's label map can express.
        all_types: with those that it can't express, too: what the gold has of them counts as false negatives.
        unit: what the bootstrap draws: ``sentence``, ``document`` or ``name``.
        draws: how many times.
        seed: the seed of the draws: the same seed gives the same intervals.

    Example:
        >>> import tyez_bench
        >>> gold, predicted = [[(0, 9, "ORG"), (0, 2, "PLACE")]], [[(0, 9, "ORG")]]
        >>> tyez_bench.score_spans(gold, predicted, settings=tyez_bench.Settings(types=("ORG",))).f1
        1.0
    """

    layer: Layer = "outermost"
    optional: Optional = "ignore"
    matching: MatchingRule = "position"
    min_overlap: float = 0.0
    types: tuple[str, ...] | None = None
    all_types: bool = False
    unit: Unit = "sentence"
    draws: int = DRAWS
    seed: int = SEED

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("layer", self.layer, LAYERS),
            ("optional", self.optional, OPTIONAL_RULES),
            ("matching", self.matching, MATCHING_RULES),
            ("unit", self.unit, UNITS),
        ):
            if value not in allowed:
                raise UsageError(f"{name} {value!r} is not one of {', '.join(allowed)}")
        if not 0 <= self.min_overlap <= 1:
            raise UsageError(f"min_overlap {self.min_overlap} is not a share between 0 and 1")
        if self.min_overlap and self.matching != "position":
            raise UsageError(f"min_overlap has no meaning with matching {self.matching}, which disregards positions")
        if self.draws < 1 or self.seed < 0:
            raise UsageError(f"expected at least one draw and a seed from 0, got {self.draws} and {self.seed}")
        if self.draws > MOST_DRAWS:
            raise UsageError(
                f"{self.draws} draws are too many, expected {MOST_DRAWS} at most: more draws make no interval narrower"
            )

    def counts(self, label: str) -> bool:
        """Whether a label is among the types that count."""
        return self.types is None or label in self.types


class Wanted(Struct, frozen=True):
    """The gold of a document as a setting has it.

    ``gold`` must be found; ``optional`` is neither right nor wrong; ``others`` are outside the counted layer, and an
    exact hit on one is ignored.
    """

    gold: tuple[Entity, ...]
    optional: tuple[Entity, ...]
    others: tuple[Entity, ...]


def wanted(document: Document, settings: Settings) -> Wanted:
    """What counts in a document."""
    counted = [e for e in document.entities if settings.counts(e.type)]
    if settings.layer != "all":
        counted = [e for e in counted if e.outermost == (settings.layer == "outermost")]
    others = [e for e in document.entities if e.outermost] if settings.layer == "nested" else []
    required = tuple(e for e in counted if e.required or settings.optional == "require")
    optional = tuple(e for e in counted if not e.required) if settings.optional == "ignore" else ()
    return Wanted(required, optional, tuple(others))


class GoldFacts(Struct, frozen=True):
    """Which gold: name, version (None for one's own), fingerprint, label set, and how its file was read.

    ``reading`` is as the report's own, ``format`` that of the file, ``out_of_scope``, ``dropped`` and ``rejected``
    what was left out of it, ``changed`` what was read otherwise than it stands there. ``absent`` are labels of a set
    that nobody named which the file has none of. ``places`` says where the documents are whose ids are made up.
    """

    name: str
    version: str | None
    fingerprint: str
    labels: LabelSet = shipped(BUILT_IN)
    reading: dict[str, str] = field(default_factory=dict)
    unit: str = "sentence"
    format: str = NATIVE
    out_of_scope: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    rejected: int = 0
    changed: dict[str, int] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, gold: Gold) -> "GoldFacts":
        """The facts of a gold set."""
        there = gold.present or gold.labels.names  # Without any entity nothing is told of its labels.
        return cls(
            gold.name,
            gold.version,
            gold.fingerprint,
            gold.labels,
            dict(gold.reading),
            gold.unit,
            gold.format,
            dict(gold.out_of_scope),
            gold.dropped,
            gold.rejected,
            dict(gold.changed),
            tuple(label for label in gold.labels.names if gold.open_labels and label not in there),
            dict(gold.places),
        )
