"""What passes, by hand: each kind of test, systems that lack a type, systems that give values."""

import made
import pytest

import tyez_bench
from tyez_bench.model.documents import PredictedEntity, Prediction
from tyez_bench.stress.capability import CaseKind
from tyez_bench.stress.rates import differences, rows
from tyez_bench.stress.suite import Suite
from tyez_bench.stress.verdicts import Verdict, verdicts

SUITE = Suite(1, tuple(made.cases(12)))


def answers(*, values: bool = False, types: str = "PLACE ORG MONEY DATE", but: str = "") -> dict[str, Prediction]:
    """The gold as predictions: of some types, with or without values, and empty where the id holds ``but``."""
    found = {}
    for document in SUITE.gold:
        entities = [e for e in document.outermost() if e.type in types.split() and not (but and but in document.id)]
        found[document.id] = Prediction(
            id=document.id,
            entities=tuple(
                PredictedEntity(start=e.start, end=e.end, type=e.type, value=e.value if values else None)
                for e in entities
            ),
        )
    return found


def made_of(predictions: dict[str, Prediction], types: tuple[str, ...] | None = None) -> list[Verdict]:
    settings = tyez_bench.Settings(draws=20, types=types)
    return verdicts(SUITE, tyez_bench.score(SUITE.gold, predictions, settings=settings), predictions)


def passed(found: list[Verdict], template: str) -> set[bool | None]:
    return {verdict.passed for verdict in found if verdict.case.template == template}


def test_the_gold_passes_all_that_it_is_asked() -> None:
    found = made_of(answers())
    assert {template: passed(found, template) for template in ("gets", "office", "order", "about")} == {
        "gets": {True},
        "office": {True},
        "order": {True},
        # Only values change, and there are none.
        "about": {None},
    }
    assert passed(made_of(answers(values=True)), "about") == {True}


def test_values_that_don_t_change_fail() -> None:
    found = answers(values=True)
    for case in SUITE.cases:
        if case.template == "about":
            before, after = (found[text.id] for text in case.texts)
            stays = [
                PredictedEntity(start=e.start, end=e.end, type="MONEY", value=b.value)
                for e, b in zip(after.entities, before.entities, strict=True)
            ]
            found[after.id] = Prediction(id=after.id, entities=tuple(stays))
    assert passed(made_of(found), "about") == {False}


def test_who_predicts_nothing_passes_no_invariance_though_it_is_consistent() -> None:
    found = made_of({id_: Prediction(id=id_, entities=()) for id_ in answers()})
    moved = [verdict for verdict in found if verdict.case.kind is CaseKind.INVARIANCE]
    assert [verdict.passed for verdict in moved] == [False] * len(moved)
    assert [verdict.consistent for verdict in moved] == [True] * len(moved)


def test_right_before_and_wrong_after_is_a_drop() -> None:
    predictions = answers(but=".after")
    settings = tyez_bench.Settings(draws=20)
    report = tyez_bench.score(SUITE.gold, predictions, settings=settings)
    (row,) = rows(SUITE, report, verdicts(SUITE, report, predictions), draws=20)
    assert (row.before.value, row.kinds[CaseKind.INVARIANCE].value, row.drop) == (1.0, 0.0, 1.0)
    assert row.consistent.value == 0.0
    assert row.kinds[CaseKind.MFT].value == 1.0


def test_a_system_without_the_type_that_changes_is_not_asked() -> None:
    found = made_of(answers(types="PLACE"), types=("PLACE",))
    assert passed(found, "gets") == {True}
    # A place that becomes an organisation is no place any more: the second text has none.
    assert passed(found, "office") == {True}
    assert passed(found, "about") == {None}
    assert passed(made_of(answers(types="MONEY"), types=("MONEY",)), "office") == {None}


def test_the_same_system_does_not_differ_from_itself_and_a_better_one_does() -> None:
    best, none = made_of(answers()), made_of(answers(types="ORG"))
    (same,) = differences(SUITE, best, best, number=50)
    assert (same.difference, same.p) == (0.0, 1.0)
    (better,) = differences(SUITE, none, best, number=50)
    assert better.difference == pytest.approx(1.0)
    assert better.interval is not None
    assert (better.interval.low, better.interval.high) == (1.0, 1.0)
