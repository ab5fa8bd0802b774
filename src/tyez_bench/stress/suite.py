"""The suite: capabilities with their cases and the page's sentences changed, as a gold set, and as rows of the dataset.

A sentence of the page is changed in ways that keep its labels: an invariance with the sentence itself as before.
"""

import random
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib.resources import as_file, files
from typing import Any

from msgspec import Struct, structs

from tyez_bench.gold.derived import fingerprint, with_sentences
from tyez_bench.gold.gold import Gold, load
from tyez_bench.io.export.columns import STRESS
from tyez_bench.io.export.rows import Row, Unit, depths_of, entity_row, units
from tyez_bench.model.documents import Document
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.settings import DRAWS
from tyez_bench.scoring.settings import SEED as SEED_OF_DRAWS
from tyez_bench.stress.capability import Capability, CaseKind, read_capability, without_marks
from tyez_bench.stress.cases import Edit, StressCase, all_texts, carried, cases
from tyez_bench.stress.transformations import TRANSFORMATIONS, Transformation
from tyez_bench.stress.transformations.base import table

NAME = "tyez-stress"
# What the ids of the page's sentences begin with.
PREFIX = "page/"
# The seed of the published suite; --seed makes fresh cases from the same templates.
SEED = 20220809
PER_CAPABILITY = 175

# The capabilities in the order of the tables; a file each.
CAPABILITIES: tuple[str, ...] = tuple(table("suite")["capabilities"])


class Suite(Struct, frozen=True, dict=True):
    """The cases of a seed, those of a capability or transformation one after the other."""

    seed: int
    cases: tuple[StressCase, ...]

    @cached_property
    def gold(self) -> Gold:
        """The texts as a gold set; its fingerprint is that of any other."""
        documents = tuple(all_texts(self.cases))
        from tyez_bench import __version__

        # The seed stands where signatures show it.
        return Gold(NAME, f"{__version__}+{self.seed}", fingerprint(documents), documents)

    @property
    def origins(self) -> dict[str, str]:
        """By the id of a text that is made from a document of the page, or is from it, the id of that one."""
        return {text.id: case.source for case in self.cases if case.source is not None for text in case.texts}

    @property
    def capabilities(self) -> list[str]:
        """The names of the capabilities and transformations, in their order."""
        return list(dict.fromkeys(case.capability for case in self.cases))


def read_all() -> Iterator[Capability]:
    """The capabilities of the package."""
    for name in CAPABILITIES:
        with as_file(files("tyez_bench.stress") / "capabilities" / f"{name}.toml") as path:
            yield read_capability(path)


def suite(seed: int = SEED, page: Gold | None = None) -> Suite:
    """The suite of a seed (the published one by default): made from templates, and from the sentences of the page."""
    return _suite(seed, load() if page is None else page)


@lru_cache(4)
def _suite(seed: int, page: Gold) -> Suite:
    made = [case for capability in read_all() for case in cases(capability, PER_CAPABILITY, seed)]
    return Suite(seed, (*made, *transformed(page, seed)))


def signature_of(report: Report) -> str:
    """The signature of a report on the suite: version, seed and fingerprint of the suite, intervals by template."""
    return str(structs.replace(report.signature, bootstrap=f"template/{DRAWS}/{SEED_OF_DRAWS}"))


def transformed(gold: Gold, seed: int) -> Iterator[StressCase]:
    """Every transformation of every sentence that it changes and in which a span must be found.

    A sentence without one would be passed by whoever predicts nothing. Raises ValueError for an edit that cuts an
    entity.
    """
    pages = [
        (document.id, page_sentence(unit)) for document in gold for unit in units(document) if unit.flat(required=True)
    ]
    for name, transformation in TRANSFORMATIONS.items():
        for origin, source in pages:
            sentence = source.id.removeprefix(PREFIX)
            # Only random() is promised to be the same in every version of Python.
            chance = random.Random(f"{seed}/{name}/{sentence}")
            for number, edits in enumerate(_different(transformation.edits(source, chance)), 1):
                case = _case(name, transformation, source, edits, f"{name}/{sentence}.{number}")
                yield structs.replace(case, source=origin)


def page_sentence(unit: Unit) -> Document:
    """A sentence of the page as a document of its own, with the date of the page."""
    document = unit.document
    own = [
        structs.replace(
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
    bare = with_sentences(Document(id=f"{PREFIX}{unit.sentence.id}", text=unit.text, date=document.date))
    return structs.replace(bare, entities=tuple(own))


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
            entity if entity.text == old.text else structs.replace(entity, code=None)
            for entity, old in zip(document.entities, source.entities, strict=True)
        )
        document = structs.replace(document, entities=entities)
    return StressCase(
        id=id_,
        capability=name,
        template=source.id.removeprefix(PREFIX),
        kind=CaseKind.INVARIANCE,
        change=transformation.change,
        texts=(source, with_sentences(document)),
        changes=changes,
    )


def names(documents: Iterable[Document]) -> frozenset[tuple[str, str]]:
    """The surfaces of entities with their types, of all layers."""
    return frozenset((entity.text, entity.type) for document in documents for entity in document.entities)


def stress_rows(made: Suite, page: Gold) -> Iterator[Row]:
    """The texts in the order of the suite, each once: a sentence of the page before the first text made from it."""
    known = names(page)
    given: set[str] = set()
    for case in made.cases:
        before = None
        for text in case.texts:
            if text.id not in given:
                given.add(text.id)
                row = _text_row(text, known)
                yield row | (_facts_of_page(text) if text.id.startswith(PREFIX) else _facts(case, before))
            before = text.id


def _text_row(text: Document, known: frozenset[tuple[str, str]]) -> Row:
    depths = depths_of(text)
    entities = []
    for entity in text.entities:
        row = entity_row(text, entity, depths[entity.id])
        kept = {name: value for name, value in row.items() if not name.startswith("page_")}
        entities.append({**kept, "on_page": (entity.text, entity.type) in known})
    blank: dict[str, Any] = dict.fromkeys(STRESS)
    return blank | {
        "id": text.id,
        "text": text.text,
        "reference": text.date and text.date.reference,
        "entities": entities,
        "fills": [],
        "offset_map": [],
    }


def _facts_of_page(text: Document) -> Row:
    sentence = text.id.removeprefix(PREFIX)
    return {"capability": PREFIX.removesuffix("/"), "template": sentence, "source_sentence": sentence}


def _facts(case: StressCase, before: str | None) -> Row:
    return {
        "case": case.id,
        "capability": case.capability,
        "template": case.template,
        "kind": str(case.kind),
        "change": case.change if before else None,
        "before": before,
        "fills": [{"slot": slot, "value": without_marks(value)} for slot, value in case.fills.items()],
        "source_sentence": case.template if case.transformed else None,
        "offset_map": [change._asdict() for change in case.changes],
    }
