"""Paired tests: against exact enumeration, equal systems, Holm by hand."""

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.scoring.comparison import compare, compare_counts, paired_counts
from tyez_bench.scoring.counts import Cells, Count
from tyez_bench.scoring.report import Report
from tyez_bench.scoring.settings import GoldFacts, Settings, Unit
from tyez_bench.scoring.significance import gains, holm, p_value, pair_rows, swapped
from tyez_bench.scoring.tables import Tables, hashes

PREDICTIONS = Path(__file__).parents[2] / "data" / "predictions"


def report(system: str, *units: tuple[int, int, int]) -> Report:
    """A report of units with so many gold spans, predictions and hits."""
    table = np.zeros((len(units), 1, len(Count)), np.int64)
    for column, values in zip((Count.GOLD, Count.PREDICTED, Count.RIGHT), zip(*units, strict=True), strict=True):
        table[:, 0, column] = values
    tables = Tables(("ORG",), Cells.of_dense(table), np.zeros(len(units), np.int64), 1)
    return Report(system, GoldFacts("g", None, "f"), Settings(types=("ORG",)), tables, hashes(["d"]))


A = report("a", (2, 2, 1), (1, 1, 0), (3, 2, 2), (1, 0, 0), (2, 2, 0), (1, 1, 1), (2, 3, 1), (1, 2, 0))
B = report("b", (2, 2, 2), (1, 1, 1), (3, 3, 2), (1, 1, 1), (2, 1, 1), (1, 0, 0), (2, 2, 2), (1, 1, 0))


def f1_of(units: list[tuple[int, int, int]]) -> float:
    """Micro F1, worked out from whole sums."""
    spans = sum(gold + predicted for gold, predicted, _ in units)
    return 2 * sum(hits for _, _, hits in units) / spans


def plain(of: Report) -> list[tuple[int, int, int]]:
    """A report's units as plain tuples."""
    columns = [Count.GOLD, Count.PREDICTED, Count.RIGHT]
    return [(int(g), int(p), int(hit)) for g, p, hit in of.tables.units.dense()[:, 0, columns]]


def test_randomisation_equals_exact_enumeration() -> None:
    """All 256 swaps, worked out one by one in plain Python; then the seeded test near that."""
    one, other = plain(A), plain(B)
    observed = f1_of(other) - f1_of(one)
    differences = []
    for swap in itertools.product((False, True), repeat=8):
        left = [b if s else a for a, b, s in zip(one, other, swap, strict=True)]
        right = [a if s else b for a, b, s in zip(one, other, swap, strict=True)]
        differences.append(f1_of(right) - f1_of(left))
    pair = pair_rows(*(np.array(side, dtype=float) for side in (one, other)))
    table = np.repeat(pair.rows.rows, pair.rows.sizes, axis=0)
    every = swapped(pair, [np.array(list(itertools.product((0.0, 1.0), repeat=8))) @ gains(table)])
    # The units stand in the order of their counts there.
    assert sorted(pair.sign * every) == pytest.approx(sorted(differences), abs=1e-12)
    exact = sum(abs(d) >= abs(observed) - 1e-12 for d in differences) / 256
    (found,) = compare([A, B])
    assert found.difference == pytest.approx(observed)
    assert found.randomisation == pytest.approx(exact, abs=0.015)
    assert found.interval is not None
    assert found.interval.low < observed < found.interval.high


def test_equal_systems_give_p_1() -> None:
    (found,) = compare([A, A])
    assert (found.difference, found.randomisation, found.bootstrap, found.holm) == (0, 1, 1, 1)


@pytest.mark.parametrize("unit", ["sentence", "document", "name"])
def test_all_pairs_at_once_are_as_each_alone(gold: tyez_bench.Gold, unit: Unit) -> None:
    """To the last bit: all systems are on the same draws and under the same swaps."""
    settings = tyez_bench.Settings(unit=unit)
    reports = [
        tyez_bench.score(
            gold, tyez_bench.read_predictions(PREDICTIONS / f"{name}.jsonl", gold), system=name, settings=settings
        )
        for name in ("jieba", "jionlp", "thulac", "spacy-ner")
    ]
    together = compare(reports, number=200, seed=5)
    for pair, (a, b) in zip(together, itertools.combinations(reports, 2), strict=True):
        tables = paired_counts(a, b, ("PLACE",), unit)
        alone = compare_counts(a.system, b.system, *tables, number=200, seed=5, unit=unit)
        assert structs.replace(pair, holm=None) == alone


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
    assert found.detectable is None


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
    other = replace(A, system="o", gold=GoldFacts("g", None, "other"))
    with pytest.raises(tyez_bench.UsageError, match="a and o are scored against different gold"):
        compare([A, other])
    with pytest.raises(tyez_bench.UsageError, match="a and a are scored with different settings"):
        compare([A, replace(A, settings=Settings(types=("ORG",), layer="all"))])
    with pytest.raises(tyez_bench.UsageError, match="a and b are scored on different documents"):
        compare([A, replace(B, documents=hashes(["e"]))])
    with pytest.raises(tyez_bench.UsageError, match="no type in common"):
        compare([A, replace(B, settings=Settings(types=("PLACE",)))])


