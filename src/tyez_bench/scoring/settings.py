"""What a score depends on besides predictions: the settings and the gold; and the signature, which repeats it.

``gold:tyez@1.0.0#6f98ee98237a|layer:outermost|scheme:strict|optional:ignore|…|version:1.1.0``: fields in a fixed
order, ``name:value``, values percent-encoded where they hold ``|`` or white space. It holds everything but the
predictions.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args
from urllib.parse import quote, unquote

from msgspec import Struct, field

from tyez_bench.gold.gold import NATIVE, SENTENCES, Gold
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.errors import UsageError
from tyez_bench.model.labels import LabelSet, listed, unlisted

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

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return {
            "name": self.name,
            "version": self.version,
            "fingerprint": self.fingerprint,
            "label_set": {"name": self.labels.name, "labels": list(self.labels.names)},
            "format": self.format,
            "reading": dict(self.reading),
            "unit": self.unit,
            "out_of_scope": self.out_of_scope,
            "dropped": self.dropped,
            "changed": self.changed,
            "rejected": self.rejected,
        }


NOTHING = "-"

# What a value may hold as it is, besides letters and digits.
_PLAIN = "-_.~@#/+,*="
# The same within the reading of the gold, which has commas of its own.
_INNER = "-_.~@#/+*= |"


class Signature(Struct, frozen=True, kw_only=True):
    """The fields of a signature, in their order, as they are written.

    ``gold`` is name@version#fingerprint (12 digits), ``labelset`` set#hash, ``labels`` map#hash, ``bootstrap``
    unit/number/seed; ``types`` are those that count, ``min_overlap`` is the share that makes an overlap.
    ``gold_reading`` says how the gold was read, as ``format=conll,encoding=bio``; the fields of ``READING`` say how the
    predictions were. A dash stands for nothing, and such a field of ``OPTIONAL`` is not written.
    """

    gold: str
    gold_reading: str
    labelset: str
    layer: str
    scheme: str
    optional: str
    matching: str
    min_overlap: str
    types: str
    labels: str
    ignored: str
    overlaps: str
    align: str
    repair: str
    format: str
    encoding: str
    column: str
    token_column: str
    join: str
    trust: str
    annotator: str
    offsets: str
    fields: str
    spans: str
    bootstrap: str
    version: str

    def __str__(self) -> str:
        said = ((name, getattr(self, name)) for name in self.__struct_fields__)
        written = ((name, value) for name, value in said if value != NOTHING or name not in OPTIONAL)
        return "|".join(f"{name.replace('_', '-')}:{quote(value, safe=_PLAIN)}" for name, value in written)

    @classmethod
    def of(
        cls, gold: GoldFacts, settings: Settings, types: Sequence[str], labels: str, reading: Mapping[str, str]
    ) -> "Signature":
        """The signature of a report of these; ``types`` are those of its rows."""
        from tyez_bench import __version__

        version, own = f"@{gold.version}" if gold.version else "", gold.labels != shipped(BUILT_IN)
        told = ",".join(f"{name}={quote(value, safe=_INNER)}" for name, value in gold.reading.items())
        return cls(
            gold=f"{gold.name}{version}#{gold.fingerprint[:12]}",
            gold_reading=told or NOTHING,
            labelset=f"{gold.labels.name}#{gold.labels.sha256[:12]}" if own else NOTHING,
            layer=settings.layer,
            scheme="strict",
            optional=settings.optional,
            matching=settings.matching,
            min_overlap=str(float(settings.min_overlap)) if settings.min_overlap else NOTHING,
            types=listed(settings.types or types) or NOTHING,
            labels=labels,
            bootstrap=f"{settings.unit}/{settings.draws}/{settings.seed}",
            version=__version__,
            **{name: reading.get(name, NOTHING) for name in READING},
        )


READING = (
    "ignored",
    "overlaps",
    "align",
    "repair",
    "format",
    "encoding",
    "column",
    "token_column",
    "join",
    "trust",
    "annotator",
    "offsets",
    "fields",
    "spans",
)

# The fields that may be left out.
OPTIONAL = ("gold_reading", "labelset", "min_overlap", "labels", *READING)


def parse_signature(text: str) -> Signature:
    """Read a signature. Raises UsageError that says what is wrong with it."""
    names = Signature.__struct_fields__
    found: dict[str, str] = {}
    for part in text.strip().split("|"):
        said, colon, value = part.partition(":")
        name = said.replace("-", "_")
        if not colon or name not in names:
            raise UsageError(f"not a signature: {part!r} is not one of the fields {', '.join(names).replace('_', '-')}")
        if name in found:
            raise UsageError(f"not a signature: {said!r} occurs twice")
        found[name] = unquote(value)
    missing = [name for name in names if name not in found and name not in OPTIONAL]
    if missing:
        raise UsageError(f"not a signature: it lacks {', '.join(missing)}")
    return Signature(**{**dict.fromkeys(OPTIONAL, NOTHING), **found})


def settings_of(given: Signature, labels: LabelSet) -> Settings:
    """The settings that a signature asks for, for a gold set with these labels. Raises UsageError."""
    found = re.fullmatch("([a-z]+)/([0-9]{1,18})/([0-9]{1,18})", given.bootstrap)
    if found is None:
        raise UsageError(f"not a signature: bootstrap is {given.bootstrap!r}, expected unit/number/seed")
    try:
        min_overlap = 0.0 if given.min_overlap == NOTHING else float(given.min_overlap)
    except ValueError:
        raise UsageError(f"not a signature: min-overlap is {given.min_overlap!r}, expected a share") from None
    return Settings(
        layer=given.layer,  # type: ignore[arg-type]  # checked by Settings
        optional=given.optional,  # type: ignore[arg-type]
        matching=given.matching,  # type: ignore[arg-type]
        min_overlap=min_overlap,
        unit=found[1],  # type: ignore[arg-type]
        # Where the label map expresses all of them it is the same, said or not.
        all_types=set(labels.names) <= set(unlisted(given.types)),
        draws=int(found[2]),
        seed=int(found[3]),
    )


def reading_of_gold(given: Signature) -> dict[str, str]:
    """How the gold was read, by the names of ``Gold.reading``."""
    pairs = [] if given.gold_reading == NOTHING else given.gold_reading.split(",")
    return {name: unquote(value) for name, _, value in (pair.partition("=") for pair in pairs)}


def differing(given: Signature, made: Signature) -> list[str]:
    """Where two signatures differ: ``field: given, made``.

    Gold of one fingerprint is one, whatever it is called and however it was read, unless the sentences of one of the
    two were told by rule: the fingerprint knows nothing of these, and intervals hang on them.
    """
    passed: tuple[str, ...] = ()
    if same_gold(given, made):
        by_rule = [SENTENCES in reading_of_gold(said) for said in (given, made)]
        passed = ("gold",) if by_rule[0] != by_rule[1] else ("gold", "gold_reading")
    return [
        f"{name.replace('_', '-')}: {getattr(given, name)} there, {getattr(made, name)} here"
        for name in given.__struct_fields__
        if getattr(given, name) != getattr(made, name) and name not in passed
    ]


def same_gold(given: Signature, made: Signature) -> bool:
    """Whether both are about gold with the same fingerprint; its name and version may be others."""
    one, other = (said.gold.rpartition("#")[2] for said in (given, made))
    return one == other != ""


def check_repeats(given: Signature, made: Signature) -> None:
    """Raise UsageError with the differences unless a run repeats what a signature says."""
    found = differing(given, made)
    if found:
        raise UsageError(f"this run does not repeat the signature: {'; '.join(found)}")
