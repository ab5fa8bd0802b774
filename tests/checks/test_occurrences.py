"""Rules across occurrences look only where there is more than one."""

import json
from pathlib import Path

import pytest

from checks_run import check_text
from tyez_bench.checks.rule import Finding
from tyez_bench.checks.rules import occurrences, types
from tyez_bench.checks.texts import Guidelines, Set, Text
from tyez_bench.gold.derived import with_entities
from tyez_bench.model.documents import Document, Entity


def test_names_inside_are_looked_up_for_repeated_names_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that lie one in the other hold as many as there are: to look up all of all takes the square of them."""
    whole = "".join(map(chr, range(0x4E00, 0x4E28)))
    spans = [(i, 40 - i) for i in range(20)]
    entities = [Entity(id=f"a:{s}-{e}", start=s, end=e, text=whole[s:e], type="ORG") for s, e in spans]
    text = Text("a", 1, with_entities(Document(id="a", text=whole), entities))
    asked: list[int] = []
    inside = occurrences._inside

    def counting(text: Text, number: int) -> object:
        asked.append(number)
        return inside(text, number)

    monkeypatch.setattr(occurrences, "_inside", counting)
    assert list(occurrences.nested_differently(Set((text,), Guidelines()))) == []
    assert asked == []
    # The same texts again, one name of the second left out: it is held by all around it.
    fewer = with_entities(Document(id="b", text=whole), [*entities[:10], *entities[11:]])
    found = list(occurrences.nested_differently(Set((text, Text("a", 2, fewer)), Guidelines())))
    assert len(found) == 10
    assert len(asked) == 38


def test_an_entity_that_two_documents_share_is_two_uses() -> None:
    """As a program makes them that puts one object into several documents."""
    shared = Entity(id="x", start=0, end=2, text="太钢", type="ORG")
    place = Entity(id="y", start=0, end=2, text="太钢", type="PLACE")
    documents = [Document(id="a", text="太钢的", entities=(shared, place))]
    documents += [Document(id=id_, text="太钢的", entities=(shared,)) for id_ in "bcd"]
    (found,) = types.two_types(Set(tuple(Text("f", 1, document) for document in documents)))
    assert isinstance(found, Finding)
    assert found.document == "a"
    assert found.message == "'太钢' has the type ORG and PLACE here, but is ORG 3 times, ORG and PLACE once"


def _dated(id_: str, day: str | None, value: dict[str, str] | None, kind: str = "DATE") -> str:
    entity = {"start": 0, "end": 2, "text": "今天", "type": kind, "value": value}
    record: dict[str, object] = {"id": id_, "text": "今天开工", "entities": [entity]}
    if day is not None:
        record["date"] = {"value": day, "reference": day, "basis": id_}
    return json.dumps(record, ensure_ascii=False)


def _day(value: str) -> dict[str, str]:
    return {"kind": "timex3", "type": "DATE", "value": value}


@pytest.mark.parametrize(
    ("records", "found"),
    [
        # Each today is that of its document; what the date was inferred from says nothing.
        ([("2022-08-09", "2022-08-09"), ("2022-08-10", "2022-08-10")], []),
        ([("2022-08-09", "2022-08-09"), ("2022-08-10", "2022-08-10"), ("2022-08-09", "2022-08-09")], []),
        ([("2022-08-09", "2022-08-09"), ("2022-08-10", "2022-08-10"), ("2022-08-10", "2022-08-11")], ["c values b"]),
        ([("2022-08-09", "2022-08-09"), ("2022-08-09", "2022-08-10")], ["b values a"]),
        ([(None, "2022-08-09"), (None, "2022-08-10")], ["b values a"]),
        ([(None, "2022-08-09"), ("2022-08-10", "2022-08-10")], []),
        ([("2022-08-09", "2022-08-09"), ("2022-08-09", None)], ["b values a"]),
    ],
)
def test_values_of_dates_are_those_of_one_day(
    records: list[tuple[str | None, str | None]], found: list[str], tmp_path: Path
) -> None:
    lines = [
        _dated(id_, day, None if value is None else _day(value))
        for id_, (day, value) in zip("abc", records, strict=False)
    ]
    outcome = check_text(tmp_path, *lines, select=["X605"])
    assert [f"{one.document} values {one.related[0].document}" for one in outcome.findings] == found
    assert all("has another value in the same text" in one.message for one in outcome.findings)


def test_labels_are_those_of_any_day(tmp_path: Path) -> None:
    lines = [_dated("a", "2022-08-09", None), _dated("b", "2022-08-10", None, "ORG")]
    outcome = check_text(tmp_path, *lines, select=["X605"])
    assert [one.message for one in outcome.findings] == ["ORG '今天' is DATE '今天' in the same text, 'a'"]
