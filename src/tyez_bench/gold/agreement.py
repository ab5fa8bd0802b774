"""Agreement of two annotators, by the scorer's own matcher: one of them in a system's place.

F1 is symmetric, so it does not matter which. Chance-corrected agreement over spans is not defined (nobody can
count the spans that both left unmarked); Cohen's kappa over characters stands beside it as a secondary figure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from tyez_bench.corpus.gold import Gold, labels_of
from tyez_bench.errors import InputError
from tyez_bench.hints import public
from tyez_bench.model import Document
from tyez_bench.scoring.measures import f1
from tyez_bench.scoring.report import MICRO
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.score import score_spans

# What a character in no entity is labelled as.
_NONE = "O"
ATTRIBUTES = ("status", "role", "value", "code", "alternatives", "rule")


# Why agreement can't be corrected for chance.
ONE_LABEL = "all give every character the same label, and chance would give no other"


class Share(Struct, frozen=True):
    """How many of the cases in question agree."""

    equal: int
    cases: int

    @property
    def value(self) -> float | None:
        """The share; None without cases."""
        return self.equal / self.cases if self.cases else None


class Agreement(Struct, frozen=True):
    """Agreement of passes ``a`` and ``b``.

    ``exact`` and ``boundary`` hold counts per layer (outermost, all), by type and of all (micro): boundary and type
    equal, boundary alone. ``attributes``: on spans that both have with the same boundary and type, how often an
    attribute is the same, among the cases in which at least one of the two gives one.
    """

    a: str
    b: str
    exact: dict[str, dict[str, Counts]]
    boundary: dict[str, dict[str, Counts]]
    kappa: float | None
    attributes: dict[str, Share]

    @property
    def kappa_reason(self) -> str | None:
        """Why there is no kappa, in words; None where there is one."""
        return ONE_LABEL if self.kappa is None else None

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data, for JSON."""

        def table(layers: dict[str, dict[str, Counts]]) -> dict[str, dict[str, float | None]]:
            return {layer: {name: f1(counts) for name, counts in rows.items()} for layer, rows in layers.items()}

        return {
            "a": self.a,
            "b": self.b,
            "exact_f1": table(self.exact),
            "boundary_f1": table(self.boundary),
            "kappa_characters": self.kappa,
            **({} if self.kappa_reason is None else {"kappa_characters_reason": self.kappa_reason}),
            "attributes": {
                name: {"share": share.value, "equal": share.equal, "cases": share.cases}
                for name, share in self.attributes.items()
            },
        }


@public
def agreement(a: Gold, b: Gold) -> Agreement:
    """Agreement of two annotators over the same documents, by the scorer's own matcher.

    F1 is symmetric, so it does not matter which of them stands in the place of the gold. Kappa is Cohen's (1960),
    over the label of each character.

    Args:
        a: one pass, as a gold set.
        b: the other.

    Returns:
        Counts by layer and type (``exact``: boundary and type equal, ``boundary``: boundary alone), ``kappa``, and
        how often ``attributes`` are the same on spans that both have. ``to_dict`` gives the figures.

    Raises:
        InputError: the documents differ.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> both = tyez_bench.agreement(gold, gold)
        >>> both.kappa, both.to_dict()["exact_f1"]["all"]["ORG"]
        (1.0, 1.0)
    """
    pairs = _pair(a, b)
    labels = label_order(a, b)
    exact, boundary = {}, {}
    for layer in ("outermost", "all"):
        left, right = ([_spans(pair[side], layer) for pair in pairs] for side in (0, 1))
        report = score_spans(left, right, types=labels)
        exact[layer], boundary[layer] = (
            {row: report.counts(row, scheme) for row in (*labels, MICRO)} for scheme in ("strict", "exact")
        )
    return Agreement(
        a=a.name,
        b=b.name,
        exact=exact,
        boundary=boundary,
        kappa=kappa(character_labels([d for d, _ in pairs]), character_labels([d for _, d in pairs])),
        attributes=_attributes(pairs),
    )


def label_order(*sets: Gold) -> tuple[str, ...]:
    """The labels of entities of gold sets, in the order of the first set that somebody gave, else of all together."""
    given = next((found.labels for found in sets if not found.open_labels), None)
    labels = labels_of((document for found in sets for document in found), given)
    return labels.order({entity.type for found in sets for _, entity in found.entities()})


def _pair(a: Gold, b: Gold) -> list[tuple[Document, Document]]:
    for one, other in ((a, b), (b, a)):
        for document in one:
            if document.id not in other:
                called = one.places.get(document.id, repr(document.id))
                raise InputError(f"{other.name}: lacks the document {called} of {one.name}")
            if other[document.id].text != document.text:
                raise InputError(f"{other.name}: the text of {document.id!r} differs from that of {one.name}")
    return [(document, b[document.id]) for document in a]


def _spans(document: Document, layer: str) -> list[tuple[int, int, str]]:
    entities = document.outermost() if layer == "outermost" else document.entities
    return [(entity.start, entity.end, entity.type) for entity in entities]


def _characters(document: Document) -> list[str]:
    """The type of the outermost entity at each character, or O; of several the types, joined by +.

    Line feeds between sections are left out.
    """
    labels = [_NONE] * len(document.text)
    for entity in document.outermost():
        for at in range(entity.start, entity.end):
            labels[at] = entity.type if labels[at] is _NONE else f"{labels[at]}+{entity.type}"
    return [label for label, character in zip(labels, document.text, strict=True) if character != "\n"]


def character_labels(documents: Iterable[Document]) -> list[str]:
    """The label of every character of these documents: the outermost entity's type, or O."""
    return [label for document in documents for label in _characters(document)]


def kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Cohen's kappa (1960): (observed − expected agreement) / (1 − expected).

    None when expected agreement is 1 (both gave one and the same label throughout) or there is nothing to compare.
    """
    total = len(one)
    if total == 0:
        return None
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / total
    first, second = Counter(one), Counter(other)
    expected = sum(first[label] * second[label] for label in first) / total**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _attributes(pairs: list[tuple[Document, Document]]) -> dict[str, Share]:
    equal: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for one, other in pairs:
        found = {(e.start, e.end, e.type): e for e in other.entities}
        for entity in one.entities:
            partner = found.get((entity.start, entity.end, entity.type))
            if partner is None:
                continue
            for name in ATTRIBUTES:
                said = getattr(entity, name), getattr(partner, name)
                if any(said):
                    cases[name] += 1
                    equal[name] += said[0] == said[1]
    return {name: Share(equal[name], cases[name]) for name in ATTRIBUTES}
