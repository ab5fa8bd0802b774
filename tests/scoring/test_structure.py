"""The structure of nested gold: by hand, by another counter, and against annotations-evaluate."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from annotations_evaluate import evaluate
from hypothesis import given, settings
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.cli import main
from tyez_bench.report.json import structure_data
from tyez_bench.report.tables.comparisons import structure_tables
from tyez_bench.scoring.matching import match
from tyez_bench.scoring.schemes import Counts
from tyez_bench.scoring.score import cases_of
from tyez_bench.scoring.settings import Settings
from tyez_bench.scoring.spans import TypedSpan as Span
from tyez_bench.scoring.structure import Structure, structure_of

Triple = tuple[int, int, str]
FEW = Settings(draws=5)

NESTED: list[Triple] = [(0, 10, "A"), (2, 8, "B"), (3, 5, "A")]


def found(gold: list[Triple], predicted: list[Triple], **more: Any) -> Structure:
    """The structure of one document."""
    return tyez_bench.structure_spans([gold], [predicted], settings=FEW, **more)


def told(structure: Structure, ends: str = "strict") -> tuple[int, int, int, int, int]:
    """Of the edges gold, predicted, right, those whose ends were both found, and the misattached."""
    edges = structure.edges[ends]
    counts = edges.counts
    return counts.gold, counts.predicted, int(counts.right), edges.both_found, edges.misattached


@pytest.mark.parametrize(
    ("gold", "predicted", "strict", "type_"),
    [
        (NESTED, NESTED, (2, 2, 2, 2, 0), (2, 2, 2, 2, 0)),
        # The middle is missing: the innermost hangs on the outermost, which is not its place.
        (NESTED, [NESTED[0], NESTED[2]], (2, 1, 0, 0, 1), (2, 1, 0, 0, 1)),
        # One too many between two that are right: spans right, nesting wrong.
        ([NESTED[0], NESTED[2]], NESTED, (1, 2, 0, 1, 0), (1, 2, 0, 1, 0)),
        # An end is a character off: found by type alone.
        (NESTED[:2], [(0, 11, "A"), (2, 8, "B")], (1, 1, 0, 0, 0), (1, 1, 1, 1, 0)),
        # So far off that the one no longer lies in the other.
        ([(0, 10, "A"), (8, 10, "B")], [(0, 9, "A"), (8, 10, "B")], (1, 0, 0, 0, 0), (1, 0, 0, 1, 0)),
        # Another type is not found.
        (NESTED[:2], [(0, 10, "B"), (2, 8, "B")], (1, 1, 0, 0, 0), (1, 1, 0, 0, 0)),
        # Two types around, one of them found: half of the edges.
        ([(0, 9, "A"), (0, 9, "B"), (2, 4, "A")], [(0, 9, "B"), (2, 4, "A")], (2, 1, 1, 1, 0), (2, 1, 1, 1, 0)),
        # Two that cross, and one inside both.
        ([(0, 9, "A"), (5, 12, "B"), (6, 8, "A")], [(0, 9, "A"), (6, 8, "A")], (2, 1, 1, 1, 0), (2, 1, 1, 1, 0)),
        # The same characters are not inside.
        ([(0, 9, "A"), (0, 9, "B")], [(0, 9, "A"), (0, 9, "B")], (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)),
        (NESTED, [], (2, 0, 0, 0, 0), (2, 0, 0, 0, 0)),
        ([], NESTED, (0, 2, 0, 0, 0), (0, 2, 0, 0, 0)),
        ([], [], (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)),
    ],
)
def test_edges_by_hand(gold: list[Triple], predicted: list[Triple], strict: Any, type_: Any) -> None:
    structure = found(gold, predicted)
    assert (told(structure), told(structure, "type")) == (strict, type_)


def test_depths_by_hand() -> None:
    """A pair stands at the gold span's depth, though nothing is around the prediction; what is alone at its own."""
    gold = [*NESTED, (20, 24, "A")]
    structure = found(gold, [(2, 8, "B"), (3, 5, "B"), (30, 40, "A"), (31, 33, "A")])
    assert {depth: row.counts for depth, row in structure.depths.items()} == {
        1: Counts(2, 1),
        2: Counts(1, 2, 1),
        3: Counts(1, 1),
    }
    two = found([(0, 9, "A"), (0, 9, "B"), (2, 4, "A")], [])
    assert {depth: row.counts.gold for depth, row in two.depths.items()} == {1: 2, 3: 1}


