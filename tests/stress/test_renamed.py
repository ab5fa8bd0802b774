"""Names of the page against others in their place, by hand."""

import pytest

from tyez_bench.gold.derived import with_entities
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction
from tyez_bench.stress.capability import CaseKind
from tyez_bench.stress.cases import Edit, StressCase, carried
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.transformations import TRANSFORMATIONS, Transformation
from tyez_bench.stress.verdicts import renamed


def source(sentence: str, text: str, *spans: tuple[int, int]) -> Document:
    entities = [Entity(id=f"{start}", start=start, end=end, text=text[start:end], type="PLACE") for start, end in spans]
    return with_entities(Document(id=f"page/{sentence}", text=text), entities)


def case(document: Document, new: str, start: int, number: int) -> StressCase:
    after, changes = carried(document, (Edit(start, start + 2, new),), f"swap/{document.id[5:]}.{number}")
    return StressCase(
        id=after.id,
        capability="swap",
        template=document.id[5:],
        kind=CaseKind.INVARIANCE,
        texts=(document, after),
        source="d",
        changes=changes,
    )


@pytest.fixture
def swapped(monkeypatch: pytest.MonkeyPatch) -> Suite:
    """太原 becomes another city in two sentences; 无锡 stays."""
    swap = Transformation(title="t", about="a", change="c", edits=lambda document, chance: iter(()), renames=True)
    monkeypatch.setitem(TRANSFORMATIONS, "swap", swap)
    one = source("s01", "在太原和无锡。", (1, 3), (4, 6))
    two = source("s02", "去太原。", (1, 3))
    return Suite(1, (case(one, "洛阳", 1, 1), case(one, "大连", 1, 2), case(two, "洛阳", 1, 1)))


def answer(suite: Suite, *found: str) -> dict[str, Prediction]:
    """Every place that has one of these names."""
    return {
        text.id: Prediction(
            id=text.id,
            entities=tuple(
                PredictedEntity(start=e.start, end=e.end, type=e.type) for e in text.entities if e.text in found
            ),
        )
        for text in suite.gold
    }


def test_only_spans_whose_name_was_changed_count(swapped: Suite) -> None:
    found = renamed(swapped, answer(swapped, "太原", "大连"), ("PLACE",), draws=50)
    assert found is not None
    assert (found.spans, found.sentences) == (3, 2)
    assert (found.found_before, found.found_after) == (3, 1)
    assert found.difference == pytest.approx(-2 / 3)
    assert found.interval is not None
    # By sentence: one loses half of its names, the other all.
    assert (found.interval.low, found.interval.high) == (-1.0, -0.5)


def test_who_finds_nothing_loses_nothing(swapped: Suite) -> None:
    found = renamed(swapped, answer(swapped, "无锡"), ("PLACE",), draws=50)
    assert found is not None
    assert (found.before, found.after, found.difference) == (0.0, 0.0, 0.0)


def test_none_where_no_span_of_the_types_was_renamed(swapped: Suite) -> None:
    assert renamed(swapped, answer(swapped, "太原"), ("ORG",)) is None
