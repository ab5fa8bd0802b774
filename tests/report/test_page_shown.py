"""What the page shows of a gold set that is too large for it: a sample that is drawn, counted, and told."""

import json
import random
from collections import Counter
from pathlib import Path

import html_tree
import pytest
from html_tree import Node
from page_results import COMMITTED, found, own_gold, page, result, spans

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.gold.gold import Gold
from tyez_bench.report.html import page as module
from tyez_bench.report.html.marks import ERRORS
from tyez_bench.report.html.shown import ALL_RIGHT, NO_SPAN, Sentences, drawn, sentences_of

TEXT = "昨天上午华新公司在江北市宣布投资三千万元。"
SPANS = ((0, 2, "DATE"), (4, 8, "ORG"), (9, 12, "PLACE"), (16, 20, "MONEY"))


def large(folder: Path, sentences: int, systems: int) -> list[str]:
    """A gold set of so many sentences in documents of 1 to 9, and systems that are wrong in one span of ten."""
    rng = random.Random(5)
    gold, files = [], [[] for _ in range(systems)]  # type: ignore[var-annotated]
    while sentences:
        size = min(sentences, rng.randint(1, 9))
        sentences -= size
        lines = range(0, size * (len(TEXT) + 1), len(TEXT) + 1)
        entities = [(at + start, at + end, type_) for at in lines for start, end, type_ in SPANS]
        id_ = f"d{len(gold)}"
        gold.append({"id": id_, "text": "\n".join([TEXT] * size), "entities": as_json(entities)})
        for file in files:
            kept = [
                (start, end - (rng.random() < 0.05), type_)
                for start, end, type_ in entities
                if rng.random() < 0.95 and end - start > 1
            ]
            file.append({"id": id_, "entities": as_json(kept)})
    names = [folder / "gold.jsonl", *(folder / f"s{n}.jsonl" for n in range(systems))]
    for name, records in zip(names, [gold, *files], strict=True):
        name.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return [*map(str, names[1:]), "--gold", str(names[0]), "--draws", "20"]


def as_json(entities: list[tuple[int, int, str]]) -> list[dict[str, object]]:
    """Spans as they stand in files."""
    return [{"start": start, "end": end, "type": type_} for start, end, type_ in entities]


def written(path: Path, *argv: str) -> Node:
    """The page of some arguments, read."""
    assert main(["report", *argv, "--html", str(path)]) == 0
    return html_tree.read(path.read_bytes())


def rows(tree: Node) -> list[Node]:
    """The sentences that are shown."""
    return [row for article in tree.find("article") for row in article.find("p", class_="row")]


def said(tree: Node) -> str:
    """What is said of the sample."""
    return " ".join(node.text() for node in tree.find("p", class_="sample"))


@pytest.fixture(scope="module")
def committed_sentences(gold: Gold) -> Sentences:
    """Those of the built-in gold, with three systems."""
    systems = [tyez_bench.read_predictions(path, gold) for path in COMMITTED]
    return sentences_of([result(gold, predictions) for predictions in systems])


def test_every_sentence_is_drawn_once_and_a_shorter_sample_begins_the_same(committed_sentences: Sentences) -> None:
    whole = drawn(committed_sentences, committed_sentences.total, 3)
    assert len(set(whole)) == len(whole) == committed_sentences.total
    assert all(drawn(committed_sentences, number, 3) == whole[:number] for number in (0, 1, 20, 1000))
    assert drawn(committed_sentences, 20, 4) != whole[:20]


def test_every_stratum_has_its_turn(committed_sentences: Sentences) -> None:
    """As many as there are strata show an error of each kind of each system, what is right, and what is empty."""
    strata = committed_sentences.strata
    assert {kind for _, kind in strata} > {"missed", "spurious", "split", ALL_RIGHT, NO_SPAN}
    for seed in range(20):
        first = set(drawn(committed_sentences, len(strata), seed))
        assert all(first & set(places) for places in strata.values() if places)


