"""Gold sets that are refused, each with file, line and reason."""

import json
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.model.documents import Document, Entity, Sentence

TEXT = "甲市乙局丙县"


def entity(start: int, end: int, type_: str = "PLACE", **more: Any) -> dict[str, Any]:
    """An entity with what is needed, and more."""
    return {"start": start, "end": end, "type": type_, **more}


def dated(reference: str) -> dict[str, Any]:
    """A document's date."""
    return {"date": {"value": "2022", "reference": reference, "basis": "甲"}}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "reference day": (dated("2022-06-31"), "'2022-06-31' does not exist on any calendar"),
    "reference month": (dated("2022-13"), "'2022-13' does not exist on any calendar"),
    "reference year": (dated("0000"), "'0000' does not exist on any calendar"),
    "reference leap day": (dated("2022-02-29"), "'2022-02-29' does not exist on any calendar"),
    "reference week": (dated("2022-W33"), "'2022-W33' is not a year, month or day"),
    "reference in words": (dated("今天\n"), "is not a year, month or day"),
    "reference short": (dated("2022-8-9"), "'2022-8-9' is not a year, month or day"),
    "reference wide": (dated("２０２２"), "is not a year, month or day"),
    "no text": ({"text": None}, "Expected `str`, got `null`"),
    "unknown field": ({"txt": 1}, "unknown field `txt`"),
    "empty label": ({"entities": [entity(0, 2, "")]}, "Expected `str` of length >= 1"),
    "out of range": ({"entities": [entity(0, 9)]}, "0–9 is outside the text (0–6)"),
    "reversed": ({"entities": [entity(2, 1)]}, "offsets 2–1 are empty or reversed"),
    "surface": ({"entities": [entity(0, 2, text="甲")]}, "text is '甲', but 0–2 reads '甲市'"),
    "the same twice": ({"entities": [entity(0, 2), entity(0, 2)]}, "PLACE 0–2 '甲市' occurs twice"),
    "wrong parent": ({"entities": [entity(0, 4), entity(0, 2, parent=None)]}, "parent is None, expected 'd:0-4'"),
    "same id": ({"entities": [entity(0, 2, id="x"), entity(2, 4, id="x")]}, "entity id 'x' occurs twice"),
    "alternative elsewhere": ({"entities": [entity(0, 2, alternatives=[[3, 4]])]}, "does not overlap 0–2"),
    "alternative is itself": ({"entities": [entity(0, 2, alternatives=[[0, 2]])]}, "is the entity's own boundary"),
    "alternative outside": ({"entities": [entity(4, 6, alternatives=[[4, 7]])]}, "4–7 is outside the text"),
    "alternative is another": (
        {"entities": [entity(0, 2, alternatives=[[0, 1]]), entity(0, 1)]},
        "alternative 0–1 is the entity 'd:0-1'",
    ),
    "value of a place": (
        {"entities": [entity(0, 2, value={"kind": "money", "amount": "1", "currency": "CNY"})]},
        "PLACE can't carry a value of kind money",
    ),
    "role of an organisation": ({"entities": [entity(0, 4, "ORG", role="actor")]}, "ORG can't carry a role"),
    "amount": (
        {"entities": [entity(0, 2, "MONEY", value={"amount": "1,0", "currency": "CNY"})]},
        "'1,0' is not a decimal amount",
    ),
    "half a range": (
        {"entities": [entity(0, 2, "MONEY", value={"lower": "1", "currency": "CNY"})]},
        "a range needs both",
    ),
    "reversed range": (
        {"entities": [entity(0, 2, "MONEY", value={"lower": "3", "upper": "2", "currency": "CNY"})]},
        "the lower bound 3 is above the upper bound 2",
    ),
    "value and range": (
        {"entities": [entity(0, 2, "DATE", value={"type": "SET", "value": "P1Y", "lower": "P1Y", "upper": "P2Y"})]},
        "either a single value or a range",
    ),
    "timex": ({"entities": [entity(0, 2, "DATE", value={"type": "DATE", "value": "2022年"})]}, "is not a TIMEX3 value"),
    "month": ({"entities": [entity(0, 2, "DATE", value={"type": "DATE", "value": "2022-13"})]}, "on any calendar"),
    "day": ({"entities": [entity(0, 2, "DATE", value={"type": "DATE", "value": "2022-02-30"})]}, "on any calendar"),
    "week": ({"entities": [entity(0, 2, "DATE", value={"type": "DATE", "value": "2022-W53"})]}, "on any calendar"),
    "full-width": ({"entities": [entity(0, 2, "DATE", value={"type": "DATE", "value": "２０２２"})]}, "not a TIMEX3"),
    "code with a line end": ({"entities": [entity(0, 2, code="140100\n")]}, "length <= 6"),
    "bounds of dates": (
        {"entities": [entity(0, 2, "DATE", value={"type": "DATE", "lower": "2023", "upper": "2022"})]},
        "the lower bound 2023 is behind the upper bound 2022",
    ),
    "section role": ({"sections": [{"role": "banner", "start": 0, "end": 3}]}, "Invalid enum value 'banner'"),
    "no period": (
        {"entities": [entity(0, 2, "DATE", value={"type": "DURATION", "value": "2022"})]},
        "is no period, but the TIMEX3 type is DURATION",
    ),
    "period as a date": (
        {"entities": [entity(0, 2, "DATE", value={"type": "DATE", "value": "P4M"})]},
        "'P4M' is a period, but the TIMEX3 type is DATE",
    ),
    "sentence cuts an entity": (
        {"entities": [entity(0, 2)], "sentences": [{"id": "s", "start": 1, "end": 6}]},
        "crosses the edge of sentence 's'",
    ),
    "sections overlap": (
        {"sections": [{"role": "body", "start": 0, "end": 3}, {"role": "body", "start": 2, "end": 6}]},
        "section 2–6 overlaps 0–3",
    ),
    "provenance": ({"provenance": [[0, 5, 7]]}, "provenance run [0, 5, 7] goes beyond the text"),
    "provenance order": ({"provenance": [[2, 5, 2], [0, 9, 1]]}, "overlaps [2, 5, 2] or is out of order"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(tmp_path: Path, case: str) -> None:
    change, reason = REFUSED[case]
    path = tmp_path / "own.jsonl"
    good = {"id": "c", "text": "无"}
    record = {"id": "d", "text": TEXT, **change}
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in (good, record)), "utf-8")
    with pytest.raises(tyez_bench.InputError) as error:
        tyez_bench.load(path)
    assert error.value.line == 2
    assert reason in error.value.reason