def test_optional_spans_are_no_part_of_it() -> None:
    """Neither the optional one between two, nor the prediction that is it."""
    outer, maybe, inner = NESTED
    for predicted in ([outer, inner], NESTED):
        structure = found([outer, inner], predicted, optional=[[maybe]])
        assert told(structure) == (1, 1, 1, 1, 0)
        assert {depth: row.counts for depth, row in structure.depths.items()} == {
            1: Counts(1, 1, 1),
            2: Counts(1, 1, 1),
        }


def around(span: Span, side: list[Span]) -> list[Span]:
    """What lies around a span."""
    return [s for s in side if s.start <= span.start and span.end <= s.end and s[:2] != span[:2]]


def edges(side: list[Span]) -> set[tuple[Span, Span]]:
    """Pairs of a span and one around it, without another between the two."""
    return {(o, i) for i in side for o in around(i, side) if not any(o in around(m, side) for m in around(i, side))}


def side() -> st.SearchStrategy[list[Span]]:
    """Any spans: nested, crossing, of two types."""
    span = st.tuples(st.integers(0, 8), st.integers(1, 9), st.sampled_from("AB"))
    return st.lists(span.map(lambda s: Span(s[0], s[0] + s[1], s[2])), max_size=7, unique=True)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(documents=st.lists(st.tuples(side(), side(), st.floats(0, 1)), min_size=1, max_size=3))
def test_any_spans_by_another_counter(documents: Any) -> None:
    """Predictions are some of the gold, and others; depths and edges span by span."""
    corpus = [
        (gold, [*gold[: int(share * len(gold))], *(s for s in more if s not in gold)])
        for gold, more, share in documents
    ]
    structure = tyez_bench.structure_spans([g for g, _ in corpus], [p for _, p in corpus], settings=FEW)
    rows: dict[int, list[int]] = {}
    counted = {"strict": [0] * 5, "type": [0] * 5}
    for gold, predicted in corpus:
        pairs = match(gold, predicted).pairs
        depth = {(0, s): 1 + len(around(s, gold)) for s in gold} | {
            (1, s): 1 + len(around(s, predicted)) for s in predicted
        }
        depth |= {(1, p): depth[0, g] for g, p in pairs}
        for (number, span), where in depth.items():
            row = rows.setdefault(where, [0, 0, 0])
            row[number] += 1
            if number == 0 and (span, span) in pairs:
                row[2] += 1
        for ends, told_ in counted.items():
            of = {p: g for g, p in pairs if g.type == p.type and (ends == "type" or g == p)}
            ours, theirs = edges(gold), edges(predicted)
            known = [(of[o], of[i]) for o, i in theirs if o in of and i in of]
            both = sum(o in of.values() and i in of.values() for o, i in ours)
            right = sum(edge in ours for edge in known)
            for n, value in enumerate((len(ours), len(theirs), right, both, len(known) - right)):
                told_[n] += value
    assert {d: row.counts for d, row in structure.depths.items()} == {d: Counts(*row) for d, row in rows.items()}
    assert {ends: list(told(structure, ends)) for ends in structure.edges} == counted
    whole = tyez_bench.score_spans([g for g, _ in corpus], [p for _, p in corpus]).counts()
    for name in ("gold", "predicted", "right"):
        assert sum(getattr(row.counts, name) for row in structure.depths.values()) == getattr(whole, name)


def theirs(gold: list[Triple], predicted: list[Triple]) -> Any:
    """The nested report of annotations-evaluate 0.1.0."""
    record = {
        "document_id": "d",
        "gold": [{"label": t, "start": s, "end": e} for s, e, t in gold],
        "prediction": {"spans": [{"label": t, "start": s, "end": e} for s, e, t in predicted]},
    }
    return evaluate([record])


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[Triple], list[Triple]]:
    """Gold that nests and never crosses, of distinct boundaries; predictions are some of it, and others far away."""
    gold: list[Triple] = []

    def grow(start: int, end: int, level: int) -> None:
        gold.append((start, end, draw(st.sampled_from("AB"))))
        middle = (start + end) // 2
        for part in ((start, middle), (middle, end)):
            if level < 4 and part[1] - part[0] > 1 and draw(st.booleans()):
                grow(*part, level + 1)

    for number in range(draw(st.integers(0, 3))):
        grow(32 * number, 32 * number + 32, 1)
    kept = [span for span in gold if draw(st.integers(0, 3))]
    extra = [(200 + 8 * n, 206 + 8 * n, "A") for n in range(draw(st.integers(0, 2)))]
    extra += [(s + 1, s + 3, "B") for s, _, _ in extra[:1]]
    return gold, [*kept, *extra]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(trees())
