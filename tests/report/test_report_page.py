"""The page of a report: what it holds, and that it is nothing but itself."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import html_tree
import pytest
from html_tree import Node
from page_results import COMMITTED, found, own_gold, page, result, spans

import hostile_files as hostile
import tyez_bench
from tyez_bench.cli import main
from tyez_bench.gold.gold import Gold
from tyez_bench.model.errors import UsageError
from tyez_bench.report.html.elements import shown
from tyez_bench.report.html.marks import Result
from tyez_bench.report.html.page import report_page
from tyez_bench.report.table import bounds, figure
from tyez_bench.scoring.bootstrap import Interval
from tyez_bench.scoring.diagnosis import KINDS


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The page of the committed predictions, by the command."""
    path = tmp_path_factory.mktemp("report") / "out.html"
    assert main(["report", *map(str, COMMITTED), "--html", str(path)]) == 0
    return path.read_bytes()


@pytest.fixture(scope="module")
def tree(committed: bytes) -> Node:
    """The same, read."""
    return html_tree.read(committed)


@pytest.fixture(scope="module")
def injected(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """The page of hostile files."""
    folder = tmp_path_factory.mktemp("hostile")
    assert main(["report", *hostile.arguments(folder), "--html", str(folder / "out.html")]) == 0
    return html_tree.read((folder / "out.html").read_bytes())


def test_it_refers_to_nothing_outside_itself(tree: Node) -> None:
    for node in tree.walk():
        assert node.name not in ("link", "img", "iframe", "object", "embed", "base", "image", "use")
        for name, value in node.attributes.items():
            assert name not in ("src", "srcset", "style", "action", "formaction", "background")
            assert not name.startswith("on")
            assert name != "href" or str(value).startswith("#")
    inside = "".join(node.text() for node in tree.find("style") + tree.find("script"))
    assert not re.search(r"https?:|//[a-z]|url\(|@import|@font-face|fetch|XMLHttp|WebSocket|import\(|eval", inside)


def test_the_policy_allows_its_own_style_and_script_alone(tree: Node) -> None:
    [meta] = tree.find("meta", http_equiv="Content-Security-Policy")
    policy = dict(part.strip().split(" ", 1) for part in str(meta.attributes["content"]).split(";"))
    for name in ("style", "script"):
        [node] = tree.find(name)
        digest = base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()
        assert policy.pop(f"{name}-src") == f"'sha256-{digest}'"
    assert policy == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'"}


def test_the_same_predictions_give_the_same_bytes(committed: bytes, tmp_path: Path) -> None:
    """In another process, with other hashes of strings, too."""
    out = tmp_path / "again.html"
    command = [sys.executable, "-m", "tyez_bench", "report", *map(str, COMMITTED), "--html", str(out)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "7"})
    assert out.read_bytes() == committed


def table(tree: Node, caption: str) -> list[list[str]]:
    """The cells of the first table whose caption begins so, its head first."""
    found = next(t for t in tree.find("table") if t.find("caption")[0].text().startswith(caption))
    return [[cell.text() for cell in row.children if isinstance(cell, Node)] for row in found.find("tr")]