def test_an_id_that_occurs_twice(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"id":"d","text":"甲"}\n{"id":"d","text":"乙"}\n', "utf-8")
    with pytest.raises(tyez_bench.InputError, match=r"own\.jsonl:2: document id 'd' occurs twice"):
        tyez_bench.load(path)


@given(
    cuts=st.lists(st.tuples(st.integers(0, 11), st.booleans()), unique_by=lambda cut: cut[0]),
    start=st.integers(0, 11),
    length=st.integers(1, 12),
)
def test_an_entity_crosses_no_sentence(cuts: list[tuple[int, bool]], start: int, length: int) -> None:
    """Against sets of characters; between two sentences there may be characters of none."""
    end = min(start + length, 12)
    edges = [*sorted(cuts), (12, False)]
    sentences = tuple(Sentence(id=f"s{a}", start=a, end=b) for (a, kept), (b, _) in pairwise(edges) if kept and a < b)
    inside = set(range(start, end))
    crossed = [
        s.id for s in sentences if inside & set(range(s.start, s.end)) and not inside <= set(range(s.start, s.end))
    ]
    found = Entity(id="e", start=start, end=end, text="字" * (end - start), type="PLACE")
    reason = f"entity 'e' crosses the edge of sentence {crossed[0]!r}" if crossed else None
    with pytest.raises(ValueError, match=f"^{reason}$") if reason else nullcontext():
        Document(id="d", text="字" * 12, sentences=sentences, entities=(found,))
