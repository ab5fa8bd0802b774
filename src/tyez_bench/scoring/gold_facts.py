"""Which gold set a report is about, and how it was read."""

from msgspec import Struct, field

from tyez_bench.corpus.gold import NATIVE, Gold
from tyez_bench.corpus.label_sets import BUILT_IN, shipped
from tyez_bench.labels import LabelSet


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
