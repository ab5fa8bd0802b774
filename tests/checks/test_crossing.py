"""What a span crosses, against the plain way to find it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.checks.rule import Finding
from tyez_bench.checks.rules.structure import Crossed, crossings, typed
from tyez_bench.model.errors import SHOWN


def plainly(entities: list[dict[str, Any]]) -> list[Crossed]:
    """By a look at all that came before."""
    found: list[Crossed] = []
    for at, entity in enumerate(entities):
        start, end = entity["start"], entity["end"]
        before = [one for one in entities[:at] if one["end"] > start]
        across = [one for one in before if one["start"] < start < one["end"] < end]
        found.append((across[0] if across else None, max(0, len(across) - 1)))
    return found


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 8), st.sampled_from(["ORG", "PLACE"])), max_size=14))
def test_it_is_what_a_look_at_all_pairs_finds(spans: list[tuple[int, int, str]]) -> None:
    entities: list[dict[str, Any]] = [
        {"start": start, "end": start + size, "type": type_, "n": n} for n, (start, size, type_) in enumerate(spans)
    ]
    entities.sort(key=lambda e: (e["start"], -e["end"], e["type"]))
    assert list(crossings(entities)) == plainly(entities)


def crossing(number: int, size: int) -> list[Finding]:
    text = "东风南岭" * (number + size)
    entities = [{"start": at, "end": at + size, "type": "ORG"} for at in range(number)]
    return typed({"id": "d", "text": text, "entities": entities}, "g.jsonl", 1)[1]


def test_crossing_spans_are_one_finding_each_with_how_many_more() -> None:
    found = crossing(4, 9)
    assert [one.code for one in found] == ["S104"] * 3
    assert found[0].message.endswith("crosses ORG 0–9")
    assert found[2].message.endswith("crosses ORG 0–9 and 2 more")


def test_many_long_crossing_spans_are_few_findings_of_bounded_size() -> None:
    found = crossing(3000, 3000)
    assert len(found) == 2999
    assert max(len(one.surface) for one in found) <= SHOWN
    assert max(len(one.message) for one in found) < 250
    assert found[-1].surface == f"{'岭东风南' * 12}…(2904 more)…{'岭东风南' * 12}"