def scores(capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, object]]:
    """What ``tyez-bench score --json`` prints of the committed predictions."""
    capsys.readouterr()
    assert main(["score", *map(str, COMMITTED), "--json", *more]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_scores_are_those_of_the_command_score(tree: Node, capsys: pytest.CaptureFixture[str]) -> None:
    for report in scores(capsys):
        head, *rows = table(tree, f"{report['system']}: strict, by type")
        assert head == ["", "P", "R", "F1", "95 %", "TP", "FP", "FN", "gold"]
        expected = []
        for name, row in report["scores"].items():  # type: ignore[attr-defined]
            figures = [figure(row[measure]) for measure in ("precision", "recall", "f1")]
            interval = bounds(Interval(*row["f1_interval"])) if row["f1_interval"] else "–"
            expected.append([name, *figures, interval, *(str(row[count]) for count in ("tp", "fp", "fn", "gold"))])
        assert rows == expected


def test_plots_say_the_same_figures(tree: Node, capsys: pytest.CaptureFixture[str]) -> None:
    words = [item.text() for plot in tree.find("figure") for item in plot.find("li")]
    for letter, report in zip("ABC", scores(capsys), strict=True):
        for name, row in report["scores"].items():  # type: ignore[attr-defined]
            said = f"{letter} {report['system']} {figure(row['f1'])} ({bounds(Interval(*row['f1_interval']))})"
            assert any(line.startswith(said) for line in words), (name, said)


def test_bars_are_as_long_as_their_figures(tree: Node, capsys: pytest.CaptureFixture[str]) -> None:
    """The bar of a type is its F1, the line on it the interval."""
    by_type = tree.find("figure")[1]
    drawn = [bar.attributes["width"] for bar in by_type.find("rect", class_="bar")]
    lines = [(w.attributes["x1"], w.attributes["x2"]) for w in by_type.find("line", class_="whisker")]
    rows = []
    for type_ in ("PLACE", "ORG", "MONEY", "DATE"):
        rows += [report["scores"][type_] for report in scores(capsys) if type_ in report["scores"]]  # type: ignore[index,operator]
    assert drawn == [f"{100 * row['f1']:.3f}%" for row in rows]
    assert lines == [tuple(f"{100 * bound:.3f}%" for bound in row["f1_interval"]) for row in rows]


def test_errors_and_confusion_are_those_of_the_command_score(tree: Node, capsys: pytest.CaptureFixture[str]) -> None:
    for letter, report in zip("ABC", scores(capsys, "--errors"), strict=True):
        diagnosis = report["diagnosis"]
        _, *kinds = table(tree, f"{report['system']}: errors")
        expected = [
            [name, *(str(kind[n]) for n in ("errors", "false_negatives", "false_positives")), figure(kind["mended"])]
            for name, kind in diagnosis["kinds"].items()  # type: ignore[index]
        ]
        assert [row[:5] for row in kinds] == expected
        head, *matrix = table(tree, f"{letter} {report['system']}: gold (rows)")
        confusion = {row[0]: dict(zip(head[1:], map(int, row[1:]), strict=True)) for row in matrix}
        assert confusion == diagnosis["confusion"]  # type: ignore[index]


def test_every_signature_is_shown(tree: Node, capsys: pytest.CaptureFixture[str]) -> None:
    shown_lines = [node.text() for node in tree.find("code")]
    for report in scores(capsys):
        assert shown_lines.count(str(report["signature"])) == 2


def test_every_gold_span_and_every_prediction_is_there_once(tree: Node, gold: Gold) -> None:
    found = spans(tree.find("article"))
    systems = [tyez_bench.read_predictions(path, gold) for path in COMMITTED]
    for document, marks in zip(gold, found, strict=True):
        expected = Counter(("gold", e.start, e.end, str(e.type)) for e in document.entities)
        for letter, predictions in zip("ABC", systems, strict=True):
            expected.update((letter, e.start, e.end, str(e.type)) for e in predictions[document.id].entities)
        assert marks == expected


def test_the_text_is_there_once_and_whole(tree: Node, gold: Gold) -> None:
    for document, article in zip(gold, tree.find("article"), strict=True):
        rows = [words.text(("lanes",)) for words in article.find("span", class_="words")]
        assert "".join(rows) == document.text.replace("\n", "")


def test_marks_begin_and_end_under_the_characters_that_they_mark(tree: Node, gold: Gold) -> None:
    """Columns of a piece are cut at the edges of its marks, and a mark starts and ends with one."""
    seen = 0
    for document, article in zip(gold, tree.find("article"), strict=True):
        for piece in article.find("span", class_="piece"):
            cells = [cell.text() for cell in piece.find("i")]
            assert "".join(cells) == piece.text(("lanes",))
            for mark in piece.find("button", type="button"):
                place = {name[0]: int(name[1:]) for name in mark.classes if re.fullmatch("[xwy][0-9]+", name)}
                covered = "".join(cells[place["x"] - 1 : place["x"] - 1 + place["w"]])
                text = document.text[int(str(mark.attributes["data-start"])) : int(str(mark.attributes["data-end"]))]
                assert text == covered or ("on" in mark.classes and text.startswith(covered))
                seen += 1
    assert seen > 500


def test_the_outcomes_of_marks_add_up_to_the_diagnosis(tree: Node, capsys: pytest.CaptureFixture[str]) -> None:
    for letter, report in zip("ABC", scores(capsys, "--errors"), strict=True):
        gold, predicted = Counter[str](), Counter[str]()
        for mark in [node for article in tree.find("article") for node in article.find("button", type="button")]:
            told = dict(pair.split(":") for pair in str(mark.attributes["data-outcomes"]).split())
            if mark.attributes["data-lane"] == "gold":
                gold[told[letter]] += 1
            elif letter in told:
                predicted[told[letter]] += 1
        kinds = report["diagnosis"]["kinds"]  # type: ignore[index]
        for kind in KINDS:
            name = kind.replace(" ", "-")
            assert (gold[name], predicted[name]) == (kinds[kind]["false_negatives"], kinds[kind]["false_positives"])
        micro = report["scores"]["micro"]  # type: ignore[index]
        assert gold["right"] == predicted["right"] == micro["tp"]
        assert predicted["not-counted"] == report["ignored_pred"]


def note(tree: Node, **mark: str) -> str:
    """What is told of the mark with these attributes."""
    [button] = [found for article in tree.find("article") for found in article.find("button", **mark)]
    [tip] = tree.find("span", id=str(button.attributes["aria-describedby"]))
    return tip.text()


def test_a_gold_span_tells_what_the_gold_says_of_it(tree: Node, gold: Gold) -> None:
    found = [node for article in tree.find("article") for node in article.find("button", data_lane="gold")]
    tips = {node.attributes["id"]: node for node in tree.find("span", class_="tip")}
    entities = [entity for _, entity in gold.entities()]
    for entity, button in zip(entities, found, strict=True):
        told = tips[button.attributes["aria-describedby"]].text()
        facts = [str(entity.type), entity.text, f"status {entity.status}", f"rule {entity.rule}"]
        facts += [f"{name} {value}" for name in ("role", "code") if (value := getattr(entity, name)) is not None]
        assert all(fact in told for fact in facts), (facts, told)
        assert ("value " in told) == (entity.value is not None)
        assert ("nested in" in told) == (entity.parent is not None)
        assert button.find("span", class_="spoken")[0].text() == f"gold {entity.type} {entity.text}"


@pytest.fixture
def own(tmp_path: Path) -> Gold:
    """A gold set of one's own, with a nested span, an optional one, an alternative, and values."""
    return own_gold(tmp_path)


def test_a_prediction_tells_the_error_that_it_belongs_to(own: Gold) -> None:
    tree = page(own, result(own, found((0, 3, "PLACE"), (4, 6, "DATE"), (8, 11, "MONEY"))))
    wrong = note(tree, data_lane="A", data_start="0")
    assert "outcome boundary and type" in wrong
    assert "the gold has ORG 太原市委" in wrong
    assert "rule O1" in wrong
    assert "outcome not counted" in note(tree, data_lane="A", data_start="4")
    assert "outcome right" in note(tree, data_lane="A", data_start="8")
    assert "A boundary and type: PLACE 太原市" in note(tree, data_lane="gold", data_end="4")
    assert "A not counted: of another layer" in note(tree, data_lane="gold", data_end="3")
    assert "A not counted: optional" in note(tree, data_lane="gold", data_start="4")
    money = note(tree, data_lane="gold", data_start="8")
    assert "value 100000000 CNY, MORE_THAN" in money
    assert "also accepted 1亿元以上" in money


def test_marks_of_one_error_share_its_id(own: Gold) -> None:
    tree = page(own, result(own, found((0, 2, "ORG"), (2, 4, "PLACE"))), result(own, found((0, 4, "ORG"))))
    article = tree.find("article")[0]
    [gold] = article.find("button", data_lane="gold", data_start="0", data_end="4")
    parts = article.find("button", data_lane="A")
    assert [part.attributes["data-outcomes"] for part in parts] == ["A:split", "A:split"]
    assert {part.attributes["data-errors"] for part in parts} == {"A1"}
    assert (gold.attributes["data-errors"], gold.attributes["data-outcomes"]) == ("A1", "A:split B:right")


def test_what_is_not_in_the_text_is_listed_under_it(own: Gold) -> None:
    tree = page(own, result(own, found(unlocated=[("北京", "PLACE"), ("北京", "PLACE")])))
    [listed] = tree.find("div", class_="nowhere")
    assert [item.find("span")[0].text() for item in listed.find("li")] == ["北京", "北京"]
    errors = [button.attributes["data-errors"] for button in listed.find("button")]
    assert len(set(errors)) == 2
    assert all(button.attributes["data-outcomes"] == "A:spurious" for button in listed.find("button"))


def test_a_missed_span_leaves_a_gap_in_the_lane_of_the_system(own: Gold) -> None:
    tree = page(own, result(own, {}))
    gaps = tree.find("article")[0].find("span", class_="gap")
    assert [gap.attributes["data-outcomes"] for gap in gaps] == ["A:missed", "A:missed"]
    assert "no predictions for a: counted as empty" in tree.text()


def test_other_layers_with_overlapping_predictions_are_drawn(own: Gold) -> None:
    predicted = found((0, 4, "ORG"), (0, 3, "PLACE"), (2, 6, "DATE"))
    tree = page(own, result(own, predicted, layer="all"))
    expected = [("A", 0, 3, "PLACE"), ("A", 0, 4, "ORG"), ("A", 2, 6, "DATE")]
    assert sorted(span for span in spans(tree.find("article"))[0] if span[0] == "A") == expected
    lanes = {
        name
        for button in tree.find("button", data_lane="A")
        for name in button.classes
        if re.fullmatch("y[0-9]+", name)
    }
    assert len(lanes) == 3


def test_empty_gold_and_undefined_figures_are_shown(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text('{"id": "a", "text": "", "entities": []}\n', "utf-8")
    empty = tyez_bench.load(tmp_path / "own.jsonl")
    tree = page(empty, result(empty, {}))
    assert table(tree, "predictions: strict")[-1] == ["micro", "–", "–", "–", "–", "0", "0", "0", "0"]
    assert "no errors" in tree.text()


def test_as_many_systems_as_letters_have_a_lane_each(tmp_path: Path) -> None:
    """Each is in the heading, the plots, the tables and the filters; its marks are below those of the one before."""
    own = own_gold(tmp_path)
    right = [(0, 4, "ORG"), (8, 11, "MONEY")]
    results = [result(own, found(*right[: 1 + number % 2])) for number in range(26)]
    tree = page(own, *results)
    letters = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    (heading,) = tree.find("ul", class_="systems")
    assert [node.text() for node in heading.find("b")] == letters
    lanes = [str(node.attributes["value"]) for node in tree.find("input", name="lane")]
    assert lanes == ["gold", *letters]
    marks = [mark for mark in tree.find("button", type="button") if mark.attributes.get("data-start") == "0"]
    lane = {str(mark.attributes["data-lane"]): str(mark.attributes["class"]) for mark in marks}
    assert [int(re.findall(r"\by([0-9]+)", lane[letter])[0]) for letter in letters] == list(range(4, 30))
    (errors,) = [group for group in tree.find("div", class_="group") if group.text().startswith("missed")]
    assert [node.text() for node in errors.find("b")] == letters
    # What is long is folded: beyond three types, eight reasons, eight pairs.
    folded = [fold.find("summary")[0].text() for fold in tree.find("details", class_="fold")]
    assert {"18 more systems", "317 more pairs"} <= set(folded)
    assert len([row for row in table(tree, "strict micro over") if row[0] == "predictions"]) == 26


def test_more_systems_than_letters_are_refused(gold: Gold) -> None:
    one = result(gold, {})
    with pytest.raises(UsageError, match="1 to 26 systems, because each has a letter in its marks; got 27"):
        report_page(gold, [one] * 27)
    with pytest.raises(UsageError, match="got 0"):
        report_page(gold, [])


def test_matching_by_text_is_refused(gold: Gold) -> None:
    with pytest.raises(UsageError, match="marks positions in the text"):
        report_page(gold, [result(gold, {}, matching="set")])


def test_references_and_labels_lead_somewhere(tree: Node) -> None:
    ids = {node.attributes.get("id") for node in tree.walk()}
    for node in tree.walk():
        for name in ("aria-labelledby", "aria-describedby"):
            assert name not in node.attributes or node.attributes[name] in ids
        if node.name == "a":
            assert str(node.attributes["href"]).removeprefix("#") in ids
        if node.name == "button":
            assert node.text().strip()
    for box in tree.find("label"):
        assert box.find("input")
        assert box.text().strip()


def test_headings_go_down_one_step_at_a_time(tree: Node) -> None:
    levels = [int(node.name[1]) for node in tree.walk() if re.fullmatch("h[1-6]", node.name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_heads(tree: Node) -> None:
    for one in tree.find("table"):
        assert one.find("caption")[0].text()
        assert all(cell.attributes["scope"] in ("col", "row") for cell in one.find("th"))
        assert all(row.children[0].name == "th" for row in one.find("tbody")[0].find("tr"))  # type: ignore[union-attr]


def test_chinese_is_marked_as_such(tree: Node) -> None:
    assert tree.find("html")[0].attributes["lang"] == "en"
    ids = {node.attributes.get("id"): node for node in tree.walk()}
    for article in tree.find("article"):
        heading = ids[article.attributes["aria-labelledby"]]
        assert "zh" in (heading.attributes.get("lang"), *(one.attributes.get("lang") for one in heading.find("span")))
        assert article.find("div", class_="text")[0].attributes["lang"] == "zh"


def test_hostile_words_stay_text(injected: Node) -> None:
    """No element of theirs is there, and every word of theirs is."""
    names = {node.name for node in injected.walk()}
    assert not names & {"img", "u", "s"}
    assert not injected.find(id="injected")
    assert len(injected.find("script")) == len(injected.find("style")) == 1
    article = injected.find("article")[0]
    rows = "".join(words.text(("lanes",)) for words in article.find("span", class_="words"))
    assert rows == shown(hostile.TEXT.replace("\n", ""))
    text = injected.text()
    for word in (hostile.NAME, hostile.ID, f"</button>{hostile.MARKUP}", hostile.ODD, hostile.QUOTES):
        assert shown(word) in text


def test_hostile_words_hold_no_character_that_turns_the_line_or_cannot_be_seen(injected: Node) -> None:
    strange = set(hostile.ODD) - set("[31mA")
    written = "".join(node.text() + "".join(map(str, node.attributes.values())) for node in injected.walk())
    assert not strange & set(written)


def test_a_name_that_is_no_unicode_is_written_as_valid_utf_8(gold: Gold) -> None:
    """The bytes of a file's name need be no text; Python then has lone surrogates."""
    one = result(gold, {})
    named = Result(replace(one.report, system=os.fsdecode(b"model-\xff")), one.cases, one.diagnosis)
    assert "model-⟨U+DCFF⟩" in page(gold, named).text()