def test_strata_are_the_errors_of_the_diagnosis(gold: Gold) -> None:
    predictions = tyez_bench.read_predictions(COMMITTED[0], gold)
    one = result(gold, predictions)
    sentences = sentences_of([one])
    expected = Counter[str]()
    for error in one.diagnosis.errors:
        expected[error.kind] += 1
    for kind in ERRORS:
        places = sentences.strata.get(("A", kind), ())
        assert bool(places) == bool(expected[kind])
        assert len(places) <= 2 * expected[kind]
    counted = sentences.kinds()
    wrong = {place for (_, kind), places in sentences.strata.items() if kind in ERRORS for place in places}
    assert counted[ALL_RIGHT] + counted[NO_SPAN] + len(wrong) == sentences.total


def test_a_small_gold_set_is_shown_whole_and_nothing_is_said(gold: Gold, tmp_path: Path) -> None:
    tree = written(tmp_path / "out.html", str(COMMITTED[0]))
    assert said(tree) == ""
    assert len(rows(tree)) == sum(len(document.sentences) or 1 for document in gold)


def test_as_many_sentences_as_are_asked_for(tmp_path: Path) -> None:
    argv = large(tmp_path, 60, 2)
    tree = written(tmp_path / "out.html", *argv, "--sample", "13", "--seed", "4")
    assert len(rows(tree)) == 13
    assert said(tree).startswith("13 of 60 lines are shown, drawn with seed 4; --sample N shows N of them.")
    again = written(tmp_path / "again.html", *argv, "--sample", "13", "--seed", "4")
    other = written(tmp_path / "other.html", *argv, "--sample", "13", "--seed", "5")
    assert spans(tree.find("article")) == spans(again.find("article")) != spans(other.find("article"))
    whole = written(tmp_path / "whole.html", *argv, "--sample", "60")
    assert (len(rows(whole)), said(whole)) == (60, "")


def test_what_is_shown_of_what_is_told(tmp_path: Path) -> None:
    """The table of the draw adds up; the other figures are of all sentences."""
    argv = large(tmp_path, 60, 2)
    sampled, whole = (written(tmp_path / "out.html", *argv, "--sample", number) for number in ("13", "60"))
    [drawn_] = [t for t in sampled.find("table") if t.find("caption")[0].text().startswith("lines by kind of error")]
    for row in drawn_.find("tbody")[0].find("tr"):
        shown, number = (int(cell.text()) for cell in row.find("td"))
        assert 0 < shown <= number
    for name in ("answer", "why", "types", "errors", "figures"):
        both = [section.text() for tree in (sampled, whole) for section in tree.find("section", aria_labelledby=name)]
        assert both[0] == both[1]


