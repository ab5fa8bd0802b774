"""Errors: each belongs to one kind, and fixing them all makes the score perfect."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tyez_bench
from tyez_bench.gold.gold import Gold
from tyez_bench.model.documents import Document, Entity, PredictedEntity, Prediction
from tyez_bench.scoring.counting import Case, case
from tyez_bench.scoring.diagnosis import KINDS, NOTHING, Diagnosis, diagnose_cases
from tyez_bench.scoring.schemes import Counts, f1
from tyez_bench.scoring.settings import Settings

TEXT = "甲乙丙丁戊己庚辛壬癸" * 2
Found = tuple[int, int, str]


def diagnosed(gold: list[Found], predicted: list[Found], share: float = 0.0) -> tuple[tyez_bench.Report, Diagnosis]:
    """Report and diagnosis of one document."""
    entities = tuple(
        Entity(id=f"d:{s}-{e}", start=s, end=e, text=TEXT[s:e], type=t, rule="P1") for s, e, t in sorted(gold)
    )
    document = Document(id="d", text=TEXT, entities=entities)
    whole = Gold("g", None, "f", (document,))
    found = Prediction(id="d", entities=tuple(PredictedEntity(start=s, end=e, type=t) for s, e, t in predicted))
    report = tyez_bench.score(whole, {"d": found}, settings=Settings(min_overlap=share, draws=10))
    return report, diagnose_cases(report, [case(document, found, Settings())])


@pytest.mark.parametrize(
    ("gold", "predicted", "kinds"),
    [
        ([(0, 4, "ORG")], [], ["missed"]),
        ([], [(0, 4, "ORG")], ["spurious"]),
        ([(0, 4, "ORG")], [(0, 4, "PLACE")], ["type"]),
        ([(0, 4, "ORG")], [(1, 4, "ORG")], ["short"]),
        ([(1, 4, "ORG")], [(0, 4, "ORG")], ["long"]),
        ([(0, 4, "ORG")], [(2, 6, "ORG")], ["shifted"]),
        ([(0, 4, "ORG")], [(2, 6, "PLACE")], ["boundary and type"]),
        ([(0, 4, "ORG")], [(0, 2, "ORG"), (2, 4, "PLACE")], ["split"]),
        ([(0, 2, "ORG"), (2, 4, "PLACE")], [(0, 4, "ORG")], ["merged"]),
        # Two and two: back to the pairs of the matching.
        ([(0, 3, "ORG"), (3, 6, "ORG")], [(0, 2, "ORG"), (2, 6, "ORG")], ["short", "long"]),
        # Two and two, of which one of each is left over: the third gold span has no partner.
        ([(0, 3, "ORG"), (3, 6, "ORG"), (6, 9, "ORG")], [(2, 4, "ORG"), (5, 9, "ORG")], ["missed", "shifted", "long"]),
        ([(0, 4, "ORG")], [(0, 4, "ORG")], []),
    ],
)
def test_kinds_by_hand(gold: list[Found], predicted: list[Found], kinds: list[str]) -> None:
    _, diagnosis = diagnosed(gold, predicted)
    assert sorted(error.kind for error in diagnosis.errors) == sorted(kinds)
    assert all(error.rules == ("P1",) * len(error.gold) for error in diagnosis.errors)


def test_what_overlaps_too_little_is_missed_and_spurious() -> None:
    gold, predicted = [(0, 5, "ORG")], [(0, 1, "ORG"), (4, 5, "ORG")]
    kinds = [[error.kind for error in diagnosed(gold, predicted, share)[1].errors] for share in (0, 0.2, 0.3)]
    assert kinds == [["split"], ["split"], ["missed", "spurious", "spurious"]]


LABELS = ("PLACE", "ORG", "MONEY", "DATE")
flat = st.lists(st.tuples(st.integers(0, 17), st.integers(1, 3), st.sampled_from(LABELS)), max_size=8)


def spread(drawn: Any) -> list[Found]:
    """Those of the drawn spans that overlap none before them."""
    found: list[Found] = []
    for start, length, type_ in drawn:
        if all(start + length <= s or e <= start for s, e, _ in found):
            found.append((start, start + length, type_))
    return found


@settings(max_examples=300, deadline=None, derandomize=True)
@given(flat, flat, st.sampled_from([0, 0.5]))
def test_every_wrong_and_missed_span_is_in_one_error(gold: Any, predicted: Any, share: float) -> None:
    wanted, found = spread(gold), spread(predicted)
    report, diagnosis = diagnosed(wanted, found, share)
    counts = report.counts()
    assert sorted(span for error in diagnosis.errors for span in error.gold) == sorted(set(wanted) - set(found))
    assert sorted(span for error in diagnosis.errors for span in error.predicted) == sorted(set(found) - set(wanted))
    assert sum(kind.false_negatives for kind in diagnosis.kinds.values()) == counts.gold - counts.right
    assert sum(kind.false_positives for kind in diagnosis.kinds.values()) == counts.predicted - counts.right
    for name, kind in diagnosis.kinds.items():
        assert kind.errors == sum(error.kind == name for error in diagnosis.errors)
        fixed = [s for s in found if not any(s in e.predicted for e in diagnosis.errors if e.kind == name)]
        fixed += [s for e in diagnosis.errors if e.kind == name for s in e.gold]
        right = len(set(fixed) & set(wanted))
        assert kind.fixed == f1(Counts(len(wanted), len(fixed), right))
    confusion = diagnosis.confusion
    for type_ in report.types:
        assert sum(confusion[type_].values()) == report.counts(type_).gold
        assert sum(row[type_] for row in confusion.values()) == report.counts(type_).predicted
    assert confusion[NOTHING][NOTHING] == 0


def test_fixing_everything_makes_it_perfect(gold: tyez_bench.Gold) -> None:
    path = Path(__file__).parents[2] / "data" / "predictions" / "jionlp.jsonl"
    predictions = tyez_bench.read_predictions(path, gold)
    report = tyez_bench.score(gold, predictions)
    cases: list[Case] = [case(d, predictions[d.id], report.settings) for d in gold]
    diagnosis = diagnose_cases(report, cases)
    counts = report.counts()
    assert sum(kind.false_negatives for kind in diagnosis.kinds.values()) == counts.gold - counts.right
    assert sum(kind.false_positives for kind in diagnosis.kinds.values()) == counts.predicted - counts.right
    assert set(diagnosis.kinds) == set(KINDS)
    assert all(kind.fixed is not None and kind.fixed >= (report.f1 or 0) for kind in diagnosis.kinds.values())
    assert all(error.rules for error in diagnosis.errors if error.gold)


# --- of a report, its gold and its predictions


def jionlp(gold: tyez_bench.Gold) -> tuple[tyez_bench.Report, tyez_bench.io.read.Predictions]:
    """JioNLP's report and predictions."""
    path = Path(__file__).parents[2] / "data" / "predictions" / "jionlp.jsonl"
    predictions = tyez_bench.read_predictions(path, gold)
    return tyez_bench.score(gold, predictions), predictions


