"""The suite as rows of the dataset's config ``stress``: one a text."""

from collections.abc import Iterable, Iterator
from typing import Any

from tyez_bench.gold.gold import Gold
from tyez_bench.io.export.columns import STRESS
from tyez_bench.io.export.rows import Row, depths_of, entity_row
from tyez_bench.model.documents import Document
from tyez_bench.stress.capability import without_marks
from tyez_bench.stress.cases import StressCase
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.transformed import PREFIX

Name = tuple[str, str]


def names(documents: Iterable[Document]) -> frozenset[Name]:
    """The surfaces of entities with their types, of all layers."""
    return frozenset((entity.text, entity.type) for document in documents for entity in document.entities)


def stress_rows(suite: Suite, page: Gold) -> Iterator[Row]:
    """The texts in the order of the suite, each once: a sentence of the page before the first text made from it."""
    known = names(page)
    given: set[str] = set()
    for case in suite.cases:
        before = None
        for text in case.texts:
            if text.id not in given:
                given.add(text.id)
                row = _row(text, known)
                yield row | (_page(text) if text.id.startswith(PREFIX) else _facts(case, before))
            before = text.id


def _row(text: Document, known: frozenset[Name]) -> Row:
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


def _page(text: Document) -> Row:
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
