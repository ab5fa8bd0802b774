"""Paired tests: against exact enumeration, equal systems, Holm by hand."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.scoring.comparison import compare, holm, p_value, swapped_differences
from tyez_bench.scoring.counts import Counts, TypeCounts
from tyez_bench.scoring.report import Report

PREDICTIONS = Path(__file__).parents[2] / "data" / "predictions"


def report(system: str, *units: tuple[int, int, int]) -> Report:
    """A report of units with so many gold spans, predictions and hits."""
    counted = tuple(TypeCounts({"ORG": Counts(g, p, hit, hit)}) for g, p, hit in units)
    return Report(system, "g", None, "f", counted, TypeCounts({}), 1, ())


A = report("a", (2, 2, 1), (1, 1, 0), (3, 2, 2), (1, 0, 0), (2, 2, 0), (1, 1, 1), (2, 3, 1), (1, 2, 0))
B = report("b", (2, 2, 2), (1, 1, 1), (3, 3, 2), (1, 1, 1), (2, 1, 1), (1, 0, 0), (2, 2, 2), (1, 1, 0))


def f1_of(units: list[tuple[int, int, int]]) -> float:
    """Micro F1, worked out from whole sums."""
    spans = sum(gold + predicted for gold, predicted, _ in units)
    return 2 * sum(hits for _, _, hits in units) / spans


def plain(of: Report) -> list[tuple[int, int, int]]:
    """A report's units as plain tuples."""
    return [(u.total.gold, u.total.predicted, u.total.gold_right) for u in of.units]


def test_randomisation_equals_exact_enumeration() -> None:
    """All 256 swaps, worked out one by one in plain Python; then the seeded test near that."""
    one, other = plain(A), plain(B)
    observed = f1_of(other) - f1_of(one)
    differences = []
    for swap in itertools.product((False, True), repeat=8):
        left = [b if s else a for a, b, s in zip(one, other, swap, strict=True)]
        right = [a if s else b for a, b, s in zip(one, other, swap, strict=True)]
        differences.append(f1_of(right) - f1_of(left))
    left_table, right_table = (np.array([[g, p, h, h] for g, p, h in side], dtype=float) for side in (one, other))
    swaps = np.array(list(itertools.product((False, True), repeat=8)))
    assert swapped_differences(left_table, right_table, swaps) == pytest.approx(differences, abs=1e-12)
    exact = sum(abs(d) >= abs(observed) - 1e-12 for d in differences) / 256
    (found,) = compare([A, B])
    assert found.difference == pytest.approx(observed)
    assert found.randomisation == pytest.approx(exact, abs=0.015)
    assert found.interval is not None
    assert found.interval.low < observed < found.interval.high


def test_equal_systems_give_p_1() -> None:
    (found,) = compare([A, A])
    assert (found.difference, found.randomisation, found.bootstrap, found.holm) == (0, 1, 1, 1)


def test_it_is_the_same_from_both_sides() -> None:
    (there,), (back,) = compare([A, B]), compare([B, A])
    assert there.difference == pytest.approx(-(back.difference or 0))
    assert there.randomisation == back.randomisation
    assert there.bootstrap == back.bootstrap


def test_systems_that_share_nothing_differ() -> None:
    units = 12
    perfect = report("perfect", *[(1, 1, 1)] * units)
    useless = report("useless", *[(1, 1, 0)] * units)
    (found,) = compare([useless, perfect])
    assert found.difference == 1
    assert found.randomisation is not None
    # Only the two swaps of all or nothing are as extreme: 2 / 2^12.
    assert found.randomisation < 0.003


def test_undefined_f1_gives_no_figures() -> None:
    nothing = report("n", (0, 0, 0))
    (found,) = compare([nothing, nothing])
    assert (found.difference, found.interval, found.randomisation, found.bootstrap, found.holm) == (None,) * 5


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1, 1]
    assert holm([]) == []


def test_undefined_draws_count_as_extreme() -> None:
    assert p_value(np.array([0.5, np.nan, 0.1]), 0.3) == 3 / 4


def test_three_systems_make_three_pairs_and_one_or_other_gold_is_refused() -> None:
    assert [(c.a, c.b) for c in compare([A, B, A], number=100)] == [("a", "b"), ("a", "a"), ("b", "a")]
    with pytest.raises(tyez_bench.UsageError, match="expected at least two systems to compare, got 1"):
        compare([A])
    other = Report("o", "g", None, "other", A.units, TypeCounts({}), 1, ())
    with pytest.raises(tyez_bench.UsageError, match="a and o are scored against different gold"):
        compare([A, other])


def test_the_command_on_the_committed_predictions(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(PREDICTIONS / f"{name}.jsonl") for name in ("jieba", "thulac", "jionlp")]
    assert main(["compare", *files, "--json"]) == 0
    pairs = json.loads(capsys.readouterr().out)
    assert [(p["a"], p["b"]) for p in pairs] == [("jieba", "thulac"), ("jieba", "jionlp"), ("thulac", "jionlp")]
    assert all(p["randomisation"] <= p["holm"] for p in pairs)
    assert main(["compare", *files]) == 0
    assert "thulac − jieba" in capsys.readouterr().out
    assert main(["compare", files[0]]) == 2
    assert "at least two systems" in capsys.readouterr().err