def test_the_cases_are_found_by_themselves(gold: tyez_bench.Gold) -> None:
    report, predictions = jionlp(gold)
    cases = [case(document, predictions[document.id], report.settings) for document in gold]
    assert tyez_bench.diagnose(report, gold, predictions) == diagnose_cases(report, cases)


def test_a_part_and_the_sum_of_parts_are_diagnosed_as_they_were_scored(gold: tyez_bench.Gold) -> None:
    whole, predictions = jionlp(gold)
    parts = [tyez_bench.score(gold, predictions, documents=[name]) for name in ("yangqu", "wanbolin")]
    found = tyez_bench.diagnose(parts[0], gold, predictions)
    assert {error.document for error in found.errors} == {"yangqu"}
    both = tyez_bench.diagnose(sum(parts), gold, predictions).errors  # type: ignore[arg-type]
    of_whole = tyez_bench.diagnose(whole, gold, predictions).errors
    for name in ("yangqu", "wanbolin"):
        assert [e for e in both if e.document == name] == [e for e in of_whole if e.document == name]


@pytest.mark.parametrize("matching", ["position", "set"])
def test_another_gold_is_refused(matching: Any, gold: tyez_bench.Gold) -> None:
    _, predictions = jionlp(gold)
    report = tyez_bench.score(gold, predictions, settings=Settings(matching=matching))
    other = Gold("other", None, "f", gold.documents)
    with pytest.raises(
        tyez_bench.UsageError, match="the report is of the gold set tyez, but gold= is another one, other"
    ):
        tyez_bench.diagnose(report, other, predictions)


def test_other_predictions_are_refused(gold: tyez_bench.Gold) -> None:
    """Fewer, more, and as many others, in whatever document."""
    report, predictions = jionlp(gold)
    entities, own = predictions["yangqu"].entities, {(e.start, e.end, e.type) for e in gold["yangqu"].entities}
    right = next(e for e in entities if (e.start, e.end, e.type) in own)
    moved = tuple(e for e in entities if e is not right)
    taken = {i for start, end, _ in (*own, *((e.start, e.end, e.type) for e in entities)) for i in range(start, end)}
    free = next(i for i in range(200) if i not in taken)
    elsewhere = PredictedEntity(start=free, end=free + 1, type=right.type)
    for others in ((), moved, (*moved, elsewhere), (*entities, elsewhere)):
        changed = {**predictions, "yangqu": Prediction(id="yangqu", entities=others)}
        for call in (tyez_bench.diagnose, tyez_bench.slices):
            with pytest.raises(
                tyez_bench.UsageError, match="not of these predictions: they differ in document 'yangqu'"
            ):
                call(report, gold, changed)
