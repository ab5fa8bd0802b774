"""Agreement of annotators by the scorer's own matcher, Krippendorff's alpha, and every place read differently.

F1 is symmetric, so it does not matter which. Chance-corrected agreement over spans is not defined (nobody can
count the spans that both left unmarked); Cohen's kappa over characters stands beside it as a secondary figure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from math import nan
from typing import Any

from msgspec import Struct, structs

from tyez_bench.gold.gold import Gold, labels_of
from tyez_bench.model.documents import Document, Entity
from tyez_bench.model.errors import InputError, MissingExtraError
from tyez_bench.model.hints import public
from tyez_bench.scoring.common import together
from tyez_bench.scoring.schemes import Counts, f1
from tyez_bench.scoring.score import score_spans
from tyez_bench.scoring.scores import MICRO

# What a character in no entity is labelled as.
_NONE = "O"
ATTRIBUTES = ("status", "role", "value", "code", "alternatives", "rule")


# Why agreement can't be corrected for chance.
ONE_LABEL = "all give every character the same label, and chance would give no other"


class Share(Struct, frozen=True):
    """How many of the cases in question agree.

    Attributes:
        equal: those that do.
        cases: all.

    Example:
        >>> import tyez_bench
        >>> tyez_bench.Share(equal=3, cases=4).value
        0.75
    """

    equal: int
    cases: int

    @property
    def value(self) -> float | None:
        """The share; None without cases."""
        return self.equal / self.cases if self.cases else None


class Agreement(Struct, frozen=True):
    """Agreement of two passes, as :func:`tyez_bench.agreement` has it.

    Attributes:
        a: what the one pass is called.
        b: what the other is called.
        exact: counts per layer (outermost, all), by type and of all (micro): boundary and type equal.
        boundary: the same, boundary alone.
        kappa: Cohen's kappa over the label of each character; None where there is none.
        attributes: on spans that both have with the same boundary and type, how often an attribute is the same, among
            the cases in which at least one of the two gives one.
        overlap: counts like those of ``exact``: the type equal, and at least one character shared.
        left_out: how many documents of each pass the other does not have; they count nowhere.
        aligned: how many documents of each pass hold text that the other has in records broken in other places.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> both = tyez_bench.agreement(gold, gold)
        >>> both.exact["outermost"]["micro"].right, both.attributes["role"].value
        (166, 1.0)
    """

    a: str
    b: str
    exact: dict[str, dict[str, Counts]]
    boundary: dict[str, dict[str, Counts]]
    kappa: float | None
    attributes: dict[str, Share]
    overlap: dict[str, dict[str, Counts]] = {}
    left_out: tuple[int, int] = (0, 0)
    aligned: tuple[int, int] = (0, 0)

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
            "overlap_f1": table(self.overlap),
            "boundary_f1": table(self.boundary),
            "documents": {
                "left_out": {"a": self.left_out[0], "b": self.left_out[1]},
                "aligned": {"a": self.aligned[0], "b": self.aligned[1]},
            },
            "kappa_characters": self.kappa,
            **({} if self.kappa_reason is None else {"kappa_characters_reason": self.kappa_reason}),
            "attributes": {
                name: {"share": share.value, "equal": share.equal, "cases": share.cases}
                for name, share in self.attributes.items()
            },
        }


@public
def agreement(a: Gold, b: Gold) -> Agreement:
    """Agreement of two annotators over the documents that both have, by the scorer's own matcher.

    F1 is symmetric, so it does not matter which of them stands in the place of the gold. Kappa is Cohen's (1960),
    over the label of each character. Documents are paired by id, the rest by text, and records of one text that are
    broken in other places by their characters; what only one pass has is counted (``left_out``) and left out.

    Args:
        a: one pass, as a gold set.
        b: the other.

    Returns:
        Counts by layer and type (``exact``: boundary and type equal, ``overlap``: type equal and a character shared,
        one to one, ``boundary``: boundary alone), ``kappa``, and how often ``attributes`` are the same on spans that
        both have. ``to_dict`` gives the figures.

    Raises:
        InputError: they have no document in common, or a document has the same id and another text.

    Example:
        >>> import tyez_bench
        >>> gold = tyez_bench.load()
        >>> both = tyez_bench.agreement(gold, gold)
        >>> both.kappa, both.to_dict()["exact_f1"]["all"]["ORG"]
        (1.0, 1.0)
        >>> half = tyez_bench.Gold("half", "1", "", gold.documents[:4])
        >>> tyez_bench.agreement(gold, half).left_out
        (4, 0)
    """
    common = together([a, b])
    if any(common.left_out) and not len(common.passes[0]):
        raise InputError(f"{a.name} and {b.name} have no document in common")
    pairs = list(zip(*common.passes, strict=True))
    labels = label_order(a, b)
    exact, boundary, overlap = {}, {}, {}
    for layer in ("outermost", "all"):
        left, right = ([_spans(pair[side], layer) for pair in pairs] for side in (0, 1))
        report = score_spans(left, right, types=labels)
        exact[layer], overlap[layer], boundary[layer] = (
            {row: report.counts(row, scheme) for row in (*labels, MICRO)} for scheme in ("strict", "type", "exact")
        )
    return Agreement(
        a=a.name,
        b=b.name,
        exact=exact,
        boundary=boundary,
        kappa=kappa(character_labels([d for d, _ in pairs]), character_labels([d for _, d in pairs])),
        attributes=_attributes(pairs),
        overlap=overlap,
        left_out=(common.left_out[0], common.left_out[1]),
        aligned=(common.aligned[0], common.aligned[1]),
    )


def label_order(*sets: Gold) -> tuple[str, ...]:
    """The labels of entities of gold sets, in the order of the first set that somebody gave, else of all together."""
    given = next((found.labels for found in sets if not found.open_labels), None)
    labels = labels_of((document for found in sets for document in found), given)
    return labels.order({entity.type for found in sets for _, entity in found.entities()})


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


def labels_of_all(passes: Sequence[Gold]) -> list[list[str | None]]:
    """For each pass the label of every character of all documents; None in those that it does not have."""
    documents = {document.id: document for found in reversed(passes) for document in found}
    sizes = {id_: len(_characters(document)) for id_, document in documents.items()}
    return [
        [label for id_, size in sizes.items() for label in (_characters(found[id_]) if id_ in found else [None] * size)]
        for found in passes
    ]


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


EXTRA = "agree"


def installed() -> bool:
    """Whether the package is there."""
    return find_spec("krippendorff") is not None


def alpha(labels: Sequence[Sequence[str | None]]) -> float | None:
    """Alpha, nominal, of as many annotators as there are sequences of labels, one label a character.

    A label is None where an annotator did not read the text. The value is None when there is nothing to disagree on: no
    characters, or one label throughout. Raises MissingExtraError.
    """
    if not installed():
        raise MissingExtraError("krippendorff", EXTRA)
    import krippendorff

    names = sorted({label for found in labels for label in found if label is not None})
    if len(names) < 2:
        return None
    numbers: dict[str | None, float] = {name: number for number, name in enumerate(names)}
    numbers[None] = nan
    data = [[numbers[label] for label in found] for found in labels]
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement="nominal"))


class Disagreement(Struct, frozen=True):
    """A stretch of a text on which passes differ, and what each of them has there.

    ``kind``: ``missing`` (some have nothing), ``type`` (the same boundaries), ``boundary``, ``attribute`` (status,
    value and the like of one span). ``readings``: the entities of each pass, in the order of the passes; None of one
    that does not have the document.
    """

    document: str
    start: int
    end: int
    kind: str
    readings: tuple[tuple[Entity, ...] | None, ...]


def disagreements(passes: Sequence[Gold], *, attributes: bool = False) -> Iterator[Disagreement]:
    """The places of the texts that two passes have, or more, each by the first of them, in order.

    Spans that differ and overlap are one place. With ``attributes``, what is decided about equal spans counts, too.
    """
    common = together(passes)
    for id_ in dict.fromkeys(document.id for found in common.passes for document in found):
        having = [number for number, found in enumerate(common.passes) if id_ in found]
        for place in _in_document([common.passes[number][id_] for number in having], attributes):
            readings: list[tuple[Entity, ...] | None] = [None] * len(passes)
            for number, entities in zip(having, place.readings, strict=True):
                readings[number] = tuple(common.original(number, id_, entity) for entity in entities or ())
            own, start = common.at_home(id_, place.start)
            end = start + common.size(id_, place.start, place.end)
            yield structs.replace(place, document=own, start=start, end=end, readings=tuple(readings))


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
