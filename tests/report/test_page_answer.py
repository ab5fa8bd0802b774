"""The answer at the top of the page: the figures of compare, power and score, in sentences."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import html_tree
import pytest
from html_tree import Node
from page_results import PREDICTIONS, page, result

from tyez_bench.cli import main
from tyez_bench.gold.gold import Gold
from tyez_bench.report.html.answer import told_apart, verdict
from tyez_bench.report.table import bounds, figure, p_value
from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.comparison import Comparison

COMMITTED = [str(PREDICTIONS / f"{name}.jsonl") for name in ("jieba", "jionlp", "thulac")]


def written(path: Path, files: Sequence[str], *more: str) -> Node:
    """The page of some files, read."""
    assert main(["report", *files, *more, "--html", str(path)]) == 0
    return html_tree.read(path.read_bytes())


def printed(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    """What a command prints as JSON."""
    capsys.readouterr()
    assert main([*argv, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def words(node: Node) -> str:
    """The text, with ordinary blanks."""
    return node.text().replace("\N{NO-BREAK SPACE}", " ")


def lead(tree: Node) -> str:
    """The first sentence of the answer."""
    [found] = tree.find("p", class_="lead")
    return words(found)


def verdicts(tree: Node) -> list[str]:
    """The sentences of the pairs."""
    return [words(item) for part in tree.find("ul", class_="verdicts") for item in part.find("li")]


@pytest.mark.parametrize("more", [(), ("--draws", "400", "--seed", "7", "--unit", "document")])
def test_the_sentences_say_the_figures_of_compare_and_power(
    more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = written(tmp_path / "out.html", COMMITTED, *more)
    compared = printed(capsys, "compare", *COMMITTED, *more)
    expected = set()
    for pair in compared["pairs"]:
        better, other, difference, (low, high) = pair["b"], pair["a"], pair["difference"], pair["interval"]
        if difference < 0:
            better, other, difference, low, high = other, better, -difference, -high, -low
        figures = f"{difference:+.3f} F1, 95 % {low:+.3f} to {high:+.3f}, p = {p_value(pair['holm'])} after Holm"
        if pair["holm"] < 0.05:
            expected.add(f"{better} is better than {other}: {figures}.")
        else:
            could = figure(pair["detectable"])
            expected.add(
                f"{better} and {other} can't be told apart: {figures}; with this gold a difference of {could} "
                "could have been detected (in 80 % of the cases, before Holm)."
            )
    assert set(verdicts(tree)) == expected
    assert len(expected) == 3


def test_the_tables_of_the_tests_are_those_of_compare_and_power(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = written(tmp_path / "out.html", COMMITTED)
    tables = [[[cell.text() for cell in row.find()[1:]] for row in t.find("tr")] for t in tree.find("table")]
    capsys.readouterr()
    for command in ("compare", "power"):
        assert main([command, *COMMITTED]) == 0
        lines = [re.split(r" {2,}", line.strip()) for line in capsys.readouterr().out.splitlines()]
        rows = [line for line in lines if line[0] in ("jionlp − jieba", "thulac − jionlp", "jieba, jionlp")]
        assert rows
        cells = [[cell for cell in row if cell] for table in tables for row in table]
        assert all(row in cells for row in rows)


def test_the_best_is_named_and_the_systems_are_in_order(tmp_path: Path) -> None:
    tree = written(tmp_path / "out.html", COMMITTED)
    assert lead(tree) == "jionlp is the best of the 3 systems: it is better than each of the others."
    ranks = [item.find("b")[0].text() for item in tree.find("figure")[0].find("ul")[0].find("li")]
    assert ranks == ["B", "C", "A"]
    assert [item.find("b")[0].text() for item in tree.find("ul", class_="why")[0].find("li")] == ranks


def test_the_answer_comes_first(tmp_path: Path) -> None:
    tree = written(tmp_path / "out.html", COMMITTED)
    assert [node.text() for node in tree.find("h2")][:2] == ["Which system is better", "Why"]
    first = tree.find("section")[0]
    assert first.find("p")[0].classes == ["lead"]


def test_of_one_pair_the_sentence_is_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = written(tmp_path / "out.html", COMMITTED[:2])
    [pair] = printed(capsys, "compare", *COMMITTED[:2])["pairs"]
    assert lead(tree).startswith(f"jionlp is better than jieba: {pair['difference']:+.3f} F1, 95 % ")
    assert lead(tree).endswith(f", p = {p_value(pair['randomisation'])}.")
    assert verdicts(tree) == []


def test_of_one_system_the_answer_is_its_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = written(tmp_path / "out.html", COMMITTED[1:2])
    report = printed(capsys, "score", COMMITTED[1])
    micro = report["scores"]["micro"]
    drawn = bounds(Interval(*micro["f1_interval"]))
    assert lead(tree).startswith(f"Strict micro F1 {figure(micro['f1'])}, 95 % {drawn} by sentence, ")
    assert lead(tree).endswith("; over PLACE, MONEY, DATE.")
    [line] = tree.find("ul", class_="why")
    assert f"{micro['tp']} of {micro['tp'] + micro['fp']} predictions are right" in line.text()
    assert f"{micro['tp']} of {micro['gold']} gold spans are found" in line.text()


def test_why_names_the_kinds_of_errors_that_cost_most(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tree = written(tmp_path / "out.html", COMMITTED[:1])
    report = printed(capsys, "score", COMMITTED[0], "--errors")
    f1 = report["scores"]["micro"]["f1"]
    kinds = report["diagnosis"]["kinds"]
    first, second = sorted(kinds, key=lambda name: -kinds[name]["mended"])[:2]
    told = [f"{name} ({kinds[name]['errors']} errors; F1 {kinds[name]['mended'] - f1:+.3f} without them)"
            for name in (first, second)]  # fmt: skip
    assert f"it loses most to {' and '.join(told)}" in tree.find("ul", class_="why")[0].text()


OWN = (
    '{"id": "a", "text": "太原市委在北京", "entities": ['
    '{"start": 0, "end": 4, "type": "ORG"}, {"start": 5, "end": 7, "type": "PLACE"}]}\n'
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A gold set of one sentence."""
    path = tmp_path / "own.jsonl"
    path.write_text(OWN, "utf-8")
    return path


