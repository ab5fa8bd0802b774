"""How small a difference can be told: what the comparison of the same systems says of it."""

import pytest

import tyez_bench
from tyez_bench.scoring.significance import DETECTABLE

GOLD = [[(0, 2, "PER")]] * 20


def report(system: str, right: int) -> tyez_bench.Report:
    """A system that finds the first so many of 20 spans, and nothing else."""
    return tyez_bench.score_spans(GOLD, GOLD[:right] + [[]] * (20 - right), system=system)


def test_every_pair_has_what_its_comparison_says() -> None:
    reports = [report("a", 20), report("b", 12), report("c", 3)]
    found = tyez_bench.power(reports, number=500)
    pairs = tyez_bench.compare(reports, number=500)
    assert [(one.a, one.b) for one in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    for one, pair in zip(found, pairs, strict=True):
        assert one.deviation is not None
        assert one.deviation == pair.deviation
        assert one.detectable == pair.detectable == DETECTABLE * one.deviation
        assert (one.units, one.differing, one.reason) == (pair.units, pair.differing, pair.reason)
    assert [one.differing for one in found] == [8, 17, 9]


def test_where_nothing_can_be_told_it_says_why() -> None:
    (one,) = tyez_bench.power([report("a", 5), report("b", 5)])
    assert (one.detectable, one.deviation, one.differing) == (None, None, 0)
    assert one.reason == "both have the same counts in every sentence, and so in every draw"
    with pytest.raises(tyez_bench.UsageError, match="expected at least two systems to compare, got 1"):
        tyez_bench.power([report("a", 5)])
