"""Systems put together: each adds the types that those before it lack, and what was looked at stays."""

from collections.abc import Sequence
from typing import Any

import pytest

from tyez_bench.model.errors import UsageError
from tyez_bench.model.spans import Span
from tyez_bench.systems.adapters.combined import combine
from tyez_bench.systems.system import Passage, System, span_record

PASSAGE = Passage("a", "a", "太钢今年投资3亿元在太原")


def system(*spans: tuple[int, int, str], labels: str | None, **more: Any) -> System:
    """A system that always finds these spans."""

    def predict(given: Sequence[Passage]) -> list[dict[str, Any]]:
        return [span_record(p, [Span(s, e, label, p.text[s:e]) for s, e, label in spans]) for p in given]

    return System(predict=predict, labels=labels, **more)


def test_the_second_adds_its_types_in_the_gold_s_labels() -> None:
    words = system((0, 2, "ni"), (2, 4, "t"), (10, 12, "ns"), labels="thulac")
    extractors = system((2, 4, "time"), (6, 9, "money"), (0, 2, "location"), labels="jionlp")
    both = combine("x", [(words.labels, words), (extractors.labels, extractors)])
    assert both.labels == "tyez"
    (record,) = both.predict([PASSAGE])
    assert [(e["start"], e["end"], e["type"]) for e in record["entities"]] == [
        (0, 2, "ORG"),
        (2, 4, "DATE"),
        (6, 9, "MONEY"),
        (10, 12, "PLACE"),
    ]


def test_a_span_that_overlaps_an_earlier_part_s_is_left_out() -> None:
    words = system((0, 4, "ns"), labels="pku")
    extractors = system((2, 4, "time"), (4, 6, "time"), labels="jionlp")
    (record,) = combine("x", [("pku", words), ("jionlp", extractors)]).predict([PASSAGE])
    assert [(e["start"], e["end"], e["type"]) for e in record["entities"]] == [(0, 4, "PLACE"), (4, 6, "DATE")]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (system(labels="thulac"), "adds no type to those before it"),
        (
            system(labels=None, name="py:m:f"),
            "labels of py:m:f are not known beforehand; labels=NAME names its label map",
        ),
        (system(labels="jionlp", by="sentence"), "the same passages"),
        (
            system(labels="jionlp", format="llm", name="llm:x"),
            "llm:x gives no spans, and only systems that give spans can be combined",
        ),
    ],
)
def test_what_does_not_go_together(second: System, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        combine("x", [("pku", system(labels="pku")), (second.labels, second)])


def test_each_part_is_read_through_the_map_that_is_named_with_it() -> None:
    words = system((0, 2, "ni"), labels="pku")
    extractors = system((6, 9, "money"), labels=None)
    (record,) = combine("x", [("thulac", words), ("jionlp", extractors)]).predict([PASSAGE])
    assert [e["type"] for e in record["entities"]] == ["ORG", "MONEY"]


def test_settings_of_the_parts_are_kept() -> None:
    parts = [("pku", system(labels="pku", settings={"a": 1})), ("jionlp", system(labels="jionlp"))]
    assert combine("x", parts).settings == {"parts": [{"a": 1}, {}]}
