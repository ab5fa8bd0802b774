"""The suite as rows: every text once, each with what it was made of, and the labels as the suite has them."""

import tyez_bench
from tyez_bench.io.export.columns import STRESS
from tyez_bench.io.export.rows import Row
from tyez_bench.stress.cases import Change, moved
from tyez_bench.stress.suite import names, stress_rows, suite

PAGE = tyez_bench.load()
SUITE = suite()
ROWS: dict[str, Row] = {row["id"]: row for row in stress_rows(SUITE, PAGE)}


def test_a_row_a_text_in_the_columns_of_the_config() -> None:
    assert list(ROWS) == [text.id for text in SUITE.gold]
    assert all(list(row) == list(STRESS) for row in ROWS.values())


def test_labels_are_those_of_the_suite() -> None:
    for text in SUITE.gold:
        row = ROWS[text.id]
        assert row["text"] == text.text
        assert [(e["start"], e["end"], e["type"], e["text"]) for e in row["entities"]] == [
            (e.start, e.end, str(e.type), e.text) for e in text.entities
        ]


def test_a_case_can_be_put_together_from_its_rows() -> None:
    for case in SUITE.cases:
        last = ROWS[case.texts[-1].id]
        assert (last["case"], last["capability"], last["template"], last["kind"]) == (
            case.id,
            case.capability,
            case.template,
            case.kind,
        )
        assert last["before"] == (case.texts[0].id if len(case.texts) == 2 else None)


def test_an_offset_map_takes_the_labels_of_the_sentence_to_those_of_the_changed_text() -> None:
    changed = [row for row in ROWS.values() if row["source_sentence"] and row["before"]]
    assert len(changed) > 50
    for row in changed:
        changes = [Change(**change) for change in row["offset_map"]]
        before = ROWS[row["before"]]
        assert before["source_sentence"] == row["source_sentence"] == row["template"]
        assert [moved(e["start"], e["end"], changes) for e in before["entities"]] == [
            (e["start"], e["end"]) for e in row["entities"]
        ]


def test_sentences_of_the_page_have_the_labels_of_the_gold() -> None:
    sentences = {row["id"]: row for row in tyez_bench.load_dataset("sentences", split="test")}
    own = [row for row in ROWS.values() if row["capability"] == "page"]
    assert own
    for row in own:
        gold = sentences[row["source_sentence"]]
        assert row["text"] == gold["text"]
        facts = ("start", "end", "type", "status", "role", "value", "code", "rule", "alternatives", "depth")
        assert [[e[name] for name in facts] for e in row["entities"]] == [
            [e[name] for name in facts] for e in gold["entities"]
        ]


def test_names_of_the_page_are_marked() -> None:
    known = names(PAGE)
    assert ("太原", "PLACE") in known
    marked = {(e["text"], e["type"]) for row in ROWS.values() for e in row["entities"] if e["on_page"]}
    assert marked <= known
    assert ("太原", "PLACE") in marked
    assert all(e["on_page"] for row in ROWS.values() if row["capability"] == "page" for e in row["entities"])
    others = [e for row in ROWS.values() if not row["source_sentence"] for e in row["entities"]]
    assert sum(e["on_page"] for e in others) < len(others) / 20