def predicted(path: Path, *spans: tuple[int, int, str]) -> str:
    """A file of predictions."""
    entities = [{"start": start, "end": end, "type": type_} for start, end, type_ in spans]
    path.write_text(json.dumps({"id": "a", "entities": entities}) + "\n", "utf-8")
    return str(path)


def test_a_single_sentence_tells_nothing_and_says_why(own: Path, tmp_path: Path) -> None:
    files = [predicted(tmp_path / "x.jsonl", (5, 7, "PLACE"))]
    files.append(predicted(tmp_path / "y.jsonl", (0, 4, "ORG"), (5, 7, "PLACE")))
    assert lead(written(tmp_path / "out.html", files, "--gold", str(own))) == (
        "y and x can't be told apart: +0.333 F1; no difference could have been detected: "
        "it rests on one sentence alone, and so does every draw."
    )


def test_an_undefined_score_says_why(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"id": "a", "text": "在北京", "entities": []}\n', "utf-8")
    files = [predicted(tmp_path / f"{name}.jsonl") for name in "xy"]
    assert lead(written(tmp_path / "one.html", files[:1], "--gold", str(path))) == (
        "Strict micro F1 is undefined: neither the gold nor the predictions have any."
    )
    assert lead(written(tmp_path / "two.html", files, "--gold", str(path))) == (
        "x and y can't be compared: F1 is undefined for one of the two."
    )


def test_systems_of_equal_f1_are_no_best(own: Path, tmp_path: Path) -> None:
    files = [predicted(tmp_path / f"{name}.jsonl", (5, 7, "PLACE")) for name in "xy"]
    files.append(predicted(tmp_path / "z.jsonl", (1, 2, "ORG")))
    tree = written(tmp_path / "out.html", files, "--gold", str(own))
    assert lead(tree).startswith("No system can be called the best: x and y have the highest F1")
    assert any(line.startswith("y and x can't be told apart: ") for line in verdicts(tree))


def test_more_pairs_than_can_be_read_are_folded(own: Path, tmp_path: Path) -> None:
    files = [predicted(tmp_path / f"{name}.jsonl", (5, 7, "PLACE")) for name in "vwxyz"]
    tree = written(tmp_path / "out.html", files, "--gold", str(own))
    assert [len(part.find("li")) for part in tree.find("ul", class_="verdicts")] == [4, 6]
    assert "6 more pairs" in [node.text() for node in tree.find("summary")]


def test_systems_without_a_common_type_are_not_compared(tmp_path: Path) -> None:
    files = [COMMITTED[0], str(PREDICTIONS / "rules.jsonl")]
    tree = written(tmp_path / "out.html", files)
    assert lead(tree) == (
        "The systems have no type in common, so they can't be compared; "
        "--all-types counts what a system can't express, as false negatives."
    )
    # What is advised leads to an answer.
    assert lead(written(tmp_path / "all.html", files, "--all-types")).startswith(
        "rules and jieba can't be told apart: "
    )


def test_systems_of_one_name_are_all_there(gold: Gold) -> None:
    tree = page(gold, result(gold, {}), result(gold, {}), result(gold, {}))
    assert len(tree.find("ul", class_="why")[0].find("li")) == 3
    assert len(verdicts(tree)) == 3


def pair(**known: Any) -> Comparison:
    """A comparison of x and y."""
    figures: dict[str, Any] = {"difference": 0.1, "interval": Interval(0.05, 0.15), "deviation": 0.02, "holm": 0.01}
    tested = {"randomisation": 0.01, "bootstrap": 0.01, "units": 30, "differing": 20}
    return Comparison(a="x", b="y", **{**figures, **tested, **known})


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "y is better than x: +0.100 F1, 95 % +0.050 to +0.150, p = 0.0100 after Holm."),
        (
            {"difference": -0.1, "interval": Interval(-0.15, 0.0)},
            "x is better than y: +0.100 F1, 95 % +0.000 to +0.150, p = 0.0100 after Holm.",
        ),
        ({"holm": 0.00001}, "y is better than x: +0.100 F1, 95 % +0.050 to +0.150, p < 0.0001 after Holm."),
        (
            {"holm": 0.05},
            "y and x can't be told apart: +0.100 F1, 95 % +0.050 to +0.150, p = 0.0500 after Holm; with this gold a "
            "difference of 0.056 could have been detected (in 80 % of the cases, before Holm).",
        ),
        (
            {"difference": None, "interval": None, "holm": None, "reason": "F1 is undefined for one of the two"},
            "x and y can't be compared: F1 is undefined for one of the two.",
        ),
        (
            {"difference": -0.0, "differing": 0, "deviation": None, "holm": 1.0, "reason": "both have the same counts"},
            "y and x can't be told apart: both have the same counts.",
        ),
    ],
)
def test_a_pair_in_a_sentence(known: dict[str, Any], expected: str) -> None:
    assert verdict(pair(**known), 3) == expected
    assert told_apart(pair(**known)) == ("better" in expected)