def test_equals_annotations_evaluate_on_trees(both: tuple[list[Triple], list[Triple]]) -> None:
    """Where no boundary is half right, levels are our depths less one; edges are the same."""
    ours, report = found(*both), theirs(*both)
    for depth in range(1, 4):
        if depth in ours.depths:
            counts, level = ours.depths[depth].counts, report.level[str(depth - 1)].counts
            assert (counts.right, counts.predicted, counts.gold) == (level.correct, level.actual, level.possible)
        else:
            assert str(depth - 1) not in report.level
    same = report.structure
    for ends in ours.edges:
        gold, predicted, right, _, misattached = told(ours, ends)
        assert (right, predicted - right, gold - right, misattached) == (
            same.true_positives,
            same.false_positives,
            same.false_negatives,
            same.wrong_attachment,
        )


@pytest.mark.parametrize(
    ("gold", "predicted"),
    [
        (NESTED[:2], [(0, 11, "A"), (2, 8, "B")]),
        ([(0, 10, "A"), (8, 10, "B")], [(0, 9, "A"), (8, 10, "B")]),
        (NESTED, [(0, 10, "A"), (2, 9, "A"), (3, 5, "A")]),
        ([NESTED[0], NESTED[2]], NESTED),
    ],
)
def test_equals_annotations_evaluate_where_ends_are_off(gold: list[Triple], predicted: list[Triple]) -> None:
    counts, misattached = found(gold, predicted).edges["type"].counts, found(gold, predicted).edges["type"].misattached
    same = theirs(gold, predicted).structure
    assert (counts.right, counts.predicted, counts.gold, misattached) == (
        same.true_positives,
        same.true_positives + same.false_positives,
        same.true_positives + same.false_negatives,
        same.wrong_attachment,
    )


def test_where_annotations_evaluate_differs() -> None:
    """One parent a span: of two types around, the one that sorts first; B alone is a wrong attachment there."""
    gold, predicted = [(0, 9, "A"), (0, 9, "B"), (2, 4, "C")], [(0, 9, "B"), (2, 4, "C")]
    same = theirs(gold, predicted).structure
    assert (same.true_positives, same.false_negatives, same.wrong_attachment) == (0, 1, 1)
    assert told(found(gold, predicted)) == (2, 1, 1, 1, 0)


def test_of_documents(gold: tyez_bench.Gold) -> None:
    """The gold against itself: all right, as deep as it goes; what is not in the text counts at depth 1."""
    wanted = Settings(layer="all", draws=5)
    predictions = {
        document.id: tyez_bench.Prediction(
            id=document.id,
            entities=tuple(
                tyez_bench.PredictedEntity(start=e.start, end=e.end, type=e.type) for e in document.entities
            ),
            unlocated=(tyez_bench.model.documents.Unlocated(text="不在", type="ORG"),),
        )
        for document in gold
    }
    report = tyez_bench.score(gold, predictions, settings=wanted)
    structure = tyez_bench.structure(report, gold, predictions)
    required = [(d, e) for d in gold for e in d.entities if e.required]
    assert structure.depths[1].counts.predicted - structure.depths[1].counts.gold == len(gold)
    assert sum(row.counts.right for row in structure.depths.values()) == len(required)
    assert structure.edges["strict"].counts.right == structure.edges["strict"].counts.gold > 50
    assert structure.answers is None
    for name in ("gold", "predicted", "right"):
        total = sum(getattr(row.counts, name) for row in structure.depths.values())
        assert total == getattr(report.counts(), name)


@pytest.mark.parametrize("how", [{}, {"layer": "nested"}, {"layer": "all", "matching": "set"}])
def test_other_layers_have_none(gold: tyez_bench.Gold, how: dict[str, Any]) -> None:
    report = tyez_bench.score(gold, {}, settings=Settings(**how))
    with pytest.raises(
        tyez_bench.UsageError, match="the structure is that of all layers, by position, but the report is of layer"
    ):
        structure_of(report, [])