def test_the_command_on_the_committed_predictions(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(PREDICTIONS / f"{name}.jsonl") for name in ("jieba", "thulac", "jionlp")]
    assert main(["compare", *files, "--json"]) == 0
    pairs = json.loads(capsys.readouterr().out)["pairs"]
    assert [(p["a"], p["b"]) for p in pairs] == [("jieba", "thulac"), ("jieba", "jionlp"), ("thulac", "jionlp")]
    assert all(p["randomisation"] <= p["holm"] for p in pairs)
    assert main(["compare", *files]) == 0
    assert "thulac − jieba" in capsys.readouterr().out
    assert main(["compare", files[0]]) == 2
    assert "at least two systems" in capsys.readouterr().err


def test_only_types_that_both_can_express_are_compared() -> None:
    """Two types; the second system knows the first alone: the second type's errors are not held against anybody."""
    gold = [[(0, 1, "A"), (2, 3, "B")]]
    both = tyez_bench.score_spans(gold, [[(0, 1, "A"), (4, 5, "B")]])
    one = replace(tyez_bench.score_spans(gold, [[(0, 1, "A")]], types=("A", "B")), settings=Settings(types=("A",)))
    (found,) = compare([both, one], number=100)
    assert found.difference == 0


def test_names_are_paired_where_only_one_system_has_them(gold: tyez_bench.Gold) -> None:
    reports = [
        tyez_bench.score(
            gold,
            tyez_bench.read_predictions(PREDICTIONS / f"{name}.jsonl", gold),
            system=name,
            settings=Settings(unit="name"),
        )
        for name in ("jionlp", "thulac")
    ]
    one, other = paired_counts(reports[0], reports[1], ("PLACE",), "name")
    assert len(one) == len(other) > max(r.tables.number("name") for r in reports)
    for table, report in zip((one, other), reports, strict=True):
        assert table.sum(axis=0)[0] == report.counts("PLACE").gold


def test_the_detectable_difference_is_one_that_is_detected() -> None:
    """Simulated: systems that truly differ by it are told apart in about 80 % of samples."""
    rng = np.random.default_rng(1)
    units = 150

    def sample(difference: float) -> tuple[Report, Report]:
        """Six of ten units come out the same for both; in the others b is right more often."""
        alike, luck, a, b = rng.random((4, units))
        one = np.where(alike < 0.6, luck < 0.5, a < 0.5)
        other = np.where(alike < 0.6, luck < 0.5, b < 0.5 + difference / 0.4)
        return report("a", *[(1, 1, int(hit)) for hit in one]), report("b", *[(1, 1, int(hit)) for hit in other])

    first = [compare(sample(0.1), number=300)[0].detectable for _ in range(40)]
    smallest = float(np.mean([value for value in first if value is not None]))
    found = [compare(sample(smallest), number=1000)[0] for _ in range(300)]
    share = np.mean([pair.randomisation is not None and pair.randomisation <= 0.05 for pair in found])
    # One hit more or less is a big step on 150 units, which makes the test a little conservative.
    assert 0.68 < share < 0.88


def test_power_of_another_gold_asks_for_predictions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text('{"id": "a", "text": "太钢", "entities": []}\n', "utf-8")
    assert main(["power", "--gold", str(own)]) == 2
    assert "--gold needs predictions for that gold set" in capsys.readouterr().err


def test_power_by_default_is_of_the_published_predictions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["power", "--json"]) == 0
    published = json.loads(capsys.readouterr().out)
    assert {pair["a"] for pair in published["pairs"]} | {pair["b"] for pair in published["pairs"]} == {
        path.stem for path in (tyez_bench.gold.gold.data_dir() / "predictions").glob("*.jsonl")
    }
    assert all(pair["detectable"] == pytest.approx(2.8 * pair["deviation"]) for pair in published["pairs"])
    assert main(["power"]) == 0
    assert "to be told apart in 80 % of the cases" in capsys.readouterr().out