@pytest.mark.parametrize(("systems", "limit"), [(1, 200_000), (3, 300_000), (8, 500_000)])
def test_a_page_is_no_larger_than_its_bound(
    systems: int, limit: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not much smaller: what there is room for is shown."""
    monkeypatch.setattr(module, "LARGEST", limit)
    tree = written(tmp_path / "out.html", *large(tmp_path, 400, systems))
    assert 0.8 * limit < (tmp_path / "out.html").stat().st_size < limit
    number = len(rows(tree))
    assert said(tree).startswith(f"{number} of 400 lines are shown, ")


def test_a_number_that_is_asked_for_has_no_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 100_000)
    tree = written(tmp_path / "out.html", *large(tmp_path, 100, 3), "--sample", "80")
    assert len(rows(tree)) == 80


def test_more_sentences_than_anybody_reads_are_drawn_from(tmp_path: Path) -> None:
    tree = written(tmp_path / "out.html", *large(tmp_path, 700, 1))
    assert len(rows(tree)) == module.MOST == 500
    assert (tmp_path / "out.html").stat().st_size < module.LARGEST


def test_a_span_that_begins_in_a_sentence_that_is_not_shown_can_be_reached(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"id": "a", "text": "太原\\n市委\\n在北京", "entities": [{"start": 0, "end": 5, "type": "ORG"}]}\n', "utf-8"
    )
    gold = tyez_bench.load(path)
    one = result(gold, {})
    # Each of the sentences alone.
    for seed in range(12):
        report = tyez_bench.score(gold, {}, settings=tyez_bench.Settings(draws=20, seed=seed))
        tree = html_tree.read(module.report_page(gold, [type(one)(report, one.cases, one.diagnosis)], sample=1))
        [row] = rows(tree)
        text = row.find("span", class_="words")[0].text(("lanes",))
        gold_marks = row.find("button", data_lane="gold")
        assert len(gold_marks) == (0 if text == "在北京" else 1)


def test_a_long_document_is_folded_in_parts_and_its_marks_are_there_once(tmp_path: Path) -> None:
    """A span across two parts among them."""
    line = "太原市委在北京\n"
    entities = [(at * len(line), at * len(line) + 4, "ORG") for at in range(60) if at % 25]
    entities.append((24 * len(line) + 5, 25 * len(line) + 2, "PLACE"))
    record = {"id": "long", "text": line * 60, "entities": as_json(sorted(entities))}
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(record) + "\n", "utf-8")
    gold = tyez_bench.load(path)
    tree = page(gold, result(gold, {}))
    articles = tree.find("article")
    assert [len(article.find("p", class_="row")) for article in articles] == [25, 25, 10]
    assert [node.text() for node in tree.find("summary") for node in node.find("h3", lang="zh")] == [
        "long 1–25",
        "long 26–50",
        "long 51–60",
    ]
    marks = sum(spans(articles), Counter())
    assert marks == Counter(("gold", start, end, type_) for start, end, type_ in entities)
    counts = [found_.text() for found_ in tree.find("span", class_="facts")]
    assert [line.split(" · ")[1] for line in counts] == ["25 gold spans", "24 gold spans", "9 gold spans"]


def test_a_document_without_text_is_there(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"id": "e", "text": "", "entities": []}\n{"id": "f", "text": "在北京", "entities": []}\n', "utf-8")
    gold = tyez_bench.load(path)
    tree = page(gold, result(gold, {}))
    assert [article.find("h4")[0].text() for article in tree.find("article")] == [
        "e 0 gold spans · A predictions: 0 of 0 right",
        "f 0 gold spans · A predictions: 0 of 0 right",
    ]


def test_many_labels_are_named_in_the_tables(tmp_path: Path) -> None:
    """Headings name the first, matrices have those with most errors, and both say so."""
    text, entities = "太" * 80, [(at, at + 1, f"L{at:02}") for at in range(80)]
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({"id": "a", "text": text, "entities": as_json(entities)}) + "\n", "utf-8")
    gold = tyez_bench.load(path)
    tree = page(gold, result(gold, found((3, 4, "L70"), (5, 6, "L05"), (70, 71, "L03"))))
    [matrix] = [t for t in tree.find("table") if "gold (rows)" in t.find("caption")[0].text()]
    assert len(matrix.find("tr")) == 25
    assert {"L03", "L70", "∅"} <= {cell.text() for cell in matrix.find("th")}
    assert "the 23 labels with most errors of 80" in tree.text()
    [types] = tree.find("section", aria_labelledby="types")
    assert [node.text() for node in types.find("summary")] == ["48 more types"]
    assert "20 more types: in the tables of “Every figure”" in types.text()
    strict = next(t for t in tree.find("table") if t.find("caption")[0].text().endswith("strict, by type"))
    assert len(strict.find("tbody")[0].find("tr")) == 81


def test_mentions_without_a_place_are_listed_where_the_text_is_shown(tmp_path: Path) -> None:
    own = own_gold(tmp_path)
    one = result(own, found(unlocated=[("北京", "PLACE")]))
    tree = html_tree.read(module.report_page(own, [one], sample=1))
    assert [item.find("span")[0].text() for item in tree.find("div", class_="nowhere")[0].find("li")] == ["北京"]
    assert page(own, one).find("div", class_="nowhere")


def test_of_many_documents_without_predictions_some_are_named_and_all_counted(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    entity = '{"start": 0, "end": 2, "type": "PLACE"}'
    path.write_text("".join(f'{{"id": "d{n}", "text": "北京", "entities": [{entity}]}}\n' for n in range(40)), "utf-8")
    gold = tyez_bench.load(path)
    text = page(gold, result(gold, {})).text()
    assert "d28, d29, and 10 more: counted as empty" in text
    assert "d30, " not in text.partition("counted as empty")[0]


def test_a_sample_is_of_the_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["report", "nothing.jsonl", "--sample", "5", "--png", str(tmp_path / "png")]) == 2
    assert capsys.readouterr().err == "tyez-bench: --sample applies to the page: expected --html FILE\n"
    with pytest.raises(SystemExit):
        main(["report", "nothing.jsonl", "--sample", "0", "--html", str(tmp_path / "out.html")])
    assert "expected a whole number from 1" in capsys.readouterr().err