PREDICTIONS = Path(__file__).parents[2] / "data" / "predictions" / "spacy-ner.jsonl"


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["score", str(PREDICTIONS), "--layer", "all", "--structure", "--draws", "20"]
    assert main([*arguments, "--json"]) == 0
    structure = json.loads(capsys.readouterr().out)["structure"]
    assert list(structure["depths"])[:2] == ["1", "2"]
    for row in (*structure["depths"].values(), *structure["edges"].values()):
        assert (row["tp"] + row["fn"], row["tp"] + row["fp"]) == (row["gold"], row["predicted"])
        assert row["recall"] == row["tp"] / row["gold"]
        assert row["recall_interval"][0] <= row["recall"] <= row["recall_interval"][1]
    for output in ("text", "markdown", "latex"):
        assert main([*arguments, "--output-format", output]) == 0
        out = capsys.readouterr().out
        assert "strict, by depth" in out
        assert "ends overlap, same type" in out
        assert f"{structure['depths']['1']['f1']:.3f}" in out
    assert main(["score", str(PREDICTIONS), "--structure"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "expected --layer all" in captured.err
    assert main([*arguments, "--output-format", "csv"]) == 2
    assert "without --errors, --slices and --structure" in capsys.readouterr().err


def test_answers_of_a_model_are_told(gold: tyez_bench.Gold, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every document is answered; one answer names something that its text does not have."""
    path = tmp_path / "answers.jsonl"
    answers = [{"id": document.id, "text": document.text, "response": "[]"} for document in gold]
    answers[0]["response"] = json.dumps([{"text": "不在文中的名字", "type": "ORG"}], ensure_ascii=False)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in answers), "utf-8")
    arguments = ["score", str(path), "--input-format", "llm", "--layer", "all", "--structure", "--draws", "20"]
    assert main([*arguments, "--json"]) == 0
    found_ = json.loads(capsys.readouterr().out)["structure"]["answers"]
    assert found_ == {"number": len(gold), "unread": 0, "faults": {"unlocated": 1}, "rate": 1}
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "mentions not found in the text" in out
    assert "share read" in out


def test_where_there_is_no_interval_there_is_a_reason() -> None:
    """Of one text nothing can be drawn; what the gold does not have has no recall."""
    gold, predicted = [(0, 10, "A")], [(0, 10, "A"), (2, 8, "B")]
    data = structure_data(found(gold, predicted))
    alone = "it rests on one sentence alone, and so does every draw"
    deep, edges = data["depths"]["2"], data["edges"]["strict"]
    assert (deep["recall_interval"], deep["recall_interval_reason"]) == (None, "undefined: the gold has none")
    assert (deep["f1_interval"], deep["f1_interval_reason"]) == (None, alone)
    assert data["depths"]["1"]["recall_interval_reason"] == edges["precision_interval_reason"] == alone
    for row in (*data["depths"].values(), *data["edges"].values()):
        for measure in ("precision", "recall", "f1"):
            assert (row[f"{measure}_interval"] is None) == (f"{measure}_interval_reason" in row)
    depths, nesting = structure_tables("s", found(gold, predicted))
    assert depths.notes[-1] == f"–: depth 1; depth 2: {alone}"
    assert nesting.notes[-1] == f"–: ends right; ends overlap, same type: {alone}"
    several = tyez_bench.structure_spans([gold] * 3, [predicted] * 3, settings=FEW)
    assert "f1_interval_reason" not in structure_data(several)["depths"]["1"]


def test_the_share_of_answers_that_were_read(gold: tyez_bench.Gold) -> None:
    """The counters of the reading are taken as they come: three of four answers could be read."""
    wanted = Settings(layer="all", draws=5)
    report = tyez_bench.score(gold, {}, settings=wanted)
    report.notes.update(unread=1, unread_kinds={"empty": 1}, broken_tags=2, dropped=7)
    found_ = structure_of(report, cases_of(gold, {}, wanted), 4)
    faults = {"empty": 1, "broken_tags": 2}
    assert structure_data(found_)["answers"] == {"number": 4, "unread": 1, "faults": faults, "rate": 0.75}


def test_answers_that_were_not_read_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their kinds add up to them; with or without the text beside the answer."""
    text = "甲市在乙县。"
    (tmp_path / "g.jsonl").write_text(
        "".join(json.dumps({"id": str(n), "text": f"{n}{text}", "label": [[1, 3, "LOC"]]}) + "\n" for n in range(7)),
        "utf-8",
    )
    said = ["", "<think>甲市", "[[", "(甲市; LOC)", "没有", "没有", '[["甲市", "LOC"]]']
    answers = [
        {"id": str(n), "answer": answer, **({"text": f"{n}{text}"} if n % 2 else {})} for n, answer in enumerate(said)
    ]
    path = tmp_path / "p.jsonl"
    path.write_text("".join(json.dumps(answer) + "\n" for answer in answers), "utf-8")
    arguments = ["score", "--gold", str(tmp_path / "g.jsonl"), str(path), "--layer", "all", "--structure"]
    assert main([*arguments, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    kinds = {"empty": 2, "broken": 2, "no_copy": 2}
    assert data["structure"]["answers"] == {"number": 7, "unread": 6, "faults": kinds, "rate": 1 - 6 / 7}
    assert data["reading"]["unread_kinds"] == kinds
    assert main(arguments) == 0
    assert re.search(r"not read: words that are not a copy of the text +2\n", capsys.readouterr().out)
