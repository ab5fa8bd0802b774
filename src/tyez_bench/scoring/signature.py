"""The signature: one line that says how a score came about, and repeats it.

``gold:tyez@1.0.0#6f98ee98237a|layer:outermost|scheme:strict|optional:ignore|…|version:1.1.0``: fields in a fixed
order, ``name:value``, values percent-encoded where they hold ``|`` or white space. It holds everything but the
predictions.
"""

import re
from urllib.parse import quote, unquote

from msgspec import Struct

from tyez_bench.gold.gold import SENTENCES
from tyez_bench.gold.label_sets import BUILT_IN, shipped
from tyez_bench.model.errors import UsageError
from tyez_bench.model.labels import LabelSet, listed, unlisted
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.settings import Settings

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
        written = ((name.replace("_", "-"), value) for name, value in said if not _left_out(name, value))
        return "|".join(f"{name}:{quote(value, safe=_PLAIN)}" for name, value in written)


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


def _left_out(name: str, value: str) -> bool:
    return value == NOTHING and name in OPTIONAL


def signature(report: Report) -> Signature:
    """The signature of a report."""
    from tyez_bench import __version__

    gold, settings = report.gold, report.settings
    version = f"@{gold.version}" if gold.version else ""
    return Signature(
        gold=f"{gold.name}{version}#{gold.fingerprint[:12]}",
        gold_reading=",".join(f"{name}={quote(value, safe=_INNER)}" for name, value in gold.reading.items()) or NOTHING,
        labelset=NOTHING if gold.labels == shipped(BUILT_IN) else f"{gold.labels.name}#{gold.labels.sha256[:12]}",
        layer=settings.layer,
        scheme="strict",
        optional=settings.optional,
        matching=settings.matching,
        min_overlap=str(float(settings.min_overlap)) if settings.min_overlap else NOTHING,
        types=listed(report.settings.types or report.types) or NOTHING,
        labels=report.labels,
        bootstrap=f"{settings.unit}/{settings.draws}/{settings.seed}",
        version=__version__,
        **{name: report.reading.get(name, NOTHING) for name in READING},
    )


def parse(text: str) -> Signature:
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


def differences(given: Signature, made: Signature) -> list[str]:
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
    found = differences(given, made)
    if found:
        raise UsageError(f"this run does not repeat the signature: {'; '.join(found)}")
